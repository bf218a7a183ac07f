//! What metric filters measure in log events.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html>

use crate::pattern::{InvalidPattern, Message, Pattern, Reference, Selected};
use crate::state::metric_filter::Transformation;
use names::{Scope, Timestamp};
use std::collections::BTreeSet;
use store::Measurement;

/// The dimensions of a metric.
const MOST_DIMENSIONS: usize = 3;
/// What CloudWatch takes for the value of a dimension, in characters.
const LONGEST_DIMENSION: usize = 1024;
const MINUTE: i64 = 60_000;

/// A metric filter that is ready to measure.
pub(crate) struct Metric {
    pattern: Pattern,
    value: Value,
    dimensions: Vec<(String, Reference)>,
    transformation: Transformation,
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
    #[error("Invalid metric transformation: defaultValue must be a finite number")]
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
        if transformation.default.is_some_and(|default| !default.is_finite()) {
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

    /// What it measures in a batch of events, each with its time in milliseconds. The default is measured once for each minute that has events of
    /// the batch and no selected one.
    pub(crate) fn measure(&self, scope: Scope, events: &[(i64, Message<'_>)]) -> Vec<Measurement> {
        let minute = |at: i64| at.div_euclid(MINUTE);
        let (mut measured, mut with, mut without) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for (at, message) in events {
            match self.pattern.select(message) {
                Some(selected) => {
                    with.insert(minute(*at));
                    measured.extend(self.one(scope, *at, &selected));
                }
                None => {
                    without.insert(minute(*at));
                }
            }
        }
        if let Some(default) = self.transformation.default {
            let minutes = without.difference(&with);
            measured.extend(minutes.map(|minute| self.measurement(scope, minute * MINUTE, default)));
        }
        measured
    }

    /// None where the value is no number, or a dimension is missing.
    fn one(&self, scope: Scope, at: i64, selected: &Selected<'_>) -> Option<Measurement> {
        let value = match &self.value {
            Value::Constant(constant) => *constant,
            Value::Field(field) => number(&selected.value(field)?)?,
        };
        self.dimensions.iter().try_fold(self.measurement(scope, at, value), |measurement, (name, field)| {
            let value = selected.value(field)?;
            let fits = !value.is_empty() && value.chars().count() <= LONGEST_DIMENSION;
            fits.then(|| measurement.dimension(name.clone(), value))
        })
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

/// A finite number; not `inf` and the like.
fn number(text: &str) -> Option<f64> {
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    text.trim().parse().ok().filter(|number: &f64| digits && number.is_finite())
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
    ) -> Vec<(i64, f64, String)> {
        let events: Vec<_> = events.iter().map(|(at, text)| (*at, Message::new(text))).collect();
        let metric = Metric::new(pattern, transformation).unwrap_or_else(|error| panic!("{error}"));
        let all = metric.measure(SCOPE, &events).into_iter().map(|one| {
            let dimensions: Vec<_> =
                one.series.dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
            (one.at.millis(), one.value, dimensions.join(","))
        });
        all.collect()
    }

    fn invalid(pattern: &str, transformation: Transformation) -> InvalidMetric {
        Metric::new(pattern, transformation).err().unwrap()
    }

    #[test]
    fn selected_events_are_counted_at_their_time() {
        let events = [(1, "an ERROR"), (2, "fine"), (60_001, "ERROR again")];
        let expected = [(1, 1.0, String::new()), (60_001, 1.0, String::new())];
        assert_eq!(measured("ERROR", transformation("1"), &events), expected);
        assert_eq!(measured("", transformation("2.5"), &events[..1]), [(1, 2.5, String::new())]);
    }

    #[test]
    fn values_come_from_fields() {
        let events = [
            (1, r#"{"latency": 50, "a": {"b": ["7"]}}"#),
            (2, r#"{"latency": "fast"}"#),
            (3, r#"{"latency": 1.5}"#),
        ];
        let of = |value| measured("{ $.latency = * }", transformation(value), &events);
        assert_eq!(of("$.latency"), [(1, 50.0, String::new()), (3, 1.5, String::new())]);
        assert_eq!(of("$.a.b[0]"), [(1, 7.0, String::new())]);
        let lines = [(1, "GET /a 200 1534"), (2, "GET /b 404 -"), (3, "GET /c 200 nan")];
        let bytes = |value| measured("[method, path, status, bytes]", transformation(value), &lines);
        assert_eq!(bytes("$bytes"), [(1, 1534.0, String::new())]);
        assert_eq!(
            bytes("$status"),
            [(1, 200.0, String::new()), (2, 404.0, String::new()), (3, 200.0, String::new())]
        );
    }

    #[test]
    fn dimensions_come_from_fields_and_must_all_be_there() {
        let events = [
            (1, r#"{"a": 1, "user": "ann", "ok": true}"#),
            (2, r#"{"a": 1, "user": "bob"}"#),
            (3, r#"{"a": 1, "user": "", "ok": 1}"#),
        ];
        let dimensions = with_dimensions(&[("User", "$.user"), ("Fine", "$.ok")]);
        assert_eq!(measured("{ $.a = 1 }", dimensions, &events), [(1, 1.0, "Fine=true,User=ann".to_owned())]);
        let lines = [(1, "GET /a"), (2, "PUT /b")];
        let by_method = with_dimensions(&[("Method", "$method")]);
        assert_eq!(
            measured("[method, path]", by_method, &lines),
            [(1, 1.0, "Method=GET".to_owned()), (2, 1.0, "Method=PUT".to_owned())]
        );
    }

    #[test]
    fn the_default_is_measured_in_minutes_without_a_selected_event() {
        let with_default = Transformation { default: Some(0.0), ..transformation("1") };
        let events = [(5, "fine"), (10, "ERROR"), (60_005, "fine"), (60_006, "fine"), (180_000, "fine")];
        let expected =
            [(10, 1.0), (60_000, 0.0), (180_000, 0.0)].map(|(at, value)| (at, value, String::new()));
        assert_eq!(measured("ERROR", with_default.clone(), &events), expected);
        assert_eq!(measured("ERROR", with_default, &[]), []);
    }

    #[test]
    fn wrong_transformations_are_refused() {
        assert_eq!(invalid("{ $.a = ", transformation("1")), InvalidMetric::Pattern(InvalidPattern::Syntax));
        for value in ["", "length", "$", "$.a", "NaN", "infinity"] {
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
        let infinite = Transformation { default: Some(f64::INFINITY), ..transformation("1") };
        assert_eq!(invalid("", infinite), InvalidMetric::Default);
    }
}
