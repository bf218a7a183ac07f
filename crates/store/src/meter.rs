//! Measurements: what metrics are made of. Work says what it measured ([`crate::Tx::measure`] once it is committed, [`crate::Store::measure`] at once); it
//! is gathered in memory by series and minute until a collector takes it, so that measuring costs no write.
//!
//! What was not yet taken is lost with the process, as metrics may be; nothing is gathered before a collector asked for it.

use names::{Scope, Timestamp};
use parking_lot::Mutex;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};

/// More series than this in one collection are not kept: a mistake, or somebody who wants to fill the memory.
const MAX_SERIES: usize = 50_000;
/// Distinct values of a distribution; further ones join their nearest (as many as CloudWatch takes in one datum).
const MAX_VALUES: usize = 150;
const MINUTE: i64 = 60_000;

/// What is measured where.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Series {
    /// The account and region.
    pub scope: Scope,
    /// Such as `AWS/Lambda`.
    pub namespace: Cow<'static, str>,
    /// Such as `Invocations`.
    pub name: Cow<'static, str>,
    /// Names and values, in the order of their names.
    pub dimensions: Vec<(Cow<'static, str>, String)>,
    /// CloudWatch's name of the unit, such as `Count` or `Milliseconds`.
    pub unit: Cow<'static, str>,
}

/// One measured value.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Of what.
    pub series: Series,
    /// When.
    pub at: Timestamp,
    /// How much.
    pub value: f64,
}

impl Measurement {
    /// A value of a series without dimensions and of no unit.
    #[must_use]
    pub fn new(
        scope: Scope,
        at: Timestamp,
        namespace: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        value: f64,
    ) -> Self {
        let series = Series {
            scope,
            namespace: namespace.into(),
            name: name.into(),
            dimensions: Vec::new(),
            unit: Cow::Borrowed("None"),
        };
        Self { series, at, value }
    }

    /// In a unit, such as `Count`.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<Cow<'static, str>>) -> Self {
        self.series.unit = unit.into();
        self
    }

    /// With a dimension.
    #[must_use]
    pub fn dimension(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.series.dimensions.push((name.into(), value.into()));
        self.series.dimensions.sort();
        self
    }
}

/// A number of things as a value. What is no such number, such as a negative age, is 0.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "a double holds whole numbers up to 2^53: more than anybody counts to"
)]
pub fn whole(number: impl TryInto<u64>) -> f64 {
    number.try_into().unwrap_or(0) as f64
}

/// What a series measured in a minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// How many values.
    pub count: u64,
    /// Their sum.
    pub sum: f64,
    /// The least.
    pub minimum: f64,
    /// The greatest.
    pub maximum: f64,
    /// Each value and how often it came, in ascending order; at most 150 of them, beyond which values join their nearest.
    pub values: Vec<(f64, u64)>,
}

impl Distribution {
    fn of(value: f64) -> Self {
        Self { count: 1, sum: value, minimum: value, maximum: value, values: vec![(value, 1)] }
    }

    fn add(&mut self, value: f64) {
        self.count = self.count.saturating_add(1);
        self.sum += value;
        self.minimum = self.minimum.min(value);
        self.maximum = self.maximum.max(value);
        let place = self.values.partition_point(|(known, _)| *known < value);
        let same = self.values.get(place).is_some_and(|(known, _)| known.total_cmp(&value).is_eq());
        if !same && self.values.len() < MAX_VALUES {
            self.values.insert(place, (value, 1));
            return;
        }
        let distance =
            |at: usize| self.values.get(at).map_or(f64::INFINITY, |(known, _)| (known - value).abs());
        let before = place.saturating_sub(1);
        let nearest = if distance(before) < distance(place) { before } else { place };
        if let Some((_, times)) = self.values.get_mut(nearest) {
            *times = times.saturating_add(1);
        }
    }
}

/// A series' minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Of what.
    pub series: Series,
    /// When the minute begins.
    pub minute: Timestamp,
    /// How much.
    pub distribution: Distribution,
}

/// Gathers measurements until they are taken.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    collected: AtomicBool,
    gathered: Mutex<HashMap<Series, BTreeMap<i64, Distribution>>>,
}

