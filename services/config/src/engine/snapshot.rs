//! Configuration snapshots: all that is recorded, as one file in the bucket; on demand and by the channel's frequency.

use super::task::{OrAgain, caller};
use super::{deliver, notify, schedule};
use crate::state::{Channel, ChannelStatus, Item, Recorder, Tracked, period};
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::time::Duration;
use store::{StoreError, Tx};
use wire::document;

/// Delivers snapshots.
pub(crate) struct Snapshot;
/// Asks for snapshots when their time has come.
pub(crate) struct SnapshotSchedule;

const KIND: &str = "config.snapshot";
const SCHEDULE: &str = "config.snapshot-schedule";
const TRIES: u32 = 3;

/// Asks for a snapshot.
pub(crate) fn enqueue(tx: &mut Tx, scope: Scope, id: &str, now: Timestamp) -> Result<(), StoreError> {
    notify::delivery(tx, scope, ("Snapshot", "Started"), document!({ "configSnapshotId": id }), now)?;
    Task::new(KIND, id, scope, now, &())?.in_lane("snapshot").enqueue(tx)
}

/// Begins a channel's periods anew; a channel without a frequency has none.
pub(crate) fn begin_periods(tx: &mut Tx, channel: &Channel, now: Timestamp) -> Result<(), StoreError> {
    let mut status = ChannelStatus::of(tx, channel.scope, &channel.name)?;
    status.snapshot.next = channel.frequency.map(|frequency| now.plus(period(frequency)));
    match status.snapshot.next {
        Some(due) => Task::new(SCHEDULE, "", channel.scope, due, &())?.enqueue(tx)?,
        None => end_periods(tx, channel.scope)?,
    }
    tx.put(status)
}

/// Asks for no more snapshots.
pub(crate) fn end_periods(tx: &mut Tx, scope: Scope) -> Result<(), StoreError> {
    tx.remove::<Task>(scope, (SCHEDULE, "")).map(drop)
}

#[async_trait::async_trait]
impl TaskHandler for SnapshotSchedule {
    fn kind(&self) -> &'static str {
        SCHEDULE
    }

    async fn perform(&self, task: &Task, _: &Context) -> Outcome {
        let scope = task.scope;
        Outcome::done_with(move |call, tx| {
            let Some(channel) = Channel::of(tx, scope)? else { return Ok(()) };
            if Recorder::of(tx, scope)?.is_some_and(|recorder| recorder.recording) {
                enqueue(tx, scope, &call.entropy.uuid(), call.now)?;
            }
            begin_periods(tx, &channel, call.now)
        })
    }
}

#[async_trait::async_trait]
impl TaskHandler for Snapshot {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        deliver_snapshot(task, context).await.or_again(task, context)
    }
}

async fn deliver_snapshot(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let scope = task.scope;
    let Some((role, channel)) = deliver::destination(context, scope)? else { return Ok(Outcome::done()) };
    let items = live_items(context, scope)?;
    let id = task.id.clone();
    let body = deliver::gzip(&deliver::file(&id, &items))?;
    let (year, month, day) = task.due.date();
    let key = format!(
        "{}{region}/{year}/{month}/{day}/ConfigSnapshot/{}_Config_{region}_ConfigSnapshot_{}_{id}.json.gz",
        channel.root(),
        scope.account,
        task.due.compact(),
        region = scope.region,
    );
    let put = deliver::put_object(&caller(context, task, None), &role, &channel, &key, body).await;
    let Err(error) = put else {
        let bucket = channel.bucket.clone();
        return Ok(Outcome::done_with(move |call, tx| {
            deliver::note(tx, scope, |status| &mut status.snapshot, None, call.now)?;
            let members = document!({ "configSnapshotId": (id.clone()), "s3ObjectKey": (key.clone()), "s3Bucket": (bucket.clone()) });
            notify::delivery(tx, scope, ("Snapshot", "Completed"), members, call.now)?;
            schedule::snapshot_delivered(tx, scope, (&id, &bucket, &key), call.now)
        }));
    };
    if error.status >= 500 && task.attempt.saturating_add(1) < TRIES {
        return Ok(Outcome::Again(context.clock.now().plus(Duration::from_secs(30)), None));
    }
    Ok(Outcome::done_with(move |call: &Call, tx: &mut Tx| {
        let failure = (error.code.clone(), error.message.clone());
        let members = document!({ "configSnapshotId": (id.clone()), "errorCode": (failure.0.clone()), "errorMessage": (failure.1.clone()) });
        deliver::note(tx, scope, |status| &mut status.snapshot, Some(failure), call.now)?;
        notify::delivery(tx, scope, ("Snapshot", "Failed"), members, call.now)
    }))
}

fn live_items(context: &Context, scope: Scope) -> Result<Vec<Item>, StoreError> {
    let view = context.store.view();
    let mut items = Vec::new();
    for tracked in view.list::<Tracked>(scope)?.into_iter().filter(Tracked::is_live) {
        let resource = (tracked.resource_type.as_str(), tracked.resource_id.as_str());
        items.extend(Item::at(&view, scope, resource, tracked.captured)?);
    }
    Ok(items)
}
