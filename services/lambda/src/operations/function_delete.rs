//! DeleteFunction.

use super::find;
use crate::Lambda;
use crate::access::on_function;
use crate::error::{conflict, function_not_found, invalid};
use crate::reference::{FunctionReference, LATEST};
use crate::state::{Alias, EventInvoke, Function, Provisioned, Version};
use api_lambda::{DeleteFunction, DeleteFunctionOutput, Error};
use contract::{Access, Call, Context, Orchestrate};
use store::{Tx, View};

#[async_trait::async_trait]
impl Orchestrate<DeleteFunction> for Lambda {
    fn access(&self, input: &DeleteFunction, call: &Call, view: &View) -> Access {
        on_function("lambda:DeleteFunction", &input.function_name, input.qualifier.as_deref(), call, view)
    }

    async fn run(
        &self,
        input: DeleteFunction,
        call: &Call,
        context: &Context,
    ) -> Result<DeleteFunctionOutput, Error> {
        let reference = FunctionReference::read(&input.function_name, input.qualifier.as_deref(), call)?;
        context
            .transact(call, |_, tx| match reference.qualifier.as_deref() {
                None => delete(&reference, tx),
                Some(LATEST) => {
                    Err(invalid("$LATEST version cannot be deleted without deleting the function."))
                }
                Some(_) => delete_version(&reference, tx),
            })
            .await?;
        let version = reference.qualifier.clone();
        let keep = |owner: &str| version.as_deref().is_some_and(|version| version != owner);
        self.engine.pool.retire(reference.scope, &reference.name, |owner| keep(&owner.version));
        Ok(DeleteFunctionOutput { status_code: Some(204) })
    }
}

/// The function, its versions, aliases and configurations.
fn delete(reference: &FunctionReference, tx: &mut Tx) -> Result<(), Error> {
    let (scope, name) = (reference.scope, reference.name.as_str());
    if tx.remove::<Function>(scope, name)?.is_none() {
        return Err(function_not_found(reference.arn()));
    }
    for version in Version::of(tx, scope, name)? {
        tx.remove::<Version>(scope, (name, version.number))?;
    }
    for alias in Alias::of(tx, scope, name)? {
        tx.remove::<Alias>(scope, (name, &alias.name))?;
    }
    for config in EventInvoke::of(tx, scope, name)? {
        tx.remove::<EventInvoke>(scope, (name, &config.qualifier))?;
    }
    for config in Provisioned::of(tx, scope, name)? {
        tx.remove::<Provisioned>(scope, (name, &config.qualifier))?;
    }
    Ok(())
}

fn delete_version(reference: &FunctionReference, tx: &mut Tx) -> Result<(), Error> {
    let (scope, name) = (reference.scope, reference.name.as_str());
    let found = find(tx, reference, None)?;
    if found.alias.is_some() {
        return Err(invalid("Deletion of aliases is not currently supported."));
    }
    let points = |alias: &Alias| alias.version == found.version || alias.routing.contains_key(&found.version);
    let pointing: Vec<String> =
        Alias::of(tx, scope, name)?.into_iter().filter(points).map(|alias| alias.name).collect();
    if !pointing.is_empty() {
        return Err(conflict(format!(
            "Version {} is referenced by the aliases: {}",
            found.version,
            pointing.join(", ")
        )));
    }
    let number: u64 = found.version.parse().unwrap_or(0);
    tx.remove::<Version>(scope, (name, number))?;
    tx.remove::<EventInvoke>(scope, (name, &found.version))?;
    tx.remove::<Provisioned>(scope, (name, &found.version))?;
    let mut function = found.function;
    function.permissions.remove(&found.version);
    function.runtime_management.remove(&found.version);
    tx.update(function)?;
    Ok(())
}
