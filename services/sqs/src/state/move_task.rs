use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// A redrive of dead letters.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MoveTask {
    pub(crate) scope: Scope,
    /// The dead-letter queue's name.
    pub(crate) source: String,
    pub(crate) started: Timestamp,
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) source_arn: String,
    /// None: each message goes back to the queue that it came from.
    pub(crate) destination_arn: Option<String>,
    pub(crate) rate: Option<i32>,
    pub(crate) moved: i64,
    pub(crate) to_move: i64,
    pub(crate) failure: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Running,
    Completed,
    Cancelling,
    Cancelled,
    Failed,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Cancelling => "CANCELLING",
            Self::Cancelled => "CANCELLED",
            Self::Failed => "FAILED",
        }
    }

    pub(crate) fn is_active(self) -> bool {
        matches!(self, Self::Running | Self::Cancelling)
    }
}

impl Row for MoveTask {
    const TABLE: &'static str = "sqs.move_tasks";
    type Key = (String, Timestamp, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.source.clone(), self.started, self.id.clone())
    }
}
