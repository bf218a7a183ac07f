//! Alarms are evaluated: each has a durable task on the clock, which writes only when the state changes.
//!
//! A metric alarm is evaluated at each minute (10 seconds where its period is shorter, an hour where it looks further back than a day) on the
//! periods that are over by then, and soon after data of its metrics were written. One whose metrics have no data at all sleeps until they have
//! some. What is decided is a function of rows and clock, in the transaction that ends the task: data that come meanwhile make it run again.

use super::decide::{Criteria, Datapoint, MARGIN, Missing, Period, Verdict};
use super::reason::{Decided, Queried};
use super::transition::{Moment, Wanted, children, go, release, triggering, value_of};
use crate::metrics::collect::Collector;
use crate::metrics::query::MetricStat;
use crate::metrics::read::{self, Range};
use crate::metrics::statistic::Statistic;
use crate::state::{Alarm, AlarmState, CompositeAlarm, MetricAlarm, Watched, arn};
use api_cloudwatch::StateValue;
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{StoreError, Tx};

const KIND: &str = "cloudwatch.alarm";
/// New data evaluate an alarm no more often than this.
const SOONEST: Duration = Duration::from_secs(1);
/// Transactions in a row that leave alarms to the next: more than all alarms of an account need, unless they go in a circle.
const HOPS: u32 = 100;
/// Further ahead than data may be written.
const AHEAD: i64 = 3 * HOUR;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Due {
    /// When the alarm was evaluated last.
    evaluated: Timestamp,
    /// [`Moment::hops`].
    #[serde(default)]
    hops: u32,
}

fn task(scope: Scope, alarm: &str, due: Timestamp, evaluated: Timestamp) -> Result<Task, StoreError> {
    Task::new(KIND, alarm, scope, due, &Due { evaluated, hops: 0 })
}

/// Has a composite alarm evaluated in a transaction of its own, since too many follow an alarm for one.
pub(super) fn later(tx: &mut Tx, moment: &Moment<'_>, scope: Scope, alarm: &str) -> Result<(), StoreError> {
    if moment.hops >= HOPS {
        tracing::warn!(alarm = %arn(scope, alarm), "a composite alarm follows others without end: it is not evaluated");
        return Ok(());
    }
    let due = moment.now.plus(SOONEST);
    if tx.get::<Task>(scope, (KIND, alarm))?.is_some_and(|known| known.due <= due) {
        return Ok(());
    }
    let payload = Due { evaluated: moment.now, hops: moment.hops.saturating_add(1) };
    Task::new(KIND, alarm, scope, due, &payload)?.enqueue(tx)
}

/// Has an alarm evaluated at a moment, or before.
pub(super) fn at(tx: &mut Tx, scope: Scope, alarm: &str, due: Timestamp) -> Result<(), StoreError> {
    let known = tx.get::<Task>(scope, (KIND, alarm))?;
    let last = known.as_ref().map(Task::payload::<Due>).transpose()?.unwrap_or_default();
    if known.is_some_and(|known| known.due <= due) {
        return Ok(());
    }
    task(scope, alarm, due, last.evaluated)?.enqueue(tx)
}

/// Has an alarm evaluated that was put, or whose data were written. Who writes often writes the task once.
pub(crate) fn soon(tx: &mut Tx, scope: Scope, alarm: &str, now: Timestamp) -> Result<(), StoreError> {
    let known = tx.get::<Task>(scope, (KIND, alarm))?;
    let last = known.as_ref().map(Task::payload::<Due>).transpose()?.unwrap_or_default();
    at(tx, scope, alarm, now.max(last.evaluated.plus(SOONEST)))
}

/// A state that somebody set lasts until the next evaluation.
pub(crate) fn at_the_next_turn(tx: &mut Tx, alarm: &MetricAlarm, now: Timestamp) -> Result<(), StoreError> {
    at(tx, alarm.common.scope, &alarm.common.name, alarm.next(now))
}

/// Evaluates no more.
pub(crate) fn forget(tx: &mut Tx, scope: Scope, alarm: &str) -> Result<(), StoreError> {
    tx.remove::<Task>(scope, (KIND, alarm)).map(drop)
}

/// Evaluates alarms.
pub(super) struct Evaluate(pub(super) Arc<Collector>);

#[async_trait::async_trait]
impl TaskHandler for Evaluate {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        if let Err(error) = self.0.collect(context).await {
            tracing::warn!(%error, alarm = task.id, "an alarm is evaluated without what was measured last, which cannot be written");
        }
        let (scope, name) = (task.scope, task.id.clone());
        let hops = task.payload::<Due>().map_or(0, |due| due.hops);
        Outcome::done_with(move |call: &Call, tx: &mut Tx| evaluate(tx, scope, &name, hops, call))
    }
}

