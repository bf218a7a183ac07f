//! Making a stack's resources, each as soon as what it needs is there.

use super::live::Seen;
use super::progress::{on_stack, resource_event, stack_event};
use super::{AT_ONCE, caller, plan};
use crate::state::export::{Export, Import};
use crate::state::resource::StackResource;
use crate::state::stack::{OnFailure, Stack, StackOutput};
use crate::template::Plan;
use contract::{Caller, Context, Created, HandlerContext, HandlerFailure, Properties};
use futures::stream::{FuturesUnordered, StreamExt};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;
use store::{StoreError, Tx};

/// Goes on with the creation of a stack until it is complete, or has failed and says what comes next.
pub(super) async fn create(stack: &Stack, context: &Context) -> Result<(), StoreError> {
    let plan = match plan(stack) {
        Ok(plan) => plan,
        Err(reason) => return fail(stack, context, &reason).await,
    };
    let caller = match caller(stack, context).await {
        Ok(caller) => caller,
        Err(reason) => return fail(stack, context, &reason).await,
    };
    let zones = zones(&caller).await;
    let deadline = stack.timeout_minutes.map(|minutes| {
        stack.created.plus(Duration::from_secs(u64::try_from(minutes).unwrap_or(0).saturating_mul(60)))
    });
    let mut begun: HashSet<String> = HashSet::new();
    let mut failed: Vec<String> = Vec::new();
    let mut running = FuturesUnordered::new();
    let mut timed_out = false;
    loop {
        let seen = Seen::new(context.store.view(), stack.scope, &stack.id, zones.clone())?;
        let done = |name: &str| seen.resources().get(name).is_some_and(|resource| resource.is("CREATE_COMPLETE"));
        let still = context.store.view().get::<Stack>(stack.scope, &stack.id)?;
        let going_on = still.is_some_and(|stack| stack.status == "CREATE_IN_PROGRESS");
        if failed.is_empty() && going_on && !timed_out {
            let started = |name: &str| begun.contains(name) || done(name);
            let room = AT_ONCE.saturating_sub(running.len());
            let ready: Vec<String> =
                plan.graph().ready(&started, &done).take(room).map(str::to_owned).collect();
            for logical_id in ready {
                begun.insert(logical_id.clone());
                match begin(stack, &plan, &seen, &logical_id, context).await? {
                    Ok(resource) => running.push(make(resource, stack, &caller, context)),
                    Err(()) => failed.push(logical_id),
                }
            }
        }
        if running.is_empty() {
            if !going_on {
                return Ok(());
            }
            break;
        }
        let next = running.next();
        let finished = match deadline.filter(|_| !timed_out) {
            Some(deadline) => tokio::select! {
                finished = next => finished,
                () = context.clock.sleep_until(deadline) => { timed_out = true; continue; }
            },
            None => next.await,
        };
        if let Some((logical_id, result)) = finished {
            if end(stack, &logical_id, result, context).await? {
                failed.push(logical_id);
            }
        }
    }
    if timed_out {
        return fail(stack, context, "Stack creation time exceeded the specified timeout. Rollback requested by user.").await;
    }
    if failed.is_empty() {
        return complete(stack, &plan, zones, context).await;
    }
    failed.sort();
    let reason = format!("The following resource(s) failed to create: [{}]. ", failed.join(", "));
    fail(stack, context, &reason).await
}

/// The zones of the region, for `Fn::GetAZs`; none where the principal may not ask for them.
async fn zones(caller: &Caller) -> Vec<String> {
    match caller.call(api_ec2::DescribeAvailabilityZones::default()).await {
        Ok(answer) => answer.availability_zones.into_iter().flatten().filter_map(|zone| zone.zone_name).collect(),
        Err(error) => {
            tracing::debug!(%error, "the zones for Fn::GetAZs are not to be had");
            Vec::new()
        }
    }
}

