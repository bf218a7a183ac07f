//! What a step's end does to its execution: pure.

use super::act::Acted;
use super::{outputs, runbook};
use crate::document::{OnFailure, Runbook};
use crate::state::Execution;
use names::Timestamp;

/// Steps that an execution may begin: one that goes round in circles ends.
const MOST_STEPS: u32 = 1000;
const GUIDE: &str = "Please refer to Automation Service Troubleshooting Guide for more diagnosis details.";

/// Marks the current step as under way.
pub(super) fn begin(execution: &mut Execution, now: Timestamp) {
    if let Some(state) = execution.steps.get_mut(execution.current)
        && !matches!(state.status.as_str(), "InProgress" | "Waiting")
    {
        state.status = "InProgress".into();
        state.started = Some(now);
        state.ended = None;
        state.attempts = 1;
        state.signals.clear();
        state.notified = false;
        execution.begun = execution.begun.saturating_add(1);
    }
}

/// Ends an execution that was asked to stop.
pub(super) fn cancel(execution: &mut Execution, now: Timestamp) {
    if let Some(state) = execution.steps.get_mut(execution.current)
        && matches!(state.status.as_str(), "InProgress" | "Waiting" | "Pending")
    {
        state.status = "Cancelled".into();
        state.ended = Some(now);
    }
    execution.status = "Cancelled".into();
    execution.ended = Some(now);
}

/// Writes down what a step did; answers when to go on, None where it has ended.
pub(super) fn apply(execution: &mut Execution, acted: &Acted, now: Timestamp) -> Option<Timestamp> {
    if execution.status != "Cancelling" {
        return apply_step(execution, acted, now);
    }
    match acted {
        _ if !execution.finishes_step => cancel(execution, now),
        Acted::Wait(until) | Acted::Held(until) => return Some(*until),
        _ => {
            apply_step(execution, acted, now);
            if !execution.has_ended() {
                execution.status = "Cancelled".into();
                execution.ended = Some(now);
            }
        }
    }
    None
}

fn apply_step(execution: &mut Execution, acted: &Acted, now: Timestamp) -> Option<Timestamp> {
    let Ok(runbook) = runbook(execution) else {
        return end(execution, "Failed", Some("The runbook cannot be read any more.".into()), now);
    };
    let index = execution.current;
    let (Some(step), Some(state)) = (runbook.steps.get(index), execution.steps.get_mut(index)) else {
        return end(execution, "Failed", Some("The step is not in the runbook.".into()), now);
    };
    let (status, reason) = match acted {
        Acted::Wait(until) => return Some(*until),
        Acted::Held(until) => {
            state.status = "Waiting".into();
            state.notified = true;
            execution.status = "Waiting".into();
            return Some(*until);
        }
        Acted::Done(done) => {
            state.status = "Success".into();
            state.ended = Some(now);
            state.failure = None;
            state.inputs.clone_from(&done.inputs);
            state.response.clone_from(&done.response);
            state.response_code = Some("0".into());
            match outputs::of(step, &done.answer) {
                Ok(outputs) => {
                    state.outputs = outputs;
                    let next = done.next.as_ref().or(step.next_step.as_ref().filter(|_| !step.is_end));
                    let index = match next {
                        Some(name) => runbook.index_of(name),
                        None if step.is_end => None,
                        None => index.checked_add(1),
                    };
                    return go_to(execution, &runbook, index, now);
                }
                Err(reason) => {
                    ("Failed", format!("Step fails when it is Verifying action result. {reason}. {GUIDE}"))
                }
            }
        }
        Acted::Failed(reason) => (
            "Failed",
            format!(
                "Step fails when it is Execute/Cancelling action. {}. {GUIDE}",
                reason.trim_end_matches('.')
            ),
        ),
        Acted::Rejected(reason) => (
            "Rejected",
            format!(
                "Step fails when it is Execute/Cancelling action. {}. {GUIDE}",
                reason.trim_end_matches('.')
            ),
        ),
        Acted::Script { reason, done } => {
            state.inputs.clone_from(&done.inputs);
            state.response.clone_from(&done.response);
            let reason = reason.trim_end_matches('.');
            ("Failed", format!("Step fails when it is Poll action status for completion. {reason}. {GUIDE}"))
        }
        Acted::Invalid(reason) => (
            "Failed",
            format!(
                "Step fails when it is Validating and Resolving the step inputs. {}. {GUIDE}",
                reason.trim_end_matches('.')
            ),
        ),
        Acted::TimedOut(reason) => (
            "TimedOut",
            format!(
                "Step timed out while it is Execute/Cancelling action. {}. {GUIDE}",
                reason.trim_end_matches('.')
            ),
        ),
    };
    state.failure = Some(reason.clone());
    if state.attempts < step.max_attempts && status == "Failed" {
        state.attempts = state.attempts.saturating_add(1);
        return Some(now);
    }
    state.status = status.into();
    state.ended = Some(now);
    state.response_code = Some("1".into());
    let next = match &step.on_failure {
        OnFailure::Abort => return end(execution, status, Some(reason), now),
        OnFailure::Continue if step.is_end => None,
        OnFailure::Continue => match &step.next_step {
            Some(name) => runbook.index_of(name),
            None => index.checked_add(1),
        },
        OnFailure::Step(name) => runbook.index_of(name),
    };
    if step.is_critical {
        execution.degraded = true;
        execution.failure = Some(reason);
    }
    go_to(execution, &runbook, next, now)
}

fn go_to(
    execution: &mut Execution,
    runbook: &Runbook,
    index: Option<usize>,
    now: Timestamp,
) -> Option<Timestamp> {
    match index.filter(|index| *index < runbook.steps.len()) {
        Some(_) if execution.begun >= MOST_STEPS => {
            let reason = format!("The execution began {MOST_STEPS} steps; it goes round in circles.");
            end(execution, "Failed", Some(reason), now)
        }
        Some(index) => {
            execution.current = index;
            // It no longer waits for anybody.
            execution.status = "InProgress".into();
            if let Some(state) = execution.steps.get_mut(index) {
                state.status = "Pending".into();
            }
            Some(now)
        }
        None => {
            execution.outputs = outputs::of_execution(execution, runbook);
            let (status, failure) = match execution.degraded {
                true => ("Failed", execution.failure.clone()),
                false => ("Success", None),
            };
            end(execution, status, failure, now)
        }
    }
}

fn end(
    execution: &mut Execution,
    status: &str,
    failure: Option<String>,
    now: Timestamp,
) -> Option<Timestamp> {
    execution.status = status.into();
    execution.failure = failure;
    execution.ended = Some(now);
    None
}
