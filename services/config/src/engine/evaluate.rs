//! Evaluation of one resource by one rule: a durable task, which invokes the rule's function and holds until that has ended.
//!
//! The task's id is rule and resource. So evaluations of a resource by a rule run one after another, and what is asked for while one waits
//! is one evaluation, of the newest item.

use super::event::{self, Message};
use super::invoke;
use super::settle::Satisfied;
use super::task::{OrAgain, principal};
use super::{select, settle};
use crate::state::{Evaluation, EvaluationResult, Item, Pace, Recorder, Rule, Tracked};
use api_config::{ComplianceType, ConfigRuleState};
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::{Arn, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use store::{StartsWith, StoreError, Tx};

/// Carries out evaluations.
pub(crate) struct Evaluate;

pub(crate) const KIND: &str = "config.evaluate";
/// How often a minute a resource is sent to a rule. A function that leaves its resource different on every run would run all the time.
const AT_MOST: u32 = 30;
/// How many resources a rule judges at once: a slow function is not to keep all other work waiting.
const LANES: u64 = 8;
const MINUTE: Duration = Duration::from_secs(60);

/// Why a resource is sent to a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    /// Because of the item; otherwise because the rule is new, or was asked to judge again.
    pub(crate) is_change: bool,
    /// The resource has left the rule's scope.
    pub(crate) left_scope: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Work {
    rule_id: String,
    resource_type: String,
    resource_id: String,
    captured: Timestamp,
    is_change: bool,
    left_scope: bool,
}

impl Work {
    fn resource(&self) -> (&str, &str) {
        (&self.resource_type, &self.resource_id)
    }
}

/// Sends an item to a rule.
pub(crate) fn enqueue(
    tx: &mut Tx,
    rule: &Rule,
    item: &Item,
    request: Request,
    now: Timestamp,
) -> Result<(), StoreError> {
    let due = if request.is_change { paced(tx, rule, item, now)? } else { now };
    let work = Work {
        rule_id: rule.id.clone(),
        resource_type: item.resource_type.clone(),
        resource_id: item.resource_id.clone(),
        captured: item.captured,
        is_change: request.is_change,
        left_scope: request.left_scope,
    };
    let id = format!("{}|{}|{}", rule.id, item.resource_type, item.resource_id);
    let lane = format!("{}|{}", rule.id, lane_of(&item.resource_id));
    Task::new(KIND, id, rule.scope, due, &work)?.in_lane(lane).enqueue(tx)
}

/// Which of a rule's lanes a resource is in: always the same.
fn lane_of(resource_id: &str) -> u64 {
    let sum = resource_id.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    sum % LANES
}

/// When a resource's turn is: now, unless it had too many in this minute.
fn paced(tx: &mut Tx, rule: &Rule, item: &Item, now: Timestamp) -> Result<Timestamp, StoreError> {
    let (resource_type, resource_id) = item.resource_key();
    let pace = tx.get::<Pace>(rule.scope, (rule.id.as_str(), resource_type, resource_id))?;
    let pace = match pace {
        Some(pace) if now < pace.since.plus(MINUTE) => Pace { count: pace.count.saturating_add(1), ..pace },
        _ => Pace {
            scope: rule.scope,
            rule_id: rule.id.clone(),
            resource_type: resource_type.to_owned(),
            resource_id: resource_id.to_owned(),
            since: now,
            count: 1,
        },
    };
    let due = if pace.count > AT_MOST { pace.since.plus(MINUTE) } else { now };
    tx.put(pace)?;
    Ok(due)
}

/// Ends the state EVALUATING of a rule that has no more resources to judge. `own` is the task that is about to end.
pub(crate) fn activate(
    tx: &mut Tx,
    scope: Scope,
    rule_id: &str,
    own: Option<&Task>,
) -> Result<(), StoreError> {
    let is_own = |task: &Task| own.is_some_and(|own| own.kind == task.kind && own.id == task.id);
    let Some(rule) = Rule::by_id(tx, scope, rule_id)? else { return Ok(()) };
    if rule.state != ConfigRuleState::Evaluating {
        return Ok(());
    }
    if let Some(fan) = tx.get::<Task>(scope, (super::fan::KIND, rule_id))?
        && !is_own(&fan)
    {
        return Ok(());
    }
    let prefix = format!("{rule_id}|");
    let waiting = tx.scan::<Task>(scope, (KIND, StartsWith(&prefix))).limit(2).rows()?;
    if waiting.iter().any(|task| !is_own(task)) {
        return Ok(());
    }
    tx.put(Rule { state: ConfigRuleState::Active, ..rule })
}

#[async_trait::async_trait]
impl TaskHandler for Evaluate {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        evaluate(task, context).await.or_again(task, context)
    }
}

