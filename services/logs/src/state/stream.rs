use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// A log stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LogStream {
    pub(crate) scope: Scope,
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) first_event: Option<i64>,
    pub(crate) last_event: Option<i64>,
    pub(crate) last_ingestion: Option<i64>,
    /// Bytes of messages, with 26 for each event as AWS counts.
    pub(crate) bytes: i64,
    /// The number of the next event.
    pub(crate) next: u64,
}

impl LogStream {
    /// What `orderBy: LastEventTime` goes by; a stream without events counts by its creation.
    pub(crate) fn time(&self) -> i64 {
        self.last_event.unwrap_or(self.created.millis())
    }

    /// AWS's sequence token: 56 digits.
    pub(crate) fn sequence_token(&self) -> String {
        format!("{:056}", self.next)
    }
}

impl Row for LogStream {
    const TABLE: &'static str = "logs.streams";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.group.clone(), self.name.clone())
    }
}
