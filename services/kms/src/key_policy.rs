//! Key policies: the one that a key begins with, and what is checked of one that is given.

use api_kms::{Error, LimitExceededException, MalformedPolicyDocumentException};
use contract::Call;
use names::{AccountId, Arn};
use policy::{Attached, Authority, Flavour, Globals, Kind, Policies, Request, ResourcePolicy};
use std::sync::Arc;
use wire::document;

/// The only name of a key's policy.
pub(crate) const NAME: &str = "default";

/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#key-policy-limit>
const LONGEST: usize = 32_768;

/// What identity policies may say at their best, for asking what a key policy leaves to them.
const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>, as made by the API.
pub(crate) fn default(owner: AccountId) -> String {
    let policy = document!({
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [{
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": { "AWS": (format!("arn:aws:iam::{owner}:root")) },
            "Action": "kms:*",
            "Resource": "*"
        }]
    });
    policy.to_string()
}

pub(crate) fn parse(text: &str) -> Result<Arc<policy::Document>, policy::ParseError> {
    policy::parse(text, Kind::Resource(Flavour::Kms))
}

/// Refuses a policy that cannot be read, or after which the caller could not write another.
///
/// What identity policies add is taken at its best: only the key policy is judged.
pub(crate) fn check(text: &str, key: &Arn, bypass: bool, call: &Call) -> Result<(), Error> {
    if text.len() > LONGEST {
        return Err(LimitExceededException::new(format!(
            "The key policy has {} bytes, of which at most {LONGEST} are allowed.",
            text.len()
        ))
        .into());
    }
    let document = parse(text).map_err(|error| MalformedPolicyDocumentException::new(error.message()))?;
    if bypass || keeps_caller(&document, key, call) {
        return Ok(());
    }
    Err(MalformedPolicyDocumentException::new(
        "The new key policy will not allow you to update the key policy in the future.",
    )
    .into())
}

fn keeps_caller(document: &Arc<policy::Document>, key: &Arn, call: &Call) -> bool {
    let principal = call.principal.for_policy();
    let via: Vec<&str> = call.chain.via.iter().map(String::as_str).collect();
    let user_id = call.principal.user_id();
    let source_ip = call.client.source_ip.map(|ip| ip.to_string());
    let mut context = policy::global_context(&Globals {
        secure_transport: call.client.secure_transport,
        source_ip: source_ip.as_deref(),
        requested_region: Some(call.region),
        user_id: user_id.as_deref(),
        mfa_present: call.client.multi_factor,
        via_aws_service: !via.is_empty(),
        called_via: &via,
        resource_account: key.account,
        ..Globals::new(&principal, call.now)
    });
    context.insert("kms:CallerAccount", call.account.to_string());
    let resource = key.to_string();
    let request = Request {
        principal: &principal,
        action: "kms:PutKeyPolicy",
        resource: &resource,
        resource_account: key.account,
        context: &context,
        canonical_user: None,
    };
    let mut resource_policy = ResourcePolicy::new(&resource, Arc::clone(document));
    resource_policy.authority = Authority::Key;
    let policies = Policies {
        identity: policy::parse(EVERYTHING, Kind::Identity)
            .map(|document| vec![Attached::inline("everything", document)])
            .unwrap_or_default(),
        resource: Some(resource_policy),
        ..Policies::default()
    };
    policy::evaluate(&request, &policies).is_allowed()
}
