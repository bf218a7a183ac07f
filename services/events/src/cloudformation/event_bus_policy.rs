//! `AWS::Events::EventBusPolicy`: one statement of a bus's policy.

use super::gone_is_done;
use crate::state::DEFAULT;
use api_events::{Condition, DescribeEventBus, PutPermission, RemovePermission};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::{Document, document};

pub(crate) struct EventBusPolicyHandler;

#[async_trait::async_trait]
impl ResourceHandler for EventBusPolicyHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Events::EventBusPolicy"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["EventBusName", "StatementId", "Statement", "Action", "Principal", "Condition"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["EventBusName", "StatementId"]
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
        let (bus, sid) = place(properties)?;
        Ok(Created { physical_id: format!("{bus}|{sid}"), attributes: BTreeMap::new() })
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
        let (bus, sid) = place(properties)?;
        let remove = RemovePermission {
            event_bus_name: Some(bus),
            statement_id: Some(sid),
            remove_all_permissions: None,
        };
        Ok(gone_is_done(context.caller.call(remove).await)?)
    }
}

fn place(properties: &Properties) -> Result<(String, String), HandlerFailure> {
    let bus = properties.string("EventBusName")?.unwrap_or_else(|| DEFAULT.to_owned());
    Ok((bus, properties.required_string("StatementId")?))
}

async fn put(properties: &Properties, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let (bus, sid) = place(properties)?;
    let Some(mut statement) = properties.json("Statement")? else {
        let put = PutPermission {
            event_bus_name: Some(bus),
            action: properties.string("Action")?,
            principal: properties.string("Principal")?,
            statement_id: Some(sid),
            condition: properties.object("Condition")?.as_ref().map(condition).transpose()?,
            policy: None,
        };
        context.caller.call(put).await?;
        return Ok(());
    };
    // The API takes a whole policy only: the statement goes into the one that is there, in the place of the one with its id.
    statement.set("Sid", sid.as_str());
    let described = context.caller.call(DescribeEventBus { name: Some(bus.clone()) }).await?;
    let known = described.policy.as_deref().and_then(|text| Document::parse(text).ok());
    let mut policy = known.unwrap_or_else(|| document!({ "Version": "2012-10-17" }));
    let mut statements = match policy.get("Statement") {
        Some(Document::Array(statements)) => statements.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    statements.retain(|other| other.get("Sid").and_then(Document::as_str) != Some(sid.as_str()));
    statements.push(statement);
    policy.set("Statement", statements);
    let put =
        PutPermission { event_bus_name: Some(bus), policy: Some(policy.to_string()), ..Default::default() };
    context.caller.call(put).await?;
    Ok(())
}

fn condition(given: &Properties) -> Result<Condition, HandlerFailure> {
    given.only(&["Type", "Key", "Value"])?;
    Ok(Condition {
        r#type: given.required_string("Type")?,
        key: given.required_string("Key")?,
        value: given.required_string("Value")?,
    })
}
