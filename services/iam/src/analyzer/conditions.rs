//! `Condition`: operators, keys and values.

use super::finding::Report;
use super::operator::Operator;
use super::place::Place;
use super::structure::{Condition, Document, Scalar, Statement};
use super::{Kind, condition_actions, condition_values};
use crate::facts;
use policy::{Effect, Member, Value, ValueType};
use std::collections::BTreeSet;

/// Reads the element.
pub(super) fn read(member: &Member, at: Place, statement: &mut Statement, report: &mut Report) {
    let empty = |place: Place, report: &mut Report| {
        let details = "This condition block is empty and it does not affect the policy. Specify conditions.";
        report.suggestion("EMPTY_OBJECT_CONDITION", details, vec![place]);
    };
    let mismatch = |wanted: &str, place: Place, report: &mut Report| {
        let details = format!("The text does not match the expected JSON data type {wanted}.");
        report.error("DATA_TYPE_MISMATCH", details, place);
    };
    let Value::Object(operators) = &member.node.value else { return mismatch("Object", at, report) };
    if operators.is_empty() {
        return empty(at, report);
    }
    for operator in operators {
        let block = at.value(operator);
        let Value::Object(keys) = &operator.node.value else {
            mismatch("Object", block, report);
            continue;
        };
        if keys.is_empty() {
            empty(block.clone(), report);
        }
        let mut seen = BTreeSet::new();
        for key in keys {
            let place = block.value(key);
            if !seen.insert(key.name.to_lowercase()) {
                let details = format!(
                    "The condition key {} appears more than once with different capitalization in the same condition block. Remove the \
                     duplicate condition keys.",
                    key.name
                );
                report.error("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", details, block.key(key));
            }
            let nodes: Vec<(&policy::Node, Place)> = match &key.node.value {
                Value::List(items) => {
                    items.iter().enumerate().map(|(index, node)| (node, place.item(index, node))).collect()
                }
                _ => vec![(&key.node, place.clone())],
            };
            let mut values = Vec::new();
            for (node, place) in nodes {
                match &node.value {
                    Value::Text(text) => values.push((Scalar::Text(text.clone()), place)),
                    Value::Number(text) => values.push((Scalar::Number(text.clone()), place)),
                    Value::Bool(truth) => values.push((Scalar::Bool(*truth), place)),
                    _ => mismatch("String", place, report),
                }
            }
            statement.conditions.push(Condition {
                operator: operator.name.clone(),
                operator_place: at.key(operator),
                key: key.name.clone(),
                key_place: block.key(key),
                place,
                values,
            });
        }
    }
}

/// Checks each condition of a statement.
pub(super) fn check(statement: &Statement, document: &Document, report: &mut Report) {
    for condition in &statement.conditions {
        let Some(operator) = Operator::new(&condition.operator) else {
            unknown_operator(condition, report);
            continue;
        };
        if operator.is_null() && operator.quantifier.is_some() {
            let details = "Avoid using the Null condition operator with the ForAllValues or ForAnyValue qualifiers because they always \
                           return a true or false respectively.";
            report.suggestion("NULL_WITH_QUALIFIER", details, vec![condition.operator_place.clone()]);
        }
        let kind = key(condition, report);
        if let Some(kind) = &kind {
            against_key(condition, &operator, kind, statement, report);
        }
        condition_values::check(condition, &operator, document, report);
        condition_actions::check(condition, &operator, statement, report);
    }
    whole(statement, report);
}

fn unknown_operator(condition: &Condition, report: &mut Report) {
    let name = &condition.operator;
    let place = condition.operator_place.clone();
    if name.to_ascii_lowercase().ends_with("nullifexists") {
        let details = "The Null condition operator cannot be used with the IfExists suffix. Update the operator or the suffix.";
        return report.error("NULL_WITH_IF_EXISTS", details, place);
    }
    let details = format!("The condition operator {name} is not valid. Use a valid condition operator.");
    report.error("INVALID_CONDITION_OPERATOR", details, place);
}

/// What is known of a key.
struct Known {
    kind: String,
    multivalued: bool,
}

