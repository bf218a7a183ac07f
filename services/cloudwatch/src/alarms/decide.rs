//! What an alarm's datapoints say: M out of N, with missing data treated as the alarm wants. Pure.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html>. More periods are looked at than are evaluated (the
//! evaluation range), so that real datapoints are preferred to missing ones.

use api_cloudwatch::{ComparisonOperator, StateValue};
use names::Timestamp;

/// How many periods more than are evaluated are looked at: AWS's page has five for alarms of three.
pub(crate) const MARGIN: usize = 2;

/// How missing datapoints count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// They say nothing (`missing`).
    Unknown,
    /// They leave the state as it is.
    Ignore,
    Breaching,
    NotBreaching,
}

/// When there is an alarm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Criteria {
    pub(crate) operator: ComparisonOperator,
    pub(crate) threshold: f64,
    /// N: how many datapoints are evaluated.
    pub(crate) of: usize,
    /// M: how many of them have to breach.
    pub(crate) at_least: usize,
    pub(crate) missing: Missing,
}

/// A period in which something was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Datapoint {
    /// When the period begins.
    pub(crate) at: Timestamp,
    pub(crate) value: f64,
    /// How many samples it is made of; None of an expression's value.
    pub(crate) samples: Option<f64>,
}

/// A period of the evaluation range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Period {
    pub(crate) at: Timestamp,
    /// None: it is missing.
    pub(crate) datapoint: Option<Datapoint>,
}

/// What was decided, and on what.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    /// The state, the real datapoints that were evaluated (newest first), and how many missing ones counted as what.
    State { state: StateValue, evaluated: Vec<Datapoint>, filled: Option<(usize, Missing)> },
    /// The state stays what it is.
    Retained,
}

impl Criteria {
    /// Whether a value breaches the threshold. Anomaly bands are no thresholds: nothing breaches them here, and no alarm has one.
    pub(crate) fn breaches(&self, value: f64) -> bool {
        match self.operator {
            ComparisonOperator::GreaterThanOrEqualToThreshold => value >= self.threshold,
            ComparisonOperator::GreaterThanThreshold => value > self.threshold,
            ComparisonOperator::LessThanThreshold => value < self.threshold,
            ComparisonOperator::LessThanOrEqualToThreshold => value <= self.threshold,
            _ => false,
        }
    }

    /// Decides on the periods of the evaluation range, newest first.
    pub(crate) fn decide(&self, range: &[Period]) -> Verdict {
        let mut evaluated: Vec<Datapoint> = range.iter().filter_map(|period| period.datapoint).collect();
        evaluated.truncate(self.of);
        let breaching = evaluated.iter().filter(|point| self.breaches(point.value)).count();
        let missing = self.of.saturating_sub(evaluated.len());
        let by_count = |count: usize| if count >= self.at_least { StateValue::Alarm } else { StateValue::Ok };
        if missing == 0 {
            return Verdict::State { state: by_count(breaching), evaluated, filled: None };
        }
        let (state, filled) = match self.missing {
            Missing::Breaching => {
                (by_count(breaching.saturating_add(missing)), Some((missing, self.missing)))
            }
            Missing::NotBreaching => (by_count(breaching), Some((missing, self.missing))),
            Missing::Unknown | Missing::Ignore => match self.without_filling(range, &evaluated, breaching) {
                Some(state) => (state, None),
                None if self.missing == Missing::Ignore => return Verdict::Retained,
                None => (StateValue::InsufficientData, None),
            },
        };
        Verdict::State { state, evaluated, filled }
    }

