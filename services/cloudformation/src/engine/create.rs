//! Making a stack's resources, each as soon as what it needs is there.

use super::handlers::{make, worded};
use super::live::{Hidden, Seen};
use super::outcome::{complete, fail, note_imports};
use super::progress::{on_stack, resource_event};
use super::zones::zones;
use super::{AT_ONCE, caller, plan, withdrawn};
use crate::state::resource::StackResource;
use crate::state::stack::Stack;
use crate::template::Plan;
use contract::{Context, Created, HandlerFailure};
use futures::stream::{FuturesUnordered, StreamExt};
use names::Timestamp;
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;
use store::StoreError;

/// Why no further resource is begun.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stopped {
    Failed,
    TimedOut,
    /// The stack is to be deleted.
    Withdrawn,
}

/// Goes on with the creation of a stack until it is complete, or has failed and says what comes next.
pub(super) async fn create(stack: &Stack, context: &Context) -> Result<(), StoreError> {
    let plan = match plan(stack) {
        Ok(plan) => plan,
        Err(reason) => return fail(stack, context, &reason).await,
    };
    let caller = match caller(stack, context).await {
        Ok(caller) => caller,
        Err(reason) => return fail(stack, context, &format!("{reason}.")).await,
    };
    let zones = zones(&plan, &caller).await;
    let seen = || Seen::new(context.store.view(), stack.scope, &stack.id, &zones);
    let deadline = deadline(stack);
    let mut failed: BTreeSet<String> = failed_before(&seen()?);
    let mut begun: HashSet<String> = HashSet::new();
    let mut running = FuturesUnordered::new();
    let mut stopped: Option<Stopped> = None;
    loop {
        let seen = seen()?;
        if stopped.is_none() {
            stopped = match () {
                () if !is_going_on(stack, context)? => Some(Stopped::Withdrawn),
                () if deadline.is_some_and(|deadline| context.clock.now() >= deadline) => {
                    Some(Stopped::TimedOut)
                }
                () if !failed.is_empty() => Some(Stopped::Failed),
                () => None,
            };
            if stopped.is_some() {
                failed.extend(cancel(stack, context).await?);
            }
        }
        if stopped.is_none() {
            let done =
                |name: &str| seen.resource(name).is_some_and(|resource| resource.is("CREATE_COMPLETE"));
            let started = |name: &str| begun.contains(name) || done(name);
            let room = AT_ONCE.saturating_sub(running.len());
            let ready: Vec<String> =
                plan.graph().ready(&started, &done).take(room).map(str::to_owned).collect();
            for logical_id in ready {
                begun.insert(logical_id.clone());
                match begin(stack, &plan, &seen, &logical_id, context).await? {
                    Some(resource) => running.push(async {
                        let result = make(&resource, stack, &caller, context).await;
                        (resource.logical_id, result)
                    }),
                    None => {
                        failed.insert(logical_id);
                    }
                }
            }
            if !failed.is_empty() {
                continue;
            }
        }
        if running.is_empty() {
            break;
        }
        tokio::select! {
            Some((logical_id, result)) = running.next() => {
                if end(stack, &logical_id, result, context).await? {
                    failed.insert(logical_id);
                }
            }
            () = passed(deadline, context), if stopped.is_none() => {}
            withdrawn = withdrawn(stack, "CREATE_IN_PROGRESS", context), if stopped.is_none() => withdrawn?,
        }
    }
    match stopped {
        None => complete(stack, &plan, &seen()?, context).await,
        Some(Stopped::Withdrawn) => Ok(()),
        Some(Stopped::TimedOut) => {
            fail(stack, context, "Stack creation time exceeded the specified timeout.").await
        }
        Some(Stopped::Failed) => {
            let failed: Vec<String> = failed.into_iter().collect();
            fail(
                stack,
                context,
                &format!("The following resource(s) failed to create: [{}].", failed.join(", ")),
            )
            .await
        }
    }
}

fn deadline(stack: &Stack) -> Option<Timestamp> {
    let minutes = u64::try_from(stack.timeout_minutes?).unwrap_or(0);
    Some(stack.created.plus(Duration::from_secs(minutes.saturating_mul(60))))
}

/// What failed before this program was started again.
fn failed_before(seen: &Seen<'_>) -> BTreeSet<String> {
    let failed = seen.resources().filter(|resource| resource.is("CREATE_FAILED"));
    failed.map(|resource| resource.logical_id.clone()).collect()
}

