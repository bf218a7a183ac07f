//! Pages of lists, by a token that names the list and the key of the last thing shown.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A token that is no token of the list; each service has a sentence of its own for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignToken;

/// The page of at most `length` things in the order of their keys, and the token of the next. `list` says of what list a token is.
///
/// # Errors
/// [`ForeignToken`] where the token is not from a page of this list.
pub fn page<T>(
    list: &str,
    token: Option<&str>,
    length: usize,
    mut things: Vec<(String, T)>,
) -> Result<(Vec<T>, Option<String>), ForeignToken> {
    let after = token.map(|token| read_page_token(list, token)).transpose()?;
    things.sort_by(|left, right| left.0.cmp(&right.0));
    things.retain(|(key, _)| after.as_ref().is_none_or(|after| key > after));
    Ok(first_page(list, length, things))
}

/// The first `length` things in the order that they have, and the token of what follows.
#[must_use]
pub fn first_page<T>(list: &str, length: usize, things: Vec<(String, T)>) -> (Vec<T>, Option<String>) {
    let mut rest = things.into_iter().peekable();
    let (mut page, mut last) = (Vec::new(), String::new());
    while page.len() < length {
        let Some((key, thing)) = rest.next() else { break };
        last = key;
        page.push(thing);
    }
    let next = rest.peek().is_some().then(|| page_token(list, &last));
    (page, next)
}

/// The token of what follows the thing with a key.
#[must_use]
pub fn page_token(list: &str, last: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{list}\n{last}"))
}

/// The key of the last thing that was shown before.
///
/// # Errors
/// [`ForeignToken`] where the token is not from a page of this list.
pub fn read_page_token(list: &str, token: &str) -> Result<String, ForeignToken> {
    let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let key =
        text.as_deref().and_then(|text| text.strip_prefix(list)).and_then(|rest| rest.strip_prefix('\n'));
    key.map(str::to_owned).ok_or(ForeignToken)
}
