//! How the creation of a stack ends.

use super::live::Seen;
use super::progress::{on_stack, stack_event};
use crate::state::export::{Export, Import};
use crate::state::stack::{OnFailure, Stack, StackOutput};
use crate::template::{Output, Plan};
use contract::Context;
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
            let Some(name) = &output.export else { continue };
            tx.put(Export {
                scope: stack.scope,
                name: name.clone(),
                value: output.value.clone(),
                stack_id: stack.id.clone(),
                stack_name: stack.name.clone(),
            })?;
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

/// AWS's sentence where other stacks use an export of this one.
pub(super) fn export_in_use(scope: Scope, stack: &Stack, tx: &Tx) -> Result<Option<String>, StoreError> {
    for export in tx.by_index::<Export>(scope, "by-stack", stack.id.as_str())? {
        let users = tx.scan::<Import>(scope, (export.name.as_str(),)).rows()?;
        let users: BTreeSet<&str> = users
            .iter()
            .filter(|user| user.stack_id != stack.id)
            .map(|user| user.stack_name.as_str())
            .collect();
        let users: Vec<&str> = users.into_iter().collect();
        let users = match users.as_slice() {
            [] => continue,
            [one] => (*one).to_owned(),
            [some @ .., last] => format!("{} and {last}", some.join(", ")),
        };
        return Ok(Some(format!(
            "Delete canceled. Cannot delete export {} as it is in use by {users}.",
            export.name
        )));
    }
    Ok(None)
}
