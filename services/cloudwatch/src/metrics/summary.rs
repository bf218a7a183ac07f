//! What was measured in a span: sums, extremes, and how values are distributed.

use serde::{Deserialize, Serialize};

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
        Self { count: times, sum: value * times, minimum: value, maximum: value, values }
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
            all.count += part.count;
            all.sum += part.sum;
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
                    kept.1 += next.1;
                }
                same
            });
        }
        Some(all)
    }

    /// With no more distinct values than are stored. What is made one has the mean of both, so sums stay what they are.
    pub(crate) fn bounded(mut self) -> Self {
        let Some(values) = &mut self.values else { return self };
        while values.len() > MAX_VALUES {
            // Near in proportion: percentiles of small values are to be as good as those of great ones.
            let gap = |pair: &[(f64, f64)]| match pair {
                [(low, _), (high, _)] => (high - low) / low.abs().max(high.abs()),
                _ => f64::INFINITY,
            };
            let gaps = values.windows(2).map(gap).enumerate();
            let Some((nearest, _)) = gaps.min_by(|left, right| left.1.total_cmp(&right.1)) else { break };
            let (high, often) = values.remove(nearest.saturating_add(1));
            if let Some((low, times)) = values.get_mut(nearest) {
                let total = *times + often;
                *low = low.mul_add(*times / total, high * (often / total));
                *times = total;
            }
        }
        self
    }
}

impl From<&store::Distribution> for Summary {
    #[expect(clippy::cast_precision_loss, reason = "counts of a minute are far below 2^53")]
    fn from(measured: &store::Distribution) -> Self {
        let values = measured.values.iter().map(|(value, times)| (*value, *times as f64));
        Self {
            count: measured.count as f64,
            sum: measured.sum,
            minimum: measured.minimum,
            maximum: measured.maximum,
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
}
