//! Pages of lists: a hundred each.
use api_cloudtrail::{Error, InvalidNextTokenException};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const LENGTH: usize = 100;

/// The page of things in the order of their keys, and the token of the next. `list` says of what list a token is.
pub(crate) fn page<T>(
    list: &str,
    token: Option<&str>,
    mut things: Vec<(String, T)>,
) -> Result<(Vec<T>, Option<String>), Error> {
    let after = token.filter(|token| !token.is_empty()).map(|token| read(list, token)).transpose()?;
    things.sort_by(|left, right| left.0.cmp(&right.0));
    let mut rest =
        things.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).peekable();
    let (mut page, mut last) = (Vec::new(), String::new());
    while page.len() < LENGTH {
        let Some((key, thing)) = rest.next() else { break };
        last = key;
        page.push(thing);
    }
    let next = rest.peek().is_some().then(|| URL_SAFE_NO_PAD.encode(format!("{list}\n{last}")));
    Ok((page, next))
}

fn read(list: &str, token: &str) -> Result<String, Error> {
    let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let key =
        text.as_deref().and_then(|text| text.strip_prefix(list)).and_then(|rest| rest.strip_prefix('\n'));
    key.map(str::to_owned).ok_or_else(|| InvalidNextTokenException::new("Invalid pagination token.").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_other_tokens_are_refused() {
        let things = || (0..150).map(|number| (format!("{number:03}"), number)).collect();
        let (first, next) = page("trails", None, things()).unwrap();
        assert_eq!((first.len(), first[99]), (100, 99));
        let (rest, end) = page("trails", next.as_deref(), things()).unwrap();
        assert_eq!((rest.len(), rest[0], end), (50, 100, None));
        for wrong in [next.as_deref().unwrap(), "x", "%"] {
            assert!(page::<i32>("tags", Some(wrong), things()).is_err(), "{wrong}");
        }
    }
}
