//! Tags of buckets and objects. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging.html>

use crate::error::{error, invalid_argument};
use api_s3::{Error, Tag};
use contract::Call;
use names::Tags;

/// A stack puts its own tags on what it makes; nobody else may use their prefix.
pub(crate) fn by_stack(call: &Call) -> bool {
    call.chain.via.last().is_some_and(|service| service == "cloudformation.amazonaws.com")
}

pub(crate) fn is_reserved(key: &str) -> bool {
    key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
}

/// The tags of a stack, which stay whatever a user puts or deletes.
pub(crate) fn kept(tags: &Tags, call: &Call) -> impl Iterator<Item = (String, String)> {
    let stays = !by_stack(call);
    let kept = tags.iter().filter(move |(key, _)| stays && is_reserved(key));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect::<Vec<_>>().into_iter()
}

fn invalid(message: &str, key: &str) -> Error {
    error(400, "InvalidTag", message, [("TagKey", key.to_owned())])
}

/// Letters, digits and spaces of any script, and a few signs.
fn is_plain(text: &str) -> bool {
    text.chars().all(|it| it.is_alphanumeric() || it == ' ' || "_.:/=+-@".contains(it))
}

fn collect(tags: Vec<Tag>, reserved: bool) -> Result<Tags, Error> {
    let mut collected = Tags::new();
    for Tag { key, value } in tags {
        if key.is_empty() || key.chars().count() > 128 || !is_plain(&key) {
            return Err(invalid("The TagKey you have provided is invalid", &key));
        }
        if is_reserved(&key) && !reserved {
            return Err(invalid("System tags cannot be added/updated by requester", &key));
        }
        if value.chars().count() > 256 || !is_plain(&value) {
            let members = [("TagKey", key), ("TagValue", value)];
            return Err(error(400, "InvalidTag", "The TagValue you have provided is invalid", members));
        }
        if collected.contains_key(&key) {
            return Err(invalid("Cannot provide multiple Tags with the same key", &key));
        }
        collected.insert(key, value);
    }
    Ok(collected)
}

/// A bucket's: at most 50.
pub(crate) fn of_bucket(tags: Vec<Tag>, call: &Call) -> Result<Tags, Error> {
    if tags.iter().filter(|tag| !is_reserved(&tag.key)).count() > 50 {
        return Err(error(400, "BadRequest", "Bucket tag count cannot be greater than 50", []));
    }
    collect(tags, by_stack(call))
}

/// An object's: at most 10.
pub(crate) fn of_object(tags: Vec<Tag>) -> Result<Tags, Error> {
    if tags.len() > 10 {
        return Err(error(400, "BadRequest", "Object tags cannot be greater than 10", []));
    }
    collect(tags, false)
}

/// The pairs of `x-amz-tagging`, which is written as a query string.
pub(crate) fn pairs(header: &str) -> Result<Vec<Tag>, Error> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8().map(|text| text.into_owned()).map_err(|_| {
            invalid_argument(
                "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag \
                 name duplicates.",
                "x-amz-tagging",
                header,
            )
        })
    };
    header
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok(Tag { key: decoded(key)?, value: decoded(value)? })
        })
        .collect()
}

/// As an answer lists them.
pub(crate) fn listed(tags: Tags) -> Vec<Tag> {
    tags.into_iter().map(|(key, value)| Tag { key, value }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_query_strings() {
        let tags = of_object(pairs("a=1&b%20c=x%2By&d").unwrap()).unwrap();
        assert_eq!(
            tags.into_iter().collect::<Vec<_>>(),
            [
                ("a".to_owned(), "1".to_owned()),
                ("b c".to_owned(), "x+y".to_owned()),
                ("d".to_owned(), String::new())
            ]
        );
    }

    #[test]
    fn what_tags_may_not_be() {
        let tag = |key: &str, value: &str| Tag { key: key.into(), value: value.into() };
        for (tags, code) in [
            (vec![tag("", "x")], "InvalidTag"),
            (vec![tag("aws:x", "x")], "InvalidTag"),
            (vec![tag("a", "b<c")], "InvalidTag"),
            (vec![tag("a", "1"), tag("a", "2")], "InvalidTag"),
            ((0..11).map(|index| tag(&index.to_string(), "")).collect(), "BadRequest"),
        ] {
            let error = wire::ServiceError::into_response(of_object(tags).unwrap_err());
            assert_eq!(error.code, code);
        }
    }
}
