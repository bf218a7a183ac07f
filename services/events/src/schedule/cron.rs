//! `cron(minutes hours day-of-month month day-of-week year)`.

use super::day::Day;
use jiff::civil::Date;
use names::Timestamp;

const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAY: i64 = 24 * 60 * 60 * 1000;
const MINUTE: i64 = 60 * 1000;
const FIRST_YEAR: u32 = 1970;
const LAST_YEAR: u32 = 2199;

/// A read expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cron {
    minutes: Values,
    hours: Values,
    day: Day,
    months: Values,
    years: Values,
}

/// Values of a field, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Values(Vec<u32>);

impl Values {
    pub(super) fn has(&self, value: u32) -> bool {
        self.0.binary_search(&value).is_ok()
    }

    /// Reads `*`, `5`, `1-5`, `*/15`, `10/5`, `1-9/2` and lists of them; names stand for numbers from `low`.
    pub(super) fn read(text: &str, low: u32, high: u32, names: &[&str]) -> Option<Self> {
        let mut values = Vec::new();
        for part in text.split(',') {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, Some(number(step).filter(|step| *step > 0)?)),
                None => (part, None),
            };
            let one = |text: &str| named(text, names, low).filter(|value| (low..=high).contains(value));
            let (first, last) = match range.split_once('-') {
                Some((first, last)) => (one(first)?, one(last)?),
                None if range == "*" => (low, high),
                None => {
                    let first = one(range)?;
                    (first, if step.is_some() { high } else { first })
                }
            };
            if first > last {
                return None;
            }
            let step = usize::try_from(step.unwrap_or(1)).ok()?;
            values.extend((first..=last).step_by(step));
        }
        values.sort_unstable();
        values.dedup();
        Some(Self(values))
    }
}

/// Digits only, few of them.
pub(super) fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// A number, or a name that stands for one.
pub(super) fn named(text: &str, names: &[&str], low: u32) -> Option<u32> {
    let position = names.iter().position(|name| name.eq_ignore_ascii_case(text));
    position
        .and_then(|position| u32::try_from(position).ok())
        .map(|position| position + low)
        .or_else(|| number(text))
}

impl Cron {
    pub(super) fn read(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split(' ').filter(|field| !field.is_empty()).collect();
        let [minutes, hours, day_of_month, months, day_of_week, years] = fields.as_slice() else {
            return None;
        };
        Some(Self {
            minutes: Values::read(minutes, 0, 59, &[])?,
            hours: Values::read(hours, 0, 23, &[])?,
            day: Day::read(day_of_month, day_of_week)?,
            months: Values::read(months, 1, 12, MONTHS)?,
            years: Values::read(years, FIRST_YEAR, LAST_YEAR, &[])?,
        })
    }

    /// The first minute after a moment that fits.
    pub(super) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let earliest = after.millis().div_euclid(MINUTE).checked_add(1)?.checked_mul(MINUTE)?;
        let mut midnight = earliest.div_euclid(DAY).checked_mul(DAY)?;
        let mut date = date(Timestamp::from_millis(midnight))?;
        while u32::try_from(date.year()).ok()? <= LAST_YEAR {
            if !self.years.has(u32::try_from(date.year()).ok()?) {
                date = Date::new(date.year().checked_add(1)?, 1, 1).ok()?;
                midnight = millis(date)?;
                continue;
            }
            let fits = self.months.has(u32::try_from(date.month()).ok()?) && self.day.has(date);
            if fits && let Some(moment) = self.first_in(midnight, earliest) {
                return Some(moment);
            }
            date = date.tomorrow().ok()?;
            midnight = midnight.checked_add(DAY)?;
        }
        None
    }

    fn first_in(&self, midnight: i64, earliest: i64) -> Option<Timestamp> {
        self.hours.0.iter().find_map(|hour| {
            self.minutes.0.iter().find_map(|minute| {
                let moment = midnight + i64::from(*hour) * 60 * MINUTE + i64::from(*minute) * MINUTE;
                (moment >= earliest).then_some(Timestamp::from_millis(moment))
            })
        })
    }
}

fn date(moment: Timestamp) -> Option<Date> {
    let (year, month, day) = moment.date();
    Date::new(year, month, day).ok()
}

fn millis(date: Date) -> Option<i64> {
    let zoned = date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_millisecond())
}
