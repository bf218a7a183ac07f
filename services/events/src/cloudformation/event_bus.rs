//! `AWS::Events::EventBus`.

use super::{choice, dead_letter, gone_is_done, is_another_s, listed, retag, wanted_tags};
use crate::reference::BusReference;
use api_events::{
    CreateEventBus, DeadLetterConfig, DeleteEventBus, LogConfig, PutPermission, RemovePermission,
    UpdateEventBus,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::Document;

pub(crate) struct EventBusHandler;

#[async_trait::async_trait]
impl ResourceHandler for EventBusHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Events::EventBus"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "Name",
            "EventSourceName",
            "Description",
            "KmsKeyIdentifier",
            "DeadLetterConfig",
            "LogConfig",
            "Policy",
            "Tags",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Name", "EventSourceName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "Name"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let name = properties.required_string("Name")?;
        let arn = bus_arn(&name, context);
        let create = CreateEventBus {
            name: name.clone(),
            event_source_name: properties.string("EventSourceName")?,
            description: properties.string("Description")?,
            kms_key_identifier: properties.string("KmsKeyIdentifier")?,
            dead_letter_config: dead_letter(properties)?,
            log_config: log(properties)?,
            tags: listed(wanted_tags(properties, &context.stack_tags)?),
        };
        match context.caller.call(create).await {
            // One of an earlier try of this step.
            Err(error)
                if error.code == "ResourceAlreadyExistsException" && !is_another_s(&arn, context).await? => {}
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
        if let Some(policy) = properties.json("Policy")? {
            let put = PutPermission {
                event_bus_name: Some(name.clone()),
                policy: Some(policy.to_string()),
                ..Default::default()
            };
            let result = context.caller.call(put).await;
            result.map_err(|error| HandlerFailure::from(error).having_made(name.clone()))?;
        }
        Ok(Created { attributes: attributes(&arn, &name), physical_id: name })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let arn = bus_arn(physical_id, context);
        let update = UpdateEventBus {
            name: Some(physical_id.into()),
            kms_key_identifier: new.string("KmsKeyIdentifier")?,
            description: Some(new.string("Description")?.unwrap_or_default()),
            dead_letter_config: Some(dead_letter(new)?.unwrap_or(DeadLetterConfig { arn: None })),
            log_config: log(new)?,
        };
        context.caller.call(update).await?;
        match (old.json("Policy")?, new.json("Policy")?) {
            (_, Some(policy)) => {
                let put = PutPermission {
                    event_bus_name: Some(physical_id.into()),
                    policy: Some(policy.to_string()),
                    ..Default::default()
                };
                context.caller.call(put).await?;
            }
            (Some(_), None) => {
                let remove = RemovePermission {
                    event_bus_name: Some(physical_id.into()),
                    remove_all_permissions: Some(true),
                    statement_id: None,
                };
                context.caller.call(remove).await?;
            }
            (None, None) => {}
        }
        retag(&arn, old, new, context).await?;
        Ok(Updated { attributes: attributes(&arn, physical_id) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        Ok(gone_is_done(context.caller.call(DeleteEventBus { name: physical_id.into() }).await)?)
    }
}

fn bus_arn(name: &str, context: &HandlerContext) -> String {
    BusReference { scope: context.caller.scope(), name: name.to_owned() }.arn().to_string()
}

fn log(properties: &Properties) -> Result<Option<LogConfig>, HandlerFailure> {
    let Some(config) = properties.object("LogConfig")? else { return Ok(None) };
    config.only(&["IncludeDetail", "Level"])?;
    Ok(Some(LogConfig {
        include_detail: choice(&config, "IncludeDetail")?,
        level: choice(&config, "Level")?,
    }))
}

fn attributes(arn: &str, name: &str) -> BTreeMap<String, Document> {
    BTreeMap::from([("Arn".to_owned(), Document::from(arn)), ("Name".to_owned(), Document::from(name))])
}
