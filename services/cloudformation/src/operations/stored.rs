//! Values of parameters that are kept in Parameter Store (`AWS::SSM::Parameter::Value<…>`): read when an operation on a stack is asked for, in
//! the name of who will make its resources. <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html>

use super::{invalid, proposal, source};
use crate::engine::{SERVICE_PRINCIPAL, assume};
use crate::template::{Template, not_stored};
use api_cloudformation::Error;
use api_ssm::{GetParameters, ParameterType};
use contract::{Call, Context};
use indexmap::IndexMap;

/// Names that Parameter Store takes at once.
const AT_ONCE: usize = 10;

/// The values by the names that a template's parameters have, each with its version where it has one.
pub(super) async fn values(
    template: &Template,
    given: &IndexMap<String, String>,
    (role, stack_id): (Option<&str>, &str),
    call: &Call,
    context: &Context,
) -> Result<IndexMap<String, String>, Error> {
    let mut values = IndexMap::new();
    let names = template.stored_names(given);
    if names.is_empty() {
        return Ok(values);
    }
    let caller = match role {
        Some(role) => {
            let role = proposal::trusting(role, stack_id, call, context).await?;
            assume(&role, call.scope(), stack_id, &call.chain, context).await.map_err(invalid)?
        }
        None => context.caller(call.principal.clone(), call.scope(), call.chain.through(SERVICE_PRINCIPAL)),
    };
    for names in names.chunks(AT_ONCE) {
        let get = GetParameters { names: names.to_vec(), with_decryption: None };
        let answer = caller.call(get).await.map_err(|error| invalid(error.message))?;
        let missing = answer.invalid_parameters.unwrap_or_default();
        if !missing.is_empty() {
            let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
            return Err(source::refused(not_stored(&missing)));
        }
        for parameter in answer.parameters.into_iter().flatten() {
            let name = parameter.name.unwrap_or_default();
            if parameter.r#type == Some(ParameterType::SecureString) {
                return Err(invalid(format!(
                    "Parameters [{name}] referenced by template have types not supported by CloudFormation."
                )));
            }
            values.insert(
                format!("{name}{}", parameter.selector.unwrap_or_default()),
                parameter.value.unwrap_or_default(),
            );
        }
    }
    Ok(values)
}
