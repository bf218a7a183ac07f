//! Deleting a stack's resources, each as soon as nothing needs it any more.

use super::create::{handler_context, worded};
use super::progress::{on_stack, resource_event, stack_event};
use super::{AT_ONCE, caller, plan};
use crate::state::export::{Export, Import};
use crate::state::resource::StackResource;
use crate::state::stack::Stack;
use crate::template::{DeletionPolicy, Graph, Plan};
use contract::{Caller, Context, HandlerFailure, Properties};
use futures::stream::{FuturesUnordered, StreamExt};
use std::collections::{HashMap, HashSet};
use store::StoreError;

/// Undoes a creation that failed.
pub(super) async fn rollback(stack: &Stack, context: &Context) -> Result<(), StoreError> {
    let failed = remove_all(stack, context, true).await?;
    on_stack(stack, context, |stack, call, tx| match &failed {
        Ok(failed) if failed.is_empty() => stack_event(stack, "ROLLBACK_COMPLETE", None, call, tx),
        Ok(failed) => {
            let reason = format!("The following resource(s) failed to delete: [{}].", failed.join(", "));
            stack_event(stack, "ROLLBACK_FAILED", Some(&reason), call, tx)
        }
        Err(reason) => stack_event(stack, "ROLLBACK_FAILED", Some(reason), call, tx),
    })
    .await
    .map(|_| ())
}

/// Deletes a stack.
pub(super) async fn delete(stack: &Stack, context: &Context) -> Result<(), StoreError> {
    let in_use = on_stack(stack, context, |stack, call, tx| {
        for export in tx.by_index::<Export>(stack.scope, "by-stack", stack.id.as_str())? {
            let users = tx.scan::<Import>(stack.scope, (export.name.as_str(),)).rows()?;
            if let Some(user) = users.iter().find(|user| user.stack_id != stack.id) {
                let reason =
                    format!("Delete canceled. Cannot delete export {} as it is in use by {}.", export.name, user.stack_name);
                stack_event(stack, "DELETE_FAILED", Some(&reason), call, tx)?;
                return Ok(true);
            }
        }
        Ok(false)
    });
    if in_use.await?.unwrap_or(true) {
        return Ok(());
    }
    let failed = remove_all(stack, context, false).await?;
    on_stack(stack, context, |stack, call, tx| {
        let failed = match &failed {
            Ok(failed) => failed,
            Err(reason) => return stack_event(stack, "DELETE_FAILED", Some(reason), call, tx),
        };
        if !failed.is_empty() {
            let reason = format!("The following resource(s) failed to delete: [{}]. ", failed.join(", "));
            return stack_event(stack, "DELETE_FAILED", Some(&reason), call, tx);
        }
        for export in tx.by_index::<Export>(stack.scope, "by-stack", stack.id.as_str())? {
            tx.remove::<Export>(stack.scope, &export.name)?;
        }
        for import in tx.by_index::<Import>(stack.scope, "by-stack", stack.id.as_str())? {
            tx.remove::<Import>(stack.scope, (&import.export, &import.stack_id))?;
        }
        stack.deleted = Some(call.now);
        stack_event(stack, "DELETE_COMPLETE", None, call, tx)
    })
    .await
    .map(|_| ())
}

