//! `Mappings`: two levels of names, then texts or lists of texts.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html>

use super::{at_most, logical_id, members, text_of};
use crate::template::error::TemplateError;
use indexmap::IndexMap;
use wire::Document;

const MAXIMUM_MAPPINGS: usize = 200;
const MAXIMUM_ATTRIBUTES: usize = 200;

/// The mappings of a template, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mappings {
    maps: IndexMap<String, IndexMap<String, IndexMap<String, Document>>>,
}

impl Mappings {
    /// What `Fn::FindInMap` finds.
    ///
    /// # Errors
    /// AWS's sentence on the mapping or name that is missing.
    pub fn find(&self, map: &str, top: &str, second: &str) -> Result<&Document, TemplateError> {
        let Some(entries) = self.maps.get(map) else {
            return Err(TemplateError::template(format!(
                "Mapping named '{map}' is not present in the 'Mappings' section of template."
            )));
        };
        entries.get(top).and_then(|attributes| attributes.get(second)).ok_or_else(|| {
            TemplateError::template(format!("Unable to get mapping for {map}::{top}::{second}"))
        })
    }

    pub(crate) fn contains(&self, map: &str) -> bool {
        self.maps.contains_key(map)
    }
}

pub(crate) fn parse(template: &Document) -> Result<Mappings, TemplateError> {
    let Some(section) = members(template, "Mappings")? else { return Ok(Mappings::default()) };
    at_most(section.len(), MAXIMUM_MAPPINGS, "mappings")?;
    let maps = section
        .iter()
        .filter(|(name, _)| name.as_str() != "Fn::Transform")
        .map(|(name, entries)| {
            logical_id("Mappings", name)?;
            Ok((name.clone(), map(name, entries)?))
        })
        .collect::<Result<_, TemplateError>>()?;
    Ok(Mappings { maps })
}

fn map(
    name: &str,
    entries: &Document,
) -> Result<IndexMap<String, IndexMap<String, Document>>, TemplateError> {
    let Document::Object(entries) = entries else { return Err(must_be_a_map(name)) };
    at_most(entries.len(), MAXIMUM_ATTRIBUTES, "mapping attributes")?;
    entries
        .iter()
        .filter(|(top, _)| top.as_str() != "Fn::Transform")
        .map(|(top, attributes)| {
            let Document::Object(attributes) = attributes else { return Err(must_be_a_map(top)) };
            at_most(attributes.len(), MAXIMUM_ATTRIBUTES, "mapping attributes")?;
            for value in attributes.values() {
                attribute(value)?;
            }
            Ok((top.clone(), attributes.clone()))
        })
        .collect()
}

fn must_be_a_map(name: &str) -> TemplateError {
    TemplateError::format(format!("Every Mappings member {name} must be a map"))
}

fn attribute(value: &Document) -> Result<(), TemplateError> {
    let fits = match value {
        Document::Array(elements) => elements.iter().all(|element| text_of(element).is_some()),
        single => text_of(single).is_some(),
    };
    if fits {
        Ok(())
    } else {
        Err(TemplateError::format("Every Mappings attribute must be a String or a List."))
    }
}
