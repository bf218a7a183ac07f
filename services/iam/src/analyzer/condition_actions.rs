//! Conditions that the statement's actions do not have.

use super::finding::Report;
use super::operator::Operator;
use super::structure::{Condition, Statement};
use crate::facts;
use policy::Effect;
use std::collections::BTreeSet;

/// Whether the statement's actions have the key at all.
pub(super) fn check(
    condition: &Condition,
    operator: &Operator<'_>,
    statement: &Statement,
    report: &mut Report,
) {
    if operator.if_exists || operator.is_null() {
        return;
    }
    let lower = condition.key.to_ascii_lowercase();
    if lower.starts_with("aws:resourcetag/") && lower.len() > "aws:resourcetag/".len() {
        return tags(condition, statement, report);
    }
    let Some((prefix, _)) = lower.split_once(':').filter(|(prefix, _)| *prefix != "aws") else { return };
    let global = facts::service("aws").is_some_and(|global| global.key(&lower).is_some());
    let Some(service) = facts::service(prefix).filter(|service| !global && service.key(&lower).is_some())
    else {
        return;
    };
    if statement.actions.negated {
        return;
    }
    let lacks = |text: &str| {
        let Some((of, name)) = text.split_once(':').filter(|_| !text.contains(['*', '?'])) else {
            return false;
        };
        if !of.eq_ignore_ascii_case(prefix) {
            return facts::is_service(&of.to_ascii_lowercase());
        }
        let mut named = service.matching(name).peekable();
        named.peek().is_some() && !named.any(|action| service.has_key(action, &lower))
    };
    let unsupported: Vec<&str> =
        statement.actions.items.iter().map(|(text, _)| text.as_str()).filter(|text| lacks(text)).collect();
    if !unsupported.is_empty() {
        let (actions, key) = (unsupported.join(", "), &condition.key);
        let details = format!(
            "The following actions: {actions} are not supported by the condition key {key}. The condition will not be evaluated for these \
             actions. We recommend that you move these actions to a different statement without this condition key."
        );
        report.error("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", details, condition.key_place.clone());
    }
}

/// Tags of resources, which some services' actions do not look at.
fn tags(condition: &Condition, statement: &Statement, report: &mut Report) {
    let key = &condition.key;
    let places = vec![condition.key_place.clone()];
    let denies = statement.effect == Some(Effect::Deny);
    if statement.actions.negated {
        if denies {
            let details = format!(
                "Using the effect Deny with NotAction and the tag condition key {key} can be overly permissive because some service actions \
                 are not denied by this statement. This is because the condition key doesn't apply to some service actions. We recommend that \
                 you use Action instead of NotAction."
            );
            report.security_warning(
                "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
                details,
                places,
            );
        } else {
            let details = format!(
                "Using the effect Allow with NotAction and the tag condition key {key} allows only service actions that support the condition \
                 key. The condition key doesn't apply to some service actions. We recommend that you use Action instead of NotAction."
            );
            report.suggestion(
                "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
                details,
                places,
            );
        }
        return;
    }
    let mut lacking = BTreeSet::new();
    for (text, _) in &statement.actions.items {
        let Some((prefix, name)) = text.split_once(':') else { continue };
        let prefix = prefix.to_ascii_lowercase();
        let Some(service) = facts::service(&prefix) else { continue };
        let mut named = service.matching(name).peekable();
        if named.peek().is_some() && !named.any(|action| service.has_key(action, key)) {
            lacking.insert(prefix);
        }
    }
    if lacking.is_empty() {
        return;
    }
    let names = lacking.into_iter().collect::<Vec<_>>().join(", ");
    if denies {
        let details = format!(
            "Using the effect Deny with the tag condition key {key} and actions for services with the following prefixes can be overly \
             permissive: {names}. Actions for the listed services are not denied by this statement. We recommend that you move these actions \
             to a different statement without this condition key."
        );
        report.security_warning("DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", details, places);
    } else {
        let details = format!(
            "Using the effect Allow with the tag condition key {key} and actions for services with the following prefixes does not affect the \
             policy: {names}. Actions for the listed service are not allowed by this statement. We recommend that you move these actions to a \
             different statement without this condition key."
        );
        report.suggestion("ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", details, places);
    }
}
