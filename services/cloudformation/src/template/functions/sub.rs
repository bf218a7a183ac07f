//! `Fn::Sub`: `${Name}`, `${Resource.Attribute}`, `${!Literal}`.

use super::wrong_arguments;
use crate::template::error::TemplateError;
use crate::template::sections::text_of;
use indexmap::IndexMap;
use wire::Document;

/// A piece of the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// As it stands.
    Text(&'a str),
    /// `${!Name}`: stands as `${Name}`.
    Literal(&'a str),
    /// `${Name}`
    Variable(&'a str),
}

type Variables = IndexMap<String, Document>;

/// The text and the variables of its own.
pub(crate) fn arguments(argument: &Document) -> Result<(&str, Option<&Variables>), TemplateError> {
    match argument {
        Document::String(text) => Ok((text, None)),
        Document::Array(parts) => match parts.as_slice() {
            [Document::String(text), Document::Object(variables)] => {
                for (name, value) in variables {
                    own_variable(name, value)?;
                }
                Ok((text, Some(variables)))
            }
            _ => Err(wrong_arguments("Fn::Sub")),
        },
        _ => Err(wrong_arguments("Fn::Sub")),
    }
}

fn own_variable(name: &str, value: &Document) -> Result<(), TemplateError> {
    if name.is_empty() || !name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    {
        return Err(TemplateError::template(
            "every key of the context object of every Fn::Sub object must contain only alphanumeric characters and underscores",
        ));
    }
    if text_of(value).is_none() && super::function(value).is_none() {
        return Err(not_text());
    }
    Ok(())
}

pub(crate) fn not_text() -> TemplateError {
    TemplateError::template(
        "every value of the context object of every Fn::Sub object must be a string or a function that returns a string",
    )
}

/// Takes the text apart. A `${` that does not end is text.
pub(crate) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, following)) = after.split_once('}') else { break };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(match name.strip_prefix('!') {
            Some(literal) => Piece::Literal(literal),
            None if is_name(name) => Piece::Variable(name),
            None => {
                return Err(TemplateError::template(
                    "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons",
                ));
            }
        });
        rest = following;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_apart() {
        assert_eq!(
            pieces("a-${B}-${C.D}${!E}$F${").unwrap(),
            [
                Piece::Text("a-"),
                Piece::Variable("B"),
                Piece::Text("-"),
                Piece::Variable("C.D"),
                Piece::Literal("E"),
                Piece::Text("$F${"),
            ]
        );
        assert_eq!(pieces("").unwrap(), []);
    }

    #[test]
    fn names_are_checked() {
        for text in ["${A-B}", "${ A }", "${}", "${A:-x}", "${ä}", "${${A}}"] {
            assert_eq!(
                pieces(text).unwrap_err().message(),
                "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and \
                 colons",
                "{text}"
            );
        }
    }
}
