//! Event source mappings, and how far each has read its stream.

use crate::reference::{FunctionReference, qualified};
use names::{Arn, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row, StoreError, Tx, View};

/// Who looks after all mappings waits for this.
pub(crate) const ANY: &str = "lambda-event-source-mappings";

/// A queue or stream whose records a function is invoked with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EventSourceMapping {
    pub(crate) scope: Scope,
    pub(crate) uuid: String,
    /// The queue's or stream's ARN.
    pub(crate) source: String,
    /// The function's name.
    pub(crate) function: String,
    pub(crate) qualifier: Option<String>,
    pub(crate) enabled: bool,
    pub(crate) phase: Phase,
    /// `LastProcessingResult`: None before the first poll.
    pub(crate) result: Option<String>,
    /// What keeps it from its work: shown as the reason of its state.
    pub(crate) problem: Option<String>,
    pub(crate) modified: Timestamp,
    pub(crate) settings: Settings,
    pub(crate) tags: Tags,
    /// The CloudFormation step that made it.
    pub(crate) step: Option<String>,
}

/// What is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    Creating,
    Updating,
    Enabling,
    Disabling,
    Deleting,
    /// Nothing: it is enabled or disabled.
    Settled,
}

/// How it reads and invokes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) batch_size: i32,
    /// Seconds.
    pub(crate) window: i32,
    /// Patterns; a record that matches one is taken.
    pub(crate) filters: Vec<String>,
    /// `ReportBatchItemFailures`.
    pub(crate) partial: bool,
    /// Of a queue: `MaximumConcurrency`.
    pub(crate) concurrency: Option<i32>,
    /// Of a stream.
    pub(crate) stream: Option<StreamSettings>,
}

/// How a stream is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StreamSettings {
    /// `TRIM_HORIZON` or `LATEST`.
    pub(crate) start: String,
    pub(crate) bisect: bool,
    /// -1: for ever.
    pub(crate) retries: i32,
    /// Seconds; -1: for ever.
    pub(crate) age: i32,
    pub(crate) parallel: i32,
    /// The ARN of a queue or topic.
    pub(crate) on_failure: Option<String>,
}

impl EventSourceMapping {
    pub(crate) fn arn(&self) -> String {
        mapping_arn(self.scope, &self.uuid)
    }

    /// As it is answered: with the qualifier.
    pub(crate) fn function_arn(&self) -> String {
        qualified(self.scope, &self.function, self.qualifier.as_deref())
    }

    pub(crate) fn reference(&self) -> FunctionReference {
        FunctionReference {
            scope: self.scope,
            name: self.function.clone(),
            qualifier: self.qualifier.clone(),
        }
    }

    /// Whether its source is a queue; a stream otherwise.
    pub(crate) fn is_queue(&self) -> bool {
        self.source.parse::<Arn>().is_ok_and(|arn| arn.service == "sqs")
    }

    /// Whether records are to be read for it.
    pub(crate) fn is_active(&self) -> bool {
        self.enabled && self.phase == Phase::Settled
    }

    /// What its poller waits for.
    pub(crate) fn topic(uuid: &str) -> String {
        format!("lambda-event-source-mapping/{uuid}")
    }

    /// Writes it, and wakes who looks after it.
    pub(crate) fn put(self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.signal(ANY);
        tx.signal(Self::topic(&self.uuid));
        tx.put(self)
    }

    pub(crate) fn find(view: &View, scope: Scope, uuid: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, uuid)
    }

    /// All of a function, whichever qualifier.
    pub(crate) fn of_function(view: &View, scope: Scope, function: &str) -> Result<Vec<Self>, StoreError> {
        view.by_index::<Self>(scope, "function", function)
    }
}

/// `arn:aws:lambda:REGION:ACCOUNT:event-source-mapping:UUID`
pub(crate) fn mapping_arn(scope: Scope, uuid: &str) -> String {
    Arn::new("lambda", scope, format!("event-source-mapping:{uuid}")).to_string()
}

impl Row for EventSourceMapping {
    const TABLE: &'static str = "lambda.event-source-mappings";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.uuid.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("function", self.function.as_str())]
    }
}

/// How far a mapping has read a shard.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StreamPosition {
    pub(crate) scope: Scope,
    pub(crate) mapping: String,
    pub(crate) shard: String,
    /// The last record that is dealt with; None: none yet.
    pub(crate) sequence: Option<String>,
    /// The shard has ended, and all of it is dealt with.
    pub(crate) finished: bool,
}

impl Row for StreamPosition {
    const TABLE: &'static str = "lambda.stream-positions";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.mapping.clone(), self.shard.clone())
    }
}
