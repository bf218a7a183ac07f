//! Statistics: `Average`, `p99.9`, `TM(10%:90%)` … and what they are of a [`Summary`].
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html>. A percentile is the least value that so many
//! percent of the values do not exceed; AWS's own are estimates between values.

use super::summary::Summary;

/// A statistic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Statistic {
    SampleCount,
    Average,
    Sum,
    Minimum,
    Maximum,
    /// Percent, 0 to 100.
    Percentile(f64),
    /// Of the values within bounds.
    Within(Part, Bounds),
}

/// What is told of the values within bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Part {
    /// `TM`, and `IQM`
    TrimmedMean,
    /// `WM`: values beyond a bound count as the bound.
    WinsorizedMean,
    /// `TC`
    TrimmedCount,
    /// `TS`
    TrimmedSum,
    /// `PR`: percent of the values.
    PercentileRank,
}

/// Bounds: above the lower, at most the upper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bounds {
    Percent(f64, f64),
    Values(f64, f64),
}

impl Statistic {
    /// One of the five of `Statistics`.
    pub(crate) fn simple(text: &str) -> Option<Self> {
        Some(match text {
            "SampleCount" => Self::SampleCount,
            "Average" => Self::Average,
            "Sum" => Self::Sum,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            _ => return None,
        })
    }

    /// One of `ExtendedStatistics`.
    pub(crate) fn extended(text: &str) -> Option<Self> {
        if text == "IQM" {
            return Some(Self::Within(Part::TrimmedMean, Bounds::Percent(25.0, 75.0)));
        }
        if let Some(percent) = text.strip_prefix('p') {
            return percentage(percent).map(Self::Percentile);
        }
        let (name, rest) = text.split_at_checked(2)?;
        let part = match name.to_ascii_lowercase().as_str() {
            "tm" => Part::TrimmedMean,
            "wm" => Part::WinsorizedMean,
            "tc" => Part::TrimmedCount,
            "ts" => Part::TrimmedSum,
            "pr" => Part::PercentileRank,
            _ => return None,
        };
        let bounds = match rest.strip_prefix('(') {
            Some(rest) => bounds(rest.strip_suffix(')')?)?,
            None => Bounds::Percent(0.0, percentage(rest)?),
        };
        let is_rank = matches!((part, bounds), (Part::PercentileRank, Bounds::Percent(..)));
        (!is_rank).then_some(Self::Within(part, bounds))
    }

    /// Any of them.
    pub(crate) fn read(text: &str) -> Option<Self> {
        Self::simple(text).or_else(|| Self::extended(text))
    }

    /// What it is of what was measured. None where the values are not known, or some are negative: of those AWS has only the simple ones.
    pub(crate) fn of(self, measured: &Summary) -> Option<f64> {
        match self {
            Self::SampleCount => return Some(measured.count),
            Self::Average => return (measured.count > 0.0).then(|| measured.sum / measured.count),
            Self::Sum => return Some(measured.sum),
            Self::Minimum => return Some(measured.minimum),
            Self::Maximum => return Some(measured.maximum),
            Self::Percentile(_) | Self::Within(..) => {}
        }
        let values = measured.values.as_deref().filter(|_| measured.minimum >= 0.0)?;
        match self {
            Self::Percentile(percent) => percentile(values, measured.count, percent),
            Self::Within(part, bounds) => part.of(values, measured.count, bounds),
            _ => None,
        }
    }
}

impl Part {
    fn of(self, values: &[(f64, f64)], count: f64, bounds: Bounds) -> Option<f64> {
        if self == Self::WinsorizedMean {
            let (low, high) = match bounds {
                Bounds::Values(low, high) => (low, high),
                Bounds::Percent(low, high) => {
                    (percentile(values, count, low)?, percentile(values, count, high)?)
                }
            };
            let sum: f64 = values.iter().map(|(value, times)| value.clamp(low, high) * times).sum();
            return (count > 0.0).then(|| sum / count);
        }
        let (mut kept, mut sum, mut before) = (0.0, 0.0, 0.0);
        for (value, times) in values {
            let within = match bounds {
                Bounds::Values(low, high) if *value > low && *value <= high => *times,
                Bounds::Values(..) => 0.0,
                // The part of these values' place in line that lies between the bounds.
                Bounds::Percent(low, high) => {
                    let (from, until) = (count * low / 100.0, count * high / 100.0);
                    ((before + times).min(until) - f64::max(before, from)).max(0.0)
                }
            };
            before += times;
            kept += within;
            sum += value * within;
        }
        match self {
            Self::TrimmedCount => Some(kept),
            Self::TrimmedSum => Some(sum),
            Self::PercentileRank => (count > 0.0).then(|| 100.0 * kept / count),
            Self::TrimmedMean | Self::WinsorizedMean => (kept > 0.0).then(|| sum / kept),
        }
    }
}

