//! PutMetricAlarm.

use super::check;
use crate::CloudWatch;
use crate::alarms::evaluate;
use crate::metrics::query::{self, MetricStat, Source};
use crate::metrics::statistic::Statistic;
use crate::refusal::{combination, missing, validation};
use crate::state::{Alarm, Common, MetricAlarm, MetricId, Watched};
use api_cloudwatch::{ComparisonOperator, Error, PutMetricAlarm, PutMetricAlarmOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// Metrics that an expression of an alarm may be of.
const METRICS: usize = 10;
/// Metrics and expressions that an alarm may have.
const QUERIES: usize = 20;
const DAY: i64 = 24 * 3600;
const WEEK: i64 = 7 * DAY;

impl Transact<PutMetricAlarm> for CloudWatch {
    fn access(input: &PutMetricAlarm, call: &Call, view: &View) -> Access {
        let lists = [&input.ok_actions, &input.alarm_actions, &input.insufficient_data_actions];
        let actions = lists.into_iter().flatten().flatten().cloned();
        super::put_access("PutMetricAlarm", &input.alarm_name, actions, input.tags.as_deref(), call, view)
    }

    fn run(input: PutMetricAlarm, call: &Call, tx: &mut Tx) -> Result<PutMetricAlarmOutput, Error> {
        let scope = call.scope();
        let before = Alarm::get(tx, scope, &input.alarm_name)?;
        if matches!(before, Some(Alarm::Composite(_))) {
            let name = &input.alarm_name;
            return Err(validation(format!("A composite alarm with the name {name} already exists.")));
        }
        let new = read(input, before.as_ref().map(Alarm::common), call)?;
        let name = new.common.name.clone();
        let alarm = Alarm::Metric(new);
        super::write(tx, &alarm, before.as_ref())?;
        super::settled(tx, &alarm, before.as_ref(), call)?;
        evaluate::soon(tx, scope, &name, call.now)?;
        Ok(PutMetricAlarmOutput {})
    }
}

/// Reads an alarm, of which `known` is there already: its tags stay.
fn read(input: PutMetricAlarm, known: Option<&Common>, call: &Call) -> Result<MetricAlarm, Error> {
    refuse_what_is_not_built(&input)?;
    check::name(&input.alarm_name)?;
    let (watched, period) = watched(&input, call)?;
    let evaluation_periods =
        input.evaluation_periods.ok_or_else(|| missing("The parameter EvaluationPeriods is required."))?;
    let operator =
        input.comparison_operator.ok_or_else(|| missing("The parameter ComparisonOperator is required."))?;
    let threshold = input.threshold.ok_or_else(|| missing("The parameter Threshold is required."))?;
    if !threshold.is_finite() {
        return Err(validation("The parameter Threshold must be a finite number."));
    }
    if input.datapoints_to_alarm.is_some_and(|least| least > evaluation_periods) {
        return Err(validation("DatapointsToAlarm must be less than or equal to EvaluationPeriods."));
    }
    check_span(period, evaluation_periods)?;
    if let Some(treat) = &input.treat_missing_data
        && !["breaching", "notBreaching", "ignore", "missing"].contains(&treat.as_str())
    {
        return Err(validation(format!(
            "The value {treat} is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing]."
        )));
    }
    let extended = input.extended_statistic.is_some();
    check_low_samples(&input)?;
    let common = super::common(
        input.alarm_name,
        input.alarm_description,
        input.actions_enabled,
        [input.ok_actions, input.alarm_actions, input.insufficient_data_actions],
        (input.tags, known),
        call,
    )?;
    Ok(MetricAlarm {
        common,
        watched,
        period,
        extended,
        operator: operator.as_str().to_owned(),
        threshold,
        evaluation_periods,
        datapoints_to_alarm: input.datapoints_to_alarm,
        treat_missing_data: input.treat_missing_data,
        low_samples: input.evaluate_low_sample_count_percentile,
    })
}

fn refuse_what_is_not_built(input: &PutMetricAlarm) -> Result<(), Error> {
    use ComparisonOperator as Op;
    let band = matches!(
        input.comparison_operator,
        Some(
            Op::LessThanLowerOrGreaterThanUpperThreshold
                | Op::LessThanLowerThreshold
                | Op::GreaterThanUpperThreshold
        )
    );
    if band || input.threshold_metric_id.is_some() {
        return Err(validation("Alarms on anomaly detection bands are not built in Cloudchamber."));
    }
    if input.evaluation_criteria.is_some() {
        return Err(validation(
            "EvaluationCriteria: alarms on PromQL queries are not built in Cloudchamber.",
        ));
    }
    if input.evaluation_interval.is_some() {
        return Err(validation(
            "EvaluationInterval cannot be specified for alarms configured with MetricName or Metrics.",
        ));
    }
    Ok(())
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>: a day, or seven where a period has an hour or more.
fn check_span(period: i32, evaluation_periods: i32) -> Result<(), Error> {
    let span = i64::from(period).saturating_mul(i64::from(evaluation_periods));
    if period < 3600 && span > DAY {
        return Err(validation(
            "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).",
        ));
    }
    if span > WEEK {
        return Err(validation(
            "Metrics cannot be checked across more than seven days (EvaluationPeriods * Period must be <= 604800).",
        ));
    }
    Ok(())
}

fn check_period(period: i32) -> Result<(), Error> {
    if matches!(period, 10 | 20 | 30) || (period > 0 && period % 60 == 0) {
        return Ok(());
    }
    Err(validation("Period must be 10, 20, 30 or a multiple of 60"))
}

fn check_low_samples(input: &PutMetricAlarm) -> Result<(), Error> {
    let Some(low) = &input.evaluate_low_sample_count_percentile else { return Ok(()) };
    if !["evaluate", "ignore"].contains(&low.as_str()) {
        return Err(validation(format!(
            "Option {low} is not supported for EvaluateLowSampleCountPercentile. Supported options for percentile alarms are [evaluate, ignore]."
        )));
    }
    let is_percentile = input.extended_statistic.as_deref().is_some_and(|text| text.starts_with('p'));
    if !is_percentile {
        return Err(validation(
            "EvaluateLowSampleCountPercentile is only supported for percentile statistics.",
        ));
    }
    Ok(())
}

/// What is watched, and its period.
fn watched(input: &PutMetricAlarm, call: &Call) -> Result<(Watched, i32), Error> {
    let own = [
        ("MetricName", input.metric_name.is_some()),
        ("Namespace", input.namespace.is_some()),
        ("Statistic", input.statistic.is_some()),
        ("ExtendedStatistic", input.extended_statistic.is_some()),
        ("Dimensions", input.dimensions.as_ref().is_some_and(|dimensions| !dimensions.is_empty())),
        ("Period", input.period.is_some()),
        ("Unit", input.unit.is_some()),
    ];
    match input.metrics.as_deref().filter(|metrics| !metrics.is_empty()) {
        Some(metrics) => match own.iter().find(|(_, given)| *given) {
            Some((name, _)) => {
                Err(combination(format!("{name} cannot be specified together with the Metrics parameter.")))
            }
            None => watched_queries(metrics, call),
        },
        None => watched_metric(input),
    }
}

fn watched_metric(input: &PutMetricAlarm) -> Result<(Watched, i32), Error> {
    let (Some(name), Some(namespace)) = (&input.metric_name, &input.namespace) else {
        return Err(missing("Either MetricName and Namespace, or Metrics, must be specified."));
    };
    let stat = match (&input.statistic, &input.extended_statistic) {
        (Some(statistic), None) => statistic.as_str().to_owned(),
        (None, Some(extended)) if Statistic::extended(extended).is_some() => extended.clone(),
        (None, Some(extended)) => {
            return Err(validation(format!(
                "The value {extended} for parameter ExtendedStatistic is not supported."
            )));
        }
        (Some(_), Some(_)) => {
            return Err(combination("Statistic and ExtendedStatistic cannot be specified together."));
        }
        (None, None) => return Err(missing("Either Statistic or ExtendedStatistic must be specified.")),
    };
    let period = input.period.ok_or_else(|| missing("The parameter Period is required."))?;
    check_period(period)?;
    let dimensions = query::dimensions("Dimensions", input.dimensions.as_deref())?;
    let metric = MetricId { namespace: namespace.clone(), name: name.clone(), dimensions };
    let unit = input.unit.map(|unit| unit.as_str().to_owned());
    Ok((Watched::Metric(MetricStat { metric, period, stat, unit }), period))
}

fn watched_queries(
    metrics: &[api_cloudwatch::MetricDataQuery],
    call: &Call,
) -> Result<(Watched, i32), Error> {
    let checked = query::read("Metrics", metrics, QUERIES, call.account)?;
    let queries = &checked.queries;
    let mut returned = queries.iter().filter(|query| query.is_returned());
    let (Some(watched), None) = (returned.next(), returned.next()) else {
        return Err(validation("Exactly one element of the metrics list should return data."));
    };
    if queries.iter().any(query::searches) {
        return Err(validation("SEARCH is not supported on Metric Alarms."));
    }
    if !checked.is_one_series(watched) {
        return Err(validation(format!(
            "The expression for {} must return a single time series to be used in an alarm.",
            watched.id
        )));
    }
    let mut periods: Vec<i32> = queries
        .iter()
        .filter_map(|query| match &query.source {
            Source::Stat(stat) => Some(stat.period),
            Source::Expression(_) => query.period,
        })
        .collect();
    if queries.iter().filter(|query| matches!(query.source, Source::Stat(_))).count() > METRICS {
        return Err(validation(format!("A metrics list of an alarm can contain at most {METRICS} metrics.")));
    }
    periods.sort_unstable();
    periods.dedup();
    match periods.as_slice() {
        [period] => {
            check_period(*period)?;
            Ok((Watched::Queries(checked.queries), *period))
        }
        [] => Err(validation("Period must be specified for at least one element of the metrics list.")),
        _ => Err(validation("All elements of the metrics list must have the same Period.")),
    }
}
