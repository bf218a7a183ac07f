//! `Outputs`: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html>.

use super::{at_most, logical_id, members, text_member, unknown_members};
use crate::template::error::TemplateError;
use indexmap::IndexMap;
use wire::Document;

const MAXIMUM_OUTPUTS: usize = 200;

/// A declared output.
#[derive(Debug, Clone)]
pub struct OutputDeclaration {
    /// What it gives, with its functions.
    pub value: Document,
    /// For the reader.
    pub description: Option<String>,
    /// It exists only if this condition holds.
    pub condition: Option<String>,
    /// The name under which other stacks import it, with its functions.
    pub export: Option<Document>,
}

pub(crate) fn parse(template: &Document) -> Result<IndexMap<String, OutputDeclaration>, TemplateError> {
    let Some(section) = members(template, "Outputs")? else { return Ok(IndexMap::new()) };
    at_most(section.len(), MAXIMUM_OUTPUTS, "outputs")?;
    section
        .iter()
        .filter(|(name, _)| *name != "Fn::Transform" && !name.starts_with("Fn::ForEach::"))
        .map(|(name, declaration)| {
            logical_id("Output", name)?;
            Ok((name.clone(), output(name, declaration)?))
        })
        .collect()
}

fn output(name: &str, declaration: &Document) -> Result<OutputDeclaration, TemplateError> {
    let Document::Object(declaration) = declaration else {
        return Err(TemplateError::format("Any Outputs member must be an object."));
    };
    if let Some(unknown) = unknown_members(declaration, &["Condition", "Description", "Export", "Value"]) {
        return Err(TemplateError::format(format!("Invalid outputs property : {unknown}")));
    }
    let Some(value) = declaration.get("Value") else {
        return Err(TemplateError::format("Every Outputs member must contain a Value object"));
    };
    if matches!(value, Document::Array(_)) {
        return Err(value_must_be_text());
    }
    let export = match declaration.get("Export") {
        None => None,
        Some(export) => match export.as_object() {
            Some(members) if members.len() == 1 && members.contains_key("Name") => {
                members.get("Name").cloned()
            }
            _ => return Err(malformed_export(name)),
        },
    };
    Ok(OutputDeclaration {
        value: value.clone(),
        description: text_member(declaration, "Description")?,
        condition: text_member(declaration, "Condition")?,
        export,
    })
}

pub(crate) fn malformed_export(output: &str) -> TemplateError {
    TemplateError::format(format!(
        "Output {output} is malformed. The Name field of every Export member must be specified and consist only of alphanumeric \
         characters, colons, or hyphens."
    ))
}

pub(crate) fn value_must_be_text() -> TemplateError {
    TemplateError::format("Every Value member must be a string.")
}
