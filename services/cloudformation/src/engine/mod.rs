//! Carries out what operations ask of stacks: a durable task that goes on from what the rows say is done.

mod begin;
pub(crate) mod changes;
mod cleanup;
mod create;
mod custom;
mod delete;
mod dynamic;
mod end;
mod handlers;
mod live;
mod outcome;
pub(crate) mod policy;
mod progress;
pub(crate) mod types;
mod update;
mod zones;

use crate::state::stack::Stack;
use crate::template::{Plan, PseudoParameters, Source, Template};
use contract::{Caller, Chain, Context, Outcome, Principal, Task, TaskHandler};
use names::{Arn, PARTITION, Scope, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use store::{StoreError, Tx};
use update::{Direction, Ended, Walk};

pub(crate) use handlers::{Reading, expected, read};
pub(crate) use outcome::turn_back;
pub(crate) use progress::{record, stack_event};

/// The kind of the tasks that drive stacks.
const KIND: &str = "cloudformation.stack";
/// In whose name the service itself acts.
pub(crate) const SERVICE_PRINCIPAL: &str = "cloudformation.amazonaws.com";
/// Resources of one stack that are worked on at once.
const AT_ONCE: usize = 16;
/// How long a stack waits after the store failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Enqueues the work on a stack; operations of one stack come one after another.
pub(crate) fn enqueue(stack: &Stack, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    // Each operation has a task of its own, so that one that is asked for while another is under way is not lost.
    let id = format!("{}#{}", stack.id, stack.next_event);
    Task::new(KIND, id, stack.scope, now, &stack.id)?
        .in_lane(stack.id.as_str())
        .through(stack.chain.clone())
        .enqueue(tx)
}

/// Drives stacks.
pub(crate) struct Engine;

#[async_trait::async_trait]
impl TaskHandler for Engine {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        match drive(task, context).await {
            Ok(()) => Outcome::done(),
            Err(error) => {
                tracing::error!(%error, "a stack cannot be worked on; trying again");
                Outcome::Again(context.clock.now().plus(AFTER_FAILURE), None)
            }
        }
    }
}

async fn drive(task: &Task, context: &Context) -> Result<(), StoreError> {
    let id: String = task.payload()?;
    loop {
        let Some(stack) = context.store.view().get::<Stack>(task.scope, &id)? else { return Ok(()) };
        match stack.status.as_str() {
            "CREATE_IN_PROGRESS" => create::create(&stack, context).await?,
            "ROLLBACK_IN_PROGRESS" => delete::rollback(&stack, context).await?,
            "DELETE_IN_PROGRESS" => delete::delete(&stack, context).await?,
            "UPDATE_IN_PROGRESS" => forward(&stack, context).await?,
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" => cleanup::after_update(&stack, context).await?,
            "UPDATE_ROLLBACK_IN_PROGRESS" => back(&stack, context).await?,
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS" => {
                cleanup::after_rollback(&stack, context).await?;
            }
            _ => return Ok(()),
        }
    }
}

/// Brings a stack to what an update wants.
async fn forward(stack: &Stack, context: &Context) -> Result<(), StoreError> {
    let ready =
        async { Ok((plan(stack)?, caller(stack, context).await.map_err(|reason| format!("{reason}."))?)) };
    let (plan, caller) = match ready.await {
        Ok(ready) => ready,
        Err(reason) => {
            let reason: String = reason;
            return outcome::fail_update(stack, context, &reason).await;
        }
    };
    let zones = zones::zones(&plan, &caller).await;
    let walk =
        Walk { direction: Direction::Forward, stack, plan: &plan, caller: &caller, zones: &zones, context };
    match walk.run().await? {
        Ended::Complete => {
            let seen = live::Seen::new(context.store.view(), stack.scope, &stack.id, &zones)?;
            outcome::complete_update(stack, &plan, &seen, context).await
        }
        Ended::Withdrawn => Ok(()),
        Ended::Failed(reason) => outcome::fail_update(stack, context, &reason).await,
    }
}

