use contract::{Chain, Description, Principal, Relationship, Resource};
use indexmap::IndexMap;
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

use super::resource::StackResource;

/// A stack, whatever became of it. Deleted ones stay, and are found by their id.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// Resources that the deletion that is under way leaves alone.
    pub(crate) retained: Vec<String>,
    pub(crate) created: Timestamp,
    pub(crate) deleted: Option<Timestamp>,
    /// The number of the next event.
    pub(crate) next_event: u64,
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

    pub(crate) fn is_deleted(&self) -> bool {
        self.status == "DELETE_COMPLETE"
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

    fn resource(&self) -> Option<ResourceIdentity> {
        (!self.is_deleted()).then(|| self.identity())
    }
}

impl Resource for Stack {
    const TYPE: ResourceType = ResourceType(STACK);

    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.id.clone(),
            name: Some(self.name.clone()),
            arn: self.id.clone(),
        }
    }

    fn describe(&self, view: &View) -> Result<Description, StoreError> {
        let resources = view.scan::<StackResource>(self.scope, (self.id.as_str(),)).rows()?;
        let relationships = resources.iter().filter_map(|resource| {
            let id = resource.physical_id.clone()?;
            Some(Relationship::to("Contains", &resource.resource_type, id))
        });
        let outputs: Vec<Document> = self
            .outputs
            .iter()
            .map(|output| document!({ "outputKey": (output.key.as_str()), "outputValue": (output.value.as_str()) }))
            .collect();
        let configuration = document!({
            "stackId": (self.id.as_str()),
            "stackName": (self.name.as_str()),
            "description": (self.description.clone()),
            "stackStatus": (self.status.as_str()),
            "stackStatusReason": (self.reason.clone()),
            "capabilities": (self.capabilities.iter().map(String::as_str).collect::<Document>()),
            "disableRollback": (self.on_failure == OnFailure::Nothing),
            "enableTerminationProtection": (self.termination_protection),
            "creationTime": (self.created.iso_millis()),
            "outputs": outputs
        });
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: Some(self.created),
            configuration,
            supplementary: IndexMap::new(),
            relationships: relationships.collect(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        Ok(view.get::<Self>(scope, id)?.filter(|stack| !stack.is_deleted()))
    }
}