fn evaluate(tx: &mut Tx, scope: Scope, name: &str, hops: u32, call: &Call) -> Result<(), StoreError> {
    let Some(alarm) = Alarm::get(tx, scope, name)? else { return Ok(()) };
    let moment = Moment { hops, ..Moment::new(call.now, &call.chain) };
    match alarm {
        Alarm::Metric(metric) => evaluate_metric(tx, &moment, metric),
        Alarm::Composite(composite) => evaluate_composite(tx, &moment, composite),
    }
}

/// The first evaluation of a composite alarm, one after it was changed, or the end of the time for which its actions wait.
fn evaluate_composite(tx: &mut Tx, moment: &Moment<'_>, composite: CompositeAlarm) -> Result<(), StoreError> {
    let (scope, name) = (composite.common.scope, composite.common.name.clone());
    let Some(state) = AlarmState::of(tx, scope, &name)? else { return Ok(()) };
    let value = value_of(tx, &composite)?;
    if state.value() != value {
        let known = children(tx, &composite)?;
        let named = known.into_iter().map(|(child, state)| (arn(scope, &child).to_string(), state));
        let what = if state.value() == StateValue::InsufficientData { "created" } else { "updated" };
        let reason = format!("{} was {what} and its alarm rule evaluates to {value}", composite.common.arn());
        let data = Some(triggering(&named.collect::<Vec<_>>()));
        go(tx, moment, &Alarm::Composite(composite.clone()), Wanted { value, reason, data })?;
    }
    let Some(state) = AlarmState::of(tx, scope, &name)? else { return Ok(()) };
    match state.suppressed.as_ref().and_then(|suppressed| suppressed.until) {
        Some(until) if until <= moment.now => release(tx, moment, composite, state),
        // It was asked for earlier than it waits.
        Some(until) => task(scope, &name, until, moment.now)?.enqueue(tx),
        None => Ok(()),
    }
}

fn evaluate_metric(tx: &mut Tx, moment: &Moment<'_>, alarm: MetricAlarm) -> Result<(), StoreError> {
    let (scope, now) = (alarm.common.scope, moment.now);
    let window = alarm.window(now);
    let found = alarm.periods(tx, window, now)?;
    if found.sleeps && !alarm.has_data_ahead(tx, window.end, now)? {
        // Nothing changes until there are data, and they wake it.
    } else {
        task(scope, &alarm.common.name, alarm.next(now), now)?.enqueue(tx)?;
    }
    let criteria = alarm.criteria();
    let Verdict::State { state, evaluated, filled } = criteria.decide(&found.periods) else { return Ok(()) };
    if found.too_few_samples && evaluated.is_empty() {
        return Ok(());
    }
    if AlarmState::of(tx, scope, &alarm.common.name)?.is_some_and(|known| known.value() == state) {
        return Ok(());
    }
    let counts = alarm.datapoints_to_alarm.is_some();
    let decided = Decided { criteria: &criteria, counts, state, evaluated: &evaluated, filled };
    let (statistic, unit) = match &alarm.watched {
        Watched::Metric(stat) => (Some(stat.stat.as_str()), stat.unit.as_deref()),
        Watched::Queries(_) => (None, None),
    };
    let periods = evaluated_periods(&found.periods, &evaluated, criteria.of);
    let queried = Queried { at: now, period: alarm.period, statistic, unit, periods: &periods };
    let reason = decided.sentence();
    let data = Some(decided.data(&queried).to_string());
    go(tx, moment, &Alarm::Metric(alarm), Wanted { value: state, reason, data })
}

/// The periods that an evaluation is about, newest first: those with the datapoints, and as many missing ones as are needed.
fn evaluated_periods(range: &[Period], evaluated: &[Datapoint], of: usize) -> Vec<Timestamp> {
    let missing = range.iter().filter(|period| period.datapoint.is_none()).map(|period| period.at);
    let mut periods: Vec<Timestamp> = evaluated.iter().map(|point| point.at).collect();
    periods.extend(missing.take(of.saturating_sub(evaluated.len())));
    periods.sort_by(|left, right| right.cmp(left));
    periods
}

/// What is in the evaluation range.
struct Found {
    /// Newest first.
    periods: Vec<Period>,
    /// There is nothing in it.
    sleeps: bool,
    /// Datapoints were left out because they are of too few samples.
    too_few_samples: bool,
}

impl MetricAlarm {
    fn count(&self) -> usize {
        usize::try_from(self.evaluation_periods).unwrap_or(1).max(1)
    }

    fn criteria(&self) -> Criteria {
        let at_least = self.datapoints_to_alarm.unwrap_or(self.evaluation_periods);
        Criteria {
            operator: self.operator(),
            threshold: self.threshold,
            of: self.count(),
            at_least: usize::try_from(at_least).unwrap_or(1).max(1),
            missing: self.missing(),
        }
    }

