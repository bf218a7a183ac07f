//! Metrics: what was ever measured, apart from how much.

use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;
use store::Row;

/// How exactly a metric's row tells when it was last measured: more often it is not written.
const SEEN_EVERY: Duration = Duration::from_mins(5);
/// How long a metric is listed that is not measured any more.
const LISTED: Duration = Duration::from_hours(14 * 24);

/// What identifies a metric in an account and region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct MetricId {
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// Names and values, in the order of the names.
    pub(crate) dimensions: Vec<(String, String)>,
}

impl MetricId {
    /// A short name of the metric, for the keys of its datapoints: names and values may be longer than keys.
    pub(crate) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        part(&self.namespace);
        part(&self.name);
        for (name, value) in &self.dimensions {
            part(name);
            part(value);
        }
        hex::encode(hash.finalize().get(..16).unwrap_or_default())
    }

    /// The value of a dimension.
    pub(crate) fn dimension(&self, name: &str) -> Option<&str> {
        self.dimensions.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A metric that was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Metric {
    pub(crate) scope: Scope,
    pub(crate) id: MetricId,
    pub(crate) digest: String,
    /// When it was last measured, to five minutes.
    pub(crate) seen: Timestamp,
    /// Until when its minutes are made five-minute datapoints.
    pub(crate) by_five_minutes: Timestamp,
    /// Until when those are made datapoints of an hour.
    pub(crate) by_hour: Timestamp,
}

impl Metric {
    pub(crate) fn new(scope: Scope, id: MetricId, now: Timestamp) -> Self {
        let (digest, begin) = (id.digest(), Timestamp::from_millis(0));
        Self { scope, id, digest, seen: now, by_five_minutes: begin, by_hour: begin }
    }

    /// Whether a measurement is to be noted in the row.
    pub(crate) fn is_stale(&self, now: Timestamp) -> bool {
        self.seen.plus(SEEN_EVERY) <= now
    }

    /// Whether ListMetrics tells of it.
    pub(crate) fn is_listed(&self, now: Timestamp) -> bool {
        self.seen.plus(LISTED) > now
    }

    /// Whether it was measured in a span before now. One that was measured some minutes before it counts too, as on AWS.
    pub(crate) fn is_active(&self, span: Duration, now: Timestamp) -> bool {
        self.seen.plus(span).plus(SEEN_EVERY) > now
    }
}

impl Row for Metric {
    const TABLE: &'static str = "cloudwatch.metrics";
    type Key = (String, String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.id.namespace.clone(), self.id.name.clone(), self.digest.clone())
    }
}

/// How many metrics an account has in a region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MetricCount {
    pub(crate) scope: Scope,
    pub(crate) metrics: u64,
}

impl Row for MetricCount {
    const TABLE: &'static str = "cloudwatch.metric-counts";
    type Key = ();

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(dimensions: &[(&str, &str)]) -> MetricId {
        let dimensions =
            dimensions.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        MetricId { namespace: "App".into(), name: "Latency".into(), dimensions }
    }

    #[test]
    fn digests_tell_metrics_apart() {
        assert_eq!(id(&[("a", "b")]).digest(), id(&[("a", "b")]).digest());
        assert_eq!(id(&[]).digest().len(), 32);
        let all = [id(&[]), id(&[("a", "bc")]), id(&[("ab", "c")]), id(&[("a", "b"), ("c", "")])];
        let digests: std::collections::BTreeSet<String> = all.iter().map(MetricId::digest).collect();
        assert_eq!(digests.len(), 4);
    }
}
