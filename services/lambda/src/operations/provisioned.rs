//! Provisioned concurrency: recorded and answered. Environments here start in milliseconds, so none are held ready.

use super::{Found, find};
use crate::Lambda;
use crate::access::on_function;
use crate::answer::last_modified;
use crate::error::{conflict, invalid};
use crate::page::page;
use crate::reference::{FunctionReference, LATEST, qualified};
use crate::state::Provisioned;
use api_lambda::{
    DeleteProvisionedConcurrencyConfig, DeleteProvisionedConcurrencyConfigOutput, Error,
    GetProvisionedConcurrencyConfig, GetProvisionedConcurrencyConfigOutput,
    ListProvisionedConcurrencyConfigs, ListProvisionedConcurrencyConfigsOutput,
    ProvisionedConcurrencyConfigListItem, ProvisionedConcurrencyConfigNotFoundException,
    ProvisionedConcurrencyStatusEnum as Status, PutProvisionedConcurrencyConfig,
    PutProvisionedConcurrencyConfigOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

fn target(
    view: &View,
    name: &str,
    qualifier: &str,
    call: &Call,
) -> Result<(Found, FunctionReference), Error> {
    let reference = FunctionReference::read(name, Some(qualifier), call)?;
    if qualifier == LATEST {
        return Err(invalid(
            "Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
        ));
    }
    Ok((find(view, &reference, None)?, reference))
}

impl Transact<PutProvisionedConcurrencyConfig> for Lambda {
    fn access(input: &PutProvisionedConcurrencyConfig, call: &Call, view: &View) -> Access {
        let action = "lambda:PutProvisionedConcurrencyConfig";
        on_function(action, &input.function_name, Some(&input.qualifier), call, view)
    }

    fn run(
        input: PutProvisionedConcurrencyConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<PutProvisionedConcurrencyConfigOutput, Error> {
        let (found, reference) = target(tx, &input.function_name, &input.qualifier, call)?;
        let requested = input.provisioned_concurrent_executions;
        let all = Provisioned::of(tx, reference.scope, &reference.name)?;
        if found.alias.is_some() && all.iter().any(|config| config.qualifier == found.version) {
            let message = "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version";
            return Err(conflict(message));
        }
        let others = all.iter().filter(|config| config.qualifier != input.qualifier);
        let taken: i32 = others.map(|config| config.requested).sum();
        if let Some(reserved) = found.function.reserved_concurrency
            && taken.saturating_add(requested) > reserved
        {
            return Err(invalid(format!(
                "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function, which is {reserved}"
            )));
        }
        tx.put(Provisioned {
            scope: reference.scope,
            function: reference.name,
            qualifier: input.qualifier,
            requested,
            modified: call.now,
        })?;
        Ok(PutProvisionedConcurrencyConfigOutput {
            requested_provisioned_concurrent_executions: Some(requested),
            available_provisioned_concurrent_executions: Some(0),
            allocated_provisioned_concurrent_executions: Some(0),
            status: Some(Status::InProgress),
            status_reason: None,
            last_modified: Some(last_modified(call.now)),
        })
    }
}

impl Transact<GetProvisionedConcurrencyConfig> for Lambda {
    fn access(input: &GetProvisionedConcurrencyConfig, call: &Call, view: &View) -> Access {
        let action = "lambda:GetProvisionedConcurrencyConfig";
        on_function(action, &input.function_name, Some(&input.qualifier), call, view)
    }

    fn run(
        input: GetProvisionedConcurrencyConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetProvisionedConcurrencyConfigOutput, Error> {
        let (_, reference) = target(tx, &input.function_name, &input.qualifier, call)?;
        let config =
            tx.get::<Provisioned>(reference.scope, (reference.name.as_str(), input.qualifier.as_str()))?;
        let config = config.ok_or_else(|| {
            let message = "No Provisioned Concurrency Config found for this function".to_owned();
            ProvisionedConcurrencyConfigNotFoundException { message, r#type: Some("User".into()) }
        })?;
        Ok(GetProvisionedConcurrencyConfigOutput {
            requested_provisioned_concurrent_executions: Some(config.requested),
            available_provisioned_concurrent_executions: Some(config.requested),
            allocated_provisioned_concurrent_executions: Some(config.requested),
            status: Some(Status::Ready),
            status_reason: None,
            last_modified: Some(last_modified(config.modified)),
        })
    }
}

impl Transact<ListProvisionedConcurrencyConfigs> for Lambda {
    fn access(input: &ListProvisionedConcurrencyConfigs, call: &Call, view: &View) -> Access {
        on_function("lambda:ListProvisionedConcurrencyConfigs", &input.function_name, None, call, view)
    }

    fn run(
        input: ListProvisionedConcurrencyConfigs,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListProvisionedConcurrencyConfigsOutput, Error> {
        let function = super::concurrency::whole(tx, &input.function_name, call)?;
        let configs = Provisioned::of(tx, function.scope, &function.name)?.into_iter().map(|config| {
            let item = ProvisionedConcurrencyConfigListItem {
                function_arn: Some(qualified(function.scope, &function.name, Some(&config.qualifier))),
                requested_provisioned_concurrent_executions: Some(config.requested),
                available_provisioned_concurrent_executions: Some(config.requested),
                allocated_provisioned_concurrent_executions: Some(config.requested),
                status: Some(Status::Ready),
                status_reason: None,
                last_modified: Some(last_modified(config.modified)),
            };
            (config.qualifier, item)
        });
        let list = format!("provisioned concurrency of {}", function.name);
        let (configs, next_marker) =
            page(&list, input.marker.as_deref(), input.max_items, configs.collect())?;
        Ok(ListProvisionedConcurrencyConfigsOutput {
            provisioned_concurrency_configs: Some(configs),
            next_marker,
        })
    }
}

impl Transact<DeleteProvisionedConcurrencyConfig> for Lambda {
    fn access(input: &DeleteProvisionedConcurrencyConfig, call: &Call, view: &View) -> Access {
        let action = "lambda:DeleteProvisionedConcurrencyConfig";
        on_function(action, &input.function_name, Some(&input.qualifier), call, view)
    }

    fn run(
        input: DeleteProvisionedConcurrencyConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteProvisionedConcurrencyConfigOutput, Error> {
        let (_, reference) = target(tx, &input.function_name, &input.qualifier, call)?;
        tx.remove::<Provisioned>(reference.scope, (reference.name.as_str(), input.qualifier.as_str()))?;
        Ok(DeleteProvisionedConcurrencyConfigOutput {})
    }
}
