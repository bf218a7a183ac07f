//! An alarm goes to another state: the row, the history, what is told, and the alarms that depend on it, all in one transaction.

use super::follow::followers;
use super::message::Transition;
use super::{act, evaluate, time};
use crate::state::{Alarm, AlarmState, CompositeAlarm, Suppressed, fitting, note};
use api_cloudwatch::{ActionsSuppressedBy, AlarmType, HistoryItemType, StateValue};
use contract::Chain;
use names::{Scope, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{StoreError, Tx};
use wire::{Document, document};

/// What a transition happens in.
pub(crate) struct Moment<'a> {
    pub(crate) now: Timestamp,
    /// The calls that led to it.
    pub(crate) chain: &'a Chain,
    /// How many transactions before this one looked at alarms that follow, and left some to the next.
    pub(super) hops: u32,
}

impl<'a> Moment<'a> {
    pub(crate) fn new(now: Timestamp, chain: &'a Chain) -> Self {
        Self { now, chain, hops: 0 }
    }
}

/// A state to go to.
pub(crate) struct Wanted {
    pub(crate) value: StateValue,
    pub(crate) reason: String,
    /// JSON.
    pub(crate) data: Option<String>,
}

pub(crate) fn alarm_type(alarm: &Alarm) -> AlarmType {
    match alarm {
        Alarm::Metric(_) => AlarmType::MetricAlarm,
        Alarm::Composite(_) => AlarmType::CompositeAlarm,
    }
}

/// Puts an alarm into a state, and lets those follow that depend on it. Where that is the state it is in, only its reason changes.
pub(crate) fn go(tx: &mut Tx, moment: &Moment<'_>, alarm: &Alarm, wanted: Wanted) -> Result<(), StoreError> {
    match change(tx, moment, alarm, wanted)? {
        Some(state) => follow(tx, moment, alarm, state),
        None => Ok(()),
    }
}

/// Puts an alarm into a state, with what it does there and what it suppresses. Answers the new state, unless the alarm is in it already.
fn change(
    tx: &mut Tx,
    moment: &Moment<'_>,
    alarm: &Alarm,
    wanted: Wanted,
) -> Result<Option<AlarmState>, StoreError> {
    let common = alarm.common();
    let (scope, name, now) = (common.scope, common.name.as_str(), moment.now);
    let old = AlarmState::of(tx, scope, name)?.unwrap_or_else(|| AlarmState::initial(scope, name, now));
    let changes = old.value() != wanted.value;
    let mut new = AlarmState {
        value: wanted.value.as_str().to_owned(),
        reason: wanted.reason,
        reason_data: wanted.data,
        updated: now,
        ..old.clone()
    };
    if !changes {
        tx.put(new)?;
        return Ok(None);
    }
    new.transitioned = now;
    let acts = suppress_or_act(tx, alarm, &old.value, &mut new, now)?;
    tx.put(new.clone())?;
    let transition = Transition { alarm, old: &old, new: &new };
    let summary = format!("Alarm updated from {} to {}", old.value, new.value);
    let place = note(
        tx,
        (scope, name, alarm_type(alarm)),
        HistoryItemType::StateUpdate,
        (summary, fitting([history(&old, &new, true), history(&old, &new, false)])),
        now,
    )?;
    act::tell(tx, moment, alarm, "CloudWatch Alarm State Change", &transition.detail(), place)?;
    if acts {
        act::act(tx, moment, &transition, place)?;
    }
    for suppressed in CompositeAlarm::suppressed_by(tx, scope, name)? {
        suppressor_changed(tx, moment, suppressed, new.value() == StateValue::Alarm)?;
    }
    Ok(Some(new))
}

/// What the history tells of a transition; `whole`: with the data of its reasons.
fn history(old: &AlarmState, new: &AlarmState, whole: bool) -> Document {
    let state = |state: &AlarmState| {
        let mut document = document!({
            "stateValue": (state.value.as_str()), "stateReason": (state.reason.as_str())
        });
        if let Some(data) = state.reason_data.as_ref().filter(|_| whole) {
            let read = Document::parse(data).unwrap_or_else(|_| Document::from(data.as_str()));
            document.set("stateReasonData", read);
        }
        document
    };
    let mut document = document!({
        "version": "1.0",
        "oldState": (state(old)),
        "newState": (state(new)),
    });
    if let Some(suppressed) = &new.suppressed {
        document.set("actionsSuppressedBy", suppressed.by.as_str());
        document.set("actionsSuppressedReason", suppressed.reason());
    }
    document
}

