use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;
use wire::Document;

/// A notification for EventBridge (source `aws.config`): kept until `PutEvents` has taken it, and for a day where it does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct EventBridgeNotification {
    /// Where.
    pub(crate) scope: Scope,
    /// When.
    pub(crate) time: Timestamp,
    /// The event's id.
    pub(crate) id: String,
    /// `detail-type`, such as `Config Rules Compliance Change`.
    pub(crate) detail_type: String,
    /// `resources`: ARNs.
    pub(crate) resources: Vec<String>,
    /// `detail`.
    pub(crate) detail: Document,
}

impl Row for EventBridgeNotification {
    const TABLE: &'static str = "config.event_bridge_notifications";
    type Key = (Timestamp, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.time, self.id.clone())
    }
}
