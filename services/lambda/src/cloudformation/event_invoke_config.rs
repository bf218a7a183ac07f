//! `AWS::Lambda::EventInvokeConfig`.

use super::{gone, number};
use api_lambda::{
    DeleteFunctionEventInvokeConfig, DestinationConfig, OnFailure, OnSuccess, PutFunctionEventInvokeConfig,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

pub(super) struct EventInvokeConfig;

fn destinations(properties: &Properties) -> Result<Option<DestinationConfig>, HandlerFailure> {
    let Some(config) = properties.object("DestinationConfig")? else { return Ok(None) };
    config.only(&["OnSuccess", "OnFailure"])?;
    let destination = |name: &str| -> Result<Option<String>, HandlerFailure> {
        let Some(on) = config.object(name)? else { return Ok(None) };
        on.only(&["Destination"])?;
        on.required_string("Destination").map(Some)
    };
    let on_success =
        destination("OnSuccess")?.map(|destination| OnSuccess { destination: Some(destination) });
    let on_failure =
        destination("OnFailure")?.map(|destination| OnFailure { destination: Some(destination) });
    Ok(Some(DestinationConfig { on_success, on_failure }))
}

/// The whole configuration is put each time: a second try finds the same.
async fn put(properties: &Properties, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let destination_config = destinations(properties)?;
    let input = PutFunctionEventInvokeConfig {
        function_name: properties.required_string("FunctionName")?,
        qualifier: Some(properties.required_string("Qualifier")?),
        maximum_retry_attempts: number(properties, "MaximumRetryAttempts")?,
        maximum_event_age_in_seconds: number(properties, "MaximumEventAgeInSeconds")?,
        destination_config,
    };
    context.caller.call(input).await?;
    Ok(())
}

#[async_trait::async_trait]
impl ResourceHandler for EventInvokeConfig {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::EventInvokeConfig"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "DestinationConfig",
            "FunctionName",
            "MaximumEventAgeInSeconds",
            "MaximumRetryAttempts",
            "Qualifier",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["FunctionName", "Qualifier"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        put(properties, context).await?;
        let (function, qualifier) =
            (properties.required_string("FunctionName")?, properties.required_string("Qualifier")?);
        Ok(Created { physical_id: format!("{function}|{qualifier}"), ..Created::default() })
    }

    async fn update(
        &self,
        _: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        put(new, context).await?;
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let input = DeleteFunctionEventInvokeConfig {
            function_name: properties.required_string("FunctionName")?,
            qualifier: Some(properties.required_string("Qualifier")?),
        };
        gone(context.caller.call(input).await)
    }
}
