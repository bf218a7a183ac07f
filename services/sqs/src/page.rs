//! Pages of lists.

use crate::refusal::{invalid, invalid_value};
use api_sqs::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const MOST: i32 = 1000;

/// Which part of a list is asked for.
pub(crate) struct Page {
    list: &'static str,
    pub(crate) length: usize,
    /// The key of the last one of the page before.
    pub(crate) after: Option<String>,
    pub(crate) is_asked_for: bool,
}

impl Page {
    pub(crate) fn read(list: &'static str, most: Option<i32>, token: Option<&str>) -> Result<Self, Error> {
        let token = token.filter(|token| !token.is_empty());
        if let Some(most) = most.filter(|most| !(1..=MOST).contains(most)) {
            return Err(invalid_value(most, "MaxResults", "Must be between 1 and 1000, if provided."));
        }
        let length = usize::try_from(most.unwrap_or(MOST)).unwrap_or_default();
        let after = token.map(|token| Self::key(list, token)).transpose()?;
        Ok(Self { list, length, after, is_asked_for: most.is_some() })
    }

    fn key(list: &str, token: &str) -> Result<String, Error> {
        let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let key =
            text.as_deref().and_then(|text| text.strip_prefix(list)).and_then(|rest| rest.strip_prefix(' '));
        key.map(str::to_owned).ok_or_else(|| invalid("Invalid or expired next token."))
    }

    pub(crate) fn token(&self, last: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{} {last}", self.list))
    }
}
