//! How asynchronous invocations are retried, and where their records go.

use super::find;
use crate::Lambda;
use crate::access::on_function;
use crate::asynchronous::check_destination;
use crate::error::{invalid, not_found};
use crate::page::page;
use crate::reference::{FunctionReference, LATEST, qualified};
use crate::state::EventInvoke;
use api_lambda::{
    DeleteFunctionEventInvokeConfig, DeleteFunctionEventInvokeConfigOutput, DestinationConfig, Error,
    FunctionEventInvokeConfig, GetFunctionEventInvokeConfig, ListFunctionEventInvokeConfigs,
    ListFunctionEventInvokeConfigsOutput, OnFailure, OnSuccess, PutFunctionEventInvokeConfig,
    UpdateFunctionEventInvokeConfig,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// What Put and Update ask for.
struct Asked {
    retries: Option<i32>,
    age: Option<i32>,
    destinations: Option<DestinationConfig>,
}

fn target(
    view: &View,
    name: &str,
    qualifier: Option<&str>,
    call: &Call,
) -> Result<(FunctionReference, String), Error> {
    let reference = FunctionReference::read(name, qualifier, call)?;
    find(view, &reference, None)?;
    let key = reference.qualifier.clone().unwrap_or_else(|| LATEST.to_owned());
    Ok((reference, key))
}

fn present(view: &View, reference: &FunctionReference, key: &str) -> Result<EventInvoke, Error> {
    let config = view.get::<EventInvoke>(reference.scope, (reference.name.as_str(), key))?;
    let arn = || qualified(reference.scope, &reference.name, Some(key));
    config.ok_or_else(|| not_found(format!("The function {} doesn't have an EventInvokeConfig", arn())))
}

fn answer(config: &EventInvoke) -> FunctionEventInvokeConfig {
    let some = |destination: &Option<String>| destination.clone();
    FunctionEventInvokeConfig {
        last_modified: Some(config.modified),
        function_arn: Some(qualified(config.scope, &config.function, Some(&config.qualifier))),
        maximum_retry_attempts: config.retries,
        maximum_event_age_in_seconds: config.age,
        destination_config: Some(DestinationConfig {
            on_success: Some(OnSuccess { destination: some(&config.on_success) }),
            on_failure: Some(OnFailure { destination: some(&config.on_failure) }),
        }),
    }
}

impl Asked {
    /// Puts it into a configuration; what is not asked for stays.
    fn apply(self, config: &mut EventInvoke, call: &Call) -> Result<(), Error> {
        config.retries = self.retries.or(config.retries);
        config.age = self.age.or(config.age);
        if let Some(destinations) = self.destinations {
            let set = |place: &mut Option<String>, given: Option<Option<String>>| {
                let Some(given) = given else { return Ok(()) };
                let given = given.filter(|destination| !destination.is_empty());
                given.as_deref().map_or(Ok(()), check_destination)?;
                if given.as_deref() == Some(&qualified(config.scope, &config.function, None)) {
                    return Err(invalid("You can't specify the function as a destination for itself."));
                }
                *place = given;
                Ok::<(), Error>(())
            };
            set(&mut config.on_success, destinations.on_success.map(|on| on.destination))?;
            set(&mut config.on_failure, destinations.on_failure.map(|on| on.destination))?;
        }
        config.modified = call.now;
        Ok(())
    }
}

impl Transact<PutFunctionEventInvokeConfig> for Lambda {
    fn access(input: &PutFunctionEventInvokeConfig, call: &Call, view: &View) -> Access {
        let qualifier = input.qualifier.as_deref();
        on_function("lambda:PutFunctionEventInvokeConfig", &input.function_name, qualifier, call, view)
    }

    fn run(
        input: PutFunctionEventInvokeConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<FunctionEventInvokeConfig, Error> {
        let (reference, key) = target(tx, &input.function_name, input.qualifier.as_deref(), call)?;
        let asked = Asked {
            retries: input.maximum_retry_attempts,
            age: input.maximum_event_age_in_seconds,
            destinations: input.destination_config,
        };
        if asked.retries.is_none() && asked.age.is_none() && asked.destinations.is_none() {
            return Err(invalid("You must specify at least one of error handling or destination setting."));
        }
        let mut config = EventInvoke {
            scope: reference.scope,
            function: reference.name,
            qualifier: key,
            retries: None,
            age: None,
            on_success: None,
            on_failure: None,
            modified: call.now,
        };
        asked.apply(&mut config, call)?;
        let output = answer(&config);
        tx.put(config)?;
        Ok(output)
    }
}

impl Transact<UpdateFunctionEventInvokeConfig> for Lambda {
    fn access(input: &UpdateFunctionEventInvokeConfig, call: &Call, view: &View) -> Access {
        let qualifier = input.qualifier.as_deref();
        on_function("lambda:UpdateFunctionEventInvokeConfig", &input.function_name, qualifier, call, view)
    }

    fn run(
        input: UpdateFunctionEventInvokeConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<FunctionEventInvokeConfig, Error> {
        let (reference, key) = target(tx, &input.function_name, input.qualifier.as_deref(), call)?;
        let mut config = present(tx, &reference, &key)?;
        let asked = Asked {
            retries: input.maximum_retry_attempts,
            age: input.maximum_event_age_in_seconds,
            destinations: input.destination_config,
        };
        asked.apply(&mut config, call)?;
        let output = answer(&config);
        tx.update(config)?;
        Ok(output)
    }
}

impl Transact<GetFunctionEventInvokeConfig> for Lambda {
    fn access(input: &GetFunctionEventInvokeConfig, call: &Call, view: &View) -> Access {
        let qualifier = input.qualifier.as_deref();
        on_function("lambda:GetFunctionEventInvokeConfig", &input.function_name, qualifier, call, view)
    }

    fn run(
        input: GetFunctionEventInvokeConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<FunctionEventInvokeConfig, Error> {
        let (reference, key) = target(tx, &input.function_name, input.qualifier.as_deref(), call)?;
        Ok(answer(&present(tx, &reference, &key)?))
    }
}

impl Transact<ListFunctionEventInvokeConfigs> for Lambda {
    fn access(input: &ListFunctionEventInvokeConfigs, call: &Call, view: &View) -> Access {
        on_function("lambda:ListFunctionEventInvokeConfigs", &input.function_name, None, call, view)
    }

    fn run(
        input: ListFunctionEventInvokeConfigs,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListFunctionEventInvokeConfigsOutput, Error> {
        let function = super::concurrency::whole(tx, &input.function_name, call)?;
        let configs = EventInvoke::of(tx, function.scope, &function.name)?;
        let things = configs.into_iter().map(|config| (config.qualifier.clone(), answer(&config))).collect();
        let list = format!("event invoke configs of {}", function.name);
        let (configs, next_marker) = page(&list, input.marker.as_deref(), input.max_items, things)?;
        Ok(ListFunctionEventInvokeConfigsOutput { function_event_invoke_configs: Some(configs), next_marker })
    }
}

impl Transact<DeleteFunctionEventInvokeConfig> for Lambda {
    fn access(input: &DeleteFunctionEventInvokeConfig, call: &Call, view: &View) -> Access {
        let qualifier = input.qualifier.as_deref();
        on_function("lambda:DeleteFunctionEventInvokeConfig", &input.function_name, qualifier, call, view)
    }

    fn run(
        input: DeleteFunctionEventInvokeConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteFunctionEventInvokeConfigOutput, Error> {
        let (reference, key) = target(tx, &input.function_name, input.qualifier.as_deref(), call)?;
        present(tx, &reference, &key)?;
        tx.remove::<EventInvoke>(reference.scope, (reference.name.as_str(), key.as_str()))?;
        Ok(DeleteFunctionEventInvokeConfigOutput {})
    }
}
