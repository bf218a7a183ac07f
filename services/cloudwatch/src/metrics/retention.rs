//! How long datapoints are kept, and how: seconds for 3 hours, minutes for 15 days, then five minutes until 63 days, then hours until 455 days
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html>).
//!
//! What is older than its time is not read any more at once ([`kept`]); [`Retain`] makes the room it takes free, once an hour.

use super::summary::Summary;
use crate::state::{Datapoint, Metric, MetricCount};
use contract::{Context, Outcome, Principal, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{StoreError, Tx};

const KIND: &str = "cloudwatch.retention";
const EVERY: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// Datapoints of seconds.
const SECONDS: Duration = Duration::from_hours(3);
/// Of minutes.
pub(crate) const MINUTES: Duration = Duration::from_secs(15 * DAY.as_secs());
/// Of five minutes.
pub(crate) const FIVE_MINUTES: Duration = Duration::from_secs(63 * DAY.as_secs());
/// Of an hour.
const HOURS: Duration = Duration::from_secs(455 * DAY.as_secs());

/// Metrics that one transaction looks after.
const METRICS_AT_ONCE: usize = 50;
/// Datapoints that one transaction takes away or makes one.
const POINTS_AT_ONCE: usize = 5_000;

/// How far back values of a period (in seconds) reach.
pub(crate) fn kept(period: i64) -> Duration {
    match period {
        period if period < 60 => SECONDS,
        period if period % 3600 == 0 => HOURS,
        period if period % 300 == 0 => FIVE_MINUTES,
        _ => MINUTES,
    }
}

/// A moment, back to a multiple of a span.
pub(crate) fn floor(at: Timestamp, span: Duration) -> Timestamp {
    let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX).max(1);
    Timestamp::from_millis(at.millis().div_euclid(span).saturating_mul(span))
}

/// Has a region's datapoints looked after from now on.
pub(crate) fn begin(scope: Scope, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    if tx.exists::<Task>(scope, (KIND, ""))? {
        return Ok(());
    }
    Task::new(KIND, "", scope, now.plus(EVERY), &())?.enqueue(tx)
}

/// Makes old datapoints coarser, and takes away what is too old.
pub(crate) struct Retain;

#[async_trait::async_trait]
impl TaskHandler for Retain {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let next = context.clock.now().plus(EVERY);
        match look_after(task.scope, context).await {
            Ok(()) => Outcome::Again(next, None),
            Err(error) => {
                tracing::error!(%error, "old datapoints cannot be made room of; trying again in an hour");
                Outcome::Again(next, None)
            }
        }
    }
}

async fn look_after(scope: Scope, context: &Context) -> Result<(), StoreError> {
    let principal = Principal::service(crate::PRINCIPAL, scope.account, None);
    let call = context.own_call("cloudwatch", "Retain", principal, scope)?;
    let mut after = None;
    loop {
        let view = context.store.view();
        let scan = view.scan::<Metric>(scope, ()).limit(METRICS_AT_ONCE);
        let metrics = match &after {
            Some(last) => scan.after(last).rows()?,
            None => scan.rows()?,
        };
        drop(view);
        let Some(last) = metrics.last() else { return Ok(()) };
        let next = store::Row::key(last);
        // Where much has grown old, more than once: a transaction is to stay small.
        while context.transact(&call, |call, tx| retain(&metrics, call.now, tx)).await? {}
        after = Some(next);
    }
}