impl Meter {
    /// Whether anybody wants them.
    pub(crate) fn is_on(&self) -> bool {
        self.collected.load(Ordering::Relaxed)
    }

    pub(crate) fn turn_on(&self) {
        self.collected.store(true, Ordering::Relaxed);
    }

    pub(crate) fn gather(&self, measurements: Vec<Measurement>) {
        if measurements.is_empty() || !self.is_on() {
            return;
        }
        let mut gathered = self.gathered.lock();
        for Measurement { series, at, value } in measurements {
            if !value.is_finite() || (gathered.len() >= MAX_SERIES && !gathered.contains_key(&series)) {
                continue;
            }
            let minute = at.millis().div_euclid(MINUTE).saturating_mul(MINUTE);
            gathered
                .entry(series)
                .or_default()
                .entry(minute)
                .and_modify(|known| known.add(value))
                .or_insert_with(|| Distribution::of(value));
        }
    }

    pub(crate) fn take(&self) -> Vec<Measured> {
        let gathered = std::mem::take(&mut *self.gathered.lock());
        let of_series = |(series, minutes): (Series, BTreeMap<i64, Distribution>)| {
            minutes.into_iter().map(move |(minute, distribution)| Measured {
                series: series.clone(),
                minute: Timestamp::from_millis(minute),
                distribution,
            })
        };
        gathered.into_iter().flat_map(of_series).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use names::{AccountId, Region};

    fn one(millis: i64, value: f64) -> Measurement {
        let scope = Scope::new(AccountId::DEFAULT, Region::US_EAST_1);
        Measurement::new(scope, Timestamp::from_millis(millis), "AWS/SQS", "SentMessageSize", value)
            .unit("Bytes")
            .dimension("QueueName", "orders")
    }

    #[test]
    fn values_of_a_minute_are_one_distribution() {
        let meter = Meter::default();
        meter.turn_on();
        meter.gather(vec![one(61_000, 2.0), one(119_999, 5.0), one(60_000, 2.0), one(120_000, 7.0)]);
        let mut taken = meter.take();
        taken.sort_by_key(|it| it.minute);
        let [first, second] = taken.as_slice() else { panic!("{taken:?}") };
        assert_eq!(first.minute.millis(), 60_000);
        assert_eq!(
            first.distribution,
            Distribution { count: 3, sum: 9.0, minimum: 2.0, maximum: 5.0, values: vec![(2.0, 2), (5.0, 1)] }
        );
        assert_eq!(second.distribution.values, [(7.0, 1)]);
        assert!(meter.take().is_empty(), "what was taken is gone");
    }

    #[test]
    fn nothing_is_gathered_before_somebody_collects() {
        let meter = Meter::default();
        meter.gather(vec![one(0, 1.0)]);
        assert!(meter.take().is_empty());
    }

    #[test]
    fn more_than_150_values_join_their_nearest() {
        let meter = Meter::default();
        meter.turn_on();
        meter.gather((0..150).map(|value| one(0, f64::from(value) * 10.0)).collect());
        meter.gather(vec![one(0, 12.0), one(0, 18.0), one(0, 5_000.0), one(0, -3.0)]);
        let taken = meter.take();
        let distribution = &taken[0].distribution;
        assert_eq!((distribution.count, distribution.minimum, distribution.maximum), (154, -3.0, 5_000.0));
        assert_eq!(distribution.values.len(), 150);
        assert_eq!(distribution.values[..3], [(0.0, 2), (10.0, 2), (20.0, 2)]);
        assert_eq!(distribution.values[149], (1490.0, 2));
    }

    #[test]
    fn what_is_no_number_and_too_many_series_are_left_out() {
        let meter = Meter::default();
        meter.turn_on();
        meter.gather(vec![one(0, f64::NAN), one(0, f64::INFINITY)]);
        meter.gather((0..=MAX_SERIES).map(|n| one(0, 1.0).dimension("N", n.to_string())).collect());
        assert_eq!(meter.take().len(), MAX_SERIES);
    }
}