/// Takes a stack back to what was before an update.
async fn back(stack: &Stack, context: &Context) -> Result<(), StoreError> {
    let ready =
        async { Ok((plan(stack)?, caller(stack, context).await.map_err(|reason| format!("{reason}."))?)) };
    let (plan, caller) = match ready.await {
        Ok(ready) => ready,
        Err(reason) => {
            let reason: String = reason;
            return outcome::undone(stack, context, Some(&reason)).await;
        }
    };
    let zones = zones::Zones::new();
    let walk =
        Walk { direction: Direction::Back, stack, plan: &plan, caller: &caller, zones: &zones, context };
    match walk.run().await? {
        Ended::Complete => {
            let zones = zones::zones(&plan, &caller).await;
            let seen = live::Seen::new(context.store.view(), stack.scope, &stack.id, &zones)?;
            outcome::keep_imports(stack, &plan, &seen, context).await?;
            outcome::undone(stack, context, None).await
        }
        Ended::Withdrawn => Ok(()),
        Ended::Failed(reason) => outcome::undone(stack, context, Some(&reason)).await,
    }
}

/// Ends when somebody else decided on the stack, so that it has left a status.
async fn withdrawn(stack: &Stack, status: &str, context: &Context) -> Result<(), StoreError> {
    let mut woken = context.store.subscribe_notify();
    loop {
        woken.mark_unchanged();
        let now = context.store.view().get::<Stack>(stack.scope, &stack.id)?;
        if !now.is_some_and(|stack| stack.is(status)) || woken.changed().await.is_err() {
            return Ok(());
        }
    }
}

/// The plan of a stack, from its template and parameters. They were accepted once, so that this cannot fail but by a change of this program.
pub(crate) fn plan(stack: &Stack) -> Result<Plan, String> {
    let template =
        Template::parse(&stack.template, Source::S3).map_err(|error| error.message().to_owned())?;
    let values = template
        .parameter_values_with(&stack.parameters, &stack.stored)
        .map_err(|error| error.message().to_owned())?;
    let mut pseudo = pseudo(stack.scope, &stack.name, &stack.id);
    pseudo.notification_arns.clone_from(&stack.notification_arns);
    Plan::new(Arc::new(template), values, pseudo).map_err(|error| error.message().to_owned())
}

/// The pseudo parameters of a stack.
pub(crate) fn pseudo(scope: Scope, name: &str, id: &str) -> PseudoParameters {
    PseudoParameters {
        account_id: scope.account.to_string(),
        region: scope.region.to_string(),
        partition: PARTITION.into(),
        url_suffix: "amazonaws.com".into(),
        stack_name: name.into(),
        stack_id: id.into(),
        notification_arns: Vec::new(),
    }
}

/// The caller in whose name a stack's resources are made: its role's session, or whoever asked for the operation.
async fn caller(stack: &Stack, context: &Context) -> Result<Caller, String> {
    match &stack.role_arn {
        Some(role) => assume(role, stack.scope, &stack.id, &stack.chain, context).await,
        None => {
            Ok(context.caller(stack.principal.clone(), stack.scope, stack.chain.through(SERVICE_PRINCIPAL)))
        }
    }
}

/// Who reads a stack's resources for somebody who asks for its drift.
pub(crate) fn caller_of(stack: &Stack, principal: &Principal, chain: &Chain, context: &Context) -> Caller {
    context.caller(principal.clone(), stack.scope, chain.through(SERVICE_PRINCIPAL))
}

/// A session of a stack's role, which must trust CloudFormation; else the sentence that AWS prints.
pub(crate) async fn assume(
    role: &Arn,
    scope: Scope,
    stack_id: &str,
    chain: &Chain,
    context: &Context,
) -> Result<Caller, String> {
    let service = Principal::service(SERVICE_PRINCIPAL, scope.account, stack_id.parse().ok());
    let caller = context.caller(service, scope, chain.through(SERVICE_PRINCIPAL));
    caller.assume_role(role, "AWSCloudFormation").await.map_err(|error| {
        tracing::debug!(%error, %role, "a stack's role cannot be assumed");
        format!("Role {role} is invalid or cannot be assumed")
    })
}
