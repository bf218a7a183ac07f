//! After an update, or after it was undone: deleting what is no longer part of the stack.

use super::delete::{all_names, stays};
use super::handlers::{unmake, worded};
use super::progress::{on_stack, resource_event, stack_event, thing_event};
use super::{caller, plan};
use crate::state::resource::{StackResource, Thing};
use crate::state::stack::Stack;
use crate::template::{DeletionPolicy, Plan};
use contract::{Caller, Context, HandlerFailure};
use store::StoreError;

/// How often the deletion of a thing is tried, as on AWS: what one try leaves may go once others are gone.
const TRIES: u32 = 3;

/// Deletes what an update removed or replaced.
pub(super) async fn after_update(stack: &Stack, context: &Context) -> Result<(), StoreError> {
    let left = clean(stack, context, false).await?;
    close(stack, "UPDATE_COMPLETE", left, context).await
}

/// Deletes what an update that was undone had brought.
pub(super) async fn after_rollback(stack: &Stack, context: &Context) -> Result<(), StoreError> {
    let left = clean(stack, context, true).await?;
    close(stack, "UPDATE_ROLLBACK_COMPLETE", left, context).await
}

async fn close(stack: &Stack, status: &str, left: bool, context: &Context) -> Result<(), StoreError> {
    let names: Option<Vec<String>> =
        plan(stack).ok().map(|plan| plan.resources().map(|(name, _)| name.to_owned()).collect());
    let under_way = format!("{status}_CLEANUP_IN_PROGRESS");
    on_stack(stack, context, |stack, call, tx| {
        if !stack.is(&under_way) {
            return Ok(());
        }
        for mut row in tx.scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()? {
            if names.as_ref().is_some_and(|names| !names.contains(&row.logical_id)) {
                tx.remove::<StackResource>(row.scope, (&row.stack_id, &row.logical_id))?;
                continue;
            }
            row.change = None;
            row.wanted = None;
            row.surplus = Vec::new();
            tx.put(row)?;
        }
        stack.update = None;
        let reason = (left && status == "UPDATE_COMPLETE")
            .then_some("Update successful. One or more resources could not be deleted.");
        stack_event(stack, status, reason, call, tx)
    })
    .await
    .map(|_| ())
}

/// Deletes, in reverse order of dependency, what is not part of the stack's plan; answers whether something is left.
async fn clean(stack: &Stack, context: &Context, undoing: bool) -> Result<bool, StoreError> {
    let (Ok(plan), Ok(caller)) = (plan(stack), caller(stack, context).await) else { return Ok(true) };
    let Some(before) = stack.otherwise().map(|other| super::plan(&other)) else { return Ok(false) };
    let before = before.ok();
    let rows = context.store.view().scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()?;
    let mut doomed = Vec::new();
    for name in all_names(&plan, before.as_ref(), &rows) {
        let Some(row) = rows.iter().find(|row| row.logical_id == name) else { continue };
        let part = plan.resource(&name).is_some();
        for thing in row.others() {
            let kept = !undoing
                && row
                    .change
                    .as_ref()
                    .and_then(|change| change.former.as_ref())
                    .is_some_and(|former| former.physical_id == thing.physical_id)
                && plan.update_replace_policy(&name).unwrap_or(DeletionPolicy::Retain)
                    != DeletionPolicy::Delete;
            doomed.push(Doomed { row: row.clone(), thing: Some(thing), kept });
        }
        if !part && !row.is_gone() {
            let kept = before.as_ref().is_some_and(|before| kept(stack, before, row, undoing));
            doomed.push(Doomed { row: row.clone(), thing: None, kept });
        }
    }
    let cleaning = Cleaning { stack, caller: &caller, context };
    for attempt in 1..=TRIES {
        let mut left = Vec::new();
        for one in doomed {
            if !cleaning.remove(&one, attempt == TRIES).await? {
                left.push(one);
            }
        }
        doomed = left;
        if doomed.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a resource that is no longer part of the stack is left alone.
fn kept(stack: &Stack, before: &Plan, row: &StackResource, undoing: bool) -> bool {
    let mut stack = stack.clone();
    stack.undoing = undoing;
    stack.retained = Vec::new();
    stack.retain_except_on_create |=
        stack.update.as_ref().is_some_and(|update| update.retain_except_on_create);
    stays(&stack, before, row)
}

/// What is to be deleted: a resource, or a thing that one stood for.
struct Doomed {
    row: StackResource,
    thing: Option<Thing>,
    kept: bool,
}

struct Cleaning<'a> {
    stack: &'a Stack,
    caller: &'a Caller,
    context: &'a Context,
}

impl Cleaning<'_> {
    async fn remove(&self, doomed: &Doomed, last: bool) -> Result<bool, StoreError> {
        let mut row = doomed.row.clone();
        if let Some(thing) = &doomed.thing {
            row.become_thing(thing.clone());
            row.making = false;
        }
        let nothing_made = row.physical_id.is_none() && !row.making;
        if doomed.kept || nothing_made {
            let status = if doomed.kept && !nothing_made { "DELETE_SKIPPED" } else { "DELETE_COMPLETE" };
            self.note(doomed, &row, status, None).await?;
            return Ok(true);
        }
        self.note(doomed, &row, "DELETE_IN_PROGRESS", None).await?;
        match unmake(&row, self.stack, self.caller, self.context).await {
            Ok(()) => {
                self.note(doomed, &row, "DELETE_COMPLETE", None).await?;
                Ok(true)
            }
            Err(failure) => {
                tracing::debug!(%failure, last, "a resource cannot be deleted in clean-up");
                self.note(doomed, &row, "DELETE_FAILED", Some(&failure)).await?;
                Ok(false)
            }
        }
    }

    async fn note(
        &self,
        doomed: &Doomed,
        shown: &StackResource,
        status: &str,
        failure: Option<&HandlerFailure>,
    ) -> Result<(), StoreError> {
        on_stack(self.stack, self.context, |stack, call, tx| {
            let Some(mut row) = tx.get::<StackResource>(stack.scope, (&stack.id, &doomed.row.logical_id))?
            else {
                return Ok(());
            };
            let reason = failure.map(|failure| worded(&row, failure, call));
            let Some(thing) = &doomed.thing else {
                row.making &= status == "DELETE_IN_PROGRESS";
                return resource_event(stack, &mut row, status, reason.as_deref(), call, tx);
            };
            thing_event(stack, shown, status, reason.as_deref(), call, tx)?;
            if matches!(status, "DELETE_COMPLETE" | "DELETE_SKIPPED") {
                row.surplus.retain(|other| other.physical_id != thing.physical_id);
                let former = row.change.as_ref().and_then(|change| change.former.as_ref());
                if former.is_some_and(|former| former.physical_id == thing.physical_id) {
                    row.change = None;
                }
                tx.put(row)?;
            }
            Ok(())
        })
        .await
        .map(|_| ())
    }
}
