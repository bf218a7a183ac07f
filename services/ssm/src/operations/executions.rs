//! Executions of runbooks: read and stopped.

use super::Ssm;
use crate::automation;
use crate::document::{OnFailure, Runbook, Step, shown};
use crate::errors::no_execution;
use crate::page::page;
use crate::state::{Execution, StepState};
use api_ssm::{
    AutomationExecution, AutomationExecutionFilterKey, AutomationExecutionMetadata,
    AutomationExecutionStatus, AutomationType, DescribeAutomationExecutions,
    DescribeAutomationExecutionsOutput, DescribeAutomationStepExecutions,
    DescribeAutomationStepExecutionsOutput, Error, ExecutionMode, FailureDetails, GetAutomationExecution,
    GetAutomationExecutionOutput, InvalidAutomationStatusUpdateException, InvalidFilterValue, StepExecution,
    StepExecutionFilterKey, StopAutomationExecution, StopAutomationExecutionOutput, StopType,
};
use contract::{Access, Call, Transact};
use names::{Arn, Timestamp};
use policy::ResourcePolicy;
use store::{Tx, View};
use wire::Document;

pub(super) fn access(action: &str, call: &Call, view: &View, id: &str) -> Access {
    let arn = Arn::new("ssm", call.scope(), format!("automation-execution/{id}"));
    let access = Access::on(format!("ssm:{action}"), arn);
    match view.get::<Execution>(call.scope(), id) {
        Ok(Some(execution)) => {
            let arn = execution.arn().to_string();
            let access = access.with_resource_tags(&execution.tags);
            access.with_policy(
                call.account,
                execution.watched_by().map(|document| ResourcePolicy::new(&arn, document)),
            )
        }
        _ => access,
    }
}

pub(super) fn find(view: &View, call: &Call, id: &str) -> Result<Execution, Error> {
    view.get::<Execution>(call.scope(), id)?.ok_or_else(|| no_execution(id))
}

fn status(text: &str) -> Option<AutomationExecutionStatus> {
    text.parse().ok()
}

/// The steps in the runbook's order.
fn steps(execution: &Execution) -> Vec<StepExecution> {
    let runbook =
        Document::parse(&execution.content).ok().and_then(|document| Runbook::parse(&document).ok());
    let steps = runbook.map(|runbook| runbook.steps).unwrap_or_default();
    steps.iter().zip(&execution.steps).map(|(step, state)| step_shown(step, state)).collect()
}

fn step_shown(step: &Step, state: &StepState) -> StepExecution {
    let outputs = state
        .outputs
        .iter()
        .map(|(name, value)| (name.clone(), shown(&Document::parse(value).unwrap_or_default())));
    let failed = state.failure.as_ref().filter(|_| state.status != "Success");
    StepExecution {
        step_name: Some(step.name.clone()),
        action: Some(step.action.name().into()),
        timeout_seconds: step.time_limit().and_then(|seconds| i64::try_from(seconds).ok()),
        on_failure: Some(match &step.on_failure {
            OnFailure::Abort => "Abort".into(),
            OnFailure::Continue => "Continue".into(),
            OnFailure::Step(name) => format!("step:{name}"),
        }),
        max_attempts: i32::try_from(step.max_attempts).ok(),
        execution_start_time: state.started,
        execution_end_time: state.ended,
        step_status: status(&state.status),
        response_code: state.response_code.clone(),
        inputs: Some(state.inputs.clone()),
        outputs: Some(outputs.collect()),
        response: state.response.clone(),
        failure_message: failed.cloned(),
        failure_details: failed.map(|_| FailureDetails {
            failure_stage: Some("Execution".into()),
            failure_type: Some(if state.status == "TimedOut" { "TimedOut" } else { "Action" }.into()),
            details: None,
        }),
        step_execution_id: Some(state.id.clone()),
        is_end: Some(step.is_end),
        next_step: step.next_step.clone(),
        is_critical: Some(step.is_critical),
        valid_next_steps: Some(step.branches()).filter(|steps| !steps.is_empty()),
        ..StepExecution::default()
    }
}

