use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{IndexEntry, Row};
use wire::Document;

/// A resource of a stack, as far as it has come.
#[derive(Clone, Serialize, Deserialize)]
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
    /// Its handler was begun and has not answered: after `kill -9` nobody knows whether it made something.
    pub(crate) making: bool,
    pub(crate) properties: Document,
    /// The properties as JSON, with asterisks for what is not to be echoed.
    pub(crate) shown: Option<String>,
    pub(crate) attributes: BTreeMap<String, Document>,
    pub(crate) metadata: Option<Document>,
}

/// Without its properties, which may hold secrets.
impl std::fmt::Debug for StackResource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StackResource")
            .field("logical_id", &self.logical_id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl StackResource {
    pub(crate) fn is(&self, status: &str) -> bool {
        self.status == status
    }

    /// Nothing is left to do about it.
    pub(crate) fn is_gone(&self) -> bool {
        self.is("DELETE_COMPLETE") || self.is("DELETE_SKIPPED")
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
