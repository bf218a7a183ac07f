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
    /// Values in Parameter Store when the operation was asked for, by the names that parameters have.
    #[serde(default)]
    pub(crate) stored: IndexMap<String, String>,
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
    /// When its last update began.
    #[serde(default)]
    pub(crate) updated: Option<Timestamp>,
    /// When its deletion or rollback began, as AWS has it.
    pub(crate) deleted: Option<Timestamp>,
    #[serde(default)]
    pub(crate) notification_arns: Vec<String>,
    /// How long an update is watched after it, in minutes; there are no alarms to watch.
    #[serde(default)]
    pub(crate) monitoring_minutes: Option<i32>,
    /// The change set that was carried out last.
    #[serde(default)]
    pub(crate) change_set: Option<String>,
    /// The update that is under way, or that failed and was not rolled back.
    #[serde(default)]
    pub(crate) update: Option<Update>,
    /// The number of the next event.
    pub(crate) next_event: u64,
}

/// What an update of a stack changes at once.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Configuration {
    pub(crate) template: String,
    pub(crate) description: Option<String>,
    /// As given, defaults left out.
    pub(crate) parameters: IndexMap<String, String>,
    /// As the stack has them.
    #[serde(default)]
    pub(crate) stored: IndexMap<String, String>,
    pub(crate) capabilities: Vec<String>,
    pub(crate) tags: Tags,
    pub(crate) notification_arns: Vec<String>,
}

/// An update of a stack.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Update {
    /// While the update goes forward and is cleaned up: what was before it. While it is undone: what it wanted.
    pub(crate) other: Configuration,
    /// The policy that holds for this update instead of the stack's.
    pub(crate) policy: Option<String>,
    /// Where it fails it stays as it is.
    pub(crate) keeps_failures: bool,
    pub(crate) retain_except_on_create: bool,
    /// Why no further resource is begun: what failed.
    #[serde(default)]
    pub(crate) stopped: Option<String>,
    /// Resources whose restoration is passed over.
    #[serde(default)]
    pub(crate) skipped: Vec<String>,
}

/// Without parameters and templates, which may hold secrets.
impl std::fmt::Debug for Configuration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Configuration").field("description", &self.description).finish_non_exhaustive()
    }
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

    /// A stack that does not exist yet.
    pub(crate) fn new(id: String, name: String, configuration: Configuration, call: &contract::Call) -> Self {
        Self {
            scope: call.scope(),
            id,
            name,
            status: String::new(),
            reason: None,
            description: configuration.description,
            template: configuration.template,
            parameters: configuration.parameters,
            stored: configuration.stored,
            capabilities: configuration.capabilities,
            tags: configuration.tags,
            outputs: Vec::new(),
            role_arn: None,
            on_failure: OnFailure::Rollback,
            retain_except_on_create: false,
            timeout_minutes: None,
            termination_protection: false,
            policy: None,
            token: None,
            principal: call.principal.clone(),
            chain: call.chain.clone(),
            undoing: false,
            retained: Vec::new(),
            forced: false,
            created: call.now,
            updated: None,
            deleted: None,
            notification_arns: configuration.notification_arns,
            monitoring_minutes: None,
            change_set: None,
            update: None,
            next_event: 0,
        }
    }

    /// What is signalled when a stack's status changes.
    pub(crate) fn topic(id: &str) -> String {
        format!("cloudformation/stacks/{id}")
    }

    pub(crate) fn is(&self, status: &str) -> bool {
        self.status == status
    }

    pub(crate) fn configuration(&self) -> Configuration {
        Configuration {
            template: self.template.clone(),
            description: self.description.clone(),
            parameters: self.parameters.clone(),
            stored: self.stored.clone(),
            capabilities: self.capabilities.clone(),
            tags: self.tags.clone(),
            notification_arns: self.notification_arns.clone(),
        }
    }

    /// Takes on a configuration; answers the one before.
    pub(crate) fn configure(&mut self, new: Configuration) -> Configuration {
        let before = self.configuration();
        self.template = new.template;
        self.description = new.description;
        self.parameters = new.parameters;
        self.stored = new.stored;
        self.capabilities = new.capabilities;
        self.tags = new.tags;
        self.notification_arns = new.notification_arns;
        before
    }

    /// The stack as it was before the update that is under way, or as that update wanted it: whichever it is not now.
    pub(crate) fn otherwise(&self) -> Option<Self> {
        let update = self.update.as_ref()?;
        let mut other = self.clone();
        other.configure(update.other.clone());
        Some(other)
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
