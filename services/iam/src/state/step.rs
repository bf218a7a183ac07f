use names::Scope;
use serde::{Deserialize, Serialize};
use store::Row;

/// That a stack's step has begun to make something that carries no tags, and what was there before it: after `kill -9` the step is run
/// again, and tells by this what it made itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) scope: Scope,
    /// The stack's ARN, the logical id and the step's token.
    pub(crate) id: String,
    pub(crate) before: Vec<String>,
}

impl Row for Step {
    const TABLE: &'static str = "iam.steps";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.id.clone()
    }
}
