//! Provisioned concurrency.

use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};

/// How many environments a version or alias is to have ready. Recorded and answered; environments here start in milliseconds anyway.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Provisioned {
    pub(crate) scope: Scope,
    /// The function's name.
    pub(crate) function: String,
    /// A version or an alias.
    pub(crate) qualifier: String,
    pub(crate) requested: i32,
    pub(crate) modified: Timestamp,
}

impl Provisioned {
    /// All of a function.
    pub(crate) fn of(view: &View, scope: Scope, function: &str) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(scope, (function,)).rows()
    }
}

impl Row for Provisioned {
    const TABLE: &'static str = "lambda.provisioned-concurrency";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.function.clone(), self.qualifier.clone())
    }
}
