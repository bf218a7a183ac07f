//! How the creation of a stack ends, and its update.

use super::live::Seen;
use super::policy::{Act, refusal};
use super::progress::{on_stack, stack_event};
use crate::state::export::{Export, Import};
use crate::state::resource::StackResource;
use crate::state::stack::{OnFailure, Stack, StackOutput};
use crate::template::{Output, Plan, TemplateError};
use contract::{Call, Context};
use names::Scope;
use std::collections::BTreeSet;
use store::{StoreError, Tx};

/// Notes which exports a stack uses, so that they cannot be deleted; answers the one that is gone by now.
pub(super) fn note_imports(
    stack: &Stack,
    exports: &BTreeSet<String>,
    tx: &mut Tx,
) -> Result<Option<String>, StoreError> {
    for export in exports {
        if Export::usable(tx, stack.scope, export)?.is_none() {
            return Ok(Some(export.clone()));
        }
        tx.put(Import {
            scope: stack.scope,
            export: export.clone(),
            stack_id: stack.id.clone(),
            stack_name: stack.name.clone(),
        })?;
    }
    Ok(None)
}

/// Forgets which exports a stack uses.
pub(super) fn forget_imports(stack: &Stack, tx: &mut Tx) -> Result<(), StoreError> {
    for import in tx.by_index::<Import>(stack.scope, "by-stack", stack.id.as_str())? {
        tx.remove::<Import>(stack.scope, (&import.export, &import.stack_id))?;
    }
    Ok(())
}

/// All resources are there: outputs and exports.
pub(super) async fn complete(
    stack: &Stack,
    plan: &Plan,
    seen: &Seen<'_>,
    context: &Context,
) -> Result<(), StoreError> {
    let outputs = match plan.outputs(seen) {
        Ok(outputs) => outputs,
        Err(error) => return fail(stack, context, error.message()).await,
    };
    let imported = seen.imported();
    let refused = on_stack(stack, context, |stack, call, tx| {
        if !stack.is("CREATE_IN_PROGRESS") {
            return Ok(None);
        }
        if let Some(refused) = clash(stack, &outputs, tx)? {
            return Ok(Some(refused));
        }
        if let Some(gone) = note_imports(stack, &imported, tx)? {
            return Ok(Some(format!("No export named {gone} found.")));
        }
        for output in &outputs {
            put_export(stack, output, tx)?;
        }
        stack.outputs = outputs.iter().map(kept).collect();
        stack_event(stack, "CREATE_COMPLETE", None, call, tx)?;
        Ok(None)
    });
    match refused.await?.flatten() {
        Some(reason) => fail(stack, context, &reason).await,
        None => Ok(()),
    }
}

fn kept(output: &Output) -> StackOutput {
    StackOutput {
        key: output.name.clone(),
        value: output.value.clone(),
        description: output.description.clone(),
        export: output.export.clone(),
    }
}

/// AWS's sentence where another stack has one of the exports already.
fn clash(stack: &Stack, outputs: &[Output], tx: &Tx) -> Result<Option<String>, StoreError> {
    for name in outputs.iter().filter_map(|output| output.export.as_ref()) {
        if let Some(taken) = tx.get::<Export>(stack.scope, name)?
            && taken.stack_id != stack.id
        {
            return Ok(Some(format!(
                "Export with name {name} is already exported by stack {}.",
                taken.stack_name
            )));
        }
    }
    Ok(None)
}

/// Ends the creation as the stack's options say; what is announced then follows the reason, as on AWS.
pub(super) async fn fail(stack: &Stack, context: &Context, reason: &str) -> Result<(), StoreError> {
    on_stack(stack, context, |stack, call, tx| {
        if !stack.is("CREATE_IN_PROGRESS") {
            return Ok(());
        }
        let (status, announced) = match stack.on_failure {
            OnFailure::Nothing => ("CREATE_FAILED", ""),
            OnFailure::Rollback => ("ROLLBACK_IN_PROGRESS", "Rollback requested by user."),
            OnFailure::Delete => ("DELETE_IN_PROGRESS", "Delete requested by user."),
        };
        stack.undoing = stack.on_failure != OnFailure::Nothing;
        stack_event(stack, status, Some(&format!("{reason} {announced}")), call, tx)
    })
    .await
    .map(|_| ())
}

