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
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::{Document, document};

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

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let gone = |error: &wire::ErrorResponse| error.code == "ResourceNotFoundException";
        let ask = || document!({ "FunctionName": physical_id });
        let Some(answer) = context.ask("lambda", "GetFunctionConfiguration", ask(), gone).await? else {
            return Ok(Actual::Gone);
        };
        // Code is not told: it is not compared, as on AWS.
        let mut actual = Actual::picked(
            &answer,
            &[
                "Architectures",
                "DeadLetterConfig",
                "Description",
                "Environment",
                "EphemeralStorage",
                "FunctionName",
                "Handler",
                "LoggingConfig",
                "MemorySize",
                "PackageType",
                "Role",
                "Runtime",
                "SnapStart",
                "Timeout",
                "TracingConfig",
                "VpcConfig",
            ],
        );
        let layers = answer.get("Layers").and_then(Document::as_array).unwrap_or_default();
        actual.set("Layers", layers.iter().filter_map(|it| it.get("Arn").cloned()).collect::<Document>());
        if properties.get("ReservedConcurrentExecutions").is_some() {
            let reserved = context.ask("lambda", "GetFunctionConcurrency", ask(), gone).await?;
            let reserved = reserved.unwrap_or_default();
            let told = reserved.get("ReservedConcurrentExecutions").cloned().unwrap_or_default();
            actual.set("ReservedConcurrentExecutions", told);
        }
        if properties.get("RecursiveLoop").is_some() {
            let recursion = context.ask("lambda", "GetFunctionRecursionConfig", ask(), gone).await?;
            let recursion = recursion.unwrap_or_default();
            actual.set("RecursiveLoop", recursion.get("RecursiveLoop").cloned().unwrap_or_default());
        }
        if properties.get("Tags").is_some() {
            let arn = answer.get("FunctionArn").cloned().unwrap_or_default();
            let tags = context.ask("lambda", "ListTags", document!({ "Resource": arn }), gone).await?;
            actual.set("Tags", Actual::listed_tags(tags.unwrap_or_default().get("Tags")));
        }
        Ok(Actual::Properties(actual))
    }
}
