//! Why an alarm is in its state: the sentence and the JSON (`StateReason`, `StateReasonData`), as AWS writes them.

use super::decide::{Criteria, Datapoint, Missing};
use super::number::print;
use super::time;
use api_cloudwatch::{ComparisonOperator, StateValue};
use names::Timestamp;
use wire::{Document, document};

/// The reason of an alarm that was not evaluated yet.
pub(crate) const UNCHECKED: &str = "Unchecked: Initial alarm creation";

/// So many datapoints are listed; where there are as many or more, the sentence has another form.
const LISTED: usize = 5;
/// The newest datapoints that the JSON tells: it may have 4000 characters.
const RECENT: usize = 60;
const EVALUATED: usize = 20;

/// What the sentence is about.
pub(crate) struct Decided<'a> {
    pub(crate) criteria: &'a Criteria,
    /// The alarm says how many datapoints have to breach: then the sentence does, too.
    pub(crate) counts: bool,
    pub(crate) state: StateValue,
    /// Newest first.
    pub(crate) evaluated: &'a [Datapoint],
    pub(crate) filled: Option<(usize, Missing)>,
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn datapoints(count: usize) -> String {
    plural(count, "datapoint", "datapoints")
}

fn was(count: usize) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

/// `greater than or equal to`.
fn comparison(operator: ComparisonOperator) -> &'static str {
    match operator {
        ComparisonOperator::GreaterThanOrEqualToThreshold => "greater than or equal to",
        ComparisonOperator::LessThanThreshold => "less than",
        ComparisonOperator::LessThanOrEqualToThreshold => "less than or equal to",
        _ => "greater than",
    }
}

impl Decided<'_> {
    /// The sentence.
    pub(crate) fn sentence(&self) -> String {
        let of = self.criteria.of;
        if self.state == StateValue::InsufficientData {
            return format!("Insufficient Data: {} {} unknown.", datapoints(of), was(of));
        }
        let alarm = self.state == StateValue::Alarm;
        let decisive: Vec<&Datapoint> =
            self.evaluated.iter().filter(|point| self.criteria.breaches(point.value) == alarm).collect();
        let missing = self.filled.map(|(count, how)| {
            let how = if how == Missing::Breaching { "Breaching" } else { "NonBreaching" };
            let count_text = plural(count, "missing datapoint", "missing datapoints");
            format!(" and {count_text} {} treated as [{how}]", was(count))
        });
        let missing = missing.unwrap_or_default();
        if decisive.is_empty() {
            let received = match self.evaluated.len() {
                0 => "no datapoints were".to_owned(),
                count => format!("{} {}", datapoints(count), was(count)),
            };
            let periods = plural(of, "period", "periods");
            return format!("Threshold Crossed: {received} received for {periods}{missing}.");
        }
        let count = decisive.len();
        let listed: Vec<String> = decisive
            .iter()
            .take(LISTED)
            .map(|point| format!("{} ({})", print(point.value), time::short(point.at)))
            .collect();
        let listed = listed.join(", ");
        let subject =
            if self.counts { format!("{count} out of the last {of} datapoints") } else { datapoints(count) };
        let not = if alarm { "" } else { "not " };
        let crossed = format!(
            "{} {not}{} the threshold ({})",
            was(count),
            comparison(self.criteria.operator),
            print(self.criteria.threshold)
        );
        let transition = if self.counts { self.minimum() } else { String::new() };
        if count < LISTED {
            format!("Threshold Crossed: {subject} [{listed}] {crossed}{missing}{transition}.")
        } else {
            let which = if alarm { " which crossed the threshold" } else { "" };
            format!(
                "Threshold Crossed: {subject} {crossed}{missing}. The most recent datapoints{which}: [{listed}]{transition}."
            )
        }
    }

    /// ` (minimum 1 datapoint for OK -> ALARM transition)`: AWS names these two states, whatever the state was.
    fn minimum(&self) -> String {
        let (from, to, least) = if self.state == StateValue::Alarm {
            (StateValue::Ok, StateValue::Alarm, self.criteria.at_least)
        } else {
            let least = self.criteria.of.saturating_sub(self.criteria.at_least).saturating_add(1);
            (StateValue::Alarm, StateValue::Ok, least)
        };
        format!(" (minimum {} for {from} -> {to} transition)", datapoints(least))
    }
}

