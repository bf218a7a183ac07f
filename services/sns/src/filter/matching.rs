//! Whether a message passes a filter policy.

use super::{Comparison, Condition, Filter, Rule};
use crate::message::Attribute;
use std::collections::BTreeMap;
use wire::{Document, document::Number};

impl Filter {
    /// By the message's attributes.
    pub(crate) fn passes_attributes(&self, attributes: &BTreeMap<String, Attribute>) -> bool {
        let document: Document =
            attributes.iter().filter_map(|(name, value)| Some((name.clone(), shown(value)?))).collect();
        let document = if document.is_null() { Document::object() } else { document };
        self.passes(&document)
    }

    /// By the message itself; None where it is no JSON object, which no policy lets through.
    pub(crate) fn passes_body(&self, body: &str) -> Option<bool> {
        let body = Document::parse(body).ok().filter(|body| body.as_object().is_some())?;
        Some(self.passes(&body))
    }

    fn passes(&self, object: &Document) -> bool {
        let keys = self.keys.iter().all(|(key, condition)| condition.holds(object.get(key)));
        keys && (self.alternatives.is_empty() || self.alternatives.iter().any(|branch| branch.passes(object)))
    }
}

/// What a message attribute is to a filter; nothing for a binary one.
fn shown(attribute: &Attribute) -> Option<Document> {
    let text = attribute.text()?;
    let kind = attribute.data_type.as_str();
    if kind == "String.Array" {
        return Some(Document::parse(text).unwrap_or_else(|_| Document::from(text)));
    }
    if kind == "Number" || kind.starts_with("Number.") {
        return text.trim().parse::<f64>().ok().map(Document::from);
    }
    Some(Document::from(text))
}

impl Condition {
    fn holds(&self, value: Option<&Document>) -> bool {
        match self {
            Self::Rules(rules) => rules.iter().any(|rule| rule.holds_for(value)),
            Self::Nested(filter) => match value {
                Some(Document::Array(elements)) => {
                    elements.iter().any(|it| it.as_object().is_some() && filter.passes(it))
                }
                Some(object @ Document::Object(_)) => filter.passes(object),
                // Only what must not exist can hold of an object that is not there.
                _ => filter.passes(&Document::object()),
            },
        }
    }
}

impl Rule {
    /// For a key's value; for one of its elements, where it is a list.
    fn holds_for(&self, value: Option<&Document>) -> bool {
        match (self, value) {
            (Self::Exists(there), value) => *there == value.is_some(),
            (_, None) => false,
            (rule, Some(Document::Array(elements))) => elements.iter().any(|element| rule.holds(element)),
            (rule, Some(value)) => rule.holds(value),
        }
    }

    fn holds(&self, value: &Document) -> bool {
        let text = value.as_str();
        match self {
            Self::Text(wanted) => text == Some(wanted),
            Self::Number(wanted) => number(value).is_some_and(|number| same(number, *wanted)),
            Self::Boolean(wanted) => value.as_bool() == Some(*wanted),
            Self::Null => value.is_null(),
            Self::Prefix(prefix) => text.is_some_and(|text| text.starts_with(prefix)),
            Self::Suffix(suffix) => text.is_some_and(|text| text.ends_with(suffix)),
            Self::EqualsIgnoreCase(lower) => text.is_some_and(|text| text.to_lowercase() == *lower),
            Self::Wildcard(pattern) => text.is_some_and(|text| wildcard(pattern, text)),
            Self::AnythingBut(rules) => {
                matches!(
                    value,
                    Document::String(_) | Document::Number(_) | Document::Boolean(_) | Document::Null
                ) && !rules.iter().any(|rule| rule.holds(value))
            }
            Self::Numeric(bounds) => {
                number(value).is_some_and(|number| bounds.iter().all(|bound| within(number, *bound)))
            }
            Self::Exists(there) => *there,
            Self::Cidr(network) => {
                text.and_then(|text| text.parse().ok()).is_some_and(|address| network.contains(address))
            }
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "AWS compares numbers to five digits after the point, up to a billion"
)]
fn number(value: &Document) -> Option<f64> {
    match value {
        Document::Number(Number::Integer(value)) => Some(*value as f64),
        Document::Number(Number::Float(value)) => Some(*value),
        _ => None,
    }
}

fn same(left: f64, right: f64) -> bool {
    (left - right).abs() < 0.000_005
}

fn within(number: f64, (comparison, bound): (Comparison, f64)) -> bool {
    match comparison {
        Comparison::Equal => same(number, bound),
        Comparison::Less => number < bound && !same(number, bound),
        Comparison::LessOrEqual => number <= bound || same(number, bound),
        Comparison::Greater => number > bound && !same(number, bound),
        Comparison::GreaterOrEqual => number >= bound || same(number, bound),
    }
}

/// `*` stands for any text; patterns have at most three.
fn wildcard(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    let mut rest = rest;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}
