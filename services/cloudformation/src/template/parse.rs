//! A template's text to its declarations, and all that can be said of it without values.

use super::error::{Section, TemplateError};
use super::functions::{Checks, check};
use super::graph::Graph;
use super::plan::needs;
use super::references::{Reference, references};
use super::scope::is_pseudo_parameter;
use super::sections::conditions::{self, Conditions};
use super::sections::mappings::{self, Mappings};
use super::sections::outputs::{self, OutputDeclaration};
use super::sections::parameters::{self, Parameter};
use super::sections::resources::{self, ResourceDeclaration};
use super::sections::rules::{self, Rule};
use super::sections::{every_must_be, text_of, unknown_members};
use super::{json, pointer, yaml};
use indexmap::{IndexMap, IndexSet};
use wire::Document;

const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];
const MAXIMUM_DESCRIPTION: usize = 1024;
const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// Where a template comes from; its size is limited by that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `TemplateBody`: 51,200 bytes.
    Body,
    /// `TemplateURL`: 1 MB.
    S3,
}

/// A template that is right as far as can be said without values.
#[derive(Debug, Clone)]
pub struct Template {
    /// The whole document, as the template has it.
    pub document: Document,
    /// `AWSTemplateFormatVersion`
    pub version: Option<String>,
    /// `Description`
    pub description: Option<String>,
    /// `Transform`, in order.
    pub transforms: Vec<String>,
    /// `Parameters`
    pub parameters: IndexMap<String, Parameter>,
    /// `Mappings`
    pub mappings: Mappings,
    /// `Resources`
    pub resources: IndexMap<String, ResourceDeclaration>,
    /// `Outputs`
    pub outputs: IndexMap<String, OutputDeclaration>,
    pub(crate) rules: IndexMap<String, Rule>,
    pub(crate) conditions: Conditions,
}

impl Template {
    /// Reads JSON (where the first character is `{`) or YAML.
    ///
    /// A template with a macro or `AWS::Serverless` is read too, for its summary; that it cannot be carried out, [`super::Plan::new`] says.
    ///
    /// # Errors
    /// AWS's sentence on the first thing that is wrong.
    pub fn parse(text: &str, source: Source) -> Result<Self, TemplateError> {
        size(text, source)?;
        let is_json = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('{');
        let document =
            if is_json { json::parse(text.trim_start_matches('\u{feff}'))? } else { yaml::parse(text)? };
        Self::from_document(document)
    }

    /// As [`Template::parse`], from bytes that need not be text.
    ///
    /// # Errors
    /// As [`Template::parse`].
    pub fn parse_bytes(bytes: &[u8], source: Source) -> Result<Self, TemplateError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(text, source),
            Err(_) => Err(TemplateError::format("unsupported structure.")),
        }
    }

    fn from_document(document: Document) -> Result<Self, TemplateError> {
        let Document::Object(sections) = &document else {
            return Err(TemplateError::format("unsupported structure."));
        };
        let transforms = transforms(sections.get("Transform"))?;
        let opaque = transforms.iter().any(|name| name != LANGUAGE_EXTENSIONS);
        let known: Vec<&str> =
            SECTIONS.iter().copied().chain(["Fn::Transform"]).chain(opaque.then_some("Globals")).collect();
        if let Some(unknown) = unknown_members(sections, &known) {
            return Err(TemplateError::validation(format!(
                "Invalid template property or properties {unknown}"
            )));
        }
        no_nulls(&document, &mut Vec::new())?;
        let version = sections.get("AWSTemplateFormatVersion").map(version).transpose()?;
        let description = sections.get("Description").map(description).transpose()?;
        if sections.get("Metadata").is_some_and(|metadata| metadata.as_object().is_none()) {
            return Err(TemplateError::format("Metadata must be an object"));
        }
        let extended = transforms.iter().any(|name| name == LANGUAGE_EXTENSIONS);
        let parameters = parameters::parse(&document)?;
        let mappings = mappings::parse(&document)?;
        let conditions =
            conditions::parse(&document, &|name| parameters.contains_key(name), &mappings, extended)?;
        let template = Self {
            version,
            description,
            rules: rules::parse(&document)?,
            resources: resources::parse(&document, extended)?,
            outputs: outputs::parse(&document)?,
            transforms,
            parameters,
            mappings,
            conditions,
            document,
        };
        // A transform may add what is referred to, so nothing can be said of references before it has run.
        if !opaque {
            template.check_references()?;
        }
        Ok(template)
    }

    /// Does it declare `AWS::LanguageExtensions`?
    #[must_use]
    pub fn extended(&self) -> bool {
        self.transforms.iter().any(|name| name == LANGUAGE_EXTENSIONS)
    }

    fn check_references(&self) -> Result<(), TemplateError> {
        let common: Vec<&String> =
            self.resources.keys().filter(|name| self.parameters.contains_key(*name)).collect();
        if !common.is_empty() {
            return Err(TemplateError::template(format!(
                "all resources and parameters must have unique names. Common name(s): {}",
                super::error::listed(&common)
            )));
        }
        let checks = Checks {
            mappings: &self.mappings,
            condition: &|name| self.conditions.contains(name),
            extended: self.extended(),
        };
        let mut resources: IndexSet<String> = IndexSet::new();
        for document in self.rules.values().flat_map(Rule::documents) {
            check(document, &checks)?;
            resources.extend(conditions::values_only(
                document,
                &|name| self.parameters.contains_key(name),
                "Rules",
            )?);
        }
        conditions::no_resources(&resources, "Rules")?;
        let mut unresolved: IndexSet<String> = IndexSet::new();
        for resource in self.resources.values() {
            self.check_condition(resource.condition.as_deref(), Section::Resources)?;
            for document in resource.documents() {
                check(document, &checks)?;
                unresolved.extend(self.unresolved(document)?);
            }
            unresolved.extend(
                resource.depends_on.iter().filter(|name| !self.resources.contains_key(*name)).cloned(),
            );
        }
        // What `Fn::ForEach` makes is not known here; the plan refuses it.
        let loops = contains_key(&self.document, &|name| name.starts_with("Fn::ForEach::"));
        if !unresolved.is_empty() && !loops {
            let names: Vec<String> = unresolved.into_iter().collect();
            return Err(TemplateError::unresolved(&names, Section::Resources));
        }
        let mut unresolved: IndexSet<String> = IndexSet::new();
        for output in self.outputs.values() {
            self.check_condition(output.condition.as_deref(), Section::Outputs)?;
            for document in [Some(&output.value), output.export.as_ref()].into_iter().flatten() {
                check(document, &checks)?;
                unresolved.extend(self.unresolved(document)?);
            }
        }
        if !unresolved.is_empty() && !loops {
            let names: Vec<String> = unresolved.into_iter().collect();
            return Err(TemplateError::unresolved(&names, Section::Outputs));
        }
        if self.conditions.is_empty() {
            let needs = needs(self, &|_| None)?;
            Graph::new(needs).map_err(|cycle| circular(&cycle))?;
        }
        Ok(())
    }

    fn check_condition(&self, name: Option<&str>, section: Section) -> Result<(), TemplateError> {
        match name {
            Some(name) if !self.conditions.contains(name) => Err(TemplateError::format(format!(
                "Unresolved condition dependency {name} in the {section} block of the template"
            ))),
            _ => Ok(()),
        }
    }

    /// The names in `document` that are neither parameter nor resource, in any branch.
    fn unresolved(&self, document: &Document) -> Result<Vec<String>, TemplateError> {
        let mut names = Vec::new();
        for reference in references(document, &|_| None)? {
            match reference {
                Reference::Name(name) => {
                    let known = is_pseudo_parameter(&name)
                        || self.parameters.contains_key(&name)
                        || self.resources.contains_key(&name);
                    if !known {
                        names.push(name);
                    }
                }
                Reference::Attribute { resource, attribute, in_sub }
                    if !self.resources.contains_key(&resource) =>
                {
                    return Err(TemplateError::template(if in_sub {
                        format!(
                            "instance of Fn::Sub references invalid resource attribute {resource}.{attribute}"
                        )
                    } else {
                        format!("instance of Fn::GetAtt references undefined resource {resource}")
                    }));
                }
                Reference::Attribute { .. } | Reference::Import => {}
            }
        }
        Ok(names)
    }
}

