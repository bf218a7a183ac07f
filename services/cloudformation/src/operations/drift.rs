//! The detection of drift.

use super::{CloudFormation, any_stack, invalid, named_stack, on_stack, page};
use crate::drift::{self, Found};
use crate::engine;
use crate::state::drift::{Difference, DriftDetection, ResourceDrift, StackDrift};
use crate::state::resource::StackResource;
use crate::state::stack::Stack;
use api_cloudformation::{
    DescribeStackDriftDetectionStatus, DescribeStackDriftDetectionStatusOutput, DescribeStackResourceDrifts,
    DescribeStackResourceDriftsOutput, DetectStackDrift, DetectStackDriftOutput, DetectStackResourceDrift,
    DetectStackResourceDriftOutput, Error, PropertyDifference, StackResourceDrift,
};
use contract::{Access, Call, Context, Orchestrate, Transact};
use store::{Tx, View};

const PAGE: usize = 100;
/// "You can perform drift detection on a stack that is in one of these states."
const RESTING: &[&str] =
    &["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"];

fn check_status(stack: &Stack) -> Result<(), Error> {
    if RESTING.contains(&stack.status.as_str()) {
        return Ok(());
    }
    Err(invalid(format!(
        "Drift detection cannot be performed on stack [{}] while it is in the {} state.",
        stack.id, stack.status
    )))
}

fn resource(view: &View, stack: &Stack, logical_id: &str) -> Result<StackResource, Error> {
    let found = view.get::<StackResource>(stack.scope, (stack.id.as_str(), logical_id))?;
    found
        .filter(|resource| !resource.is_gone())
        .ok_or_else(|| invalid(format!("Resource {logical_id} does not exist for stack {}", stack.name)))
}

impl Transact<DetectStackDrift> for CloudFormation {
    fn access(input: &DetectStackDrift, call: &Call, view: &View) -> Access {
        on_stack("DetectStackDrift", &input.stack_name, call, view)
    }

    fn run(input: DetectStackDrift, call: &Call, tx: &mut Tx) -> Result<DetectStackDriftOutput, Error> {
        let stack = named_stack(tx, call, &input.stack_name)?;
        check_status(&stack)?;
        let resources = input.logical_resource_ids.unwrap_or_default();
        for logical_id in &resources {
            resource(tx, &stack, logical_id)?;
        }
        let known = tx.get::<StackDrift>(stack.scope, &stack.id)?;
        if let Some(known) = &known
            && let Some(last) = tx.get::<DriftDetection>(stack.scope, &known.detection)?
            && last.is_under_way()
        {
            return Err(invalid(format!("Drift detection is already in progress for stack [{}]", stack.id)));
        }
        let detection = DriftDetection {
            scope: stack.scope,
            id: call.entropy.uuid(),
            stack_id: stack.id.clone(),
            status: "DETECTION_IN_PROGRESS".to_owned(),
            reason: None,
            drift: None,
            drifted: None,
            at: call.now,
            resources,
            principal: call.principal.clone(),
            chain: call.chain.clone(),
        };
        drift::enqueue(&detection, call, tx)?;
        let (status, at) = known.map_or(("NOT_CHECKED".to_owned(), None), |known| (known.status, known.at));
        let detection_id = detection.id.clone();
        tx.put(StackDrift {
            scope: stack.scope,
            stack_id: stack.id,
            detection: detection.id.clone(),
            status,
            at,
        })?;
        tx.put(detection)?;
        Ok(DetectStackDriftOutput { stack_drift_detection_id: detection_id })
    }
}

impl Transact<DescribeStackDriftDetectionStatus> for CloudFormation {
    fn access(_: &DescribeStackDriftDetectionStatus, _: &Call, _: &View) -> Access {
        Access::to("cloudformation:DescribeStackDriftDetectionStatus")
    }

