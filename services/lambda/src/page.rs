//! Pages of List operations.

use crate::error::invalid;
use api_lambda::Error;

/// How many an answer holds at most, whatever `MaxItems` says.
const MOST: usize = 50;

/// The page of things in the order of their keys, and the marker of the next. `list` says of what list a marker is.
pub(crate) fn page<T>(
    list: &str,
    marker: Option<&str>,
    most: Option<i32>,
    things: Vec<(String, T)>,
) -> Result<(Vec<T>, Option<String>), Error> {
    let marker = marker.filter(|marker| !marker.is_empty());
    let limit = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(MOST).clamp(1, MOST);
    contract::page(list, marker, limit, things)
        .map_err(|_| invalid("Invalid Marker: it is not from an answer of this operation."))
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
