//! Limits of a class, as they are written on the command line.

use clap::Args;
use wire::Document;

/// Flags of `lab class create` for what each student's account may use. Of a class that is there, those that are named change.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Limits {
    /// Requests of an account in a second [50 for a new class]; unlimited: no limit.
    #[arg(long, value_name = "N", value_parser = number)]
    requests_per_second: Option<Limit>,
    /// What an account may store, such as 500MiB or 2GiB [500MiB for a new class]; unlimited: no limit.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    storage: Option<Limit>,
    /// Executions of functions of an account at once [10 for a new class]; unlimited: no limit but --account-concurrency.
    #[arg(long, value_name = "N", value_parser = number)]
    concurrency: Option<Limit>,
    /// How often a student may start over within 24 hours [10 for a new class]; unlimited: no limit.
    #[arg(long, value_name = "N", value_parser = number)]
    resets: Option<Limit>,
}

/// A limit, or that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limit(Option<i64>);

impl Limits {
    /// As the API takes them.
    pub(crate) fn document(&self) -> Document {
        let mut told = Document::object();
        let members = [
            ("requestsPerSecond", self.requests_per_second),
            ("storageBytes", self.storage),
            ("concurrency", self.concurrency),
            ("resetsPerDay", self.resets),
        ];
        for (name, limit) in members {
            if let Some(Limit(limit)) = limit {
                told.set(name, limit.map_or(Document::Null, Document::from));
            }
        }
        told
    }
}

fn number(text: &str) -> Result<Limit, String> {
    if text == "unlimited" {
        return Ok(Limit(None));
    }
    let number = text.parse::<u32>().map_err(|_| "a whole number, or unlimited".to_owned())?;
    Ok(Limit(Some(number.into())))
}

fn size(text: &str) -> Result<Limit, String> {
    if text == "unlimited" {
        return Ok(Limit(None));
    }
    let invalid = || "a size such as 500MiB, 2GiB or 1000000, or unlimited".to_owned();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let step = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kib" => 10,
        "m" | "mib" => 20,
        "g" | "gib" => 30,
        _ => return Err(invalid()),
    };
    let bytes = number.parse::<i64>().ok().and_then(|number| number.checked_mul(1 << step));
    bytes.map(|bytes| Limit(Some(bytes))).ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in
            [("500MiB", 500 << 20), ("2g", 2 << 30), ("1000000", 1_000_000), ("7 KiB", 7 << 10)]
        {
            assert_eq!(size(text), Ok(Limit(Some(bytes))), "{text}");
        }
        assert_eq!(size("unlimited"), Ok(Limit(None)));
        for text in ["", "MiB", "-1", "1.5GiB", "9999999999999GiB", "5MB?"] {
            assert!(size(text).is_err(), "{text}");
        }
        assert_eq!(number("50"), Ok(Limit(Some(50))));
        assert!(number("many").is_err());
    }

    #[test]
    fn only_what_is_named_is_sent() {
        let limits = Limits { storage: Some(Limit(None)), resets: Some(Limit(Some(3))), ..Limits::default() };
        assert_eq!(limits.document().to_string(), r#"{"storageBytes":null,"resetsPerDay":3}"#);
    }
}
