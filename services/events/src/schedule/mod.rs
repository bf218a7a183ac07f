//! Schedule expressions: `rate(5 minutes)` and `cron(0 12 * * ? *)`, in UTC.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html>

mod cron;
mod day;
#[cfg(test)]
mod tests;

use cron::Cron;
use names::Timestamp;
use std::time::Duration;

/// When a rule fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Schedule {
    /// Each time that so much has passed since the rule was made, changed or enabled.
    Rate(Duration),
    /// At minutes of the calendar.
    Cron(Box<Cron>),
}

impl Schedule {
    /// Reads an expression; None where it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let inside = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        match (inside("rate"), inside("cron")) {
            (Some(rate), _) => rate_of(rate).map(Self::Rate),
            (_, Some(cron)) => Cron::read(cron).map(|cron| Self::Cron(Box::new(cron))),
            (None, None) => None,
        }
    }

    /// The first moment after another at which it fires; None where there is none any more. `begun` is when the rule began to count.
    pub(crate) fn next(&self, begun: Timestamp, after: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Cron(cron) => cron.next(after),
            Self::Rate(every) => {
                let every = i64::try_from(every.as_millis()).ok().filter(|every| *every > 0)?;
                let gone = after.millis().saturating_sub(begun.millis()).max(0).div_euclid(every);
                let next = gone.checked_add(1)?.checked_mul(every)?.checked_add(begun.millis())?;
                Some(Timestamp::from_millis(next))
            }
        }
    }
}

/// `5 minutes`: one of a unit is written in the singular, more in the plural.
fn rate_of(text: &str) -> Option<Duration> {
    let (value, unit) = text.split_once(' ')?;
    if value.len() > 9 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: u64 = value.parse().ok().filter(|value| *value > 0)?;
    let minutes = match (unit, value) {
        ("minute", 1) => 1,
        ("hour", 1) => 60,
        ("day", 1) => 24 * 60,
        ("minutes", 2..) => value,
        ("hours", 2..) => value.checked_mul(60)?,
        ("days", 2..) => value.checked_mul(24 * 60)?,
        _ => return None,
    };
    Some(Duration::from_secs(minutes.checked_mul(60)?))
}
