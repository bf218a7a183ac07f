//! Measurements: what metrics are made of. Work says what it measured ([`crate::Tx::measure`] once it is committed, [`crate::Store::measure`] at once); it
//! is gathered in memory by series and minute until a collector takes it, so that measuring costs no write.
//!
//! What was not yet taken is lost with the process, as metrics may be; nothing is gathered before a collector asked for it.

use names::{AccountId, Scope, Timestamp};
use parking_lot::Mutex;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};

/// More minutes of series than this in one collection are not kept: a mistake, or somebody who wants to fill the memory.
const MAX_MINUTES: usize = 50_000;
/// Those of one account: what it measures too much of takes no room from nine others.
const MAX_MINUTES_OF_ACCOUNT: usize = 5_000;
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

/// One measured value, or several of the same minute ([`Measurement::add`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Of what.
    pub series: Series,
    /// When.
    pub at: Timestamp,
    values: Values,
}

/// One value, as most measurements have, needs no distribution.
#[derive(Debug, Clone, PartialEq)]
enum Values {
    One(f64),
    Many(Distribution),
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
        Self { series, at, values: Values::One(value) }
    }

    /// Adds a value of the same series and minute, so that many of them are gathered, and kept until then, as one. What is no value of a
    /// [`Distribution`] is left out.
    pub fn add(&mut self, value: f64) {
        match &mut self.values {
            Values::Many(known) => known.add(value),
            Values::One(first) => {
                self.values = match Distribution::of(*first) {
                    Some(mut known) => {
                        known.add(value);
                        Values::Many(known)
                    }
                    None => Values::One(value),
                };
            }
        }
    }

    /// Its values; None where there are none but what is no value of a distribution.
    #[must_use]
    pub fn distribution(&self) -> Option<Distribution> {
        match &self.values {
            Values::One(value) => Distribution::of(*value),
            Values::Many(known) => Some(known.clone()),
        }
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
    /// What a value is at most, either way: 2^360, as much as PutMetricData takes, so that no sum of values becomes infinite.
    pub const GREATEST: f64 = f64::from_bits((1023 + 360) << 52);

    /// Whether it is a number from -2^360 to 2^360: others are no values.
    #[must_use]
    pub fn takes(value: f64) -> bool {
        value.abs() <= Self::GREATEST
    }

    fn of(value: f64) -> Option<Self> {
        let one = Self { count: 1, sum: value, minimum: value, maximum: value, values: vec![(value, 1)] };
        Self::takes(value).then_some(one)
    }

    fn add(&mut self, value: f64) {
        if let Some(one) = Self::of(value) {
            self.merge(&one);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.sum += other.sum;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
        for (value, times) in &other.values {
            self.place(*value, *times);
        }
    }

    /// Has a value that came so many times among the values.
    fn place(&mut self, value: f64, times: u64) {
        let place = self.values.partition_point(|(known, _)| *known < value);
        let same = self.values.get(place).is_some_and(|(known, _)| known.total_cmp(&value).is_eq());
        if !same && self.values.len() < MAX_VALUES {
            self.values.insert(place, (value, times));
            return;
        }
        let distance =
            |at: usize| self.values.get(at).map_or(f64::INFINITY, |(known, _)| (known - value).abs());
        let before = place.saturating_sub(1);
        let nearest = if distance(before) < distance(place) { before } else { place };
        if let Some((_, known)) = self.values.get_mut(nearest) {
            *known = known.saturating_add(times);
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
    gathered: Mutex<Gathered>,
}

/// What was measured since the last collection.
#[derive(Debug, Default)]
struct Gathered {
    series: HashMap<Series, BTreeMap<i64, Distribution>>,
    /// Minutes of series, of all accounts.
    minutes: usize,
    /// Those of each account.
    of_accounts: HashMap<AccountId, OfAccount>,
}

#[derive(Debug, Default)]
struct OfAccount {
    minutes: usize,
    /// It was said that something is left out.
    told: bool,
}

impl Gathered {
    fn gather(&mut self, measurement: Measurement) {
        let minute = measurement.at.millis().div_euclid(MINUTE).saturating_mul(MINUTE);
        if let Some(known) = self.series.get_mut(&measurement.series).and_then(|it| it.get_mut(&minute)) {
            match &measurement.values {
                Values::One(value) => known.add(*value),
                Values::Many(more) => known.merge(more),
            }
            return;
        }
        let Measurement { series, values, .. } = measurement;
        let distribution = match values {
            Values::One(value) => Distribution::of(value),
            Values::Many(distribution) => Some(distribution),
        };
        let Some(distribution) = distribution else { return };
        let account = self.of_accounts.entry(series.scope.account).or_default();
        if account.minutes >= MAX_MINUTES_OF_ACCOUNT || self.minutes >= MAX_MINUTES {
            if !std::mem::replace(&mut account.told, true) {
                tracing::warn!(
                    account = %series.scope.account, minutes = account.minutes, of_all = self.minutes,
                    namespace = %series.namespace,
                    "too much is measured at once: further series of the account are left out until the next collection"
                );
            }
            return;
        }
        account.minutes += 1;
        self.minutes += 1;
        self.series.entry(series).or_default().insert(minute, distribution);
    }
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
        for measurement in measurements {
            gathered.gather(measurement);
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
        gathered.series.into_iter().flat_map(of_series).collect()
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
    fn measurements_of_many_values_are_gathered_as_if_each_came_alone() {
        let (apart, together) = (Meter::default(), Meter::default());
        let values: Vec<f64> = (0..500).map(|n| f64::from(n % 120)).collect();
        let mut first = one(5, f64::NAN);
        let mut second = one(6, 7.0);
        for value in &values {
            first.add(*value);
            second.add(*value);
        }
        assert_eq!(
            first.distribution().unwrap().values.len(),
            120,
            "it grows with its distinct values alone"
        );
        let each = values.iter().chain([&7.0]).chain(&values).map(|value| one(5, *value)).collect();
        for (meter, measurements) in [(&apart, each), (&together, vec![first, second])] {
            meter.turn_on();
            meter.gather(measurements);
        }
        assert_eq!(apart.take(), together.take());
    }

    #[test]
    fn what_is_beyond_the_greatest_number_is_left_out_and_sums_stay_finite() {
        assert_eq!(Distribution::GREATEST, 2_f64.powi(360));
        let meter = Meter::default();
        meter.turn_on();
        meter.gather([f64::NAN, f64::INFINITY, f64::MAX, -1e109].map(|value| one(0, value)).into());
        assert!(meter.take().is_empty());
        let mut many = one(0, Distribution::GREATEST);
        many.add(f64::MAX);
        meter.gather(vec![many, one(0, f64::MAX), one(0, Distribution::GREATEST)]);
        let distribution = meter.take().remove(0).distribution;
        assert_eq!((distribution.count, distribution.sum), (2, 2_f64.powi(361)));
    }

    fn of_account(number: usize, minute: i64, n: usize) -> Measurement {
        let mut measurement = one(minute * MINUTE, 1.0).dimension("N", n.to_string());
        measurement.series.scope.account = format!("{number:012}").parse().unwrap();
        measurement
    }

    #[test]
    fn an_account_that_measures_too_much_takes_no_room_from_others() {
        let meter = Meter::default();
        meter.turn_on();
        // Of one series in many minutes, and of many series.
        meter.gather((0..4_000).map(|minute| of_account(1, minute, 0)).collect());
        meter.gather((1..4_000).map(|n| of_account(1, 0, n)).collect());
        assert!(meter.gathered.lock().of_accounts.values().all(|account| account.told));
        meter.gather(vec![of_account(2, 0, 0), of_account(1, 0, 0)]);
        let taken = meter.take();
        let of = |number: usize| taken.iter().filter(move |it| it.series == of_account(number, 0, 0).series);
        assert_eq!(taken.len(), MAX_MINUTES_OF_ACCOUNT + 1);
        assert_eq!(of(2).count(), 1);
        let known = of(1).find(|it| it.minute.millis() == 0).unwrap();
        assert_eq!(known.distribution.count, 2, "what is known is still counted");
        meter.gather(vec![of_account(1, 0, 9_999)]);
        assert_eq!(meter.take().len(), 1, "after a collection there is room again");
    }

    #[test]
    fn all_accounts_together_have_bounds() {
        let meter = Meter::default();
        meter.turn_on();
        for account in 0..=10 {
            meter.gather((0..MAX_MINUTES_OF_ACCOUNT).map(|n| of_account(account, 0, n)).collect());
        }
        assert_eq!(meter.take().len(), MAX_MINUTES);
    }
}
