//! The choices of `aws:branch` (<https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-branch.html>).

use crate::document::{Fault, content};
use indexmap::IndexMap;
use wire::Document;

const OPERATORS: &[&str] = &[
    "StringEquals",
    "EqualsIgnoreCase",
    "StartsWith",
    "EndsWith",
    "Contains",
    "NumericEquals",
    "NumericGreater",
    "NumericLesser",
    "NumericGreaterOrEquals",
    "NumericLesserOrEquals",
    "BooleanEquals",
];
const MAXIMUM_DEPTH: usize = 8;

/// Checks a choice of a document.
pub(crate) fn check(choice: &Document, step: &str) -> Result<(), Fault> {
    check_rule(choice, step, 0)
}

fn check_rule(rule: &Document, step: &str, depth: usize) -> Result<(), Fault> {
    let wrong = |what: &str| content(format!("A choice of the step {step} {what}."));
    let Some(members) = rule.as_object().filter(|_| depth < MAXIMUM_DEPTH) else {
        return wrong("is not an object, or nested too deeply");
    };
    let mut judged = 0;
    for (name, value) in members {
        match name.as_str() {
            "NextStep" if depth == 0 => {}
            "Variable" => {}
            "And" | "Or" => {
                judged += 1;
                let Some(rules) = value.as_array().filter(|rules| !rules.is_empty()) else {
                    return wrong(&format!("needs a list under {name}"));
                };
                rules.iter().try_for_each(|rule| check_rule(rule, step, depth + 1))?;
            }
            "Not" => {
                judged += 1;
                check_rule(value, step, depth + 1)?;
            }
            own if OPERATORS.contains(&own) && members.contains_key("Variable") => judged += 1,
            own if OPERATORS.contains(&own) => return wrong("has an operator and no Variable"),
            other => return wrong(&format!("has the property {other}, which is not supported")),
        }
    }
    if judged == 1 { Ok(()) } else { wrong("needs exactly one operator, And, Or or Not") }
}

/// Where to go on, of inputs whose references are resolved; None: with the step that follows. The error is a sentence.
pub(crate) fn choose(inputs: &Document) -> Result<Option<String>, String> {
    let next = |choice: &Document, name: &str| choice.get(name).and_then(Document::as_str).map(str::to_owned);
    for choice in inputs.get("Choices").and_then(Document::as_array).unwrap_or_default() {
        if holds(choice)? {
            return Ok(next(choice, "NextStep"));
        }
    }
    Ok(next(inputs, "Default"))
}

fn holds(rule: &Document) -> Result<bool, String> {
    let none = IndexMap::new();
    let members = rule.as_object().unwrap_or(&none);
    if let Some(rules) = members.get("And").and_then(Document::as_array) {
        return rules.iter().try_fold(true, |all, rule| Ok(all && holds(rule)?));
    }
    if let Some(rules) = members.get("Or").and_then(Document::as_array) {
        return rules.iter().try_fold(false, |any, rule| Ok(any || holds(rule)?));
    }
    if let Some(rule) = members.get("Not") {
        return Ok(!holds(rule)?);
    }
    let variable = members.get("Variable").cloned().unwrap_or_default();
    match members.iter().find(|(name, _)| OPERATORS.contains(&name.as_str())) {
        Some((operator, operand)) => compare(operator, &variable, operand),
        None => Err("A choice compares nothing".to_owned()),
    }
}

fn compare(operator: &str, variable: &Document, operand: &Document) -> Result<bool, String> {
    if operator.starts_with("Numeric") {
        let (left, right) = (number(operator, variable)?, number(operator, operand)?);
        return Ok(match operator {
            "NumericGreater" => left > right,
            "NumericLesser" => left < right,
            "NumericGreaterOrEquals" => left >= right,
            "NumericLesserOrEquals" => left <= right,
            _ => (left - right).abs() < f64::EPSILON,
        });
    }
    let (left, right) = (text(operator, variable)?, text(operator, operand)?);
    Ok(match operator {
        "StringEquals" => left == right,
        "BooleanEquals" | "EqualsIgnoreCase" => left.eq_ignore_ascii_case(&right),
        "StartsWith" => left.starts_with(&right),
        "EndsWith" => left.ends_with(&right),
        _ => left.contains(&right),
    })
}

fn number(operator: &str, value: &Document) -> Result<f64, String> {
    let number = value.as_f64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    number.ok_or_else(|| format!("{operator} compares numbers, and {value} is none"))
}

fn text(operator: &str, value: &Document) -> Result<String, String> {
    match value {
        Document::String(text) => Ok(text.clone()),
        Document::Boolean(_) | Document::Number(_) => Ok(value.to_string()),
        _ => Err(format!("{operator} cannot compare {value}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::document;

    #[test]
    fn the_first_choice_that_holds_is_taken_and_else_the_default() {
        let inputs = |variable: &str| {
            document!({
                "Choices": [
                    { "NextStep": "both", "And": [{ "Variable": variable, "StartsWith": "a" }, { "Not": { "Variable": variable, "EndsWith": "z" } }] },
                    { "NextStep": "many", "Or": [{ "Variable": variable, "NumericGreater": 10 }, { "Variable": variable, "NumericEquals": 3 }] }
                ],
                "Default": "rest"
            })
        };
        assert_eq!(choose(&inputs("ab")).unwrap().as_deref(), Some("both"));
        assert_eq!(choose(&inputs("11")).unwrap().as_deref(), Some("many"));
        assert_eq!(choose(&inputs("3")).unwrap().as_deref(), Some("many"));
        assert_eq!(choose(&inputs("9")).unwrap().as_deref(), Some("rest"));
        assert!(choose(&inputs("az")).unwrap_err().contains("NumericGreater"));
        for choice in inputs("x").get("Choices").unwrap().as_array().unwrap() {
            check(choice, "s").unwrap();
        }
        for wrong in [
            document!({ "NextStep": "x" }),
            document!({ "StringEquals": "x" }),
            document!({ "Variable": "a", "StringEquals": "x", "StartsWith": "y" }),
            document!({ "Variable": "a", "Resembles": "x" }),
            document!({ "And": [] }),
        ] {
            assert!(check(&wrong, "s").is_err(), "{wrong}");
        }
    }
}
