//! Deliveries: a durable task each, tried again as AWS does, and then given to the dead-letter queue
//! (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html>).

mod dead_letter;
mod failure;
mod input;
mod retry;
mod send;

use crate::metrics::{Tried, Try};
use crate::state::{Event, Rule, Target};
use contract::{Chain, Context, Outcome, Task, TaskHandler};
use failure::Failure;
use names::{Arn, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{StoreError, Tx};

const KIND: &str = "events.deliver";
/// How long a delivery waits after a failure of ours.
const AFTER_FAULT: Duration = Duration::from_secs(5);

/// An event on its way to a target, as rule and target were when it matched.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Delivery {
    rule: Arn,
    rule_name: String,
    target: Target,
    event: Event,
    /// Set when the event is given up: what the dead-letter queue is to be told.
    given_up: Option<GivenUp>,
}

/// Why an event was not delivered.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct GivenUp {
    code: String,
    message: String,
    /// The limit that ended the tries; None where there was nothing to try again.
    exhausted: Option<String>,
    retries: u32,
    since: Timestamp,
}

/// Will deliver an event to all targets of a rule, once the transaction is committed.
pub(crate) fn enqueue(
    rule: &Rule,
    event: &Event,
    now: Timestamp,
    chain: &Chain,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    for target in &rule.targets {
        // A forwarded event has its id on several buses, which may have rules of one name.
        let id = format!("{}/{}/{}/{}", event.id, rule.bus, rule.name, target.id);
        let delivery = Delivery {
            rule: rule.arn(),
            rule_name: rule.name.clone(),
            target: target.clone(),
            event: event.clone(),
            given_up: None,
        };
        Task::new(KIND, id, rule.scope, now, &delivery)?.through(chain.clone()).enqueue(tx)?;
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
        let delivery: Delivery = match task.payload() {
            Ok(delivery) => delivery,
            Err(error) => {
                tracing::error!(task = task.id, %error, "a delivery cannot be read; it will be tried again");
                return Outcome::Again(context.clock.now().plus(AFTER_FAULT), None);
            }
        };
        if let Some(given_up) = &delivery.given_up {
            return dead_letter::send(task, &delivery, given_up, context).await;
        }
        let (received, begun) = (delivery.event.received, context.clock.now());
        let mut this = Try::begin(task.scope, &delivery.rule, task.attempt, received, begun);
        let sent = send::send(task, &delivery, context).await;
        this.end(context.clock.now());
        match sent {
            Ok(()) => Outcome::Done(Some(this.effect(Tried::Succeeded))),
            Err(failure) => failed(task, delivery, failure, this, context),
        }
    }
}

/// Again, or given up.
fn failed(task: &Task, mut delivery: Delivery, failure: Failure, this: Try, context: &Context) -> Outcome {
    let now = context.clock.now();
    let (rule, target) = (delivery.rule.to_string(), delivery.target.arn.clone());
    let next = if failure.again {
        retry::next(delivery.target.retries, task.attempt, delivery.event.received, now)
    } else {
        Err(None)
    };
    let exhausted = match next {
        Ok(moment) => {
            tracing::info!(
                rule,
                target,
                code = failure.code,
                why = failure.message,
                attempt = task.attempt,
                "a delivery failed and will be tried again"
            );
            return Outcome::Again(moment, Some(this.effect(Tried::Again)));
        }
        Err(exhausted) => exhausted,
    };
    if delivery.target.dead_letter.is_none() {
        tracing::warn!(
            rule,
            target,
            code = failure.code,
            why = failure.message,
            attempt = task.attempt,
            "a delivery failed for good; its event is dropped"
        );
        return Outcome::Done(Some(this.effect(Tried::Failed)));
    }
    delivery.given_up = Some(GivenUp {
        code: failure.code.to_owned(),
        message: failure.message,
        exhausted: exhausted.map(str::to_owned),
        retries: task.attempt,
        since: now,
    });
    let own = task.clone();
    Outcome::done_with(move |call, tx| {
        this.measure(Tried::Failed, tx);
        let next = Task::new(KIND, own.id.as_str(), own.scope, call.now, &delivery)?;
        next.through(own.chain.clone()).enqueue(tx)
    })
}
