//! Filter policies (<https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html>): pure.

mod matching;
mod network;
mod parse;
#[cfg(test)]
mod tests;

pub(crate) use parse::{Refused, parse};

use network::Network;

/// What a filter policy looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    MessageAttributes,
    MessageBody,
}

impl Scope {
    /// From the attribute `FilterPolicyScope`; attributes where it is not set.
    pub(crate) fn read(text: Option<&str>) -> Option<Self> {
        match text {
            None | Some("MessageAttributes") => Some(Self::MessageAttributes),
            Some("MessageBody") => Some(Self::MessageBody),
            Some(_) => None,
        }
    }
}

/// A filter policy: every key, and one of the alternatives of every `$or`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Filter {
    keys: Vec<(String, Condition)>,
    alternatives: Vec<Filter>,
}

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    /// One of these.
    Rules(Vec<Rule>),
    /// Of a nested object.
    Nested(Filter),
}

#[derive(Debug, Clone, PartialEq)]
enum Rule {
    Text(String),
    Number(f64),
    Boolean(bool),
    Null,
    Prefix(String),
    Suffix(String),
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
