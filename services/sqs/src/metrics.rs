//! The metrics of queues, as CloudWatch has them in `AWS/SQS`
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>).
//!
//! Counts are measured where things happen. What a queue holds is reported once a minute while the queue is active, and then AWS reports counts
//! of zero too. Messages that a redrive policy or a move task moves are not sent, as on AWS.

use crate::mailbox::count;
use crate::state::{Activity, Queue};
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::Timestamp;
use std::time::Duration;
use store::{Measurement, StoreError, Tx, View, whole};

const MINUTE: i64 = 60_000;
/// A queue is active for up to six hours since it was last used.
const ACTIVE: Duration = Duration::from_secs(6 * 3600);
/// Use is noted at most so often, so that it costs calls no write.
const NOTED: Duration = Duration::from_secs(30 * 60);

fn measured(queue: &Queue, at: Timestamp, name: &'static str, unit: &'static str, value: f64) -> Measurement {
    Measurement::new(queue.scope, at, "AWS/SQS", name, value).unit(unit).dimension("QueueName", &*queue.name)
}

/// A message that was put in by a call.
pub(crate) fn sent(queue: &Queue, bytes: usize, now: Timestamp, tx: &mut Tx) {
    tx.measure(|| measured(queue, now, "NumberOfMessagesSent", "Count", 1.0));
    tx.measure(|| measured(queue, now, "SentMessageSize", "Bytes", whole(bytes)));
}

/// A message that was not put in, since it was sent before.
pub(crate) fn deduplicated(queue: &Queue, now: Timestamp, tx: &mut Tx) {
    tx.measure(|| measured(queue, now, "NumberOfDeduplicatedSentMessages", "Count", 1.0));
}

/// A deletion that went well, also of what is gone already.
pub(crate) fn deleted(queue: &Queue, now: Timestamp, tx: &mut Tx) {
    tx.measure(|| measured(queue, now, "NumberOfMessagesDeleted", "Count", 1.0));
}

/// What a receiver was answered.
pub(crate) fn received(queue: &Queue, messages: usize, now: Timestamp, context: &Context) {
    if !context.store.is_measured() {
        return;
    }
    let measurement = match messages {
        0 => measured(queue, now, "NumberOfEmptyReceives", "Count", 1.0),
        messages => measured(queue, now, "NumberOfMessagesReceived", "Count", whole(messages)),
    };
    context.store.measure(measurement);
}

/// Notes that a queue is used.
pub(crate) fn note_use(queue: &Queue, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    if tx.is_measured() && !is_noted(queue, now, tx)? {
        tx.put(Activity { scope: queue.scope, queue: queue.id.clone(), noted: now })?;
    }
    Ok(())
}

/// As [`note_use`], for a call that has no transaction of its own.
pub(crate) async fn note_reading(queue: &Queue, call: &Call, context: &Context) -> Result<(), StoreError> {
    if !context.store.is_measured() || is_noted(queue, call.now, &context.store.view())? {
        return Ok(());
    }
    context
        .transact(call, |call, tx| match Queue::get(tx, &queue.reference())? {
            // Nothing is left behind for a queue that is gone.
            Some(found) if found.id == queue.id => note_use(&found, call.now, tx),
            _ => Ok(()),
        })
        .await
}

fn is_noted(queue: &Queue, now: Timestamp, view: &View) -> Result<bool, StoreError> {
    let known: Option<Activity> = view.get(queue.scope, &queue.id)?;
    Ok(known.is_some_and(|known| now.since(known.noted) < NOTED))
}

/// Reports once a minute what the active queues hold. It has no tasks.
pub(crate) struct Gauges;

#[async_trait::async_trait]
impl TaskHandler for Gauges {
    fn kind(&self) -> &'static str {
        "sqs.gauges"
    }

    async fn perform(&self, _: &Task, _: &Context) -> Outcome {
        Outcome::done()
    }

    async fn attend(&self, context: &Context) {
        loop {
            let minute = context.clock.now().millis().div_euclid(MINUTE).saturating_add(1);
            context.clock.sleep_until(Timestamp::from_millis(minute.saturating_mul(MINUTE))).await;
            if !context.store.is_measured() {
                continue;
            }
            if let Err(error) = report(context).await {
                tracing::error!(%error, "what queues hold cannot be measured; it will be tried again in a minute");
            }
        }
    }
}

async fn report(context: &Context) -> Result<(), StoreError> {
    let now = context.clock.now();
    let queues = context.store.view().list_all::<Queue>()?;
    for queue in queues {
        for measurement in of(&queue, now, &context.store.view())? {
            context.store.measure(measurement);
        }
        // A long queue takes a while to count, and others want to work.
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// What is reported of a queue: nothing, where it is not active. One that holds messages is.
fn of(queue: &Queue, now: Timestamp, view: &View) -> Result<Vec<Measurement>, StoreError> {
    let counts = count(queue, now, view)?;
    let activity: Option<Activity> = view.get(queue.scope, &queue.id)?;
    if counts.oldest.is_none() && activity.is_none_or(|activity| now.since(activity.noted) >= ACTIVE) {
        return Ok(Vec::new());
    }
    let age = counts.oldest.map_or(0, |oldest| now.since(oldest).as_secs());
    let count = |name, value: u64| measured(queue, now, name, "Count", whole(value));
    let mut all = vec![
        count("ApproximateNumberOfMessagesVisible", counts.visible),
        count("ApproximateNumberOfMessagesNotVisible", counts.in_flight),
        count("ApproximateNumberOfMessagesDelayed", counts.delayed),
        measured(queue, now, "ApproximateAgeOfOldestMessage", "Seconds", whole(age)),
        count("NumberOfMessagesSent", 0),
        count("NumberOfMessagesReceived", 0),
        count("NumberOfEmptyReceives", 0),
        count("NumberOfMessagesDeleted", 0),
    ];
    if queue.is_fifo() {
        all.push(count("ApproximateNumberOfGroupsWithInflightMessages", counts.groups_in_flight));
    }
    Ok(all)
}
