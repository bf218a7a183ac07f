//! Pages of lists: an opaque token holds the list's name and the key of the last thing shown.

use api_ssm::{Error, InvalidNextToken};

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
    let mut rest = things.into_iter();
    if let Some(token) = token.filter(|token| !token.is_empty()) {
        let after = contract::read_page_token(list, token)
            .map_err(|_| InvalidNextToken::new("The specified token isn't valid."))?;
        for (key, _) in rest.by_ref() {
            if key == after {
                break;
            }
        }
    }
    Ok(contract::first_page(list, limit, rest.collect()))
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
