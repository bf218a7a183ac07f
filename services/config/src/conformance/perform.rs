//! Brings a pack's stack to what the pack wants, and waits for it.

use super::role;
use crate::engine::task::OrAgain;
use crate::state::ConformancePack;
use api_cloudformation::{
    CreateStack, DeleteStack, DescribeStackEvents, DescribeStacks, Parameter, Stack, UpdateStack,
};
use api_config::ConformancePackState;
use contract::{Call, Caller, Context, Outcome, Task, TaskHandler};
use names::Timestamp;
use std::time::Duration;
use store::{StoreError, Tx};
use wire::ErrorResponse;

const KIND: &str = "config.conformance-pack";
/// How often a stack is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Carries packs out.
pub(crate) struct Perform;

/// Has a pack brought about, or deleted.
pub(crate) fn enqueue(pack: &ConformancePack, due: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    Task::new(KIND, pack.name.clone(), pack.scope, due, &())?.through(pack.chain.clone()).enqueue(tx)
}

#[async_trait::async_trait]
impl TaskHandler for Perform {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        turn(task, context).await.or_again(task, context)
    }
}

async fn turn(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let Some(pack) = context.store.view().get::<ConformancePack>(task.scope, task.id.as_str())? else {
        return Ok(Outcome::done());
    };
    let stepped = match pack.state {
        ConformancePackState::CreateInProgress => make(&pack, context).await,
        ConformancePackState::DeleteInProgress => delete(&pack, context).await,
        _ => return Ok(Outcome::done()),
    };
    let step = stepped.unwrap_or_else(|error| {
        if error.status >= 500 && error.status != 501 {
            tracing::error!(%error, pack = pack.name, "a conformance pack cannot be worked on; trying again");
            Step::Wait
        } else {
            Step::Failed(error.message)
        }
    });
    Ok(outcome(pack, step, context.clock.now()))
}

/// What a turn came to.
enum Step {
    Wait,
    /// The stack was asked for; its ARN.
    Begun(String),
    Complete,
    Gone,
    Failed(String),
}

fn outcome(pack: ConformancePack, step: Step, now: Timestamp) -> Outcome {
    let (name, scope, requested) = (pack.name.clone(), pack.scope, pack.requested);
    let again = matches!(step, Step::Wait | Step::Begun(_));
    let effect = move |call: &Call, tx: &mut Tx| {
        // One that was put or deleted meanwhile has another task.
        let known = tx.get::<ConformancePack>(scope, name.as_str())?;
        let Some(mut known) = known
            .filter(|known| known.id == pack.id && known.requested == requested && known.state == pack.state)
        else {
            return Ok(());
        };
        let deletes = known.state == ConformancePackState::DeleteInProgress;
        match &step {
            Step::Wait => return Ok(()),
            Step::Begun(stack) => {
                known.begun = true;
                known.stack_id = Some(stack.clone());
            }
            Step::Complete => {
                known.state = ConformancePackState::CreateComplete;
                known.reason = None;
                known.completed = Some(call.now);
            }
            Step::Gone => return tx.remove::<ConformancePack>(scope, name.as_str()).map(drop),
            Step::Failed(reason) => {
                known.state = if deletes {
                    ConformancePackState::DeleteFailed
                } else {
                    ConformancePackState::CreateFailed
                };
                known.reason = Some(reason.clone());
                known.completed = Some(call.now);
            }
        }
        tx.put(known)
    };
    if again { Outcome::Again(now.plus(LOOK), Some(Box::new(effect))) } else { Outcome::done_with(effect) }
}

async fn stack(pack: &ConformancePack, caller: &Caller) -> Result<Option<Stack>, ErrorResponse> {
    let stack_name = pack.stack_id.clone().unwrap_or_else(|| pack.stack());
    let describe = DescribeStacks { stack_name: Some(stack_name), ..DescribeStacks::default() };
    match caller.call(describe).await {
        Ok(found) => Ok(found.stacks.unwrap_or_default().into_iter().next()),
        Err(error) if error.message.ends_with("does not exist") => Ok(None),
        Err(error) => Err(error),
    }
}

async fn make(pack: &ConformancePack, context: &Context) -> Result<Step, ErrorResponse> {
    let caller = role::session(context, pack.scope, &pack.chain).await?;
    if !pack.begun {
        return Ok(match begin(pack, &caller).await? {
            Begun::Asked(stack) => Step::Begun(stack),
            Begun::Busy => Step::Wait,
            Begun::AsItIs => Step::Complete,
        });
    }
    let Some(found) = stack(pack, &caller).await? else {
        return Ok(Step::Failed(format!("The stack {} was deleted.", pack.stack())));
    };
    Ok(match found.stack_status.as_str() {
        "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" => Step::Complete,
        status if status.ends_with("IN_PROGRESS") => Step::Wait,
        _ => Step::Failed(reason(pack, &caller, &found).await),
    })
}

