//! Rules on users, groups, roles and policies.

use super::parameters::{boolean, choice, list, text};
use super::{Inventory, ManagedRule, Parameters, Verdict, policies, read};
use crate::state::Item;
use policy::{Document as Policy, Kind, Statement};
use std::sync::Arc;
use store::StoreError;
use wire::Document;

const USER: &str = "AWS::IAM::User";
const GROUP: &str = "AWS::IAM::Group";
const ROLE: &str = "AWS::IAM::Role";
const POLICY: &str = "AWS::IAM::Policy";
const PRINCIPALS: &[&str] = &[GROUP, ROLE, USER];

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("IAM_CUSTOMER_POLICY_BLOCKED_KMS_ACTIONS", &[POLICY], customer_policy_kms)
        .with(&[list("blockedActionsPatterns").required(), boolean("excludePermissionBoundaryPolicy")]),
    ManagedRule::item("IAM_GROUP_HAS_USERS_CHECK", &[GROUP], has_users),
    ManagedRule::item("IAM_INLINE_POLICY_BLOCKED_KMS_ACTIONS", PRINCIPALS, inline_policy_kms)
        .with(&[list("blockedActionsPatterns").required(), boolean("excludeRoleByManagementAccount")]),
    ManagedRule::item("IAM_NO_INLINE_POLICY_CHECK", PRINCIPALS, no_inline_policy),
    ManagedRule::item("IAM_POLICY_BLACKLISTED_CHECK", PRINCIPALS, no_listed_policy)
        .with(&[list("policyArns").required(), list("exceptionList")]),
    ManagedRule::item("IAM_POLICY_DESCRIPTION", &[POLICY], described),
    ManagedRule::account("IAM_POLICY_IN_USE", in_use).with(&[
        text("policyARN").required(),
        choice("policyUsageType", &["IAM_USER", "IAM_GROUP", "IAM_ROLE", "ANY"]).or("ANY"),
    ]),
    ManagedRule::item("IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS", &[POLICY], no_admin_access)
        .with(&[boolean("excludePermissionBoundaryPolicy")]),
    ManagedRule::item("IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS", &[POLICY], no_full_access)
        .with(&[boolean("excludePermissionBoundaryPolicy")]),
    ManagedRule::item("IAM_ROLE_MANAGED_POLICY_CHECK", &[ROLE], has_policies)
        .with(&[list("managedPolicyArns").required()]),
    ManagedRule::item("IAM_USER_GROUP_MEMBERSHIP_CHECK", &[USER], in_group).with(&[list("groupNames")]),
    ManagedRule::item("IAM_USER_NO_POLICIES_CHECK", &[USER], no_policies),
];

/// The inline policies: name and document, which is percent-encoded.
fn inline(item: &Item) -> Vec<(String, String)> {
    let lists = ["userPolicyList", "groupPolicyList", "rolePolicyList"];
    let policies = lists.into_iter().flat_map(|name| read::elements(read::setting(item, &[name])));
    policies
        .map(|policy| {
            let text = |name: &str| {
                read::member(policy, name).and_then(Document::as_str).unwrap_or_default().to_owned()
            };
            (text("policyName"), text("policyDocument"))
        })
        .collect()
}

/// The ARNs of the attached managed policies.
fn attached(item: &Item) -> Vec<&str> {
    read::elements(read::setting(item, &["attachedManagedPolicies"]))
        .into_iter()
        .filter_map(|policy| read::member(policy, "policyArn")?.as_str())
        .collect()
}

/// Undoes percent-encoding; what is not encoded stays.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.extend(hex::decode(digits).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn parsed(encoded: &str, kind: Kind) -> Option<Arc<Policy>> {
    policy::parse(encoded, kind).ok().or_else(|| policy::parse(&decoded(encoded)?, kind).ok())
}

/// The default version of a managed policy.
fn default_version(item: &Item) -> Option<Arc<Policy>> {
    let versions = read::elements(read::setting(item, &["policyVersionList"]));
    let default =
        versions.into_iter().find(|version| read::is_true(read::member(version, "isDefaultVersion")))?;
    parsed(read::member(default, "document")?.as_str()?, Kind::Managed)
}

/// The policy is only a boundary, and the rule leaves those out.
fn is_excluded_boundary(item: &Item, parameters: &Parameters) -> bool {
    let count = |name: &str| read::number(read::setting(item, &[name])).unwrap_or_default();
    parameters.flag("excludePermissionBoundaryPolicy").unwrap_or_default()
        && count("permissionsBoundaryUsageCount") > 0
        && count("attachmentCount") == 0
}

fn judge_version(
    item: &Item,
    parameters: &Parameters,
    what: &str,
    wrong: impl Fn(&Statement) -> bool,
) -> Verdict {
    if is_excluded_boundary(item, parameters) {
        return Verdict::NotApplicable;
    }
    let Some(document) = default_version(item) else {
        return Verdict::NonCompliant(policies::UNREADABLE.into());
    };
    let wrong = policies::allows(&document).find(|statement| wrong(statement));
    Verdict::unless(wrong.map(|statement| format!("Statement {} allows {what}.", policies::name(statement))))
}

fn is_on_everything(statement: &Statement) -> bool {
    statement
        .resources()
        .is_some_and(|(negated, resources)| negated || resources.iter().any(|own| own == "*"))
}

fn no_admin_access(item: &Item, parameters: &Parameters) -> Verdict {
    judge_version(item, parameters, "all actions on all resources", |statement| {
        let (negated, actions) = statement.actions();
        let all = !negated && actions.iter().any(|action| policies::covers(action, "*:*") || action == "*");
        all && is_on_everything(statement)
    })
}

