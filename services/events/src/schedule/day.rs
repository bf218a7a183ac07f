//! The days of cron: of the month or of the week, never of both.

use super::cron::{Values, named, number};
use jiff::civil::{Date, Weekday};

const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// Which days fit. One of the two fields must be `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Day {
    OfMonth(Vec<OfMonth>),
    OfWeek(Vec<OfWeek>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OfMonth {
    Values(Values),
    /// `L`
    Last,
    /// `LW`: the last weekday.
    LastWeekday,
    /// `15W`: the weekday that is nearest to a day, in the same month.
    NearestWeekday(i8),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OfWeek {
    /// 1 is Sunday.
    Values(Values),
    /// `6L`: the last Friday of the month.
    Last(u32),
    /// `3#2`: the second Tuesday of the month.
    Nth(u32, i8),
}

impl Day {
    pub(super) fn read(of_month: &str, of_week: &str) -> Option<Self> {
        match (of_month, of_week) {
            ("?", "?") => None,
            (of_month, "?") => {
                of_month.split(',').map(OfMonth::read).collect::<Option<_>>().map(Self::OfMonth)
            }
            ("?", of_week) => of_week.split(',').map(OfWeek::read).collect::<Option<_>>().map(Self::OfWeek),
            _ => None,
        }
    }

    pub(super) fn has(&self, date: Date) -> bool {
        match self {
            Self::OfMonth(parts) => parts.iter().any(|part| part.has(date)),
            Self::OfWeek(parts) => parts.iter().any(|part| part.has(date)),
        }
    }
}

impl OfMonth {
    fn read(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "L" => Some(Self::Last),
            "LW" => Some(Self::LastWeekday),
            upper => match upper.strip_suffix('W') {
                Some(day) => {
                    let day = number(day).filter(|day| (1..=31).contains(day))?;
                    i8::try_from(day).ok().map(Self::NearestWeekday)
                }
                None => Values::read(text, 1, 31, &[]).map(Self::Values),
            },
        }
    }

    fn has(&self, date: Date) -> bool {
        match self {
            Self::Values(values) => u32::try_from(date.day()).is_ok_and(|day| values.has(day)),
            Self::Last => date.day() == date.days_in_month(),
            Self::LastWeekday => nearest_weekday(date, date.days_in_month()) == Some(date),
            Self::NearestWeekday(day) => {
                *day <= date.days_in_month() && nearest_weekday(date, *day) == Some(date)
            }
        }
    }
}

/// The weekday nearest to a day of a date's month, without leaving the month.
fn nearest_weekday(month: Date, day: i8) -> Option<Date> {
    let wanted = Date::new(month.year(), month.month(), day).ok()?;
    match wanted.weekday() {
        Weekday::Saturday if day == 1 => Date::new(month.year(), month.month(), 3).ok(),
        Weekday::Saturday => wanted.yesterday().ok(),
        Weekday::Sunday if day == month.days_in_month() => {
            Date::new(month.year(), month.month(), day - 2).ok()
        }
        Weekday::Sunday => wanted.tomorrow().ok(),
        _ => Some(wanted),
    }
}

impl OfWeek {
    fn read(text: &str) -> Option<Self> {
        let one = |text: &str| named(text, DAYS, 1).filter(|day| (1..=7).contains(day));
        if text.eq_ignore_ascii_case("L") {
            return Values::read("7", 1, 7, DAYS).map(Self::Values);
        }
        if let Some((day, nth)) = text.split_once('#') {
            let nth = number(nth).filter(|nth| (1..=5).contains(nth))?;
            return Some(Self::Nth(one(day)?, i8::try_from(nth).ok()?));
        }
        match text.strip_suffix(['L', 'l']) {
            Some(day) => one(day).map(Self::Last),
            None => Values::read(text, 1, 7, DAYS).map(Self::Values),
        }
    }

    fn has(&self, date: Date) -> bool {
        let weekday = u32::try_from(date.weekday().to_sunday_one_offset()).unwrap_or_default();
        match self {
            Self::Values(values) => values.has(weekday),
            Self::Last(day) => weekday == *day && date.day() + 7 > date.days_in_month(),
            Self::Nth(day, nth) => weekday == *day && (date.day() - 1) / 7 + 1 == *nth,
        }
    }
}
