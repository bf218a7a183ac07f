use names::Scope;
use serde::{Deserialize, Serialize};
use store::Row;

/// That a step of a stack is about to make an alias, which has no tags to tell by whose it is: a step that was cut off and is run again takes
/// the alias that it finds for its own only where it noted this before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AliasStep {
    pub(crate) scope: Scope,
    pub(crate) alias: String,
    /// Stack, resource and step.
    pub(crate) token: String,
}

impl Row for AliasStep {
    const TABLE: &'static str = "kms.alias_steps";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    /// The last step that made an alias of this name.
    fn key(&self) -> String {
        self.alias.clone()
    }
}
