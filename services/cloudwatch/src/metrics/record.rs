//! Writing what was measured: PutMetricData, and what the platform measures itself.

use super::{retention, summary::Summary};
use crate::alarms;
use crate::state::{Datapoint, Metric, MetricCount, MetricId};
use names::{Scope, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{StoreError, Tx};

/// The most metrics of an account in a region. AWS has no such limit; a disk has.
pub(crate) const MAX_METRICS: u64 = 100_000;

/// What was measured of a metric at a moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measured {
    pub(crate) metric: MetricId,
    pub(crate) unit: String,
    pub(crate) at: Timestamp,
    /// It is kept by second too.
    pub(crate) fine: bool,
    pub(crate) summary: Summary,
}

/// Writes measurements, and tells alarms of their metrics. Answers the new metrics for which there is no room; of these nothing is written.
pub(crate) fn record(
    tx: &mut Tx,
    scope: Scope,
    measured: Vec<Measured>,
    now: Timestamp,
) -> Result<Vec<MetricId>, StoreError> {
    let mut by_metric: BTreeMap<MetricId, Vec<Measured>> = BTreeMap::new();
    for one in measured {
        by_metric.entry(one.metric.clone()).or_default().push(one);
    }
    let (mut refused, mut written) = (Vec::new(), Vec::new());
    for (id, measured) in by_metric {
        let Some(digest) = note(tx, scope, &id, now)? else {
            refused.push(id);
            continue;
        };
        add(tx, scope, &digest, &measured)?;
        written.push(id);
    }
    alarms::touch(tx, scope, &written, now)?;
    Ok(refused)
}

/// Notes that a metric was measured; its digest, or None where it is new and there is no room for it.
fn note(tx: &mut Tx, scope: Scope, id: &MetricId, now: Timestamp) -> Result<Option<String>, StoreError> {
    let digest = id.digest();
    let key = (id.namespace.as_str(), id.name.as_str(), digest.as_str());
    match tx.get::<Metric>(scope, key)? {
        Some(known) if known.is_stale(now) => tx.put(Metric { seen: now, ..known })?,
        Some(_) => {}
        None => {
            let count = tx.get::<MetricCount>(scope, ())?.map_or(0, |count| count.metrics);
            if count >= MAX_METRICS {
                return Ok(None);
            }
            tx.put(MetricCount { scope, metrics: count.saturating_add(1) })?;
            tx.put(Metric::new(scope, id.clone(), now))?;
            retention::begin(scope, now, tx)?;
        }
    }
    Ok(Some(digest))
}

/// Adds measurements of one metric to its datapoints.
fn add(tx: &mut Tx, scope: Scope, digest: &str, measured: &[Measured]) -> Result<(), StoreError> {
    let mut points: BTreeMap<(bool, Timestamp, &str), Vec<&Summary>> = BTreeMap::new();
    for one in measured {
        let mut add = |fine, span| {
            let at = retention::floor(one.at, Duration::from_secs(span));
            points.entry((fine, at, &one.unit)).or_default().push(&one.summary);
        };
        add(false, 60);
        if one.fine {
            add(true, 1);
        }
    }
    for ((fine, at, unit), mut parts) in points {
        let known = tx.get::<Datapoint>(scope, (digest, fine, at, unit))?;
        parts.extend(known.as_ref().map(|known| &known.summary));
        let Some(summary) = Summary::total(parts) else { continue };
        let (metric, unit) = (digest.to_owned(), unit.to_owned());
        tx.put(Datapoint { scope, metric, fine, at, unit, summary: summary.bounded() })?;
    }
    Ok(())
}
