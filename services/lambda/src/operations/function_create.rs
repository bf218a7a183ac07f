//! CreateFunction.

use crate::access::layer_checks;
use crate::answer::configuration as answer;
use crate::code::{Given, Source, keep};
use crate::error::{conflict, invalid, not_built};
use crate::reference::{FunctionReference, LATEST, qualified};
use crate::requested::{Requested, refuse_unbuilt};
use crate::state::{Code, Configuration, Function, Logging};
use crate::{Lambda, tags};
use api_lambda::{Architecture, CreateFunction, CreateFunctionOutput, Error, PackageType, SnapStartApplyOn};
use contract::{Access, Call, Check, Context, Orchestrate};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::View;

/// The condition keys of a network: all but `lambda:VpcIds`, which only EC2 could tell.
pub(crate) fn with_network(access: Access, config: Option<&api_lambda::VpcConfig>) -> Access {
    let Some(config) = config else { return access };
    let mut access = access;
    if let Some(subnets) = config.subnet_ids.as_ref().filter(|ids| !ids.is_empty()) {
        access = access.with("lambda:SubnetIds", subnets.clone());
    }
    if let Some(groups) = config.security_group_ids.as_ref().filter(|ids| !ids.is_empty()) {
        access = access.with("lambda:SecurityGroupIds", groups.clone());
    }
    access
}

#[async_trait::async_trait]
impl Orchestrate<CreateFunction> for Lambda {
    fn access(&self, input: &CreateFunction, call: &Call, view: &View) -> Access {
        let name = FunctionReference::read(&input.function_name, None, call).map(|reference| reference.name);
        let arn = name.map_or_else(|_| "*".to_owned(), |name| qualified(call.scope(), &name, None));
        let mut access =
            Access::on("lambda:CreateFunction", arn).with_request_tags(tags::asked(input.tags.as_ref()));
        access = with_network(access, input.vpc_config.as_ref());
        if let Some(layers) = input.layers.as_ref().filter(|layers| !layers.is_empty()) {
            access = access.with("lambda:Layer", layers.clone());
        }
        if let Some(signing) = &input.code_signing_config_arn {
            access = access.with("lambda:CodeSigningConfigArn", [signing.clone()]);
        }
        access = access.and(Check::pass_role(&input.role, crate::SERVICE_PRINCIPAL));
        if !tags::asked(input.tags.as_ref()).is_empty() {
            let arn =
                access.checks.first().and_then(|check| check.resources.first()).cloned().unwrap_or_default();
            let tagging =
                Access::on("lambda:TagResource", arn).with_request_tags(tags::asked(input.tags.as_ref()));
            access.checks.extend(tagging.checks);
        }
        access.checks.extend(layer_checks(input.layers.as_deref().unwrap_or_default(), view));
        access
    }

    async fn run(
        &self,
        input: CreateFunction,
        call: &Call,
        context: &Context,
    ) -> Result<CreateFunctionOutput, Error> {
        let reference = FunctionReference::unqualified(&input.function_name, call)?;
        if reference.scope.account != call.account {
            return Err(invalid("A function can only be created in the caller's own account."));
        }
        let (scope, name) = (reference.scope, reference.name);
        check_built(&input)?;
        let (requested, source, new_tags) = requested(input.clone())?;
        requested.check()?;
        let mut all_tags = new_tags;
        tags::check(call, &all_tags)?;
        tags::within_limit(&all_tags)?;
        let step = all_tags.remove(tags::STEP);
        let found = context.store.view().get::<Function>(scope, &name)?;
        if let Some(found) = found {
            return again(found, step.as_deref());
        }
        let resolved = requested.resolve(scope, &name, call, context).await?;
        let code = keep(source, &self.engine.code, call, context).await?;
        let runtime = Arc::clone(&self.engine.settings.runtime);
        tokio::spawn(async move { runtime.warm_up().await });
        let publish = input.publish.unwrap_or(false);
        let architecture =
            input.architectures.unwrap_or_default().first().copied().unwrap_or(Architecture::X8664);
        context
            .transact(call, |call, tx| {
                if let Some(found) = tx.get::<Function>(scope, &name)? {
                    return again(found, step.as_deref());
                }
                let mut latest = fresh(&name, architecture, code.clone(), call);
                requested.apply(&resolved, &mut latest, &name, tx.view())?;
                let mut function = Function {
                    scope,
                    name: name.clone(),
                    incarnation: call.entropy.uuid(),
                    latest,
                    tags: all_tags.clone(),
                    step: step.clone(),
                    permissions: BTreeMap::new(),
                    reserved_concurrency: None,
                    recursion_allowed: false,
                    last_version: 0,
                    runtime_management: BTreeMap::new(),
                };
                let output = if publish {
                    super::publish(&mut function, None, call, tx)?
                } else {
                    answer(&function, &function.latest, None, LATEST)
                };
                tx.insert(function)?;
                Ok(output)
            })
            .await
    }
}

/// A step of a stack that runs again finds what it made.
fn again(found: Function, step: Option<&str>) -> Result<CreateFunctionOutput, Error> {
    if step.is_some() && found.step.as_deref() == step {
        return Ok(answer(&found, &found.latest, None, LATEST));
    }
    Err(conflict(format!("Function already exist: {}", found.name)))
}

/// Refuses what is not built.
fn check_built(input: &CreateFunction) -> Result<(), Error> {
    if input.package_type == Some(PackageType::Image) || input.code.image_uri.is_some() {
        return Err(not_built("PackageType Image (a function in a container image)"));
    }
    refuse_unbuilt(&[
        ("ImageConfig", input.image_config.is_some()),
        ("KMSKeyArn", input.kms_key_arn.as_ref().is_some_and(|arn| !arn.is_empty())),
        ("Code.SourceKMSKeyArn", input.code.source_kms_key_arn.is_some()),
        ("FileSystemConfigs", input.file_system_configs.as_ref().is_some_and(|list| !list.is_empty())),
        ("CodeSigningConfigArn", input.code_signing_config_arn.is_some()),
        ("CapacityProviderConfig", input.capacity_provider_config.is_some()),
        ("PublishTo", input.publish_to.is_some()),
        ("DurableConfig", input.durable_config.is_some()),
        ("TenancyConfig", input.tenancy_config.is_some()),
    ])
}

fn requested(input: CreateFunction) -> Result<(Requested, Source, names::Tags), Error> {
    if input.runtime.is_none() || input.handler.as_ref().is_none_or(String::is_empty) {
        let message =
            "Runtime and Handler are mandatory parameters for functions created with deployment packages.";
        return Err(invalid(message));
    }
    let code = input.code;
    let source = Source::of(Given {
        zip: code.zip_file,
        bucket: code.s3_bucket,
        key: code.s3_key,
        version: code.s3_object_version,
    })?;
    let requested = Requested {
        role: Some(input.role),
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
    Ok((requested, source, input.tags.unwrap_or_default()))
}

fn fresh(name: &str, architecture: Architecture, code: Code, call: &Call) -> Configuration {
    Configuration {
        runtime: String::new(),
        role: String::new(),
        handler: String::new(),
        description: String::new(),
        timeout: 3,
        memory: 128,
        storage: 512,
        environment: None,
        architecture: architecture.as_str().to_owned(),
        tracing: "PassThrough".to_owned(),
        vpc: None,
        dead_letter: None,
        layers: Vec::new(),
        logging: Logging::usual(name),
        snap_start: SnapStartApplyOn::None.as_str().to_owned(),
        code,
        modified: call.now,
        revision: call.entropy.uuid(),
    }
}
