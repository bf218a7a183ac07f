//! Runbooks: schema version 0.3 in YAML or JSON, read and checked (<https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html>).

pub(crate) mod owned;
mod parameter;
mod step;
mod yaml;

pub(crate) use parameter::{Parameter, shown};
pub(crate) use step::{Action, OnFailure, Output, OutputKind, Step};

use crate::automation::interpolate;
use indexmap::IndexMap;
use std::collections::BTreeSet;
use wire::Document;

/// A runbook.
#[derive(Debug, Clone)]
pub(crate) struct Runbook {
    pub(crate) description: Option<String>,
    /// Text that may refer to parameters.
    pub(crate) assume_role: Option<String>,
    pub(crate) parameters: IndexMap<String, Parameter>,
    /// `step.Output` each.
    pub(crate) outputs: Vec<String>,
    pub(crate) steps: Vec<Step>,
}

/// What the reader of a runbook may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not what AWS takes: `InvalidDocumentContent`.
    Content(String),
    /// Another schema version: `InvalidDocumentSchemaVersion`.
    Version(String),
    /// AWS has it and this cloud has not.
    NotBuilt(String),
}

impl Fault {
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Content(message) | Self::Version(message) | Self::NotBuilt(message) => message,
        }
    }
}

pub(crate) fn content<T>(message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Content(message.into()))
}

/// Reads text of either format; JSON is read as JSON, for its errors.
pub(crate) fn read(text: &str, is_yaml: bool) -> Result<Document, Fault> {
    if is_yaml {
        return yaml::parse(text).map_err(Fault::Content);
    }
    Document::parse(text).map_err(|error| {
        Fault::Content(format!("JSON not well-formed. at Line: {}, Column: {}", error.line, error.column))
    })
}

const MEMBERS: &[&str] = &[
    "schemaVersion",
    "description",
    "assumeRole",
    "parameters",
    "outputs",
    "mainSteps",
    "files",
    "variables",
];

impl Runbook {
    /// Reads and checks a runbook.
    pub(crate) fn parse(document: &Document) -> Result<Self, Fault> {
        let Some(members) = document.as_object() else {
            return content("The document must be an object.");
        };
        let version = match members.get("schemaVersion") {
            Some(Document::String(version)) => version.clone(),
            Some(other) => other.to_string(),
            None => return content("The document has no schemaVersion."),
        };
        if version != "0.3" {
            return Err(Fault::Version(format!(
                "The schema version {version} is not valid for a document of type Automation. Use 0.3."
            )));
        }
        if let Some(stranger) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            return content(format!("Unrecognized property \"{stranger}\" in the document."));
        }
        for unbuilt in ["files", "variables"] {
            if members.contains_key(unbuilt) {
                return Err(Fault::NotBuilt(format!("{unbuilt} of runbooks are not built in Cloudchamber.")));
            }
        }
        let parameters = parameters(members.get("parameters"))?;
        let steps = steps(members.get("mainSteps"))?;
        let outputs = texts(members.get("outputs"), "outputs")?;
        let runbook = Self {
            description: text(members.get("description"), "description")?,
            assume_role: text(members.get("assumeRole"), "assumeRole")?,
            parameters,
            outputs,
            steps,
        };
        runbook.check()?;
        Ok(runbook)
    }

    /// The step with a name.
    pub(crate) fn index_of(&self, name: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.name == name)
    }

    fn check(&self) -> Result<(), Fault> {
        let mut names = BTreeSet::new();
        for step in &self.steps {
            if !names.insert(step.name.as_str()) {
                return content(format!("Duplicate step name: {}.", step.name));
            }
        }
        for step in &self.steps {
            let failure = match &step.on_failure {
                OnFailure::Step(name) => Some(name),
                _ => None,
            };
            for target in step.next_step.iter().chain(failure).chain(&step.branches()) {
                if !names.contains(target.as_str()) {
                    return content(format!(
                        "The step {} refers to the step {target}, which is not defined.",
                        step.name
                    ));
                }
            }
            self.check_references(&step.templates(), &format!("The step {}", step.name))?;
        }
        for output in &self.outputs {
            self.check_reference(output, "The outputs")?;
        }
        match &self.assume_role {
            Some(role) => self.check_references(&Document::from(role.as_str()), "assumeRole"),
            None => Ok(()),
        }
    }

    fn check_references(&self, document: &Document, place: &str) -> Result<(), Fault> {
        let mut names = BTreeSet::new();
        interpolate::references(document, &mut names);
        names.iter().try_for_each(|name| self.check_reference(name, place))
    }

    fn check_reference(&self, name: &str, place: &str) -> Result<(), Fault> {
        let known = match name.split_once('.') {
            Some((step, output)) => self
                .index_of(step)
                .and_then(|index| self.steps.get(index))
                .is_some_and(|step| step.gives(output)),
            None => self.parameters.contains_key(name) || interpolate::GLOBALS.contains(&name),
        };
        if known {
            Ok(())
        } else {
            content(format!("{place} refers to {{{{ {name} }}}}, which is not defined in the document."))
        }
    }
}

fn parameters(value: Option<&Document>) -> Result<IndexMap<String, Parameter>, Fault> {
    let members = match value {
        None | Some(Document::Null) => return Ok(IndexMap::new()),
        Some(Document::Object(members)) => members,
        Some(_) => return content("parameters must be an object."),
    };
    members.iter().map(|(name, value)| Ok((name.clone(), Parameter::parse(name, value)?))).collect()
}

fn steps(value: Option<&Document>) -> Result<Vec<Step>, Fault> {
    match value.and_then(Document::as_array) {
        Some(steps) if !steps.is_empty() && steps.len() <= 100 => steps.iter().map(Step::parse).collect(),
        Some(steps) if steps.len() > 100 => content("A document may have at most 100 steps."),
        _ => content("The document has no mainSteps."),
    }
}

/// Text, where it is there.
pub(crate) fn text(value: Option<&Document>, name: &str) -> Result<Option<String>, Fault> {
    match value {
        None | Some(Document::Null) => Ok(None),
        Some(Document::String(text)) => Ok(Some(text.clone())),
        Some(_) => content(format!("{name} must be a string.")),
    }
}

pub(crate) fn texts(value: Option<&Document>, name: &str) -> Result<Vec<String>, Fault> {
    match value {
        None | Some(Document::Null) => Ok(Vec::new()),
        Some(Document::Array(elements)) => elements
            .iter()
            .map(|element| {
                element
                    .as_str()
                    .map(str::to_owned)
                    .ok_or_else(|| Fault::Content(format!("{name} must be a list of strings.")))
            })
            .collect(),
        Some(_) => content(format!("{name} must be a list of strings.")),
    }
}

#[cfg(test)]
mod tests;
