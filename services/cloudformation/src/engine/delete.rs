//! Deleting a stack's resources, each as soon as nothing needs it any more.

use super::handlers::{unmake, worded};
use super::outcome::{export_in_use, forget_imports};
use super::progress::{on_stack, resource_event, stack_event};
use super::{AT_ONCE, caller, plan};
use crate::state::export::Export;
use crate::state::resource::StackResource;
use crate::state::stack::Stack;
use crate::template::{DeletionPolicy, Graph, Plan};
use contract::{Caller, Context, HandlerFailure};
use futures::stream::{FuturesUnordered, StreamExt};
use indexmap::{IndexMap, IndexSet};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::StoreError;

/// Undoes a creation that failed.
pub(super) async fn rollback(stack: &Stack, context: &Context) -> Result<(), StoreError> {
    let left = remove_all(stack, context).await?;
    on_stack(stack, context, |stack, call, tx| {
        if !stack.is("ROLLBACK_IN_PROGRESS") {
            return Ok(());
        }
        match &left {
            Some(reason) => stack_event(stack, "ROLLBACK_FAILED", Some(reason), call, tx),
            None => {
                forget_imports(stack, tx)?;
                stack_event(stack, "ROLLBACK_COMPLETE", None, call, tx)
            }
        }
    })
    .await
    .map(|_| ())
}

/// Deletes a stack.
pub(super) async fn delete(stack: &Stack, context: &Context) -> Result<(), StoreError> {
    let in_use = on_stack(stack, context, |stack, call, tx| {
        let reason = export_in_use(stack.scope, stack, tx)?;
        if let Some(reason) = &reason {
            stack_event(stack, "DELETE_FAILED", Some(reason), call, tx)?;
        }
        Ok(reason.is_some())
    });
    if in_use.await?.unwrap_or(true) {
        return Ok(());
    }
    let left = remove_all(stack, context).await?;
    on_stack(stack, context, |stack, call, tx| {
        if let Some(reason) = &left {
            return stack_event(stack, "DELETE_FAILED", Some(reason), call, tx);
        }
        for export in tx.by_index::<Export>(stack.scope, "by-stack", stack.id.as_str())? {
            tx.remove::<Export>(stack.scope, &export.name)?;
        }
        forget_imports(stack, tx)?;
        stack_event(stack, "DELETE_COMPLETE", None, call, tx)
    })
    .await
    .map(|_| ())
}

/// Deletes what is there, in reverse order of dependency; answers why something is left.
async fn remove_all(stack: &Stack, context: &Context) -> Result<Option<String>, StoreError> {
    let rows = context.store.view().scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()?;
    let rows: HashMap<String, StackResource> =
        rows.into_iter().map(|resource| (resource.logical_id.clone(), resource)).collect();
    if rows.values().all(StackResource::is_gone) {
        return Ok(None);
    }
    let plan = match plan(stack) {
        Ok(plan) => plan,
        Err(reason) => return Ok(Some(reason)),
    };
    let caller = match caller(stack, context).await {
        Ok(caller) => caller,
        Err(reason) => return Ok(Some(reason)),
    };
    let before = stack.otherwise().and_then(|other| super::plan(&other).ok());
    let graph = graph(&plan, before.as_ref(), rows.values()).reversed();
    let is_gone = |name: &&str| rows.get(*name).is_none_or(StackResource::is_gone);
    let mut gone: HashSet<String> = graph.order().filter(is_gone).map(str::to_owned).collect();
    let mut begun = gone.clone();
    let mut failed: BTreeSet<String> = BTreeSet::new();
    let mut running = FuturesUnordered::new();
    loop {
        let room = AT_ONCE.saturating_sub(running.len());
        let ready: Vec<String> = graph
            .ready(&|name| begun.contains(name), &|name| gone.contains(name))
            .take(room)
            .map(str::to_owned)
            .collect();
        let mut freed = false;
        for logical_id in ready {
            begun.insert(logical_id.clone());
            let Some(resource) = rows.get(&logical_id) else { continue };
            let nothing_made = resource.physical_id.is_none()
                && !resource.making
                && resource.wanted.is_none()
                && resource.surplus.is_empty();
            if nothing_made || stays(stack, declared(&plan, before.as_ref(), &logical_id), resource) {
                // What was never made is gone without further ado.
                let status = if nothing_made { "DELETE_COMPLETE" } else { "DELETE_SKIPPED" };
                note(stack, &logical_id, status, None, context).await?;
                gone.insert(logical_id);
                freed = true;
                continue;
            }
            // Begun before `kill -9`, it goes on without a second event.
            if !resource.is("DELETE_IN_PROGRESS") {
                note(stack, &logical_id, "DELETE_IN_PROGRESS", None, context).await?;
            }
            running.push(async {
                let result = unmake_all(resource, stack, &caller, context).await;
                (logical_id, result)
            });
        }
        if freed {
            continue;
        }
        let Some((logical_id, result)) = running.next().await else { break };
        match result {
            Ok(()) => note(stack, &logical_id, "DELETE_COMPLETE", None, context).await?,
            Err(failure) if stack.forced => {
                note(stack, &logical_id, "DELETE_SKIPPED", Some(&failure), context).await?
            }
            Err(failure) => {
                note(stack, &logical_id, "DELETE_FAILED", Some(&failure), context).await?;
                failed.insert(logical_id);
                continue;
            }
        }
        gone.insert(logical_id);
    }
    let failed: Vec<String> = failed.into_iter().collect();
    // The space at the end is AWS's.
    Ok((!failed.is_empty())
        .then(|| format!("The following resource(s) failed to delete: [{}]. ", failed.join(", "))))
}