    /// Alarms on DynamoDB's metrics ignore missing data, whatever they say (PutMetricAlarm's page).
    fn missing(&self) -> Missing {
        if self.metrics().iter().any(|metric| metric.namespace == "AWS/DynamoDB") {
            return Missing::Ignore;
        }
        match self.treat_missing_data.as_deref() {
            Some("ignore") => Missing::Ignore,
            Some("breaching") => Missing::Breaching,
            Some("notBreaching") => Missing::NotBreaching,
            _ => Missing::Unknown,
        }
    }

    fn period_millis(&self) -> i64 {
        i64::from(self.period.max(1)).saturating_mul(1000)
    }

    /// How often it is evaluated, in milliseconds.
    fn turn(&self) -> i64 {
        let looks_back = self.period_millis().saturating_mul(i64::from(self.evaluation_periods));
        if self.period < 60 {
            10_000
        } else if looks_back > DAY {
            HOUR
        } else {
            MINUTE
        }
    }

    fn next(&self, now: Timestamp) -> Timestamp {
        let turn = self.turn();
        let begun = now.millis().div_euclid(turn).saturating_mul(turn);
        Timestamp::from_millis(begun.saturating_add(turn))
    }

    /// The evaluation range: whole periods, which end when the last minute (or 10 seconds) ended.
    fn window(&self, now: Timestamp) -> Range {
        let grain = self.turn().min(MINUTE);
        let end = now.millis().div_euclid(grain).saturating_mul(grain);
        let count = i64::try_from(self.count().saturating_add(MARGIN)).unwrap_or(i64::MAX);
        let start = end.saturating_sub(self.period_millis().saturating_mul(count));
        Range { start: Timestamp::from_millis(start), end: Timestamp::from_millis(end) }
    }

    fn points(&self, tx: &Tx, range: Range, now: Timestamp) -> Result<Vec<(Timestamp, f64)>, StoreError> {
        let scope = self.common.scope;
        match &self.watched {
            Watched::Metric(stat) => Ok(read::series(tx, scope, stat, range, now)?.points),
            Watched::Queries(queries) => {
                let results = read::evaluate(tx, scope, queries, range, now)?;
                let series = results.into_iter().filter(|result| result.returned).flat_map(|it| it.series);
                Ok(series.map(|series| series.points).next().unwrap_or_default())
            }
        }
    }

    /// How many samples each datapoint is made of, where that is told.
    fn samples(&self, tx: &Tx, range: Range, now: Timestamp) -> Result<Vec<(Timestamp, f64)>, StoreError> {
        let Watched::Metric(stat) = &self.watched else { return Ok(Vec::new()) };
        let stat = MetricStat { stat: "SampleCount".into(), ..stat.clone() };
        Ok(read::series(tx, self.common.scope, &stat, range, now)?.points)
    }

    fn periods(&self, tx: &Tx, range: Range, now: Timestamp) -> Result<Found, StoreError> {
        let points: HashMap<Timestamp, f64> = self.points(tx, range, now)?.into_iter().collect();
        let samples = if points.is_empty() { Vec::new() } else { self.samples(tx, range, now)? };
        let samples: HashMap<Timestamp, f64> = samples.into_iter().collect();
        let (mut periods, mut too_few_samples) = (Vec::new(), false);
        let mut begins = range.end.millis();
        while begins > range.start.millis() {
            begins = begins.saturating_sub(self.period_millis());
            let at = Timestamp::from_millis(begins);
            let samples = samples.get(&at).copied();
            let mut datapoint = points.get(&at).map(|value| Datapoint { at, value: *value, samples });
            if datapoint.is_some() && samples.is_some_and(|samples| samples < self.least_samples()) {
                (datapoint, too_few_samples) = (None, true);
            }
            periods.push(Period { at, datapoint });
        }
        Ok(Found { periods, sleeps: points.is_empty(), too_few_samples })
    }

    /// Percentiles of fewer samples do not count where the alarm wants that
    /// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#percentiles-with-low-samples>).
    fn least_samples(&self) -> f64 {
        let Watched::Metric(stat) = &self.watched else { return 0.0 };
        match (self.low_samples.as_deref(), Statistic::read(&stat.stat)) {
            (Some("ignore"), Some(Statistic::Percentile(percent))) if percent >= 50.0 => {
                10.0 / (1.0 - percent / 100.0).max(f64::EPSILON)
            }
            (Some("ignore"), Some(Statistic::Percentile(percent))) => {
                10.0 / (percent / 100.0).max(f64::EPSILON)
            }
            _ => 0.0,
        }
    }

    /// Whether data were written for what is not over yet.
    fn has_data_ahead(&self, tx: &Tx, from: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        let period = self.period_millis();
        let count = AHEAD.div_euclid(period).saturating_add(2);
        let end = from.millis().saturating_add(count.saturating_mul(period));
        let range = Range { start: from, end: Timestamp::from_millis(end) };
        Ok(!self.points(tx, range, now)?.is_empty())
    }
}
