//! Operations on alarms.

mod access;
mod check;
mod delete;
mod describe;
mod for_metric;
mod history;
mod put_composite;
mod put_metric;
mod set_state;
mod switch;

pub(super) use access::on_alarm;

use crate::alarms::transition::{Configured, Moment, configured};
use crate::refusal::limit_exceeded;
use crate::state::{Alarm, AlarmCount, AlarmState, Common, MAX_ALARMS};
use crate::tags;
use api_cloudwatch::{Error, Tag};
use contract::{Access, Call};
use names::Tags;
use store::{StoreError, Tx, View};

/// What putting an alarm needs: also TagResource, where it gets tags.
fn put_access(
    action: &str,
    name: &str,
    actions: impl Iterator<Item = String>,
    tags: Option<&[Tag]>,
    call: &Call,
    view: &View,
) -> Access {
    let mut access = Access::default().and(access::on_alarm(action, name, call, view));
    let actions: Vec<String> = actions.collect();
    if !actions.is_empty() {
        access = access.with("cloudwatch:AlarmActions", actions);
    }
    if tags.is_some_and(|tags| !tags.is_empty()) {
        access = access.and(access::on_alarm("TagResource", name, call, view));
    }
    access.with_request_tags(tags::pairs(tags))
}

/// What alarms of both types are made of. Tags are for new alarms: those of one that is known stay as they are.
fn common(
    name: String,
    description: Option<String>,
    actions_enabled: Option<bool>,
    [ok, alarm, insufficient_data]: [Option<Vec<String>>; 3],
    (given, known): (Option<Vec<Tag>>, Option<&Common>),
    call: &Call,
) -> Result<Common, Error> {
    let (ok_actions, alarm_actions) = (ok.unwrap_or_default(), alarm.unwrap_or_default());
    let insufficient_data_actions = insufficient_data.unwrap_or_default();
    check::actions([&ok_actions, &alarm_actions, &insufficient_data_actions].into_iter().flatten(), call)?;
    let mut tags = Tags::new();
    tags::add(&mut tags, given.unwrap_or_default(), call)?;
    Ok(Common {
        scope: call.scope(),
        name,
        description,
        actions_enabled: actions_enabled.unwrap_or(true),
        ok_actions,
        alarm_actions,
        insufficient_data_actions,
        updated: call.now,
        tags: known.map_or(tags, |known| known.tags.clone()),
    })
}

/// Writes an alarm; a new one where there is room for it.
fn write(tx: &mut Tx, alarm: &Alarm, before: Option<&Alarm>) -> Result<(), Error> {
    if before.is_none() && !AlarmCount::add(tx, alarm.common().scope)? {
        return Err(limit_exceeded(format!(
            "The quota for alarms for this customer has already been reached: {MAX_ALARMS} in a region."
        )));
    }
    Ok(alarm.clone().put(tx)?)
}

/// Notes that an alarm was put; a new one gets its first state.
fn settled(tx: &mut Tx, alarm: &Alarm, before: Option<&Alarm>, call: &Call) -> Result<(), StoreError> {
    let common = alarm.common();
    if before.is_none() {
        tx.put(AlarmState::initial(common.scope, &common.name, call.now))?;
    }
    let change = before.map_or(Configured::Created, Configured::Updated);
    configured(tx, &Moment::new(call.now, &call.chain), alarm, &change)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarms::tests::{composite, scope, store};

    #[test]
    fn an_alarm_beyond_the_quota_is_refused_and_those_that_are_there_may_be_changed() {
        let store = store(&[]);
        let alarm = |name: &str| Alarm::Composite(composite(name, "TRUE"));
        let put = |name: &str| {
            let put = store.transact(None, |tx| -> Result<(), Error> {
                let before = Alarm::get(tx, scope(), name)?;
                write(tx, &alarm(name), before.as_ref())
            });
            put.map_err(|error| wire::ServiceError::into_response(error).code)
        };
        put("first").unwrap();
        store.transact(None, |tx| tx.put(AlarmCount { scope: scope(), alarms: MAX_ALARMS })).unwrap();
        assert_eq!(put("second").unwrap_err(), "LimitExceededFault");
        put("first").unwrap();
        store.transact(None, |tx| alarm("first").remove(tx)).unwrap();
        put("second").unwrap();
        assert_eq!(put("third").unwrap_err(), "LimitExceededFault");
    }
}