/// Deletes what a resource stands for, and what an update that did not end made or kept for it.
async fn unmake_all(
    resource: &StackResource,
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> Result<(), HandlerFailure> {
    if let Some(wanted) = resource.wanted.as_ref().filter(|wanted| wanted.replaces && !wanted.failed) {
        let unfinished = StackResource {
            physical_id: None,
            making: true,
            properties: wanted.properties.clone(),
            token: wanted.token.clone(),
            ..resource.clone()
        };
        unmake(&unfinished, stack, caller, context).await?;
    }
    unmake(resource, stack, caller, context).await?;
    for thing in resource.others() {
        let mut other = resource.clone();
        other.become_thing(thing);
        unmake(&other, stack, caller, context).await?;
    }
    Ok(())
}

/// The plan that declares a resource: the stack's, or that of an update that did not end.
fn declared<'a>(plan: &'a Plan, before: Option<&'a Plan>, logical_id: &str) -> &'a Plan {
    before.filter(|_| plan.resource(logical_id).is_none()).unwrap_or(plan)
}

/// What needs what, of all resources that there are: those of the plan, of the other plan of an update, and any that neither names.
fn graph<'a>(plan: &Plan, before: Option<&Plan>, rows: impl Iterator<Item = &'a StackResource>) -> Graph {
    let mut needs: IndexMap<String, IndexSet<String>> = IndexMap::new();
    for graph in [Some(plan), before].into_iter().flatten().map(Plan::graph) {
        for name in graph.order() {
            needs.entry(name.to_owned()).or_default().extend(graph.dependencies(name).map(str::to_owned));
        }
    }
    for row in rows {
        needs.entry(row.logical_id.clone()).or_default();
    }
    // Two templates together may need each other in a circle; then what only one names comes without an order.
    Graph::new(needs.clone()).unwrap_or_else(|_| {
        for (name, needed) in &mut needs {
            *needed = plan.graph().dependencies(name).map(str::to_owned).collect();
        }
        Graph::new(needs).unwrap_or_default()
    })
}

/// The names of all resources that there are, each before what it needs.
pub(super) fn all_names(plan: &Plan, before: Option<&Plan>, rows: &[StackResource]) -> Vec<String> {
    graph(plan, before, rows.iter()).order().rev().map(str::to_owned).collect()
}

/// Whether the resource is left alone.
pub(super) fn stays(stack: &Stack, plan: &Plan, resource: &StackResource) -> bool {
    if stack.retained.contains(&resource.logical_id) {
        return true;
    }
    match plan.deletion_policy(&resource.logical_id) {
        Ok(DeletionPolicy::Delete) => false,
        Ok(DeletionPolicy::RetainExceptOnCreate) => !stack.undoing,
        Ok(DeletionPolicy::Retain) => !(stack.undoing && stack.retain_except_on_create),
        // No type that can be made here has snapshots; the template is refused otherwise.
        Ok(DeletionPolicy::Snapshot) | Err(_) => true,
    }
}

async fn note(
    stack: &Stack,
    logical_id: &str,
    status: &str,
    failure: Option<&HandlerFailure>,
    context: &Context,
) -> Result<(), StoreError> {
    on_stack(stack, context, |stack, call, tx| {
        let Some(mut resource) = tx.get::<StackResource>(stack.scope, (&stack.id, logical_id))? else {
            return Ok(());
        };
        // A resource whose end was unknown is so no longer.
        resource.making &= status == "DELETE_IN_PROGRESS";
        let reason = failure.map(|failure| worded(&resource, failure, call));
        resource_event(stack, &mut resource, status, reason.as_deref(), call, tx)
    })
    .await
    .map(|_| ())
}
