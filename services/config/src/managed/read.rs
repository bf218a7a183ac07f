//! Reading items. Names match in whatever case: AWS Config spells some of them oddly (`sSEDescription`), and differently in one place and another.

use crate::state::Item;
use std::borrow::Cow;
use wire::Document;

/// A member that says something: null is none.
pub(super) fn member<'a>(value: &'a Document, name: &str) -> Option<&'a Document> {
    let exact = value.get(name);
    let found = exact.or_else(|| {
        value.as_object()?.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    });
    found.filter(|value| !value.is_null())
}

/// The value at a path.
pub(super) fn at<'a>(value: &'a Document, path: &[&str]) -> Option<&'a Document> {
    path.iter().try_fold(value, |value, name| member(value, name))
}

/// A value of the configuration.
pub(super) fn setting<'a>(item: &'a Item, path: &[&str]) -> Option<&'a Document> {
    at(item.configuration.as_ref()?, path)
}

/// A text of the configuration that is not empty.
pub(super) fn text<'a>(item: &'a Item, path: &[&str]) -> Option<&'a str> {
    setting(item, path)?.as_str().filter(|text| !text.is_empty())
}

/// A further part of the item; one that is kept as JSON text is read.
pub(super) fn part<'a>(item: &'a Item, name: &str) -> Option<Cow<'a, Document>> {
    let (_, value) = item.supplementary.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
    match value {
        Document::Null => None,
        Document::String(text) => match Document::parse(text) {
            Ok(Document::Null) => None,
            Ok(parsed) => Some(Cow::Owned(parsed)),
            Err(_) => Some(Cow::Borrowed(value)),
        },
        value => Some(Cow::Borrowed(value)),
    }
}

/// A value of a further part.
pub(super) fn in_part(item: &Item, name: &str, path: &[&str]) -> Option<Document> {
    let part = part(item, name)?;
    at(part.as_ref(), path).cloned()
}

/// A text of a further part that is not empty.
pub(super) fn text_in_part(item: &Item, name: &str, path: &[&str]) -> Option<String> {
    in_part(item, name, path)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// `true`, also as text.
pub(super) fn is_true(value: Option<&Document>) -> bool {
    match value {
        Some(Document::Boolean(value)) => *value,
        Some(Document::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// A whole number, also as text.
pub(super) fn number(value: Option<&Document>) -> Option<i64> {
    match value? {
        Document::String(text) => text.parse().ok(),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "counts and ports, some of which AWS types as float"
        )]
        value => value.as_i64().or_else(|| value.as_f64().map(|value| value as i64)),
    }
}

/// The elements of a list; of an object, its members.
pub(super) fn elements(value: Option<&Document>) -> Vec<&Document> {
    match value {
        Some(Document::Array(elements)) => elements.iter().collect(),
        Some(Document::Object(members)) => members.values().collect(),
        _ => Vec::new(),
    }
}

/// The texts of a list.
pub(super) fn texts(value: Option<&Document>) -> Vec<&str> {
    elements(value).into_iter().filter_map(Document::as_str).collect()
}

/// A policy, which an item has as text or as an object.
pub(super) fn policy_text(value: Option<&Document>) -> Option<String> {
    match value? {
        Document::String(text) if text.is_empty() => None,
        Document::String(text) => Some(text.clone()),
        Document::Null => None,
        value => Some(value.to_string()),
    }
}
