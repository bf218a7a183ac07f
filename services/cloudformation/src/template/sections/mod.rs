//! The sections of a template: what each may contain, and what is wrong with it otherwise.

pub(crate) mod conditions;
pub(crate) mod mappings;
pub(crate) mod outputs;
pub(crate) mod parameters;
pub(crate) mod resources;
pub(crate) mod rules;

use super::error::{TemplateError, listed};
use indexmap::IndexMap;
use wire::Document;

/// The members of an optional section, which must be an object.
pub(crate) fn members<'a>(
    template: &'a Document,
    section: &str,
) -> Result<Option<&'a IndexMap<String, Document>>, TemplateError> {
    match template.get(section) {
        None => Ok(None),
        Some(Document::Object(members)) => Ok(Some(members)),
        Some(_) => Err(TemplateError::format(format!("{section} must be an object"))),
    }
}

/// AWS's quotas on members of a section: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>.
pub(crate) fn at_most(count: usize, maximum: usize, what: &str) -> Result<(), TemplateError> {
    if count > maximum {
        return Err(TemplateError::format(format!(
            "Number of {what}, {count}, is greater than maximum allowed, {maximum}"
        )));
    }
    Ok(())
}

/// Logical ids are alphanumeric, and at most 255 characters.
pub(crate) fn logical_id(what: &str, name: &str) -> Result<(), TemplateError> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(TemplateError::format(format!("{what} name {name} is non alphanumeric.")));
    }
    if name.len() > 255 {
        return Err(TemplateError::format(format!("{what} name {name} is longer than 255 characters.")));
    }
    Ok(())
}

/// Text, or the text of a number or truth value, as CloudFormation takes either for the other.
pub(crate) fn text_of(value: &Document) -> Option<String> {
    match value {
        Document::String(text) => Some(text.clone()),
        Document::Number(_) | Document::Boolean(_) => Some(value.to_string()),
        Document::Null | Document::Array(_) | Document::Object(_) => None,
    }
}

/// A text member: `Template format error: Every Description member must be a string.` otherwise.
pub(crate) fn text_member(
    object: &IndexMap<String, Document>,
    name: &str,
) -> Result<Option<String>, TemplateError> {
    object.get(name).map(|value| text_of(value).ok_or_else(|| every_must_be(name, "a string"))).transpose()
}

pub(crate) fn every_must_be(name: &str, what: &str) -> TemplateError {
    TemplateError::format(format!("Every {name} member must be {what}."))
}

/// A member that is `true` or `false`, also as text.
pub(crate) fn truth_member(object: &IndexMap<String, Document>, name: &str) -> Result<bool, TemplateError> {
    match object.get(name) {
        None => Ok(false),
        Some(value) => match text_of(value).map(|text| text.to_ascii_lowercase()).as_deref() {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err(every_must_be(name, "a boolean")),
        },
    }
}

/// The names of `object` that are not in `known`, as `[A, B]`.
pub(crate) fn unknown_members(object: &IndexMap<String, Document>, known: &[&str]) -> Option<String> {
    let unknown: Vec<&String> = object.keys().filter(|name| !known.contains(&name.as_str())).collect();
    if unknown.is_empty() { None } else { Some(listed(&unknown)) }
}
