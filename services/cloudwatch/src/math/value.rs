//! What expressions are reckoned with: numbers, time series, and arrays of time series.

use super::expression::Operator;
use crate::metrics::read::Series;
use names::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Of what type a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Scalar,
    Series,
    Array,
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Scalar => "a scalar",
            Self::Series => "a time series",
            Self::Array => "an array of time series",
        })
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// None where there is no such number: the average of nothing.
    Scalar(Option<f64>),
    Series(Series),
    Array(Vec<Series>),
}

impl Value {
    /// How many datapoints it has.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Scalar(_) => 1,
            Self::Series(series) => series.points.len(),
            Self::Array(all) => all.iter().map(|series| series.points.len()).sum(),
        }
    }

    /// Each time series changed; a number is none.
    pub(crate) fn map_series(self, mut change: impl FnMut(Series) -> Series) -> Self {
        match self {
            Self::Series(series) => Self::Series(change(series)),
            Self::Array(all) => Self::Array(all.into_iter().map(change).collect()),
            scalar @ Self::Scalar(_) => scalar,
        }
    }

    /// Each number changed; what becomes none is missing.
    pub(crate) fn map(self, change: impl Fn(f64) -> Option<f64>) -> Self {
        match self {
            Self::Scalar(number) => Self::Scalar(number.and_then(change)),
            other => other.map_series(|series| map(series, |_, value| change(value))),
        }
    }

    /// The value at a moment, of a number or a time series.
    pub(crate) fn at(&self, moment: Timestamp) -> Option<f64> {
        match self {
            Self::Scalar(number) => *number,
            Self::Series(series) => at(series, moment),
            Self::Array(_) => None,
        }
    }

    /// An operator between two values: at each moment at which both have one.
    pub(crate) fn binary(operator: Operator, left: Self, right: Self) -> Self {
        match (left, right) {
            (Self::Scalar(left), Self::Scalar(right)) => {
                Self::Scalar(left.zip(right).and_then(|(left, right)| operator.of_numbers(left, right)))
            }
            (left @ (Self::Series(_) | Self::Array(_)), right @ (Self::Scalar(_) | Self::Series(_))) => left
                .map_series(|series| {
                    map(series, |moment, left| operator.of_numbers(left, right.at(moment)?))
                }),
            (left, right) => right.map_series(|series| {
                map(series, |moment, right| operator.of_numbers(left.at(moment)?, right))
            }),
        }
    }
}

/// Each value of a time series changed; what becomes none is missing.
pub(crate) fn map(mut series: Series, change: impl Fn(Timestamp, f64) -> Option<f64>) -> Series {
    series.points = series
        .points
        .into_iter()
        .filter_map(|(moment, value)| Some((moment, change(moment, value)?)))
        .collect();
    series
}

/// A time series' value at a moment.
pub(crate) fn at(series: &Series, moment: Timestamp) -> Option<f64> {
    let place = series.points.binary_search_by_key(&moment, |(known, _)| *known).ok()?;
    series.points.get(place).map(|(_, value)| *value)
}

/// One number of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reduction {
    Average,
    Maximum,
    Minimum,
    Sum,
    Deviation,
    Count,
    /// The last of them: how SORT may order.
    Last,
}

impl Reduction {
    #[expect(clippy::cast_precision_loss, reason = "values are fewer than 2^53")]
    pub(crate) fn of(self, values: &[f64]) -> Option<f64> {
        let (count, sum) = (values.len() as f64, values.iter().sum::<f64>());
        let some = !values.is_empty();
        match self {
            Self::Average => some.then(|| sum / count),
            Self::Maximum => values.iter().copied().reduce(f64::max),
            Self::Minimum => values.iter().copied().reduce(f64::min),
            Self::Sum => some.then_some(sum),
            Self::Count => Some(count),
            Self::Last => values.last().copied(),
            Self::Deviation => some.then(|| {
                let mean = sum / count;
                (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()
            }),
        }
    }

    /// Of a time series' values.
    pub(crate) fn of_series(self, series: &Series) -> Option<f64> {
        let values: Vec<f64> = series.points.iter().map(|(_, value)| *value).collect();
        self.of(&values)
    }

    /// At each moment, of the time series that have a value there.
    pub(crate) fn of_array(self, all: &[Series]) -> Series {
        let mut moments: BTreeMap<Timestamp, Vec<f64>> = BTreeMap::new();
        for (moment, value) in all.iter().flat_map(|series| &series.points) {
            moments.entry(*moment).or_default().push(*value);
        }
        let points =
            moments.into_iter().filter_map(|(moment, values)| Some((moment, self.of(&values)?))).collect();
        Series { period: period(all), points, ..Series::default() }
    }
}

/// The greatest period of several time series.
pub(crate) fn period(all: &[Series]) -> i32 {
    all.iter().map(|series| series.period).max().unwrap_or_default()
}

/// All moments at which one of several time series has a value.
pub(crate) fn moments<'a>(all: impl IntoIterator<Item = &'a Series>) -> BTreeSet<Timestamp> {
    all.into_iter().flat_map(|series| series.points.iter().map(|(moment, _)| *moment)).collect()
}
