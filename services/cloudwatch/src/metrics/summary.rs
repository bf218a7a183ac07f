//! What was measured in a span: sums, extremes, and how values are distributed.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Distinct values that a stored summary keeps; beyond, those that are nearest are made one.
const MAX_VALUES: usize = 150;

/// What was measured in a span.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// How many values: a number with a fraction where the client counted so.
    pub(crate) count: f64,
    pub(crate) sum: f64,
    pub(crate) minimum: f64,
    pub(crate) maximum: f64,
    /// Each value and how often it came, ascending; None where somebody told of sums only, from which no percentile can be had.
    pub(crate) values: Option<Vec<(f64, f64)>>,
}

impl Summary {
    /// A value that came a number of times.
    pub(crate) fn of(value: f64, times: f64) -> Self {
        let values = Some(vec![(value, times)]);
        Self { count: times, sum: finite(value * times), minimum: value, maximum: value, values }
    }

    /// Sums of which the values are not known, unless they are one.
    pub(crate) fn of_sums(count: f64, sum: f64, minimum: f64, maximum: f64) -> Self {
        let is_one = minimum.total_cmp(&maximum).is_eq() || count.total_cmp(&1.0).is_eq();
        Self { count, sum, minimum, maximum, values: is_one.then(|| vec![(minimum, count)]) }
    }

    /// All of several, with every value; None where there are none.
    pub(crate) fn total<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let mut all = parts.next()?.clone();
        for part in parts {
            all.count = finite(all.count + part.count);
            all.sum = finite(all.sum + part.sum);
            all.minimum = all.minimum.min(part.minimum);
            all.maximum = all.maximum.max(part.maximum);
            match (&mut all.values, &part.values) {
                (Some(values), Some(more)) => values.extend(more),
                _ => all.values = None,
            }
        }
        if let Some(values) = &mut all.values {
            values.sort_by(|left, right| left.0.total_cmp(&right.0));
            values.dedup_by(|next, kept| {
                let same = next.0.total_cmp(&kept.0).is_eq();
                if same {
                    kept.1 = finite(kept.1 + next.1);
                }
                same
            });
        }
        Some(all)
    }

    /// With no more distinct values than are stored. What is made one has the mean of both, so sums stay what they are.
    pub(crate) fn bounded(mut self) -> Self {
        if let Some(values) = &mut self.values {
            join_nearest(values, gap);
        }
        self
    }
}

/// How near two values are, in proportion: percentiles of small values are to be as good as those of great ones.
fn gap(low: f64, high: f64) -> f64 {
    (high - low) / low.abs().max(high.abs())
}

/// Makes the nearest of ascending values one until no more than [`MAX_VALUES`] are left.
///
/// Each round joins as many of the pairs nearest to each other as have no value in common, which are a third of what is too much or more: few rounds
/// do, whatever the values are.
fn join_nearest(values: &mut Vec<(f64, f64)>, mut gap: impl FnMut(f64, f64) -> f64) {
    while let Some(excess) = values.len().checked_sub(MAX_VALUES).filter(|excess| *excess > 0) {
        let pairs = values.iter().zip(values.iter().skip(1)).enumerate();
        let mut gaps: Vec<(f64, usize)> =
            pairs.map(|(place, ((low, _), (high, _)))| (gap(*low, *high), place)).collect();
        gaps.sort_unstable_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        let mut joined = BTreeSet::new();
        for (_, place) in gaps.into_iter().take(excess) {
            let touches = |other: Option<usize>| other.is_some_and(|other| joined.contains(&other));
            if !touches(place.checked_sub(1)) && !touches(place.checked_add(1)) {
                joined.insert(place);
            }
        }
        let mut place = 0_usize;
        let mut kept: Vec<(f64, f64)> = Vec::with_capacity(values.len());
        for value in values.drain(..) {
            match kept.last_mut().filter(|_| place.checked_sub(1).is_some_and(|low| joined.contains(&low))) {
                Some(low) => *low = mean(*low, value),
                None => kept.push(value),
            }
            place = place.saturating_add(1);
        }
        *values = kept;
    }
}

/// Two values as one that came as often as both.
fn mean((low, times): (f64, f64), (high, often): (f64, f64)) -> (f64, f64) {
    let total = finite(times + often);
    // Nobody counts that far but who means to; then the greater stands for both rather than no number at all.
    let value = low.mul_add(times / total, high * (often / total));
    (if value.is_finite() { value.max(low).min(high) } else { high }, total)
}

