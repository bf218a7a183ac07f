use names::{Arn, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// A log group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LogGroup {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    /// Days; None keeps events for ever.
    pub(crate) retention: Option<i32>,
    /// `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    pub(crate) class: String,
    pub(crate) tags: Tags,
    pub(crate) deletion_protected: bool,
}

impl LogGroup {
    /// `arn:aws:logs:REGION:ACCOUNT:log-group:NAME`
    pub(crate) fn arn(&self) -> Arn {
        Arn::new("logs", self.scope, format!("log-group:{}", self.name))
    }

    /// Before this moment events are gone.
    pub(crate) fn horizon(&self, now: Timestamp) -> i64 {
        self.retention.map_or(i64::MIN, |days| now.millis() - i64::from(days) * 86_400_000)
    }
}

impl Row for LogGroup {
    const TABLE: &'static str = "logs.groups";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }
}
