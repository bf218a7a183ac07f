//! PutRuntimeManagementConfig and GetRuntimeManagementConfig.

use super::{Found, find};
use crate::Lambda;
use crate::access::on_function;
use crate::answer::runtime_version_arn;
use crate::error::invalid;
use crate::reference::{FunctionReference, qualified};
use crate::state::RuntimeManagement;
use api_lambda::{
    Error, GetRuntimeManagementConfig, GetRuntimeManagementConfigOutput, PutRuntimeManagementConfig,
    PutRuntimeManagementConfigOutput, UpdateRuntimeOn,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The version that a qualifier names; aliases have no runtime of their own.
fn version(view: &View, name: &str, qualifier: Option<&str>, call: &Call) -> Result<(Found, String), Error> {
    let reference = FunctionReference::read(name, qualifier, call)?;
    let found = find(view, &reference, None)?;
    if found.alias.is_some() {
        return Err(invalid(
            "Runtime management configuration is not supported on aliases. Name $LATEST or a version.",
        ));
    }
    let arn = qualified(reference.scope, &reference.name, Some(&found.version));
    Ok((found, arn))
}

impl Transact<PutRuntimeManagementConfig> for Lambda {
    fn access(input: &PutRuntimeManagementConfig, call: &Call, view: &View) -> Access {
        let qualifier = input.qualifier.as_deref();
        on_function("lambda:PutRuntimeManagementConfig", &input.function_name, qualifier, call, view)
    }

    fn run(
        input: PutRuntimeManagementConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<PutRuntimeManagementConfigOutput, Error> {
        let (found, arn) = version(tx, &input.function_name, input.qualifier.as_deref(), call)?;
        let manual = input.update_runtime_on == UpdateRuntimeOn::Manual;
        let own = runtime_version_arn(found.function.scope.region, &found.configuration.runtime);
        match (&input.runtime_version_arn, manual) {
            (None, true) => {
                return Err(invalid("RuntimeVersionArn is required when UpdateRuntimeOn is Manual."));
            }
            (Some(_), false) => {
                return Err(invalid("RuntimeVersionArn can only be given when UpdateRuntimeOn is Manual."));
            }
            (Some(given), true) if *given != own => {
                return Err(invalid(format!(
                    "Runtime version {given} does not exist. The runtime has one version here: {own}"
                )));
            }
            _ => {}
        }
        let mut function = found.function;
        let management = RuntimeManagement {
            update: input.update_runtime_on.as_str().to_owned(),
            version_arn: input.runtime_version_arn.clone(),
        };
        function.runtime_management.insert(found.version, management);
        tx.update(function)?;
        Ok(PutRuntimeManagementConfigOutput {
            update_runtime_on: input.update_runtime_on,
            function_arn: arn,
            runtime_version_arn: input.runtime_version_arn,
        })
    }
}

impl Transact<GetRuntimeManagementConfig> for Lambda {
    fn access(input: &GetRuntimeManagementConfig, call: &Call, view: &View) -> Access {
        let qualifier = input.qualifier.as_deref();
        on_function("lambda:GetRuntimeManagementConfig", &input.function_name, qualifier, call, view)
    }

    fn run(
        input: GetRuntimeManagementConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetRuntimeManagementConfigOutput, Error> {
        let (found, arn) = version(tx, &input.function_name, input.qualifier.as_deref(), call)?;
        let management = found.function.runtime_management.get(&found.version);
        let update = management.and_then(|management| management.update.parse().ok());
        Ok(GetRuntimeManagementConfigOutput {
            update_runtime_on: Some(update.unwrap_or(UpdateRuntimeOn::Auto)),
            runtime_version_arn: management.and_then(|management| management.version_arn.clone()),
            function_arn: Some(arn),
        })
    }
}
