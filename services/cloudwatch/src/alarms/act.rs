//! What alarms do: messages to topics and invocations of functions as CloudWatch's service principals, and events to EventBridge.
//!
//! Each is a durable task, enqueued in the transaction of the transition: done at least once, and noted in the history.

use super::message::Transition;
use super::transition::{Moment, alarm_type};
use crate::PRINCIPAL;
use crate::state::{Alarm, fitting, note};
use api_cloudwatch::{AlarmType, HistoryItemType};
use api_events::{PutEvents, PutEventsRequestEntry};
use api_lambda::{InvocationType, Invoke};
use api_sns::Publish;
use contract::{Call, Caller, Context, Outcome, Principal, Task, TaskHandler};
use names::{Arn, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{StoreError, Tx};
use wire::{Document, ErrorResponse, document};

const KIND: &str = "cloudwatch.act";
/// As whom functions are invoked.
const INVOKER: &str = "lambda.alarms.cloudwatch.amazonaws.com";
/// How long a target that fails on its own side is tried.
const LONGEST: Duration = Duration::from_hours(24);

/// The first place of what waited: beyond all that the history has.
const RELEASED: u64 = 1 << 63;
/// Actions that an alarm has for a state at most.
const MOST: usize = 5;

/// One thing to be done.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Work {
    alarm: String,
    composite: bool,
    /// When the state changed.
    at: Timestamp,
    deed: Deed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Deed {
    Publish { topic: String, subject: String, structure: String },
    Invoke { function: String, event: String },
    Tell { detail_type: String, detail: String },
}

impl Work {
    fn enqueue(
        self,
        tx: &mut Tx,
        moment: &Moment<'_>,
        scope: Scope,
        order: (u64, usize),
    ) -> Result<(), StoreError> {
        let (alarm, id) = (self.alarm.clone(), id(&self.alarm, self.at, order));
        // One after another, so that what is told of an alarm comes in the order in which it happened.
        Task::new(KIND, id, scope, moment.now, &self)?
            .in_lane(alarm)
            .through(moment.chain.clone())
            .enqueue(tx)
    }
}

/// The id of a task: in the order in which things are to be done.
fn id(alarm: &str, at: Timestamp, (place, index): (u64, usize)) -> String {
    format!("{alarm}|{}|{place:020}|{index:02}", at.millis())
}

/// The place of actions that waited, among what is done of a transition: after what the history tells of its moment, and after those that waited
/// before and are not done yet.
pub(super) fn released(tx: &Tx, transition: &Transition<'_>) -> Result<u64, StoreError> {
    let common = transition.alarm.common();
    let mut place = RELEASED;
    let mut index = 1;
    while index <= MOST {
        let id = id(&common.name, transition.new.transitioned, (place, index));
        if tx.exists::<Task>(common.scope, (KIND, id.as_str()))? {
            (place, index) = (place.saturating_add(1), 1);
        } else {
            index += 1;
        }
    }
    Ok(place)
}

/// Tells EventBridge of an alarm. `place`: of the history's item.
pub(super) fn tell(
    tx: &mut Tx,
    moment: &Moment<'_>,
    alarm: &Alarm,
    detail_type: &str,
    detail: &Document,
    place: u64,
) -> Result<(), StoreError> {
    let common = alarm.common();
    let deed = Deed::Tell { detail_type: detail_type.to_owned(), detail: detail.to_string() };
    let composite = matches!(alarm, Alarm::Composite(_));
    let work = Work { alarm: common.name.clone(), composite, at: moment.now, deed };
    work.enqueue(tx, moment, common.scope, (place, 0))
}

/// Does what an alarm does in its new state.
pub(super) fn act(
    tx: &mut Tx,
    moment: &Moment<'_>,
    transition: &Transition<'_>,
    place: u64,
) -> Result<(), StoreError> {
    let common = transition.alarm.common();
    if !common.actions_enabled {
        return Ok(());
    }
    let composite = alarm_type(transition.alarm) == AlarmType::CompositeAlarm;
    for (index, target) in common.actions(transition.new.value()).iter().enumerate() {
        let deed = if target.parse::<Arn>().is_ok_and(|arn| arn.service == "lambda") {
            Deed::Invoke { function: target.clone(), event: transition.function_event().to_string() }
        } else {
            let (subject, structure) = (transition.subject(), transition.structure().to_string());
            Deed::Publish { topic: target.clone(), subject, structure }
        };
        let at = transition.new.transitioned;
        let work = Work { alarm: common.name.clone(), composite, at, deed };
        work.enqueue(tx, moment, common.scope, (place, index.saturating_add(1)))?;
    }
    Ok(())
}

/// Does it.
pub(super) struct Act;

#[async_trait::async_trait]
impl TaskHandler for Act {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let now = context.clock.now();
        let work: Work = match task.payload() {
            Ok(work) => work,
            Err(error) => {
                tracing::error!(task = task.id, %error, "an alarm's action cannot be read from the store; it will be tried again");
                return Outcome::Again(now.plus(Duration::from_mins(5)), None);
            }
        };
        let error = work.perform(task, context).await.err();
        if let Some(error) = &error {
            let wait = Duration::from_secs(1_u64 << task.attempt.min(8));
            let passes = error.status >= 500 && error.status != 501 || error.status == 429;
            if passes && work.at.plus(LONGEST) > now {
                tracing::info!(alarm = work.alarm, %error, attempt = task.attempt, "an alarm's action failed and will be tried again");
                return Outcome::Again(now.plus(wait), None);
            }
            tracing::warn!(alarm = work.alarm, %error, "an alarm's action failed");
        }
        let scope = task.scope;
        match work.outcome(error) {
            Some((summary, data)) => Outcome::done_with(move |call: &Call, tx: &mut Tx| {
                let kind = if work.composite { AlarmType::CompositeAlarm } else { AlarmType::MetricAlarm };
                let what = (summary.clone(), data.clone());
                note(tx, (scope, &work.alarm, kind), HistoryItemType::Action, what, call.now).map(drop)
            }),
            None => Outcome::done(),
        }
    }
}

