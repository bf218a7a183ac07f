//! Pages of lists.

use crate::refusal::invalid;
use api_events::Error;

/// The most that a page holds.
const LENGTH: usize = 100;

/// The page of things in the order of their keys, and the token of the next. `list` says of what list a token is.
pub(crate) fn page<T>(
    list: &str,
    token: Option<&str>,
    limit: Option<i32>,
    things: Vec<(String, T)>,
) -> Result<(Vec<T>, Option<String>), Error> {
    let most = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(LENGTH).clamp(1, LENGTH);
    contract::page(list, token, most, things).map_err(|_| invalid("Parameter NextToken is not valid."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_other_tokens_are_refused() {
        let things = || (0..150).map(|number| (format!("{number:03}"), number)).collect();
        let (first, next) = page("rules", None, None, things()).unwrap();
        assert_eq!((first.len(), first[99]), (100, 99));
        let (rest, end) = page("rules", next.as_deref(), None, things()).unwrap();
        assert_eq!((rest.len(), rest[0], end), (50, 100, None));
        let (few, _) = page("rules", None, Some(3), things()).unwrap();
        assert_eq!(few, [0, 1, 2]);
        for wrong in [next.as_deref().unwrap(), "x", "%", ""] {
            assert!(page::<i32>("buses", Some(wrong), None, things()).is_err(), "{wrong}");
        }
    }
}
