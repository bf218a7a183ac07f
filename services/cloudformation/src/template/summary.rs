//! What `GetTemplateSummary` and `ValidateTemplate` say of a template, and which capabilities it needs.

use super::error::{TemplateError, listed};
use super::parse::{Template, contains_key};
use super::sections::resources::ResourceDeclaration;
use indexmap::{IndexMap, IndexSet};

/// The summary of a template. Its parameters are [`Template::parameters`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateSummary {
    /// `AWSTemplateFormatVersion`
    pub version: Option<String>,
    /// `Description`
    pub description: Option<String>,
    /// The `Metadata` section, as JSON text.
    pub metadata: Option<String>,
    /// `CAPABILITY_…`, to be acknowledged.
    pub capabilities: Vec<&'static str>,
    /// `The following resource(s) require capabilities: […]`
    pub capabilities_reason: Option<String>,
    /// The types of the resources, each once.
    pub resource_types: Vec<String>,
    /// The logical ids by type.
    pub resource_identifiers: Vec<ResourceIdentifierSummary>,
    /// The transforms that the template names.
    pub declared_transforms: Vec<String>,
}

/// The resources of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceIdentifierSummary {
    /// The type.
    pub resource_type: String,
    /// Their logical ids.
    pub logical_ids: Vec<String>,
}

impl Template {
    /// What can be said without values.
    #[must_use]
    pub fn summary(&self) -> TemplateSummary {
        let mut by_type: IndexMap<&str, Vec<String>> = IndexMap::new();
        for (name, resource) in &self.resources {
            by_type.entry(&resource.resource_type).or_default().push(name.clone());
        }
        let needed: IndexSet<&str> = self
            .resources
            .values()
            .filter(|resource| needs_capability(&resource.resource_type))
            .map(|resource| resource.resource_type.as_str())
            .collect();
        let reason = (!needed.is_empty()).then(|| {
            format!(
                "The following resource(s) require capabilities: {}",
                listed(&needed.iter().collect::<Vec<_>>())
            )
        });
        TemplateSummary {
            version: self.version.clone(),
            description: self.description.clone(),
            metadata: self.document.get("Metadata").map(ToString::to_string),
            capabilities: self.capabilities(),
            capabilities_reason: reason,
            resource_types: by_type.keys().map(|name| (*name).to_owned()).collect(),
            resource_identifiers: by_type
                .into_iter()
                .map(|(name, logical_ids)| ResourceIdentifierSummary {
                    resource_type: name.to_owned(),
                    logical_ids,
                })
                .collect(),
            declared_transforms: self.transforms.clone(),
        }
    }

    /// The capabilities that a caller must acknowledge.
    #[must_use]
    pub fn capabilities(&self) -> Vec<&'static str> {
        let mut capabilities = Vec::new();
        let nested = self.resources.values().any(|resource| resource.resource_type == NESTED_STACK);
        if nested || self.resources.values().any(has_custom_name) {
            capabilities.push("CAPABILITY_NAMED_IAM");
        } else if self.resources.values().any(|resource| needs_capability(&resource.resource_type)) {
            capabilities.push("CAPABILITY_IAM");
        }
        if nested
            || !self.transforms.is_empty()
            || contains_key(&self.document, &|name| name == "Fn::Transform")
        {
            capabilities.push("CAPABILITY_AUTO_EXPAND");
        }
        capabilities
    }

    /// Were the capabilities acknowledged? `CAPABILITY_NAMED_IAM` includes `CAPABILITY_IAM`. What a nested stack needs is asked of that stack.
    ///
    /// # Errors
    /// `Requires capabilities : [CAPABILITY_NAMED_IAM]`, an `InsufficientCapabilitiesException`.
    pub fn require_capabilities(&self, given: &[impl AsRef<str>]) -> Result<(), TemplateError> {
        let has = |name: &str| given.iter().any(|one| one.as_ref() == name);
        let mut missing = Vec::new();
        if self.resources.values().any(has_custom_name) {
            if !has("CAPABILITY_NAMED_IAM") {
                missing.push("CAPABILITY_NAMED_IAM");
            }
        } else if self.resources.values().any(|resource| resource.resource_type.starts_with("AWS::IAM::"))
            && !has("CAPABILITY_IAM")
            && !has("CAPABILITY_NAMED_IAM")
        {
            missing.push("CAPABILITY_IAM");
        }
        let expands =
            !self.transforms.is_empty() || contains_key(&self.document, &|name| name == "Fn::Transform");
        if expands && !has("CAPABILITY_AUTO_EXPAND") {
            missing.push("CAPABILITY_AUTO_EXPAND");
        }
        if missing.is_empty() { Ok(()) } else { Err(TemplateError::insufficient_capabilities(&missing)) }
    }
}

const NESTED_STACK: &str = "AWS::CloudFormation::Stack";

/// Types that can change who may do what. Fails closed: every type of IAM counts.
fn needs_capability(resource_type: &str) -> bool {
    resource_type.starts_with("AWS::IAM::") || resource_type == NESTED_STACK
}

/// Does it set a name of its own? A `PolicyName` is required and does not count.
fn has_custom_name(resource: &ResourceDeclaration) -> bool {
    let name = match resource.resource_type.as_str() {
        "AWS::IAM::Role" => "RoleName",
        "AWS::IAM::User" => "UserName",
        "AWS::IAM::Group" => "GroupName",
        "AWS::IAM::ManagedPolicy" => "ManagedPolicyName",
        "AWS::IAM::InstanceProfile" => "InstanceProfileName",
        _ => return false,
    };
    resource.properties.get(name).is_some()
}
