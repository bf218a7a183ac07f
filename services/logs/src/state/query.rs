use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Row;

/// How long results are kept: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A query of Insights that was started.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Query {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) groups: Vec<String>,
    /// Seconds since the epoch; both are included.
    pub(crate) start: i64,
    pub(crate) end: i64,
    /// Rows, where the text says none.
    pub(crate) limit: usize,
    pub(crate) status: Status,
    /// The ARN of who started it.
    pub(crate) principal: String,
    pub(crate) created: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    /// How often it was begun: again after each end of the process in its middle.
    pub(crate) tries: u32,
    pub(crate) statistics: Statistics,
    /// The rows of its results.
    pub(crate) rows: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Scheduled,
    Running,
    Complete,
    Failed,
    Cancelled,
    Timeout,
}

/// What it has looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Statistics {
    pub(crate) matched: u64,
    pub(crate) scanned: u64,
    pub(crate) bytes: u64,
    pub(crate) groups: u64,
}

impl Status {
    pub(crate) fn is_over(self) -> bool {
        !matches!(self, Self::Scheduled | Self::Running)
    }
}

impl Query {
    /// Whether it is still known.
    pub(crate) fn is_kept(&self, now: Timestamp) -> bool {
        !self.status.is_over() || self.created.plus(KEPT) > now
    }
}

impl Row for Query {
    const TABLE: &'static str = "logs.queries";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.id.clone()
    }
}

/// Some of a query's results.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) scope: Scope,
    pub(crate) query: String,
    /// The number of its first row.
    pub(crate) first: u64,
    /// Columns with values.
    pub(crate) rows: Vec<Vec<(String, String)>>,
}

impl Row for Results {
    const TABLE: &'static str = "logs.query_results";
    type Key = (String, u64);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.query.clone(), self.first)
    }
}
