//! The grammar of buckets' names and objects' keys.

use crate::error::{error, invalid_bucket_name};
use api_s3::Error;

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
pub(crate) fn check_bucket(name: &str) -> Result<(), Error> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    let ends = bytes.first().copied().is_some_and(plain) && bytes.last().copied().is_some_and(plain);
    let reserved = ["xn--", "sthree-", "amzn-s3-demo-"].iter().any(|prefix| name.starts_with(prefix))
        || ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]
            .iter()
            .any(|suffix| name.ends_with(suffix));
    let valid = (3..=63).contains(&name.len())
        && ends
        && bytes.iter().all(|byte| plain(*byte) || matches!(byte, b'.' | b'-'))
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !reserved;
    if valid { Ok(()) } else { Err(invalid_bucket_name(name)) }
}

/// The longest key, in bytes of UTF-8.
const LONGEST_KEY: usize = 1024;

pub(crate) fn check_key(key: &str) -> Result<(), Error> {
    if key.len() <= LONGEST_KEY {
        return Ok(());
    }
    Err(error(
        400,
        "KeyTooLongError",
        "Your key is too long",
        [("Size", key.len().to_string()), ("MaxSizeAllowed", LONGEST_KEY.to_string())],
    ))
}

/// As `encoding-type=url` asks for: what XML cannot carry is escaped, a space is a plus.
pub(crate) fn url(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_buckets() {
        for good in ["abc", "my.bucket-1", "123", "a-b.c-d"] {
            assert!(check_bucket(good).is_ok(), "{good}");
        }
        let long = "a".repeat(64);
        for bad in [
            "ab",
            "Abc",
            "a_b",
            "-ab",
            "ab-",
            ".ab",
            "a..b",
            "192.168.5.4",
            "xn--abc",
            "sthree-x",
            "abc-s3alias",
            "ä-b",
            "a b",
            long.as_str(),
        ] {
            assert!(check_bucket(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn keys_in_listings() {
        assert_eq!(url("a b/c+d'é(3)~*.png"), "a+b/c%2Bd%27%C3%A9%283%29%7E*.png");
    }
}
