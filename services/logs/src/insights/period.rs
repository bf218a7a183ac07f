use names::Timestamp;

const SECOND: i64 = 1000;
const DAY: i64 = 24 * 60 * 60 * SECOND;
/// 1970-01-05, the first Monday.
const MONDAY: i64 = 4 * DAY;

/// How long `bin`, `datefloor` and `dateceil` count: `5m`, `1 h`, `2mo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    /// Milliseconds, from an origin.
    Fixed(i64, i64),
    /// Months of the calendar.
    Months(i64),
}

impl Period {
    /// Reads a count and a unit; None where the unit is none of AWS's.
    ///
    /// Weeks begin on Mondays; AWS does not say when.
    pub(super) fn new(count: i64, unit: &str) -> Option<Self> {
        let unit = unit.to_ascii_lowercase();
        // Units of more than one character may be in the plural.
        let unit = match unit.as_str() {
            "ms" => "ms",
            long if long.len() > 2 => long.strip_suffix('s').unwrap_or(long),
            short => short,
        };
        let (length, origin) = match unit {
            "ms" | "msec" | "millisecond" => (1, 0),
            "s" | "sec" | "second" => (SECOND, 0),
            "m" | "min" | "minute" => (60 * SECOND, 0),
            "h" | "hr" | "hour" => (60 * 60 * SECOND, 0),
            "d" | "day" => (DAY, 0),
            "w" | "week" => (7 * DAY, MONDAY),
            "mo" | "mon" | "month" => return Self::months(count, 1),
            "q" | "qtr" | "quarter" => return Self::months(count, 3),
            "y" | "yr" | "year" => return Self::months(count, 12),
            _ => return None,
        };
        let length = count.checked_mul(length).filter(|length| *length > 0)?;
        Some(Self::Fixed(length, origin))
    }

    fn months(count: i64, each: i64) -> Option<Self> {
        count.checked_mul(each).filter(|months| *months > 0).map(Self::Months)
    }

    /// The beginning of the period that a moment is in.
    pub(super) fn floor(self, millis: i64) -> i64 {
        match self {
            Self::Fixed(length, origin) => {
                let since = millis.saturating_sub(origin);
                since.div_euclid(length).saturating_mul(length).saturating_add(origin)
            }
            Self::Months(months) => {
                let (year, month, _) = Timestamp::from_millis(millis).date();
                let index = i64::from(year) * 12 + i64::from(month) - 1;
                month_start(index.div_euclid(months).saturating_mul(months))
            }
        }
    }

    /// The beginning of the next one, unless the moment is a beginning.
    pub(super) fn ceil(self, millis: i64) -> i64 {
        let floor = self.floor(millis);
        match self {
            _ if floor == millis => floor,
            Self::Fixed(length, _) => floor.saturating_add(length),
            Self::Months(months) => {
                let (year, month, _) = Timestamp::from_millis(floor).date();
                month_start((i64::from(year) * 12 + i64::from(month) - 1).saturating_add(months))
            }
        }
    }
}

/// When a month begins, counted from January of the year 0; the epoch, where the calendar has no such month.
fn month_start(index: i64) -> i64 {
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
    Timestamp::parse_iso(&format!("{year:04}-{month:02}-01T00:00:00Z")).unwrap_or_default().millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        Timestamp::parse_iso(text).unwrap().millis()
    }

    #[test]
    fn moments_are_rounded_to_periods() {
        let moment = at("2026-11-21T09:37:42.123Z");
        for (count, unit, floor, ceil) in [
            (5, "m", "2026-11-21T09:35:00.000Z", "2026-11-21T09:40:00.000Z"),
            (30, "s", "2026-11-21T09:37:30.000Z", "2026-11-21T09:38:00.000Z"),
            (100, "ms", "2026-11-21T09:37:42.100Z", "2026-11-21T09:37:42.200Z"),
            (1, "hour", "2026-11-21T09:00:00.000Z", "2026-11-21T10:00:00.000Z"),
            (2, "hrs", "2026-11-21T08:00:00.000Z", "2026-11-21T10:00:00.000Z"),
            (1, "d", "2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z"),
            (1, "w", "2026-11-16T00:00:00.000Z", "2026-11-23T00:00:00.000Z"),
            (1, "mo", "2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"),
            (1, "q", "2026-10-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"),
            (1, "y", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"),
        ] {
            let period = Period::new(count, unit).unwrap();
            assert_eq!(period.floor(moment), at(floor), "{count}{unit}");
            assert_eq!(period.ceil(moment), at(ceil), "{count}{unit}");
            assert_eq!(period.ceil(at(floor)), at(floor), "{count}{unit}");
        }
    }

    #[test]
    fn what_is_no_period_is_none() {
        for (count, unit) in
            [(0, "m"), (-1, "m"), (5, "fortnight"), (5, ""), (i64::MAX, "d"), (i64::MAX, "y")]
        {
            assert_eq!(Period::new(count, unit), None, "{count}{unit}");
        }
        Period::new(1, "y").unwrap().ceil(i64::MAX);
        Period::new(1, "w").unwrap().ceil(i64::MIN);
    }
}
