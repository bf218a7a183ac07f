//! Carries out what operations ask of stacks: a durable task that goes on from what the rows say is done.

mod create;
mod delete;
mod handlers;
mod live;
mod outcome;
mod progress;
mod zones;

use crate::state::stack::Stack;
use crate::template::{Plan, PseudoParameters, Source, Template};
use contract::{Caller, Chain, Context, Outcome, Principal, Task, TaskHandler};
use names::{Arn, PARTITION, Scope, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use store::{StoreError, Tx};

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
            _ => return Ok(()),
        }
    }
}

/// The plan of a stack, from its template and parameters. They were accepted once, so that this cannot fail but by a change of this program.
pub(crate) fn plan(stack: &Stack) -> Result<Plan, String> {
    let template =
        Template::parse(&stack.template, Source::S3).map_err(|error| error.message().to_owned())?;
    let values = template.parameter_values(&stack.parameters).map_err(|error| error.message().to_owned())?;
    Plan::new(Arc::new(template), values, pseudo(stack.scope, &stack.name, &stack.id))
        .map_err(|error| error.message().to_owned())
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
