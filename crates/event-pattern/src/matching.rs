//! Whether an event matches.

use super::{Comparison, Condition, Pattern, Rule};
use wire::Document;

impl Pattern {
    /// Whether an event, an object, has everything that the pattern wants.
    #[must_use]
    pub fn matches(&self, event: &Document) -> bool {
        let keys = self.keys.iter().all(|(key, condition)| condition.holds(event.get(key)));
        keys && (self.alternatives.is_empty() || self.alternatives.iter().any(|branch| branch.matches(event)))
    }
}

impl Condition {
    fn holds(&self, value: Option<&Document>) -> bool {
        match self {
            Self::Rules(rules) => rules.iter().any(|rule| rule.holds_for(value)),
            Self::Nested(pattern) => match value {
                Some(Document::Array(elements)) => {
                    elements.iter().any(|it| it.as_object().is_some() && pattern.matches(it))
                }
                Some(object @ Document::Object(_)) => pattern.matches(object),
                // Only what must not exist can hold of an object that is not there.
                _ => pattern.matches(&Document::object()),
            },
        }
    }
}

impl Rule {
    /// For a key's value; for one of its elements, where it is a list.
    fn holds_for(&self, value: Option<&Document>) -> bool {
        match (self, value) {
            // Of leaves only, as EventBridge has it: an object is none.
            (Self::Exists(there), value) => *there == value.is_some_and(has_leaf),
            (_, None) => false,
            (rule, Some(Document::Array(elements))) => {
                elements.iter().any(|element| rule.holds_for(Some(element)))
            }
            (rule, Some(value)) => rule.holds(value),
        }
    }

    fn holds(&self, value: &Document) -> bool {
        let text = value.as_str();
        let number = || match value {
            Document::Number(_) => value.as_f64(),
            _ => None,
        };
        match self {
            Self::Text(wanted) => text == Some(wanted),
            Self::Number(wanted) => number().is_some_and(|number| same(number, *wanted)),
            Self::Boolean(wanted) => value.as_bool() == Some(*wanted),
            Self::Null => value.is_null(),
            Self::Prefix { text: prefix, ignore_case: false } => {
                text.is_some_and(|text| text.starts_with(prefix))
            }
            Self::Prefix { text: prefix, .. } => {
                text.is_some_and(|text| text.to_lowercase().starts_with(prefix))
            }
            Self::Suffix { text: suffix, ignore_case: false } => {
                text.is_some_and(|text| text.ends_with(suffix))
            }
            Self::Suffix { text: suffix, .. } => {
                text.is_some_and(|text| text.to_lowercase().ends_with(suffix))
            }
            Self::EqualsIgnoreCase(lower) => text.is_some_and(|text| text.to_lowercase() == *lower),
            Self::Wildcard(pattern) => text.is_some_and(|text| wildcard(pattern, text)),
            Self::AnythingBut(rules) => {
                let leaf = !matches!(value, Document::Object(_) | Document::Array(_));
                leaf && !rules.iter().any(|rule| rule.holds(value))
            }
            Self::Numeric(bounds) => {
                number().is_some_and(|number| bounds.iter().all(|bound| within(number, *bound)))
            }
            Self::Exists(there) => *there,
            Self::Cidr(network) => {
                text.and_then(|text| text.parse().ok()).is_some_and(|address| network.contains(address))
            }
        }
    }
}

/// An object is no leaf, and a list without leaves has none.
fn has_leaf(value: &Document) -> bool {
    match value {
        Document::Object(_) => false,
        Document::Array(elements) => elements.iter().any(has_leaf),
        _ => true,
    }
}

/// To six digits after the point, as EventBridge compares.
fn same(left: f64, right: f64) -> bool {
    (left - right).abs() < 0.000_000_5
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

/// `*` stands for any text, `\*` for itself. Parts are found from the left, so the time is that of a search for each.
fn wildcard(pattern: &str, text: &str) -> bool {
    let mut parts = vec![String::new()];
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '*' => parts.push(String::new()),
            '\\' if matches!(characters.peek(), Some('*' | '\\')) => {
                if let (Some(part), Some(escaped)) = (parts.last_mut(), characters.next()) {
                    part.push(escaped);
                }
            }
            other => {
                if let Some(part) = parts.last_mut() {
                    part.push(other);
                }
            }
        }
    }
    let mut parts = parts.into_iter();
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first.as_str())) else {
        return false;
    };
    let mut parts: Vec<String> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part.as_str()) else { return false };
        rest = after;
    }
    rest.ends_with(last.as_str())
}
