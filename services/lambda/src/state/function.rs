//! Functions.

use super::{Configuration, Permissions};
use names::{Scope, Tags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{IndexEntry, ResourceIdentity, Row, StoreError, View};

/// The index of functions that reserve concurrency: each invocation asks for them.
const RESERVING: &str = "reserving";

/// A function: `$LATEST`, and what holds for all its versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Function {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    /// Another for each function that was ever made with this name: environments are never shared between two.
    pub(crate) incarnation: String,
    /// `$LATEST`.
    pub(crate) latest: Configuration,
    pub(crate) tags: Tags,
    /// The CloudFormation step that made it.
    pub(crate) step: Option<String>,
    /// Resource policies by qualifier; the function's own is under the empty one.
    pub(crate) permissions: BTreeMap<String, Permissions>,
    pub(crate) reserved_concurrency: Option<i32>,
    /// `RecursiveLoop: Allow`.
    pub(crate) recursion_allowed: bool,
    /// The number of the last version published; numbers are never used again.
    pub(crate) last_version: u64,
    /// By qualifier (`$LATEST` or a version); what is missing is `Auto`.
    pub(crate) runtime_management: BTreeMap<String, RuntimeManagement>,
}

/// How the runtime is updated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RuntimeManagement {
    /// `Auto`, `FunctionUpdate` or `Manual`.
    pub(crate) update: String,
    pub(crate) version_arn: Option<String>,
}

impl Function {
    /// The function's own ARN.
    pub(crate) fn arn(&self) -> String {
        crate::reference::qualified(self.scope, &self.name, None)
    }

    /// The functions that reserve concurrency, with how much.
    pub(crate) fn reserving(view: &View, scope: Scope) -> Result<BTreeMap<String, i32>, StoreError> {
        let functions = view.by_index::<Self>(scope, RESERVING, ())?;
        Ok(functions.into_iter().filter_map(|one| Some((one.name, one.reserved_concurrency?))).collect())
    }

    /// The function of a name.
    pub(crate) fn named(view: &View, scope: Scope, name: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, name)
    }
}

impl Row for Function {
    const TABLE: &'static str = "lambda.functions";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let reserving = self.reserved_concurrency.map(|_| IndexEntry::new(RESERVING, self.name.as_str()));
        reserving.into_iter().collect()
    }

    fn resource(&self) -> Option<ResourceIdentity> {
        Some(contract::Resource::identity(self))
    }
}
