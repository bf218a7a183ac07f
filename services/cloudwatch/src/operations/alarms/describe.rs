//! DescribeAlarms.

use super::access::{on_alarms, on_all, on_composite};
use crate::CloudWatch;
use crate::metrics::query;
use crate::refusal::validation;
use crate::state::{Alarm, AlarmState, CompositeAlarm, MetricAlarm, Watched};
use api_cloudwatch::{AlarmType, DescribeAlarms, DescribeAlarmsOutput, Error, InvalidNextToken};
use contract::{Access, Call, Transact, page};
use store::{StoreError, Tx, View};

const LENGTH: i32 = 50;

impl Transact<DescribeAlarms> for CloudWatch {
    fn access(input: &DescribeAlarms, call: &Call, view: &View) -> Access {
        let of_composite = types(input).contains(&AlarmType::CompositeAlarm)
            || input.children_of_alarm_name.is_some()
            || input.parents_of_alarm_name.is_some();
        if of_composite {
            return on_composite("DescribeAlarms");
        }
        match input.alarm_names.as_deref() {
            Some(names) if !names.is_empty() => on_alarms("DescribeAlarms", names, call, view),
            _ => on_all("DescribeAlarms", call),
        }
    }

    fn run(input: DescribeAlarms, call: &Call, tx: &mut Tx) -> Result<DescribeAlarmsOutput, Error> {
        check(&input)?;
        let relatives = input.children_of_alarm_name.is_some() || input.parents_of_alarm_name.is_some();
        let found = if relatives { related(&input, call, tx)? } else { filtered(&input, call, tx)? };
        let things = found.into_iter().map(|alarm| (alarm.common().name.clone(), alarm)).collect();
        let length = usize::try_from(input.max_records.unwrap_or(LENGTH)).unwrap_or(1);
        let token = input.next_token.as_deref().filter(|token| !token.is_empty());
        let (page, next_token) = page("alarms", token, length, things)
            .map_err(|_| InvalidNextToken::new("The next token specified is invalid."))?;
        let (mut metric_alarms, mut composite_alarms) = (Vec::new(), Vec::new());
        for alarm in page {
            let name = alarm.common().name.as_str();
            let state = AlarmState::of(tx, call.scope(), name)?;
            match &alarm {
                Alarm::Metric(alarm) if relatives => metric_alarms.push(brief_metric(alarm, state)),
                Alarm::Metric(alarm) => metric_alarms.push(metric_alarm(alarm, state)),
                Alarm::Composite(alarm) if relatives => {
                    let state = state.filter(|_| input.children_of_alarm_name.is_some());
                    composite_alarms.push(brief_composite(alarm, state));
                }
                Alarm::Composite(alarm) => composite_alarms.push(composite_alarm(alarm, state)),
            }
        }
        Ok(DescribeAlarmsOutput {
            composite_alarms: Some(composite_alarms),
            metric_alarms: Some(metric_alarms),
            next_token,
        })
    }
}

/// Metric alarms where nothing else is asked for.
fn types(input: &DescribeAlarms) -> Vec<AlarmType> {
    let given = input.alarm_types.clone().unwrap_or_default();
    if given.is_empty() { vec![AlarmType::MetricAlarm] } else { given }
}

fn check(input: &DescribeAlarms) -> Result<(), Error> {
    let others = input.alarm_names.is_some()
        || input.alarm_name_prefix.is_some()
        || input.alarm_types.is_some()
        || input.state_value.is_some()
        || input.action_prefix.is_some();
    match (&input.children_of_alarm_name, &input.parents_of_alarm_name) {
        (Some(_), Some(_)) => {
            Err(validation("ChildrenOfAlarmName and ParentsOfAlarmName cannot be specified together."))
        }
        (Some(_), None) if others => Err(validation(
            "If you specify ChildrenOfAlarmName, you cannot specify any other parameters except for MaxRecords and NextToken.",
        )),
        (None, Some(_)) if others => Err(validation(
            "If you specify ParentsOfAlarmName, you cannot specify any other parameters except for MaxRecords and NextToken.",
        )),
        _ if input.alarm_names.is_some() && input.alarm_name_prefix.is_some() => {
            Err(validation("AlarmNamePrefix and AlarmNames cannot be specified together."))
        }
        _ => Ok(()),
    }
}

fn related(input: &DescribeAlarms, call: &Call, tx: &Tx) -> Result<Vec<Alarm>, StoreError> {
    let scope = call.scope();
    if let Some(parents_of) = &input.parents_of_alarm_name {
        let parents = CompositeAlarm::parents_of(tx, scope, parents_of)?;
        return Ok(parents.into_iter().map(Alarm::Composite).collect());
    }
    let parent = input.children_of_alarm_name.as_deref().unwrap_or_default();
    let mut children = Vec::new();
    if let Some(parent) = tx.get::<CompositeAlarm>(scope, parent)? {
        for child in parent.children() {
            children.extend(Alarm::get(tx, scope, &child)?);
        }
    }
    Ok(children)
}

