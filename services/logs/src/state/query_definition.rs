use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// A query that was saved.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct QueryDefinition {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) groups: Option<Vec<String>>,
    pub(crate) parameters: Option<Vec<Parameter>>,
    pub(crate) modified: Timestamp,
    /// With which it was made: another call with it makes no other.
    pub(crate) token: Option<String>,
}

/// What a saved query leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) default: Option<String>,
    pub(crate) description: Option<String>,
}

impl Row for QueryDefinition {
    const TABLE: &'static str = "logs.query_definitions";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.id.clone()
    }
}
