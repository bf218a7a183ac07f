//! How asynchronous invocations are retried, and where their records go.

use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};

/// The configuration of a function, version or alias.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EventInvoke {
    pub(crate) scope: Scope,
    /// The function's name.
    pub(crate) function: String,
    /// `$LATEST`, a version or an alias.
    pub(crate) qualifier: String,
    pub(crate) retries: Option<i32>,
    /// Seconds.
    pub(crate) age: Option<i32>,
    pub(crate) on_success: Option<String>,
    pub(crate) on_failure: Option<String>,
    pub(crate) modified: Timestamp,
}

impl EventInvoke {
    /// All of a function.
    pub(crate) fn of(view: &View, scope: Scope, function: &str) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(scope, (function,)).rows()
    }
}

impl Row for EventInvoke {
    const TABLE: &'static str = "lambda.event-invoke-configs";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.function.clone(), self.qualifier.clone())
    }
}