impl Work {
    fn caller(&self, principal: &str, scope: Scope, task: &Task, context: &Context) -> Caller {
        let alarm = crate::state::arn(task.scope, &self.alarm);
        let principal = Principal::service(principal, task.scope.account, Some(alarm));
        context.caller(principal, scope, task.chain.through(PRINCIPAL))
    }

    async fn perform(&self, task: &Task, context: &Context) -> Result<(), ErrorResponse> {
        let scope_of = |target: &str| {
            let arn: Option<Arn> = target.parse().ok();
            arn.and_then(|arn| arn.scope()).unwrap_or(task.scope)
        };
        match &self.deed {
            Deed::Publish { topic, subject, structure } => {
                let publish = Publish {
                    topic_arn: Some(topic.clone()),
                    subject: Some(subject.clone()),
                    message: structure.clone(),
                    message_structure: Some("json".into()),
                    ..Default::default()
                };
                self.caller(PRINCIPAL, scope_of(topic), task, context).call(publish).await.map(drop)
            }
            Deed::Invoke { function, event } => {
                let invoke = Invoke {
                    function_name: function.clone(),
                    invocation_type: Some(InvocationType::Event),
                    payload: Some(event.clone().into_bytes().into()),
                    ..Default::default()
                };
                self.caller(INVOKER, scope_of(function), task, context).call(invoke).await.map(drop)
            }
            Deed::Tell { detail_type, detail } => {
                let entry = PutEventsRequestEntry {
                    time: Some(self.at),
                    source: Some("aws.cloudwatch".into()),
                    resources: Some(vec![crate::state::arn(task.scope, &self.alarm).to_string()]),
                    detail_type: Some(detail_type.clone()),
                    detail: Some(detail.clone()),
                    ..Default::default()
                };
                let put = PutEvents { entries: vec![entry], ..Default::default() };
                let answer = self.caller(PRINCIPAL, task.scope, task, context).call(put).await?;
                match answer.entries.into_iter().flatten().find(|entry| entry.error_code.is_some()) {
                    None => Ok(()),
                    Some(entry) => {
                        let code = entry.error_code.unwrap_or_default();
                        let own = code.contains("Internal") || code.contains("Throttl");
                        let message = entry.error_message.unwrap_or_default();
                        Err(ErrorResponse::new(code, message, if own { 500 } else { 400 }))
                    }
                }
            }
        }
    }

    /// Summary and data of the history; None of what is told to EventBridge, which is no action.
    fn outcome(&self, error: Option<ErrorResponse>) -> Option<(String, String)> {
        let (target, action, published) = match &self.deed {
            Deed::Publish { topic, structure, .. } => (topic, "SNS:Publish", structure),
            Deed::Invoke { function, event } => (function, "lambda:InvokeFunction", event),
            Deed::Tell { .. } => return None,
        };
        let reason = error.map(|error| {
            if error.status == 403 {
                format!("CloudWatch Alarms is not authorized to perform: {action} on resource: {target}")
            } else {
                error.message
            }
        });
        let (summary, state) = match &reason {
            None => (format!("Successfully executed action {target}"), "Succeeded"),
            Some(reason) => {
                (format!("Failed to execute action {target}. Received error: \"{reason}\""), "Failed")
            }
        };
        let data = |published: Option<&str>| {
            document!({
                "actionState": state,
                "stateUpdateTimestamp": (self.at.millis()),
                "notificationResource": (target.as_str()),
                "publishedMessage": published,
                "error": (reason.clone()),
            })
        };
        Some((summary, fitting([data(Some(published)), data(None)])))
    }
}