async fn passed(deadline: Option<Timestamp>, context: &Context) {
    match deadline {
        Some(deadline) => context.clock.sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

fn is_going_on(stack: &Stack, context: &Context) -> Result<bool, StoreError> {
    let now = context.store.view().get::<Stack>(stack.scope, &stack.id)?;
    Ok(now.is_some_and(|stack| stack.is("CREATE_IN_PROGRESS")))
}

/// Resolves a resource's properties and notes that it is being made; None where it failed.
async fn begin(
    stack: &Stack,
    plan: &Plan,
    seen: &Seen<'_>,
    logical_id: &str,
    context: &Context,
) -> Result<Option<StackResource>, StoreError> {
    let resolved = plan
        .properties(logical_id, seen)
        .and_then(|properties| Ok((properties, plan.metadata(logical_id, seen)?)));
    let resolved = resolved.map_err(|error| error.message().to_owned());
    let shown =
        plan.shown_properties(logical_id, &Hidden::new(seen)).map(|properties| properties.to_string());
    let resource_type = plan.resource(logical_id).map(|it| it.resource_type.clone()).unwrap_or_default();
    let imported = seen.imported();
    let row = on_stack(stack, context, |stack, call, tx| {
        let known = tx.get::<StackResource>(stack.scope, (&stack.id, logical_id))?;
        let mut resource = known
            .unwrap_or_else(|| StackResource::begun(stack, logical_id, &resource_type, shown.clone(), call));
        let resolved = match (&resolved, note_imports(stack, &imported, tx)?) {
            (Ok(_), Some(gone)) => Err(format!("No export named {gone} found.")),
            (resolved, _) => resolved.clone(),
        };
        match resolved {
            Ok((properties, metadata)) => {
                resource.properties = properties;
                resource.metadata = metadata;
                resource.making = true;
                // Begun before `kill -9`, it goes on under the same token, without a second event.
                if resource.is("CREATE_IN_PROGRESS") {
                    tx.put(resource.clone())?;
                } else {
                    resource_event(stack, &mut resource, "CREATE_IN_PROGRESS", None, call, tx)?;
                }
                Ok(Some(resource))
            }
            Err(reason) => {
                resource_event(stack, &mut resource, "CREATE_FAILED", Some(&reason), call, tx)?;
                Ok(None)
            }
        }
    });
    Ok(row.await?.flatten())
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
        resource.making = false;
        match &result {
            Ok(created) => {
                resource.physical_id = Some(created.physical_id.clone());
                resource.attributes.clone_from(&created.attributes);
            }
            // What was made before it failed is to be deleted.
            Err(failure) => resource.physical_id.clone_from(&failure.physical_id),
        }
        // Cancelled meanwhile: what was made is kept in mind, to be deleted.
        if !resource.is("CREATE_IN_PROGRESS") {
            tx.put(resource)?;
            return Ok(true);
        }
        match &result {
            Ok(_) => {
                resource_event(
                    stack,
                    &mut resource,
                    "CREATE_IN_PROGRESS",
                    Some("Resource creation Initiated"),
                    call,
                    tx,
                )?;
                resource_event(stack, &mut resource, "CREATE_COMPLETE", None, call, tx)?;
                Ok(false)
            }
            Err(failure) => {
                let reason = worded(&resource, failure, call);
                resource_event(stack, &mut resource, "CREATE_FAILED", Some(&reason), call, tx)?;
                Ok(true)
            }
        }
    });
    Ok(failed.await?.unwrap_or(true))
}

/// Says of all resources that are being made that they are not wanted any more; answers their names. Their handlers run to their end, so that
/// what they make is known and can be deleted.
async fn cancel(stack: &Stack, context: &Context) -> Result<Vec<String>, StoreError> {
    let cancelled = on_stack(stack, context, |stack, call, tx| {
        let mut cancelled = Vec::new();
        for mut resource in tx.scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()? {
            if resource.is("CREATE_IN_PROGRESS") {
                resource_event(
                    stack,
                    &mut resource,
                    "CREATE_FAILED",
                    Some("Resource creation cancelled"),
                    call,
                    tx,
                )?;
                cancelled.push(resource.logical_id);
            }
        }
        Ok(cancelled)
    });
    Ok(cancelled.await?.unwrap_or_default())
}
