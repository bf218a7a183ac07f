//! Pages of what there is.

use super::invalid;
use api_cloudformation::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A page of sorted elements, and the token of the next. The token holds the key of the last element, so that what comes and goes between
/// two calls moves nothing: `is_after` says whether an element stands after a key.
pub(crate) fn page<T>(
    all: impl IntoIterator<Item = T>,
    token: Option<&str>,
    size: usize,
    key: impl Fn(&T) -> String,
    is_after: impl Fn(&T, &str) -> bool,
) -> Result<(Vec<T>, Option<String>), Error> {
    let last = token.map(read).transpose()?;
    let mut rest = all.into_iter().filter(|element| last.as_ref().is_none_or(|last| is_after(element, last)));
    let page: Vec<T> = rest.by_ref().take(size).collect();
    let more = rest.next().is_some();
    let next = page.last().filter(|_| more).map(|element| URL_SAFE_NO_PAD.encode(key(element)));
    Ok((page, next))
}

/// The key that a token holds.
pub(crate) fn read(token: &str) -> Result<String, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| invalid("The specified NextToken is invalid."))
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn pages_go_on_after_the_last_key_whatever_came_and_went() {
        let numbers = |all: &[u32], token: Option<&str>| {
            page(
                all.to_vec(),
                token,
                2,
                |one| format!("{one:04}"),
                |one, last| format!("{one:04}").as_str() > last,
            )
            .unwrap()
        };
        let (first, token) = numbers(&[1, 2, 3, 4], None);
        assert_eq!(first, [1, 2]);
        let (second, token) = numbers(&[1, 3, 4], token.as_deref());
        assert_eq!((second, token), (vec![3, 4], None));
        assert!(page(vec![1], Some("!"), 2, u32::to_string, |_, _| true).is_err());
    }
}
