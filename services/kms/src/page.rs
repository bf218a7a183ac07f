//! Pages of lists.

use api_kms::{Error, InvalidMarkerException};

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
    things: Vec<(String, T)>,
) -> Result<Page<T>, Error> {
    let (things, next_marker) = contract::page(list, marker, limit, things)
        .map_err(|_| InvalidMarkerException::new("Could not decode marker"))?;
    Ok(Page { things, next_marker })
}

/// `Limit`, or what the operation answers where none is given.
pub(crate) fn limit(given: Option<i32>, default: usize) -> usize {
    given.and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0).unwrap_or(default)
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
