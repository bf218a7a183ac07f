//! PutCompositeAlarm.

use super::check;
use crate::CloudWatch;
use crate::alarms::evaluate;
use crate::alarms::rule::Rule;
use crate::alarms::transition::{Moment, release};
use crate::refusal::{missing, validation};
use crate::state::{Alarm, AlarmState, CompositeAlarm, Suppressor, named};
use api_cloudwatch::{Error, PutCompositeAlarm, PutCompositeAlarmOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// Composite alarms that one alarm may be a child of.
const PARENTS: usize = 150;

impl Transact<PutCompositeAlarm> for CloudWatch {
    /// AWS wants the permission on everything: "You can't create a composite alarm if your cloudwatch:PutCompositeAlarm permission has a narrower
    /// scope."
    fn access(input: &PutCompositeAlarm, call: &Call, view: &View) -> Access {
        let lists = [&input.ok_actions, &input.alarm_actions, &input.insufficient_data_actions];
        let actions = lists.into_iter().flatten().flatten().cloned();
        let name = &input.alarm_name;
        let mut access =
            super::put_access("PutCompositeAlarm", name, actions, input.tags.as_deref(), call, view);
        if let Some(check) = access.checks.first_mut() {
            check.resources = vec!["*".into()];
        }
        access
    }

    fn run(input: PutCompositeAlarm, call: &Call, tx: &mut Tx) -> Result<PutCompositeAlarmOutput, Error> {
        let scope = call.scope();
        check::name(&input.alarm_name)?;
        let before = Alarm::get(tx, scope, &input.alarm_name)?;
        if matches!(before, Some(Alarm::Metric(_))) {
            let name = &input.alarm_name;
            return Err(validation(format!("A metric alarm with the name {name} already exists.")));
        }
        let suppressor = suppressor(&input, call, tx)?;
        let rule = Rule::parse(&input.alarm_rule)
            .map_err(|error| validation(format!("Invalid AlarmRule: {}", error.0)))?;
        check_children(&rule, &input.alarm_name, call, tx)?;
        let known = before.as_ref().map(Alarm::common);
        let common = super::common(
            input.alarm_name,
            input.alarm_description,
            input.actions_enabled,
            [input.ok_actions, input.alarm_actions, input.insufficient_data_actions],
            (input.tags, known),
            call,
        )?;
        let composite = CompositeAlarm { common, rule: input.alarm_rule, suppressor };
        let alarm = Alarm::Composite(composite.clone());
        super::write(tx, &alarm, before.as_ref())?;
        super::settled(tx, &alarm, before.as_ref(), call)?;
        let name = &composite.common.name;
        // What waited for a suppressor that the alarm has no more waits no longer.
        let was = before.as_ref().and_then(|before| match before {
            Alarm::Composite(before) => before.suppressor.clone(),
            Alarm::Metric(_) => None,
        });
        if let Some(state) = AlarmState::of(tx, scope, name)?.filter(|_| was != composite.suppressor) {
            release(tx, &Moment::new(call.now, &call.chain), composite.clone(), state)?;
        }
        evaluate::soon(tx, scope, name, call.now)?;
        Ok(PutCompositeAlarmOutput {})
    }
}

fn suppressor(input: &PutCompositeAlarm, call: &Call, tx: &Tx) -> Result<Option<Suppressor>, Error> {
    let Some(alarm) = input.actions_suppressor.clone() else {
        if input.actions_suppressor_wait_period.is_some()
            || input.actions_suppressor_extension_period.is_some()
        {
            return Err(validation(
                "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod require ActionsSuppressor.",
            ));
        }
        return Ok(None);
    };
    let period = |value: Option<i32>, name: &str| match value {
        None => Err(missing(format!("The parameter {name} is required with ActionsSuppressor."))),
        Some(value) if value < 0 => Err(validation(format!("{name} must not be negative."))),
        Some(value) => Ok(value),
    };
    let wait = period(input.actions_suppressor_wait_period, "ActionsSuppressorWaitPeriod")?;
    let extension = period(input.actions_suppressor_extension_period, "ActionsSuppressorExtensionPeriod")?;
    let name = named(call.scope(), &alarm);
    let known = match &name {
        Some(name) => Alarm::get(tx, call.scope(), name)?.is_some(),
        None => false,
    };
    if !known || name.as_ref() == Some(&input.alarm_name) {
        return Err(validation(format!(
            "Could not save the composite alarm as the actions suppressor [{alarm}] does not exist"
        )));
    }
    Ok(Some(Suppressor { alarm, wait, extension }))
}

/// All that the rule names are there; the alarm itself is, as soon as it is put.
fn check_children(rule: &Rule, own: &str, call: &Call, tx: &Tx) -> Result<(), Error> {
    let scope = call.scope();
    let mut strangers = Vec::new();
    for child in rule.alarms() {
        let name = named(scope, child);
        let known = match &name {
            Some(name) => name == own || Alarm::get(tx, scope, name)?.is_some(),
            None => false,
        };
        if !known {
            strangers.push(child);
        }
        let parents = CompositeAlarm::parents_of(tx, scope, name.as_deref().unwrap_or_default())?;
        if parents.iter().filter(|parent| parent.common.name != own).count() >= PARENTS {
            return Err(crate::refusal::limit_exceeded(format!(
                "The alarm {child} is already part of {PARENTS} composite alarms."
            )));
        }
    }
    if strangers.is_empty() {
        return Ok(());
    }
    Err(validation(format!(
        "Could not save the composite alarm as alarms [{}] in the alarm rule do not exist",
        strangers.join(", ")
    )))
}
