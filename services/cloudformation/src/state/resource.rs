use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{IndexEntry, Row};
use wire::Document;

/// A resource of a stack, as far as it has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StackResource {
    pub(crate) scope: Scope,
    pub(crate) stack_id: String,
    pub(crate) stack_name: String,
    pub(crate) logical_id: String,
    pub(crate) resource_type: String,
    pub(crate) physical_id: Option<String>,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) at: Timestamp,
    /// The same for each try of making it: handlers find by it what they made before `kill -9`.
    pub(crate) token: String,
    pub(crate) properties: Document,
    pub(crate) attributes: BTreeMap<String, Document>,
    pub(crate) metadata: Option<Document>,
}

impl StackResource {
    pub(crate) fn is(&self, status: &str) -> bool {
        self.status == status
    }
}

impl Row for StackResource {
    const TABLE: &'static str = "cloudformation.resources";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.stack_id.clone(), self.logical_id.clone())
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        self.physical_id.iter().map(|id| IndexEntry::new("by-physical-id", id.as_str())).collect()
    }
}