/// The step that is under way: its name and action.
fn current(execution: &Execution, steps: &[StepExecution]) -> (Option<String>, Option<String>) {
    match steps.get(execution.current).filter(|_| !execution.has_ended()) {
        Some(step) => (step.step_name.clone(), step.action.clone()),
        None => (None, None),
    }
}

fn whole(execution: Execution) -> AutomationExecution {
    let steps = steps(&execution);
    let (current_step_name, current_action) = current(&execution, &steps);
    AutomationExecution {
        automation_execution_id: Some(execution.id),
        document_name: Some(execution.document),
        document_version: Some(execution.version),
        execution_start_time: Some(execution.started),
        execution_end_time: execution.ended,
        automation_execution_status: status(&execution.status),
        step_executions: Some(steps),
        step_executions_truncated: Some(false),
        parameters: Some(execution.parameters),
        outputs: Some(execution.outputs),
        failure_message: execution.failure,
        mode: Some(ExecutionMode::Auto),
        executed_by: Some(execution.principal.arn()),
        current_step_name,
        current_action,
        ..AutomationExecution::default()
    }
}

fn metadata(execution: Execution) -> AutomationExecutionMetadata {
    let steps = steps(&execution);
    let (current_step_name, current_action) = current(&execution, &steps);
    AutomationExecutionMetadata {
        automation_execution_id: Some(execution.id),
        document_name: Some(execution.document),
        document_version: Some(execution.version),
        automation_execution_status: status(&execution.status),
        execution_start_time: Some(execution.started),
        execution_end_time: execution.ended,
        executed_by: Some(execution.principal.arn()),
        outputs: Some(execution.outputs),
        mode: Some(ExecutionMode::Auto),
        current_step_name,
        current_action,
        failure_message: execution.failure,
        automation_type: Some(AutomationType::Local),
        ..AutomationExecutionMetadata::default()
    }
}

impl Transact<GetAutomationExecution> for Ssm {
    fn access(input: &GetAutomationExecution, call: &Call, view: &View) -> Access {
        access("GetAutomationExecution", call, view, &input.automation_execution_id)
    }

    fn run(
        input: GetAutomationExecution,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetAutomationExecutionOutput, Error> {
        let execution = find(tx, call, &input.automation_execution_id)?;
        Ok(GetAutomationExecutionOutput { automation_execution: Some(whole(execution)) })
    }
}

impl Transact<DescribeAutomationExecutions> for Ssm {
    fn access(_: &DescribeAutomationExecutions, _: &Call, _: &View) -> Access {
        Access::to("ssm:DescribeAutomationExecutions")
    }

    fn run(
        input: DescribeAutomationExecutions,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeAutomationExecutionsOutput, Error> {
        let mut executions = tx.scan_index::<Execution>(call.scope(), "started", ()).reverse().rows()?;
        for filter in input.filters.into_iter().flatten() {
            let wanted = |text: &str| filter.values.iter().any(|value| value == text);
            match filter.key {
                AutomationExecutionFilterKey::DocumentNamePrefix => executions.retain(|execution| {
                    filter.values.iter().any(|value| execution.document.starts_with(value.as_str()))
                }),
                AutomationExecutionFilterKey::ExecutionStatus => {
                    executions.retain(|execution| wanted(&execution.status))
                }
                AutomationExecutionFilterKey::ExecutionId => {
                    executions.retain(|execution| wanted(&execution.id))
                }
                AutomationExecutionFilterKey::StartTimeBefore => {
                    let moment = moment(&filter.values)?;
                    executions.retain(|execution| execution.started <= moment);
                }
                AutomationExecutionFilterKey::StartTimeAfter => {
                    let moment = moment(&filter.values)?;
                    executions.retain(|execution| execution.started >= moment);
                }
                AutomationExecutionFilterKey::AutomationType => executions.retain(|_| wanted("Local")),
                AutomationExecutionFilterKey::CurrentAction => {
                    executions.retain(|execution| {
                        current(execution, &steps(execution)).1.is_some_and(|action| wanted(&action))
                    });
                }
                AutomationExecutionFilterKey::TagKey => {
                    executions
                        .retain(|execution| filter.values.iter().any(|key| execution.tags.contains_key(key)));
                }
                // No execution of this cloud has a parent, a target group, a subtype or an item.
                AutomationExecutionFilterKey::ParentExecutionId
                | AutomationExecutionFilterKey::TargetResourceGroup
                | AutomationExecutionFilterKey::AutomationSubtype
                | AutomationExecutionFilterKey::OpsItemId => executions.clear(),
            }
        }
        let things =
            executions.into_iter().map(|execution| (execution.id.clone(), metadata(execution))).collect();
        let (list, next_token) =
            page("executions", input.next_token.as_deref(), input.max_results, 50, things)?;
        Ok(DescribeAutomationExecutionsOutput { automation_execution_metadata_list: Some(list), next_token })
    }
}

fn moment(values: &[String]) -> Result<Timestamp, Error> {
    let parsed = values.first().and_then(|text| Timestamp::parse_iso(text).ok());
    parsed.ok_or_else(|| {
        InvalidFilterValue::new("The filter value is not valid. Verify the value and try again.").into()
    })
}

impl Transact<DescribeAutomationStepExecutions> for Ssm {
    fn access(input: &DescribeAutomationStepExecutions, call: &Call, view: &View) -> Access {
        access("DescribeAutomationStepExecutions", call, view, &input.automation_execution_id)
    }

