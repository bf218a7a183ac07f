//! A template with its values: which resources there will be, in which order, and what their functions give.

use super::error::{Section, TemplateError};
use super::functions::{Evaluation, function, resolve, test, text};
use super::graph::Graph;
use super::parse::{Template, circular, contains_key};
use super::references::{Reference, references};
use super::scope::{Live, PseudoParameters, StackScope};
use super::sections::outputs::{malformed_export, value_must_be_text};
use super::sections::resources::{DeletionPolicy, ResourceDeclaration, deletion_policy};
use super::unbuilt::{no_dynamic_references, require_built, secrets_in_place};
use super::values::ParameterValues;
use indexmap::{IndexMap, IndexSet};
use std::borrow::Cow;
use std::sync::Arc;
use wire::Document;

/// What can be done: the template's conditions are decided, its rules hold, its references lead somewhere and not in circles.
#[derive(Debug, Clone)]
pub struct Plan {
    template: Arc<Template>,
    parameters: ParameterValues,
    pseudo: PseudoParameters,
    conditions: IndexMap<String, bool>,
    graph: Graph,
}

/// A resolved output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its logical id.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Its description.
    pub description: Option<String>,
    /// The name under which it is exported.
    pub export: Option<String>,
}

impl Plan {
    /// Decides everything that the values decide.
    ///
    /// # Errors
    /// What is not built (a transform, a dynamic reference); a rule that does not hold; `Unresolved resource dependencies […]` where something
    /// refers to a resource whose condition is false; `Circular dependency between resources: […]`; a mapping that lacks a name.
    pub fn new(
        template: Arc<Template>,
        parameters: ParameterValues,
        pseudo: PseudoParameters,
    ) -> Result<Self, TemplateError> {
        require_built(&template)?;
        let conditions = IndexMap::new();
        let mut plan = Self { template, parameters, pseudo, conditions, graph: Graph::default() };
        for (name, rule) in &plan.template.rules {
            rule.check(name, &plan.scope(None))?;
        }
        for (name, definition) in plan.template.clone().conditions.iter() {
            let holds = test(definition, &plan.scope(None))?;
            plan.conditions.insert(name.clone(), holds);
        }
        let needs = needs(&plan.template, &|name| plan.conditions.get(name).copied())?;
        plan.check_present(&needs)?;
        plan.graph = Graph::new(needs).map_err(|cycle| circular(&cycle))?;
        plan.check_functions()?;
        plan.exports()?;
        Ok(plan)
    }

    /// The template.
    #[must_use]
    pub fn template(&self) -> &Arc<Template> {
        &self.template
    }

    /// The values of the parameters.
    #[must_use]
    pub fn parameters(&self) -> &ParameterValues {
        &self.parameters
    }

    /// What needs what, of the resources that there will be.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Whether a condition holds.
    #[must_use]
    pub fn condition(&self, name: &str) -> Option<bool> {
        self.conditions.get(name).copied()
    }

    /// A resource that there will be.
    #[must_use]
    pub fn resource(&self, logical_id: &str) -> Option<&ResourceDeclaration> {
        self.template.resources.get(logical_id).filter(|resource| self.holds(resource.condition.as_deref()))
    }

