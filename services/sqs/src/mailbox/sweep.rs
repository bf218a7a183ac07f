//! Time is data: no message becomes visible, and none expires, because something sweeps. But what expired and is received by nobody would stay on
//! the disk for ever, so once an hour it is thrown away.

use super::remove;
use crate::reference::QueueReference;
use crate::state::{Attempt, Deduplication, Group, Message, Place, Queue, Slot, Tombstone};
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::Timestamp;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::time::Duration;
use store::{StoreError, Tx};

const KIND: &str = "sqs.sweep";
const EVERY: Duration = Duration::from_secs(3600);
/// Rows of a transaction.
const PART: usize = 100;

/// Throws away what expired.
pub(crate) struct Sweep;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Swept {
    name: String,
}

/// Will sweep a new queue, again and again, until it is gone.
pub(crate) fn sweep_later(queue: &Queue, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    let swept = Swept { name: queue.name.clone() };
    Task::new(KIND, &queue.id, queue.scope, call.now.plus(EVERY), &swept)?.enqueue(tx)
}

#[async_trait::async_trait]
impl TaskHandler for Sweep {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let now = context.clock.now();
        match sweep(task, now, context).await {
            Ok(false) => Outcome::done(),
            Ok(true) => Outcome::Again(now.plus(EVERY), None),
            Err(error) => {
                tracing::error!(task = task.id, %error, "what expired in a queue cannot be thrown away; it will be tried again");
                Outcome::Again(now.plus(EVERY), None)
            }
        }
    }
}

/// Whether the queue is still there.
async fn sweep(task: &Task, now: Timestamp, context: &Context) -> Result<bool, StoreError> {
    let Swept { name } = task.payload()?;
    let reference = QueueReference { scope: task.scope, name };
    let mut passed: Option<Message> = None;
    loop {
        let view = context.store.view();
        let found = Queue::get(&view, &reference)?.filter(|queue| queue.id == task.id);
        let Some(queue) = found else {
            drop(view);
            forget_tombstone(&reference, now, context).await?;
            return Ok(false);
        };
        let expired = expired(&queue, now, &view)?;
        let old = remembered(&queue, now, &view)?;
        drop(view);
        if expired.is_empty() && old.is_empty() {
            return Ok(true);
        }
        // What is not gone after it was removed would be found for ever.
        if expired.first().is_some_and(|first| passed.as_ref().is_some_and(|passed| passed.id == first.id)) {
            return Ok(true);
        }
        passed = expired.first().cloned();
        context
            .store
            .transact_async(None, |tx| {
                for message in &expired {
                    let current: Option<Message> = tx.get(queue.scope, (&message.mailbox, &message.id))?;
                    if let Some(current) = current {
                        remove(&queue, &current, now, tx)?;
                    }
                }
                old.remove(&queue, now, tx)
            })
            .await?;
    }
}

fn expired(queue: &Queue, now: Timestamp, view: &store::View) -> Result<Vec<Message>, StoreError> {
    let mut ids = Vec::new();
    let mut note = |sent: Timestamp, message: &str| {
        if queue.expiry(sent) <= now {
            ids.push(message.to_owned());
        }
        if ids.len() < PART { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    if queue.is_fifo() {
        view.scan::<Place>(queue.scope, (&queue.mailbox,)).each(|place| note(place.sent, &place.message))?;
    } else {
        view.scan::<Slot>(queue.scope, (&queue.mailbox,)).each(|slot| note(slot.sent, &slot.message))?;
    }
    let messages = ids.iter().map(|id| view.get::<Message>(queue.scope, (&queue.mailbox, id)));
    Ok(messages.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// What a FIFO queue remembers without need.
struct Old {
    deduplications: Vec<Deduplication>,
    attempts: Vec<Attempt>,
    groups: Vec<Group>,
}

fn remembered(queue: &Queue, now: Timestamp, view: &store::View) -> Result<Old, StoreError> {
    let mut old = Old { deduplications: Vec::new(), attempts: Vec::new(), groups: Vec::new() };
    if !queue.is_fifo() {
        return Ok(old);
    }
    let go_on = |count: usize| if count < PART { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    view.scan::<Deduplication>(queue.scope, (&queue.id,)).each(|row| {
        if row.until <= now {
            old.deduplications.push(row);
        }
        go_on(old.deduplications.len())
    })?;
    view.scan::<Attempt>(queue.scope, (&queue.id,)).each(|row| {
        if row.until <= now {
            old.attempts.push(row);
        }
        go_on(old.attempts.len())
    })?;
    view.scan::<Group>(queue.scope, (&queue.mailbox,)).each(|row| {
        if row.is_stale(now) {
            old.groups.push(row);
        }
        go_on(old.groups.len())
    })?;
    Ok(old)
}

impl Old {
    fn is_empty(&self) -> bool {
        self.deduplications.is_empty() && self.attempts.is_empty() && self.groups.is_empty()
    }

    fn remove(&self, queue: &Queue, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
        for Deduplication { group, id, .. } in &self.deduplications {
            let row: Option<Deduplication> = tx.get(queue.scope, (&queue.id, group, id))?;
            if row.is_some_and(|row| row.until <= now) {
                tx.remove::<Deduplication>(queue.scope, (&queue.id, group, id))?;
            }
        }
        for Attempt { id, .. } in &self.attempts {
            tx.remove::<Attempt>(queue.scope, (&queue.id, id))?;
        }
        for Group { group, .. } in &self.groups {
            let row: Option<Group> = tx.get(queue.scope, (&queue.mailbox, group))?;
            if row.is_some_and(|row| row.is_stale(now)) {
                tx.remove::<Group>(queue.scope, (&queue.mailbox, group))?;
            }
        }
        Ok(())
    }
}

async fn forget_tombstone(
    queue: &QueueReference,
    now: Timestamp,
    context: &Context,
) -> Result<(), StoreError> {
    context
        .store
        .transact_async(None, |tx| {
            let found: Option<Tombstone> = tx.get(queue.scope, &queue.name)?;
            if found.is_some_and(|tombstone| !tombstone.holds(now)) {
                tx.remove::<Tombstone>(queue.scope, &queue.name)?;
            }
            Ok(())
        })
        .await
}
