use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row};

/// A message group of a FIFO queue that has, or recently had, messages.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) scope: Scope,
    pub(crate) mailbox: String,
    pub(crate) group: String,
    /// From when on its first message can be received: when none of it is in flight any more. None where it is empty.
    pub(crate) available: Option<Timestamp>,
    /// Its first message's sequence number.
    pub(crate) first: u64,
    /// The last sequence number that it gave.
    pub(crate) last: u64,
}

impl Group {
    /// Empty for so long that its next sequence number is later by the clock alone.
    pub(crate) fn is_stale(&self, now: Timestamp) -> bool {
        let hour_ago = now.minus(std::time::Duration::from_secs(3600));
        self.available.is_none() && self.last < crate::mailbox::sequence_at(hour_ago)
    }
}

impl Row for Group {
    const TABLE: &'static str = "sqs.groups";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.mailbox.clone(), self.group.clone())
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        let available = self.available.iter();
        available
            .map(|available| IndexEntry::new("available", (&self.mailbox, *available, self.first)))
            .collect()
    }
}

/// Where a message of a FIFO queue stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) scope: Scope,
    pub(crate) mailbox: String,
    pub(crate) group: String,
    pub(crate) sequence: u64,
    pub(crate) message: String,
    pub(crate) visible: Timestamp,
    pub(crate) sent: Timestamp,
    pub(crate) received: bool,
}

impl Row for Place {
    const TABLE: &'static str = "sqs.places";
    type Key = (String, String, u64);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.mailbox.clone(), self.group.clone(), self.sequence)
    }
}