pub(crate) fn circular(names: &[String]) -> TemplateError {
    TemplateError::validation(format!(
        "Circular dependency between resources: {}",
        super::error::listed(names)
    ))
}

fn size(text: &str, source: Source) -> Result<(), TemplateError> {
    match source {
        Source::Body if text.len() > 51_200 => Err(TemplateError::validation(
            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal \
             to 51200",
        )),
        Source::S3 if text.len() > 1_000_000 => {
            Err(TemplateError::validation("Template may not exceed 1000000 bytes in size."))
        }
        _ => Ok(()),
    }
}

fn version(value: &Document) -> Result<String, TemplateError> {
    match text_of(value) {
        Some(text) if text == "2010-09-09" => Ok(text),
        _ => Err(TemplateError::format("unsupported value for AWSTemplateFormatVersion.")),
    }
}

fn description(value: &Document) -> Result<String, TemplateError> {
    let text = text_of(value).ok_or_else(|| every_must_be("Description", "a string"))?;
    if text.len() > MAXIMUM_DESCRIPTION {
        return Err(TemplateError::format("'Description' length is greater than 1024."));
    }
    Ok(text)
}

/// A name, or names; a macro with parameters is an object with a `Name`.
fn transforms(value: Option<&Document>) -> Result<Vec<String>, TemplateError> {
    let one = |value: &Document| {
        let name = match value {
            Document::String(name) => Some(name.clone()),
            Document::Object(_) => value.get("Name").and_then(Document::as_str).map(ToOwned::to_owned),
            _ => None,
        };
        name.ok_or_else(|| {
            TemplateError::format("Transform must be a string, an object with a Name, or a list of these")
        })
    };
    match value {
        None => Ok(Vec::new()),
        Some(Document::Array(values)) => values.iter().map(one).collect(),
        Some(value) => Ok(vec![one(value)?]),
    }
}

fn no_nulls(document: &Document, steps: &mut Vec<String>) -> Result<(), TemplateError> {
    match document {
        Document::Null => Err(TemplateError::validation(format!(
            "[{}] 'null' values are not allowed in templates",
            pointer(steps)
        ))),
        Document::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                steps.push(index.to_string());
                no_nulls(element, steps)?;
                steps.pop();
            }
            Ok(())
        }
        Document::Object(members) => {
            for (name, member) in members {
                steps.push(name.clone());
                no_nulls(member, steps)?;
                steps.pop();
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Is there, anywhere, a member whose name is meant?
pub(crate) fn contains_key(document: &Document, meant: &dyn Fn(&str) -> bool) -> bool {
    match document {
        Document::Array(elements) => elements.iter().any(|element| contains_key(element, meant)),
        Document::Object(members) => {
            members.iter().any(|(name, member)| meant(name) || contains_key(member, meant))
        }
        _ => false,
    }
}
