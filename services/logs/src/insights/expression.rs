use super::functions::Function;
use super::period::Period;
use super::regex::Regex;
use super::value::Value;
use std::sync::Arc;

/// What is evaluated over a row.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    Literal(Value),
    Field(Arc<str>),
    /// The outcome of one of the command's aggregates, by its number.
    Aggregate(usize),
    Not(Box<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    Like(Box<Expression>, Pattern),
    In(Box<Expression>, Vec<Value>),
    Arithmetic(Arithmetic, Box<Expression>, Box<Expression>),
    Call(Function, Vec<Expression>),
    Floor(Box<Expression>, Period),
    Ceil(Box<Expression>, Period),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

/// What `like` and `=~` look for.
#[derive(Debug, Clone)]
pub(super) enum Pattern {
    Text(Arc<str>),
    Regex(Regex),
}

impl Pattern {
    /// What it costs to look for it in a text, see [`Regex::cost`].
    pub(super) fn cost(&self, text: &str) -> usize {
        match self {
            Self::Text(_) => text.len(),
            Self::Regex(regex) => regex.cost(text),
        }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Text(part) => text.contains(&**part),
            Self::Regex(regex) => regex.matches(text),
        }
    }
}

impl Expression {
    /// Shows `each` the fields that it reads.
    pub(super) fn fields<'e>(&'e self, each: &mut impl FnMut(&'e Arc<str>)) {
        match self {
            Self::Literal(_) | Self::Aggregate(_) => {}
            Self::Field(name) => each(name),
            Self::Not(one)
            | Self::Like(one, _)
            | Self::In(one, _)
            | Self::Floor(one, _)
            | Self::Ceil(one, _) => {
                one.fields(each);
            }
            Self::Compare(_, left, right) | Self::Arithmetic(_, left, right) => {
                left.fields(each);
                right.fields(each);
            }
            Self::And(arguments) | Self::Or(arguments) | Self::Call(_, arguments) => {
                arguments.iter().for_each(|argument| argument.fields(each))
            }
        }
    }
}
