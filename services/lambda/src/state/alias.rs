//! Aliases.

use names::Scope;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, StoreError, View};

/// A name for a version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Alias {
    pub(crate) scope: Scope,
    /// The function's name.
    pub(crate) function: String,
    pub(crate) name: String,
    /// `$LATEST` or a number.
    pub(crate) version: String,
    pub(crate) description: String,
    /// Shares of other versions, in millionths.
    pub(crate) routing: BTreeMap<String, u32>,
    pub(crate) revision: String,
}

/// A whole share.
pub(crate) const WHOLE: u32 = 1_000_000;

impl Alias {
    /// All of a function, by name.
    pub(crate) fn of(view: &View, scope: Scope, function: &str) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(scope, (function,)).rows()
    }

    /// The version for a draw between 0 and [`WHOLE`].
    pub(crate) fn drawn(&self, draw: u32) -> &str {
        let mut passed = 0;
        for (version, share) in &self.routing {
            passed += share;
            if draw < passed {
                return version;
            }
        }
        &self.version
    }
}

impl Row for Alias {
    const TABLE: &'static str = "lambda.aliases";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.function.clone(), self.name.clone())
    }
}