/// Deletes what is there, in reverse order of dependency; answers what failed, sorted.
async fn remove_all(stack: &Stack, context: &Context, rollback: bool) -> Result<Result<Vec<String>, String>, StoreError> {
    let rows = context.store.view().scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()?;
    let rows: HashMap<String, StackResource> =
        rows.into_iter().map(|resource| (resource.logical_id.clone(), resource)).collect();
    if rows.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let plan = match plan(stack) {
        Ok(plan) => plan,
        Err(reason) => return Ok(Err(reason)),
    };
    let caller = match caller(stack, context).await {
        Ok(caller) => caller,
        Err(reason) => return Ok(Err(reason)),
    };
    let graph: Graph = plan.graph().reversed();
    let mut begun: HashSet<String> = HashSet::new();
    let mut gone: HashSet<String> = HashSet::new();
    for name in graph.order() {
        if rows.get(name).is_none_or(|resource| resource.is("DELETE_COMPLETE") || resource.is("DELETE_SKIPPED")) {
            begun.insert(name.to_owned());
            gone.insert(name.to_owned());
        }
    }
    let mut failed = Vec::new();
    let mut running = FuturesUnordered::new();
    loop {
        let room = AT_ONCE.saturating_sub(running.len());
        let ready: Vec<String> = graph
            .ready(&|name| begun.contains(name), &|name| gone.contains(name))
            .take(room)
            .map(str::to_owned)
            .collect();
        for logical_id in ready {
            begun.insert(logical_id.clone());
            let Some(resource) = rows.get(&logical_id) else { continue };
            if stays(stack, &plan, resource, rollback) {
                note(stack, &logical_id, "DELETE_SKIPPED", None, context).await?;
                gone.insert(logical_id);
                continue;
            }
            note(stack, &logical_id, "DELETE_IN_PROGRESS", None, context).await?;
            running.push(remove(resource, stack, &caller, context));
        }
        // Skipping may have freed others.
        let more = graph.ready(&|name| begun.contains(name), &|name| gone.contains(name)).next().is_some();
        if running.is_empty() && !more {
            break;
        }
        if let Some((logical_id, result)) = running.next().await {
            match result {
                Ok(()) => {
                    note(stack, &logical_id, "DELETE_COMPLETE", None, context).await?;
                    gone.insert(logical_id);
                }
                Err(failure) => {
                    note(stack, &logical_id, "DELETE_FAILED", Some(&failure), context).await?;
                    failed.push(logical_id);
                }
            }
        }
    }
    failed.sort();
    Ok(Ok(failed))
}

/// Whether the resource is left alone.
fn stays(stack: &Stack, plan: &Plan, resource: &StackResource, rollback: bool) -> bool {
    if !rollback && stack.retained.contains(&resource.logical_id) {
        return true;
    }
    // A resource that was never made is deleted by being forgotten.
    if resource.physical_id.is_none() {
        return false;
    }
    match plan.deletion_policy(&resource.logical_id) {
        Ok(DeletionPolicy::Delete) => false,
        Ok(DeletionPolicy::RetainExceptOnCreate) => !rollback,
        Ok(DeletionPolicy::Retain) => !(rollback && stack.retain_except_on_create),
        // No type that can be made here has snapshots; the template is refused otherwise.
        Ok(DeletionPolicy::Snapshot) | Err(_) => true,
    }
}

async fn remove(
    resource: &StackResource,
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> (String, Result<(), HandlerFailure>) {
    let logical_id = resource.logical_id.clone();
    let Some(handler) = context.catalog.handlers.get(resource.resource_type.as_str()).cloned() else {
        let reason = format!("The type {} is not built in Cloudchamber.", resource.resource_type);
        return (logical_id, Err(HandlerFailure::invalid(reason)));
    };
    let handler_context = handler_context(resource, stack, caller, context);
    let properties = Properties::new(resource.properties.clone());
    let Some(physical_id) = &resource.physical_id else { return (logical_id, Ok(())) };
    (logical_id, handler.delete(physical_id, &properties, &handler_context).await)
}

async fn note(
    stack: &Stack,
    logical_id: &str,
    status: &str,
    failure: Option<&HandlerFailure>,
    context: &Context,
) -> Result<(), StoreError> {
    on_stack(stack, context, |stack, call, tx| {
        let Some(mut resource) = tx.get::<StackResource>(stack.scope, (&stack.id, logical_id))? else { return Ok(()) };
        let reason = failure.map(|failure| worded(failure, call));
        resource_event(stack, &mut resource, status, reason.as_deref(), call, tx)
    })
    .await
    .map(|_| ())
}
