use super::expression::Expression;
use super::value::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// An aggregate of `stats`, of an expression; `count(*)` has none.
#[derive(Debug)]
pub(super) struct Aggregate {
    pub(super) function: Aggregation,
    pub(super) of: Option<Expression>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Aggregation {
    Count,
    CountDistinct,
    Sum,
    Average,
    Least,
    Greatest,
    Deviation,
    /// Of so many percent.
    Percentile(f64),
    Earliest,
    Latest,
    SortsFirst,
    SortsLast,
}

impl Aggregation {
    /// By its name, in letters of any case; `pct` is not told from `median` by its name alone.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "count" => Self::Count,
            "count_distinct" => Self::CountDistinct,
            "sum" => Self::Sum,
            "avg" => Self::Average,
            "min" => Self::Least,
            "max" => Self::Greatest,
            "stddev" => Self::Deviation,
            "pct" | "percentile" | "median" => Self::Percentile(50.0),
            "earliest" => Self::Earliest,
            "latest" => Self::Latest,
            "sortsfirst" => Self::SortsFirst,
            "sortslast" => Self::SortsLast,
            _ => return None,
        })
    }
}

/// What an aggregate has seen of a group's rows.
#[derive(Debug)]
pub(super) enum Seen {
    Count(u32),
    Distinct(HashSet<Arc<str>>),
    Sum(f64),
    Average {
        sum: f64,
        count: f64,
    },
    /// Of the numbers so far: how many, their mean, and the sum of their squared distances from it.
    Deviation {
        count: f64,
        mean: f64,
        squares: f64,
    },
    Numbers(f64, Vec<f64>),
    /// The best so far, and when it was.
    One(Aggregation, Option<(i64, Value)>),
}

impl Seen {
    pub(super) fn nothing(function: Aggregation) -> Self {
        match function {
            Aggregation::Count => Self::Count(0),
            Aggregation::CountDistinct => Self::Distinct(HashSet::new()),
            Aggregation::Sum => Self::Sum(0.0),
            Aggregation::Average => Self::Average { sum: 0.0, count: 0.0 },
            Aggregation::Deviation => Self::Deviation { count: 0.0, mean: 0.0, squares: 0.0 },
            Aggregation::Percentile(percent) => Self::Numbers(percent, Vec::new()),
            one => Self::One(one, None),
        }
    }

    /// Sees one more value, of a row of a moment; answers the bytes that it keeps of it.
    pub(super) fn see(&mut self, value: Value, at: i64) -> usize {
        match self {
            Self::Count(count) => *count = count.saturating_add(1),
            Self::Distinct(values) => {
                let text = value.print();
                let size = text.len().saturating_add(64);
                return if values.insert(text) { size } else { 0 };
            }
            Self::One(function, best) => {
                let better = best.as_ref().is_none_or(|(when, known)| match function {
                    Aggregation::Earliest => at < *when,
                    Aggregation::Latest => at > *when,
                    Aggregation::SortsFirst => value.sorts(known).is_lt(),
                    Aggregation::SortsLast => value.sorts(known).is_gt(),
                    // Numbers, where there is one.
                    _ => match (value.number().is_some(), known.number().is_some()) {
                        (true, false) => true,
                        (false, true) => false,
                        _ if *function == Aggregation::Least => value.sorts(known).is_lt(),
                        _ => value.sorts(known).is_gt(),
                    },
                });
                if better {
                    let size = value.size();
                    *best = Some((at, value));
                    return size;
                }
            }
            Self::Sum(_) | Self::Average { .. } | Self::Deviation { .. } | Self::Numbers(..) => {
                return value.number().map_or(0, |number| self.add(number));
            }
        }
        0
    }

    fn add(&mut self, number: f64) -> usize {
        match self {
            Self::Sum(sum) => *sum += number,
            Self::Average { sum, count } => {
                *sum += number;
                *count += 1.0;
            }
            Self::Deviation { count, mean, squares } => {
                *count += 1.0;
                let distance = number - *mean;
                *mean += distance / *count;
                *squares += distance * (number - *mean);
            }
            Self::Numbers(_, numbers) => {
                numbers.push(number);
                return size_of::<f64>();
            }
            Self::Count(_) | Self::Distinct(_) | Self::One(..) => {}
        }
        0
    }

    /// What it came to; None where it has seen nothing to tell of.
    pub(super) fn outcome(self) -> Option<Value> {
        let number = |number: f64| number.is_finite().then_some(Value::Number(number + 0.0));
        match self {
            Self::Count(count) => Some(Value::Number(count.into())),
            Self::Distinct(values) => {
                u32::try_from(values.len()).ok().map(|count| Value::Number(count.into()))
            }
            Self::Sum(sum) => number(sum),
            Self::Average { sum, count } => number(sum / count),
            Self::Deviation { count, squares, .. } => number((squares / count).sqrt()),
            Self::Numbers(percent, numbers) => percentile(numbers, percent).and_then(number),
            Self::One(_, best) => best.map(|(_, value)| value),
        }
    }
}

/// The number below which so many percent are; between two numbers it is interpolated.
fn percentile(mut numbers: Vec<f64>, percent: f64) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let last = u32::try_from(numbers.len().checked_sub(1)?).ok()?;
    let place = f64::from(last) * percent.clamp(0.0, 100.0) / 100.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is between zero and the last place"
    )]
    let (low, high) = (*numbers.get(place.floor() as usize)?, *numbers.get(place.ceil() as usize)?);
    Some(low + (high - low) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(function: Aggregation, values: &[&str]) -> Option<String> {
        let mut seen = Seen::nothing(function);
        for (at, value) in (0..).zip(values) {
            seen.see(Value::text(value), at);
        }
        seen.outcome().map(|value| value.print().to_string())
    }

    #[test]
    fn aggregates_come_to_what_they_should() {
        let values = ["2", "4", "x", "4", "5.5"];
        for (function, expected) in [
            (Aggregation::Count, "5"),
            (Aggregation::CountDistinct, "4"),
            (Aggregation::Sum, "15.5"),
            (Aggregation::Average, "3.875"),
            (Aggregation::Least, "2"),
            (Aggregation::Greatest, "5.5"),
            (Aggregation::Deviation, "1.2437"),
            (Aggregation::Percentile(50.0), "4"),
            (Aggregation::Percentile(100.0), "5.5"),
            (Aggregation::Percentile(75.0), "4.375"),
            (Aggregation::Earliest, "2"),
            (Aggregation::Latest, "5.5"),
            (Aggregation::SortsFirst, "x"),
            (Aggregation::SortsLast, "5.5"),
        ] {
            assert_eq!(outcome(function, &values).as_deref(), Some(expected), "{function:?}");
        }
        assert_eq!(outcome(Aggregation::Average, &["x"]), None);
        assert_eq!(outcome(Aggregation::Percentile(9.0), &[]), None);
        assert_eq!(outcome(Aggregation::Latest, &[]), None);
        assert_eq!(outcome(Aggregation::Deviation, &["3"]).as_deref(), Some("0"));
    }
}
