//! An event, and carrying it out.

use super::delivery::{Condition, Record, deliveries};
use super::{AGE, RETRIES};
use crate::execution::{Engine, Executed, Work};
use crate::metrics::Measured;
use crate::operations::{Found, find};
use crate::reference::{FunctionReference, LATEST};
use crate::state::EventInvoke;
use api_lambda::Error;
use contract::{Call, Chain, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use store::{StoreError, Tx};
use tokio::sync::Semaphore;
use wire::ServiceError;

const KIND: &str = "lambda.event";
/// How long a failed event waits: once, and again.
const AFTER_FAILURE: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(120)];
/// Between tries of an event that was not admitted: a second, twice as long each time, at most five minutes.
const LONGEST_WAIT: u64 = 300;

/// An event that waits.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) scope: Scope,
    pub(crate) function: String,
    pub(crate) qualifier: Option<String>,
    /// The function that it was for: a later one of the same name does not get it.
    pub(crate) incarnation: String,
    #[serde(with = "serde_bytes_compat")]
    pub(crate) payload: Vec<u8>,
    pub(crate) client_context: Option<String>,
    pub(crate) request_id: String,
    pub(crate) received: Timestamp,
    /// How often the function has had it.
    pub(crate) invoked: i32,
    /// How often it was not admitted in a row.
    pub(crate) refused: u32,
    pub(crate) chain: Chain,
}

/// MessagePack's own bytes, not a list of numbers.
mod serde_bytes_compat {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        deserializer.deserialize_bytes(Read)
    }
}

impl Event {
    /// An event of a call.
    pub(crate) fn new(
        reference: &FunctionReference,
        found: &Found,
        payload: bytes::Bytes,
        client_context: Option<String>,
        call: &Call,
    ) -> Self {
        Self {
            scope: reference.scope,
            function: reference.name.clone(),
            qualifier: reference.qualifier.clone(),
            incarnation: found.function.incarnation.clone(),
            payload: payload.to_vec(),
            client_context,
            request_id: call.id.to_string(),
            received: call.now,
            invoked: 0,
            refused: 0,
            chain: call.chain.clone(),
        }
    }

    pub(super) fn reference(&self) -> FunctionReference {
        FunctionReference {
            scope: self.scope,
            name: self.function.clone(),
            qualifier: self.qualifier.clone(),
        }
    }

    fn task(&self, due: Timestamp) -> Result<Task, StoreError> {
        Ok(Task::new(KIND, self.request_id.clone(), self.scope, due, self)?.through(self.chain.clone()))
    }
}

/// Puts an event in its queue.
pub(crate) fn enqueue(event: &Event, call: &Call, tx: &mut Tx) -> Result<(), Error> {
    Measured::reference(&event.reference()).event_received(call.now, tx);
    Ok(event.task(call.now)?.enqueue(tx)?)
}

/// How many events are carried out at once. The queue of tasks is everybody's: slow functions must not fill it.
const AT_ONCE: usize = 40;

/// Carries events out.
pub(crate) struct Carry {
    engine: Arc<Engine>,
    places: Semaphore,
}

impl Carry {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        Self { engine, places: Semaphore::new(AT_ONCE) }
    }
}

/// What holds for an event's retries.
struct Rules {
    retries: i32,
    age: Duration,
    config: Option<EventInvoke>,
}

impl Rules {
    fn of(event: &Event, context: &Context) -> Result<Self, StoreError> {
        let qualifier = event.qualifier.as_deref().unwrap_or(LATEST);
        let config: Option<EventInvoke> =
            context.store.view().get(event.scope, (event.function.as_str(), qualifier))?;
        let age = config.as_ref().and_then(|config| config.age).unwrap_or(AGE);
        Ok(Self {
            retries: config.as_ref().and_then(|config| config.retries).unwrap_or(RETRIES),
            age: Duration::from_secs(u64::try_from(age).unwrap_or(21_600)),
            config,
        })
    }
}

