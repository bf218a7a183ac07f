//! Walking keys in order, with what lies behind a delimiter rolled up into common prefixes.

use crate::error::invalid_argument;
use crate::grammar::url;
use crate::state::Object;
use api_s3::{EncodingType, Error};
use names::Scope;
use std::ops::ControlFlow;
use store::{StartsWith, StoreError, View};

/// What to list.
pub(crate) struct Question<'a> {
    pub(crate) scope: Scope,
    pub(crate) bucket: &'a str,
    pub(crate) prefix: &'a str,
    pub(crate) delimiter: Option<&'a str>,
    /// Only what follows this key or common prefix.
    pub(crate) after: Option<&'a str>,
    pub(crate) limit: usize,
}

/// A part of a listing, in order.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) objects: Vec<Object>,
    pub(crate) prefixes: Vec<String>,
    /// The last key or common prefix that is listed.
    pub(crate) last: Option<String>,
    /// More follows.
    pub(crate) more: bool,
}

/// The common prefix that a key is rolled up into.
pub(crate) fn rolled_up<'k>(key: &'k str, prefix: &str, delimiter: Option<&str>) -> Option<&'k str> {
    let delimiter = delimiter.filter(|delimiter| !delimiter.is_empty())?;
    let rest = key.get(prefix.len()..)?;
    let end = rest.find(delimiter)? + delimiter.len();
    key.get(..prefix.len() + end)
}

/// Sorts behind every key that begins so, but for keys that no one has.
fn behind(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// The current objects of a bucket.
pub(crate) fn objects(view: &View, question: &Question<'_>) -> Result<Page, StoreError> {
    let Question { scope, bucket, prefix, delimiter, after, limit } = *question;
    let mut page = Page::default();
    if limit == 0 {
        return Ok(page);
    }
    let rolled = |key: &str| rolled_up(key, prefix, delimiter).map(str::to_owned);
    // What a marker was rolled up into has been listed.
    let mut listed = after.filter(|after| after.starts_with(prefix)).and_then(rolled);
    let mut from = after.map(|after| listed.as_deref().map_or_else(|| format!("{after}\0"), behind));
    loop {
        let mut scan = view.scan::<Object>(scope, (bucket, StartsWith(prefix)));
        if let Some(from) = &from {
            scan = scan.from((bucket, from.as_str()));
        }
        let mut jump = None;
        scan.each(|object| {
            if object.is_delete_marker() {
                return ControlFlow::Continue(());
            }
            let rolled = rolled(&object.key);
            if rolled.is_some() && rolled == listed {
                return ControlFlow::Continue(());
            }
            if page.objects.len() + page.prefixes.len() >= limit {
                page.more = true;
                return ControlFlow::Break(());
            }
            match rolled {
                Some(rolled) => {
                    jump = Some(behind(&rolled));
                    page.last = Some(rolled.clone());
                    page.prefixes.push(rolled.clone());
                    listed = Some(rolled);
                    ControlFlow::Break(())
                }
                None => {
                    page.last = Some(object.key.clone());
                    page.objects.push(object);
                    ControlFlow::Continue(())
                }
            }
        })?;
        match jump {
            Some(behind) => from = Some(behind),
            None => return Ok(page),
        }
    }
}

/// `max-keys` and its like: 1000 unless told, and never more.
pub(crate) fn limit(asked: Option<i32>, name: &str) -> Result<usize, Error> {
    match asked {
        None => Ok(1000),
        Some(number) => usize::try_from(number).map(|number| number.min(1000)).map_err(|_| {
            let message = format!("Argument {name} must be an integer between 0 and 2147483647");
            invalid_argument(&message, name, number.to_string())
        }),
    }
}

/// Escapes where the request asks for it.
pub(crate) fn encoded(text: &str, encoding: Option<EncodingType>) -> String {
    if encoding.is_some() { url(text) } else { text.to_owned() }
}
