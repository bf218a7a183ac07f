//! Metric math: expressions over metrics, and searches for metrics
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html>).
//!
//! What it is: a parser with types ([`parse`], [`type_of`]) and an evaluator over time series. What it is not: Metrics Insights, and the functions
//! that are made of other services' data or models (`ANOMALY_DETECTION_BAND`, `INSIGHT_RULE_METRIC`, `LAMBDA` …) are refused by name.

mod call;
mod check;
mod evaluate;
mod expression;
mod functions;
mod label;
mod search;
#[cfg(test)]
mod tests;
mod token;
mod value;

pub(crate) use check::{calls, names, type_of};
pub(crate) use expression::{Expression, parse};
pub(crate) use functions::Function;
pub(crate) use search::Search;
pub(crate) use value::Type;

use crate::metrics::query::{Query, Source};
use crate::metrics::read::{Evaluated, Range, Series};
use ::names::{Scope, Timestamp};
use call::Context;
use evaluate::Evaluator;
use label::Labels;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, View};
use value::Value;

/// More datapoints are not reckoned with for one list of queries, those in between and the stored ones that are read included, and the metrics that
/// SEARCH looks at: memory and time are not to be used up.
pub(crate) const MAX_POINTS: usize = 2_000_000;

/// What a list of queries yields.
#[derive(Debug)]
pub(crate) struct Evaluation {
    /// One a query, in their order.
    pub(crate) results: Vec<Evaluated>,
    /// False where there were too many datapoints: the results then lack some.
    pub(crate) complete: bool,
}

/// The values of queries that [`crate::metrics::query::read`] has checked. Times in labels are so many minutes east of Greenwich.
pub(crate) fn evaluate(
    view: &View,
    scope: Scope,
    queries: &[Query],
    range: Range,
    (now, minutes_east): (Timestamp, i32),
) -> Result<Evaluation, StoreError> {
    evaluate_within(view, scope, queries, range, (now, minutes_east), MAX_POINTS)
}

fn evaluate_within(
    view: &View,
    scope: Scope,
    queries: &[Query],
    range: Range,
    (now, minutes_east): (Timestamp, i32),
    left: usize,
) -> Result<Evaluation, StoreError> {
    let period = shortest(queries);
    let labels = Labels { scope, minutes_east };
    let (done, under_way) = (BTreeMap::new(), BTreeSet::new());
    let mut evaluator = Evaluator { view, scope, queries, range, now, period, done, under_way, labels, left };
    let mut all = Vec::with_capacity(queries.len());
    for query in queries {
        let value = evaluator.query(&query.id)?;
        let left = Cell::new(evaluator.left);
        let context = Context { range, period: query.period.unwrap_or(period), left };
        let series = match value {
            Value::Array(all) => {
                all.into_iter().map(|series| labelled(query, series, true, labels)).collect()
            }
            one => vec![labelled(query, context.as_series(one), false, labels)],
        };
        evaluator.left = context.left.get();
        all.push(Evaluated { id: query.id.clone(), series, returned: query.is_returned() });
    }
    Ok(Evaluation { results: all, complete: evaluator.left > 0 })
}

/// The shortest period of the metrics: that of what has none of its own. A minute where there are none.
pub(crate) fn shortest(queries: &[Query]) -> i32 {
    let periods = queries.iter().filter_map(|query| match &query.source {
        Source::Stat(stat) => Some(stat.period),
        Source::Expression(_) => query.period,
    });
    periods.min().unwrap_or(60)
}

/// With the label that is shown.
fn labelled(query: &Query, mut series: Series, is_of_array: bool, labels: Labels) -> Series {
    // What grew beyond all numbers is no datapoint.
    series.points.retain(|(_, value)| value.is_finite());
    let is_metric = matches!(query.source, Source::Stat(_));
    match &query.label {
        Some(label) if is_of_array && !label.contains("${") => {
            series.label = format!("{label} {}", series.label).trim().to_owned();
        }
        Some(label) => series.label = labels.filled(label, &series),
        None if is_of_array || is_metric => {}
        None => series.label.clone_from(&query.id),
    }
    series
}
