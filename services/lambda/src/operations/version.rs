//! PublishVersion and ListVersionsByFunction.

use super::function_code::for_update;
use crate::Lambda;
use crate::access::on_function;
use crate::answer::configuration as answer;
use crate::error::{function_not_found, invalid};
use crate::page::page;
use crate::reference::{FunctionReference, LATEST};
use crate::requested::refuse_unbuilt;
use crate::state::{Function, Version};
use api_lambda::{
    Error, FunctionConfiguration, ListVersionsByFunction, ListVersionsByFunctionOutput, PublishVersion,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// Publishes `$LATEST`; where nothing has changed since the last version, that one is the answer. The function's row is the caller's to write.
pub(crate) fn publish(
    function: &mut Function,
    description: Option<String>,
    call: &Call,
    tx: &mut Tx,
) -> Result<FunctionConfiguration, Error> {
    let last = tx.get::<Version>(function.scope, (function.name.as_str(), function.last_version))?;
    if let Some(last) = last.filter(|last| last.configuration.same_version(&function.latest)) {
        let number = last.number.to_string();
        return Ok(answer(function, &last.configuration, Some(&number), &number));
    }
    let mut configuration = function.latest.clone();
    if let Some(description) = description {
        configuration.description = description;
    }
    configuration.revision = call.entropy.uuid();
    function.last_version += 1;
    let number = function.last_version.to_string();
    let output = answer(function, &configuration, Some(&number), &number);
    tx.insert(Version {
        scope: function.scope,
        function: function.name.clone(),
        number: function.last_version,
        configuration,
    })?;
    Ok(output)
}

impl Transact<PublishVersion> for Lambda {
    fn access(input: &PublishVersion, call: &Call, view: &View) -> Access {
        on_function("lambda:PublishVersion", &input.function_name, None, call, view)
    }

    fn run(input: PublishVersion, call: &Call, tx: &mut Tx) -> Result<FunctionConfiguration, Error> {
        let reference = FunctionReference::read(&input.function_name, None, call)?;
        refuse_unbuilt(&[("PublishTo", input.publish_to.is_some())])?;
        let mut function = for_update(tx, &reference, input.revision_id.as_deref())?;
        if let Some(given) = input.code_sha256.filter(|given| *given != function.latest.code.sha256) {
            let latest = &function.latest.code.sha256;
            return Err(invalid(format!(
                "CodeSHA256 ({given}) is different from current CodeSHA256 in $LATEST ({latest}). Please try again with the CodeSHA256 \
                 in $LATEST."
            )));
        }
        let output = publish(&mut function, input.description, call, tx)?;
        tx.update(function)?;
        Ok(output)
    }
}

impl Transact<ListVersionsByFunction> for Lambda {
    fn access(input: &ListVersionsByFunction, call: &Call, view: &View) -> Access {
        on_function("lambda:ListVersionsByFunction", &input.function_name, None, call, view)
    }

    fn run(
        input: ListVersionsByFunction,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListVersionsByFunctionOutput, Error> {
        let reference = FunctionReference::read(&input.function_name, None, call)?;
        let function = Function::named(tx, reference.scope, &reference.name)?
            .ok_or_else(|| function_not_found(reference.function_arn()))?;
        let latest = answer(&function, &function.latest, Some(LATEST), LATEST);
        let mut things = vec![(format!("{:020}", 0), latest)];
        for version in Version::of(tx, reference.scope, &reference.name)? {
            let number = version.number.to_string();
            let one = answer(&function, &version.configuration, Some(&number), &number);
            things.push((format!("{:020}", version.number), one));
        }
        let list = format!("versions of {}", reference.name);
        let (versions, next_marker) = page(&list, input.marker.as_deref(), input.max_items, things)?;
        Ok(ListVersionsByFunctionOutput { versions: Some(versions), next_marker })
    }
}
