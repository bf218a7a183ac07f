//! The values of conditions.

use super::finding::Report;
use super::operator::Operator;
use super::place::Place;
use super::structure::{Condition, Document, Scalar};
use super::{values, variables};
use policy::ValueType;
use std::collections::BTreeSet;

/// Checks a condition's values.
pub(super) fn check(
    condition: &Condition,
    operator: &Operator<'_>,
    document: &Document,
    report: &mut Report,
) {
    values_of(condition, operator, document, report);
    addresses(condition, operator, report);
    named_values(condition, report);
}

/// Whether the values suit the operator.
fn values_of(condition: &Condition, operator: &Operator<'_>, document: &Document, report: &mut Report) {
    let name = &condition.operator;
    if condition.values.is_empty() {
        return empty(condition, operator, report);
    }
    let kinds: BTreeSet<u8> = condition
        .values
        .iter()
        .map(|(value, _)| match value {
            Scalar::Text(_) => 0,
            Scalar::Number(_) => 1,
            Scalar::Bool(_) => 2,
        })
        .collect();
    if kinds.len() > 1 {
        let details =
            "The condition value data types do not match. Use condition values of the same JSON data type.";
        report.error("INVALID_CONDITION_DATA_TYPE", details, condition.place.clone());
    }
    if operator.compares == ValueType::Bool && !operator.is_null() && condition.values.len() > 1 {
        let details =
            "The condition key does not support multiple Boolean values. Use a single Boolean value.";
        report.error("INVALID_CONDITION_MULTIPLE_BOOLEAN", details, condition.place.clone());
    }
    for (value, place) in &condition.values {
        let text = value.text();
        if variables::present(&text) {
            variables::check(&text, place, document.has_variables, report);
            if !matches!(operator.compares, ValueType::Text | ValueType::Arn) {
                let details = "Policy variables can only be used with String and ARN operators.";
                report.error("INVALID_VARIABLE_FOR_OPERATOR", details, place.clone());
            }
            continue;
        }
        if !operator.compares.admits(&text) {
            not_of_type(operator.compares, name, place, report);
        }
        if operator.compares == ValueType::Date
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && text.len() > 4
        {
            let details = format!(
                "The date {text} might not resolve as expected. We recommend that you use the YYYY-MM-DD format."
            );
            report.warning("INVALID_DATE_VALUE", details, place.clone());
        }
        let literal = operator.compares == ValueType::Text && !operator.name.contains("like");
        if literal && text.contains(['*', '?']) {
            let details = "Your condition value includes a * or ? character. If you meant to use a wildcard (*, ?), update the condition \
                           operator to include Like.";
            report.warning("WILDCARD_WITHOUT_LIKE_OPERATOR", details, place.clone());
        }
    }
    let bound = match operator.name.as_str() {
        "numericlessthan" | "numericlessthanequals" => "greatest",
        "numericgreaterthan" | "numericgreaterthanequals" => "least",
        _ => return,
    };
    if condition.values.len() > 1 {
        let details = format!(
            "Multiple values in {name} are redundant. Replace with the {bound} single value for {}.",
            condition.key
        );
        report.suggestion("REDUNDANT_CONDITION_VALUE_NUM", details, vec![condition.place.clone()]);
    }
}

fn empty(condition: &Condition, operator: &Operator<'_>, report: &mut Report) {
    let (code, details) = match operator.quantifier {
        Some(_) if operator.is_for_all() => (
            "EMPTY_ARRAY_CONDITION_FORALLVALUES",
            "The ForAllValues prefix with an empty condition key matches only if the key is missing from the request context. To determine if \
             the request context is empty, we recommend that you use the Null condition operator with the value of true instead.",
        ),
        Some(_) => (
            "EMPTY_ARRAY_CONDITION_FORANYVALUE",
            "The ForAnyValue prefix with an empty condition key never matches the request context and it does not affect the policy. Specify \
             conditions.",
        ),
        None if operator.if_exists => (
            "EMPTY_ARRAY_CONDITION_IFEXISTS",
            "The IfExists suffix with an empty condition key matches only if the key is missing from the request context. To determine if the \
             request context is empty, we recommend that you use the Null condition operator with the value of true instead.",
        ),
        None => (
            "EMPTY_ARRAY_CONDITION",
            "There are no values for the condition key and it does not affect the policy. Specify conditions.",
        ),
    };
    report.suggestion(code, details, vec![condition.place.clone()]);
}