async fn evaluate(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let work: Work = task.payload()?;
    let call = context.own_call("config", "Evaluate", principal(task.scope, None), task.scope)?;
    let begun = context.transact(&call, |call, tx| begin(tx, call, &work)).await?;
    let Some((rule, event)) = begun else {
        let own = task.clone();
        return Ok(Outcome::done_with(move |_, tx| activate(tx, own.scope, &work.rule_id, Some(&own))));
    };
    let ended = invoke::invoke(&rule, event, task, context).await;
    let again = ended.retry_after(task.attempt).map(|wait| context.clock.now().plus(wait));
    let catalog = Arc::clone(&context.catalog);
    let own = task.clone();
    let effect = move |call: &Call, tx: &mut Tx| {
        let (resource_type, resource_id) = work.resource();
        let key = (resource_type, resource_id, work.rule_id.as_str());
        let began = tx.remove::<Evaluation>(own.scope, key)?.map(|evaluation| evaluation.started);
        if Rule::by_id(tx, own.scope, &work.rule_id)?.is_some() {
            invoke::note(tx, own.scope, &rule.name, &ended, call.now)?;
        }
        let satisfied = satisfied(tx, &rule, work.resource(), began)?;
        settle::end(tx, &catalog, own.scope, work.resource(), satisfied.as_ref(), call.now)?;
        if again.is_none() { activate(tx, own.scope, &work.rule_id, Some(&own)) } else { Ok(()) }
    };
    Ok(match again {
        Some(due) => Outcome::Again(due, Some(Box::new(effect))),
        None => Outcome::done_with(effect),
    })
}

/// The rule, where it found the resource compliant in the evaluation that began then.
fn satisfied(
    tx: &Tx,
    rule: &Rule,
    resource: (&str, &str),
    began: Option<Timestamp>,
) -> Result<Option<Satisfied>, StoreError> {
    let result = tx.get::<EvaluationResult>(rule.scope, (rule.name.as_str(), resource.0, resource.1))?;
    let (Some(result), Some(began), Ok(function)) = (result, began, rule.identifier.parse::<Arn>()) else {
        return Ok(None);
    };
    let fresh = result.compliance == ComplianceType::Compliant && result.recorded >= began;
    Ok(fresh.then(|| Satisfied { rule_id: rule.id.clone(), function }))
}

/// The rule and the event that it is sent; None where there is nothing to do any more.
fn begin(tx: &mut Tx, call: &Call, work: &Work) -> Result<Option<(Rule, String)>, StoreError> {
    let scope = call.scope();
    let rule = Rule::by_id(tx, scope, &work.rule_id)?;
    // Put again as a managed rule, it has no function any more.
    let Some(rule) = rule.filter(|rule| !rule.is_deleting() && !rule.is_managed()) else {
        return Ok(None);
    };
    let Some(item) = Item::at(tx, scope, work.resource(), work.captured)? else { return Ok(None) };
    let last = Item::before(tx, scope, work.resource(), work.captured)?;
    let message = Message::Item { item: &item, change: work.is_change.then_some(last.as_ref()) };
    let Some(invoking) = event::invoking_event(&rule, scope, &message, call.now) else { return Ok(None) };
    let role = Recorder::of(tx, scope)?.map(|recorder| recorder.role_arn);
    let token = invoke::make_token(tx, call, &rule)?;
    invoke::begin(tx, call, &rule, work.resource())?;
    let event = event::envelope(&rule, &invoking, &token, work.left_scope, role.as_deref());
    Ok(Some((rule, event)))
}

/// Sends the last known state of a tracked resource to a rule that judges it. Answers whether it was sent.
pub(crate) fn enqueue_last(
    tx: &mut Tx,
    rule: &Rule,
    tracked: &Tracked,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let resource = (tracked.resource_type.as_str(), tracked.resource_id.as_str());
    if !tracked.is_live() {
        return Ok(false);
    }
    let Some(item) = Item::at(tx, rule.scope, resource, tracked.captured)? else { return Ok(false) };
    if !select::is_in_target(rule, &item) {
        return Ok(false);
    }
    enqueue(tx, rule, &item, Request { is_change: false, left_scope: false }, now)?;
    Ok(true)
}