    fn run(
        input: DescribeStackDriftDetectionStatus,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeStackDriftDetectionStatusOutput, Error> {
        let id = input.stack_drift_detection_id;
        let known = tx.get::<DriftDetection>(call.scope(), &id)?;
        let known = known.ok_or_else(|| invalid(format!("Drift detection [{id}] does not exist")))?;
        Ok(DescribeStackDriftDetectionStatusOutput {
            stack_id: known.stack_id,
            stack_drift_detection_id: known.id,
            stack_drift_status: known.drift.and_then(|status| status.parse().ok()),
            detection_status: known.status.parse().unwrap_or_default(),
            detection_status_reason: known.reason,
            drifted_stack_resource_count: known.drifted,
            timestamp: known.at,
        })
    }
}

impl Transact<DescribeStackResourceDrifts> for CloudFormation {
    fn access(input: &DescribeStackResourceDrifts, call: &Call, view: &View) -> Access {
        on_stack("DescribeStackResourceDrifts", &input.stack_name, call, view)
    }

    /// Of the resources that were checked, and that the stack did not change since.
    fn run(
        input: DescribeStackResourceDrifts,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeStackResourceDriftsOutput, Error> {
        let stack = any_stack(tx, call, &input.stack_name)?;
        let wanted = input.stack_resource_drift_status_filters.unwrap_or_default();
        let mut found = Vec::new();
        for resource in tx.scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()? {
            let known = ResourceDrift::of(tx, &resource)?;
            let is_wanted = |drift: &ResourceDrift| {
                wanted.is_empty() || wanted.iter().any(|status| status.as_str() == drift.status)
            };
            found.extend(known.filter(is_wanted));
        }
        let size = input.max_results.and_then(|most| usize::try_from(most).ok()).unwrap_or(PAGE);
        let (found, next_token) = page(
            found,
            input.next_token.as_deref(),
            size.min(PAGE),
            |drift| drift.logical_id.clone(),
            |drift, last| drift.logical_id.as_str() > last,
        )?;
        Ok(DescribeStackResourceDriftsOutput {
            stack_resource_drifts: found.into_iter().map(told).collect(),
            next_token,
        })
    }
}

#[async_trait::async_trait]
impl Orchestrate<DetectStackResourceDrift> for CloudFormation {
    fn access(&self, input: &DetectStackResourceDrift, call: &Call, view: &View) -> Access {
        on_stack("DetectStackResourceDrift", &input.stack_name, call, view)
    }

    async fn run(
        &self,
        input: DetectStackResourceDrift,
        call: &Call,
        context: &Context,
    ) -> Result<DetectStackResourceDriftOutput, Error> {
        let view = context.store.view();
        let stack = named_stack(&view, call, &input.stack_name)?;
        check_status(&stack)?;
        let resource = resource(&view, &stack, &input.logical_resource_id)?;
        let siblings = view.scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()?;
        drop(view);
        let caller = engine::caller_of(&stack, &call.principal, &call.chain, context);
        let found = match drift::check(&resource, &siblings, &stack, &caller, context).await {
            Found::Checked(found) => *found,
            Found::NotSupported => {
                return Err(invalid(format!(
                    "Drift detection is not supported for resource type {}",
                    resource.resource_type
                )));
            }
        };
        context.transact(call, |_, tx| tx.put(found.clone()).map_err(Error::from)).await?;
        Ok(DetectStackResourceDriftOutput { stack_resource_drift: told(found) })
    }
}

fn told(drift: ResourceDrift) -> StackResourceDrift {
    let difference = |it: Difference| PropertyDifference {
        property_path: it.path,
        expected_value: it.expected,
        actual_value: it.actual,
        difference_type: it.kind.parse().unwrap_or_default(),
    };
    StackResourceDrift {
        stack_id: drift.stack_id,
        logical_resource_id: drift.logical_id,
        physical_resource_id: drift.physical_id,
        resource_type: drift.resource_type,
        expected_properties: Some(drift.expected.to_string()),
        actual_properties: drift.actual.map(|actual| actual.to_string()),
        property_differences: Some(drift.differences.into_iter().map(difference).collect()),
        stack_resource_drift_status: drift.status.parse().unwrap_or_default(),
        timestamp: drift.at,
        drift_status_reason: drift.reason,
        ..Default::default()
    }
}
