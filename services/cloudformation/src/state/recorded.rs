use super::drift::ResourceDrift;
use super::resource::StackResource;
use super::stack::{OnFailure, STACK, Stack};
use contract::{Description, Relationship, Resource};
use indexmap::IndexMap;
use names::{ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, Tx, View};
use wire::{Document, document};

/// A stack as it was when it last came to rest: AWS Config records stacks only then, and sees nothing of what is under way.
/// <https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html>
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RecordedStack {
    scope: Scope,
    id: String,
    name: String,
    created: Timestamp,
    tags: Tags,
    protected: bool,
    configuration: Document,
    resources: Vec<Member>,
}

/// A resource of the stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Member {
    logical_id: String,
    physical_id: Option<String>,
    resource_type: String,
    status: String,
    reason: Option<String>,
    at: Timestamp,
    /// As it was found after the stack came to rest.
    #[serde(default)]
    drift: Option<(String, Timestamp)>,
}

impl RecordedStack {
    /// Takes down what a detection of drift found.
    pub(crate) fn note_drift(
        scope: Scope,
        stack_id: &str,
        status: &str,
        found: &[ResourceDrift],
        now: Timestamp,
        tx: &mut Tx,
    ) -> Result<(), StoreError> {
        let Some(mut known) = tx.get::<Self>(scope, stack_id)? else { return Ok(()) };
        let told = document!({ "stackDriftStatus": status, "lastCheckTimestamp": (now.iso_millis()) });
        known.configuration.set("driftInformation", told);
        for member in &mut known.resources {
            let drift = found.iter().find(|drift| drift.logical_id == member.logical_id);
            member.drift = drift.map(|drift| (drift.status.clone(), drift.at));
        }
        tx.put(known)
    }

    /// Takes down a stack that came to rest in a state that AWS Config records, or forgets one that is deleted. `parameters` as they may be
    /// shown.
    pub(crate) fn take(
        stack: &Stack,
        parameters: impl FnOnce() -> Vec<(String, String)>,
        tx: &mut Tx,
    ) -> Result<(), StoreError> {
        match stack.status.as_str() {
            "DELETE_COMPLETE" => tx.remove::<Self>(stack.scope, &stack.id).map(|_| ()),
            "CREATE_COMPLETE"
            | "UPDATE_COMPLETE"
            | "UPDATE_ROLLBACK_COMPLETE"
            | "UPDATE_FAILED"
            | "UPDATE_ROLLBACK_FAILED"
            | "DELETE_FAILED" => {
                let rows = tx.scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()?;
                tx.put(Self {
                    scope: stack.scope,
                    id: stack.id.clone(),
                    name: stack.name.clone(),
                    created: stack.created,
                    tags: stack.tags.clone(),
                    protected: stack.termination_protection,
                    configuration: configuration(stack, parameters()),
                    resources: rows.into_iter().filter(|row| !row.is_gone()).map(Member::from).collect(),
                })
            }
            _ => Ok(()),
        }
    }
}

impl From<StackResource> for Member {
    fn from(row: StackResource) -> Self {
        Self {
            logical_id: row.logical_id,
            physical_id: row.physical_id,
            resource_type: row.resource_type,
            status: row.status,
            reason: row.reason,
            at: row.at,
            drift: None,
        }
    }
}

fn configuration(stack: &Stack, parameters: Vec<(String, String)>) -> Document {
    let outputs = stack.outputs.iter().map(|output| {
        document!({
            "outputKey": (output.key.as_str()),
            "outputValue": (output.value.as_str()),
            "description": (output.description.clone())
        })
    });
    let outputs: Vec<Document> = outputs.collect();
    let parameters: Vec<Document> = parameters
        .into_iter()
        .map(|(key, value)| document!({ "parameterKey": key, "parameterValue": value }))
        .collect();
    document!({
        "stackId": (stack.id.as_str()),
        "stackName": (stack.name.as_str()),
        "description": (stack.description.clone()),
        "parameters": parameters,
        "creationTime": (stack.created.iso_millis()),
        "lastUpdatedTime": (stack.updated.map(|updated| updated.iso_millis())),
        "stackStatus": (stack.status.as_str()),
        "stackStatusReason": (stack.reason.clone()),
        "disableRollback": (stack.on_failure == OnFailure::Nothing),
        "notificationARNs": (stack.notification_arns.iter().map(String::as_str).collect::<Document>()),
        "timeoutInMinutes": (stack.timeout_minutes.map(i64::from)),
        "capabilities": (stack.capabilities.iter().map(String::as_str).collect::<Document>()),
        "outputs": outputs,
        "roleARN": (stack.role_arn.as_ref().map(ToString::to_string)),
        "enableTerminationProtection": (stack.termination_protection),
        "driftInformation": { "stackDriftStatus": "NOT_CHECKED" }
    })
}

impl Row for RecordedStack {
    const TABLE: &'static str = "cloudformation.recorded-stacks";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.id.clone()
    }

    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for RecordedStack {
    const TYPE: ResourceType = ResourceType(STACK);

    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.id.clone(),
            name: Some(self.name.clone()),
            arn: self.id.clone(),
        }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let relationships = self.resources.iter().filter_map(|resource| {
            let noun = resource.resource_type.rsplit("::").next()?;
            Some(Relationship::to(
                &format!("Contains {noun}"),
                &resource.resource_type,
                resource.physical_id.clone()?,
            ))
        });
        let summaries = self.resources.iter().map(|resource| {
            document!({
                "logicalResourceId": (resource.logical_id.as_str()),
                "physicalResourceId": (resource.physical_id.clone()),
                "resourceType": (resource.resource_type.as_str()),
                "lastUpdatedTimestamp": (resource.at.iso_millis()),
                "resourceStatus": (resource.status.as_str()),
                "resourceStatusReason": (resource.reason.clone()),
                "driftInformation": (match &resource.drift {
                    Some((status, at)) => document!({
                        "stackResourceDriftStatus": (status.as_str()),
                        "lastCheckTimestamp": (at.iso_millis())
                    }),
                    None => document!({ "stackResourceDriftStatus": "NOT_CHECKED" }),
                })
            })
        });
        let supplementary = IndexMap::from([
            ("EnableTerminationProtection".to_owned(), Document::from(self.protected)),
            ("StackResourceSummaries".to_owned(), Document::Array(summaries.collect())),
        ]);
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: Some(self.created),
            configuration: self.configuration.clone(),
            supplementary,
            relationships: relationships.collect(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get::<Self>(scope, id)
    }
}