/// Resolves a resource's properties and notes that it is being made.
async fn begin(
    stack: &Stack,
    plan: &Plan,
    seen: &Seen,
    logical_id: &str,
    context: &Context,
) -> Result<Result<StackResource, ()>, StoreError> {
    let properties = plan.properties(logical_id, seen);
    let metadata = plan.metadata(logical_id, seen).ok().flatten();
    let resource_type = plan.resource(logical_id).map(|it| it.resource_type.clone()).unwrap_or_default();
    let known = seen.resources().get(logical_id).cloned();
    let imported = seen.imported();
    let row = on_stack(stack, context, |stack, call, tx| {
        let mut resource = known.clone().unwrap_or_else(|| StackResource {
            scope: stack.scope,
            stack_id: stack.id.clone(),
            stack_name: stack.name.clone(),
            logical_id: logical_id.to_owned(),
            resource_type: resource_type.clone(),
            physical_id: None,
            status: String::new(),
            reason: None,
            at: call.now,
            token: call.entropy.text(12, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
            properties: wire::Document::object(),
            attributes: BTreeMap::new(),
            metadata: metadata.clone(),
        });
        match &properties {
            Ok(properties) => {
                resource.properties = properties.clone();
                note_imports(stack, &imported, tx)?;
                // Begun before kill -9: it goes on under the same token, without a second event.
                if !resource.is("CREATE_IN_PROGRESS") {
                    resource_event(stack, &mut resource, "CREATE_IN_PROGRESS", None, call, tx)?;
                }
                Ok(Ok(resource))
            }
            Err(error) => {
                resource_event(stack, &mut resource, "CREATE_FAILED", Some(error.message()), call, tx)?;
                Ok(Err(()))
            }
        }
    });
    Ok(row.await?.unwrap_or(Err(())))
}

/// Notes which exports a stack uses, so that they cannot be deleted.
fn note_imports(stack: &Stack, exports: &BTreeSet<String>, tx: &mut Tx) -> Result<(), StoreError> {
    exports.iter().try_for_each(|export| {
        tx.put(Import {
            scope: stack.scope,
            export: export.clone(),
            stack_id: stack.id.clone(),
            stack_name: stack.name.clone(),
        })
    })
}

/// What handlers may use for a resource of a stack.
pub(super) fn handler_context(resource: &StackResource, stack: &Stack, caller: &Caller, context: &Context) -> HandlerContext {
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

async fn make(
    resource: StackResource,
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> (String, Result<Created, HandlerFailure>) {
    let Some(handler) = context.catalog.handlers.get(resource.resource_type.as_str()).cloned() else {
        let reason = format!("The type {} is not built in Cloudchamber.", resource.resource_type);
        return (resource.logical_id, Err(HandlerFailure::invalid(reason)));
    };
    let properties = Properties::new(resource.properties.clone());
    let handler_context = handler_context(&resource, stack, caller, context);
    let result = match properties.only(handler.properties()) {
        Ok(()) => handler.create(&properties, &handler_context).await,
        Err(failure) => Err(HandlerFailure::invalid(format!(
            "Properties validation failed for resource {} with message:\n[{}]",
            resource.logical_id, failure.reason
        ))),
    };
    (resource.logical_id, result)
}

/// Notes how the making of a resource ended; answers whether it failed.
async fn end(
    stack: &Stack,
    logical_id: &str,
    result: Result<Created, HandlerFailure>,
    context: &Context,
) -> Result<bool, StoreError> {
    let failed = on_stack(stack, context, |stack, call, tx| {
        let Some(mut resource) = tx.get::<StackResource>(stack.scope, (&stack.id, logical_id))? else {
            return Ok(true);
        };
        match &result {
            Ok(created) => {
                resource.physical_id = Some(created.physical_id.clone());
                resource.attributes.clone_from(&created.attributes);
                resource_event(stack, &mut resource, "CREATE_IN_PROGRESS", Some("Resource creation Initiated"), call, tx)?;
                resource_event(stack, &mut resource, "CREATE_COMPLETE", None, call, tx)?;
                Ok(false)
            }
            Err(failure) => {
                let reason = worded(failure, call);
                resource_event(stack, &mut resource, "CREATE_FAILED", Some(&reason), call, tx)?;
                Ok(true)
            }
        }
    });
    Ok(failed.await?.unwrap_or(true))
}

/// A handler's failure as stack events print it.
pub(super) fn worded(failure: &HandlerFailure, call: &contract::Call) -> String {
    if failure.reason.starts_with("Properties validation failed") {
        return failure.reason.clone();
    }
    format!(
        "Resource handler returned message: \"{}\" (RequestToken: {}, HandlerErrorCode: {})",
        failure.reason,
        call.entropy.uuid(),
        failure.code
    )
}

async fn complete(stack: &Stack, plan: &Plan, zones: Vec<String>, context: &Context) -> Result<(), StoreError> {
    let seen = Seen::new(context.store.view(), stack.scope, &stack.id, zones)?;
    let outputs = match plan.outputs(&seen) {
        Ok(outputs) => outputs,
        Err(error) => return fail(stack, context, &format!("{} ", error.message())).await,
    };
    let imported = seen.imported();
    let clash = on_stack(stack, context, |stack, call, tx| {
        for output in &outputs {
            let Some(name) = &output.export else { continue };
            if let Some(taken) = tx.get::<Export>(stack.scope, name)?
                && taken.stack_id != stack.id
            {
                return Ok(Some(format!("Export with name {name} is already exported by stack {}. ", taken.stack_name)));
            }
            tx.put(Export {
                scope: stack.scope,
                name: name.clone(),
                value: output.value.clone(),
                stack_id: stack.id.clone(),
                stack_name: stack.name.clone(),
            })?;
        }
        note_imports(stack, &imported, tx)?;
        let row = |output: &crate::template::Output| StackOutput {
            key: output.name.clone(),
            value: output.value.clone(),
            description: output.description.clone(),
            export: output.export.clone(),
        };
        stack.outputs = outputs.iter().map(row).collect();
        if stack.status == "CREATE_IN_PROGRESS" {
            stack_event(stack, "CREATE_COMPLETE", None, call, tx)?;
        }
        Ok(None)
    });
    match clash.await?.flatten() {
        Some(reason) => fail(stack, context, &reason).await,
        None => Ok(()),
    }
}

/// Ends the creation as the stack's options say. `reason` ends in a space where the rollback is announced after it.
async fn fail(stack: &Stack, context: &Context, reason: &str) -> Result<(), StoreError> {
    on_stack(stack, context, |stack, call, tx| {
        if stack.status != "CREATE_IN_PROGRESS" {
            return Ok(());
        }
        match stack.on_failure {
            OnFailure::Nothing => stack_event(stack, "CREATE_FAILED", Some(reason.trim_end()), call, tx),
            OnFailure::Rollback => {
                let reason = if reason.ends_with(' ') { format!("{reason}Rollback requested by user.") } else { reason.to_owned() };
                stack_event(stack, "ROLLBACK_IN_PROGRESS", Some(&reason), call, tx)
            }
            OnFailure::Delete => {
                let reason = format!("{}Delete requested by user.", reason);
                stack_event(stack, "DELETE_IN_PROGRESS", Some(&reason), call, tx)
            }
        }
    })
    .await
    .map(|_| ())
}
