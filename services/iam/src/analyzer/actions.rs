//! `Action` and `NotAction`.

use super::Kind;
use super::finding::Report;
use super::place::Place;
use super::structure::Statement;
use super::{values, variables};
use crate::facts;

/// Services whose actions resource control policies may name
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services>).
const CONTROLLED: [&str; 62] = [
    "aoss",
    "appconfig",
    "appstream",
    "autoscaling",
    "autoscaling-plans",
    "budgets",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "compute-optimizer",
    "cost-optimization-hub",
    "dax",
    "dsql",
    "dynamodb",
    "ecr",
    "ecr-public",
    "events",
    "firehose",
    "fis",
    "fms",
    "gamelift",
    "health",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "kms",
    "logs",
    "memorydb",
    "networkmonitor",
    "notifications",
    "opensearch",
    "pca-connector-ad",
    "personalize",
    "polly",
    "pricing",
    "resource-groups",
    "rolesanywhere",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "signin",
    "sqs",
    "sts",
    "support",
    "swf",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
    "workspaces",
    "xray",
];

/// Checks each action of a statement.
pub(super) fn check(statement: &Statement, report: &mut Report) {
    for (text, place) in &statement.actions.items {
        variables::unsupported(text, place, report);
        if !variables::present(text) && text != "*" {
            action(text, place, report);
        }
        let before_last =
            text.char_indices().next_back().and_then(|(at, _)| text.get(..at)).unwrap_or_default();
        if report.kind == Kind::ServiceControl && before_last.contains(['*', '?']) {
            let details =
                format!("SCP actions can include wildcards (*) only at the end of a string. Update {text}.");
            report.error("SCP_SYNTAX_ERROR_ACTION_WILDCARD", details, place.clone());
        }
    }
    if report.kind == Kind::ResourceControl
        && let Some(place) = statement.actions.place.as_ref().filter(|_| statement.actions.negated)
    {
        let details = "RCPs do not support the NotAction element. Update to use the Action element.";
        report.error("RCP_SYNTAX_ERROR_NOTACTION", details, place.clone());
    }
}

fn action(text: &str, place: &Place, report: &mut Report) {
    let invalid = |report: &mut Report, near: Option<String>| {
        let details = match near {
            Some(near) => format!("The action {text} does not exist. Did you mean {near}?"),
            None => format!("The action {text} does not exist."),
        };
        report.error("INVALID_ACTION", details, place.clone());
    };
    let Some((prefix, name)) = text.split_once(':').filter(|(_, name)| !name.contains(':')) else {
        return invalid(report, None);
    };
    if prefix.contains(['*', '?']) {
        let details = "Avoid using wildcards (*, ?) in the service name because it might grant unintended access to other AWS services \
                       with similar names.";
        report.suggestion("WILDCARD_IN_SERVICE_NAME", details, vec![place.clone()]);
        return;
    }
    let prefix = prefix.to_ascii_lowercase();
    let Some(service) = facts::service(&prefix).filter(|_| facts::is_service(&prefix)) else {
        let near = values::nearest(&prefix, facts::prefixes(), report);
        let question = near.map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
        let details = format!("The service {prefix} specified in the action does not exist.{question}");
        return report.error("INVALID_SERVICE_IN_ACTION", details, place.clone());
    };
    if service.matching(name).next().is_none() {
        let names = service.actions.iter().map(|action| action.name.as_str());
        let near = if name.contains(['*', '?']) { None } else { values::nearest(name, names, report) };
        return invalid(report, near.map(|near| format!("{prefix}:{near}")));
    }
    supported(text, &prefix, name, place, report);
}

/// Whether this kind of policy is about such actions.
fn supported(text: &str, prefix: &str, name: &str, place: &Place, report: &mut Report) {
    let (fits, kind) = match report.kind {
        Kind::Trust => (prefix == "sts", "AWS::IAM::AssumeRolePolicyDocument"),
        Kind::Resource(Some(kind)) => (report.kind.service().is_none_or(|service| service == prefix), kind),
        Kind::ResourceControl if !CONTROLLED.contains(&prefix) || name.is_empty() => {
            let details = "RCPs only support specifying select service prefixes in the Action element. Learn more here.";
            return report.error("RCP_SYNTAX_ERROR_ACTION", details, place.clone());
        }
        _ => return,
    };
    if !fits {
        let details = format!(
            "The action {text} is not supported for the resource-based policy attached to the resource type {kind}."
        );
        report.error("UNSUPPORTED_ACTION_IN_POLICY", details, place.clone());
    }
}