fn no_full_access(item: &Item, parameters: &Parameters) -> Verdict {
    judge_version(item, parameters, "all actions of a service", |statement| {
        let (negated, actions) = statement.actions();
        !negated && actions.iter().any(|action| action == "*" || action.ends_with(":*"))
    })
}

/// All keys: `*`, or a pattern that holds every key of an account.
fn is_on_all_keys(statement: &Statement) -> bool {
    let all = |own: &String| {
        own == "*" || (own.starts_with("arn:") && (own.ends_with(":key/*") || own.ends_with(":*")))
    };
    statement.resources().is_some_and(|(negated, resources)| negated || resources.iter().any(all))
}

fn allows_kms(statement: &Statement, patterns: &[&str]) -> bool {
    let (negated, actions) = statement.actions();
    let some = |pattern: &&str| {
        let pattern = pattern.to_ascii_lowercase();
        let mut own = actions.iter().map(|action| action.to_ascii_lowercase());
        if negated {
            !own.any(|action| policies::covers(&action, &pattern))
        } else {
            own.any(|action| policies::meet(&action, &pattern))
        }
    };
    patterns.iter().any(some) && is_on_all_keys(statement)
}

fn customer_policy_kms(item: &Item, parameters: &Parameters) -> Verdict {
    let patterns = parameters.list("blockedActionsPatterns").unwrap_or_default();
    judge_version(item, parameters, "blocked actions on all KMS keys", |statement| {
        allows_kms(statement, &patterns)
    })
}

fn inline_policy_kms(item: &Item, parameters: &Parameters) -> Verdict {
    let patterns = parameters.list("blockedActionsPatterns").unwrap_or_default();
    let excluded = parameters.flag("excludeRoleByManagementAccount").unwrap_or(true);
    if excluded && item.name.as_deref() == Some("OrganizationAccountAccessRole") {
        return Verdict::NotApplicable;
    }
    let wrong = inline(item).into_iter().find_map(|(name, text)| match parsed(&text, Kind::Identity) {
        None => Some(format!("The inline policy {name} cannot be read.")),
        Some(document) => policies::allows(&document)
            .any(|statement| allows_kms(statement, &patterns))
            .then(|| format!("The inline policy {name} allows blocked actions on all KMS keys.")),
    });
    Verdict::unless(wrong)
}

fn has_users(item: &Item, _: &Parameters) -> Verdict {
    let users = item.relationships.iter().any(|other| other.resource_type == USER);
    Verdict::require(users, "The group has no user.")
}

fn no_inline_policy(item: &Item, _: &Parameters) -> Verdict {
    let first = inline(item).into_iter().next();
    Verdict::unless(first.map(|(name, _)| format!("There is an inline policy: {name}.")))
}

fn no_listed_policy(item: &Item, parameters: &Parameters) -> Verdict {
    let name = item.name.as_deref().unwrap_or_default();
    let excepted = parameters.list("exceptionList").unwrap_or_default().into_iter().any(|entry| {
        // `users:[a;b]`, `roles:[…]`, `groups:[…]`
        let (kind, names) = entry.split_once(':').unwrap_or(("", entry));
        let names = names.trim().trim_start_matches('[').trim_end_matches(']');
        let of_type = kind.is_empty()
            || item.resource_type.to_ascii_lowercase().ends_with(kind.trim().trim_end_matches('s'));
        of_type && names.split(['|', ';']).any(|own| own.trim() == name)
    });
    if excepted {
        return Verdict::NotApplicable;
    }
    let listed = parameters.list("policyArns").unwrap_or_default();
    let bad = attached(item).into_iter().find(|arn| listed.contains(arn));
    Verdict::unless(bad.map(|arn| format!("The policy {arn} is attached.")))
}

fn described(item: &Item, _: &Parameters) -> Verdict {
    Verdict::require(read::text(item, &["description"]).is_some(), "The policy has no description.")
}

fn in_use(parameters: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let policy = parameters.text("policyARN").unwrap_or_default();
    // A choice is taken in whatever case.
    let usage = parameters.text("policyUsageType").unwrap_or("ANY").to_ascii_uppercase();
    let types: &[&str] = match usage.as_str() {
        "IAM_USER" => &[USER],
        "IAM_GROUP" => &[GROUP],
        "IAM_ROLE" => &[ROLE],
        _ => PRINCIPALS,
    };
    let mut used = false;
    for resource_type in types {
        others.each(resource_type, &mut |item| used |= attached(item).contains(&policy))?;
    }
    Ok(Verdict::require(used, format!("The policy {policy} is not attached to any such principal.")))
}

fn has_policies(item: &Item, parameters: &Parameters) -> Verdict {
    let attached = attached(item);
    let wanted = parameters.list("managedPolicyArns").unwrap_or_default();
    let missing = wanted.into_iter().find(|arn| !attached.contains(arn));
    Verdict::unless(missing.map(|arn| format!("The policy {arn} is not attached to the role.")))
}

fn in_group(item: &Item, parameters: &Parameters) -> Verdict {
    let groups = read::texts(read::setting(item, &["groupList"]));
    if groups.is_empty() {
        return Verdict::NonCompliant("The user is in no group.".into());
    }
    let listed = parameters.list("groupNames");
    let fits = listed.is_none_or(|listed| groups.iter().any(|group| listed.contains(group)));
    Verdict::require(fits, "The user is in none of the groups of groupNames.")
}

fn no_policies(item: &Item, _: &Parameters) -> Verdict {
    let inline =
        inline(item).into_iter().next().map(|(name, _)| format!("The user has the inline policy {name}."));
    let attached =
        attached(item).into_iter().next().map(|arn| format!("The policy {arn} is attached to the user."));
    Verdict::unless(inline.or(attached))
}

#[cfg(test)]
mod tests;
