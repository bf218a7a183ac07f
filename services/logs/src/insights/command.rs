use super::aggregate::Aggregate;
use super::expression::Expression;
use super::extract::Extract;
use std::sync::Arc;

/// Commands up to the next that has to see all rows before it gives any.
#[derive(Debug)]
pub(super) struct Segment {
    /// Done to one row after the other.
    pub(super) steps: Vec<Step>,
    pub(super) sink: Sink,
}

#[derive(Debug)]
pub(super) enum Step {
    /// Gives a row a field.
    Set(Arc<str>, Expression),
    Filter(Expression),
    /// Gives a row the fields that are found in another.
    Parse(Expression, Extract),
    /// The row's place among the others, by these and, where they are equal, by what it was before.
    Sort(Vec<SortKey>),
}

#[derive(Debug)]
pub(super) struct SortKey {
    pub(super) by: Expression,
    pub(super) descending: bool,
}

#[derive(Debug)]
pub(super) enum Sink {
    Stats(Stats),
    /// In their order, the first of those that have the same values in these fields, at most so many.
    Rows {
        dedup: Vec<Arc<str>>,
        limit: Option<usize>,
    },
}

#[derive(Debug)]
pub(super) struct Stats {
    pub(super) groups: Vec<(Arc<str>, Expression)>,
    pub(super) aggregates: Vec<Aggregate>,
    /// Over the aggregates and the groups' fields.
    pub(super) outputs: Vec<(Arc<str>, Expression)>,
}
