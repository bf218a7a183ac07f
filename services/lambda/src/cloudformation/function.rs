//! `AWS::Lambda::Function`.

use super::function_properties::{
    create, differ, snap_start_attributes, tags, update_code, update_configuration,
};
use super::{gone, number, value};
use api_lambda::{
    DeleteFunction, DeleteFunctionConcurrency, FunctionConfiguration, GetFunctionConfiguration,
    PutFunctionConcurrency, PutFunctionRecursionConfig, PutRuntimeManagementConfig, RecursiveLoop,
    TagResource, UntagResource, UpdateRuntimeOn,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::Document;

pub(super) struct Function;

fn attributes(configuration: FunctionConfiguration) -> BTreeMap<String, Document> {
    let mut all = BTreeMap::from([("Arn".to_owned(), Document::from(configuration.function_arn))]);
    let snap_start = configuration.snap_start.unwrap_or_default();
    let apply_on = snap_start.apply_on.map_or("None", |apply| apply.as_str());
    let status = snap_start.optimization_status.map_or("Off", |status| status.as_str());
    all.extend(snap_start_attributes(apply_on, status));
    all
}

/// What has an operation of its own beside the function's.
async fn beside(
    name: &str,
    old: &Properties,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let caller = &context.caller;
    let function_name = name.to_owned();
    if differ(old, new, &["ReservedConcurrentExecutions"]) {
        match number(new, "ReservedConcurrentExecutions")? {
            Some(reserved_concurrent_executions) => {
                let input = PutFunctionConcurrency {
                    function_name: function_name.clone(),
                    reserved_concurrent_executions,
                };
                caller.call(input).await?;
            }
            None => {
                caller.call(DeleteFunctionConcurrency { function_name: function_name.clone() }).await?;
            }
        }
    }
    if differ(old, new, &["RecursiveLoop"]) {
        let recursive_loop = value(new, "RecursiveLoop")?.unwrap_or(RecursiveLoop::Terminate);
        caller
            .call(PutFunctionRecursionConfig { function_name: function_name.clone(), recursive_loop })
            .await?;
    }
    if differ(old, new, &["RuntimeManagementConfig"]) {
        let management = new.object("RuntimeManagementConfig")?.unwrap_or_default();
        management.only(&["UpdateRuntimeOn", "RuntimeVersionArn"])?;
        let input = PutRuntimeManagementConfig {
            function_name,
            qualifier: None,
            update_runtime_on: value(&management, "UpdateRuntimeOn")?.unwrap_or(UpdateRuntimeOn::Auto),
            runtime_version_arn: management.string("RuntimeVersionArn")?,
        };
        caller.call(input).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl ResourceHandler for Function {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::Function"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "Architectures",
            "Code",
            "DeadLetterConfig",
            "Description",
            "Environment",
            "EphemeralStorage",
            "FunctionName",
            "Handler",
            "Layers",
            "LoggingConfig",
            "MemorySize",
            "PackageType",
            "RecursiveLoop",
            "ReservedConcurrentExecutions",
            "Role",
            "Runtime",
            "RuntimeManagementConfig",
            "SnapStart",
            "Tags",
            "Timeout",
            "TracingConfig",
            "VpcConfig",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["FunctionName", "PackageType"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "SnapStartResponse", "SnapStartResponse.ApplyOn", "SnapStartResponse.OptimizationStatus"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let input = create(properties, context)?;
        let name = input.function_name.clone();
        let configuration = context.caller.call(input).await?;
        beside(&name, &Properties::default(), properties, context).await?;
        Ok(Created { physical_id: name, attributes: attributes(configuration) })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let caller = &context.caller;
        if let Some(input) = update_code(physical_id, old, new)? {
            caller.call(input).await?;
        }
        if let Some(input) = update_configuration(physical_id, old, new)? {
            caller.call(input).await?;
        }
        beside(physical_id, old, new, context).await?;
        let function_name = physical_id.to_owned();
        let configuration = caller.call(GetFunctionConfiguration { function_name, qualifier: None }).await?;
        let resource = configuration.function_arn.clone().unwrap_or_default();
        let wanted = tags(new, context)?;
        let kept = |key: &String| wanted.contains_key(key);
        let mut before = context.previous_stack_tags.clone();
        before.extend(old.tags("Tags")?);
        let tag_keys: Vec<String> = before.into_keys().filter(|key| !kept(key)).collect();
        if !tag_keys.is_empty() {
            caller.call(UntagResource { resource: resource.clone(), tag_keys }).await?;
        }
        if !wanted.is_empty() {
            caller.call(TagResource { resource, tags: wanted }).await?;
        }
        Ok(Updated { attributes: attributes(configuration) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        gone(
            context
                .caller
                .call(DeleteFunction { function_name: physical_id.to_owned(), qualifier: None })
                .await,
        )
    }
}
