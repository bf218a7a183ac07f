use contract::Secret;
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row};

/// A request to a custom resource's provider, until its answer has been used.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CustomRequest {
    pub(crate) scope: Scope,
    /// `RequestId`
    pub(crate) id: String,
    pub(crate) stack_id: String,
    pub(crate) logical_id: String,
    /// Which step of which resource asked: the same step asks once.
    pub(crate) step: String,
    /// What the response's URL must hold.
    pub(crate) secret: Secret,
    /// The provider was asked.
    pub(crate) sent: bool,
    /// When no answer is waited for any longer.
    pub(crate) deadline: Timestamp,
    /// The response's body; it may hold secrets.
    pub(crate) answer: Option<Secret>,
}

impl CustomRequest {
    /// What is signalled when the answer is there.
    pub(crate) fn topic(id: &str) -> String {
        format!("cloudformation/responses/{id}")
    }
}

impl Row for CustomRequest {
    const TABLE: &'static str = "cloudformation.custom-requests";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.id.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("by-resource", (self.stack_id.as_str(), self.logical_id.as_str()))]
    }
}
