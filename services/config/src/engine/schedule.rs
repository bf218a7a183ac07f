//! Periodic rules, and rules that judge a delivered snapshot: a task of the clock, which invokes the rule's function.

use super::event::{self, Message};
use super::fan;
use super::invoke::{self, Ended};
use super::task::{OrAgain, principal};
use crate::state::{Recorder, Rule};
use api_config::MessageType;
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};

/// Invokes periodic rules when their time has come.
pub(crate) struct Schedule;

const KIND: &str = "config.schedule";

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Work {
    rule_id: String,
    requested: Timestamp,
    occasion: Occasion,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Occasion {
    /// The period is over: the next one begins.
    Period,
    /// Somebody asked.
    Once,
    /// A snapshot is in the bucket.
    Snapshot { id: String, bucket: String, key: String },
}

fn enqueue(
    tx: &mut Tx,
    rule: &Rule,
    suffix: &str,
    due: Timestamp,
    occasion: Occasion,
) -> Result<(), StoreError> {
    let work = Work { rule_id: rule.id.clone(), requested: due, occasion };
    Task::new(KIND, format!("{}|{suffix}", rule.id), rule.scope, due, &work)?.in_lane(&rule.id).enqueue(tx)
}

/// Begins a rule's periods anew, with an evaluation now; a rule that is not periodic has none.
pub(crate) fn begin_periods(tx: &mut Tx, rule: &Rule, now: Timestamp) -> Result<(), StoreError> {
    if let Some(period) = rule.schedule() {
        // A managed rule judges all at once when it is put, whatever makes it judge afterwards.
        let due = if rule.is_managed() { now.plus(period) } else { now };
        enqueue(tx, rule, "period", due, Occasion::Period)
    } else {
        let id = format!("{}|period", rule.id);
        tx.remove::<Task>(rule.scope, (KIND, id.as_str())).map(drop)
    }
}

/// Evaluates a periodic rule once; a managed one is swept by [`fan`], as all that it judges.
pub(crate) fn once(tx: &mut Tx, rule: &Rule, now: Timestamp) -> Result<(), StoreError> {
    if rule.is_managed() {
        return Ok(());
    }
    if rule.schedule().is_some() { enqueue(tx, rule, "once", now, Occasion::Once) } else { Ok(()) }
}

/// Tells the rules that judge snapshots of one that was delivered.
pub(crate) fn snapshot_delivered(
    tx: &mut Tx,
    scope: Scope,
    (id, bucket, key): (&str, &str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    for rule in tx.list::<Rule>(scope)? {
        if rule.hears(MessageType::ConfigurationSnapshotDeliveryCompleted) && !rule.is_deleting() {
            let occasion = Occasion::Snapshot { id: id.into(), bucket: bucket.into(), key: key.into() };
            enqueue(tx, &rule, "snapshot", now, occasion)?;
        }
    }
    Ok(())
}

#[async_trait::async_trait]
impl TaskHandler for Schedule {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        evaluate(task, context).await.or_again(task, context)
    }
}

async fn evaluate(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let work: Work = task.payload()?;
    if let Some(rule) = Rule::by_id(&context.store.view(), task.scope, &work.rule_id)?
        && rule.is_managed()
    {
        return Ok(Outcome::done_with(move |call, tx| sweep(tx, call, &work)));
    }
    let call = context.own_call("config", "Evaluate", principal(task.scope, None), task.scope)?;
    let begun = context.transact(&call, |call, tx| begin(tx, call, &work)).await?;
    let Some((rule, event)) = begun else { return Ok(Outcome::done()) };
    let ended: Ended = invoke::invoke(&rule, event, task, context).await;
    let again = ended.retry_after(task.attempt).map(|wait| context.clock.now().plus(wait));
    let last_try = again.is_none();
    let effect = move |call: &Call, tx: &mut Tx| {
        let Some(rule) = Rule::by_id(tx, call.scope(), &work.rule_id)? else { return Ok(()) };
        invoke::note(tx, rule.scope, &rule.name, &ended, call.now)?;
        match (&work.occasion, rule.schedule()) {
            (Occasion::Period, Some(period)) if last_try => {
                enqueue(tx, &rule, "period", next(work.requested, period, call.now), Occasion::Period)
            }
            _ => Ok(()),
        }
    };
    Ok(match again {
        Some(due) => Outcome::Again(due, Some(Box::new(effect))),
        None => Outcome::done_with(effect),
    })
}

/// A managed rule's time has come: it judges all, and its next period begins.
fn sweep(tx: &mut Tx, call: &Call, work: &Work) -> Result<(), StoreError> {
    let rule = Rule::by_id(tx, call.scope(), &work.rule_id)?.filter(|rule| !rule.is_deleting());
    let Some((rule, period)) = rule.and_then(|rule| rule.schedule().map(|period| (rule, period))) else {
        return Ok(());
    };
    fan::enqueue(tx, &rule, call.now)?;
    enqueue(tx, &rule, "period", next(work.requested, period, call.now), Occasion::Period)
}

/// The end of the period that holds `now`: what was missed while the cloud was down is not made up for.
fn next(begun: Timestamp, period: std::time::Duration, now: Timestamp) -> Timestamp {
    let mut due = begun.plus(period);
    while due <= now && !period.is_zero() {
        due = due.plus(period);
    }
    due
}

fn begin(tx: &mut Tx, call: &Call, work: &Work) -> Result<Option<(Rule, String)>, StoreError> {
    let scope = call.scope();
    let Some(rule) = Rule::by_id(tx, scope, &work.rule_id)?.filter(|rule| !rule.is_deleting()) else {
        return Ok(None);
    };
    let message = match &work.occasion {
        Occasion::Period | Occasion::Once if rule.schedule().is_none() => return Ok(None),
        Occasion::Period | Occasion::Once => Message::Scheduled,
        Occasion::Snapshot { id, bucket, key } => Message::Snapshot { id, bucket, key },
    };
    let Some(invoking) = event::invoking_event(&rule, scope, &message, call.now) else { return Ok(None) };
    let role = Recorder::of(tx, scope)?.map(|recorder| recorder.role_arn);
    let token = invoke::make_token(tx, call, &rule)?;
    let event = event::envelope(&rule, &invoking, &token, false, role.as_deref());
    Ok(Some((rule, event)))
}
