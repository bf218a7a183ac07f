//! What can be said of a template's functions without any value.

use super::{function, unsupported, wrong_arguments};
use crate::template::error::TemplateError;
use crate::template::sections::mappings::Mappings;
use crate::template::sections::text_of;
use wire::Document;

/// What the check may look at.
pub(crate) struct Checks<'a> {
    pub(crate) mappings: &'a Mappings,
    /// Is there a condition of this name? (In `Conditions` itself that is checked by its own sentence.)
    pub(crate) condition: &'a dyn Fn(&str) -> bool,
    /// Is `AWS::LanguageExtensions` declared?
    pub(crate) extended: bool,
}

/// The parts of an `Fn::GetAtt`: `[resource, attribute]` or `resource.attribute`; the attribute may be a function.
pub(crate) fn attribute(
    argument: &Document,
) -> Result<(&str, std::borrow::Cow<'_, Document>), TemplateError> {
    use std::borrow::Cow;
    let wrong = || wrong_arguments("Fn::GetAtt");
    match argument {
        Document::String(text) => match text.split_once('.') {
            Some((resource, attribute)) if !resource.is_empty() && !attribute.is_empty() => {
                Ok((resource, Cow::Owned(attribute.into())))
            }
            _ => Err(wrong()),
        },
        Document::Array(parts) => match parts.as_slice() {
            [Document::String(resource), attribute] if !resource.is_empty() => match attribute {
                Document::String(text) if text.is_empty() => Err(wrong()),
                Document::String(_) | Document::Object(_) => Ok((resource, Cow::Borrowed(attribute))),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

/// Checks the functions in `document`, also in branches that will not be taken.
pub(crate) fn check(document: &Document, checks: &Checks<'_>) -> Result<(), TemplateError> {
    match document {
        Document::Array(elements) => elements.iter().try_for_each(|element| check(element, checks)),
        Document::Object(members) => {
            if let Some((name, argument)) = function(document) {
                arguments(name, argument, checks)?;
            }
            members.values().try_for_each(|member| check(member, checks))
        }
        _ => Ok(()),
    }
}

fn arguments(name: &str, argument: &Document, checks: &Checks<'_>) -> Result<(), TemplateError> {
    let wrong = || Err(wrong_arguments(name));
    let list = argument.as_array().unwrap_or_default();
    let is_text = |value: &Document| text_of(value).is_some() || function(value).is_some();
    let is_list = |value: &Document| matches!(value, Document::Array(_)) || function(value).is_some();
    let fits = match name {
        "Ref" => matches!(argument, Document::String(_)),
        "Fn::GetAtt" => return attribute(argument).map(|_| ()),
        "Fn::Sub" => {
            let (text, _) = super::sub::arguments(argument)?;
            return super::sub::pieces(text).map(|_| ());
        }
        "Fn::Join" => matches!(list, [delimiter, values] if is_text(delimiter) && is_list(values)),
        "Fn::Split" => matches!(list, [delimiter, source] if is_text(delimiter) && is_text(source)),
        "Fn::Select" => matches!(list, [index, values] if is_text(index) && is_list(values)),
        "Fn::FindInMap" => return find_in_map(list, checks),
        "Fn::Base64" | "Fn::GetAZs" | "Fn::ImportValue" | "Fn::RefAll" => is_text(argument),
        "Fn::If" => return if_arguments(list, checks),
        "Fn::And" | "Fn::Or" => {
            (2..=10).contains(&list.len()) && list.iter().all(|test| function(test).is_some())
        }
        "Fn::Not" => matches!(list, [test] if function(test).is_some()),
        "Fn::Equals" => matches!(list, [left, right] if is_text(left) && is_text(right)),
        "Fn::Cidr" => {
            matches!(list, [block, count, bits] if is_text(block) && is_text(count) && is_text(bits))
        }
        "Fn::Contains" | "Fn::EachMemberEquals" => {
            matches!(list, [values, value] if is_list(values) && is_text(value))
        }
        "Fn::EachMemberIn" => matches!(list, [values, of] if is_list(values) && is_list(of)),
        // `Condition` is an ordinary name in policies; `Fn::Transform` and the lookups are refused where they would be carried out.
        "Condition" | "Fn::Transform" | "Fn::ValueOf" | "Fn::ValueOfAll" => true,
        "Fn::Length" if checks.extended => is_list(argument),
        "Fn::ToJsonString" if checks.extended => matches!(argument, Document::Object(_) | Document::Array(_)),
        other if checks.extended && other.starts_with("Fn::ForEach::") => true,
        other => return Err(unsupported(other)),
    };
    if fits { Ok(()) } else { wrong() }
}

fn find_in_map(list: &[Document], checks: &Checks<'_>) -> Result<(), TemplateError> {
    let (names, default) = match list {
        [_, _, _] => (list, None),
        [names @ .., default] if names.len() == 3 && checks.extended => (names, Some(default)),
        _ => return Err(wrong_arguments("Fn::FindInMap")),
    };
    let fits = names.iter().all(|name| text_of(name).is_some() || function(name).is_some());
    let default_fits = default.is_none_or(|default| {
        default.as_object().is_some_and(|members| members.len() == 1 && members.contains_key("DefaultValue"))
    });
    if !fits || !default_fits {
        return Err(wrong_arguments("Fn::FindInMap"));
    }
    match names.first() {
        Some(Document::String(map)) if default.is_none() && !checks.mappings.contains(map) => {
            checks.mappings.find(map, "", "").map(|_| ())
        }
        _ => Ok(()),
    }
}

fn if_arguments(list: &[Document], checks: &Checks<'_>) -> Result<(), TemplateError> {
    let [name, _, _] = list else { return Err(wrong_arguments("Fn::If")) };
    let Some(name) = name.as_str() else {
        return Err(TemplateError::template(
            "Fn::If requires a list argument with the first element being a condition",
        ));
    };
    if (checks.condition)(name) {
        Ok(())
    } else {
        Err(TemplateError::template(format!("unresolved condition dependency {name} in Fn::If")))
    }
}
