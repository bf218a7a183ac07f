//! What metrics say: the values of one statistic, or of a list of queries. For operations and for alarms.
//!
//! - [`series`]: one `MetricStat` over a range. Ascending; only periods in which something was measured have a value.
//! - [`evaluate`]: a list of queries (metric math) over a range. One result a query, in their order, also of those that do not return data.
//!   Each result holds one time series, or several where the expression is an array (`METRICS()`, `SEARCH`).
//!
//! Periods begin at `range.start`: operations round it down as AWS does ([`Range::rounded`]), alarms give a multiple of the period.
//! `now` decides how far back values are kept (3 hours below a minute, 15 days by minute, 63 days by 5 minutes, 455 days by hour).
//! What the platform measured until now but did not write yet is written by [`super::collect::Collector::collect`] before somebody reads.

use super::query::{MetricStat, Query};
use super::retention::{self, floor};
use super::statistic::Statistic;
use super::summary::Summary;
use crate::math;
use crate::state::{Datapoint, MetricId};
use names::{Scope, Timestamp};
use std::ops::ControlFlow;
use std::time::Duration;
use store::{StoreError, View};

/// From (including) when until (excluding) when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

impl Range {
    /// With its start rounded down to what values of its age are kept by; where the period is below a minute, to the period.
    pub(crate) fn rounded(self, period: i32, now: Timestamp) -> Self {
        let age = now.since(self.start);
        let span = match period {
            1..60 => Duration::from_secs(u64::from(period.unsigned_abs())),
            _ if age < retention::MINUTES => Duration::from_mins(1),
            _ if age < retention::FIVE_MINUTES => Duration::from_mins(5),
            _ => Duration::from_hours(1),
        };
        Self { start: floor(self.start, span), ..self }
    }

    /// How many periods there are, the last of which may be cut off.
    pub(crate) fn periods(self, period: i32) -> i64 {
        let span = i64::from(period.max(1)).saturating_mul(1000);
        let length = self.end.millis().saturating_sub(self.start.millis()).max(0);
        length.saturating_add(span - 1) / span
    }
}

/// A value at the beginning of each period that has one, ascending by time.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Series {
    pub(crate) label: String,
    /// Of a value, in seconds.
    pub(crate) period: i32,
    pub(crate) points: Vec<(Timestamp, f64)>,
    /// Of which metric, where it is one metric's.
    pub(crate) source: Option<MetricStat>,
}

/// What a query yields.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Evaluated {
    pub(crate) id: String,
    /// One; none or several where the expression is an array of time series.
    pub(crate) series: Vec<Series>,
    pub(crate) returned: bool,
}

/// The values of a metric's statistic; none where the statistic is none that we know. What is not finite is no value.
pub(crate) fn series(
    view: &View,
    scope: Scope,
    stat: &MetricStat,
    range: Range,
    now: Timestamp,
) -> Result<Series, StoreError> {
    let mut left = math::MAX_POINTS;
    series_within(view, scope, stat, range, now, &mut left)
}

/// Those made of no more stored datapoints than are left, of which what is read is taken away: where none are left, the last values are missing.
pub(crate) fn series_within(
    view: &View,
    scope: Scope,
    stat: &MetricStat,
    range: Range,
    now: Timestamp,
    left: &mut usize,
) -> Result<Series, StoreError> {
    let (label, source) = (stat.metric.name.clone(), Some(stat.clone()));
    let mut series = Series { label, period: stat.period, points: Vec::new(), source };
    let Some(statistic) = Statistic::read(&stat.stat) else { return Ok(series) };
    let wanted = Measurements { metric: &stat.metric, period: stat.period, unit: stat.unit.as_deref() };
    each_period(view, scope, wanted, range, (now, left), |at, measured| {
        let total = Summary::total(measured.iter().map(|(_, summary)| summary));
        let value = total.and_then(|total| statistic.of(&total)).filter(|value| value.is_finite());
        series.points.extend(value.map(|value| (at, value)));
    })?;
    Ok(series)
}

/// What of a metric is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measurements<'a> {
    pub(crate) metric: &'a MetricId,
    /// In seconds.
    pub(crate) period: i32,
    /// Only in this unit.
    pub(crate) unit: Option<&'a str>,
}

/// Calls `each` with the beginning of each period in which something was measured, and what that was, by unit. Each stored datapoint that is looked at
/// is taken from `left`; it ends where none are left.
pub(crate) fn each_period(
    view: &View,
    scope: Scope,
    Measurements { metric, period, unit }: Measurements<'_>,
    range: Range,
    (now, left): (Timestamp, &mut usize),
    mut each: impl FnMut(Timestamp, &[(String, Summary)]),
) -> Result<(), StoreError> {
    let seconds = i64::from(period.max(1));
    let span = seconds.saturating_mul(1000);
    let kept = retention::kept(seconds);
    let start = range.start.max(now.minus(kept));
    let scan = Datapoint::between(view, scope, &metric.digest(), seconds < 60, (start, range.end));
    let (mut current, mut gathered) = (range.start, Vec::new());
    scan.each(|point| {
        let Some(rest) = left.checked_sub(1) else { return ControlFlow::Break(()) };
        *left = rest;
        if unit.is_some_and(|unit| unit != point.unit) {
            return ControlFlow::Continue(());
        }
        let since = point.at.millis().saturating_sub(range.start.millis());
        let at = Timestamp::from_millis(range.start.millis() + since.div_euclid(span) * span);
        if at != current && !gathered.is_empty() {
            each(current, &gathered);
            gathered.clear();
        }
        current = at;
        gathered.push((point.unit, point.summary));
        ControlFlow::Continue(())
    })?;
    if !gathered.is_empty() {
        each(current, &gathered);
    }
    Ok(())
}

/// The values of queries that [`super::query::read`] has checked.
pub(crate) fn evaluate(
    view: &View,
    scope: Scope,
    queries: &[Query],
    range: Range,
    now: Timestamp,
) -> Result<Vec<Evaluated>, StoreError> {
    Ok(math::evaluate(view, scope, queries, range, (now, 0))?.results)
}
