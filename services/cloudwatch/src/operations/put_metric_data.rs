//! PutMetricData.

use crate::CloudWatch;
use crate::metrics::query::dimensions;
use crate::metrics::record::{Measured, record};
use crate::metrics::summary::Summary;
use crate::refusal::{combination, invalid, limit_exceeded, missing};
use crate::state::MetricId;
use api_cloudwatch::{Error, MetricDatum, PutMetricData, PutMetricDataOutput, StatisticSet};
use contract::{Access, Call, Transact};
use names::Timestamp;
use std::time::Duration;
use store::{Tx, View};

/// The most metrics of a call.
const MAX_DATA: usize = 1000;
/// The most values of a metric of a call.
const MAX_VALUES: usize = 150;
/// How old a measurement may be.
const PAST: Duration = Duration::from_hours(14 * 24);
/// How far ahead it may be.
const FUTURE: Duration = Duration::from_hours(2);
/// The power of two that no value exceeds.
const GREATEST: i32 = 360;

impl Transact<PutMetricData> for CloudWatch {
    fn access(input: &PutMetricData, _: &Call, _: &View) -> Access {
        Access::to("cloudwatch:PutMetricData").with("cloudwatch:namespace", [input.namespace.as_str()])
    }

    fn run(input: PutMetricData, call: &Call, tx: &mut Tx) -> Result<PutMetricDataOutput, Error> {
        check_namespace(&input.namespace)?;
        let of_entities = input.entity_metric_data.unwrap_or_default();
        // Without strict validation AWS keeps the metrics of an entity that it cannot take, and so do we: entities are not kept here.
        if input.strict_entity_validation == Some(true) && !of_entities.is_empty() {
            let sentence = "Entities are not built in Cloudchamber; without StrictEntityValidation their metrics are taken.";
            return Err(invalid(format!("The parameter EntityMetricData is not valid. {sentence}")));
        }
        let mut data = Vec::new();
        for (index, datum) in input.metric_data.unwrap_or_default().into_iter().enumerate() {
            data.push((format!("MetricData.member.{}", index + 1), datum));
        }
        for (entity, given) in of_entities.into_iter().enumerate() {
            for (index, datum) in given.metric_data.unwrap_or_default().into_iter().enumerate() {
                let path = format!("EntityMetricData.member.{}.MetricData.member.{}", entity + 1, index + 1);
                data.push((path, datum));
            }
        }
        if data.is_empty() {
            return Err(missing("The parameter MetricData is required."));
        }
        if data.len() > MAX_DATA {
            return Err(invalid(format!(
                "The collection MetricData must not have a size greater than {MAX_DATA}."
            )));
        }
        let measured = data
            .into_iter()
            .map(|(path, datum)| measured(&input.namespace, &path, datum, call.now))
            .collect::<Result<Vec<_>, Error>>()?;
        let left_out = record(tx, call.scope(), measured, call.now)?;
        if !left_out.is_empty() {
            let most = crate::metrics::record::MAX_METRICS;
            return Err(limit_exceeded(format!(
                "The account has {most} metrics in this region, the most that Cloudchamber keeps."
            )));
        }
        Ok(PutMetricDataOutput {})
    }
}

/// Names are of certain characters, and those of AWS's services are their own.
fn check_namespace(namespace: &str) -> Result<(), Error> {
    let is_part = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_' | '/' | '#' | ':' | ' ')
    };
    let is_valid =
        namespace.chars().all(is_part) && !namespace.starts_with(':') && !namespace.trim().is_empty();
    if !is_valid || namespace.starts_with("AWS/") {
        return Err(invalid_value(namespace, "Namespace"));
    }
    Ok(())
}

fn invalid_value(value: &str, path: &str) -> Error {
    invalid(format!("The value {} for parameter {path} is invalid.", value.escape_debug()))
}