/// Looks after some metrics; answers whether there is more to do.
fn retain(metrics: &[Metric], now: Timestamp, tx: &mut Tx) -> Result<bool, StoreError> {
    let mut left = POINTS_AT_ONCE;
    for metric in metrics {
        // It may have been measured since.
        let key = store::Row::key(metric);
        let Some(metric) = tx.get::<Metric>(metric.scope, key)? else { continue };
        if !of_metric(metric, now, &mut left, tx)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Looks after a metric; answers whether that was all.
fn of_metric(mut metric: Metric, now: Timestamp, left: &mut usize, tx: &mut Tx) -> Result<bool, StoreError> {
    let begin = Timestamp::from_millis(i64::MIN);
    for (fine, kept) in [(true, SECONDS), (false, HOURS)] {
        let old = Datapoint::between(tx, metric.scope, &metric.digest, fine, (begin, now.minus(kept)));
        for row in old.limit(*left).rows()? {
            tx.remove::<Datapoint>(row.scope, store::Row::key(&row))?;
            *left = left.saturating_sub(1);
        }
    }
    let before = metric.clone();
    let five = floor(now.minus(MINUTES), Duration::from_mins(5));
    coarsen(&mut metric.by_five_minutes, &before, five, Duration::from_mins(5), left, tx)?;
    let hour = floor(now.minus(FIVE_MINUTES), Duration::from_hours(1));
    coarsen(&mut metric.by_hour, &before, hour, Duration::from_hours(1), left, tx)?;
    if *left == 0 {
        if metric != before {
            tx.put(metric)?;
        }
        return Ok(false);
    }
    if metric.seen.plus(HOURS) < now {
        tx.remove::<Metric>(metric.scope, store::Row::key(&metric))?;
        if let Some(count) = tx.get::<MetricCount>(metric.scope, ())? {
            tx.put(MetricCount { metrics: count.metrics.saturating_sub(1), ..count })?;
        }
    } else if metric != before {
        tx.put(metric)?;
    }
    Ok(true)
}

/// Makes the datapoints from `done` until `until` datapoints of a span.
fn coarsen(
    done: &mut Timestamp,
    metric: &Metric,
    until: Timestamp,
    span: Duration,
    left: &mut usize,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    let rows = Datapoint::between(tx, metric.scope, &metric.digest, false, (*done, until)).limit(*left);
    let rows = rows.rows()?;
    let whole = rows.len() < *left;
    *left = left.saturating_sub(rows.len());
    let mut spans: BTreeMap<(Timestamp, String), Vec<Datapoint>> = BTreeMap::new();
    for row in rows {
        spans.entry((floor(row.at, span), row.unit.clone())).or_default().push(row);
    }
    // The last span may be cut off where there was more than is done at once: it is done again, from its beginning.
    let last = spans.keys().next_back().map(|(at, _)| *at);
    for ((at, unit), rows) in spans {
        let Some(summary) = Summary::total(rows.iter().map(|row| &row.summary)) else { continue };
        for row in &rows {
            tx.remove::<Datapoint>(row.scope, store::Row::key(row))?;
        }
        let summary = summary.bounded();
        let (scope, metric) = (metric.scope, metric.digest.clone());
        tx.put(Datapoint { scope, metric, fine: false, at, unit, summary })?;
    }
    match (whole, last) {
        // Nothing was there: the mark stays, so that the row is not written for nothing.
        (_, None) => {}
        (true, Some(_)) => *done = until,
        (false, Some(last)) => *done = last,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::record::{Measured, record};
    use crate::state::MetricId;
    use clock::ManualClock;
    use names::{AccountId, Region};
    use std::sync::Arc;
    use store::{Backend, Store};

    const START: Timestamp = Timestamp::from_seconds(1_795_255_200);

    fn scope() -> Scope {
        Scope::new(AccountId::DEFAULT, Region::US_EAST_1)
    }

    /// A metric that was measured once a minute, in as many minutes, each by the second.
    fn store(minutes: i64) -> Store {
        let store = Store::open(Backend::Memory, Arc::new(ManualClock::at(START))).unwrap();
        let metric = MetricId { namespace: "App".into(), name: "m".into(), dimensions: Vec::new() };
        let measured = |minute: i64| Measured {
            metric: metric.clone(),
            unit: "None".into(),
            at: Timestamp::from_seconds(START.seconds() + minute * 60 + 1),
            fine: true,
            summary: Summary::of(1.0, 1.0),
        };
        let all: Vec<Measured> = (0..minutes).map(measured).collect();
        store.transact(None, |tx| record(tx, scope(), all.clone(), START).map(drop)).unwrap();
        store
    }

    /// Looks after the metrics some days later; how many rows there are then, and the sum of all that they hold.
    fn rows_after(store: &Store, days: u32) -> (usize, f64) {
        let now = START.plus(DAY * days);
        let metrics = store.view().list::<Metric>(scope()).unwrap();
        while store.transact(None, |tx| retain(&metrics, now, tx)).unwrap() {}
        let rows = store.view().list::<Datapoint>(scope()).unwrap();
        (rows.len(), rows.iter().map(|row| row.summary.sum).sum())
    }

    #[test]
    fn rows_grow_fewer_and_lose_nothing_before_their_time() {
        let store = store(70);
        assert_eq!(store.view().list::<Datapoint>(scope()).unwrap().len(), 140);
        assert_eq!(rows_after(&store, 1), (70, 70.0), "minutes, without the seconds");
        assert_eq!(rows_after(&store, 16), (14, 70.0), "five minutes");
        assert_eq!(rows_after(&store, 17), (14, 70.0));
        assert_eq!(rows_after(&store, 64), (2, 70.0), "hours");
        assert_eq!(store.view().list::<Metric>(scope()).unwrap().len(), 1);
        assert_eq!(rows_after(&store, 457), (0, 0.0));
        assert!(store.view().list::<Metric>(scope()).unwrap().is_empty());
        let count = store.view().get::<MetricCount>(scope(), ()).unwrap().unwrap();
        assert_eq!(count.metrics, 0);
    }

    #[test]
    fn much_is_done_in_several_transactions() {
        let minutes = 2 * i64::try_from(POINTS_AT_ONCE).unwrap();
        let store = store(minutes);
        let (rows, sum) = rows_after(&store, 71);
        assert_eq!(rows, usize::try_from(minutes / 60 + 1).unwrap());
        assert!((sum - 10_000.0).abs() < f64::EPSILON, "{sum}");
    }

    #[test]
    fn the_period_says_how_far_back_values_reach() {
        for (period, days) in [(60, 15), (120, 15), (300, 63), (600, 63), (3600, 455), (86_400, 455)] {
            assert_eq!(kept(period), DAY * days, "{period}");
        }
        assert_eq!(kept(30), Duration::from_hours(3));
    }
}
