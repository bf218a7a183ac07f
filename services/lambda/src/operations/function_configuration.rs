//! UpdateFunctionConfiguration.

use super::function_code::for_update;
use super::function_create::with_network;
use crate::Lambda;
use crate::access::{layer_checks, on_function};
use crate::answer::configuration as answer;
use crate::reference::{FunctionReference, LATEST};
use crate::requested::{Requested, refuse_unbuilt};
use api_lambda::{Error, FunctionConfiguration, UpdateFunctionConfiguration};
use contract::{Access, Call, Check, Context, Orchestrate};
use store::View;

#[async_trait::async_trait]
impl Orchestrate<UpdateFunctionConfiguration> for Lambda {
    fn access(&self, input: &UpdateFunctionConfiguration, call: &Call, view: &View) -> Access {
        let action = "lambda:UpdateFunctionConfiguration";
        let mut access = on_function(action, &input.function_name, None, call, view);
        access = with_network(access, input.vpc_config.as_ref());
        if let Some(layers) = input.layers.as_ref().filter(|layers| !layers.is_empty()) {
            access = access.with("lambda:Layer", layers.clone());
        }
        if let Some(role) = &input.role {
            access = access.and(Check::pass_role(role, crate::SERVICE_PRINCIPAL));
        }
        access.checks.extend(layer_checks(input.layers.as_deref().unwrap_or_default(), view));
        access
    }

    async fn run(
        &self,
        input: UpdateFunctionConfiguration,
        call: &Call,
        context: &Context,
    ) -> Result<FunctionConfiguration, Error> {
        let reference = FunctionReference::read(&input.function_name, None, call)?;
        refuse_unbuilt(&[
            ("ImageConfig", input.image_config.is_some()),
            ("KMSKeyArn", input.kms_key_arn.as_ref().is_some_and(|arn| !arn.is_empty())),
            ("FileSystemConfigs", input.file_system_configs.as_ref().is_some_and(|list| !list.is_empty())),
            ("CapacityProviderConfig", input.capacity_provider_config.is_some()),
            ("DurableConfig", input.durable_config.is_some()),
        ])?;
        let revision = input.revision_id;
        let requested = Requested {
            role: input.role,
            handler: input.handler,
            description: input.description,
            timeout: input.timeout,
            memory: input.memory_size,
            storage: input.ephemeral_storage.map(|storage| storage.size),
            runtime: input.runtime,
            environment: input.environment,
            vpc: input.vpc_config,
            dead_letter: input.dead_letter_config,
            tracing: input.tracing_config,
            layers: input.layers,
            snap_start: input.snap_start,
            logging: input.logging_config,
        };
        requested.check()?;
        for_update(&context.store.view(), &reference, revision.as_deref())?;
        let resolved = requested.resolve(reference.scope, &reference.name, call, context).await?;
        let output = context
            .transact(call, |call, tx| {
                let mut function = for_update(tx, &reference, revision.as_deref())?;
                requested.apply(&resolved, &mut function.latest, &reference.name, tx.view())?;
                function.latest.modified = call.now;
                function.latest.revision = call.entropy.uuid();
                let output = answer(&function, &function.latest, None, LATEST);
                tx.update(function)?;
                Ok::<_, Error>(output)
            })
            .await?;
        self.retire_latest(&reference);
        Ok(output)
    }
}
