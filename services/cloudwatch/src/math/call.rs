//! Calls of functions: what each makes of its arguments.

use super::expression::Expression;
use super::functions::Function;
use super::value::{self, Reduction, Value};
use crate::metrics::read::{Range, Series};
use names::Timestamp;
use std::cell::Cell;
use std::collections::BTreeSet;

/// What is there where nothing can be reckoned.
pub(super) fn nothing() -> Value {
    Value::Series(Series::default())
}

/// The time series of a value.
pub(super) fn several(value: Value) -> Vec<Series> {
    match value {
        Value::Scalar(_) => Vec::new(),
        Value::Series(series) => vec![series],
        Value::Array(all) => all,
    }
}

/// What functions know beside their arguments.
pub(super) struct Context {
    pub(super) range: Range,
    pub(super) period: i32,
    /// How many datapoints may still be made of nothing.
    pub(super) left: Cell<usize>,
}

impl Context {
    /// The same number at the beginning of every period.
    pub(super) fn constant(&self, number: Option<f64>) -> Series {
        let moments = self.moments(self.period);
        let points = number.into_iter().flat_map(|number| moments.iter().map(move |at| (*at, number)));
        Series { period: self.period, points: points.collect(), ..Series::default() }
    }

    /// The beginnings of all periods.
    fn moments(&self, period: i32) -> Vec<Timestamp> {
        let period = if period > 0 { period } else { self.period.max(1) };
        let span = i64::from(period) * 1000;
        let count = usize::try_from(self.range.periods(period)).unwrap_or(usize::MAX);
        let left = self.left.get();
        self.left.set(left.saturating_sub(count));
        let starts = (0..self.range.periods(period)).take(left);
        starts.map(|index| Timestamp::from_millis(self.range.start.millis() + index * span)).collect()
    }

    pub(super) fn call(&self, function: Function, arguments: &[Expression], values: Vec<Value>) -> Value {
        let mut values = values.into_iter();
        let first = values.next().unwrap_or_else(nothing);
        if let Some(reduction) = function.reduction() {
            return match first {
                Value::Series(series) => Value::Scalar(reduction.of_series(&series)),
                Value::Array(all) => Value::Series(reduction.of_array(&all)),
                scalar @ Value::Scalar(_) => scalar,
            };
        }
        let of_time = |value: Value, part: fn(Timestamp) -> f64| {
            value.map_series(|series| value::map(series, |at, _| Some(part(at))))
        };
        let finite = |number: f64| number.is_finite().then_some(number);
        match function {
            Function::Abs => first.map(|number| Some(number.abs())),
            Function::Ceil => first.map(|number| Some(number.ceil())),
            Function::Floor => first.map(|number| Some(number.floor())),
            Function::Log => first.map(|number| finite(number.ln())),
            Function::Log10 => first.map(|number| finite(number.log10())),
            Function::Diff => first.map_series(|series| between(series, |before, after, _| after - before)),
            Function::DiffTime => first.map_series(|series| between(series, |_, _, seconds| seconds)),
            Function::Rate => first
                .map_series(|series| between(series, |before, after, seconds| (after - before) / seconds)),
            Function::RunningSum => first.map_series(running_sum),
            Function::Date => of_time(first, |at| f64::from(at.date().2)),
            Function::Month => of_time(first, |at| f64::from(at.date().1)),
            Function::Year => of_time(first, |at| f64::from(at.date().0)),
            Function::Day => {
                of_time(first, |at| number((at.seconds().div_euclid(86_400) + 3).rem_euclid(7) + 1))
            }
            Function::Hour => of_time(first, |at| number(at.seconds().rem_euclid(86_400) / 3600)),
            Function::Minute => of_time(first, |at| number(at.seconds().rem_euclid(3600) / 60)),
            Function::Epoch => of_time(first, |at| number(at.seconds())),
            Function::Fill => {
                let with = values.next().unwrap_or_else(nothing);
                first.map_series(|series| self.fill(series, arguments.get(1), &with))
            }
            Function::First => Value::Series(several(first).into_iter().next().unwrap_or_default()),
            Function::Last => Value::Series(several(first).pop().unwrap_or_default()),
            Function::If => self.choose(&first, values.next().unwrap_or_else(nothing), values.next()),
            Function::MetricCount => Value::Scalar(Some(count(several(first).len()))),
            Function::Period => {
                let period = several(first).first().map_or(self.period, |series| series.period);
                Value::Scalar(Some(f64::from(period)))
            }
            Function::RemoveEmpty => {
                let all = several(first).into_iter().filter(|series| !series.points.is_empty());
                Value::Array(all.collect())
            }
            Function::Slice => slice(several(first), values.next(), values.next()),
            Function::Sort => sort(several(first), arguments, values.nth(2)),
            Function::TimeSeries => Value::Series(self.constant(first.at(self.range.start))),
            // These were reckoned before.
            Function::Metrics
            | Function::Search
            | Function::Avg
            | Function::DatapointCount
            | Function::Max
            | Function::Min
            | Function::Stddev
            | Function::Sum => first,
        }
    }

