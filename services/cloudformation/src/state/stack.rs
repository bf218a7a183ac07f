use contract::{Chain, Principal};
use indexmap::IndexMap;
use names::{Arn, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row, StoreError, View};

/// A stack, whatever became of it. Deleted ones stay, and are found by their id.
///
/// It is no resource in the feed's sense: what AWS Config sees of stacks is [`super::recorded::RecordedStack`].
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Stack {
    pub(crate) scope: Scope,
    /// `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID`
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) template: String,
    /// As given, defaults left out.
    pub(crate) parameters: IndexMap<String, String>,
    pub(crate) capabilities: Vec<String>,
    pub(crate) tags: Tags,
    pub(crate) outputs: Vec<StackOutput>,
    pub(crate) role_arn: Option<Arn>,
    pub(crate) on_failure: OnFailure,
    pub(crate) retain_except_on_create: bool,
    pub(crate) timeout_minutes: Option<i32>,
    pub(crate) termination_protection: bool,
    pub(crate) policy: Option<String>,
    pub(crate) token: Option<String>,
    /// Who asked for the operation that is under way: its calls are made by this principal.
    pub(crate) principal: Principal,
    pub(crate) chain: Chain,
    /// Its creation has failed and is being undone: that decides what some deletion policies mean.
    pub(crate) undoing: bool,
    /// Resources that the deletion that is under way leaves alone.
    pub(crate) retained: Vec<String>,
    /// The deletion that is under way leaves alone what cannot be deleted (`FORCE_DELETE_STACK`).
    pub(crate) forced: bool,
    pub(crate) created: Timestamp,
    /// When its deletion or rollback began, as AWS has it.
    pub(crate) deleted: Option<Timestamp>,
    /// The number of the next event.
    pub(crate) next_event: u64,
}

/// Without its parameters and template, which may hold secrets.
impl std::fmt::Debug for Stack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stack").field("id", &self.id).field("status", &self.status).finish_non_exhaustive()
    }
}

/// What becomes of a stack whose creation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OnFailure {
    Nothing,
    Rollback,
    Delete,
}

/// An output of a stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StackOutput {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) description: Option<String>,
    pub(crate) export: Option<String>,
}

/// `AWS::CloudFormation::Stack`
pub(crate) const STACK: &str = "AWS::CloudFormation::Stack";

impl Stack {
    /// The stack that lives under a name, or any under an id.
    pub(crate) fn find_any(view: &View, scope: Scope, name_or_id: &str) -> Result<Option<Self>, StoreError> {
        if name_or_id.starts_with("arn:") {
            return view.get::<Self>(scope, name_or_id);
        }
        view.first_by_index::<Self>(scope, "by-name", name_or_id)
    }

    pub(crate) fn is(&self, status: &str) -> bool {
        self.status == status
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.is("DELETE_COMPLETE")
    }
}

impl Row for Stack {
    const TABLE: &'static str = "cloudformation.stacks";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.id.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        if self.is_deleted() { Vec::new() } else { vec![IndexEntry::new("by-name", self.name.as_str())] }
    }
}
