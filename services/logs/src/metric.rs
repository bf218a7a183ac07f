//! What metric filters measure in log events.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html>

use crate::pattern::{InvalidPattern, Message, Pattern, Reference, Selected};
use crate::state::metric_filter::Transformation;
use names::{Scope, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use store::{Distribution, Measurement};

/// The dimensions of a metric.
const MOST_DIMENSIONS: usize = 3;
/// What CloudWatch takes for the value of a dimension, in characters.
const LONGEST_DIMENSION: usize = 1024;
/// The different values of its dimensions that a filter measures in one batch: AWS ends a filter that makes more than 1000 in an hour.
const MOST_COMBINATIONS: usize = 1000;
const MINUTE: i64 = 60_000;

/// A metric filter that is ready to measure.
pub(crate) struct Metric {
    pattern: Pattern,
    value: Value,
    dimensions: Vec<(String, Reference)>,
    transformation: Transformation,
}

/// What a metric filter measured in a batch.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// One of each series and minute.
    pub(crate) measurements: Vec<Measurement>,
    /// For these of the batch's events there was no room.
    pub(crate) left_out: usize,
}

enum Value {
    Constant(f64),
    Field(Reference),
}

/// Why there is no such metric filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidMetric {
    #[error(transparent)]
    Pattern(#[from] InvalidPattern),
    #[error("Invalid metric transformation: dimensions and default value are mutually exclusive properties")]
    DimensionsAndDefault,
    #[error("The specified filter pattern does not support dimensions")]
    NoDimensions,
    #[error("Invalid metric transformation: no more than 3 dimensions can be specified")]
    TooManyDimensions,
    #[error(
        "Invalid metric transformation: dimension {0} does not name one field of the filter pattern's events"
    )]
    Dimension(String),
    #[error(
        "Invalid metric transformation: metricValue must be a number or name one field of the filter pattern's events"
    )]
    Value,
    #[error("Invalid metric transformation: {0} must not be empty")]
    Empty(&'static str),
    #[error(
        "Invalid metric transformation: metricNamespace must not start with AWS/, which is reserved for AWS"
    )]
    Reserved,
    #[error("Invalid metric transformation: defaultValue must be a number from -2^360 to 2^360")]
    Default,
}

impl Metric {
    /// # Errors
    /// What is wrong with pattern or transformation.
    pub(crate) fn new(pattern: &str, transformation: Transformation) -> Result<Self, InvalidMetric> {
        let pattern = Pattern::parse(pattern)?;
        for (name, text) in
            [("metricName", &transformation.name), ("metricNamespace", &transformation.namespace)]
        {
            if text.is_empty() {
                return Err(InvalidMetric::Empty(name));
            }
        }
        if transformation.namespace.starts_with("AWS/") {
            return Err(InvalidMetric::Reserved);
        }
        if transformation.default.is_some_and(|default| !Distribution::takes(default)) {
            return Err(InvalidMetric::Default);
        }
        if !transformation.dimensions.is_empty() {
            if transformation.default.is_some() {
                return Err(InvalidMetric::DimensionsAndDefault);
            }
            if !pattern.names_parts() {
                return Err(InvalidMetric::NoDimensions);
            }
            if transformation.dimensions.len() > MOST_DIMENSIONS {
                return Err(InvalidMetric::TooManyDimensions);
            }
        }
        let dimension = |(name, field): (&String, &String)| {
            let reference = pattern.reference(field).filter(|_| !name.is_empty());
            reference.map(|field| (name.clone(), field)).ok_or_else(|| InvalidMetric::Dimension(name.clone()))
        };
        let dimensions = transformation.dimensions.iter().map(dimension).collect::<Result<_, _>>()?;
        let value = match number(&transformation.value) {
            Some(constant) => Value::Constant(constant),
            None => Value::Field(pattern.reference(&transformation.value).ok_or(InvalidMetric::Value)?),
        };
        Ok(Self { pattern, value, dimensions, transformation })
    }

