//! Pages of lists: an opaque token holds the list's name and the key of the last thing shown.

use api_ssm::{Error, InvalidNextToken};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The page of things that follow each other in this order, and the token of the next. `list` says of what list a token is.
pub(crate) fn page<T>(
    list: &str,
    token: Option<&str>,
    limit: Option<i32>,
    most: usize,
    things: Vec<(String, T)>,
) -> Result<(Vec<T>, Option<String>), Error> {
    let limit = limit
        .and_then(|limit| usize::try_from(limit).ok())
        .filter(|limit| *limit > 0)
        .unwrap_or(most)
        .min(most);
    let mut rest = things.into_iter().peekable();
    if let Some(token) = token.filter(|token| !token.is_empty()) {
        let after = read(list, token)?;
        for (key, _) in rest.by_ref() {
            if key == after {
                break;
            }
        }
    }
    let (mut shown, mut last) = (Vec::new(), String::new());
    while shown.len() < limit {
        let Some((key, thing)) = rest.next() else { break };
        last = key;
        shown.push(thing);
    }
    let next = rest.peek().is_some().then(|| URL_SAFE_NO_PAD.encode(format!("{list}\n{last}")));
    Ok((shown, next))
}

fn read(list: &str, token: &str) -> Result<String, Error> {
    let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let key =
        text.as_deref().and_then(|text| text.strip_prefix(list)).and_then(|rest| rest.strip_prefix('\n'));
    key.map(str::to_owned).ok_or_else(|| InvalidNextToken::new("The specified token isn't valid.").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_other_tokens_are_refused() {
        let things = || (0..5).map(|number| (number.to_string(), number)).collect();
        let (first, next) = page("documents", None, Some(3), 50, things()).unwrap();
        assert_eq!(first, [0, 1, 2]);
        assert_eq!(page("documents", next.as_deref(), Some(3), 50, things()).unwrap(), (vec![3, 4], None));
        for wrong in [next.as_deref().unwrap(), "x", "%"] {
            assert!(page::<i32>("executions", Some(wrong), None, 50, things()).is_err(), "{wrong}");
        }
    }
}
