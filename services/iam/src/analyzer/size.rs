//! How long a document is.

use super::Kind;
use super::finding::Report;
use super::place::Place;

/// The most characters of a document by what it is for, and whether white space counts.
const IDENTITY_QUOTA: usize = 6144;
const CONTROL_QUOTA: usize = 5120;
const TRUST_QUOTA: usize = 2048;
const BUCKET_QUOTA: usize = 20_480;

/// Checks a document's length.
pub(super) fn check(text: &str, place: Place, report: &mut Report) {
    let (all, dense) = (text.chars().count(), crate::documents::size(text));
    match report.kind {
        Kind::Identity if dense > IDENTITY_QUOTA => report.warning(
            "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
            format!(
                "The {dense} characters in the identity policy, excluding whitespace, exceed the {IDENTITY_QUOTA} character maximum for \
                 inline and managed policies. We recommend that you use multiple granular policies."
            ),
            place,
        ),
        Kind::ServiceControl if all > CONTROL_QUOTA => report.error(
            "POLICY_SIZE_EXCEEDS_SCP_QUOTA",
            format!(
                "The {all} characters in the service control policy (SCP) exceed the {CONTROL_QUOTA} character maximum for SCPs. We \
                 recommend that you use multiple granular policies."
            ),
            place,
        ),
        Kind::ResourceControl if all > CONTROL_QUOTA => report.error(
            "POLICY_SIZE_EXCEEDS_RCP_QUOTA",
            format!(
                "The {all} characters in the resource control policy (RCP) exceed the {CONTROL_QUOTA} character maximum for RCPs. We \
                 recommend that you use multiple granular policies."
            ),
            place,
        ),
        Kind::Trust if dense > TRUST_QUOTA => report.warning(
            "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
            "The characters in the role trust policy, excluding whitespace, exceed the character maximum. We recommend that you request a \
             role trust policy length quota increase using Service Quotas and AWS Support Center. If the quotas have already been \
             increased, then you can ignore this warning.",
            place,
        ),
        Kind::Resource(Some("AWS::S3::Bucket")) if all > BUCKET_QUOTA => report.warning(
            "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
            format!(
                "The {all} characters in the resource policy exceed the {BUCKET_QUOTA} character maximum for resource policies. We \
                 recommend that you use multiple granular policies."
            ),
            place,
        ),
        _ => {}
    }
}
