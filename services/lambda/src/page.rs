//! Pages of List operations.

use crate::error::invalid;
use api_lambda::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How many an answer holds at most, whatever `MaxItems` says.
const MOST: usize = 50;

/// The page of things in the order of their keys, and the marker of the next. `list` says of what list a marker is.
pub(crate) fn page<T>(
    list: &str,
    marker: Option<&str>,
    most: Option<i32>,
    mut things: Vec<(String, T)>,
) -> Result<(Vec<T>, Option<String>), Error> {
    let after = marker.filter(|marker| !marker.is_empty()).map(|marker| read(list, marker)).transpose()?;
    let limit = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(MOST).clamp(1, MOST);
    things.sort_by(|left, right| left.0.cmp(&right.0));
    let mut rest =
        things.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).peekable();
    let (mut page, mut last) = (Vec::new(), String::new());
    while page.len() < limit {
        let Some((key, thing)) = rest.next() else { break };
        last = key;
        page.push(thing);
    }
    let next = rest.peek().is_some().then(|| URL_SAFE_NO_PAD.encode(format!("{list}\n{last}")));
    Ok((page, next))
}

fn read(list: &str, marker: &str) -> Result<String, Error> {
    let text = URL_SAFE_NO_PAD.decode(marker).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let key =
        text.as_deref().and_then(|text| text.strip_prefix(list)).and_then(|rest| rest.strip_prefix('\n'));
    key.map(str::to_owned)
        .ok_or_else(|| invalid("Invalid Marker: it is not from an answer of this operation."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_other_markers_are_refused() {
        let things = || vec![("c".to_owned(), 3), ("a".to_owned(), 1), ("b".to_owned(), 2)];
        let (first, next) = page("functions", None, Some(2), things()).unwrap();
        assert_eq!(first, [1, 2]);
        let (second, end) = page("functions", next.as_deref(), Some(2), things()).unwrap();
        assert_eq!((second, end), (vec![3], None));
        for bad in [next.as_deref().unwrap(), "x", "%"] {
            assert!(page("layers", Some(bad), None, things()).is_err(), "{bad}");
        }
    }
}
