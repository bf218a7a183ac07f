//! Event patterns, as rules of EventBridge and filters of Lambda's event source mappings are written: pure.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>
//!
//! What it is: [`Pattern::parse`] and [`Pattern::matches`]. What it is not: the filter policies of SNS, which have limits and sentences of
//! their own, and the services' own limits on a pattern's length.

mod matching;
mod network;
mod parse;
#[cfg(test)]
mod tests;

use network::Network;

/// Why a pattern is refused, in EventBridge's words, such as `Unrecognized match type regex`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// A pattern: every key, and one of the alternatives of `$or`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pattern {
    keys: Vec<(String, Condition)>,
    alternatives: Vec<Pattern>,
}

impl Pattern {
    /// Whether it wants the value of a key to be an object, as `{"body": {"city": ["Seattle"]}}` does.
    #[must_use]
    pub fn wants_object(&self, key: &str) -> bool {
        let own = self.keys.iter().any(|(name, it)| name == key && matches!(it, Condition::Nested(_)));
        own || self.alternatives.iter().any(|branch| branch.wants_object(key))
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    /// One of these.
    Rules(Vec<Rule>),
    /// Of a nested object.
    Nested(Pattern),
}

#[derive(Debug, Clone, PartialEq)]
enum Rule {
    Text(String),
    Number(f64),
    Boolean(bool),
    Null,
    Prefix {
        text: String,
        ignore_case: bool,
    },
    Suffix {
        text: String,
        ignore_case: bool,
    },
    /// In lower case.
    EqualsIgnoreCase(String),
    Wildcard(String),
    /// Of a value that is there, and is none of these.
    AnythingBut(Vec<Rule>),
    Numeric(Vec<(Comparison, f64)>),
    Exists(bool),
    Cidr(Network),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
