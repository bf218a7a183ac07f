//! Labels of time series, with what is reckoned into them
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html>).

use super::value::Reduction;
use crate::metrics::read::Series;
use crate::state::MetricId;
use names::{Scope, Timestamp};
use std::time::Duration;

/// What labels know beside a time series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Labels {
    pub(super) scope: Scope,
    /// Of the clock that times are told by.
    pub(super) minutes_east: i32,
}

impl Labels {
    /// A label with the value of each `${…}` in it. What is none of these stays as it is.
    pub(super) fn filled(self, label: &str, series: &Series) -> String {
        let mut text = String::new();
        let mut rest = label;
        while let Some((before, after)) = rest.split_once("${") {
            text.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                text.push_str("${");
                rest = after;
                continue;
            };
            match self.value(name, series) {
                Some(value) => text.push_str(&value),
                None => text.push_str(&format!("${{{name}}}")),
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn value(self, name: &str, series: &Series) -> Option<String> {
        let number = |reduction: Reduction| Some(shown(reduction.of_series(series)));
        let greatest = || series.points.iter().max_by(|left, right| left.1.total_cmp(&right.1));
        let least = || series.points.iter().min_by(|left, right| left.1.total_cmp(&right.1));
        match name {
            "AVG" => number(Reduction::Average),
            "MAX" => number(Reduction::Maximum),
            "MIN" => number(Reduction::Minimum),
            "SUM" => number(Reduction::Sum),
            "LAST" => number(Reduction::Last),
            "DATAPOINT_COUNT" => number(Reduction::Count),
            "FIRST" => Some(shown(series.points.first().map(|(_, value)| *value))),
            "FIRST_TIME" => Some(self.time(series.points.first())),
            "LAST_TIME" => Some(self.time(series.points.last())),
            "MAX_TIME" => Some(self.time(greatest())),
            "MIN_TIME" => Some(self.time(least())),
            "LABEL" => Some(series.label.clone()),
            _ => self.property(name.strip_prefix("PROP('")?.strip_suffix("')")?, series),
        }
    }

    fn property(self, name: &str, series: &Series) -> Option<String> {
        let source = series.source.as_ref()?;
        Some(match name {
            "MetricName" => source.metric.name.clone(),
            "Namespace" => source.metric.namespace.clone(),
            "Period" => source.period.to_string(),
            "Stat" => source.stat.clone(),
            "Region" => self.scope.region.as_str().to_owned(),
            "AccountId" => self.scope.account.as_str().to_owned(),
            _ => source.metric.dimension(name.strip_prefix("Dim.")?)?.to_owned(),
        })
    }

    /// `2026-11-22 08:45:00+0100`
    fn time(self, point: Option<&(Timestamp, f64)>) -> String {
        let Some((at, _)) = point else { return "--".into() };
        let minutes = self.minutes_east.unsigned_abs();
        let apart = Duration::from_secs(u64::from(minutes) * 60);
        let (sign, local) =
            if self.minutes_east < 0 { ('-', at.minus(apart)) } else { ('+', at.plus(apart)) };
        let local = local.iso_seconds().replace('T', " ").replace('Z', "");
        format!("{local}{sign}{:02}{:02}", minutes / 60, minutes % 60)
    }
}

fn shown(number: Option<f64>) -> String {
    number.map_or_else(|| "--".into(), |number| number.to_string())
}

/// What tells metrics apart: names and values that not all have in common. One alone is called by its name.
pub(super) fn of_several(metrics: &[MetricId]) -> Vec<String> {
    let Some(first) = metrics.first() else { return Vec::new() };
    let of = |metric: &MetricId| {
        let mut parts: Vec<&str> = Vec::new();
        for (name, value) in &metric.dimensions {
            if metrics.iter().any(|other| other.dimension(name) != Some(value)) {
                parts.push(value);
            }
        }
        if parts.is_empty() || metrics.iter().any(|other| other.name != first.name) {
            parts.push(&metric.name);
        }
        parts.join(" ")
    };
    metrics.iter().map(of).collect()
}
