//! `Resource` and `NotResource`.

use super::Kind;
use super::finding::Report;
use super::place::Place;
use super::structure::{Document, Statement};
use super::{values, variables};
use crate::facts;

const PARTITIONS: [&str; 8] =
    ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"];
/// Longer ARNs are of nothing.
const LONGEST: usize = 2048;

/// Checks each resource of a statement.
pub(super) fn check(statement: &Statement, document: &Document, report: &mut Report) {
    if report.kind == Kind::Trust {
        return;
    }
    for (text, place) in &statement.resources.items {
        variables::check(text, place, document.has_variables, report);
        if text != "*" {
            arn(text, place, report);
        }
    }
}

fn wild(text: &str) -> bool {
    text.contains(['*', '?']) || variables::present(text)
}

fn arn(text: &str, place: &Place, report: &mut Report) {
    let fields = values::fields(text);
    let field = |index: usize| fields.get(index).copied().unwrap_or_default();
    if field(0) != "arn" {
        let details = "Add the required prefix (arn) to the resource ARN.";
        return report.error("INVALID_ARN_PREFIX", details, place.clone());
    }
    if fields.len() < 6 {
        let details = "Resource ARNs must include at least 6 fields in the following structure: arn:partition:service:region:account:resource";
        return report.error("MISSING_ARN_FIELD", details, place.clone());
    }
    let (partition, service) = (field(1), field(2));
    if !wild(partition) && !PARTITIONS.contains(&partition) {
        let known = PARTITIONS.join(", ");
        let details = format!(
            "The resource ARN for the service {service} does not support the partition {partition}. Use the supported values: {known}"
        );
        report.error("INVALID_PARTITION", details, place.clone());
    }
    if wild(service) {
        let details = "Avoid using wildcards (*, ?) in the service name because it might grant unintended access to other AWS services \
                       with similar names.";
        return report.suggestion("WILDCARD_IN_SERVICE_NAME", details, vec![place.clone()]);
    }
    if service.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let details =
            format!("Update the service name {service} in the resource ARN to use all lowercase letters.");
        return report.error("INVALID_ARN_SERVICE_CASE", details, place.clone());
    }
    let types = facts::arns(service);
    if types.is_empty() {
        if !facts::is_service(service) {
            let details = format!("The service {service} does not exist. Use a valid service name.");
            report.error("INVALID_SERVICE", details, place.clone());
        }
        return;
    }
    attachable(service, place, report);
    owner([service, field(3), field(4), field(5)], text.len(), types, place, report);
}

/// Whether the policy of such a resource may name the ARN.
fn attachable(service: &str, place: &Place, report: &mut Report) {
    if let (Kind::Resource(Some(kind)), Some(own)) = (report.kind, report.kind.service())
        && service != own
    {
        let details = format!(
            "The resource ARN is not supported for the resource-based policy attached to the resource type {kind}."
        );
        report.error("UNSUPPORTED_RESOURCE_ARN_IN_POLICY", details, place.clone());
    }
}

/// Resource, region and account, held against the types that the service has.
fn owner(
    [service, region, account, resource]: [&str; 4],
    length: usize,
    types: &[[String; 3]],
    place: &Place,
    report: &mut Report,
) {
    let pattern = values::without_variables(resource);
    let fits = |kind: &&[String; 3]| length <= LONGEST && facts::intersect(&kind[2], &pattern);
    let fitting: Vec<&[String; 3]> = types.iter().filter(fits).collect();
    if fitting.is_empty() {
        let details =
            "Resource ARN does not match the expected ARN format. Update the resource portion of the ARN.";
        return report.error("INVALID_ARN_RESOURCE", details, place.clone());
    }
    if region.is_empty() {
        if fitting.iter().all(|[region, ..]| !region.is_empty()) {
            let details = format!("Add a Region to the {service} resource ARN.");
            report.error("MISSING_ARN_REGION", details, place.clone());
        }
    } else if fitting.iter().all(|[region, ..]| region.is_empty()) && region != "*" {
        let details =
            format!("The service {service} does not support specifying a Region in the resource ARN.");
        report.error("ARN_REGION_NOT_ALLOWED", details, place.clone());
    } else if !wild(region) && !values::is_region(region) {
        let details = format!(
            "The Region {region} is not valid for this resource. Update the resource ARN to include a supported Region."
        );
        report.error("INVALID_ARN_REGION", details, place.clone());
    }
    if account.is_empty() {
        if fitting.iter().all(|[_, account, _]| !account.is_empty()) {
            let name = resource;
            let details = format!(
                "The resource {name} in the arn is missing an account id. Please provide a 12 digit account id."
            );
            report.error("MISSING_ARN_ACCOUNT", details, place.clone());
        }
    } else if fitting.iter().all(|[_, account, _]| account.is_empty()) && account != "*" {
        let details =
            format!("The service {service} does not support specifying an account ID in the resource ARN.");
        report.error("ARN_ACCOUNT_NOT_ALLOWED", details, place.clone());
    } else if !wild(account) && account != "aws" && !values::is_account(account) {
        let details =
            format!("The resource ARN account ID {account} is not valid. Provide a 12-digit account ID.");
        report.error("INVALID_ARN_ACCOUNT", details, place.clone());
    }
}
