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
        let Some(mut known) =
            known.filter(|known| known.id == pack.id && known.requested == requested && known.state == pack.state)
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
        return begin(pack, &caller).await.map(|begun| begun.map_or(Step::Complete, Step::Begun_or_wait));
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
