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
    /// What an update that is under way, or that failed, did to it.
    #[serde(default)]
    pub(crate) change: Option<ResourceChange>,
    /// The change that was begun: cleared when it has succeeded.
    #[serde(default)]
    pub(crate) wanted: Option<Wanted>,
    /// Other things that were made for it, and are to be deleted when the update is over.
    #[serde(default)]
    pub(crate) surplus: Vec<Thing>,
}

/// What an update did to a resource.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ResourceChange {
    /// What it was before the update; None where the update brought it.
    pub(crate) former: Option<Thing>,
}

/// What a resource stands for.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Thing {
    pub(crate) physical_id: String,
    pub(crate) properties: Document,
    pub(crate) shown: Option<String>,
    pub(crate) attributes: BTreeMap<String, Document>,
    pub(crate) metadata: Option<Document>,
    pub(crate) token: String,
}

/// A change that was begun.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Wanted {
    pub(crate) properties: Document,
    pub(crate) shown: Option<String>,
    pub(crate) metadata: Option<Document>,
    /// Of the step: the same for each try.
    pub(crate) token: String,
    /// Another thing is made; else the one there is is changed.
    pub(crate) replaces: bool,
    /// The handler answered, and failed. Until then nobody knows after `kill -9` how far it came.
    pub(crate) failed: bool,
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

/// A token of a step.
pub(crate) fn step_token(call: &contract::Call) -> String {
    call.entropy.text(12, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
}

impl StackResource {
    pub(crate) fn is(&self, status: &str) -> bool {
        self.status == status
    }

    /// What it stands for now.
    pub(crate) fn thing(&self) -> Option<Thing> {
        Some(Thing {
            physical_id: self.physical_id.clone()?,
            properties: self.properties.clone(),
            shown: self.shown.clone(),
            attributes: self.attributes.clone(),
            metadata: self.metadata.clone(),
            token: self.token.clone(),
        })
    }

    /// Lets it stand for another thing.
    pub(crate) fn become_thing(&mut self, thing: Thing) {
        self.physical_id = Some(thing.physical_id);
        self.properties = thing.properties;
        self.shown = thing.shown;
        self.attributes = thing.attributes;
        self.metadata = thing.metadata;
        self.token = thing.token;
    }

    /// A row for what is begun under a name.
    pub(crate) fn begun(
        stack: &super::stack::Stack,
        logical_id: &str,
        resource_type: &str,
        shown: Option<String>,
        call: &contract::Call,
    ) -> Self {
        Self {
            scope: stack.scope,
            stack_id: stack.id.clone(),
            stack_name: stack.name.clone(),
            logical_id: logical_id.to_owned(),
            resource_type: resource_type.to_owned(),
            physical_id: None,
            status: String::new(),
            reason: None,
            at: call.now,
            token: step_token(call),
            making: false,
            properties: Document::object(),
            shown,
            attributes: BTreeMap::new(),
            metadata: None,
            change: None,
            wanted: None,
            surplus: Vec::new(),
        }
    }

    /// Things beside the one that it stands for, that are there because of an update that is not over.
    pub(crate) fn others(&self) -> Vec<Thing> {
        let former = self.change.as_ref().and_then(|change| change.former.clone());
        let former = former.filter(|former| Some(&former.physical_id) != self.physical_id.as_ref());
        former.into_iter().chain(self.surplus.iter().cloned()).collect()
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
