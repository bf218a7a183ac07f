//! Evaluation: a document with functions to one without.

use super::sub::{Piece, pieces};
use super::{attribute, function, unsupported, wrong_arguments};
use crate::template::error::{Section, TemplateError};
use crate::template::scope::Scope;
use crate::template::sections::text_of;
use base64::Engine;
use std::cell::Cell;
use wire::Document;

/// How many bytes of text one evaluation may make; no resource of AWS takes as much, and a template could ask for any amount.
const MAXIMUM_OUTPUT: usize = 16 << 20;

/// Resolves every function in `document`; members and elements that become `AWS::NoValue` are left out. A document that is `AWS::NoValue` as
/// a whole becomes `null`.
///
/// # Errors
/// AWS's sentence on the function that cannot be resolved.
pub fn resolve(document: &Document, scope: &dyn Scope) -> Result<Document, TemplateError> {
    Ok(Evaluation::new(scope).value(document)?.unwrap_or(Document::Null))
}

/// Texts as they are, and those of numbers and truth values.
pub(crate) fn text(document: &Document, scope: &dyn Scope) -> Result<Option<String>, TemplateError> {
    Ok(Evaluation::new(scope).value(document)?.as_ref().and_then(text_of))
}

pub(crate) struct Evaluation<'a> {
    pub(crate) scope: &'a dyn Scope,
    left: Cell<usize>,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(scope: &'a dyn Scope) -> Self {
        Self { scope, left: Cell::new(MAXIMUM_OUTPUT) }
    }

    fn spend(&self, bytes: usize) -> Result<(), TemplateError> {
        let left = self.left.get().checked_sub(bytes).ok_or_else(|| {
            TemplateError::validation(
                "Template validation error: the resolved template may not exceed 16 MiB in size.",
            )
        })?;
        self.left.set(left);
        Ok(())
    }

    /// The value without functions; `None` is `AWS::NoValue`.
    pub(crate) fn value(&self, document: &Document) -> Result<Option<Document>, TemplateError> {
        match document {
            Document::Array(elements) => {
                let mut values = Vec::with_capacity(elements.len());
                for element in elements {
                    values.extend(self.value(element)?);
                }
                Ok(Some(Document::Array(values)))
            }
            Document::Object(members) => {
                if let Some((name, argument)) = function(document)
                    && name != "Condition"
                {
                    return self.call(name, argument);
                }
                let mut values = indexmap::IndexMap::with_capacity(members.len());
                for (name, member) in members {
                    if let Some(value) = self.value(member)? {
                        self.spend(name.len())?;
                        values.insert(name.clone(), value);
                    }
                }
                Ok(Some(Document::Object(values)))
            }
            single => {
                self.spend(weight(single))?;
                Ok(Some(single.clone()))
            }
        }
    }

    fn call(&self, name: &str, argument: &Document) -> Result<Option<Document>, TemplateError> {
        let wrong = || wrong_arguments(name);
        let list = argument.as_array().unwrap_or_default();
        let value = match (name, list) {
            ("Ref", _) => return self.reference(argument.as_str().ok_or_else(wrong)?),
            ("Fn::GetAtt", _) => self.get_att(argument)?,
            ("Fn::Sub", _) => self.sub(argument)?.into(),
            ("Fn::If", [condition, then, otherwise]) => {
                let condition = condition.as_str().ok_or_else(wrong)?;
                let holds = self.scope.condition(condition).ok_or_else(|| {
                    TemplateError::template(format!("unresolved condition dependency {condition} in Fn::If"))
                })?;
                return self.value(if holds { then } else { otherwise });
            }
            ("Fn::Join", [delimiter, values]) => {
                let delimiter = self.text(delimiter)?.ok_or_else(wrong)?;
                let texts = self.texts(values)?.ok_or_else(wrong)?;
                let joined = texts.join(&delimiter);
                self.spend(joined.len())?;
                joined.into()
            }
            ("Fn::Split", [delimiter, source]) => {
                let delimiter = self.text(delimiter)?.filter(|text| !text.is_empty()).ok_or_else(wrong)?;
                self.text(source)?.ok_or_else(wrong)?.split(&delimiter).collect()
            }
            ("Fn::Select", [index, values]) => self.select(index, values)?,
            ("Fn::FindInMap", _) => return self.find_in_map(list),
            ("Fn::Base64", _) => {
                let encoded =
                    base64::engine::general_purpose::STANDARD.encode(self.text(argument)?.ok_or_else(wrong)?);
                self.spend(encoded.len())?;
                encoded.into()
            }
            ("Fn::GetAZs", _) => self.availability_zones(argument)?,
            ("Fn::ImportValue", _) => {
                let export = self.text(argument)?.ok_or_else(wrong)?;
                let found = self.scope.live().and_then(|live| live.import(&export));
                found
                    .ok_or_else(|| TemplateError::validation(format!("No export named {export} found.")))?
                    .into()
            }
            ("Fn::Cidr", [block, count, bits]) => {
                let block = self.text(block)?.ok_or_else(wrong)?;
                let number = |document| {
                    self.text(document)?.and_then(|text| text.parse::<u32>().ok()).ok_or_else(wrong)
                };
                super::cidr::blocks(&block, number(count)?, number(bits)?)
                    .map_err(TemplateError::template)?
                    .into_iter()
                    .collect()
            }
            ("Fn::Length", _) if self.scope.extended() => match self.value(argument)? {
                Some(Document::Array(elements)) => i64::try_from(elements.len()).unwrap_or(i64::MAX).into(),
                _ => return Err(wrong()),
            },
            ("Fn::ToJsonString", _) if self.scope.extended() => match self.value(argument)? {
                Some(value @ (Document::Object(_) | Document::Array(_))) => {
                    let json = value.to_string();
                    self.spend(json.len())?;
                    json.into()
                }
                _ => return Err(wrong()),
            },
            ("Fn::Transform", _) => {
                return Err(TemplateError::not_built("Fn::Transform", "Write out what it would insert."));
            }
            ("Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals", _) => {
                return Err(TemplateError::template(format!(
                    "{name} can only be used in Conditions and Rules"
                )));
            }
            ("Fn::If" | "Fn::Join" | "Fn::Split" | "Fn::Select" | "Fn::Cidr", _) => return Err(wrong()),
            _ => return Err(unsupported(name)),
        };
        Ok(Some(value))
    }

    /// The text that a document becomes.
    pub(crate) fn text(&self, document: &Document) -> Result<Option<String>, TemplateError> {
        Ok(self.value(document)?.as_ref().and_then(text_of))
    }

    /// The texts that a document becomes, if it becomes a list of texts.
    pub(crate) fn texts(&self, document: &Document) -> Result<Option<Vec<String>>, TemplateError> {
        Ok(match self.value(document)? {
            Some(Document::Array(elements)) => elements.iter().map(text_of).collect(),
            _ => None,
        })
    }

    fn reference(&self, name: &str) -> Result<Option<Document>, TemplateError> {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        let live = || self.scope.live().and_then(|live| live.reference(name));
        let value = self.scope.pseudo(name).or_else(|| self.scope.parameter(name)).or_else(live);
        let value = value.ok_or_else(|| TemplateError::unresolved(&[name], Section::Resources))?;
        self.spend(weight(&value))?;
        Ok(Some(value))
    }

    fn get_att(&self, argument: &Document) -> Result<Document, TemplateError> {
        let (resource, name) = attribute(argument)?;
        let name = self.text(&name)?.ok_or_else(|| wrong_arguments("Fn::GetAtt"))?;
        self.attribute(resource, &name)
    }

    fn attribute(&self, resource: &str, name: &str) -> Result<Document, TemplateError> {
        let live = self.scope.live();
        let value = live.and_then(|live| live.attribute(resource, name)).ok_or_else(|| {
            if live.is_some_and(|live| live.reference(resource).is_some()) {
                TemplateError::template(format!(
                    "resource {resource} does not support attribute type {name} in Fn::GetAtt"
                ))
            } else {
                TemplateError::unresolved(&[resource], Section::Resources)
            }
        })?;
        self.spend(weight(&value))?;
        Ok(value)
    }

    fn sub(&self, argument: &Document) -> Result<String, TemplateError> {
        let (template, variables) = super::sub::arguments(argument)?;
        let mut out = String::with_capacity(template.len());
        for piece in pieces(template)? {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Literal(name) => {
                    out.push_str("${");
                    out.push_str(name);
                    out.push('}');
                }
                Piece::Variable(name) => {
                    let text = match variables.and_then(|variables| variables.get(name)) {
                        Some(own) => self.text(own)?.ok_or_else(super::sub::not_text)?,
                        None => self.variable(name)?,
                    };
                    out.push_str(&text);
                }
            }
        }
        self.spend(out.len())?;
        Ok(out)
    }

    fn variable(&self, name: &str) -> Result<String, TemplateError> {
        let value = match name.split_once('.') {
            Some((resource, attribute)) => Some(self.attribute(resource, attribute)?),
            None => self.reference(name)?,
        };
        value.as_ref().and_then(text_of).ok_or_else(|| {
            TemplateError::template(format!(
                "variable {name} in Fn::Sub expression does not resolve to a string"
            ))
        })
    }

    fn select(&self, index: &Document, values: &Document) -> Result<Document, TemplateError> {
        let index = self.text(index)?.unwrap_or_default();
        let Ok(position) = index.trim().parse::<i64>() else {
            return Err(TemplateError::template(
                "Fn::Select requires a list argument with a valid index value as its first element",
            ));
        };
        let Some(Document::Array(values)) = self.value(values)? else {
            return Err(wrong_arguments("Fn::Select"));
        };
        usize::try_from(position).ok().and_then(|position| values.into_iter().nth(position)).ok_or_else(
            || {
                TemplateError::template(format!(
                    "Fn::Select cannot select nonexistent value at index {position}"
                ))
            },
        )
    }

    fn find_in_map(&self, list: &[Document]) -> Result<Option<Document>, TemplateError> {
        let wrong = || wrong_arguments("Fn::FindInMap");
        let (map, top, second, default) = match list {
            [map, top, second] => (map, top, second, None),
            [map, top, second, default] if self.scope.extended() => {
                (map, top, second, default.get("DefaultValue"))
            }
            _ => return Err(wrong()),
        };
        let name = |document| self.text(document)?.ok_or_else(wrong);
        let (map, top, second) = (name(map)?, name(top)?, name(second)?);
        match (self.scope.mappings().find(&map, &top, &second), default) {
            (Ok(value), _) => self.value(value),
            (Err(_), Some(default)) => self.value(default),
            (Err(error), None) => Err(error),
        }
    }

    fn availability_zones(&self, region: &Document) -> Result<Document, TemplateError> {
        let mut region = self.text(region)?.ok_or_else(|| wrong_arguments("Fn::GetAZs"))?;
        if region.is_empty() {
            region = self.scope.pseudo("AWS::Region").as_ref().and_then(text_of).unwrap_or_default();
        }
        let live = self.scope.live();
        let live = live.ok_or_else(|| TemplateError::template("Cannot use Fn::GetAZs in Conditions."))?;
        Ok(live.availability_zones(&region).into_iter().collect())
    }
}

fn weight(value: &Document) -> usize {
    match value {
        Document::String(text) => text.len(),
        Document::Array(elements) => elements.iter().map(weight).sum::<usize>() + 8,
        Document::Object(members) => {
            members.iter().map(|(name, member)| name.len() + weight(member)).sum::<usize>() + 8
        }
        _ => 8,
    }
}
