use crate::NameError;
use std::fmt;
use std::time::Duration;

/// A moment: milliseconds since 1970-01-01T00:00:00Z. AWS prints seconds or milliseconds, never less.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From seconds since the epoch.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Later by a duration, saturating.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Earlier by a duration, saturating.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The time from an earlier moment to this one; zero where it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    fn civil(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default()
    }

    /// `2026-11-21T09:30:00Z`.
    #[must_use]
    pub fn iso_seconds(self) -> String {
        self.civil().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// `2026-11-21T09:30:00.123Z`.
    #[must_use]
    pub fn iso_millis(self) -> String {
        self.civil().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
    }

    /// `20261121T093000Z`, SigV4's form.
    #[must_use]
    pub fn compact(self) -> String {
        self.civil().strftime("%Y%m%dT%H%M%SZ").to_string()
    }

    /// `Sat, 21 Nov 2026 09:30:00 GMT`, HTTP's form.
    #[must_use]
    pub fn http_date(self) -> String {
        self.civil().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// The UTC date as year, month, day.
    #[must_use]
    pub fn date(self) -> (i16, i8, i8) {
        let date = self.civil().to_zoned(jiff::tz::TimeZone::UTC).date();
        (date.year(), date.month(), date.day())
    }

    /// Reads ISO 8601 with an offset or `Z`.
    ///
    /// # Errors
    /// [`NameError`] where the text is no such moment.
    pub fn parse_iso(text: &str) -> Result<Self, NameError> {
        text.parse::<jiff::Timestamp>()
            .map(|moment| Self(moment.as_millisecond()))
            .map_err(|_| NameError::new(text, "an ISO 8601 moment"))
    }

    /// Reads SigV4's `20261121T093000Z`.
    ///
    /// # Errors
    /// [`NameError`] where the text is no such moment.
    pub fn parse_compact(text: &str) -> Result<Self, NameError> {
        let fail = || NameError::new(text, "a moment such as 20261121T093000Z");
        // Every signed request brings one: digits are read by hand, since a format string costs as much as the signature.
        let bytes: &[u8; 16] = text.as_bytes().try_into().map_err(|_| fail())?;
        let [.., b'T', _, _, _, _, _, _, b'Z'] = bytes else { return Err(fail()) };
        let number = |from: usize, to: usize| {
            text.get(from..to)
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|digits| digits.parse::<i16>().ok())
                .ok_or_else(fail)
        };
        let small = |from: usize| number(from, from + 2).and_then(|it| i8::try_from(it).map_err(|_| fail()));
        let date = jiff::civil::Date::new(number(0, 4)?, small(4)?, small(6)?).map_err(|_| fail())?;
        let time = jiff::civil::Time::new(small(9)?, small(11)?, small(13)?, 0).map_err(|_| fail())?;
        let moment = jiff::tz::Offset::UTC.to_timestamp(date.to_datetime(time)).map_err(|_| fail())?;
        Ok(Self(moment.as_millisecond()))
    }

    /// Reads HTTP's `Sat, 21 Nov 2026 09:30:00 GMT`.
    ///
    /// # Errors
    /// [`NameError`] where the text is no such moment.
    pub fn parse_http_date(text: &str) -> Result<Self, NameError> {
        let fail = || NameError::new(text, "an HTTP date");
        let civil = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text).map_err(|_| fail())?;
        let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| fail())?;
        Ok(Self(zoned.timestamp().as_millisecond()))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_reads_every_form() {
        let moment = Timestamp::from_millis(1_795_253_400_123);
        assert_eq!(moment.iso_millis(), "2026-11-21T09:30:00.123Z");
        assert_eq!(moment.iso_seconds(), "2026-11-21T09:30:00Z");
        assert_eq!(moment.compact(), "20261121T093000Z");
        assert_eq!(moment.http_date(), "Sat, 21 Nov 2026 09:30:00 GMT");
        assert_eq!(moment.date(), (2026, 11, 21));
        assert_eq!(Timestamp::parse_iso("2026-11-21T09:30:00.123Z"), Ok(moment));
        assert_eq!(Timestamp::parse_compact("20261121T093000Z").unwrap().seconds(), moment.seconds());
        assert_eq!(
            Timestamp::parse_http_date("Sat, 21 Nov 2026 09:30:00 GMT").unwrap().seconds(),
            moment.seconds()
        );
        assert!(Timestamp::parse_compact("2026-11-21").is_err());
    }
}