/// Whether an alarm that goes to a state acts at once; else it is noted that its actions wait, and for what.
///
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html>
fn suppress_or_act(
    tx: &mut Tx,
    alarm: &Alarm,
    before: &str,
    new: &mut AlarmState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Alarm::Composite(composite) = alarm else { return Ok(true) };
    let Some((suppressor, name)) = composite.suppressor.as_ref().zip(composite.suppressor_name()) else {
        return Ok(true);
    };
    if !composite.common.actions_enabled {
        new.suppressed = None;
        return Ok(true);
    }
    let state = AlarmState::of(tx, composite.common.scope, &name)?;
    let is_on = state.is_some_and(|state| state.value() == StateValue::Alarm);
    let acted = new.suppressed.as_ref().map_or_else(|| before.to_owned(), |known| known.acted.clone());
    let waiting = new.suppressed.as_ref().map(Suppressed::by);
    let (by, until) = if is_on {
        (ActionsSuppressedBy::Alarm, None)
    } else if waiting == Some(ActionsSuppressedBy::ExtensionPeriod) {
        // It goes on until the extension is over, and then acts on the state of then.
        return Ok(false);
    } else if suppressor.wait > 0 {
        (ActionsSuppressedBy::WaitPeriod, Some(now.plus(seconds(suppressor.wait))))
    } else {
        return Ok(true);
    };
    new.suppressed = Some(Suppressed { by: by.as_str().to_owned(), until, acted });
    if let Some(until) = until {
        evaluate::at(tx, composite.common.scope, &composite.common.name, until)?;
    }
    Ok(false)
}

fn seconds(count: i32) -> Duration {
    Duration::from_secs(u64::try_from(count).unwrap_or(0))
}

/// Lets an alarm act whose actions waited, unless it is in the state again in which it acted last.
pub(crate) fn release(
    tx: &mut Tx,
    moment: &Moment<'_>,
    composite: CompositeAlarm,
    mut state: AlarmState,
) -> Result<(), StoreError> {
    let Some(suppressed) = state.suppressed.take() else { return Ok(()) };
    tx.put(state.clone())?;
    if suppressed.acted == state.value {
        return Ok(());
    }
    let alarm = Alarm::Composite(composite);
    let old = AlarmState { value: suppressed.acted, ..state.clone() };
    let transition = Transition { alarm: &alarm, old: &old, new: &state };
    let place = act::released(tx, &transition)?;
    act::act(tx, moment, &transition, place)
}

/// Lets those follow that depend on an alarm: composite alarms whose rules name it, those that depend on these, and so on. Each is looked at once, when
/// its children are in their new states; a composite alarm that depends on itself is not evaluated again (as on AWS).
fn follow(tx: &mut Tx, moment: &Moment<'_>, alarm: &Alarm, state: AlarmState) -> Result<(), StoreError> {
    let common = alarm.common();
    let scope = common.scope;
    let followers = followers(tx, scope, &common.name)?;
    // Why alarms are to be looked at: the child that changed last.
    let mut causes: BTreeMap<String, AlarmState> = BTreeMap::new();
    let changed = |causes: &mut BTreeMap<String, AlarmState>, state: AlarmState| {
        let parents = followers.parents.get(&state.alarm).into_iter().flatten();
        causes.extend(parents.map(|parent| (parent.clone(), state.clone())));
    };
    changed(&mut causes, state);
    for composite in followers.order {
        let name = &composite.common.name;
        let Some(cause) = causes.remove(name) else { continue };
        let value = value_of(tx, &composite)?;
        if AlarmState::of(tx, scope, name)?.is_some_and(|known| known.value() == value) {
            continue;
        }
        let arn = crate::state::arn(scope, &cause.alarm).to_string();
        let wanted = Wanted {
            value,
            reason: format!("{arn} transitioned to {} at {}", cause.value, time::spoken(cause.transitioned)),
            data: Some(triggering(&[(arn, cause)])),
        };
        if let Some(state) = change(tx, moment, &Alarm::Composite(composite), wanted)? {
            changed(&mut causes, state);
        }
    }
    for name in causes.keys() {
        if followers.beyond.contains(name) {
            evaluate::later(tx, moment, scope, name)?;
        } else {
            tracing::warn!(alarm = %crate::state::arn(scope, name), "a composite alarm depends on itself: it is not evaluated again");
        }
    }
    Ok(())
}

fn suppressor_changed(
    tx: &mut Tx,
    moment: &Moment<'_>,
    composite: CompositeAlarm,
    is_on: bool,
) -> Result<(), StoreError> {
    let (scope, name) = (composite.common.scope, composite.common.name.as_str());
    let Some(mut state) = AlarmState::of(tx, scope, name)? else { return Ok(()) };
    let Some(waiting) = state.suppressed.as_mut() else { return Ok(()) };
    if is_on {
        waiting.by = ActionsSuppressedBy::Alarm.as_str().to_owned();
        waiting.until = None;
        return tx.put(state);
    }
    if waiting.by() != ActionsSuppressedBy::Alarm {
        return Ok(());
    }
    let extension = composite.suppressor.as_ref().map_or(0, |suppressor| suppressor.extension);
    if extension <= 0 {
        return release(tx, moment, composite, state);
    }
    let until = moment.now.plus(seconds(extension));
    waiting.by = ActionsSuppressedBy::ExtensionPeriod.as_str().to_owned();
    waiting.until = Some(until);
    evaluate::at(tx, scope, name, until)?;
    tx.put(state)
}

