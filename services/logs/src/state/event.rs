use names::Scope;
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row};

/// What AWS counts for an event beside its message, in bytes.
const OVERHEAD: usize = 26;

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
    /// Its group's events in the order of FilterLogEvents: by time, ingestion and stream.
    pub(crate) const BY_TIME: &'static str = "by-time";

    /// What is before all events of a moment in that order: an event without a message.
    pub(crate) fn place(scope: Scope, group: &str, at: i64) -> Self {
        let (stream, message) = (String::new(), String::new());
        Self { scope, group: group.to_owned(), stream, at, number: 0, message, ingested: i64::MIN }
    }

    /// The id that FilterLogEvents answers: 56 digits, ordered by time.
    pub(crate) fn id(&self) -> String {
        id(self.at, &self.stream, self.number)
    }

    /// Bytes, as AWS counts them.
    pub(crate) fn size(&self) -> usize {
        size(&self.message)
    }
}

/// The id of an event: see [`LogEvent::id`].
pub(crate) fn id(at: i64, stream: &str, number: u64) -> String {
    format!("{:014}{:020}{number:022}", at.max(0), mark(stream))
}

/// The bytes that AWS counts for an event with a message.
pub(crate) fn size(message: &str) -> usize {
    message.len().saturating_add(OVERHEAD)
}

/// FNV-1a, for telling streams apart in event ids: the same in each process, as the standard library's hashes are not.
fn mark(stream: &str) -> u64 {
    stream
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
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
        let order = (self.group.as_str(), self.at, self.ingested, self.stream.as_str(), self.number);
        vec![IndexEntry::new(Self::BY_TIME, order)]
    }
}
