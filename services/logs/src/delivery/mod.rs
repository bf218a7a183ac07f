//! What subscription filters select, on its way to functions: rows in the order of each stream, and a task for each stream of a filter that has
//! any, which sends one row after the other.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html>

mod message;

use crate::metrics::{self, Delivered};
use crate::pattern::{Message, Pattern, Selected};
use crate::state::event;
use crate::state::group::LogGroup;
use crate::state::stream::LogStream;
use crate::state::subscription_filter::{Delivery, Part, SubscriptionFilter};
use api_lambda::{InvocationType, Invoke};
use api_logs::InputLogEvent;
use contract::{Call, Context, Outcome, Principal, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::time::Duration;
use store::{StoreError, Tx};
use wire::ErrorResponse;

const KIND: &str = "logs.deliver";
/// Its service principal.
const SERVICE: &str = "logs.amazonaws.com";
/// How long AWS tries again what may come to pass later.
const RETRIED: Duration = Duration::from_secs(24 * 60 * 60);
const LONGEST_DELAY: u64 = 60;
/// The bytes of messages in one delivery. Functions take a megabyte, in which what is compressed is a third longer again.
const MOST_BYTES: usize = 350_000;
/// What an event has beside its message there.
const OVERHEAD: usize = 150;

/// Selects what a batch has for the group's subscriptions. The batch is not yet numbered.
pub(crate) fn select(
    tx: &mut Tx,
    call: &Call,
    group: &LogGroup,
    stream: &LogStream,
    batch: &[InputLogEvent],
) -> Result<(), StoreError> {
    for filter in tx.scan::<SubscriptionFilter>(group.scope, (group.name.as_str(),)).rows()? {
        let pattern = match Pattern::parse(&filter.pattern) {
            Ok(pattern) => pattern,
            // None is stored unread.
            Err(error) => {
                tracing::error!(group = group.name, filter = filter.name, %error, "a stored subscription filter cannot be read: it selects nothing");
                continue;
            }
        };
        // A stream that was deleted and made again counts from the start: what still waits of the former comes first.
        let waits = tx
            .scan::<Delivery>(group.scope, (group.name.as_str(), filter.name.as_str(), stream.name.as_str()))
            .reverse()
            .first()?;
        let shift = waits.map_or(0, |last| (last.number + 1).saturating_sub(stream.next));
        let mut open: Option<(Delivery, usize)> = None;
        for (number, InputLogEvent { timestamp: at, message }) in (stream.next..).zip(batch) {
            let text = Message::new(message);
            let Some(selected) = pattern.select(&text) else { continue };
            let size = message.len().saturating_add(OVERHEAD);
            if let Some((full, _)) = open.take_if(|(_, bytes)| bytes.saturating_add(size) > MOST_BYTES) {
                tx.put(full)?;
            }
            let fields = match selected {
                Selected::Fields(fields) => Some(
                    fields
                        .into_iter()
                        .map(|(name, value)| (name.trim_start_matches('$').to_owned(), value))
                        .collect(),
                ),
                Selected::Text | Selected::Json(_) => None,
            };
            let part =
                Part { id: event::id(*at, &stream.name, number), at: *at, message: message.clone(), fields };
            let (delivery, bytes) =
                open.get_or_insert_with(|| (Delivery::new(&filter, stream, number + shift, call), 0));
            delivery.events.push(part);
            *bytes = bytes.saturating_add(size);
        }
        if let Some((delivery, _)) = open {
            // A task that is there already finds by itself what is new.
            if !tx.exists::<Task>(group.scope, (KIND, &task_id(&delivery)))? {
                enqueue(tx, &delivery, call.now)?;
            }
            tx.put(delivery)?;
        }
    }
    Ok(())
}

/// Will deliver what a filter has of a stream, from a delivery on.
fn enqueue(tx: &mut Tx, delivery: &Delivery, due: Timestamp) -> Result<(), StoreError> {
    let Delivery { scope, group, filter, stream, number, .. } = delivery;
    let place =
        Place { group: group.clone(), filter: filter.clone(), stream: stream.clone(), number: *number };
    Task::new(KIND, task_id(delivery), *scope, due, &place)?.enqueue(tx)
}

/// None of the three has a colon in its name.
fn task_id(Delivery { group, filter, stream, .. }: &Delivery) -> String {
    format!("{group}:{filter}:{stream}")
}

/// What a task is about: a stream of a filter, and the delivery for which it was enqueued.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Place {
    group: String,
    filter: String,
    stream: String,
    number: u64,
}

/// Removes what a filter still has to deliver.
pub(crate) fn drop_all(tx: &mut Tx, scope: Scope, group: &str, filter: &str) -> Result<(), StoreError> {
    for Delivery { stream, number, .. } in tx.scan::<Delivery>(scope, (group, filter)).rows()? {
        tx.remove::<Delivery>(scope, (group, filter, stream.as_str(), number))?;
    }
    Ok(())
}