/// A number that can be reckoned with, told and compared: the greatest there is instead of infinity, and nothing for what is no number.
fn finite(number: f64) -> f64 {
    if number.is_nan() { 0.0 } else { number.clamp(f64::MIN, f64::MAX) }
}

impl From<&store::Distribution> for Summary {
    #[expect(clippy::cast_precision_loss, reason = "counts of a minute are far below 2^53")]
    fn from(measured: &store::Distribution) -> Self {
        let values = measured.values.iter().map(|(value, times)| (finite(*value), *times as f64));
        Self {
            count: measured.count as f64,
            sum: finite(measured.sum),
            minimum: finite(measured.minimum),
            maximum: finite(measured.maximum),
            values: Some(values.collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_add_up_and_forget_values_where_one_part_has_none() {
        let parts = [Summary::of(3.0, 2.0), Summary::of(1.0, 1.0), Summary::of(3.0, 1.0)];
        let total = Summary::total(&parts).unwrap();
        assert_eq!((total.count, total.sum, total.minimum, total.maximum), (4.0, 10.0, 1.0, 3.0));
        assert_eq!(total.values.as_deref().unwrap(), [(1.0, 1.0), (3.0, 3.0)]);
        let sums = Summary::of_sums(2.0, 9.0, 4.0, 5.0);
        let total = Summary::total([&total, &sums]).unwrap();
        assert_eq!((total.count, total.sum, total.values), (6.0, 19.0, None));
        assert!(Summary::total([]).is_none());
    }

    #[test]
    fn sums_of_one_value_say_which() {
        assert_eq!(Summary::of_sums(3.0, 12.0, 4.0, 4.0).values.unwrap(), [(4.0, 3.0)]);
        assert_eq!(Summary::of_sums(1.0, 4.0, 4.0, 4.0).values.unwrap(), [(4.0, 1.0)]);
    }

    #[test]
    fn what_is_stored_is_bounded_and_keeps_its_sum() {
        let parts: Vec<Summary> = (1..=1000).map(|value| Summary::of(f64::from(value), 1.0)).collect();
        let bounded = Summary::total(&parts).unwrap().bounded();
        let values = bounded.values.unwrap();
        assert_eq!(values.len(), MAX_VALUES);
        let sum: f64 = values.iter().map(|(value, times)| value * times).sum();
        assert!((sum - 500_500.0).abs() < 1e-6, "{sum}");
        assert_eq!(values.first().unwrap(), &(1.0, 1.0), "small values stay apart");
        assert!((bounded.count - 1000.0).abs() < f64::EPSILON);
    }

    #[test]
    fn many_values_are_joined_in_few_steps() {
        for step in [1.0, 0.5] {
            let mut values: Vec<(f64, f64)> =
                (1..=150_000).map(|value| (f64::from(value).powf(step), 1.0)).collect();
            let mut looks = 0_usize;
            join_nearest(&mut values, |low, high| {
                looks += 1;
                gap(low, high)
            });
            assert_eq!(values.len(), MAX_VALUES);
            assert!(looks < 1_500_000, "{looks}: each removal looks at all values");
            let times: f64 = values.iter().map(|(_, times)| times).sum();
            assert!((times - 150_000.0).abs() < 1e-6, "{times}");
            assert!(values.is_sorted_by(|left, right| left.0 < right.0));
        }
    }

    #[test]
    fn sums_stay_numbers() {
        let great = Summary::of(f64::MAX, 4.0);
        assert!(great.sum.is_finite());
        let total = Summary::total([&great, &great, &Summary::of(f64::MIN, 4.0)]).unwrap();
        assert!(total.sum.is_finite() && total.count.is_finite(), "{total:?}");
        let parts: Vec<Summary> =
            (1..=300).map(|value| Summary::of(f64::from(value) * 1e300, f64::MAX)).collect();
        let bounded = Summary::total(&parts).unwrap().bounded();
        assert!(bounded.sum.is_finite() && bounded.count.is_finite());
        assert!(bounded.values.unwrap().iter().all(|(value, times)| value.is_finite() && times.is_finite()));
    }
}
