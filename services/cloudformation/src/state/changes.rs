use super::stack::Configuration;
use names::{Arn, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row, StoreError, View};

/// What was foretold of one resource; the texts are those of the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Planned {
    /// `Add`, `Modify` or `Remove`
    pub(crate) action: String,
    pub(crate) logical_id: String,
    pub(crate) physical_id: Option<String>,
    pub(crate) resource_type: String,
    /// `True`, `False` or `Conditional`, of what is modified.
    pub(crate) replacement: Option<String>,
    pub(crate) scope: Vec<String>,
    pub(crate) details: Vec<Detail>,
    /// `PolicyAction`
    pub(crate) policy: Option<String>,
    /// JSON, without what is not to be echoed.
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// One reason why a resource changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Detail {
    pub(crate) attribute: String,
    pub(crate) name: Option<String>,
    pub(crate) recreation: String,
    pub(crate) change: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) cause: Cause,
}

impl Detail {
    /// An attribute of the declaration that the template changed.
    pub(crate) fn plain(attribute: &str) -> Self {
        Self {
            attribute: attribute.to_owned(),
            recreation: "Never".into(),
            change: "Modify".into(),
            cause: Cause::new("DirectModification", "Static", None),
            ..Self::default()
        }
    }
}

/// What makes a property change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cause {
    pub(crate) source: String,
    pub(crate) evaluation: String,
    pub(crate) entity: Option<String>,
}

impl Cause {
    pub(crate) fn new(source: &str, evaluation: &str, entity: Option<String>) -> Self {
        Self { source: source.to_owned(), evaluation: evaluation.to_owned(), entity }
    }
}

/// A change set.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ChangeSet {
    pub(crate) scope: Scope,
    /// `arn:aws:cloudformation:REGION:ACCOUNT:changeSet/NAME/UUID`
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) stack_id: String,
    pub(crate) stack_name: String,
    pub(crate) description: Option<String>,
    /// It makes the stack, which is in review until then.
    pub(crate) creates: bool,
    pub(crate) configuration: Configuration,
    pub(crate) role_arn: Option<Arn>,
    pub(crate) monitoring_minutes: Option<i32>,
    /// `ROLLBACK`, `DO_NOTHING` or `DELETE`
    pub(crate) on_failure: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) execution: String,
    pub(crate) token: Option<String>,
    pub(crate) changes: Vec<Planned>,
}

/// Without its parameters and template, which may hold secrets.
impl std::fmt::Debug for ChangeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangeSet")
            .field("id", &self.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl ChangeSet {
    /// The change set of an id, or of a name of a stack.
    pub(crate) fn find(
        view: &View,
        scope: Scope,
        name_or_id: &str,
        stack_id: Option<&str>,
    ) -> Result<Option<Self>, StoreError> {
        if name_or_id.starts_with("arn:") {
            return view.get::<Self>(scope, name_or_id);
        }
        let Some(stack_id) = stack_id else { return Ok(None) };
        let all = Self::of_stack(view, scope, stack_id)?;
        Ok(all.into_iter().find(|set| set.name == name_or_id))
    }

    /// All change sets of a stack.
    pub(crate) fn of_stack(view: &View, scope: Scope, stack_id: &str) -> Result<Vec<Self>, StoreError> {
        view.by_index::<Self>(scope, "by-stack", stack_id)
    }
}

impl Row for ChangeSet {
    const TABLE: &'static str = "cloudformation.change-sets";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.id.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("by-stack", self.stack_id.as_str())]
    }
}
