//! Datapoints: what a metric measured in a minute (or, where it is measured so finely, in a second).

use crate::metrics::summary::Summary;
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, View};

/// What a metric measured in a span, in one unit.
///
/// Spans are seconds (`fine`), which repeat what minutes hold too, or minutes; those that are old are made into five minutes, and then into
/// an hour, in place ([`crate::metrics::retention`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Datapoint {
    pub(crate) scope: Scope,
    /// [`super::MetricId::digest`]
    pub(crate) metric: String,
    /// Of a second.
    pub(crate) fine: bool,
    /// When its span begins.
    pub(crate) at: Timestamp,
    pub(crate) unit: String,
    pub(crate) summary: Summary,
}

impl Datapoint {
    /// Those of a metric from a moment until before another.
    pub(crate) fn between<'v>(
        view: &'v View,
        scope: Scope,
        metric: &str,
        fine: bool,
        (start, end): (Timestamp, Timestamp),
    ) -> store::Scan<'v, Self> {
        let scan = view.scan::<Self>(scope, (metric, fine));
        scan.from((metric, fine, start, "")).before((metric, fine, end, ""))
    }
}

impl Row for Datapoint {
    const TABLE: &'static str = "cloudwatch.datapoints";
    type Key = (String, bool, Timestamp, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.metric.clone(), self.fine, self.at, self.unit.clone())
    }
}
