//! Calling the handlers that services registered, and wording what they answer.

use crate::state::resource::StackResource;
use crate::state::stack::Stack;
use contract::{Call, Caller, Context, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// What handlers may use for a resource of a stack.
fn handler_context(
    resource: &StackResource,
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> HandlerContext {
    let mut stack_tags = stack.tags.clone();
    stack_tags.insert("aws:cloudformation:stack-name".into(), stack.name.clone());
    stack_tags.insert("aws:cloudformation:stack-id".into(), stack.id.clone());
    stack_tags.insert("aws:cloudformation:logical-id".into(), resource.logical_id.clone());
    HandlerContext {
        caller: caller.clone(),
        context: context.clone(),
        stack_name: stack.name.clone(),
        stack_id: stack.id.clone(),
        logical_id: resource.logical_id.clone(),
        stack_tags,
        token: resource.token.clone(),
    }
}

fn handler(resource: &StackResource, context: &Context) -> Result<Arc<dyn ResourceHandler>, HandlerFailure> {
    // Templates with other types are refused; this is a stack of an older program.
    context.catalog.handlers.get(resource.resource_type.as_str()).cloned().ok_or_else(|| {
        HandlerFailure::invalid(format!("The type {} is not built in Cloudchamber.", resource.resource_type))
    })
}

/// A handler that panics fails its resource, not the engine.
fn broken() -> HandlerFailure {
    HandlerFailure { reason: "Internal Failure".into(), code: "InternalFailure".into(), service_code: None }
}

/// Makes a resource, or finds what an earlier try under its token made.
pub(super) async fn make(
    resource: &StackResource,
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> Result<Created, HandlerFailure> {
    let handler = handler(resource, context)?;
    let properties = Properties::new(resource.properties.clone());
    properties.only(handler.properties())?;
    let handler_context = handler_context(resource, stack, caller, context);
    let making = AssertUnwindSafe(handler.create(&properties, &handler_context)).catch_unwind();
    making.await.unwrap_or_else(|_| Err(broken()))
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
        physical_id = make(resource, stack, caller, context).await.ok().map(|created| created.physical_id);
    }
    let Some(physical_id) = physical_id else { return Ok(()) };
    let handler = handler(resource, context)?;
    let properties = Properties::new(resource.properties.clone());
    let handler_context = handler_context(resource, stack, caller, context);
    let deleting =
        AssertUnwindSafe(handler.delete(&physical_id, &properties, &handler_context)).catch_unwind();
    deleting.await.unwrap_or_else(|_| Err(broken()))
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
    format!(
        "Resource handler returned message: \"{}\" (RequestToken: {}, HandlerErrorCode: {})",
        failure.reason,
        call.entropy.uuid(),
        failure.code
    )
}
