//! Rules that fire by the clock: one durable task for the next moment of each, replaced in the transaction that sends its event.

use crate::schedule::Schedule;
use crate::state::{DEFAULT, Event, Rule};
use crate::{delivery, metrics};
use contract::{Call, Chain, Context, Outcome, Task, TaskHandler};
use names::Timestamp;
use store::{StoreError, Tx};
use wire::Document;

const KIND: &str = "events.fire";

/// Sees to it that a rule fires at its next moment if it is enabled and has a schedule, and else that it does not.
pub(crate) fn arrange(rule: &Rule, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    let schedule = rule.schedule.as_deref().filter(|_| rule.is_enabled()).and_then(Schedule::read);
    let next = schedule.and_then(|schedule| schedule.next(rule.begun, now));
    match next {
        Some(next) => Task::new(KIND, rule.name.as_str(), rule.scope, next, &())?.enqueue(tx),
        // Schedules are on the default bus alone, so the names of other buses' rules take no task away.
        None if rule.bus == DEFAULT => tx.remove::<Task>(rule.scope, (KIND, rule.name.as_str())).map(drop),
        None => Ok(()),
    }
}

/// Fires.
pub(crate) struct Fire;

#[async_trait::async_trait]
impl TaskHandler for Fire {
    fn kind(&self) -> &'static str {
        KIND
    }

    /// All is one transaction: the event's deliveries and the next moment. So nothing fires twice, also after `kill -9`.
    async fn perform(&self, task: &Task, _: &Context) -> Outcome {
        let task = task.clone();
        Outcome::done_with(move |call, tx| fire(&task, call, tx))
    }
}

fn fire(task: &Task, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    let waits = tx.get::<Task>(task.scope, (KIND, task.id.as_str()))?;
    // Changed, disabled or deleted meanwhile: then this moment is none of its moments.
    if waits.is_none_or(|waits| waits.due != task.due) {
        return Ok(());
    }
    let Some(rule) = tx.get::<Rule>(task.scope, (DEFAULT, task.id.as_str()))? else { return Ok(()) };
    if !rule.is_enabled() || rule.schedule.is_none() {
        return Ok(());
    }
    let event = Event {
        id: call.entropy.uuid(),
        detail_type: "Scheduled Event".into(),
        source: "aws.events".into(),
        origin: task.scope,
        time: task.due,
        resources: vec![rule.arn().to_string()],
        detail: Document::object(),
        received: call.now,
        forwarded: false,
    };
    metrics::matched(rule.scope, &rule.bus, std::iter::once(&rule), call.now, tx);
    delivery::enqueue(&rule, &event, call.now, &Chain::default(), tx)?;
    arrange(&rule, call.now.max(task.due), tx)
}
