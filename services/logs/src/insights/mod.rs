//! CloudWatch Logs Insights' query language: read, and evaluated over events. Pure: no store, no clock.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html>. A query is commands between `|`: fields, display, filter,
//! parse, stats, sort, dedup, limit. Commands and functions that are not built are refused by name. Everything is bounded: text and nesting of
//! a query, what is kept of the events and looked at in them, the length of computed texts; regular expressions take time linear in the text.

mod aggregate;
mod budget;
mod command;
mod evaluate;
mod expression;
mod extract;
mod functions;
mod order;
mod parse;
mod period;
mod pipeline;
mod record;
mod regex;
mod scanner;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use pipeline::{Answer, Pipeline};
pub(crate) use record::{Lambda, Record};

use command::Segment;
use std::sync::Arc;

/// Rows of an answer where the query does not say; none has more.
pub(crate) const MOST_ROWS: usize = 10_000;

/// A query that can be run.
#[derive(Debug)]
pub(crate) struct Query {
    /// Each hands its rows to the next.
    segments: Vec<Segment>,
    /// The columns of the answer.
    shown: Vec<Arc<str>>,
}

/// Why a text is no query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Malformed {
    /// What is wrong.
    pub(crate) message: String,
    /// Where it begins, in characters.
    pub(crate) start: usize,
    /// Where it ends, in characters.
    pub(crate) end: usize,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// [`Malformed`], with the place.
    pub(crate) fn parse(text: &str) -> Result<Self, Malformed> {
        parse::query(text)
    }
}
