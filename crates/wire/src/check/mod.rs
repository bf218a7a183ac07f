//! The model's constraints, checked once, from the tables: [`CheckedReader`] while a request is decoded (only then is it known what was absent),
//! [`check`] for inputs that never were on a wire. What is not here: rules that a service knows and the model doesn't.

mod findings;
mod pattern;
mod reader;
pub(crate) mod sentence;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use findings::Findings;
pub(crate) use reader::CheckedReader;
pub use sentence::refusal;
pub use writer::check;
pub(crate) use writer::check_written;

/// A constraint that a value does not satisfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where, as AWS prints it: `tags.1.member.key`.
    pub path: String,
    /// The innermost member's name as a parameter or header: `GroupName`, `x-amz-acl`.
    pub parameter: &'static str,
    /// The value as AWS prints it; None where it is absent.
    pub value: Option<String>,
    /// The value must not be repeated.
    pub sensitive: bool,
    /// What it fails.
    pub rule: Rule,
}

/// What a value can fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// It is required.
    Missing,
    /// At least so long.
    MinLength(i64),
    /// At most so long.
    MaxLength(i64),
    /// At least so great.
    Min(i64),
    /// At most so great.
    Max(i64),
    /// The pattern, as the model writes it.
    Pattern(&'static str),
    /// One of these.
    Enum(&'static [&'static str]),
    /// All rules of a list's elements, of which one failed.
    Elements(Vec<Rule>),
    /// All rules of a map's keys, of which one failed.
    Keys(Vec<Rule>),
    /// All rules of a map's values, of which one failed.
    Values(Vec<Rule>),
}