/// What came of asking for a stack.
pub(crate) enum Begun {
    /// It is under way; the stack's ARN.
    Asked(String),
    /// It is still doing what it was asked before.
    Busy,
    /// It is as it is wanted.
    AsItIs,
}

/// Asks for a pack's stack. Errors of CloudFormation are those of the template.
pub(crate) async fn begin(pack: &ConformancePack, caller: &Caller) -> Result<Begun, ErrorResponse> {
    let parameters: Vec<Parameter> = pack
        .parameters
        .iter()
        .map(|(name, value)| Parameter {
            parameter_key: Some(name.clone()),
            parameter_value: Some(value.clone()),
            ..Parameter::default()
        })
        .collect();
    let known = stack(pack, caller).await?.filter(|known| known.stack_status.as_str() != "DELETE_COMPLETE");
    let Some(known) = known else {
        let create = CreateStack {
            stack_name: pack.stack(),
            template_body: Some(pack.template.clone()),
            parameters: Some(parameters),
            ..CreateStack::default()
        };
        return match caller.call(create).await {
            Ok(made) => Ok(Begun::Asked(made.stack_id.unwrap_or_default())),
            // By an earlier try, or by whoever put the pack.
            Err(error) if error.code == "AlreadyExistsException" => Ok(Begun::Busy),
            Err(error) => Err(error),
        };
    };
    match known.stack_status.as_str() {
        status if status.ends_with("IN_PROGRESS") => Ok(Begun::Busy),
        // What was never made cannot be updated: it gives way first.
        "ROLLBACK_COMPLETE" | "CREATE_FAILED" | "ROLLBACK_FAILED" | "DELETE_FAILED" => {
            caller.call(DeleteStack { stack_name: pack.stack(), ..DeleteStack::default() }).await?;
            Ok(Begun::Busy)
        }
        _ => {
            let update = UpdateStack {
                stack_name: pack.stack(),
                template_body: Some(pack.template.clone()),
                parameters: Some(parameters),
                ..UpdateStack::default()
            };
            match caller.call(update).await {
                Ok(updated) => Ok(Begun::Asked(updated.stack_id.unwrap_or_default())),
                Err(error) if error.message == "No updates are to be performed." => Ok(Begun::AsItIs),
                Err(error) => Err(error),
            }
        }
    }
}

/// Why a stack failed: what its first resource that failed says.
async fn reason(pack: &ConformancePack, caller: &Caller, found: &Stack) -> String {
    let stack_name = pack.stack_id.clone().unwrap_or_else(|| pack.stack());
    let events = caller.call(DescribeStackEvents { stack_name, next_token: None }).await;
    let events = events.ok().and_then(|page| page.stack_events).unwrap_or_default();
    // Newest first: those of the last attempt come before the stack's own beginning.
    let failed = events
        .iter()
        .take_while(|event| {
            let status = event.resource_status.map(|status| status.as_str().to_owned()).unwrap_or_default();
            let own = event.physical_resource_id.as_deref() == Some(event.stack_id.as_str());
            !(own && matches!(status.as_str(), "CREATE_IN_PROGRESS" | "UPDATE_IN_PROGRESS"))
        })
        .filter(|event| {
            let status = event.resource_status.map(|status| status.as_str().to_owned()).unwrap_or_default();
            let told = event.resource_status_reason.as_deref().unwrap_or_default();
            matches!(status.as_str(), "CREATE_FAILED" | "UPDATE_FAILED") && !told.ends_with("cancelled")
        })
        .last()
        .and_then(|event| {
            let resource = event.logical_resource_id.as_deref()?;
            Some(format!("{resource}: {}", event.resource_status_reason.as_deref()?))
        });
    failed.or_else(|| found.stack_status_reason.clone()).unwrap_or_else(|| {
        format!("The stack {} is in the state {}.", found.stack_name, found.stack_status.as_str())
    })
}

async fn delete(pack: &ConformancePack, context: &Context) -> Result<Step, ErrorResponse> {
    let caller = role::session(context, pack.scope, &pack.chain).await?;
    let Some(found) = stack(pack, &caller).await? else { return Ok(Step::Gone) };
    match found.stack_status.as_str() {
        "DELETE_COMPLETE" => Ok(Step::Gone),
        status if status.ends_with("IN_PROGRESS") => Ok(Step::Wait),
        "DELETE_FAILED" if pack.begun => Ok(Step::Failed(reason(pack, &caller, &found).await)),
        _ => {
            caller.call(DeleteStack { stack_name: pack.stack(), ..DeleteStack::default() }).await?;
            Ok(Step::Begun(found.stack_id.unwrap_or_default()))
        }
    }
}
