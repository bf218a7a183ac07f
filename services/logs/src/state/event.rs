use names::Scope;
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row};

/// A log event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LogEvent {
    pub(crate) scope: Scope,
    pub(crate) group: String,
    pub(crate) stream: String,
    /// Milliseconds since the epoch, as the client says.
    pub(crate) at: i64,
    /// The number of the event in its stream.
    pub(crate) number: u64,
    pub(crate) message: String,
    pub(crate) ingested: i64,
}

impl LogEvent {
    /// The id that FilterLogEvents answers: 56 digits, ordered by time.
    pub(crate) fn id(&self) -> String {
        format!("{:020}{:036}", self.at.max(0), self.number)
    }
}

impl Row for LogEvent {
    const TABLE: &'static str = "logs.events";
    type Key = (String, String, i64, u64);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.group.clone(), self.stream.clone(), self.at, self.number)
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("by-time", (self.group.clone(), self.at, self.stream.clone(), self.number))]
    }
}
