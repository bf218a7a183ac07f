use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Row;

/// A message.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) scope: Scope,
    pub(crate) mailbox: String,
    pub(crate) id: String,
    /// Empty where it is sealed.
    pub(crate) body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sealed: Option<Sealed>,
    pub(crate) attributes: BTreeMap<String, Attribute>,
    /// The system attribute `AWSTraceHeader`.
    pub(crate) trace: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) deduplication: Option<String>,
    /// Of FIFO queues.
    pub(crate) sequence: Option<u64>,
    pub(crate) sender: String,
    pub(crate) sent: Timestamp,
    /// From when on it can be received.
    pub(crate) visible: Timestamp,
    /// Among those of a moment.
    pub(crate) order: u32,
    /// In all queues that it was in.
    pub(crate) receives: u32,
    /// In the queue that it is in.
    pub(crate) receives_here: u32,
    pub(crate) first_received: Option<Timestamp>,
    /// When it was received last.
    pub(crate) received: Option<Timestamp>,
    /// What the latest receipt handle holds.
    pub(crate) receipt: Option<String>,
    /// The queue that it is a dead letter of.
    pub(crate) dead_letter_of: Option<String>,
    /// When it came to this queue, where that is not when it was sent: dead letters of standard queues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) arrived: Option<Timestamp>,
}

impl Message {
    /// Received, and not yet visible again.
    pub(crate) fn in_flight(&self, now: Timestamp) -> bool {
        self.receipt.is_some() && self.visible > now
    }
}

/// A body that is sealed with a data key of KMS.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sealed {
    /// The ARN of the queue that it was sent to, which is the encryption context: dead letters keep theirs.
    pub(crate) queue: String,
    /// The data key as KMS encrypted it.
    pub(crate) key: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

/// A value of a message attribute.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attribute {
    pub(crate) data_type: String,
    pub(crate) value: Value,
}

/// Text (also of numbers) or bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Value {
    Text(String),
    Bytes(Vec<u8>),
}

impl Row for Message {
    const TABLE: &'static str = "sqs.messages";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.mailbox.clone(), self.id.clone())
    }
}

/// Where a message of a standard queue stands: by the moment at which it becomes visible.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Slot {
    pub(crate) scope: Scope,
    pub(crate) mailbox: String,
    pub(crate) visible: Timestamp,
    pub(crate) order: u32,
    pub(crate) message: String,
    pub(crate) sent: Timestamp,
    /// It was received before: until it is visible it is in flight, else delayed.
    pub(crate) received: bool,
    /// See [`Message::arrived`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) arrived: Option<Timestamp>,
}

impl Slot {
    pub(crate) fn of(message: &Message) -> Self {
        Self {
            scope: message.scope,
            mailbox: message.mailbox.clone(),
            visible: message.visible,
            order: message.order,
            message: message.id.clone(),
            sent: message.sent,
            received: message.receipt.is_some(),
            arrived: message.arrived,
        }
    }
}

impl Row for Slot {
    const TABLE: &'static str = "sqs.slots";
    type Key = (String, Timestamp, u32, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.mailbox.clone(), self.visible, self.order, self.message.clone())
    }
}
