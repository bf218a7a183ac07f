//! Writing down how far a stack has come: rows and events together.

use super::SERVICE_PRINCIPAL;
use crate::state::changes::ChangeSet;
use crate::state::event::StackEvent;
use crate::state::recorded::RecordedStack;
use crate::state::resource::StackResource;
use crate::state::stack::{STACK, Stack};
use contract::{Call, Context, Principal};
use store::{StoreError, Tx};

/// Runs a transaction on a stack as it is now, for the engine.
pub(super) async fn on_stack<T>(
    stack: &Stack,
    context: &Context,
    mut body: impl FnMut(&mut Stack, &Call, &mut Tx) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let principal = Principal::service(SERVICE_PRINCIPAL, stack.scope.account, stack.id.parse().ok());
    let call = context.own_call("cloudformation", "StackOperation", principal, stack.scope)?;
    context
        .transact(&call, |call, tx| {
            let Some(mut current) = tx.get::<Stack>(stack.scope, &stack.id)? else { return Ok(None) };
            let value = body(&mut current, call, tx)?;
            tx.put(current)?;
            Ok::<_, StoreError>(Some(value))
        })
        .await
}

/// Sets a stack's status, with its event.
pub(crate) fn stack_event(
    stack: &mut Stack,
    status: &str,
    reason: Option<&str>,
    call: &Call,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    stack.status = status.to_owned();
    stack.reason = reason.map(str::to_owned);
    let event = StackEvent {
        scope: stack.scope,
        stack_id: stack.id.clone(),
        stack_name: stack.name.clone(),
        number: stack.next_event,
        id: call.entropy.uuid(),
        logical_id: stack.name.clone(),
        physical_id: Some(stack.id.clone()),
        resource_type: STACK.into(),
        at: call.now,
        status: status.to_owned(),
        reason: reason.map(str::to_owned),
        properties: None,
        token: stack.token.clone(),
    };
    stack.next_event = stack.next_event.saturating_add(1);
    if matches!(status, "DELETE_IN_PROGRESS" | "ROLLBACK_IN_PROGRESS") {
        stack.deleted = Some(call.now);
    }
    tx.put(event)?;
    tx.signal(Stack::topic(&stack.id));
    settle_change_set(stack, tx)?;
    record(stack, tx)
}

/// The change set that is carried out ends as the stack comes to rest.
fn settle_change_set(stack: &Stack, tx: &mut Tx) -> Result<(), StoreError> {
    let execution = match stack.status.as_str() {
        "CREATE_COMPLETE" | "UPDATE_COMPLETE" => "EXECUTE_COMPLETE",
        status if status.ends_with("_FAILED") || status.ends_with("ROLLBACK_COMPLETE") => "EXECUTE_FAILED",
        _ => return Ok(()),
    };
    let Some(id) = &stack.change_set else { return Ok(()) };
    if let Some(mut set) = tx.get::<ChangeSet>(stack.scope, id)?
        && set.execution == "EXECUTE_IN_PROGRESS"
    {
        set.execution = execution.to_owned();
        tx.put(set)?;
    }
    Ok(())
}

/// Lets AWS Config see a stack that came to rest.
pub(crate) fn record(stack: &Stack, tx: &mut Tx) -> Result<(), StoreError> {
    let shown = |plan: crate::template::Plan| {
        plan.parameters().iter().map(|(name, value)| (name.to_owned(), value.shown().to_owned())).collect()
    };
    RecordedStack::take(stack, || super::plan(stack).map(shown).unwrap_or_default(), tx)
}

/// Sets a resource's status, with its event.
pub(super) fn resource_event(
    stack: &mut Stack,
    resource: &mut StackResource,
    status: &str,
    reason: Option<&str>,
    call: &Call,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    resource.status = status.to_owned();
    resource.reason = reason.map(str::to_owned);
    resource.at = call.now;
    thing_event(stack, resource, status, reason, call, tx)?;
    tx.put(resource.clone())
}

/// An event of a thing that a resource stands for, or stood for.
pub(super) fn thing_event(
    stack: &mut Stack,
    resource: &StackResource,
    status: &str,
    reason: Option<&str>,
    call: &Call,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    let event = StackEvent {
        scope: stack.scope,
        stack_id: stack.id.clone(),
        stack_name: stack.name.clone(),
        number: stack.next_event,
        id: format!("{}-{status}-{}", resource.logical_id, call.entropy.uuid()),
        logical_id: resource.logical_id.clone(),
        physical_id: resource.physical_id.clone(),
        resource_type: resource.resource_type.clone(),
        at: call.now,
        status: status.to_owned(),
        reason: reason.map(str::to_owned),
        properties: resource.shown.clone(),
        token: stack.token.clone(),
    };
    stack.next_event = stack.next_event.saturating_add(1);
    tx.put(event)
}
