//! Tasks: found by their due time, carried out beside each other unless they share a lane.

use contract::{Call, Context, Outcome, Principal, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use store::{StoreError, Tx};
use tokio::task::JoinSet;

/// How many tasks run at once.
const AT_ONCE: usize = 64;
/// How long a task waits after it panicked, or its effect could not be committed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How often the queue is looked at although nothing woke us.
const SLOW_TIMER: Duration = Duration::from_secs(60);

type Key = (Scope, String, String);
type Lane = (Scope, String, String);

/// What is under way: held in memory only, since a restart begins each unfinished task again.
#[derive(Default)]
struct UnderWay {
    tasks: HashSet<Key>,
    lanes: HashSet<Lane>,
}

impl UnderWay {
    fn take(&mut self, task: &Task) -> bool {
        if self.tasks.contains(&key(task)) {
            return false;
        }
        if let Some(lane) = lane(task)
            && !self.lanes.insert(lane)
        {
            return false;
        }
        self.tasks.insert(key(task))
    }

    fn leave(&mut self, task: &Task) {
        self.tasks.remove(&key(task));
        if let Some(lane) = lane(task) {
            self.lanes.remove(&lane);
        }
    }
}

fn key(task: &Task) -> Key {
    (task.scope, task.kind.clone(), task.id.clone())
}

fn lane(task: &Task) -> Option<Lane> {
    task.lane.as_ref().map(|lane| (task.scope, task.kind.clone(), lane.clone()))
}

/// Carries out tasks until it is dropped.
pub(crate) async fn carry_out(handlers: Vec<Arc<dyn TaskHandler>>, context: Context) {
    let handlers: HashMap<&'static str, Arc<dyn TaskHandler>> =
        handlers.into_iter().map(|handler| (handler.kind(), handler)).collect();
    let mut woken = context.store.subscribe_notify();
    let mut under_way = UnderWay::default();
    let mut running: JoinSet<Task> = JoinSet::new();
    loop {
        woken.mark_unchanged();
        let now = context.clock.now();
        let next = match start_due(&handlers, &context, now, &mut under_way, &mut running) {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(%error, "the queue of tasks cannot be read; trying again");
                Some(now.plus(AFTER_FAILURE))
            }
        };
        let wake = next.unwrap_or(now.plus(SLOW_TIMER)).min(now.plus(SLOW_TIMER));
        tokio::select! {
            _ = woken.changed() => {}
            () = context.clock.sleep_until(wake) => {}
            Some(finished) = running.join_next() => {
                if let Ok(task) = finished {
                    under_way.leave(&task);
                }
            }
        }
        while let Some(finished) = running.try_join_next() {
            if let Ok(task) = finished {
                under_way.leave(&task);
            }
        }
    }
}

/// Starts what is due and free; answers when the next one is due.
fn start_due(
    handlers: &HashMap<&'static str, Arc<dyn TaskHandler>>,
    context: &Context,
    now: Timestamp,
    under_way: &mut UnderWay,
    running: &mut JoinSet<Task>,
) -> Result<Option<Timestamp>, StoreError> {
    if running.len() >= AT_ONCE {
        return Ok(None);
    }
    let view = context.store.view();
    let mut next = None;
    // Read one by one, and no further than what can start: thousands that wait are not decoded anew for each that ends.
    view.scan_global_index::<Task>("due", ()).each(|task| {
        if task.due > now {
            next = Some(task.due);
            return ControlFlow::Break(());
        }
        if context.store.is_account_closed(task.scope.account) {
            // It goes with all else that is in the account.
            return ControlFlow::Continue(());
        }
        let Some(handler) = handlers.get(task.kind.as_str()) else {
            tracing::error!(
                kind = task.kind,
                id = task.id,
                "no service carries out tasks of this kind; it stays in the queue"
            );
            return ControlFlow::Continue(());
        };
        if under_way.take(&task) {
            running.spawn(one(Arc::clone(handler), task, context.clone()));
        }
        if running.len() >= AT_ONCE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(next)
}

async fn one(handler: Arc<dyn TaskHandler>, task: Task, context: Context) -> Task {
    // A task of its own, so that a panic ends only this attempt; in a set, so that it stops when this future is dropped.
    let mut attempt = JoinSet::new();
    {
        let (handler, task, context) = (Arc::clone(&handler), task.clone(), context.clone());
        attempt.spawn(async move { handler.perform(&task, &context).await });
    }
    let joined = tokio::select! {
        joined = attempt.join_next() => joined,
        () = context.store.account_closed(task.scope.account) => return task,
    };
    let outcome = match joined {
        Some(Ok(outcome)) => outcome,
        broken => {
            let error = broken.and_then(Result::err).map(|error| error.to_string()).unwrap_or_default();
            tracing::error!(
                kind = task.kind,
                id = task.id,
                error,
                "a task broke off; it will be tried again"
            );
            Outcome::Again(context.clock.now().plus(AFTER_FAILURE), None)
        }
    };
    if let Err(error) = settle(&task, &outcome, &context).await {
        tracing::error!(kind = task.kind, id = task.id, %error, "a task's effect cannot be committed; it will be tried again");
        let again = Outcome::Again(context.clock.now().plus(AFTER_FAILURE), None);
        if let Err(error) = settle(&task, &again, &context).await {
            tracing::error!(kind = task.kind, id = task.id, %error, "a task cannot be put back either; it stays due");
            context.clock.sleep_until(context.clock.now().plus(AFTER_FAILURE)).await;
        }
    }
    task
}

/// Commits the effect together with the end of the task, or with its next try.
async fn settle(task: &Task, outcome: &Outcome, context: &Context) -> Result<(), StoreError> {
    let principal = Principal::service("cloudchamber.internal", task.scope.account, None);
    let call = context.own_call("workflow", "Task", principal, task.scope)?;
    context
        .transact(&call, |call: &Call, tx: &mut Tx| {
            let stored = tx.get::<Task>(task.scope, (&task.kind, &task.id))?;
            // Enqueued anew while it ran: the new one stays.
            let replaced = stored
                .as_ref()
                .is_some_and(|stored| stored.due != task.due || stored.payload != task.payload);
            let effect = match outcome {
                Outcome::Done(effect) | Outcome::Again(_, effect) => effect,
            };
            if let Some(effect) = effect {
                effect(call, tx)?;
            }
            // What the effect itself enqueued under this id stays, too.
            let after = tx.get::<Task>(task.scope, (&task.kind, &task.id))?;
            let enqueued = match (&stored, &after) {
                (Some(before), Some(after)) => before.due != after.due || before.payload != after.payload,
                (None, Some(_)) => true,
                (_, None) => false,
            };
            if replaced || enqueued {
                return Ok(());
            }
            match outcome {
                Outcome::Done(_) => {
                    tx.remove::<Task>(task.scope, (&task.kind, &task.id))?;
                }
                Outcome::Again(due, _) => {
                    tx.put(Task { due: *due, attempt: task.attempt.saturating_add(1), ..task.clone() })?;
                }
            }
            Ok::<(), StoreError>(())
        })
        .await
}