/// Reports a key that does not exist; answers what is known of it.
fn key(condition: &Condition, report: &mut Report) -> Option<Known> {
    let (key, place) = (&condition.key, condition.key_place.clone());
    let Some((prefix, rest)) =
        key.split_once(':').filter(|(prefix, rest)| !prefix.is_empty() && !rest.is_empty())
    else {
        let details = "The condition key format is not valid. Use the format service:keyname.";
        report.error("INVALID_CONDITION_KEY_FORMAT", details, place);
        return None;
    };
    let lower = prefix.to_ascii_lowercase();
    let bare = rest.trim_end_matches('/').to_ascii_lowercase();
    if ["resourcetag", "requesttag", "principaltag"].contains(&bare.as_str()) {
        let name = format!("{prefix}:{}/", rest.trim_end_matches('/'));
        let details = format!(
            "The condition key {name} must include a tag key to control access based on tags. Use the format {name}tag-key and specify a key \
             name for tag-key."
        );
        report.error("MISSING_TAG_KEY_IN_CONDITION", details, place);
        return None;
    }
    let global = facts::service("aws");
    let found = global.as_ref().and_then(|global| global.key(key));
    let known =
        |key: &facts::Key| Known { kind: key.value_kind().to_owned(), multivalued: key.is_multivalued() };
    if let Some(found) = found {
        return Some(known(found));
    }
    match facts::service(&lower) {
        _ if key.eq_ignore_ascii_case("aws:ARN") => {
            let details =
                "The condition key aws:ARN is not supported. Use aws:PrincipalArn or aws:SourceArn instead.";
            report.error("UNSUPPORTED_GLOBAL_CONDITION_KEY", details, place);
            None
        }
        _ if lower == "aws" => {
            let details = format!("The condition key {key} does not exist. Use a valid condition key.");
            report.error("INVALID_GLOBAL_CONDITION_KEY", details, place);
            None
        }
        Some(service) => match service.key(key) {
            Some(found) => Some(known(found)),
            None => {
                let details = format!(
                    "The condition key {key} does not exist in the service {lower}. Use a valid condition key."
                );
                report.error("INVALID_SERVICE_CONDITION_KEY", details, place);
                None
            }
        },
        // Keys of identity providers begin with their host names, or with `saml`.
        None if lower.contains('.') || ["saml", "identitycenter", "catalog"].contains(&lower.as_str()) => {
            None
        }
        None => {
            let details = format!("The service {prefix} does not exist. Use a valid service name.");
            report.error("INVALID_SERVICE", details, place);
            None
        }
    }
}

/// Whether the operator suits the key.
fn against_key(
    condition: &Condition,
    operator: &Operator<'_>,
    known: &Known,
    statement: &Statement,
    report: &mut Report,
) {
    let (key, name) = (&condition.key, &condition.operator);
    if operator.is_null() {
        return;
    }
    if known.multivalued && operator.quantifier.is_none() {
        let details = format!(
            "The request context key {key} has multiple values. Use the ForAllValues or ForAnyValue condition key qualifiers in your policy."
        );
        report.error("MISSING_QUALIFIER", details, condition.key_place.clone());
    }
    if !known.multivalued && operator.is_for_all() && statement.effect == Some(Effect::Allow) {
        let details = format!(
            "Using ForAllValues qualifier with the single-valued condition key {key} can be overly permissive. We recommend that you remove \
             ForAllValues:."
        );
        report.security_warning(
            "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
            details,
            vec![condition.operator_place.clone()],
        );
    }
    let fits = match known.kind.as_str() {
        "ARN" => matches!(operator.compares, ValueType::Arn | ValueType::Text),
        "Numeric" => operator.compares == ValueType::Number,
        "Bool" => operator.compares == ValueType::Bool,
        "IPAddress" => operator.compares == ValueType::Ip,
        "Date" => matches!(operator.compares, ValueType::Date | ValueType::Number),
        // Texts that hold ARNs are compared as such.
        _ => matches!(operator.compares, ValueType::Text | ValueType::Arn | ValueType::Binary),
    };
    if !fits {
        let allowed = &known.kind;
        let details = format!(
            "Use the operator type {allowed} instead of operator {name} for the condition key {key}."
        );
        report.warning("TYPE_MISMATCH", details, condition.operator_place.clone());
    } else if known.kind == "ARN" && ["stringlike", "stringnotlike"].contains(&operator.name.as_str()) {
        let allowed = if operator.is_negated() { "ArnNotLike" } else { "ArnLike" };
        let details = format!(
            "Use the operator type {allowed} instead of operator {name} for the condition key {key}."
        );
        let places = vec![condition.operator_place.clone()];
        report.security_warning("STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", details, places);
    }
}

/// All conditions of a statement together.
fn whole(statement: &Statement, report: &mut Report) {
    for condition in &statement.conditions {
        let place = vec![condition.key_place.clone()];
        let key = &condition.key;
        match key.to_ascii_lowercase().as_str() {
            "aws:vpcsourceip" if statement.allows() && !statement.has_condition_key("aws:SourceVpc") => {
                let details = format!(
                    "Using the condition key {key} can be overly permissive without also using the following condition keys: aws:SourceVpc. \
                     Condition keys like this one are more secure when paired with a related key. We recommend that you add the related \
                     condition keys to the same condition block."
                );
                report.security_warning("MISSING_PAIRED_CONDITION_KEYS", details, place);
            }
            "aws:useragent" | "aws:referer" => {
                let details = format!(
                    "The {key} condition key is not recommended for access control as it can be spoofed/manipulated by the caller."
                );
                report.security_warning("UNTRUSTWORTHY_CONDITION_KEY", details, place);
            }
            "token.actions.githubusercontent.com:sub" if statement.allows() && report.kind == Kind::Trust => {
                let broad =
                    |text: &str| text.split(':').nth(1).is_none_or(|repository| repository.contains('*'));
                if condition.values.iter().any(|(value, _)| broad(&value.text())) {
                    let details = "Using a wildcard (*) in token.actions.githubusercontent.com:sub can allow requests from more sources than \
                                   you intended. Specify the value of token.actions.githubusercontent.com:sub with the repository and branch \
                                   name. If the subject claim does not include the branch, specify it in a \
                                   token.actions.githubusercontent.com:ref condition key.";
                    report.warning(
                        "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
                        details,
                        condition.place.clone(),
                    );
                }
            }
            _ => {}
        }
    }
}
