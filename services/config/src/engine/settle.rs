//! Settling: changes of a resource while an evaluation of it is under way are noted, and looked at once at its end.

use super::record;
use super::task::OrAgain;
use crate::state::{Evaluation, Recorder, Unsettled};
use contract::{Catalog, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::sync::Arc;
use store::{StoreError, Tx};

/// Looks at a resource whose evaluation never ended.
pub(crate) struct Settle;

const KIND: &str = "config.settle";

fn task_id(resource: (&str, &str)) -> String {
    format!("{}|{}", resource.0, resource.1)
}

/// Notes that a resource changed while it was evaluated. Should the evaluation never end, its deadline ends it.
pub(crate) fn note(
    tx: &mut Tx,
    scope: Scope,
    resource: (&str, &str),
    deadline: Timestamp,
) -> Result<(), StoreError> {
    let (resource_type, resource_id) = (resource.0.to_owned(), resource.1.to_owned());
    Task::new(KIND, task_id(resource), scope, deadline, &resource)?.enqueue(tx)?;
    tx.put(Unsettled { scope, resource_type, resource_id })
}

/// Looks at a resource whose evaluation has ended, where it changed meanwhile and no other evaluation is under way.
pub(crate) fn end(
    tx: &mut Tx,
    catalog: &Catalog,
    scope: Scope,
    resource: (&str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    if Evaluation::under_way(tx, scope, resource, now)?.is_some() {
        return Ok(());
    }
    if tx.remove::<Unsettled>(scope, resource)?.is_none() {
        return Ok(());
    }
    let id = task_id(resource);
    tx.remove::<Task>(scope, (KIND, id.as_str()))?;
    match Recorder::of(tx, scope)? {
        Some(recorder) if recorder.recording && recorder.group.records(resource.0) => {
            record::record(tx, catalog, &recorder, resource, now)
        }
        _ => Ok(()),
    }
}

#[async_trait::async_trait]
impl TaskHandler for Settle {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let scope = task.scope;
        let catalog = Arc::clone(&context.catalog);
        let resource = task.payload::<(String, String)>();
        resource
            .map(|resource| {
                Outcome::done_with(move |call, tx| {
                    end(tx, &catalog, scope, (&resource.0, &resource.1), call.now)
                })
            })
            .or_again(task, context)
    }
}
