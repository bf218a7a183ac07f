//! What is expected of a value.

use super::error::LabError;
use super::fields::{Fields, list, text, whole};
use super::lab::Scope;
use super::model::{Assertion, Comparison, Rule};
use super::readings::{expression, template};
use super::yaml::{Node, Value};
use crate::expression::{Expression, regex};
use wire::Document;

const COMPARISONS: &[&str] = &[
    "equals",
    "in",
    "contains",
    "contains_all",
    "set",
    "count",
    "at_least",
    "at_most",
    "matches",
    "exists",
    "in_order",
];
const ASSERTION: &[&str] = &[
    "says",
    "points",
    "otherwise",
    "all",
    "any",
    "not",
    "find",
    "equals",
    "in",
    "contains",
    "contains_all",
    "set",
    "count",
    "at_least",
    "at_most",
    "matches",
    "exists",
    "in_order",
];

/// One assertion, or a list of them.
pub(crate) fn assertions(node: &Node, scope: &Scope) -> Result<Vec<Assertion>, LabError> {
    let found: Vec<Assertion> = match &node.value {
        Value::List(nodes) => nodes.iter().map(|node| assertion(node, scope)).collect::<Result<_, _>>()?,
        _ => vec![assertion(node, scope)?],
    };
    if found.is_empty() {
        return Err(LabError::at(node.line, "nothing is expected: then everything would pass"));
    }
    Ok(found)
}

fn assertion(node: &Node, scope: &Scope) -> Result<Assertion, LabError> {
    let fields = Fields::of(node, "an assertion", ASSERTION)?;
    let compared: Vec<&str> = COMPARISONS.iter().copied().filter(|name| fields.has(name)).collect();
    let combined: Vec<&str> = ["all", "any", "not"].into_iter().filter(|name| fields.has(name)).collect();
    let rule = match (combined.as_slice(), compared.as_slice()) {
        (["all"], []) => Rule::All(assertions(fields.need("all")?, scope)?),
        (["any"], []) => Rule::Any(assertions(fields.need("any")?, scope)?),
        (["not"], []) => Rule::Not(Box::new(assertion(fields.need("not")?, scope)?)),
        ([], [comparison]) => {
            let find = match fields.get("find") {
                Some(find) => expression(find, scope)?,
                None => Expression { text: "@".into() },
            };
            Rule::Compare { find, comparison: read(comparison, fields.need(comparison)?, scope)? }
        }
        _ => {
            let message = format!(
                "an assertion is one of all, any, not, or find with one of {}",
                COMPARISONS.join(", ")
            );
            return Err(LabError::at(node.line, message));
        }
    };
    if fields.has("find") && compared.is_empty() {
        return Err(LabError::at(node.line, "find needs a comparison beside it"));
    }
    Ok(Assertion {
        says: fields.maybe_text("says")?,
        points: fields.maybe_whole("points", 1000)?.and_then(|it| u32::try_from(it).ok()),
        otherwise: fields.maybe_text("otherwise")?,
        rule,
    })
}

fn read(name: &str, node: &Node, scope: &Scope) -> Result<Comparison, LabError> {
    let a_list = || match &node.value {
        Value::List(_) => template(node, scope),
        Value::Scalar(Document::String(text)) if text.starts_with("${") => template(node, scope),
        _ => Err(LabError::at(node.line, format!("{name} needs a list, not {}", node.what()))),
    };
    Ok(match name {
        "equals" => Comparison::Equals(template(node, scope)?),
        "in" => Comparison::In(a_list()?),
        "contains" => Comparison::Contains(template(node, scope)?),
        "contains_all" => Comparison::ContainsAll(a_list()?),
        "set" => Comparison::Set(a_list()?),
        "at_least" => Comparison::AtLeast(template(node, scope)?),
        "at_most" => Comparison::AtMost(template(node, scope)?),
        "matches" => {
            let pattern = text(node, name)?;
            if !pattern.contains("${") {
                regex(&pattern).map_err(|message| LabError::at(node.line, message))?;
            }
            Comparison::Matches(template(node, scope)?)
        }
        "exists" => match node.document() {
            Document::Boolean(wanted) => Comparison::Exists(wanted),
            _ => return Err(LabError::at(node.line, "exists is true or false")),
        },
        "count" => match &node.value {
            Value::Map(_) => {
                let fields = Fields::of(node, "count", &["at_least", "at_most"])?;
                let (at_least, at_most) =
                    (fields.maybe_whole("at_least", 1 << 32)?, fields.maybe_whole("at_most", 1 << 32)?);
                if at_least.is_none() && at_most.is_none() {
                    return Err(LabError::at(node.line, "count is a number, or has at_least or at_most"));
                }
                Comparison::Count { at_least, at_most }
            }
            _ => {
                let wanted = Some(whole(node, name, 1 << 32)?);
                Comparison::Count { at_least: wanted, at_most: wanted }
            }
        },
        _ => Comparison::InOrder(
            list(node, name)?.iter().map(|node| expression(node, scope)).collect::<Result<_, _>>()?,
        ),
    })
}

/// `service:Operation`.
pub(crate) fn known(call: &str, line: usize) -> Result<(String, String), LabError> {
    let (service, operation) = call.split_once(':').unwrap_or_default();
    let named = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if !named(service) || !named(operation) || !operation.starts_with(|c: char| c.is_ascii_uppercase()) {
        let message = format!("{call:?} is no operation; write service:Operation, as ec2:DescribeVpcs");
        return Err(LabError::at(line, message));
    }
    Ok((service.to_owned(), operation.to_owned()))
}
