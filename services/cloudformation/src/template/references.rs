//! What a part of a template refers to.

use super::error::TemplateError;
use super::functions::sub::{Piece, pieces};
use super::functions::{attribute, function};
use wire::Document;

/// One reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reference {
    /// `Ref`, or a name in `Fn::Sub`: a parameter, pseudo parameter or resource.
    Name(String),
    /// `Fn::GetAtt`, or `Resource.Attribute` in `Fn::Sub`.
    Attribute { resource: String, attribute: String, in_sub: bool },
    /// `Fn::ImportValue`
    Import,
}

/// All references, in order. Of an `Fn::If` whose condition is `decided`, only the branch that is taken counts.
pub(crate) fn references(
    document: &Document,
    decided: &dyn Fn(&str) -> Option<bool>,
) -> Result<Vec<Reference>, TemplateError> {
    let mut found = Vec::new();
    collect(document, decided, &mut found)?;
    Ok(found)
}

fn collect(
    document: &Document,
    decided: &dyn Fn(&str) -> Option<bool>,
    found: &mut Vec<Reference>,
) -> Result<(), TemplateError> {
    match document {
        Document::Array(elements) => elements.iter().try_for_each(|element| collect(element, decided, found)),
        Document::Object(members) => match function(document) {
            Some(("Ref", Document::String(name))) => {
                found.push(Reference::Name(name.clone()));
                Ok(())
            }
            Some(("Fn::GetAtt", argument)) => {
                let (resource, name) = attribute(argument)?;
                found.push(Reference::Attribute {
                    resource: resource.to_owned(),
                    attribute: name.as_str().unwrap_or_default().to_owned(),
                    in_sub: false,
                });
                collect(&name, decided, found)
            }
            Some(("Fn::Sub", argument)) => sub(argument, decided, found),
            Some(("Fn::If", Document::Array(arguments))) => match arguments.as_slice() {
                [Document::String(name), then, otherwise] => match decided(name) {
                    Some(true) => collect(then, decided, found),
                    Some(false) => collect(otherwise, decided, found),
                    None => {
                        collect(then, decided, found)?;
                        collect(otherwise, decided, found)
                    }
                },
                _ => Ok(()),
            },
            Some(("Fn::ImportValue", argument)) => {
                found.push(Reference::Import);
                collect(argument, decided, found)
            }
            _ => members.values().try_for_each(|member| collect(member, decided, found)),
        },
        _ => Ok(()),
    }
}

fn sub(
    argument: &Document,
    decided: &dyn Fn(&str) -> Option<bool>,
    found: &mut Vec<Reference>,
) -> Result<(), TemplateError> {
    let (text, variables) = super::functions::sub::arguments(argument)?;
    for piece in pieces(text)? {
        let Piece::Variable(name) = piece else { continue };
        if variables.is_some_and(|variables| variables.contains_key(name)) {
            continue;
        }
        found.push(match name.split_once('.') {
            Some((resource, attribute)) => Reference::Attribute {
                resource: resource.to_owned(),
                attribute: attribute.to_owned(),
                in_sub: true,
            },
            None => Reference::Name(name.to_owned()),
        });
    }
    variables
        .map_or(Ok(()), |variables| variables.values().try_for_each(|value| collect(value, decided, found)))
}