/// Delivers.
pub(crate) struct Deliver;

#[async_trait::async_trait]
impl TaskHandler for Deliver {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        match next(task, context).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(task = task.id, %error, "a delivery cannot be read from the store; it will be tried again");
                Outcome::Again(context.clock.now().plus(Duration::from_secs(5)), None)
            }
        }
    }
}

/// Delivers the first that waits.
async fn next(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let Place { group, filter, stream, .. } = task.payload()?;
    let scope = task.scope;
    let found = {
        let view = context.store.view();
        let first =
            view.scan::<Delivery>(scope, (group.as_str(), filter.as_str(), stream.as_str())).first()?;
        let known = view.get::<SubscriptionFilter>(scope, (&group, &filter))?;
        first.map(|first| (first, known))
    };
    let Some((delivery, known)) = found else { return Ok(Outcome::done()) };
    // The filter is gone, and what it had to deliver with it.
    let Some(known) = known else { return Ok(passed(delivery, None)) };
    let Err(error) = send(&delivery, &known, context).await else {
        return Ok(passed(delivery, Some(Delivered::Forwarded)));
    };
    let now = context.clock.now();
    let how = if error.status == 429 { Delivered::Throttled } else { Delivered::Failed };
    if (error.status >= 500 || error.status == 429) && now < delivery.created.plus(RETRIED) {
        let delay = 1_u64.checked_shl(task.attempt).unwrap_or(LONGEST_DELAY).min(LONGEST_DELAY);
        tracing::info!(group, filter, stream, %error, attempt = task.attempt, "a delivery to a function failed and will be tried again");
        let measure = move |call: &Call, tx: &mut Tx| {
            metrics::delivered(tx, &delivery, how, call.now);
            Ok(())
        };
        return Ok(Outcome::Again(now.plus(Duration::from_secs(delay)), Some(Box::new(measure))));
    }
    tracing::warn!(group, filter, stream, %error, attempt = task.attempt, "a delivery to a function failed for good; its events are not delivered");
    Ok(passed(delivery, Some(how)))
}

/// A delivery is over: the task goes on with the next one, or is done.
fn passed(delivery: Delivery, outcome: Option<Delivered>) -> Outcome {
    Outcome::done_with(move |call: &Call, tx: &mut Tx| {
        let Delivery { scope, group, filter, stream, number, .. } = &delivery;
        if let Some(outcome) = outcome {
            metrics::delivered(tx, &delivery, outcome, call.now);
        }
        tx.remove::<Delivery>(*scope, (group, filter, stream, *number))?;
        match tx.scan::<Delivery>(*scope, (group.as_str(), filter.as_str(), stream.as_str())).first()? {
            Some(next) => enqueue(tx, &next, call.now),
            None => Ok(()),
        }
    })
}

/// An asynchronous Invoke by CloudWatch Logs for the group, which the function's policy must allow.
async fn send(
    delivery: &Delivery,
    filter: &SubscriptionFilter,
    context: &Context,
) -> Result<(), ErrorResponse> {
    let payload = message::payload(delivery).map_err(|error| {
        ErrorResponse::new("InternalFailure", format!("events cannot be compressed: {error}"), 500)
    })?;
    let chain = delivery.chain.through(SERVICE);
    invoke(filter, InvocationType::Event, Some(payload), chain, context).await
}

/// Whether the function lets CloudWatch Logs in.
pub(crate) async fn check(
    filter: &SubscriptionFilter,
    call: &Call,
    context: &Context,
) -> Result<(), ErrorResponse> {
    invoke(filter, InvocationType::DryRun, None, call.chain.through(SERVICE), context).await
}

async fn invoke(
    filter: &SubscriptionFilter,
    kind: InvocationType,
    payload: Option<Vec<u8>>,
    chain: contract::Chain,
    context: &Context,
) -> Result<(), ErrorResponse> {
    let source = names::Arn::new("logs", filter.scope, format!("log-group:{}:*", filter.group));
    // Policies name CloudWatch Logs or, as before there was one name for it, that of a region.
    let names = [SERVICE.to_owned(), format!("logs.{}.amazonaws.com", filter.scope.region)];
    let mut denied = None;
    for name in names {
        let principal = Principal::service(name, filter.scope.account, Some(source.clone()));
        let invoke = Invoke {
            function_name: filter.destination.to_string(),
            invocation_type: Some(kind),
            payload: payload.clone().map(Into::into),
            ..Default::default()
        };
        match context.caller(principal, filter.scope, chain.clone()).call(invoke).await {
            Ok(_) => return Ok(()),
            Err(error) if error.code == "AccessDeniedException" => denied = denied.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    denied.map_or(Ok(()), Err)
}
