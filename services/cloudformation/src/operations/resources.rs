//! The resources of a stack.

use super::{CloudFormation, invalid, named_stack, on_stack, page};
use crate::state::drift::ResourceDrift;
use crate::state::resource::StackResource;
use crate::state::stack::Stack;
use api_cloudformation::{
    DescribeStackResource, DescribeStackResourceOutput, DescribeStackResources, DescribeStackResourcesOutput,
    Error, ListStackResources, ListStackResourcesOutput, StackResourceDetail, StackResourceDriftInformation,
    StackResourceDriftInformationSummary, StackResourceDriftStatus, StackResourceSummary,
};
use contract::{Access, Call, Transact};
use names::Timestamp;
use store::{Tx, View};

const PAGE: usize = 100;

fn resources(view: &View, stack: &Stack) -> Result<Vec<StackResource>, Error> {
    Ok(view.scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()?)
}

/// How a resource stood when it was last checked.
fn drift(
    view: &View,
    resource: &StackResource,
) -> Result<(StackResourceDriftStatus, Option<Timestamp>), Error> {
    let known = ResourceDrift::of(view, resource)?;
    Ok(known.map_or((StackResourceDriftStatus::NotChecked, None), |known| {
        (known.status.parse().unwrap_or_default(), Some(known.at))
    }))
}

fn drift_information(view: &View, resource: &StackResource) -> Result<StackResourceDriftInformation, Error> {
    let (stack_resource_drift_status, last_check_timestamp) = drift(view, resource)?;
    Ok(StackResourceDriftInformation { stack_resource_drift_status, last_check_timestamp })
}

impl Transact<DescribeStackResource> for CloudFormation {
    fn access(input: &DescribeStackResource, call: &Call, view: &View) -> Access {
        on_stack("DescribeStackResource", &input.stack_name, call, view)
    }

    fn run(
        input: DescribeStackResource,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeStackResourceOutput, Error> {
        let stack = Stack::find_any(tx, call.scope(), &input.stack_name)?
            .ok_or_else(|| invalid(format!("Stack '{}' does not exist", input.stack_name)))?;
        let resource = tx
            .get::<StackResource>(stack.scope, (&stack.id, &input.logical_resource_id))?
            .ok_or_else(|| {
                invalid(format!(
                    "Resource {} does not exist for stack {}",
                    input.logical_resource_id, stack.name
                ))
            })?;
        let drift_information = Some(drift_information(tx, &resource)?);
        Ok(DescribeStackResourceOutput {
            stack_resource_detail: Some(StackResourceDetail {
                stack_name: Some(resource.stack_name),
                stack_id: Some(resource.stack_id),
                logical_resource_id: resource.logical_id,
                physical_resource_id: resource.physical_id,
                resource_type: resource.resource_type,
                last_updated_timestamp: resource.at,
                resource_status: resource.status.parse().unwrap_or_default(),
                resource_status_reason: resource.reason,
                metadata: Some(
                    resource.metadata.map_or_else(|| "{}".to_owned(), |metadata| metadata.to_string()),
                ),
                drift_information,
                ..Default::default()
            }),
        })
    }
}

impl Transact<DescribeStackResources> for CloudFormation {
    fn access(input: &DescribeStackResources, call: &Call, view: &View) -> Access {
        let by_id = input.physical_resource_id.as_deref().and_then(|id| owner(view, call, id));
        let name = input.stack_name.clone().or(by_id).unwrap_or_else(|| "*".into());
        on_stack("DescribeStackResources", &name, call, view)
    }

    fn run(
        input: DescribeStackResources,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeStackResourcesOutput, Error> {
        let stack = match (&input.stack_name, &input.physical_resource_id) {
            (Some(name), None) => named_stack(tx, call, name)?,
            (None, Some(physical)) => {
                let id = owner(tx, call, physical)
                    .ok_or_else(|| invalid(format!("Stack for {physical} does not exist")))?;
                named_stack(tx, call, &id)?
            }
            _ => {
                return Err(invalid(
                    "You must specify either StackName or PhysicalResourceId, and not both.",
                ));
            }
        };
        let mut found = resources(tx, &stack)?;
        if let Some(logical_id) = &input.logical_resource_id {
            found.retain(|resource| resource.logical_id == *logical_id);
        }
        // AWS answers the first hundred, and no token.
        let mut told = Vec::new();
        for resource in found.into_iter().take(PAGE) {
            let drift_information = Some(drift_information(tx, &resource)?);
            told.push(api_cloudformation::StackResource {
                stack_name: Some(resource.stack_name),
                stack_id: Some(resource.stack_id),
                logical_resource_id: resource.logical_id,
                physical_resource_id: resource.physical_id,
                resource_type: resource.resource_type,
                timestamp: resource.at,
                resource_status: resource.status.parse().unwrap_or_default(),
                resource_status_reason: resource.reason,
                drift_information,
                ..Default::default()
            });
        }
        Ok(DescribeStackResourcesOutput { stack_resources: Some(told) })
    }
}

fn owner(view: &View, call: &Call, physical_id: &str) -> Option<String> {
    let found = view.by_index::<StackResource>(call.scope(), "by-physical-id", physical_id).ok()?;
    // Ids that are names can come again: the living one is meant.
    let living = found.iter().find(|resource| !resource.is_gone());
    living.or(found.last()).map(|resource| resource.stack_id.clone())
}

impl Transact<ListStackResources> for CloudFormation {
    fn access(input: &ListStackResources, call: &Call, view: &View) -> Access {
        on_stack("ListStackResources", &input.stack_name, call, view)
    }

    fn run(input: ListStackResources, call: &Call, tx: &mut Tx) -> Result<ListStackResourcesOutput, Error> {
        let stack = Stack::find_any(tx, call.scope(), &input.stack_name)?
            .ok_or_else(|| invalid(format!("Stack with id {} does not exist", input.stack_name)))?;
        let (found, next_token) = page(
            resources(tx, &stack)?,
            input.next_token.as_deref(),
            PAGE,
            |resource| resource.logical_id.clone(),
            |resource, last| resource.logical_id.as_str() > last,
        )?;
        let mut told = Vec::with_capacity(found.len());
        for resource in found {
            let (stack_resource_drift_status, last_check_timestamp) = drift(tx, &resource)?;
            told.push(StackResourceSummary {
                logical_resource_id: resource.logical_id,
                physical_resource_id: resource.physical_id,
                resource_type: resource.resource_type,
                last_updated_timestamp: resource.at,
                resource_status: resource.status.parse().unwrap_or_default(),
                resource_status_reason: resource.reason,
                drift_information: Some(StackResourceDriftInformationSummary {
                    stack_resource_drift_status,
                    last_check_timestamp,
                }),
                ..Default::default()
            });
        }
        Ok(ListStackResourcesOutput { stack_resource_summaries: Some(told), next_token })
    }
}
