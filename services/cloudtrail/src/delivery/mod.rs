//! Deliveries: files to a trail's bucket, messages to its topic, records to its log group, events to EventBridge.

mod bridge;
mod digest;
mod files;
mod follow;
mod send;
mod sign;

pub(crate) use digest::{DeliverDigests, begin as begin_digests, end as end_digests};
pub(crate) use send::{Failed, PRINCIPAL, caller, create_stream, publish, put_object};

use crate::state::{Cursor, Logging, Trail};
use contract::{Context, Outcome, Task, TaskHandler};
use names::Timestamp;
use pipeline::CallRecord;
use std::time::Duration;
use store::{StoreError, Tx, View};

const KIND: &str = "cloudtrail.delivery";
/// How long records are gathered for a file.
const GATHER: Duration = Duration::from_secs(5);
/// The longest wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Delivers what trails tell, and follows the calls.
pub(crate) struct Deliver;

/// Has what was recorded delivered soon.
pub(crate) fn arm(trail: &Trail, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    // One that waits for its time (for more, or after a failure) keeps it. One that is due may have begun, and not see the newest.
    let known = tx.get::<Task>(trail.scope, (KIND, trail.name.as_str()))?;
    if known.is_some_and(|known| known.due > now) {
        return Ok(());
    }
    Task::new(KIND, trail.name.clone(), trail.scope, now.plus(GATHER), &())?.enqueue(tx)
}

/// A delivery waits or is under way.
pub(crate) fn is_under_way(trail: &Trail, view: &View) -> Result<bool, StoreError> {
    view.exists::<Task>(trail.scope, (KIND, trail.name.as_str()))
}

#[async_trait::async_trait]
impl TaskHandler for Deliver {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        match deliver(task, context).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(%error, trail = task.id, "a trail's records cannot be read; trying again");
                Outcome::Again(context.clock.now().plus(GATHER), None)
            }
        }
    }

    async fn attend(&self, context: &Context) {
        follow::follow(context).await;
    }
}

async fn deliver(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let view = context.store.view();
    let Some(trail) = view.get::<Trail>(task.scope, &task.id)? else { return Ok(Outcome::done()) };
    let Some(cursor) = view.get::<Cursor>(task.scope, &task.id)? else { return Ok(Outcome::done()) };
    let logging = Logging::of(&view, trail.scope, &trail.name)?;
    let now = context.clock.now();
    let until = if logging.on { now } else { logging.stopped.unwrap_or(now) };
    let reading = cursor.read(&view, trail.scope.account, until)?;
    drop(view);
    let wanted: Vec<CallRecord> =
        reading.records.into_iter().filter(|record| trail.selects(record)).collect();
    let next = reading.cursor;
    if wanted.is_empty() {
        let more = reading.more;
        return Ok(again_where(more, now, move |_, tx: &mut Tx| put_cursor(tx, &next)));
    }
    let mut report = files::Report::default();
    let sent = files::deliver(&trail, &wanted, now, context, &mut report).await;
    let (scope, name) = (trail.scope, trail.name.clone());
    let note = move |now: Timestamp, tx: &mut Tx, report: &files::Report| {
        // A trail that was deleted meanwhile has no status.
        let Some(mut logging) = tx.get::<Logging>(scope, &name)? else { return Ok(()) };
        for (to, result) in &report.results {
            to.of(&mut logging).note(now, result.clone());
        }
        if tx.get::<Trail>(scope, &name)?.is_some_and(|trail| trail.validation) {
            for file in &report.files {
                tx.put(file.clone())?;
            }
        }
        tx.put(logging)
    };
    if sent {
        // Once more when the next file is due: what comes until then is gathered, and where nothing comes the trail rests.
        return Ok(Outcome::Again(
            now.plus(if reading.more { Duration::ZERO } else { GATHER }),
            Some(Box::new(move |call, tx| {
                note(call.now, tx, &report)?;
                put_cursor(tx, &next)
            })),
        ));
    }
    let wait = GATHER.saturating_mul(1 << task.attempt.min(6)).min(LONGEST_WAIT);
    Ok(Outcome::Again(now.plus(wait), Some(Box::new(move |call, tx| note(call.now, tx, &report)))))
}

fn again_where(
    more: bool,
    now: Timestamp,
    effect: impl Fn(&contract::Call, &mut Tx) -> Result<(), StoreError> + Send + Sync + 'static,
) -> Outcome {
    if more { Outcome::Again(now, Some(Box::new(effect))) } else { Outcome::done_with(effect) }
}

/// Where the trail is still there, and was not started anew.
fn put_cursor(tx: &mut Tx, next: &Cursor) -> Result<(), StoreError> {
    match tx.get::<Cursor>(next.scope, &next.name)? {
        Some(known) if known.since == next.since => tx.put(next.clone()),
        _ => Ok(()),
    }
}