fn not_of_type(compares: ValueType, operator: &str, place: &Place, report: &mut Report) {
    match compares {
        ValueType::Number => {
            let details = format!("Add a valid numeric value for the condition operator {operator}.");
            report.warning("TYPE_MISMATCH_NUMBER", details, place.clone());
        }
        ValueType::Bool => {
            let details =
                format!("Add a valid Boolean value (true or false) for the condition operator {operator}.");
            report.warning("TYPE_MISMATCH_BOOLEAN", details, place.clone());
        }
        ValueType::Date => {
            let details = "The date condition operator is used with an invalid value. Specify a valid date using YYYY-MM-DD or other ISO \
                           8601 date/time format.";
            report.warning("TYPE_MISMATCH_DATE", details, place.clone());
        }
        ValueType::Ip => {
            let details = format!(
                "The condition operator {operator} is used with an invalid IP range value. Specify the IP range in standard CIDR format."
            );
            report.error("TYPE_MISMATCH_IP_RANGE", details, place.clone());
        }
        ValueType::Binary => {
            let details =
                format!("Add a valid base64-encoded string value for the condition operator {operator}.");
            report.warning("TYPE_MISMATCH_STRING", details, place.clone());
        }
        ValueType::Text | ValueType::Arn => {}
    }
}

fn addresses(condition: &Condition, operator: &Operator<'_>, report: &mut Report) {
    if operator.compares != ValueType::Ip {
        return;
    }
    for (value, place) in &condition.values {
        if let Some(better) = values::masked(&value.text()) {
            let details = format!(
                "The non-zero bits in the IP address after the masked bits are ignored. Replace address with {better}."
            );
            report.suggestion("IMPROVE_IP_RANGE", details, vec![place.clone()]);
        }
    }
    let private = condition.values.iter().filter(|(value, _)| values::is_private(&value.text())).count();
    if !condition.key.eq_ignore_ascii_case("aws:SourceIp") || private == 0 {
        return;
    }
    let place = condition.place.clone();
    match (private == condition.values.len(), operator.is_negated()) {
        (true, false) => report.error(
            "PRIVATE_IP_ADDRESS",
            "aws:SourceIp works only for public IP address ranges. The values for condition key aws:SourceIp include only private IP \
             addresses and will not have the desired effect. Update the value to include only public IP addresses.",
            place,
        ),
        (true, true) => report.error(
            "PRIVATE_NOT_IP_ADDRESS",
            "The values for condition key aws:SourceIp include only private IP addresses and has no effect. aws:SourceIp works only for \
             public IP address ranges. Update the value to include only public IP addresses.",
            place,
        ),
        (false, false) => report.suggestion(
            "PRIVATE_IP_ADDRESS_SUBSET",
            "The values for condition key aws:SourceIp include a mix of private and public IP addresses. The private addresses will not have \
             the desired effect. aws:SourceIp works only for public IP address ranges. To define permissions for private IP ranges, use \
             aws:VpcSourceIp.",
            vec![place],
        ),
        (false, true) => report.suggestion(
            "PRIVATE_NOT_IP_ADDRESS_SUBSET",
            "The values for condition key aws:SourceIp include a mix of private and public IP addresses. The private addresses have no \
             effect. aws:SourceIp works only for public IP address ranges. To define permissions for private IP ranges, use aws:VpcSourceIp.",
            vec![place],
        ),
    }
}

/// Values of keys that name things of a known form.
fn named_values(condition: &Condition, report: &mut Report) {
    let key = condition.key.to_ascii_lowercase();
    for (value, place) in &condition.values {
        let text = value.text();
        if variables::present(&text) || text.contains(['*', '?']) {
            continue;
        }
        let is_id = |prefix: &str| {
            text.strip_prefix(prefix).is_some_and(|id| {
                [8, 17].contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
        };
        match key.as_str() {
            "aws:requestedregion" if !values::is_region(&text) => {
                let details = format!(
                    "The Region {text} is not valid. Update the condition value to a supported Region."
                );
                report.error("INVALID_REGION", details, place.clone());
            }
            "aws:sourcevpc" if text.parse::<bool>().is_err() && !is_id("vpc-") => {
                let details = "The VPC identifier in the condition key value is not valid. Use the prefix 'vpc-' followed by 8 or 17 \
                               alphanumeric characters.";
                report.error("INVALID_VPC_FORMAT", details, place.clone());
            }
            "aws:sourcevpce" if text.parse::<bool>().is_err() && !is_id("vpce-") => {
                let details = "The VPCE identifier in the condition key value is not valid.  Use the prefix 'vpce-' followed by 8 or 17 \
                               alphanumeric characters.";
                report.error("INVALID_VPCE_FORMAT", details, place.clone());
            }
            _ => {}
        }
    }
}
