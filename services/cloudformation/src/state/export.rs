use super::stack::Stack;
use names::Scope;
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row, StoreError, View};

/// A value that a stack exports.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Export {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) stack_id: String,
    pub(crate) stack_name: String,
}

impl Export {
    /// The export that a stack may use: not one of a stack that is being deleted.
    pub(crate) fn usable(view: &View, scope: Scope, name: &str) -> Result<Option<Self>, StoreError> {
        let Some(export) = view.get::<Self>(scope, name)? else { return Ok(None) };
        let owner = view.get::<Stack>(scope, &export.stack_id)?;
        Ok(owner.is_some_and(|stack| !stack.is("DELETE_IN_PROGRESS")).then_some(export))
    }
}

impl Row for Export {
    const TABLE: &'static str = "cloudformation.exports";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("by-stack", self.stack_id.as_str())]
    }
}

/// A stack that uses another's export.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Import {
    pub(crate) scope: Scope,
    pub(crate) export: String,
    pub(crate) stack_id: String,
    pub(crate) stack_name: String,
}

impl Row for Import {
    const TABLE: &'static str = "cloudformation.imports";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.export.clone(), self.stack_id.clone())
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("by-stack", self.stack_id.as_str())]
    }
}
