//! Calling the handlers that services registered, and wording what they answer.

use super::custom;
use super::dynamic::resolved;
use super::types::Maker;
use crate::state::resource::StackResource;
use crate::state::stack::Stack;
use contract::{Actual, Call, Caller, Context, Created, HandlerContext, HandlerFailure, Properties};
use futures::FutureExt;
use names::Tags;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use wire::Document;

/// A resource that was changed in place.
pub(super) struct Changed {
    /// Another id, which makes the thing with the old one superfluous: custom resources may answer one.
    pub(super) physical_id: Option<String>,
    pub(super) attributes: BTreeMap<String, Document>,
}

fn tagged(tags: &Tags, resource: &StackResource, stack: &Stack) -> Tags {
    let mut tags = tags.clone();
    tags.insert("aws:cloudformation:stack-name".into(), stack.name.clone());
    tags.insert("aws:cloudformation:stack-id".into(), stack.id.clone());
    tags.insert("aws:cloudformation:logical-id".into(), resource.logical_id.clone());
    tags
}

/// What handlers may use for a resource of a stack.
fn handler_context(
    resource: &StackResource,
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> HandlerContext {
    let previous = stack.update.as_ref().map_or(&stack.tags, |update| &update.other.tags);
    HandlerContext {
        caller: caller.clone(),
        context: context.clone(),
        stack_name: stack.name.clone(),
        stack_id: stack.id.clone(),
        logical_id: resource.logical_id.clone(),
        stack_tags: tagged(&stack.tags, resource, stack),
        previous_stack_tags: tagged(previous, resource, stack),
        token: resource.token.clone(),
    }
}

fn maker(resource: &StackResource, context: &Context) -> Result<Maker, HandlerFailure> {
    // Templates with other types are refused; this is a stack of an older program.
    Maker::of(&resource.resource_type, context).ok_or_else(|| {
        HandlerFailure::invalid(format!("The type {} is not built in Cloudchamber.", resource.resource_type))
    })
}

/// A handler that panics fails its resource, not the engine.
fn broken() -> HandlerFailure {
    HandlerFailure::new("InternalFailure", "Internal Failure")
}

async fn guarded<T>(
    work: impl Future<Output = Result<T, HandlerFailure>> + Send,
) -> Result<T, HandlerFailure> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| Err(broken()))
}

/// Makes a resource, or finds what an earlier try under its token made.
pub(super) async fn make(
    resource: &StackResource,
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> Result<Created, HandlerFailure> {
    let handler_context = handler_context(resource, stack, caller, context);
    let properties = resolved(&resource.properties, caller).await?;
    match maker(resource, context)? {
        Maker::Custom => guarded(custom::create(resource, &properties, &handler_context)).await,
        Maker::Handler(handler) => {
            let properties = Properties::new(properties);
            properties.only(handler.properties())?;
            guarded(handler.create(&properties, &handler_context)).await
        }
    }
}

/// Brings what a resource stands for from some properties to others. The resource's token is the step's.
pub(super) async fn change(
    resource: &StackResource,
    from: &Document,
    to: &Document,
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> Result<Changed, HandlerFailure> {
    let handler_context = handler_context(resource, stack, caller, context);
    let physical_id = resource.physical_id.as_deref().unwrap_or_default();
    let (from, to) = (resolved(from, caller).await?, resolved(to, caller).await?);
    match maker(resource, context)? {
        Maker::Custom => guarded(custom::update(resource, &from, &to, &handler_context)).await,
        Maker::Handler(handler) => {
            let (from, to) = (Properties::new(from), Properties::new(to));
            to.only(handler.properties())?;
            let updated = guarded(handler.update(physical_id, &from, &to, &handler_context)).await?;
            Ok(Changed { physical_id: None, attributes: updated.attributes })
        }
    }
}

/// Deletes what a resource stands for.
pub(super) async fn unmake(
    resource: &StackResource,
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> Result<(), HandlerFailure> {
    let mut physical_id = resource.physical_id.clone();
    if physical_id.is_none() && resource.making {
        // Begun before `kill -9`, and perhaps made: its handler finds that by the token. What it cannot make now it has not made then.
        physical_id = match make(resource, stack, caller, context).await {
            Ok(created) => Some(created.physical_id),
            Err(failure) => failure.physical_id,
        };
    }
    let Some(physical_id) = physical_id else { return Ok(()) };
    let handler_context = handler_context(resource, stack, caller, context);
    // A parameter that is gone by now must not keep a resource from being deleted.
    let properties =
        resolved(&resource.properties, caller).await.unwrap_or_else(|_| resource.properties.clone());
    match maker(resource, context)? {
        Maker::Custom => guarded(custom::delete(resource, &physical_id, &properties, &handler_context)).await,
        Maker::Handler(handler) => {
            let properties = Properties::new(properties);
            guarded(handler.delete(&physical_id, &properties, &handler_context)).await
        }
    }
}

/// What a resource is now.
pub(crate) struct Reading {
    pub(crate) actual: Result<Actual, HandlerFailure>,
    /// Those that the stack put on all its resources.
    pub(crate) stack_tags: Tags,
}

/// Reads what a resource stands for.
pub(crate) async fn read(
    resource: &StackResource,
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> Reading {
    let handler_context = handler_context(resource, stack, caller, context);
    let physical_id = resource.physical_id.as_deref().unwrap_or_default();
    let actual = match maker(resource, context) {
        Ok(Maker::Handler(handler)) => {
            // References stay as they are: what they stand for may be a secret, and is not compared.
            let properties = Properties::new(resource.properties.clone());
            guarded(handler.read(physical_id, &properties, &handler_context)).await
        }
        Ok(Maker::Custom) | Err(_) => Ok(Actual::NotSupported),
    };
    Reading { actual, stack_tags: handler_context.stack_tags }
}

/// The properties that the stack gave a resource, and the names of those that are not to be shown or compared: they hold a parameter that is not
/// to be echoed, or a dynamic reference.
pub(crate) fn expected(resource: &StackResource) -> (Document, Vec<String>) {
    let shown = resource.shown.as_deref().and_then(|text| Document::parse(text).ok());
    let hidden = resource.properties.as_object().into_iter().flatten().filter(|(name, value)| {
        let text = value.to_string();
        let is_masked = shown
            .as_ref()
            .and_then(|shown| shown.get(name))
            .is_some_and(|shown| shown.to_string() != text && shown.to_string().contains("****"));
        is_masked || text.contains("{{resolve:")
    });
    let hidden = hidden.map(|(name, _)| name.clone()).collect();
    (resource.properties.clone(), hidden)
}

/// A handler's failure as stack events print it.
pub(super) fn worded(resource: &StackResource, failure: &HandlerFailure, call: &Call) -> String {
    // What `Properties` refuses begins with the path of what it refuses; no call was made then.
    if failure.service_code.is_none()
        && (failure.reason.starts_with("#:") || failure.reason.starts_with("#/"))
    {
        return format!(
            "Properties validation failed for resource {} with message:\n[{}]",
            resource.logical_id, failure.reason
        );
    }
    if failure.code == custom::CODE {
        return failure.reason.clone();
    }
    format!(
        "Resource handler returned message: \"{}\" (RequestToken: {}, HandlerErrorCode: {})",
        failure.reason,
        call.entropy.uuid(),
        failure.code
    )
}