/// The least value that so many percent of the values do not exceed.
fn percentile(values: &[(f64, f64)], count: f64, percent: f64) -> Option<f64> {
    let wanted = count * percent / 100.0;
    let mut before = 0.0;
    for (value, times) in values {
        before += times;
        if before >= wanted {
            return Some(*value);
        }
    }
    values.last().map(|(value, _)| *value)
}

/// `LOW%:HIGH%` or `LOW:HIGH`, of which one may be left out.
fn bounds(text: &str) -> Option<Bounds> {
    let (low, high) = text.split_once(':')?;
    if low.is_empty() && high.is_empty() {
        return None;
    }
    let is_percent = |text: &str| text.is_empty() || text.ends_with('%');
    if is_percent(low) && is_percent(high) {
        let read = |text: &str, other| match text.strip_suffix('%') {
            Some(text) => percentage(text),
            None => Some(other),
        };
        let (low, high) = (read(low, 0.0)?, read(high, 100.0)?);
        return (low < high).then_some(Bounds::Percent(low, high));
    }
    let read = |text: &str, other| if text.is_empty() { Some(other) } else { number(text) };
    let (low, high) = (read(low, f64::NEG_INFINITY)?, read(high, f64::INFINITY)?);
    (low < high).then_some(Bounds::Values(low, high))
}

/// A number from 0 to 100.
fn percentage(text: &str) -> Option<f64> {
    number(text).filter(|percent| *percent <= 100.0)
}

/// A number without sign and exponent, with at most ten decimal places.
fn number(text: &str) -> Option<f64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(decimals) || whole.len() > 15 || decimals.len() > 10 {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 to 10, once each.
    fn ten() -> Summary {
        let parts: Vec<Summary> = (1..=10).map(|value| Summary::of(f64::from(value), 1.0)).collect();
        Summary::total(&parts).unwrap()
    }

    fn of(text: &str, measured: &Summary) -> Option<f64> {
        Statistic::read(text).unwrap_or_else(|| panic!("{text} is no statistic")).of(measured)
    }

    #[test]
    fn each_statistic_of_ten_values() {
        let cases = [
            ("SampleCount", 10.0),
            ("Average", 5.5),
            ("Sum", 55.0),
            ("Minimum", 1.0),
            ("Maximum", 10.0),
            ("p0", 1.0),
            ("p50", 5.0),
            ("p90", 9.0),
            ("p99.99", 10.0),
            ("p100", 10.0),
            ("tm90", 5.0),
            ("TM(:90%)", 5.0),
            ("TM(10%:90%)", 5.5),
            ("TM(10%:)", 6.0),
            ("TM(2:5)", 4.0),
            ("IQM", 5.5),
            ("wm90", 5.4),
            ("WM(20%:80%)", 5.3),
            ("WM(3:8)", 5.5),
            ("tc90", 9.0),
            ("TC(2:5)", 3.0),
            ("TC(100:)", 0.0),
            ("ts90", 45.0),
            ("TS(80%:)", 19.0),
            ("PR(:3)", 30.0),
            ("PR(3:7)", 40.0),
        ];
        for (text, expected) in cases {
            let actual = of(text, &ten()).unwrap();
            assert!((actual - expected).abs() < 1e-9, "{text}: {actual}, not {expected}");
        }
        assert_eq!(of("TM(100:)", &ten()), None, "a mean of nothing");
    }

    #[test]
    fn bounds_fall_within_values_that_came_often() {
        let measured = Summary::total([&Summary::of(1.0, 3.0), &Summary::of(5.0, 1.0)]).unwrap();
        assert_eq!(of("tm50", &measured), Some(1.0));
        assert_eq!(of("TS(50%:100%)", &measured), Some(6.0));
        assert_eq!(of("p75", &measured), Some(1.0));
        assert_eq!(of("p76", &measured), Some(5.0));
    }

    #[test]
    fn unknown_or_negative_values_have_no_percentiles() {
        assert_eq!(of("p50", &Summary::of_sums(3.0, 9.0, 1.0, 5.0)), None);
        assert_eq!(of("Average", &Summary::of_sums(3.0, 9.0, 1.0, 5.0)), Some(3.0));
        assert_eq!(of("p50", &Summary::of(-1.0, 1.0)), None);
        assert_eq!(of("TC(:10)", &Summary::of(-1.0, 1.0)), None);
    }

    #[test]
    fn what_is_no_statistic_is_none() {
        let all = [
            "",
            "p",
            "p101",
            "p-1",
            "p1e1",
            "p99.",
            "p99.12345678901",
            "P99",
            "average",
            "Average ",
            "TM",
            "TM()",
            "TM(:)",
            "TM(90%:10%)",
            "TM(10:90%)",
            "tm101",
            "PR(10%:20%)",
            "pr90",
            "IQM(1:2)",
            "TX(1:2)",
            "é1",
            "TM(1:2",
        ];
        for text in all {
            assert_eq!(Statistic::read(text), None, "{text}");
        }
    }
}