#[async_trait::async_trait]
impl TaskHandler for Carry {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let Ok(_place) = self.places.try_acquire() else {
            return Outcome::Again(context.clock.now().plus(Duration::from_secs(1)), None);
        };
        match self.carry(task, context).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(%error, id = task.id, "an event cannot be carried out now");
                Outcome::Again(context.clock.now().plus(Duration::from_secs(5)), None)
            }
        }
    }
}

impl Carry {
    async fn carry(&self, task: &Task, context: &Context) -> Result<Outcome, StoreError> {
        let event: Event = task.payload()?;
        let reference = event.reference();
        let entropy = context.entropy()?;
        let draw =
            entropy.bytes().iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        let found = match find(&context.store.view(), &reference, Some(draw % crate::state::alias::WHOLE)) {
            Ok(found) if found.function.incarnation == event.incarnation => found,
            Ok(_) => return Ok(Outcome::done()),
            // It was deleted meanwhile, and its events with it.
            Err(Error::ResourceNotFoundException(_)) => return Ok(Outcome::done()),
            Err(error) => return Err(StoreError::Backend(error.to_string().into())),
        };
        let rules = Rules::of(&event, context)?;
        let record = Record::new(&event, &reference, &found, rules.config.as_ref());
        if context.clock.now() > event.received.plus(rules.age) {
            return Ok(finish(record.ended(Condition::EventAgeExceeded, None), context));
        }
        let work = Work {
            function: found.function,
            configuration: found.configuration,
            version: found.version,
            invoked_arn: reference.arn(),
            request_id: event.request_id.clone(),
            payload: event.payload.clone().into(),
            client_context: event.client_context.clone(),
            chain: task.chain.clone(),
        };
        let (measured, now) = (Measured::work(&work), context.clock.now());
        let executed = self.engine.execute(work, context).await;
        if executed.is_ok() {
            measured.event_age(now.since(event.received), now, &context.store);
        }
        match executed {
            Ok(executed) if executed.outcome.result.error_type().is_none() => {
                Ok(finish(record.ended(Condition::Success, Some(&executed)), context))
            }
            Ok(executed) => Ok(failed(event, &rules, record, Some(&executed), context)),
            // Not tried again: it would be stopped again.
            Err(Error::RecursiveInvocationException(_)) => {
                tracing::warn!(
                    function = event.function,
                    "an event came through a loop in which the function has run too often"
                );
                Ok(finish(record.ended(Condition::RecursiveLoop, None), context))
            }
            Err(error) if is_refusal(&error) => {
                let mut event = event;
                let wait = Duration::from_secs(
                    1_u64.checked_shl(event.refused).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT),
                );
                event.refused = event.refused.saturating_add(1);
                Ok(again(event, context.clock.now().plus(wait)))
            }
            Err(_) => Ok(failed(event, &rules, record, None, context)),
        }
    }
}

/// Throttling and our own failures: the function did not have the event.
fn is_refusal(error: &Error) -> bool {
    let response = error.clone().into_response();
    response.status == 429 || response.status >= 500
}

fn failed(
    mut event: Event,
    rules: &Rules,
    record: Record,
    executed: Option<&Executed>,
    context: &Context,
) -> Outcome {
    event.invoked += 1;
    event.refused = 0;
    let record = record.invoked(event.invoked);
    if event.invoked > rules.retries {
        return finish(record.ended(Condition::RetriesExhausted, executed), context);
    }
    let index = usize::try_from(event.invoked - 1).unwrap_or(0);
    let wait = AFTER_FAILURE.get(index).copied().unwrap_or(Duration::from_secs(120));
    again(event, context.clock.now().plus(wait))
}

/// Ends the task and enqueues the event anew, in one transaction.
fn again(event: Event, due: Timestamp) -> Outcome {
    Outcome::done_with(move |_, tx| event.task(due)?.enqueue(tx))
}

/// Ends the task and enqueues what is to be told of it, in one transaction.
fn finish(record: Record, context: &Context) -> Outcome {
    let now = context.clock.now();
    Outcome::done_with(move |_, tx| {
        if record.is_failure() {
            Measured::reference(&record.event().reference()).event_dropped(now, tx);
        }
        for delivery in deliveries(&record, now)? {
            delivery.enqueue(tx)?;
        }
        Ok(())
    })
}
