//! `Conditions`: truth values from parameters and other conditions.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>

use super::{logical_id, members};
use crate::template::error::{TemplateError, listed};
use crate::template::functions::{Checks, check, condition_name, function};
use crate::template::graph::Graph;
use crate::template::references::{Reference, references};
use crate::template::scope::is_pseudo_parameter;
use crate::template::sections::mappings::Mappings;
use indexmap::{IndexMap, IndexSet};
use wire::Document;

/// The conditions of a template, each after those that it names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conditions {
    ordered: IndexMap<String, Document>,
}

impl Conditions {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.ordered.contains_key(name)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ordered.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Document)> {
        self.ordered.iter()
    }
}

pub(crate) fn parse(
    template: &Document,
    is_parameter: &dyn Fn(&str) -> bool,
    mappings: &Mappings,
    extended: bool,
) -> Result<Conditions, TemplateError> {
    let Some(section) = members(template, "Conditions")? else { return Ok(Conditions::default()) };
    let mut needs: IndexMap<String, IndexSet<String>> = IndexMap::new();
    let mut resources: IndexSet<String> = IndexSet::new();
    for (name, definition) in section {
        if name == "Fn::Transform" || name.starts_with("Fn::ForEach::") {
            continue;
        }
        logical_id("Condition", name)?;
        let is_test = matches!(
            function(definition),
            Some(("Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals" | "Condition" | "Fn::Transform", _))
        );
        if !is_test {
            return Err(TemplateError::format(
                "Conditions can only be boolean operations on parameters and other conditions",
            ));
        }
        check(definition, &Checks { mappings, condition: &|_| true, extended })?;
        let mut named = IndexSet::new();
        conditions_named(definition, &mut named);
        resources.extend(values_only(definition, is_parameter, "Conditions")?);
        needs.insert(name.clone(), named);
    }
    no_resources(&resources, "Conditions")?;
    for missing in needs.values().flatten() {
        if !section.contains_key(missing) {
            return Err(TemplateError::template(format!(
                "unresolved condition dependency {missing} in Condition"
            )));
        }
    }
    let graph = Graph::new(needs).map_err(|cycle| {
        TemplateError::template(format!("Found circular condition dependency: {}", listed(&cycle)))
    })?;
    let ordered =
        graph.order().filter_map(|name| Some((name.to_owned(), section.get(name)?.clone()))).collect();
    Ok(Conditions { ordered })
}

/// What a definition refers to that is no parameter.
pub(crate) fn values_only(
    definition: &Document,
    is_parameter: &dyn Fn(&str) -> bool,
    section: &str,
) -> Result<Vec<String>, TemplateError> {
    let mut resources = Vec::new();
    for reference in references(definition, &|_| None)? {
        match reference {
            Reference::Name(name) if is_parameter(&name) || is_pseudo_parameter(&name) => {}
            Reference::Name(name) | Reference::Attribute { resource: name, .. } => resources.push(name),
            Reference::Import => {
                return Err(TemplateError::template(format!("Cannot use Fn::ImportValue in {section}.")));
            }
        }
    }
    Ok(resources)
}

/// AWS's sentence on resources where only values may stand.
pub(crate) fn no_resources(names: &IndexSet<String>, section: &str) -> Result<(), TemplateError> {
    if names.is_empty() {
        return Ok(());
    }
    Err(TemplateError::format(format!(
        "Unresolved dependencies {}. Cannot reference resources in the {section} block of the template",
        listed(&names.iter().collect::<Vec<_>>())
    )))
}

/// The conditions that a definition names by `Condition` or `Fn::If`.
pub(crate) fn conditions_named(definition: &Document, named: &mut IndexSet<String>) {
    match definition {
        Document::Array(elements) => elements.iter().for_each(|element| conditions_named(element, named)),
        Document::Object(members) => {
            if let Some(name) = condition_name(definition) {
                named.insert(name.to_owned());
            }
            members.values().for_each(|member| conditions_named(member, named));
        }
        _ => {}
    }
}