    /// The state, where there are too few datapoints and missing ones count for nothing; None where they say nothing yet.
    ///
    /// Datapoints that all breach, but are fewer than are asked for, are an alarm once the oldest of them is as old as M periods: then nothing
    /// that is still to come could have made it OK earlier. A younger one might be followed by others that do not breach.
    fn without_filling(
        &self,
        range: &[Period],
        evaluated: &[Datapoint],
        breaching: usize,
    ) -> Option<StateValue> {
        if breaching >= self.at_least {
            return Some(StateValue::Alarm);
        }
        if breaching < evaluated.len() {
            return Some(StateValue::Ok);
        }
        if self.missing == Missing::Ignore {
            return None;
        }
        let oldest = evaluated.last()?;
        let age = range.iter().position(|period| period.at == oldest.at)?.saturating_add(1);
        (age >= self.at_least).then_some(StateValue::Alarm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `0 - X`: oldest first, as AWS's tables have them.
    fn range(text: &str) -> Vec<Period> {
        let periods = text.split(' ').enumerate().map(|(index, mark)| {
            let at = Timestamp::from_seconds(60 * i64::try_from(index).unwrap());
            let value = match mark {
                "0" => Some(0.0),
                "X" => Some(9.0),
                _ => None,
            };
            let datapoint = value.map(|value| Datapoint { at, value, samples: Some(1.0) });
            Period { at, datapoint }
        });
        let mut periods: Vec<Period> = periods.collect();
        periods.reverse();
        periods
    }

    fn states(text: &str, at_least: usize, of: usize) -> [Option<StateValue>; 4] {
        [Missing::Unknown, Missing::Ignore, Missing::Breaching, Missing::NotBreaching].map(|missing| {
            let operator = ComparisonOperator::GreaterThanThreshold;
            let criteria = Criteria { operator, threshold: 1.0, of, at_least, missing };
            match criteria.decide(&range(text)) {
                Verdict::State { state, .. } => Some(state),
                Verdict::Retained => None,
            }
        })
    }

    const OK: Option<StateValue> = Some(StateValue::Ok);
    const ALARM: Option<StateValue> = Some(StateValue::Alarm);
    const INSUFFICIENT: Option<StateValue> = Some(StateValue::InsufficientData);
    const RETAINED: Option<StateValue> = None;

    /// The tables of AWS's page, in the order missing, ignore, breaching, notBreaching.
    #[test]
    fn missing_data_is_treated_as_aws_tabulates_it() {
        for (text, at_least, expected) in [
            ("0 - X - X", 3, [OK, OK, OK, OK]),
            ("0 - - - -", 3, [OK, OK, OK, OK]),
            ("- - - - -", 3, [INSUFFICIENT, RETAINED, ALARM, OK]),
            ("0 X X - X", 3, [ALARM, ALARM, ALARM, ALARM]),
            ("- - X - -", 3, [ALARM, RETAINED, ALARM, OK]),
            ("- - - - X", 3, [INSUFFICIENT, RETAINED, ALARM, OK]),
            ("X - - - -", 3, [ALARM, RETAINED, ALARM, OK]),
            ("0 - X - X", 2, [ALARM, ALARM, ALARM, ALARM]),
            ("0 0 X 0 X", 2, [ALARM, ALARM, ALARM, ALARM]),
            ("0 - X - -", 2, [OK, OK, ALARM, OK]),
            ("- - - - 0", 2, [OK, OK, ALARM, OK]),
            ("- - - - X", 2, [INSUFFICIENT, RETAINED, ALARM, OK]),
            ("- - - X -", 2, [ALARM, RETAINED, ALARM, OK]),
        ] {
            assert_eq!(states(text, at_least, 3), expected, "{at_least} of 3: {text}");
        }
    }

    #[test]
    fn one_of_one_decides_on_the_newest_datapoint() {
        for (text, expected) in [
            ("0 0 X", [ALARM; 4]),
            ("X X 0", [OK; 4]),
            ("X - -", [ALARM; 4]),
            ("- - -", [INSUFFICIENT, RETAINED, ALARM, OK]),
        ] {
            assert_eq!(states(text, 1, 1), expected, "{text}");
        }
    }

    #[test]
    fn operators_compare_as_they_are_named() {
        use ComparisonOperator as Op;
        for (operator, below, equal, above) in [
            (Op::GreaterThanThreshold, false, false, true),
            (Op::GreaterThanOrEqualToThreshold, false, true, true),
            (Op::LessThanThreshold, true, false, false),
            (Op::LessThanOrEqualToThreshold, true, true, false),
        ] {
            let criteria =
                Criteria { operator, threshold: 5.0, of: 1, at_least: 1, missing: Missing::Unknown };
            let found = [4.9, 5.0, 5.1].map(|value| criteria.breaches(value));
            assert_eq!(found, [below, equal, above], "{operator}");
        }
    }
}
