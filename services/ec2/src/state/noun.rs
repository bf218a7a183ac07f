//! What all of EC2's things have in common: an id with a prefix, tags, and how AWS says that one is not there.

use crate::error::refuse;
use api_ec2::Error;
use names::{Arn, Scope, Tags};
use store::{ResourceIdentity, Row, View};
use wire::{Document, document};

/// A thing with an id such as `vpc-0123456789abcdef0`.
pub(crate) trait Noun: Row<Key = String> {
    /// What tags and ARNs call it, such as `security-group`.
    const NOUN: &'static str;
    /// What its ids begin with, such as `sg`.
    const PREFIX: &'static str;
    /// The code where there is none with an id.
    const NOT_FOUND: &'static str;
    /// The code where a text is no id of it; None where AWS says that there is none with that id, whatever the text is.
    const MALFORMED: Option<&'static str>;
    /// The sentence's subject, such as `vpc ID` in `The vpc ID 'vpc-1' does not exist`.
    const SUBJECT: &'static str;

    /// Its id.
    fn id(&self) -> &str;
    /// Its tags.
    fn tags(&self) -> &Tags;
    /// Its tags, to change them.
    fn tags_mut(&mut self) -> &mut Tags;
    /// The condition keys that describe it, besides its tags.
    fn keys(&self) -> Vec<(&'static str, String)>;
}

/// `arn:aws:ec2:REGION:ACCOUNT:NOUN/ID`.
pub(crate) fn arn(scope: Scope, noun: &str, id: &str) -> String {
    Arn::new("ec2", scope, format!("{noun}/{id}")).to_string()
}

/// Whether a text is an id with this prefix: eight or seventeen hexadecimal digits follow it.
pub(crate) fn is_id(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-')).is_some_and(|digits| {
        matches!(digits.len(), 8 | 17)
            && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// The error of an id that is not there or is none.
pub(crate) fn not_found<T: Noun>(id: &str) -> Error {
    if let Some(code) = T::MALFORMED.filter(|_| !is_id(T::PREFIX, id)) {
        let prefixed = id.strip_prefix(T::PREFIX).is_some_and(|rest| rest.starts_with('-'));
        let expecting = if prefixed { String::new() } else { format!(" (expecting \"{}-...\")", T::PREFIX) };
        return refuse(code, format!("Invalid id: \"{id}\"{expecting}"));
    }
    refuse(T::NOT_FOUND, format!("The {} '{id}' does not exist", T::SUBJECT))
}

/// The thing with an id.
pub(crate) fn find<T: Noun>(view: &View, scope: Scope, id: &str) -> Result<T, Error> {
    view.get::<T>(scope, id)?.ok_or_else(|| not_found::<T>(id))
}

/// The things that a Describe operation is about: those with the given ids, or all.
pub(crate) fn chosen<T: Noun>(view: &View, scope: Scope, ids: Option<&Vec<String>>) -> Result<Vec<T>, Error> {
    match ids {
        Some(ids) if !ids.is_empty() => {
            let mut ids: Vec<&String> = ids.iter().collect();
            ids.sort();
            ids.dedup();
            ids.into_iter().map(|id| find(view, scope, id)).collect()
        }
        _ => Ok(view.list::<T>(scope)?),
    }
}

/// Who a thing is, for AWS Config.
pub(crate) fn identity(
    resource_type: names::ResourceType,
    scope: Scope,
    noun: &str,
    id: &str,
    name: Option<String>,
) -> ResourceIdentity {
    ResourceIdentity { resource_type, id: id.to_owned(), name, arn: arn(scope, noun, id) }
}

/// Tags as AWS Config's EC2 configurations hold them.
pub(crate) fn tag_list(tags: &Tags) -> Document {
    tags.iter().map(|(key, value)| document!({ "key": (key.as_str()), "value": (value.as_str()) })).collect()
}