    fn run(
        input: DescribeAutomationStepExecutions,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeAutomationStepExecutionsOutput, Error> {
        let execution = find(tx, call, &input.automation_execution_id)?;
        let mut steps = steps(&execution);
        for filter in input.filters.into_iter().flatten() {
            let is =
                |text: Option<&str>| text.is_some_and(|text| filter.values.iter().any(|value| value == text));
            match filter.key {
                StepExecutionFilterKey::StepName => steps.retain(|step| is(step.step_name.as_deref())),
                StepExecutionFilterKey::Action => steps.retain(|step| is(step.action.as_deref())),
                StepExecutionFilterKey::StepExecutionId => {
                    steps.retain(|step| is(step.step_execution_id.as_deref()))
                }
                StepExecutionFilterKey::StepExecutionStatus => {
                    steps.retain(|step| is(step.step_status.map(AutomationExecutionStatus::as_str)));
                }
                StepExecutionFilterKey::StartTimeBefore => {
                    let moment = moment(&filter.values)?;
                    steps.retain(|step| step.execution_start_time.is_some_and(|started| started <= moment));
                }
                StepExecutionFilterKey::StartTimeAfter => {
                    let moment = moment(&filter.values)?;
                    steps.retain(|step| step.execution_start_time.is_some_and(|started| started >= moment));
                }
                // No step of this cloud has a parent step.
                _ => steps.clear(),
            }
        }
        if input.reverse_order == Some(true) {
            steps.reverse();
        }
        let things = steps
            .into_iter()
            .map(|step| (step.step_execution_id.clone().unwrap_or_default(), step))
            .collect();
        let (list, next_token) = page("steps", input.next_token.as_deref(), input.max_results, 50, things)?;
        Ok(DescribeAutomationStepExecutionsOutput { step_executions: Some(list), next_token })
    }
}

impl Transact<StopAutomationExecution> for Ssm {
    fn access(input: &StopAutomationExecution, call: &Call, view: &View) -> Access {
        access("StopAutomationExecution", call, view, &input.automation_execution_id)
    }

    /// `Cancel` interrupts the step that is under way; `Complete` lets it end, and begins no other.
    fn run(
        input: StopAutomationExecution,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<StopAutomationExecutionOutput, Error> {
        let execution = find(tx, call, &input.automation_execution_id)?;
        if execution.has_ended() {
            let message = format!(
                "Automation execution {} has already ended with the status {}.",
                execution.id, execution.status
            );
            return Err(InvalidAutomationStatusUpdateException::new(message).into());
        }
        let finishes_step = input.r#type == Some(StopType::Complete);
        let execution = Execution { status: "Cancelling".into(), finishes_step, ..execution };
        tx.signal(automation::stop_topic(&execution));
        automation::enqueue(tx, &execution, call.now)?;
        tx.put(execution)?;
        Ok(StopAutomationExecutionOutput {})
    }
}
