//! `AWS::CloudFormation::Stack`: a stack in a stack, by CloudFormation's own operations as the outer stack's principal.

use crate::state::stack::{STACK, Stack};
use api_cloudformation::{CreateStack, DeleteStack, Parameter, Tag, UpdateStack};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use store::StoreError;
use wire::Document;

pub(crate) struct NestedStack;

#[async_trait::async_trait]
impl ResourceHandler for NestedStack {
    fn resource_type(&self) -> &'static str {
        STACK
    }

    fn properties(&self) -> &'static [&'static str] {
        &["Parameters", "Tags", "TemplateURL", "TimeoutInMinutes"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &[]
    }

    /// And `Outputs.NAME`, which [`crate::engine::types::Maker::has_attribute`] knows.
    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let outer = outer(context)?;
        let timeout = properties.integer("TimeoutInMinutes")?;
        let create = CreateStack {
            stack_name: context.generated_name(128),
            template_url: Some(properties.required_string("TemplateURL")?),
            parameters: Some(parameters(properties)?),
            tags: Some(tags(properties, context)?),
            timeout_in_minutes: timeout.map(|minutes| i32::try_from(minutes).unwrap_or(i32::MAX)),
            capabilities: Some(outer.capabilities.iter().filter_map(|name| name.parse().ok()).collect()),
            role_arn: outer.role_arn.as_ref().map(ToString::to_string),
            // The same request again after `kill -9` answers the same stack.
            client_request_token: Some(context.token.clone()),
            ..Default::default()
        };
        let id = context.caller.call(create).await?.stack_id.unwrap_or_default();
        let stack = rests(&id, context).await?;
        if !stack.is("CREATE_COMPLETE") {
            let why = first_failure(&stack, context).map_err(fault)?;
            let reason = format!("Embedded stack {id} was not successfully created: {why}");
            return Err(HandlerFailure::new("GeneralServiceException", reason).having_made(id));
        }
        Ok(Created { attributes: outputs(&stack), physical_id: id })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let outer = outer(context)?;
        let update = UpdateStack {
            stack_name: physical_id.to_owned(),
            template_url: Some(new.required_string("TemplateURL")?),
            parameters: Some(parameters(new)?),
            tags: Some(tags(new, context)?),
            capabilities: Some(outer.capabilities.iter().filter_map(|name| name.parse().ok()).collect()),
            role_arn: outer.role_arn.as_ref().map(ToString::to_string),
            client_request_token: Some(context.token.clone()),
            ..Default::default()
        };
        let mut unchanged = false;
        match context.caller.call(update).await {
            // So it is after an update that the inner stack has undone by itself.
            Err(error) if error.message == "No updates are to be performed." => unchanged = true,
            // Begun before `kill -9` under another token: it is waited for.
            Err(error) if error.message.contains("_IN_PROGRESS state and can not be updated") => {}
            other => {
                other?;
            }
        }
        let stack = rests(physical_id, context).await?;
        if !unchanged && !matches!(stack.status.as_str(), "UPDATE_COMPLETE" | "CREATE_COMPLETE") {
            let why = first_failure(&stack, context).map_err(fault)?;
            let reason = format!(
                "Embedded stack {physical_id} was not successfully updated. Currently in {} with reason: {why}",
                stack.status
            );
            return Err(HandlerFailure::new("GeneralServiceException", reason));
        }
        Ok(Updated { attributes: outputs(&stack) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteStack { stack_name: physical_id.to_owned(), ..Default::default() };
        context.caller.call(delete).await?;
        let stack = rests(physical_id, context).await?;
        if stack.is_deleted() {
            return Ok(());
        }
        let reason = format!(
            "Embedded stack {physical_id} was not successfully deleted: {}",
            stack.reason.unwrap_or_default()
        );
        Err(HandlerFailure::new("GeneralServiceException", reason))
    }
}

fn fault(error: StoreError) -> HandlerFailure {
    HandlerFailure::new("InternalFailure", error.to_string())
}

/// The stack that this one is a resource of.
fn outer(context: &HandlerContext) -> Result<Stack, HandlerFailure> {
    let view = context.context.store.view();
    let stack = view.get::<Stack>(context.caller.scope(), &context.stack_id).map_err(fault)?;
    stack.ok_or_else(|| HandlerFailure::new("InternalFailure", "The outer stack is gone."))
}

/// Waits until a stack is at rest.
async fn rests(id: &str, context: &HandlerContext) -> Result<Stack, HandlerFailure> {
    let store = &context.context.store;
    let mut changed = store.listen(&Stack::topic(id));
    loop {
        let stack = store.view().get::<Stack>(context.caller.scope(), id).map_err(fault)?;
        match stack {
            Some(stack) if !stack.status.ends_with("_IN_PROGRESS") => return Ok(stack),
            Some(_) => changed.signalled().await,
            None => {
                return Err(HandlerFailure::new("NotFound", format!("Stack with id {id} does not exist")));
            }
        }
    }
}

/// Why it failed: the first reason since its last operation began.
fn first_failure(stack: &Stack, context: &HandlerContext) -> Result<String, StoreError> {
    let view = context.context.store.view();
    let events =
        view.scan::<crate::state::event::StackEvent>(stack.scope, (stack.id.as_str(),)).reverse().rows()?;
    let since = events.into_iter().take_while(|event| event.reason.as_deref() != Some("User Initiated"));
    let reasons = since.filter(|event| event.resource_type == STACK).filter_map(|event| event.reason);
    Ok(reasons.last().unwrap_or_else(|| stack.reason.clone().unwrap_or_default()))
}

fn parameters(properties: &Properties) -> Result<Vec<Parameter>, HandlerFailure> {
    let Some(given) = properties.object("Parameters")? else { return Ok(Vec::new()) };
    let names = given.document().as_object().map(|members| members.keys().cloned().collect::<Vec<_>>());
    names
        .unwrap_or_default()
        .into_iter()
        .map(|name| {
            // A list is given as text with commas.
            let value = given.strings(&name)?.map(|values| values.join(","));
            Ok(Parameter { parameter_key: Some(name), parameter_value: value, ..Default::default() })
        })
        .collect()
}

/// The outer stack's own tags, and the template's over them; those of `aws:` each stack puts on by itself.
fn tags(properties: &Properties, context: &HandlerContext) -> Result<Vec<Tag>, HandlerFailure> {
    let mut tags = context.stack_tags.clone();
    tags.retain(|key, _| !key.starts_with("aws:"));
    tags.extend(properties.tags("Tags")?);
    Ok(tags.into_iter().map(|(key, value)| Tag { key, value }).collect())
}

fn outputs(stack: &Stack) -> BTreeMap<String, Document> {
    let outputs = stack.outputs.iter();
    outputs.map(|output| (format!("Outputs.{}", output.key), output.value.as_str().into())).collect()
}
