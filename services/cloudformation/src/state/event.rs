use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// What happened to a stack or to one of its resources.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StackEvent {
    pub(crate) scope: Scope,
    pub(crate) stack_id: String,
    pub(crate) stack_name: String,
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) logical_id: String,
    pub(crate) physical_id: Option<String>,
    pub(crate) resource_type: String,
    pub(crate) at: Timestamp,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) properties: Option<String>,
    pub(crate) token: Option<String>,
}

impl Row for StackEvent {
    const TABLE: &'static str = "cloudformation.events";
    type Key = (String, u64);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.stack_id.clone(), self.number)
    }
}
