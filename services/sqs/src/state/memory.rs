//! What is remembered for a while.

use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// A deduplication id that was used in a FIFO queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Deduplication {
    pub(crate) scope: Scope,
    /// The queue's id.
    pub(crate) queue: String,
    /// The group within which it is one; empty where the whole queue is.
    pub(crate) group: String,
    pub(crate) id: String,
    pub(crate) message: String,
    pub(crate) sequence: u64,
    pub(crate) until: Timestamp,
}

impl Row for Deduplication {
    const TABLE: &'static str = "sqs.deduplications";
    type Key = (String, String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.queue.clone(), self.group.clone(), self.id.clone())
    }
}

/// What a receive with a `ReceiveRequestAttemptId` was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) scope: Scope,
    /// The queue's id.
    pub(crate) queue: String,
    pub(crate) id: String,
    /// Ids of messages, and the receipts that were given for them.
    pub(crate) messages: Vec<(String, String)>,
    pub(crate) until: Timestamp,
}

impl Row for Attempt {
    const TABLE: &'static str = "sqs.attempts";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.queue.clone(), self.id.clone())
    }
}

/// That a queue was used, noted now and then: for its metrics.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Activity {
    pub(crate) scope: Scope,
    /// The queue's id.
    pub(crate) queue: String,
    pub(crate) noted: Timestamp,
}

impl Row for Activity {
    const TABLE: &'static str = "sqs.activities";
    const QUIET: bool = true;
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.queue.clone()
    }
}

/// A queue that was deleted: for a minute its name is not free.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Tombstone {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) deleted: Timestamp,
}

impl Tombstone {
    /// Whether the name is not free yet.
    pub(crate) fn holds(&self, now: Timestamp) -> bool {
        now < self.deleted.plus(std::time::Duration::from_secs(60))
    }
}

impl Row for Tombstone {
    const TABLE: &'static str = "sqs.tombstones";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.name.clone()
    }
}