/// All resources are as an update wants them: outputs, exports and imports, and then what is no longer needed is deleted.
pub(super) async fn complete_update(
    stack: &Stack,
    plan: &Plan,
    seen: &Seen<'_>,
    context: &Context,
) -> Result<(), StoreError> {
    let outputs = match resolved_whole(plan, seen) {
        Ok(outputs) => outputs,
        Err(error) => return fail_update(stack, context, error.message()).await,
    };
    let imported = seen.imported();
    let refused = on_stack(stack, context, |stack, call, tx| {
        if !stack.is("UPDATE_IN_PROGRESS") {
            return Ok(None);
        }
        if let Some(refused) = denied_removal(stack, plan, tx)? {
            return Ok(Some(refused));
        }
        if let Some(refused) = clash(stack, &outputs, tx)? {
            return Ok(Some(refused));
        }
        if let Some(refused) = changed_in_use(stack, &outputs, tx)? {
            return Ok(Some(refused));
        }
        if let Some(gone) = note_imports(stack, &imported, tx)? {
            return Ok(Some(format!("No export named {gone} found.")));
        }
        forget_other_imports(stack, &imported, tx)?;
        for export in tx.by_index::<Export>(stack.scope, "by-stack", stack.id.as_str())? {
            tx.remove::<Export>(stack.scope, &export.name)?;
        }
        for output in &outputs {
            put_export(stack, output, tx)?;
        }
        stack.outputs = outputs.iter().map(kept).collect();
        stack_event(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", None, call, tx)?;
        Ok(None)
    });
    match refused.await?.flatten() {
        Some(reason) => fail_update(stack, context, &reason).await,
        None => Ok(()),
    }
}

/// Resolves all of a plan: what a stack imports is what its functions ask for now.
fn resolved_whole(plan: &Plan, seen: &Seen<'_>) -> Result<Vec<Output>, TemplateError> {
    let outputs = plan.outputs(seen)?;
    for (name, _) in plan.resources() {
        plan.properties(name, seen)?;
        plan.metadata(name, seen)?;
    }
    Ok(outputs)
}

fn forget_other_imports(stack: &Stack, imported: &BTreeSet<String>, tx: &mut Tx) -> Result<(), StoreError> {
    for import in tx.by_index::<Import>(stack.scope, "by-stack", stack.id.as_str())? {
        if !imported.contains(&import.export) {
            tx.remove::<Import>(stack.scope, (&import.export, &import.stack_id))?;
        }
    }
    Ok(())
}

/// Forgets the imports of an update that was undone.
pub(super) async fn keep_imports(
    stack: &Stack,
    plan: &Plan,
    seen: &Seen<'_>,
    context: &Context,
) -> Result<(), StoreError> {
    if resolved_whole(plan, seen).is_err() {
        // Some export is gone; then nothing is forgotten that might be in use.
        return Ok(());
    }
    let imported = seen.imported();
    on_stack(stack, context, |stack, _, tx| forget_other_imports(stack, &imported, tx)).await.map(|_| ())
}

/// The first removal of a resource that the stack's policy does not allow.
fn denied_removal(stack: &Stack, plan: &Plan, tx: &Tx) -> Result<Option<String>, StoreError> {
    let policy = stack.update.as_ref().and_then(|update| update.policy.as_ref()).or(stack.policy.as_ref());
    let Some(policy) = policy else { return Ok(None) };
    let rows = tx.scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()?;
    let mut removed = rows.iter().filter(|row| !row.is_gone() && plan.resource(&row.logical_id).is_none());
    Ok(removed.find_map(|row| refusal(policy, Act::Delete, &row.logical_id, &row.resource_type)))
}

fn put_export(stack: &Stack, output: &Output, tx: &mut Tx) -> Result<(), StoreError> {
    let Some(name) = &output.export else { return Ok(()) };
    tx.put(Export {
        scope: stack.scope,
        name: name.clone(),
        value: output.value.clone(),
        stack_id: stack.id.clone(),
        stack_name: stack.name.clone(),
    })
}

/// AWS's sentence where an update removes or changes an export that other stacks use.
fn changed_in_use(stack: &Stack, outputs: &[Output], tx: &Tx) -> Result<Option<String>, StoreError> {
    for export in tx.by_index::<Export>(stack.scope, "by-stack", stack.id.as_str())? {
        let now = outputs.iter().find(|output| output.export.as_ref() == Some(&export.name));
        let verb = match now {
            Some(output) if output.value == export.value => continue,
            Some(_) => "update",
            None => "delete",
        };
        if let Some(users) = users(stack, &export.name, tx)? {
            return Ok(Some(format!(
                "Update canceled. Cannot {verb} export {} as it is in use by {users}.",
                export.name
            )));
        }
    }
    Ok(None)
}

/// An update has failed: it is undone, unless it was asked to stay as it is.
pub(super) async fn fail_update(stack: &Stack, context: &Context, reason: &str) -> Result<(), StoreError> {
    on_stack(stack, context, |stack, call, tx| {
        if !stack.is("UPDATE_IN_PROGRESS") {
            return Ok(());
        }
        if stack.update.as_ref().is_some_and(|update| update.keeps_failures) {
            return stack_event(stack, "UPDATE_FAILED", Some(reason), call, tx);
        }
        turn_back(stack, reason, call, tx)
    })
    .await
    .map(|_| ())
}

/// Begins to undo an update: the stack is from now on what it was before.
pub(crate) fn turn_back(stack: &mut Stack, reason: &str, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    if let Some(mut update) = stack.update.take() {
        update.other = stack.configure(update.other.clone());
        stack.update = Some(update);
    }
    stack_event(stack, "UPDATE_ROLLBACK_IN_PROGRESS", Some(reason), call, tx)
}

/// The resources are what they were, or not.
pub(super) async fn undone(stack: &Stack, context: &Context, failed: Option<&str>) -> Result<(), StoreError> {
    on_stack(stack, context, |stack, call, tx| {
        if !stack.is("UPDATE_ROLLBACK_IN_PROGRESS") {
            return Ok(());
        }
        let status = match failed {
            Some(_) => "UPDATE_ROLLBACK_FAILED",
            None => "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        };
        stack_event(stack, status, failed, call, tx)
    })
    .await
    .map(|_| ())
}

/// AWS's sentence where other stacks use an export of this one.
pub(super) fn export_in_use(scope: Scope, stack: &Stack, tx: &Tx) -> Result<Option<String>, StoreError> {
    for export in tx.by_index::<Export>(scope, "by-stack", stack.id.as_str())? {
        let Some(users) = users(stack, &export.name, tx)? else { continue };
        return Ok(Some(format!(
            "Delete canceled. Cannot delete export {} as it is in use by {users}.",
            export.name
        )));
    }
    Ok(None)
}

/// The other stacks that use an export, as AWS lists them.
fn users(stack: &Stack, export: &str, tx: &Tx) -> Result<Option<String>, StoreError> {
    let users = tx.scan::<Import>(stack.scope, (export,)).rows()?;
    let users: BTreeSet<&str> =
        users.iter().filter(|user| user.stack_id != stack.id).map(|user| user.stack_name.as_str()).collect();
    let users: Vec<&str> = users.into_iter().collect();
    Ok(match users.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        [some @ .., last] => Some(format!("{} and {last}", some.join(", "))),
    })
}
