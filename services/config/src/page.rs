//! Pages: an opaque token holds the list's name and the key of the last thing shown.

use api_config::{Error, InvalidLimitException, InvalidNextTokenException};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A page of a list.
pub(crate) struct Page {
    list: &'static str,
    /// The key after which the page begins.
    pub(crate) after: Option<Vec<String>>,
    /// How many things it holds at most.
    pub(crate) limit: usize,
}

impl Page {
    /// Reads what a request says of pages; a limit of 0 is the default.
    pub(crate) fn new(
        list: &'static str,
        token: Option<&String>,
        limit: Option<i32>,
        default: usize,
        most: usize,
    ) -> Result<Self, Error> {
        let limit = match limit.map(usize::try_from) {
            None | Some(Ok(0)) => default,
            Some(Ok(limit)) if limit <= most => limit,
            Some(_) => {
                let message =
                    format!("Value specified for limit exceeds the maximum allowed limit of {most}.");
                return Err(InvalidLimitException::new(message).into());
            }
        };
        let after = token.filter(|token| !token.is_empty()).map(|token| read(list, token)).transpose()?;
        Ok(Self { list, after, limit })
    }

    /// The key after which the page begins, where keys have one part.
    pub(crate) fn after_text(&self) -> Result<Option<&String>, Error> {
        match self.after.as_deref() {
            None => Ok(None),
            Some([key]) => Ok(Some(key)),
            Some(_) => Err(invalid_token()),
        }
    }

    /// The key after which the page begins, where keys have two parts.
    pub(crate) fn after_pair(&self) -> Result<Option<(&str, &str)>, Error> {
        match self.after.as_deref() {
            None => Ok(None),
            Some([one, two]) => Ok(Some((one, two))),
            Some(_) => Err(invalid_token()),
        }
    }

    /// The token of the page that follows a key.
    pub(crate) fn token(&self, last: &[&str]) -> String {
        let mut text = self.list.to_owned();
        for part in last {
            text.push('\n');
            text.push_str(part);
        }
        URL_SAFE_NO_PAD.encode(text)
    }

    /// Things in the order of their one-part keys: the page's, and the token of the next.
    pub(crate) fn of<T>(
        &self,
        mut things: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>), Error> {
        things.sort_by_cached_key(&key);
        if let Some(after) = self.after_text()? {
            things.retain(|thing| key(thing) > *after);
        }
        let more = things.len() > self.limit;
        things.truncate(self.limit);
        let next = things.last().filter(|_| more).map(|last| self.token(&[&key(last)]));
        Ok((things, next))
    }
}

fn read(list: &str, token: &str) -> Result<Vec<String>, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid_token())?;
    let text = String::from_utf8(bytes).map_err(|_| invalid_token())?;
    let mut parts = text.split('\n').map(str::to_owned);
    if parts.next().as_deref() != Some(list) {
        return Err(invalid_token());
    }
    Ok(parts.collect())
}

/// AWS's refusal of a token that is not one of its own.
pub(crate) fn invalid_token() -> Error {
    InvalidNextTokenException::new("The nextToken provided is invalid").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_foreign_tokens_are_refused() {
        let page = Page::new("rules", None, Some(2), 10, 100).unwrap();
        let things = || vec!["c", "a", "b"];
        let (first, token) = page.of(things(), |thing| (*thing).to_owned()).unwrap();
        assert_eq!(first, ["a", "b"]);
        let page = Page::new("rules", token.as_ref(), Some(2), 10, 100).unwrap();
        let (second, end) = page.of(things(), |thing| (*thing).to_owned()).unwrap();
        assert_eq!((second, end), (vec!["c"], None));
        assert!(Page::new("items", token.as_ref(), None, 10, 100).is_err());
        assert!(Page::new("rules", Some(&"?".to_owned()), None, 10, 100).is_err());
        assert!(Page::new("rules", None, Some(101), 10, 100).is_err());
        assert!(Page::new("rules", None, Some(-1), 10, 100).is_err());
        assert_eq!(Page::new("rules", None, Some(0), 10, 100).unwrap().limit, 10);
    }
}
