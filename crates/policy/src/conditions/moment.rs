/// A moment: seconds since 1970 and nanoseconds.
///
/// Read from W3C's ISO 8601 (`2026`, `2026-11`, `2026-11-21`, `2026-11-21T09:30Z`, `…:00.5+01:00`; without offset: UTC) or from
/// whole seconds since the epoch. Four digits are a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    seconds: i64,
    nanos: u32,
}

impl Moment {
    pub(crate) fn new(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.len() != 4 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self { seconds: text.parse().ok()?, nanos: 0 });
        }
        let (date, time) = match text.find(['T', 't']) {
            Some(at) => (text.get(..at)?, text.get(at + 1..)),
            None => (text, None),
        };
        let mut fields = date.split('-');
        let year = number(fields.next()?, 4, 4)?;
        let month = fields.next().map_or(Some(1), |text| number(text, 2, 2))?;
        let day = fields.next().map_or(Some(1), |text| number(text, 2, 2))?;
        if fields.next().is_some() || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
            return None;
        }
        if time.is_some() && date.len() != 10 {
            return None;
        }
        let (second_of_day, nanos) = time.map_or(Some((0, 0)), clock)?;
        Some(Self { seconds: days_from_epoch(year, month, day) * 86_400 + second_of_day, nanos })
    }
}

/// Seconds since midnight UTC (negative or above a day where the offset says so) and nanoseconds.
fn clock(text: &str) -> Option<(i64, u32)> {
    let (text, offset) = match text.find(['Z', 'z', '+', '-']) {
        None => (text, 0),
        Some(at) => (text.get(..at)?, offset(text.get(at..)?)?),
    };
    let mut fields = text.split(':');
    let hour = number(fields.next()?, 1, 2)?;
    let minute = fields.next().map_or(Some(0), |text| number(text, 2, 2))?;
    let (second, nanos) = match fields.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            None => (number(seconds, 2, 2)?, 0),
            Some((whole, fraction)) => {
                let shift = 9_u32.checked_sub(u32::try_from(fraction.len()).ok()?)?;
                (number(whole, 2, 2)?, u32::try_from(number(fraction, 1, 9)? * 10_i64.pow(shift)).ok()?)
            }
        },
    };
    let fits = hour < 24 && minute < 60 && second < 60 && fields.next().is_none();
    fits.then_some((hour * 3600 + minute * 60 + second - offset, nanos))
}

/// `Z`, `+01`, `+0130`, `-05:30` in seconds.
fn offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let rest = text.get(1..)?;
    let minutes = rest.get(2..)?;
    let minutes =
        if minutes.is_empty() { 0 } else { number(minutes.strip_prefix(':').unwrap_or(minutes), 2, 2)? };
    let hours = number(rest.get(..2)?, 2, 2)?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn number(text: &str, shortest: usize, longest: usize) -> Option<i64> {
    let fits = (shortest..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar, for the years 0 to 9999.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let before = (1..month).map(|month| days_in(year, month)).sum::<i64>();
    let years = year - 1;
    let leaps = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
    years * 365 + leaps + before + day - 719_163
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> i64 {
        Moment::new(text).unwrap_or_else(|| panic!("{text}")).seconds
    }

    #[test]
    fn reads_every_form() {
        for (text, expected) in [
            ("1970", 0),
            ("1970-01-02", 86_400),
            ("2000-03", 951_868_800),
            ("2026-11-21T09:30:00Z", 1_795_253_400),
            ("2026-11-21T09:30Z", 1_795_253_400),
            ("2026-11-21t9:30:00z", 1_795_253_400),
            ("2026-11-21T09:30:00", 1_795_253_400),
            ("2026-11-21T10:30:00+01:00", 1_795_253_400),
            ("2026-11-21T04:00:00-0530", 1_795_253_400),
            ("2026-11-21T10:30:00+01", 1_795_253_400),
            ("1795253400", 1_795_253_400),
            ("-292275054", -292_275_054),
            ("0", 0),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
        assert!(Moment::new("2016-12-13t2:00:00.593194+23").is_some());
        assert!(Moment::new("2026-11-21T09:30:00.25Z") < Moment::new("2026-11-21T09:30:00.3Z"));
    }

    #[test]
    fn refuses_the_rest() {
        for bad in [
            "",
            "-",
            "sdfdsf",
            "b",
            "234-13",
            "2016-12-13t2:00:00.593194+1",
            "2016-12-13t2:00:00.1999999999+10:59",
            "9223372036854775808",
            "2026-13-01",
            "2026-02-29",
            "2026-11-21T24:00:00Z",
            "2026-11T09:30Z",
            "2026-11-21T09:60Z",
            "2026-11-21 09:30",
            "2026-11-21T",
            "2026-11-21T09:30:00Zx",
            "20é6",
        ] {
            assert_eq!(Moment::new(bad), None, "{bad}");
        }
    }
}
