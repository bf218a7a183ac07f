//! Pages of lists.

use api_kms::{Error, InvalidMarkerException};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A page and, where there are more, the marker of the next.
pub(crate) struct Page<T> {
    pub(crate) things: Vec<T>,
    pub(crate) next_marker: Option<String>,
}

impl<T> Page<T> {
    pub(crate) fn truncated(&self) -> Option<bool> {
        Some(self.next_marker.is_some())
    }
}

/// The page of things in the order of their keys. `list` says of what list a marker is; `limit` was checked by the model.
pub(crate) fn page<T>(
    list: &str,
    marker: Option<&str>,
    limit: usize,
    mut things: Vec<(String, T)>,
) -> Result<Page<T>, Error> {
    let after = marker.map(|marker| read(list, marker)).transpose()?;
    things.sort_by(|left, right| left.0.cmp(&right.0));
    let mut rest =
        things.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).peekable();
    let (mut page, mut last) = (Vec::new(), String::new());
    while page.len() < limit {
        let Some((key, thing)) = rest.next() else { break };
        last = key;
        page.push(thing);
    }
    let next_marker = rest.peek().is_some().then(|| URL_SAFE_NO_PAD.encode(format!("{list}\n{last}")));
    Ok(Page { things: page, next_marker })
}

/// `Limit`, or what the operation answers where none is given.
pub(crate) fn limit(given: Option<i32>, default: usize) -> usize {
    given.and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0).unwrap_or(default)
}

fn read(list: &str, marker: &str) -> Result<String, Error> {
    let text = URL_SAFE_NO_PAD.decode(marker).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let key =
        text.as_deref().and_then(|text| text.strip_prefix(list)).and_then(|rest| rest.strip_prefix('\n'));
    key.map(str::to_owned).ok_or_else(|| InvalidMarkerException::new("Could not decode marker").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_other_markers_are_refused() {
        let things = || (0..150).map(|number| (format!("{number:03}"), number)).collect();
        let first = page("keys", None, 100, things()).unwrap();
        assert_eq!((first.things.len(), first.truncated()), (100, Some(true)));
        let rest = page("keys", first.next_marker.as_deref(), 100, things()).unwrap();
        assert_eq!((rest.things.len(), rest.things[0], rest.next_marker), (50, 100, None));
        for wrong in [first.next_marker.as_deref().unwrap(), "x", "%"] {
            assert!(page::<i32>("aliases", Some(wrong), 100, things()).is_err(), "{wrong}");
        }
    }
}