    /// A time series with values where it had none.
    fn fill(&self, series: Series, how: Option<&Expression>, with: &Value) -> Series {
        let is_word = |text: &str| matches!(how, Some(Expression::Word(word)) if word == text);
        let mut points: Vec<(Timestamp, f64)> = Vec::new();
        let mut moments: BTreeSet<Timestamp> = self.moments(series.period).into_iter().collect();
        moments.extend(value::moments([&series]));
        for at in moments {
            let known = value::at(&series, at);
            let filled = if is_word("REPEAT") {
                points.last().map(|(_, value)| *value)
            } else if is_word("LINEAR") {
                between_neighbours(&series, at)
            } else {
                with.at(at)
            };
            points.extend(known.or(filled).map(|value| (at, value)));
        }
        Series { points, ..series }
    }

    /// One value where the condition is true, another where it is false, none where neither is known.
    fn choose(&self, condition: &Value, yes: Value, no: Option<Value>) -> Value {
        if let Value::Scalar(condition) = condition {
            return match (condition, no) {
                (None, _) | (Some(0.0), None) => nothing(),
                (Some(0.0), Some(no)) => self.as_series_where(no, &yes),
                (Some(_), no) => match no {
                    Some(no) => self.as_series_where(yes, &no),
                    None => Value::Series(self.as_series(yes)),
                },
            };
        }
        condition.clone().map_series(|series| {
            value::map(series, |at, condition| {
                if condition == 0.0 { no.as_ref().and_then(|no| no.at(at)) } else { yes.at(at) }
            })
        })
    }

    /// A value of the type that the choice between it and another has.
    fn as_series_where(&self, chosen: Value, other: &Value) -> Value {
        match (&chosen, other) {
            (Value::Scalar(_), Value::Scalar(_)) => chosen,
            _ => Value::Series(self.as_series(chosen)),
        }
    }

    /// A value as a time series.
    pub(super) fn as_series(&self, value: Value) -> Series {
        match value {
            Value::Scalar(number) => self.constant(number),
            Value::Series(series) => series,
            Value::Array(all) => all.into_iter().next().unwrap_or_default(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds and their parts are far below 2^53")]
fn number(integer: i64) -> f64 {
    integer as f64
}

#[expect(clippy::cast_precision_loss, reason = "there are at most some hundred")]
fn count(length: usize) -> f64 {
    length as f64
}

/// What each value is to the one before, some seconds earlier.
fn between(series: Series, reckon: impl Fn(f64, f64, f64) -> f64) -> Series {
    let pairs = series.points.windows(2).filter_map(|pair| match pair {
        [(earlier, before), (later, after)] => {
            let seconds = number(later.millis() - earlier.millis()) / 1000.0;
            Some((*later, reckon(*before, *after, seconds)))
        }
        _ => None,
    });
    let points = pairs.collect();
    Series { points, ..series }
}

fn running_sum(mut series: Series) -> Series {
    let mut sum = 0.0;
    for (_, value) in &mut series.points {
        sum += *value;
        *value = sum;
    }
    series
}

/// On the line between the values before and after a moment.
fn between_neighbours(series: &Series, at: Timestamp) -> Option<f64> {
    let place = series.points.partition_point(|(known, _)| *known < at);
    let (earlier, before) = series.points.get(place.checked_sub(1)?)?;
    let (later, after) = series.points.get(place)?;
    let part = number(at.millis() - earlier.millis()) / number(later.millis() - earlier.millis());
    Some(before + (after - before) * part)
}

/// A number as a place in an array.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place beyond an array is none"
)]
fn place(value: Option<Value>) -> Option<usize> {
    match value {
        Some(Value::Scalar(Some(number))) if number >= 0.0 => Some(number as usize),
        _ => None,
    }
}

/// One element, or those from one until before another.
fn slice(all: Vec<Series>, from: Option<Value>, until: Option<Value>) -> Value {
    let from = place(from).unwrap_or(usize::MAX);
    match until {
        None => Value::Series(all.into_iter().nth(from).unwrap_or_default()),
        Some(until) => {
            let count = place(Some(until)).unwrap_or_default().saturating_sub(from);
            Value::Array(all.into_iter().skip(from).take(count).collect())
        }
    }
}

/// In the order of one number of each; those that have none come last.
fn sort(mut all: Vec<Series>, arguments: &[Expression], limit: Option<Value>) -> Value {
    let word = |at: usize| match arguments.get(at) {
        Some(Expression::Word(word)) => word.as_str(),
        _ => "",
    };
    let by = match word(1) {
        "AVG" => Reduction::Average,
        "MAX" => Reduction::Maximum,
        "MIN" => Reduction::Minimum,
        "SUM" => Reduction::Sum,
        _ => Reduction::Last,
    };
    let descending = word(2) == "DESC";
    all.sort_by(|left, right| match (by.of_series(left), by.of_series(right)) {
        (Some(left), Some(right)) if descending => right.total_cmp(&left),
        (Some(left), Some(right)) => left.total_cmp(&right),
        (left, right) => right.is_some().cmp(&left.is_some()),
    });
    if let Some(limit) = limit {
        all.truncate(place(Some(limit)).unwrap_or_default());
    }
    Value::Array(all)
}