fn filtered(input: &DescribeAlarms, call: &Call, tx: &Tx) -> Result<Vec<Alarm>, StoreError> {
    let scope = call.scope();
    let (types, names) = (types(input), input.alarm_names.as_deref().unwrap_or_default());
    let mut found = Vec::new();
    for alarm in Alarm::list(tx, scope)? {
        let common = alarm.common();
        let fits = types.contains(&crate::alarms::transition::alarm_type(&alarm))
            && (names.is_empty() || names.contains(&common.name))
            && input.alarm_name_prefix.as_ref().is_none_or(|prefix| common.name.starts_with(prefix.as_str()))
            && input.action_prefix.as_ref().is_none_or(|prefix| common.acts_on(prefix));
        let in_state = match input.state_value {
            Some(wanted) if fits => {
                AlarmState::of(tx, scope, &common.name)?.is_some_and(|state| state.value() == wanted)
            }
            _ => true,
        };
        if fits && in_state {
            found.push(alarm);
        }
    }
    Ok(found)
}

/// A metric alarm as AWS describes it.
pub(super) fn metric_alarm(alarm: &MetricAlarm, state: Option<AlarmState>) -> api_cloudwatch::MetricAlarm {
    let common = &alarm.common;
    let mut described = api_cloudwatch::MetricAlarm {
        alarm_description: common.description.clone(),
        alarm_configuration_updated_timestamp: Some(common.updated),
        actions_enabled: Some(common.actions_enabled),
        ok_actions: Some(common.ok_actions.clone()),
        alarm_actions: Some(common.alarm_actions.clone()),
        insufficient_data_actions: Some(common.insufficient_data_actions.clone()),
        evaluation_periods: Some(alarm.evaluation_periods),
        datapoints_to_alarm: alarm.datapoints_to_alarm,
        threshold: Some(alarm.threshold),
        comparison_operator: Some(alarm.operator()),
        treat_missing_data: alarm.treat_missing_data.clone(),
        evaluate_low_sample_count_percentile: alarm.low_samples.clone(),
        state_reason: state.as_ref().map(|state| state.reason.clone()),
        state_reason_data: state.as_ref().and_then(|state| state.reason_data.clone()),
        state_transitioned_timestamp: state.as_ref().map(|state| state.transitioned),
        ..brief_metric(alarm, state)
    };
    match &alarm.watched {
        Watched::Metric(stat) => {
            described.metric_name = Some(stat.metric.name.clone());
            described.namespace = Some(stat.metric.namespace.clone());
            described.dimensions = Some(query::write_dimensions(&stat.metric));
            described.period = Some(stat.period);
            described.unit = stat.unit.as_deref().and_then(|unit| unit.parse().ok());
            if alarm.extended {
                described.extended_statistic = Some(stat.stat.clone());
            } else {
                described.statistic = stat.stat.parse().ok();
            }
        }
        Watched::Queries(queries) => described.metrics = Some(queries.iter().map(query::write).collect()),
    }
    described
}

/// Name, ARN and state: all that AWS tells of children and parents.
fn brief_metric(alarm: &MetricAlarm, state: Option<AlarmState>) -> api_cloudwatch::MetricAlarm {
    api_cloudwatch::MetricAlarm {
        alarm_name: Some(alarm.common.name.clone()),
        alarm_arn: Some(alarm.common.arn().to_string()),
        state_value: state.as_ref().map(AlarmState::value),
        state_updated_timestamp: state.map(|state| state.updated),
        ..Default::default()
    }
}

fn brief_composite(alarm: &CompositeAlarm, state: Option<AlarmState>) -> api_cloudwatch::CompositeAlarm {
    api_cloudwatch::CompositeAlarm {
        alarm_name: Some(alarm.common.name.clone()),
        alarm_arn: Some(alarm.common.arn().to_string()),
        state_value: state.as_ref().map(AlarmState::value),
        state_updated_timestamp: state.map(|state| state.updated),
        ..Default::default()
    }
}

fn composite_alarm(alarm: &CompositeAlarm, state: Option<AlarmState>) -> api_cloudwatch::CompositeAlarm {
    let (common, suppressor) = (&alarm.common, alarm.suppressor.as_ref());
    let suppressed = state.as_ref().and_then(|state| state.suppressed.clone());
    api_cloudwatch::CompositeAlarm {
        actions_enabled: Some(common.actions_enabled),
        alarm_actions: Some(common.alarm_actions.clone()),
        alarm_configuration_updated_timestamp: Some(common.updated),
        alarm_description: common.description.clone(),
        alarm_rule: Some(alarm.rule.clone()),
        insufficient_data_actions: Some(common.insufficient_data_actions.clone()),
        ok_actions: Some(common.ok_actions.clone()),
        state_reason: state.as_ref().map(|state| state.reason.clone()),
        state_reason_data: state.as_ref().and_then(|state| state.reason_data.clone()),
        state_transitioned_timestamp: state.as_ref().map(|state| state.transitioned),
        actions_suppressed_by: suppressed.as_ref().map(|suppressed| suppressed.by()),
        actions_suppressed_reason: suppressed.as_ref().map(|suppressed| suppressed.reason()),
        actions_suppressor: suppressor.map(|suppressor| suppressor.alarm.clone()),
        actions_suppressor_wait_period: suppressor.map(|suppressor| suppressor.wait),
        actions_suppressor_extension_period: suppressor.map(|suppressor| suppressor.extension),
        ..brief_composite(alarm, state)
    }
}