/// What a composite alarm's rule says of the states that its children are in.
pub(crate) fn value_of(tx: &Tx, composite: &CompositeAlarm) -> Result<StateValue, StoreError> {
    let states = children(tx, composite)?;
    let scope = composite.common.scope;
    let state = |alarm: &str| {
        let name = crate::state::named(scope, alarm)?;
        states.iter().find(|(child, _)| *child == name).map(|(_, state)| state.value())
    };
    Ok(if composite.parsed().holds(&state) { StateValue::Alarm } else { StateValue::Ok })
}

/// The names and states of the alarms that a rule names, of those that are there.
pub(crate) fn children(tx: &Tx, composite: &CompositeAlarm) -> Result<Vec<(String, AlarmState)>, StoreError> {
    let scope = composite.common.scope;
    let mut states = Vec::new();
    for name in composite.children() {
        if let Some(state) = AlarmState::of(tx, scope, &name)? {
            states.push((name, state));
        }
    }
    Ok(states)
}

/// The data of a composite alarm's reason: ARNs and states.
pub(crate) fn triggering(alarms: &[(String, AlarmState)]) -> String {
    let alarms = alarms.iter().map(|(arn, state)| {
        document!({
            "arn": (arn.as_str()),
            "state": { "value": (state.value.as_str()), "timestamp": (time::long(state.transitioned)) },
        })
    });
    document!({ "triggeringAlarms": (Document::Array(alarms.collect())) }).to_string()
}

/// Notes in the history that an alarm was made, changed or deleted, and tells EventBridge.
pub(crate) fn configured(
    tx: &mut Tx,
    moment: &Moment<'_>,
    alarm: &Alarm,
    change: &Configured<'_>,
) -> Result<(), StoreError> {
    let common = alarm.common();
    let (scope, name): (Scope, &str) = (common.scope, &common.name);
    let (verb, whole, brief) = change.history(alarm);
    let place = note(
        tx,
        (scope, name, alarm_type(alarm)),
        HistoryItemType::ConfigurationUpdate,
        (format!("Alarm \"{name}\" {verb}"), fitting([whole, brief])),
        moment.now,
    )?;
    let state = AlarmState::of(tx, scope, name)?;
    let detail = change.event(alarm, state.as_ref());
    act::tell(tx, moment, alarm, "CloudWatch Alarm Configuration Change", &detail, place)
}

/// What happened to an alarm's configuration.
pub(crate) enum Configured<'a> {
    Created,
    /// From what it was.
    Updated(&'a Alarm),
    Deleted,
}

impl Configured<'_> {
    /// What is said of it, its data, and fewer where those do not fit.
    fn history(&self, alarm: &Alarm) -> (&'static str, Document, Document) {
        let described = super::config::described(alarm);
        let data = |kind: &str| document!({ "version": "1.0", "type": kind });
        match self {
            Self::Created => ("created", data("Create").with("createdAlarm", described), data("Create")),
            Self::Updated(before) => {
                let before = super::config::described(before);
                let changed = before.as_object().into_iter().flatten().filter(|(name, value)| {
                    described.get(name) != Some(value)
                        && name.as_str() != "alarmConfigurationUpdatedTimestamp"
                });
                let changed: Document = changed.map(|(name, value)| (name.clone(), value.clone())).collect();
                let brief = data("Update").with("originalUpdatedFields", changed.clone());
                let whole = data("Update").with("updatedAlarm", described);
                ("updated", whole.with("originalUpdatedFields", changed), brief)
            }
            Self::Deleted => ("deleted", data("Delete").with("deletedAlarm", described), data("Delete")),
        }
    }

    fn event(&self, alarm: &Alarm, state: Option<&AlarmState>) -> Document {
        let operation = match self {
            Self::Created => "create",
            Self::Updated(_) => "update",
            Self::Deleted => "delete",
        };
        let mut detail = document!({ "alarmName": (alarm.common().name.as_str()), "operation": operation });
        if let Some(state) = state {
            let mut told = document!({
                "value": (state.value.as_str()), "timestamp": (time::long(state.transitioned))
            });
            if !matches!(self, Self::Created) {
                told.set("reason", state.reason.as_str());
                if let Some(data) = &state.reason_data {
                    told.set("reasonData", data.as_str());
                }
            }
            detail.set("state", told);
        }
        detail.set("configuration", super::config::whole(alarm));
        if let Self::Updated(before) = self {
            detail.set("previousConfiguration", super::config::whole(before));
        }
        detail
    }
}
