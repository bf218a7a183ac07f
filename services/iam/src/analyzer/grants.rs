//! What a statement allows that leads further: passing roles and making service-linked roles. And the forms that control policies have.

use super::Kind;
use super::finding::Report;
use super::place::Place;
use super::structure::Statement;
use crate::facts;
use api_accessanalyzer::ValidatePolicyFindingType as Severity;

/// Checks a statement.
pub(super) fn check(statement: &Statement, report: &mut Report) {
    match report.kind {
        Kind::Identity if statement.allows() => {
            pass_role(statement, report);
            service_linked(statement, report);
        }
        Kind::ResourceControl if statement.allows() => {
            let whole =
                statement.resources.items.iter().all(|(text, _)| text == "*") && !statement.resources.negated;
            if !whole || !statement.conditions.is_empty() {
                let details = "RCPs only support specifying all principals (\"*\") in the Principal element, all resources (\"*\") in the \
                               Resource element, and no Condition element with an effect of Allow.";
                report.error("RCP_SYNTAX_ERROR_ALLOW", details, statement.place());
            }
        }
        _ => {}
    }
}

/// How a statement comes to allow an action.
enum By {
    Name,
    Star,
    NotAction,
}

/// Where the action is granted, and how; None where it is not.
fn granted(statement: &Statement, action: &str) -> Option<(By, Place)> {
    let action = action.to_ascii_lowercase();
    let matching =
        statement.actions.items.iter().find(|(text, _)| facts::matches(&text.to_ascii_lowercase(), &action));
    match (statement.actions.negated, matching) {
        (true, None) => Some((By::NotAction, statement.actions.place.clone()?)),
        (false, Some((text, place))) if text.contains(['*', '?']) => {
            // The name itself counts before a pattern.
            let named = statement.actions.items.iter().find(|(text, _)| text.eq_ignore_ascii_case(&action));
            Some(named.map_or_else(|| (By::Star, place.clone()), |(_, place)| (By::Name, place.clone())))
        }
        (false, Some((_, place))) => Some((By::Name, place.clone())),
        _ => None,
    }
}

/// The resource that is every role.
fn every_role(statement: &Statement) -> Option<Place> {
    let every = |text: &str| {
        let resource = text.splitn(6, ':').nth(5).unwrap_or_default();
        text == "*"
            || (text.split(':').nth(2) == Some("iam")
                && (resource == "*" || resource.strip_prefix("role/").is_some_and(|name| name == "*")))
    };
    statement.resources.items.iter().find(|(text, _)| every(text)).map(|(_, place)| place.clone())
}

fn places(one: Place, other: Option<Place>) -> Vec<Place> {
    std::iter::once(one).chain(other).collect()
}

fn pass_role(statement: &Statement, report: &mut Report) {
    let Some((by, at)) = granted(statement, "iam:PassRole") else { return };
    if statement.resources.negated {
        let (code, details) = match by {
            By::Name => (
                "PASS_ROLE_WITH_NOT_RESOURCE",
                "Using the iam:PassRole action with NotResource can be overly permissive because it can allow iam:PassRole permissions on \
                 multiple resources. We recommend that you specify resource ARNs instead.",
            ),
            By::Star => (
                "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
                "Using an action with a wildcard (*) and NotResource can be overly permissive because it can allow iam:PassRole permissions \
                 on multiple resources. We recommend that you specify resource ARNs instead.",
            ),
            By::NotAction => (
                "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
                "Using NotAction with NotResource can be overly permissive because it can allow iam:PassRole permissions on multiple \
                 resources.. We recommend that you specify resource ARNs instead.",
            ),
        };
        return report.security_warning(code, details, places(at, statement.resources.place.clone()));
    }
    let Some(resource) = every_role(statement) else { return };
    if statement.has_condition_key("iam:PassedToService") {
        return;
    }
    let (code, details) = match by {
        By::Name => (
            "PASS_ROLE_WITH_STAR_IN_RESOURCE",
            "Using the iam:PassRole action with wildcards (*) in the resource can be overly permissive because it allows iam:PassRole \
             permissions on multiple resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key \
             to your statement.",
        ),
        By::Star => (
            "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
            "Using wildcards (*) in the action and the resource can be overly permissive because it allows iam:PassRole permissions on all \
             resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.",
        ),
        By::NotAction => (
            "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
            "Using a resource with wildcards (*) and NotAction can be overly permissive because it allows iam:PassRole permissions on all \
             resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.",
        ),
    };
    report.security_warning(code, details, places(at, Some(resource)));
}

fn service_linked(statement: &Statement, report: &mut Report) {
    let Some((by, at)) = granted(statement, "iam:CreateServiceLinkedRole") else { return };
    // The key names the service whose role it may be.
    if statement.has_condition_key("iam:AWSServiceName") {
        return;
    }
    let (code, details, resource) = if statement.resources.negated {
        let (code, details) = match by {
            By::Name => (
                "CREATE_SLR_WITH_NOT_RESOURCE",
                "Using the iam:CreateServiceLinkedRole action with NotResource can allow creation of unintended service-linked roles for \
                 multiple resources. We recommend that you specify resource ARNs instead.",
            ),
            By::Star => (
                "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
                "Using an action with a wildcard(*) and NotResource can allow creation of unintended service-linked roles because it can \
                 allow iam:CreateServiceLinkedRole permissions on multiple resources. We recommend that you specify resource ARNs instead.",
            ),
            By::NotAction => (
                "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
                "Using NotAction with NotResource can allow creation of unintended service-linked roles because it allows \
                 iam:CreateServiceLinkedRole permissions on multiple resources. We recommend that you specify resource ARNs instead.",
            ),
        };
        (code, details, statement.resources.place.clone())
    } else {
        let Some(resource) = every_role(statement) else { return };
        let (code, details) = match by {
            By::Name => (
                "CREATE_SLR_WITH_STAR_IN_RESOURCE",
                "Using the iam:CreateServiceLinkedRole action with wildcards (*) in the resource can allow creation of unintended \
                 service-linked roles. We recommend that you specify resource ARNs instead.",
            ),
            By::Star => (
                "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
                "Using wildcards (*) in the action and the resource can allow creation of unintended service-linked roles because it allows \
                 iam:CreateServiceLinkedRole permissions on all resources. We recommend that you specify resource ARNs instead.",
            ),
            By::NotAction => (
                "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
                "Using a resource with wildcards (*) and NotAction can allow creation of unintended service-linked roles because it allows \
                 iam:CreateServiceLinkedRole permissions on all resources. We recommend that you specify resource ARNs instead.",
            ),
        };
        (code, details, Some(resource))
    };
    report.note(Severity::Warning, code, details, places(at, resource));
}
