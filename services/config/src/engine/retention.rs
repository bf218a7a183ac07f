//! Retention: once a day, items that are too old are removed. The current state of a resource that is there stays.

use super::task::{OrAgain, principal};
use crate::state::{Item, Retention, Tracked};
use contract::{Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::time::Duration;
use store::{StoreError, Tx};

/// Removes old items.
pub(crate) struct Prune;

const KIND: &str = "config.retention";
const DAY: Duration = Duration::from_secs(24 * 3600);
const AT_ONCE: usize = 100;

/// Begins looking once a day, unless that runs already.
pub(crate) fn begin(tx: &mut Tx, scope: Scope, now: Timestamp) -> Result<(), StoreError> {
    if tx.exists::<Task>(scope, (KIND, ""))? {
        return Ok(());
    }
    Task::new(KIND, "", scope, now.plus(DAY), &())?.enqueue(tx)
}

#[async_trait::async_trait]
impl TaskHandler for Prune {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        prune(task, context).await.or_again(task, context)
    }
}

async fn prune(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let scope = task.scope;
    let call = context.own_call("config", "Prune", principal(scope, None), scope)?;
    let mut last: Option<Item> = None;
    loop {
        let after = last.take();
        last = context.transact(&call, |call, tx| batch(tx, scope, after.as_ref(), call.now)).await?;
        if last.is_none() {
            break;
        }
    }
    Ok(Outcome::done_with(move |call, tx| Task::new(KIND, "", scope, call.now.plus(DAY), &())?.enqueue(tx)))
}

/// Removes the old items of a batch; answers the last that was looked at, or None where no older ones follow.
fn batch(
    tx: &mut Tx,
    scope: Scope,
    after: Option<&Item>,
    now: Timestamp,
) -> Result<Option<Item>, StoreError> {
    let days = tx.get::<Retention>(scope, ())?.map_or(Retention::DEFAULT_DAYS, |retention| retention.days);
    let kept_since = now.minus(DAY.saturating_mul(u32::try_from(days).unwrap_or(u32::MAX)));
    let mut scan = tx.scan_index::<Item>(scope, "captured", ()).limit(AT_ONCE);
    if let Some(after) = after {
        scan = scan.after(after);
    }
    let mut last = None;
    for item in scan.rows()? {
        if item.captured >= kept_since {
            return Ok(None);
        }
        let tracked = tx.get::<Tracked>(scope, item.resource_key())?;
        let current = tracked.as_ref().is_some_and(|tracked| tracked.captured == item.captured);
        let live = tracked.is_some_and(|tracked| tracked.deleted.is_none());
        if !(current && live) {
            tx.remove::<Item>(
                scope,
                (item.resource_type.as_str(), item.resource_id.as_str(), item.captured),
            )?;
            if current {
                tx.remove::<Tracked>(scope, item.resource_key())?;
            }
        }
        last = Some(item);
    }
    Ok(last)
}