    /// The resources that there will be, as the template has them.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &ResourceDeclaration)> {
        self.template
            .resources
            .iter()
            .filter(|(_, resource)| self.holds(resource.condition.as_deref()))
            .map(|(name, resource)| (name.as_str(), resource))
    }

    /// A resource's properties, without functions. What it refers to must be there.
    ///
    /// # Errors
    /// AWS's sentence on the function that cannot be resolved.
    pub fn properties(&self, logical_id: &str, live: &dyn Live) -> Result<Document, TemplateError> {
        let properties = self.part(logical_id, |resource| Some(&resource.properties), live)?;
        // `Properties: !If [C, {…}, !Ref AWS::NoValue]`
        Ok(properties.filter(|properties| !properties.is_null()).unwrap_or_else(Document::object))
    }

    /// As [`Plan::properties`], with `****` for parameters that are not to be echoed: what may be shown. None where a function cannot be
    /// resolved with asterisks in place of its argument.
    pub fn shown_properties(&self, logical_id: &str, live: &dyn Live) -> Option<Document> {
        let scope = StackScope { hides: true, ..self.scope(Some(live)) };
        resolve(&self.resource(logical_id)?.properties, &scope)
            .ok()
            .filter(|properties| !properties.is_null())
    }

    /// A resource's `Metadata`, without functions.
    ///
    /// # Errors
    /// As [`Plan::properties`].
    pub fn metadata(&self, logical_id: &str, live: &dyn Live) -> Result<Option<Document>, TemplateError> {
        self.part(logical_id, |resource| resource.metadata.as_ref(), live)
    }

    /// A resource's `CreationPolicy`, without functions.
    ///
    /// # Errors
    /// As [`Plan::properties`].
    pub fn creation_policy(
        &self,
        logical_id: &str,
        live: &dyn Live,
    ) -> Result<Option<Document>, TemplateError> {
        self.part(logical_id, |resource| resource.creation_policy.as_ref(), live)
    }

    /// A resource's `UpdatePolicy`, without functions.
    ///
    /// # Errors
    /// As [`Plan::properties`].
    pub fn update_policy(
        &self,
        logical_id: &str,
        live: &dyn Live,
    ) -> Result<Option<Document>, TemplateError> {
        self.part(logical_id, |resource| resource.update_policy.as_ref(), live)
    }

    /// What becomes of the real thing when the resource is deleted.
    ///
    /// # Errors
    /// Where the policy is a function (`AWS::LanguageExtensions`) that gives no policy.
    pub fn deletion_policy(&self, logical_id: &str) -> Result<DeletionPolicy, TemplateError> {
        self.policy(logical_id, "DeletionPolicy", |resource| resource.deletion_policy.as_ref())
    }

    /// What becomes of the old thing when an update replaces the resource.
    ///
    /// # Errors
    /// As [`Plan::deletion_policy`].
    pub fn update_replace_policy(&self, logical_id: &str) -> Result<DeletionPolicy, TemplateError> {
        self.policy(logical_id, "UpdateReplacePolicy", |resource| resource.update_replace_policy.as_ref())
    }

    /// The outputs, once all resources are there.
    ///
    /// # Errors
    /// AWS's sentence on the function that cannot be resolved, or `Template format error: Every Value member must be a string.`
    pub fn outputs(&self, live: &dyn Live) -> Result<Vec<Output>, TemplateError> {
        let scope = self.scope(Some(live));
        let exports = self.exports()?;
        self.template
            .outputs
            .iter()
            .filter(|(_, output)| self.holds(output.condition.as_deref()))
            .map(|(name, output)| {
                Ok(Output {
                    name: name.clone(),
                    value: text(&output.value, &scope)?.ok_or_else(value_must_be_text)?,
                    description: output.description.clone(),
                    export: exports.get(name).cloned(),
                })
            })
            .collect()
    }

    /// The export names, by output; they may not depend on resources, so they are known beforehand.
    ///
    /// # Errors
    /// `Template format error: Output X is malformed. …`
    pub fn exports(&self) -> Result<IndexMap<String, String>, TemplateError> {
        let scope = self.scope(None);
        let mut exports = IndexMap::new();
        for (name, output) in &self.template.outputs {
            let Some(export) = output.export.as_ref().filter(|_| self.holds(output.condition.as_deref()))
            else {
                continue;
            };
            let malformed = || malformed_export(name);
            let export = text(export, &scope).ok().flatten().ok_or_else(malformed)?;
            let fits = !export.is_empty()
                && export
                    .chars()
                    .all(|character| character.is_ascii_alphanumeric() || matches!(character, ':' | '-'));
            if !fits {
                return Err(malformed());
            }
            exports.insert(name.clone(), export);
        }
        Ok(exports)
    }

    fn holds(&self, condition: Option<&str>) -> bool {
        condition.is_none_or(|name| self.conditions.get(name).copied().unwrap_or(false))
    }

    fn scope<'a>(&'a self, live: Option<&'a dyn Live>) -> StackScope<'a> {
        StackScope {
            pseudo: &self.pseudo,
            parameters: &self.parameters,
            types: &self.template.parameters,
            conditions: Cow::Borrowed(&self.conditions),
            mappings: &self.template.mappings,
            extended: self.template.extended(),
            live,
            hides: false,
        }
    }

    fn part(
        &self,
        logical_id: &str,
        part: impl Fn(&ResourceDeclaration) -> Option<&Document>,
        live: &dyn Live,
    ) -> Result<Option<Document>, TemplateError> {
        let resource = self
            .resource(logical_id)
            .ok_or_else(|| TemplateError::unresolved(&[logical_id], Section::Resources))?;
        let Some(document) = part(resource) else { return Ok(None) };
        let resolved = resolve(document, &self.scope(Some(live)))?;
        no_dynamic_references(&resolved, true)?;
        secrets_in_place(&resource.resource_type, &resolved)?;
        Ok(Some(resolved))
    }

    fn policy(
        &self,
        logical_id: &str,
        member: &str,
        part: impl Fn(&ResourceDeclaration) -> Option<&Document>,
    ) -> Result<DeletionPolicy, TemplateError> {
        let Some(resource) = self.template.resources.get(logical_id) else {
            return Ok(DeletionPolicy::default());
        };
        match part(resource) {
            None => Ok(DeletionPolicy::default()),
            Some(document) => match Evaluation::new(&self.scope(None)).value(document)? {
                None => Ok(DeletionPolicy::default()),
                Some(value) => deletion_policy(logical_id, &resource.resource_type, member, &value),
            },
        }
    }

    /// Whatever is referred to must be there: its condition may be false.
    fn check_present(&self, needs: &IndexMap<String, IndexSet<String>>) -> Result<(), TemplateError> {
        let mut absent: IndexSet<&String> = IndexSet::new();
        for needed in needs.values() {
            absent.extend(needed.iter().filter(|name| !needs.contains_key(*name)));
        }
        if !absent.is_empty() {
            return Err(TemplateError::unresolved(
                &absent.into_iter().collect::<Vec<_>>(),
                Section::Resources,
            ));
        }
        let mut absent: IndexSet<String> = IndexSet::new();
        for output in self.template.outputs.values().filter(|output| self.holds(output.condition.as_deref()))
        {
            let named =
                resources_named(&self.template, &output.value, &|name| self.conditions.get(name).copied())?;
            absent.extend(named.into_iter().filter(|name| !needs.contains_key(name)));
        }
        if absent.is_empty() {
            Ok(())
        } else {
            Err(TemplateError::unresolved(&absent.into_iter().collect::<Vec<_>>(), Section::Outputs))
        }
    }

    /// What is wrong whatever the resources will be: mappings that lack a name, policies that are none, dynamic references.
    fn check_functions(&self) -> Result<(), TemplateError> {
        let scope = self.scope(None);
        for (name, resource) in self.resources() {
            for document in resource.documents() {
                self.check_mappings(document, &scope)?;
                no_dynamic_references(document, true)?;
            }
            secrets_in_place(&resource.resource_type, &resource.properties)?;
            self.deletion_policy(name)?;
            self.update_replace_policy(name)?;
        }
        for output in self.template.outputs.values().filter(|output| self.holds(output.condition.as_deref()))
        {
            self.check_mappings(&output.value, &scope)?;
            no_dynamic_references(&output.value, false)?;
        }
        Ok(())
    }

    fn check_mappings(&self, document: &Document, scope: &StackScope<'_>) -> Result<(), TemplateError> {
        match document {
            Document::Array(elements) => {
                elements.iter().try_for_each(|element| self.check_mappings(element, scope))
            }
            Document::Object(members) => match function(document) {
                Some(("Fn::If", Document::Array(arguments))) => match arguments.as_slice() {
                    [name, then, otherwise] => {
                        let holds = name.as_str().is_some_and(|name| self.holds(Some(name)));
                        self.check_mappings(if holds { then } else { otherwise }, scope)
                    }
                    _ => Ok(()),
                },
                Some(("Fn::FindInMap", arguments)) if self.is_settled(arguments)? => {
                    resolve(document, scope).map(|_| ())
                }
                _ => members.values().try_for_each(|member| self.check_mappings(member, scope)),
            },
            _ => Ok(()),
        }
    }

    /// Does it depend on values only?
    fn is_settled(&self, document: &Document) -> Result<bool, TemplateError> {
        let decided = |name: &str| self.conditions.get(name).copied();
        let free = references(document, &decided)?.into_iter().all(|reference| match reference {
            Reference::Name(name) => !self.template.resources.contains_key(&name),
            Reference::Attribute { .. } | Reference::Import => false,
        });
        Ok(free && !contains_key(document, &|name| name == "Fn::GetAZs"))
    }
}

