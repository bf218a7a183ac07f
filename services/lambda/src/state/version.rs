//! Published versions.

use super::Configuration;
use names::Scope;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};

/// A version: code and configuration that never change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) scope: Scope,
    /// The function's name.
    pub(crate) function: String,
    pub(crate) number: u64,
    pub(crate) configuration: Configuration,
}

impl Version {
    /// All of a function, oldest first.
    pub(crate) fn of(view: &View, scope: Scope, function: &str) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(scope, (function,)).rows()
    }

    /// The one that a qualifier names by its number.
    pub(crate) fn numbered(
        view: &View,
        scope: Scope,
        function: &str,
        qualifier: &str,
    ) -> Result<Option<Self>, StoreError> {
        match qualifier.parse::<u64>() {
            Ok(number) if number.to_string() == qualifier => view.get(scope, (function, number)),
            _ => Ok(None),
        }
    }
}

impl Row for Version {
    const TABLE: &'static str = "lambda.versions";
    type Key = (String, u64);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.function.clone(), self.number)
    }
}
