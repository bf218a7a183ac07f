use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Row;

/// A metric filter of a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MetricFilter {
    pub(crate) scope: Scope,
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) pattern: String,
    pub(crate) transformation: Transformation,
    pub(crate) created: Timestamp,
}

/// What is measured in the events that it selects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Transformation {
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// A number, or what names a field: `$.latency`, `$bytes`.
    pub(crate) value: String,
    /// What is measured where events come and none is selected.
    pub(crate) default: Option<f64>,
    /// Names and what names fields.
    pub(crate) dimensions: BTreeMap<String, String>,
    /// CloudWatch's name of the unit.
    pub(crate) unit: Option<String>,
}

impl Row for MetricFilter {
    const TABLE: &'static str = "logs.metric_filters";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.group.clone(), self.name.clone())
    }
}