/// For each resource (whose condition is not known to be false) the resources that it needs: by name, and by `DependsOn`.
pub(crate) fn needs(
    template: &Template,
    decided: &dyn Fn(&str) -> Option<bool>,
) -> Result<IndexMap<String, IndexSet<String>>, TemplateError> {
    let present = |resource: &ResourceDeclaration| {
        resource.condition.as_deref().is_none_or(|name| decided(name).unwrap_or(true))
    };
    let mut needs = IndexMap::new();
    for (name, resource) in template.resources.iter().filter(|(_, resource)| present(resource)) {
        // AWS ignores a DependsOn on a resource whose condition is false.
        let mut needed: IndexSet<String> = resource
            .depends_on
            .iter()
            .filter(|name| template.resources.get(*name).is_some_and(present))
            .cloned()
            .collect();
        for document in resource.documents() {
            needed.extend(resources_named(template, document, decided)?);
        }
        needs.insert(name.clone(), needed);
    }
    Ok(needs)
}

fn resources_named(
    template: &Template,
    document: &Document,
    decided: &dyn Fn(&str) -> Option<bool>,
) -> Result<Vec<String>, TemplateError> {
    Ok(references(document, decided)?
        .into_iter()
        .filter_map(|reference| match reference {
            Reference::Name(name) | Reference::Attribute { resource: name, .. } => Some(name),
            Reference::Import => None,
        })
        .filter(|name| template.resources.contains_key(name))
        .collect())
}
