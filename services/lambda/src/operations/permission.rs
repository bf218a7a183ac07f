//! AddPermission, RemovePermission, GetPolicy.

use super::find;
use crate::Lambda;
use crate::access::on_function;
use crate::error::{conflict, invalid, not_found, stale_revision};
use crate::reference::{FunctionReference, LATEST};
use crate::state::Function;
use crate::statement::{check, for_function};
use api_lambda::{
    AddPermission, AddPermissionOutput, Error, GetPolicy, GetPolicyOutput, RemovePermission,
    RemovePermissionOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The function, and under which key the policy of the qualifier is.
fn policy_of(
    tx: &View,
    name: &str,
    qualifier: Option<&str>,
    call: &Call,
) -> Result<(Function, FunctionReference, String), Error> {
    let reference = FunctionReference::read(name, qualifier.filter(|text| !text.is_empty()), call)?;
    let found = find(tx, &reference, None)?;
    let key = reference.qualifier.clone().unwrap_or_default();
    Ok((found.function, reference, key))
}

fn check_revision(given: Option<&str>, present: Option<&str>) -> Result<(), Error> {
    match given {
        Some(given) if present != Some(given) => Err(stale_revision("GetPolicy")),
        _ => Ok(()),
    }
}

impl Transact<AddPermission> for Lambda {
    fn access(input: &AddPermission, call: &Call, view: &View) -> Access {
        let qualifier = input.qualifier.as_deref();
        let mut access = on_function("lambda:AddPermission", &input.function_name, qualifier, call, view)
            .with("lambda:Principal", [input.principal.clone()]);
        if let Some(auth) = input.function_url_auth_type {
            access = access.with("lambda:FunctionUrlAuthType", [auth.as_str()]);
        }
        access
    }

    fn run(input: AddPermission, call: &Call, tx: &mut Tx) -> Result<AddPermissionOutput, Error> {
        let (mut function, reference, key) =
            policy_of(tx, &input.function_name, input.qualifier.as_deref(), call)?;
        if key == LATEST {
            return Err(invalid("We currently do not support adding policies for $LATEST."));
        }
        if input.function_url_auth_type.is_some() && input.action != "lambda:InvokeFunctionUrl" {
            let message = "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action";
            return Err(invalid(message));
        }
        let mut permissions = function.permissions.get(&key).cloned().unwrap_or_default();
        let present = (!permissions.statements.is_empty()).then(|| permissions.revision.clone());
        check_revision(input.revision_id.as_deref(), present.as_deref())?;
        let statement = for_function(&input, &reference.arn())?;
        if permissions.statement(&input.statement_id).is_some() {
            return Err(conflict(format!(
                "The statement id ({}) provided already exists. Please provide a new statement id, or remove the existing statement.",
                input.statement_id
            )));
        }
        let output = AddPermissionOutput { statement: Some(statement.text.clone()) };
        permissions.statements.push(statement);
        permissions.revision = call.entropy.uuid();
        check(&permissions)?;
        function.permissions.insert(key, permissions);
        tx.update(function)?;
        Ok(output)
    }
}

impl Transact<RemovePermission> for Lambda {
    fn access(input: &RemovePermission, call: &Call, view: &View) -> Access {
        on_function("lambda:RemovePermission", &input.function_name, input.qualifier.as_deref(), call, view)
    }

    fn run(input: RemovePermission, call: &Call, tx: &mut Tx) -> Result<RemovePermissionOutput, Error> {
        let (mut function, _, key) = policy_of(tx, &input.function_name, input.qualifier.as_deref(), call)?;
        let permissions = function.permissions.get_mut(&key).filter(|policy| !policy.statements.is_empty());
        let permissions =
            permissions.ok_or_else(|| not_found("No policy is associated with the given resource."))?;
        check_revision(input.revision_id.as_deref(), Some(&permissions.revision))?;
        if permissions.statement(&input.statement_id).is_none() {
            return Err(not_found(format!(
                "Statement {} is not found in resource policy.",
                input.statement_id
            )));
        }
        permissions.statements.retain(|statement| statement.id != input.statement_id);
        permissions.revision = call.entropy.uuid();
        if permissions.statements.is_empty() {
            function.permissions.remove(&key);
        }
        tx.update(function)?;
        Ok(RemovePermissionOutput {})
    }
}

impl Transact<GetPolicy> for Lambda {
    fn access(input: &GetPolicy, call: &Call, view: &View) -> Access {
        on_function("lambda:GetPolicy", &input.function_name, input.qualifier.as_deref(), call, view)
    }

    fn run(input: GetPolicy, call: &Call, tx: &mut Tx) -> Result<GetPolicyOutput, Error> {
        let (function, _, key) = policy_of(tx, &input.function_name, input.qualifier.as_deref(), call)?;
        let permissions = function.permissions.get(&key).filter(|policy| !policy.statements.is_empty());
        let permissions =
            permissions.ok_or_else(|| not_found("The resource you requested does not exist."))?;
        Ok(GetPolicyOutput {
            policy: Some(permissions.document()),
            revision_id: Some(permissions.revision.clone()),
        })
    }
}