    /// Whether its pattern has regular expressions.
    pub(crate) fn has_regexes(&self) -> bool {
        self.pattern.has_regexes()
    }

    /// What it measures in a batch of events, each with its time in milliseconds: at most so many measurements, each of all events of a series and
    /// minute. The default is measured once for each minute that has events of the batch and no selected one.
    pub(crate) fn measure(&self, scope: Scope, events: &[(i64, Message<'_>)], room: usize) -> Measured {
        let minute = |at: i64| at.div_euclid(MINUTE);
        let (mut with, mut without) = (BTreeSet::new(), BTreeSet::new());
        // By the values of the dimensions, and by minute.
        let mut measured: BTreeMap<Vec<String>, BTreeMap<i64, Measurement>> = BTreeMap::new();
        let (mut many, mut left_out) = (0, 0);
        for (at, message) in events {
            let Some(selected) = self.pattern.select(message) else {
                without.insert(minute(*at));
                continue;
            };
            with.insert(minute(*at));
            let Some((value, dimensions)) = self.one(&selected) else { continue };
            let known = measured.get_mut(&dimensions);
            let is_new = known.is_none();
            if let Some(known) = known.and_then(|minutes| minutes.get_mut(&minute(*at))) {
                known.add(value);
            } else if many >= room || (is_new && measured.len() >= MOST_COMBINATIONS) {
                left_out += 1;
            } else {
                many += 1;
                let named = self.dimensions.iter().map(|(name, _)| name).zip(&dimensions);
                let measurement = named
                    .fold(self.measurement(scope, *at, value), |measurement, (name, value)| {
                        measurement.dimension(name.clone(), value.clone())
                    });
                measured.entry(dimensions).or_default().insert(minute(*at), measurement);
            }
        }
        let mut measurements: Vec<_> = measured.into_values().flat_map(BTreeMap::into_values).collect();
        if let Some(default) = self.transformation.default {
            let minutes: Vec<i64> = without.difference(&with).copied().collect();
            let fitting = minutes.len().min(room.saturating_sub(many));
            left_out += minutes.len() - fitting;
            let minutes = minutes.into_iter().take(fitting);
            measurements.extend(minutes.map(|minute| self.measurement(scope, minute * MINUTE, default)));
        }
        Measured { measurements, left_out }
    }

    /// The value and those of the dimensions; None where the value is no number, or a dimension is missing.
    fn one(&self, selected: &Selected<'_>) -> Option<(f64, Vec<String>)> {
        let value = match &self.value {
            Value::Constant(constant) => *constant,
            Value::Field(field) => number(&selected.value(field)?)?,
        };
        let dimension = |(_, field): &(String, Reference)| {
            let value = selected.value(field)?;
            (!value.is_empty() && value.chars().count() <= LONGEST_DIMENSION).then_some(value)
        };
        Some((value, self.dimensions.iter().map(dimension).collect::<Option<_>>()?))
    }

    fn measurement(&self, scope: Scope, at: i64, value: f64) -> Measurement {
        let Transformation { namespace, name, unit, .. } = &self.transformation;
        let measurement =
            Measurement::new(scope, Timestamp::from_millis(at), namespace.clone(), name.clone(), value);
        match unit {
            Some(unit) => measurement.unit(unit.clone()),
            None => measurement,
        }
    }
}

/// A number that CloudWatch takes; not `inf` and the like.
fn number(text: &str) -> Option<f64> {
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    text.trim().parse().ok().filter(|number: &f64| digits && Distribution::takes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use names::{AccountId, Region};

    const SCOPE: Scope = Scope { account: AccountId::DEFAULT, region: Region::US_EAST_1 };

    fn transformation(value: &str) -> Transformation {
        Transformation {
            namespace: "App".into(),
            name: "Things".into(),
            value: value.into(),
            default: None,
            dimensions: Default::default(),
            unit: None,
        }
    }

    fn with_dimensions(dimensions: &[(&str, &str)]) -> Transformation {
        let dimensions = dimensions.iter().map(|(name, field)| ((*name).into(), (*field).into())).collect();
        Transformation { dimensions, ..transformation("1") }
    }

    fn measured(
        pattern: &str,
        transformation: Transformation,
        events: &[(i64, &str)],
    ) -> Vec<(i64, Vec<f64>, String)> {
        let events: Vec<_> = events.iter().map(|(at, text)| (*at, Message::new(text))).collect();
        let metric = Metric::new(pattern, transformation).unwrap_or_else(|error| panic!("{error}"));
        let all = metric.measure(SCOPE, &events, 100).measurements.into_iter().map(|one| {
            let dimensions: Vec<_> =
                one.series.dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let values = one.distribution().unwrap().values;
            let values = values.into_iter().flat_map(|(value, times)| (0..times).map(move |_| value));
            (one.at.millis(), values.collect(), dimensions.join(","))
        });
        all.collect()
    }

    fn invalid(pattern: &str, transformation: Transformation) -> InvalidMetric {
        Metric::new(pattern, transformation).err().unwrap()
    }

    #[test]
    fn selected_events_are_counted_at_their_time() {
        let events = [(1, "an ERROR"), (2, "fine"), (60_001, "ERROR again"), (3, "ERROR")];
        let expected = [(1, vec![1.0, 1.0], String::new()), (60_001, vec![1.0], String::new())];
        assert_eq!(measured("ERROR", transformation("1"), &events), expected);
        assert_eq!(measured("", transformation("2.5"), &events[..1]), [(1, vec![2.5], String::new())]);
    }

    #[test]
    fn values_come_from_fields() {
        let events = [
            (1, r#"{"latency": 50, "a": {"b": ["7"]}}"#),
            (2, r#"{"latency": "fast"}"#),
            (3, r#"{"latency": 1.5}"#),
            (4, r#"{"latency": 1e200}"#),
        ];
        let of = |value| measured("{ $.latency = * }", transformation(value), &events);
        assert_eq!(of("$.latency"), [(1, vec![1.5, 50.0], String::new())]);
        assert_eq!(of("$.a.b[0]"), [(1, vec![7.0], String::new())]);
        let lines = [(1, "GET /a 200 1534"), (2, "GET /b 404 -"), (3, "GET /c 200 nan")];
        let bytes = |value| measured("[method, path, status, bytes]", transformation(value), &lines);
        assert_eq!(bytes("$bytes"), [(1, vec![1534.0], String::new())]);
        assert_eq!(bytes("$status"), [(1, vec![200.0, 200.0, 404.0], String::new())]);
    }

    #[test]
    fn many_events_are_few_measurements_and_these_are_limited() {
        let texts: Vec<String> = (0..3_000).map(|n| format!("GET /{n}")).collect();
        let events: Vec<_> = (0..).zip(&texts).map(|(at, text)| (at, Message::new(text))).collect();
        let all = Metric::new("", transformation("1")).unwrap().measure(SCOPE, &events, 5_000);
        assert_eq!((all.measurements.len(), all.left_out), (1, 0));
        assert_eq!(all.measurements[0].distribution().unwrap().values, [(1.0, 3_000)]);
        let by_path = Metric::new("[m, path]", with_dimensions(&[("Path", "$path")])).unwrap();
        let twice: Vec<_> =
            (0..).zip(texts.iter().chain(&texts)).map(|(at, text)| (at, Message::new(text))).collect();
        let measured = by_path.measure(SCOPE, &twice, 5_000);
        assert_eq!((measured.measurements.len(), measured.left_out), (MOST_COMBINATIONS, 4_000));
        let measured = by_path.measure(SCOPE, &twice, 10);
        assert_eq!((measured.measurements.len(), measured.left_out), (10, 5_980));
        let minutes: Vec<_> = (0..50).map(|minute| (minute * MINUTE, Message::new("x"))).collect();
        let with_default = Transformation { default: Some(0.0), ..transformation("1") };
        let measured = Metric::new("y", with_default).unwrap().measure(SCOPE, &minutes, 10);
        assert_eq!((measured.measurements.len(), measured.left_out), (10, 40));
    }

    #[test]
    fn dimensions_come_from_fields_and_must_all_be_there() {
        let events = [
            (1, r#"{"a": 1, "user": "ann", "ok": true}"#),
            (2, r#"{"a": 1, "user": "bob"}"#),
            (3, r#"{"a": 1, "user": "", "ok": 1}"#),
        ];
        let dimensions = with_dimensions(&[("User", "$.user"), ("Fine", "$.ok")]);
        assert_eq!(
            measured("{ $.a = 1 }", dimensions, &events),
            [(1, vec![1.0], "Fine=true,User=ann".to_owned())]
        );
        let lines = [(1, "GET /a"), (2, "PUT /b")];
        let by_method = with_dimensions(&[("Method", "$method")]);
        assert_eq!(
            measured("[method, path]", by_method, &lines),
            [(1, vec![1.0], "Method=GET".to_owned()), (2, vec![1.0], "Method=PUT".to_owned())]
        );
    }

    #[test]
    fn the_default_is_measured_in_minutes_without_a_selected_event() {
        let with_default = Transformation { default: Some(0.0), ..transformation("1") };
        let events = [(5, "fine"), (10, "ERROR"), (60_005, "fine"), (60_006, "fine"), (180_000, "fine")];
        let expected =
            [(10, 1.0), (60_000, 0.0), (180_000, 0.0)].map(|(at, value)| (at, vec![value], String::new()));
        assert_eq!(measured("ERROR", with_default.clone(), &events), expected);
        assert_eq!(measured("ERROR", with_default, &[]), []);
    }

    #[test]
    fn wrong_transformations_are_refused() {
        assert_eq!(invalid("{ $.a = ", transformation("1")), InvalidMetric::Pattern(InvalidPattern::Syntax));
        for value in ["", "length", "$", "$.a", "NaN", "infinity", "1e109", "-1e300"] {
            assert_eq!(invalid("ERROR", transformation(value)), InvalidMetric::Value, "{value}");
        }
        for value in ["$.*", "$.a[*]", "$a", "$.a b", "a"] {
            assert_eq!(invalid("{ $.a = * }", transformation(value)), InvalidMetric::Value, "{value}");
        }
        for value in ["$gone", "$0", "$.method"] {
            assert_eq!(invalid("[method, path]", transformation(value)), InvalidMetric::Value, "{value}");
        }
        let user = with_dimensions(&[("User", "$.user")]);
        assert_eq!(invalid("ERROR", user.clone()), InvalidMetric::NoDimensions);
        let both = Transformation { default: Some(0.0), ..user };
        assert_eq!(invalid("{ $.a = 1 }", both), InvalidMetric::DimensionsAndDefault);
        let four = with_dimensions(&[("A", "$.a"), ("B", "$.b"), ("C", "$.c"), ("D", "$.d")]);
        assert_eq!(invalid("{ $.a = 1 }", four), InvalidMetric::TooManyDimensions);
        assert_eq!(
            invalid("{ $.a = 1 }", with_dimensions(&[("A", "prod")])),
            InvalidMetric::Dimension("A".into())
        );
        let reserved = Transformation { namespace: "AWS/Lambda".into(), ..transformation("1") };
        assert_eq!(invalid("", reserved), InvalidMetric::Reserved);
        let nameless = Transformation { name: String::new(), ..transformation("1") };
        assert_eq!(invalid("", nameless), InvalidMetric::Empty("metricName"));
        for default in [f64::INFINITY, f64::NAN, 1e109] {
            let infinite = Transformation { default: Some(default), ..transformation("1") };
            assert_eq!(invalid("", infinite), InvalidMetric::Default);
        }
    }
}
