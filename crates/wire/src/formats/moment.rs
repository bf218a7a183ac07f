//! Moments in all their formats: strict on output, lenient on input, as AWS is.

use crate::TimestampFormat;
use names::Timestamp;

/// Prints a moment.
pub(crate) fn print(moment: Timestamp, format: TimestampFormat) -> String {
    match format {
        TimestampFormat::Iso8601 if moment.millis() % 1000 == 0 => moment.iso_seconds(),
        TimestampFormat::Iso8601 => moment.iso_millis(),
        TimestampFormat::UnixTimestamp => seconds(moment),
        TimestampFormat::Rfc822 if moment.millis() % 1000 == 0 => moment.http_date(),
        TimestampFormat::Rfc822 => {
            let whole = moment.http_date();
            let fraction = format!("{:03}", moment.millis().rem_euclid(1000));
            format!("{}.{} GMT", whole.trim_end_matches(" GMT"), fraction.trim_end_matches('0'))
        }
    }
}

/// Seconds since the epoch, with a fraction only where there is one.
pub(crate) fn seconds(moment: Timestamp) -> String {
    let millis = moment.millis();
    if millis % 1000 == 0 {
        return (millis / 1000).to_string();
    }
    let sign = if millis < 0 { "-" } else { "" };
    let fraction = format!("{:03}", millis.unsigned_abs() % 1000);
    format!("{sign}{}.{}", millis.unsigned_abs() / 1000, fraction.trim_end_matches('0'))
}

/// Reads a moment in any format, the expected one or not.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let first = text.bytes().next()?;
    if first.is_ascii_alphabetic() {
        return http_date(text);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'))
        && let Ok(seconds) = text.parse::<f64>()
    {
        return from_seconds(seconds);
    }
    iso(text)
}

/// From seconds since the epoch, cut to what a calendar holds (years 1 to 9999).
pub(crate) fn from_seconds(seconds: f64) -> Option<Timestamp> {
    const LIMIT: f64 = 253_402_300_799.0;
    if !seconds.is_finite() || seconds.abs() > LIMIT {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the limit keeps it well within 64 bits")]
    Some(Timestamp::from_millis((seconds * 1000.0).round() as i64))
}

fn iso(text: &str) -> Option<Timestamp> {
    if let Ok(moment) = Timestamp::parse_iso(text) {
        return Some(moment);
    }
    // A date, or a date and time without a zone, is UTC.
    let civil = text.parse::<jiff::civil::DateTime>().ok().or_else(|| {
        let compact = text.strip_suffix('Z')?;
        jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", compact).ok()
    })?;
    let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_millis(zoned.timestamp().as_millisecond()))
}

/// `Sat, 21 Nov 2026 09:30:00 GMT`, also with a fraction of the second or a numeric zone.
fn http_date(text: &str) -> Option<Timestamp> {
    if let Ok(moment) = Timestamp::parse_http_date(text) {
        return Some(moment);
    }
    let (head, zone) = text.rsplit_once(' ')?;
    if !matches!(zone, "GMT" | "UTC" | "Z" | "+0000" | "-0000") {
        return None;
    }
    let (whole, fraction) = head.split_once('.').unwrap_or((head, "0"));
    let moment = Timestamp::parse_http_date(&format!("{whole} GMT")).ok()?;
    let fraction: f64 = format!("0.{fraction}").parse().ok()?;
    Some(moment.plus(std::time::Duration::from_secs_f64(fraction)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_clients_send() {
        let whole = Timestamp::from_seconds(1_398_796_238);
        for text in [
            "2014-04-29T18:30:38Z",
            "2014-04-29T18:30:38+00:00",
            "2014-04-29T20:30:38+02:00",
            "2014-04-29T18:30:38",
            "20140429T183038Z",
            "1398796238",
            "1398796238.0",
            "1.398796238e9",
            "Tue, 29 Apr 2014 18:30:38 GMT",
            "Tue, 29 Apr 2014 18:30:38 +0000",
        ] {
            assert_eq!(parse(text), Some(whole), "{text}");
        }
        let half = Timestamp::from_millis(1_398_796_238_500);
        assert_eq!(parse("Tue, 29 Apr 2014 18:30:38.5 GMT"), Some(half));
        assert_eq!(parse("2014-04-29T18:30:38.5Z"), Some(half));
        assert_eq!(parse("2014-04-29"), Some(Timestamp::from_seconds(1_398_729_600)));
        for text in
            ["", "yesterday", "2014-13-01T00:00:00Z", "NaN", "1e300", "-", "Tue, 29 Apr 2014 18:30:38 CEST"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn prints_fractions_only_where_there_are_some() {
        assert_eq!(seconds(Timestamp::from_millis(1500)), "1.5");
        assert_eq!(seconds(Timestamp::from_millis(-1500)), "-1.5");
        assert_eq!(seconds(Timestamp::from_seconds(7)), "7");
        assert_eq!(print(Timestamp::from_seconds(0), TimestampFormat::Iso8601), "1970-01-01T00:00:00Z");
    }
}