/// What the JSON says besides.
pub(crate) struct Queried<'a> {
    pub(crate) at: Timestamp,
    pub(crate) period: i32,
    /// None for an expression.
    pub(crate) statistic: Option<&'a str>,
    pub(crate) unit: Option<&'a str>,
    /// The newest periods that were evaluated or are missing, newest first.
    pub(crate) periods: &'a [Timestamp],
}

impl Decided<'_> {
    /// The JSON.
    pub(crate) fn data(&self, queried: &Queried<'_>) -> Document {
        let mut data = document!({ "version": "1.0", "queryDate": (time::long(queried.at)) });
        if let Some(oldest) = self.evaluated.last() {
            data.set("startDate", time::long(oldest.at));
        }
        if let Some(unit) = queried.unit {
            data.set("unit", unit);
        }
        if let Some(statistic) = queried.statistic {
            data.set("statistic", statistic);
        }
        data.set("period", i64::from(queried.period));
        let recent = self.evaluated.iter().take(RECENT).rev().map(|point| Document::from(point.value));
        data.set("recentDatapoints", Document::Array(recent.collect()));
        data.set("threshold", self.criteria.threshold);
        let known = |at: Timestamp| self.evaluated.iter().find(|point| point.at == at);
        let periods = queried.periods.iter().take(EVALUATED).map(|at| {
            let mut period = document!({ "timestamp": (time::long(*at)) });
            if let Some(point) = known(*at) {
                if let Some(samples) = point.samples {
                    period.set("sampleCount", samples);
                }
                period.set("value", point.value);
            }
            period
        });
        data.set("evaluatedDatapoints", Document::Array(periods.collect()));
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60;

    fn at(minute: i64) -> Timestamp {
        // 2026-11-22T07:40:00Z
        Timestamp::from_seconds(1_795_333_200 + minute * MINUTE)
    }

    fn points(values: &[f64]) -> Vec<Datapoint> {
        let newest_first = values.iter().enumerate();
        newest_first
            .map(|(index, value)| Datapoint {
                at: at(-i64::try_from(index).unwrap()),
                value: *value,
                samples: Some(1.0),
            })
            .collect()
    }

    fn sentence(
        (at_least, of, counts): (usize, usize, bool),
        state: StateValue,
        values: &[f64],
        filled: Option<(usize, Missing)>,
    ) -> String {
        let operator = ComparisonOperator::GreaterThanThreshold;
        let criteria = Criteria { operator, threshold: 1.0, of, at_least, missing: Missing::Unknown };
        let evaluated = points(values);
        Decided { criteria: &criteria, counts, state, evaluated: &evaluated, filled }.sentence()
    }

    #[test]
    fn sentences_are_those_of_aws() {
        use StateValue::{Alarm, InsufficientData, Ok};
        let ones = [5.0; 24];
        for (found, expected) in [
            (
                sentence((1, 1, true), Alarm, &[5.0], None),
                "Threshold Crossed: 1 out of the last 1 datapoints [5.0 (22/11/26 07:40:00)] was greater than the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).",
            ),
            (
                sentence((1, 1, true), Ok, &[0.5], None),
                "Threshold Crossed: 1 out of the last 1 datapoints [0.5 (22/11/26 07:40:00)] was not greater than the threshold (1.0) (minimum 1 datapoint for ALARM -> OK transition).",
            ),
            (
                sentence((2, 3, true), Ok, &[0.5, 3.0, 0.0], None),
                "Threshold Crossed: 2 out of the last 3 datapoints [0.5 (22/11/26 07:40:00), 0.0 (22/11/26 07:38:00)] were not greater than the threshold (1.0) (minimum 2 datapoints for ALARM -> OK transition).",
            ),
            (
                sentence((1, 1, false), Alarm, &[5.0], None),
                "Threshold Crossed: 1 datapoint [5.0 (22/11/26 07:40:00)] was greater than the threshold (1.0).",
            ),
            (
                sentence((24, 24, false), Alarm, &ones, None),
                "Threshold Crossed: 24 datapoints were greater than the threshold (1.0). The most recent datapoints which crossed the threshold: [5.0 (22/11/26 07:40:00), 5.0 (22/11/26 07:39:00), 5.0 (22/11/26 07:38:00), 5.0 (22/11/26 07:37:00), 5.0 (22/11/26 07:36:00)].",
            ),
            (
                sentence((5, 5, true), Alarm, &ones[..5], None),
                "Threshold Crossed: 5 out of the last 5 datapoints were greater than the threshold (1.0). The most recent datapoints which crossed the threshold: [5.0 (22/11/26 07:40:00), 5.0 (22/11/26 07:39:00), 5.0 (22/11/26 07:38:00), 5.0 (22/11/26 07:37:00), 5.0 (22/11/26 07:36:00)] (minimum 5 datapoints for OK -> ALARM transition).",
            ),
            (
                sentence((1, 20, true), Alarm, &[5.0], Some((19, Missing::NotBreaching))),
                "Threshold Crossed: 1 out of the last 20 datapoints [5.0 (22/11/26 07:40:00)] was greater than the threshold (1.0) and 19 missing datapoints were treated as [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition).",
            ),
            (
                sentence((2, 3, true), Alarm, &[0.0], Some((2, Missing::Breaching))),
                "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].",
            ),
            (
                sentence((1, 1, false), Alarm, &[], Some((1, Missing::Breaching))),
                "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].",
            ),
            (
                sentence((2, 2, false), Ok, &[], Some((2, Missing::NotBreaching))),
                "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [NonBreaching].",
            ),
            (
                sentence((1, 1, true), InsufficientData, &[], None),
                "Insufficient Data: 1 datapoint was unknown.",
            ),
            (
                sentence((2, 2, true), InsufficientData, &[], None),
                "Insufficient Data: 2 datapoints were unknown.",
            ),
        ] {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn the_data_lists_what_was_evaluated() {
        let criteria = Criteria {
            operator: ComparisonOperator::GreaterThanThreshold,
            threshold: 1.0,
            of: 2,
            at_least: 1,
            missing: Missing::NotBreaching,
        };
        let evaluated = points(&[3.0]);
        let state = StateValue::Alarm;
        let filled = Some((1, Missing::NotBreaching));
        let decided = Decided { criteria: &criteria, counts: true, state, evaluated: &evaluated, filled };
        let queried = Queried {
            at: at(1),
            period: 60,
            statistic: Some("Sum"),
            unit: Some("Count"),
            periods: &[at(0), at(-1)],
        };
        assert_eq!(
            decided.data(&queried).to_string(),
            concat!(
                r#"{"version":"1.0","queryDate":"2026-11-22T07:41:00.000+0000","startDate":"2026-11-22T07:40:00.000+0000","unit":"Count","statistic":"Sum","#,
                r#""period":60,"recentDatapoints":[3.0],"threshold":1.0,"evaluatedDatapoints":["#,
                r#"{"timestamp":"2026-11-22T07:40:00.000+0000","sampleCount":1.0,"value":3.0},{"timestamp":"2026-11-22T07:39:00.000+0000"}]}"#
            )
        );
        let nothing =
            Decided { state: StateValue::InsufficientData, evaluated: &[], filled: None, ..decided };
        let queried = Queried { unit: None, periods: &[at(0)], ..queried };
        assert_eq!(
            nothing.data(&queried).to_string(),
            concat!(
                r#"{"version":"1.0","queryDate":"2026-11-22T07:41:00.000+0000","statistic":"Sum","period":60,"recentDatapoints":[],"#,
                r#""threshold":1.0,"evaluatedDatapoints":[{"timestamp":"2026-11-22T07:40:00.000+0000"}]}"#
            )
        );
    }
}
