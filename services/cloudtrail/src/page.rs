//! Pages of lists: a hundred each.
use api_cloudtrail::{Error, InvalidNextTokenException};

const LENGTH: usize = 100;

/// The page of things in the order of their keys, and the token of the next. `list` says of what list a token is.
pub(crate) fn page<T>(
    list: &str,
    token: Option<&str>,
    things: Vec<(String, T)>,
) -> Result<(Vec<T>, Option<String>), Error> {
    let token = token.filter(|token| !token.is_empty());
    contract::page(list, token, LENGTH, things)
        .map_err(|_| InvalidNextTokenException::new("Invalid pagination token.").into())
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