fn measured(namespace: &str, path: &str, datum: MetricDatum, now: Timestamp) -> Result<Measured, Error> {
    let name = datum.metric_name.as_str();
    if !name.is_ascii() {
        return Err(invalid(format!(
            "The value for parameter {path}.MetricName contains non-ASCII characters."
        )));
    }
    if name.trim().is_empty() || name.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(invalid_value(name, &format!("{path}.MetricName")));
    }
    let dimensions = dimensions(&format!("{path}.Dimensions"), datum.dimensions.as_deref())?;
    let fine = match datum.storage_resolution {
        None | Some(60) => false,
        Some(1) => true,
        Some(other) => return Err(invalid_value(&other.to_string(), &format!("{path}.StorageResolution"))),
    };
    let at = datum.timestamp.unwrap_or(now);
    if at < now.minus(PAST) {
        return Err(invalid(format!(
            "The parameter {path}.Timestamp must specify a time within the past two weeks."
        )));
    }
    if at > now.plus(FUTURE) {
        return Err(invalid(format!(
            "The parameter {path}.Timestamp must specify a time no more than two hours in the future."
        )));
    }
    let summary = summary(path, &datum)?;
    let unit = datum.unit.map_or("None", |unit| unit.as_str()).to_owned();
    let metric = MetricId { namespace: namespace.to_owned(), name: datum.metric_name, dimensions };
    Ok(Measured { metric, unit, at, fine, summary })
}

/// What a datum says was measured, in one of three ways.
fn summary(path: &str, datum: &MetricDatum) -> Result<Summary, Error> {
    let both = |left: &str, right: &str| {
        combination(format!(
            "The parameters {path}.{left} and {path}.{right} are mutually exclusive and you have specified both."
        ))
    };
    match (datum.value, datum.statistic_values.as_ref(), datum.values.as_deref()) {
        (Some(_), _, Some(_)) => Err(both("Value", "Values")),
        (Some(_), Some(_), None) => Err(both("Value", "StatisticValues")),
        (None, Some(_), Some(_)) => Err(both("StatisticValues", "Values")),
        (None, None, None) => Err(missing(format!(
            "At least one of the parameters {path}.Value, {path}.Values or {path}.StatisticValues must be specified."
        ))),
        _ if datum.counts.is_some() && datum.values.is_none() => Err(combination(format!(
            "The parameter {path}.Counts must not be specified without {path}.Values."
        ))),
        (Some(value), None, None) => Ok(Summary::of(number(value, &format!("{path}.Value"))?, 1.0)),
        (None, Some(sums), None) => of_sums(&format!("{path}.StatisticValues"), sums),
        (None, None, Some(values)) => of_values(path, values, datum.counts.as_deref()),
    }
}

fn of_sums(path: &str, sums: &StatisticSet) -> Result<Summary, Error> {
    let count = number(sums.sample_count, &format!("{path}.SampleCount"))?;
    let sum = number(sums.sum, &format!("{path}.Sum"))?;
    let minimum = number(sums.minimum, &format!("{path}.Minimum"))?;
    let maximum = number(sums.maximum, &format!("{path}.Maximum"))?;
    if maximum < minimum {
        return Err(invalid(format!("The parameter {path}.Maximum must be greater than {path}.Minimum.")));
    }
    if count <= 0.0 {
        return Err(invalid(format!("The parameter {path}.SampleCount must be greater than 0.")));
    }
    Ok(Summary::of_sums(count, sum, minimum, maximum))
}

fn of_values(path: &str, values: &[f64], counts: Option<&[f64]>) -> Result<Summary, Error> {
    if values.is_empty() {
        return Err(missing(format!("The parameter {path}.Values is required.")));
    }
    if values.len() > MAX_VALUES {
        return Err(invalid(format!(
            "The collection {path}.Values must not have a size greater than {MAX_VALUES}."
        )));
    }
    let counts = counts.map_or_else(|| vec![1.0; values.len()], <[f64]>::to_vec);
    if counts.len() != values.len() {
        return Err(invalid(format!(
            "The parameters {path}.Values and {path}.Counts must be of the same size."
        )));
    }
    let mut parts = Vec::with_capacity(values.len());
    for (index, (value, times)) in values.iter().zip(counts).enumerate() {
        let value = number(*value, &format!("{path}.Values.member.{}", index + 1))?;
        let times_path = format!("{path}.Counts.member.{}", index + 1);
        if number(times, &times_path)? <= 0.0 {
            return Err(invalid(format!("The parameter {times_path} must be greater than 0.")));
        }
        parts.push(Summary::of(value, times));
    }
    Summary::total(&parts).ok_or_else(|| missing(format!("The parameter {path}.Values is required.")))
}

/// A number from -2^360 to 2^360.
fn number(value: f64, path: &str) -> Result<f64, Error> {
    if value.is_finite() && value.abs() <= 2.0_f64.powi(GREATEST) {
        return Ok(value);
    }
    Err(invalid(format!("The value {value} for parameter {path} is invalid.")))
}
