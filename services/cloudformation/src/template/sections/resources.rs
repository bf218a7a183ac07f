//! `Resources`: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>.

use super::{at_most, every_must_be, logical_id, text_member};
use crate::template::error::TemplateError;
use indexmap::IndexMap;
use wire::Document;

const MAXIMUM_RESOURCES: usize = 500;
const KNOWN: &[&str] = &[
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Description",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Version",
];
/// The types that can leave a snapshot behind.
const SNAPSHOTS: &[&str] = &[
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
];

/// What becomes of the real thing when the resource leaves the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeletionPolicy {
    /// It is deleted.
    #[default]
    Delete,
    /// It stays.
    Retain,
    /// It is deleted after a snapshot was taken.
    Snapshot,
    /// It stays, unless the operation that created it is rolled back.
    RetainExceptOnCreate,
}

/// A declared resource.
#[derive(Debug, Clone)]
pub struct ResourceDeclaration {
    /// `AWS::Service::Type` or `Custom::Name`.
    pub resource_type: String,
    /// Its properties, with their functions; an empty object where there are none.
    pub properties: Document,
    /// The logical ids that it names in `DependsOn`.
    pub depends_on: Vec<String>,
    /// It exists only if this condition holds.
    pub condition: Option<String>,
    /// `Metadata`, with its functions.
    pub metadata: Option<Document>,
    /// `CreationPolicy`, with its functions.
    pub creation_policy: Option<Document>,
    /// `UpdatePolicy`, with its functions.
    pub update_policy: Option<Document>,
    pub(crate) deletion_policy: Option<Document>,
    pub(crate) update_replace_policy: Option<Document>,
}

impl ResourceDeclaration {
    /// All that may contain functions.
    pub(crate) fn documents(&self) -> impl Iterator<Item = &Document> {
        [
            Some(&self.properties),
            self.metadata.as_ref(),
            self.creation_policy.as_ref(),
            self.update_policy.as_ref(),
            self.deletion_policy.as_ref(),
            self.update_replace_policy.as_ref(),
        ]
        .into_iter()
        .flatten()
    }
}

pub(crate) fn parse(
    template: &Document,
    extended: bool,
) -> Result<IndexMap<String, ResourceDeclaration>, TemplateError> {
    let none = || TemplateError::format("At least one Resources member must be defined.");
    let section = match template.get("Resources") {
        None => return Err(none()),
        Some(Document::Object(section)) if section.is_empty() => return Err(none()),
        Some(Document::Object(section)) => section,
        Some(_) => return Err(TemplateError::format("Resources must be an object")),
    };
    at_most(section.len(), MAXIMUM_RESOURCES, "resources")?;
    section
        .iter()
        .filter(|(name, _)| *name != "Fn::Transform" && !(extended && name.starts_with("Fn::ForEach::")))
        .map(|(name, declaration)| {
            logical_id("Resource", name)?;
            Ok((name.clone(), resource(name, declaration, extended)?))
        })
        .collect()
}

fn resource(
    name: &str,
    declaration: &Document,
    extended: bool,
) -> Result<ResourceDeclaration, TemplateError> {
    let Document::Object(members) = declaration else {
        return Err(TemplateError::format("Any Resources member must be an object."));
    };
    let Some(resource_type) = text_member(members, "Type")?.filter(|text| !text.is_empty()) else {
        return Err(TemplateError::format(format!(
            "[/Resources/{name}] Every Resources object must contain a Type member."
        )));
    };
    if let Some(unknown) =
        members.keys().find(|key| !KNOWN.contains(&key.as_str()) && *key != "Fn::Transform")
    {
        return Err(TemplateError::validation(format!("Invalid template resource property '{unknown}'")));
    }
    let object = |member: &str| match members.get(member) {
        None => Ok(None),
        Some(value @ Document::Object(_)) => Ok(Some(value.clone())),
        Some(_) => Err(TemplateError::format(format!(
            "[/Resources/{name}] Every {member} member must be an object."
        ))),
    };
    let policy = |member: &str| match members.get(member) {
        None => Ok(None),
        Some(value @ Document::Object(_)) if extended => Ok(Some(value.clone())),
        Some(value) => deletion_policy(name, &resource_type, member, value).map(|_| Some(value.clone())),
    };
    Ok(ResourceDeclaration {
        properties: object("Properties")?.unwrap_or_else(Document::object),
        depends_on: depends_on(members)?,
        condition: match members.get("Condition") {
            None => None,
            Some(Document::String(condition)) => Some(condition.clone()),
            Some(_) => return Err(every_must_be("Condition", "a string")),
        },
        metadata: object("Metadata")?,
        creation_policy: object("CreationPolicy")?,
        update_policy: object("UpdatePolicy")?,
        deletion_policy: policy("DeletionPolicy")?,
        update_replace_policy: policy("UpdateReplacePolicy")?,
        resource_type,
    })
}

fn depends_on(members: &IndexMap<String, Document>) -> Result<Vec<String>, TemplateError> {
    match members.get("DependsOn") {
        None => Ok(Vec::new()),
        Some(Document::String(name)) => Ok(vec![name.clone()]),
        Some(Document::Array(names)) => names
            .iter()
            .map(|name| name.as_str().map(ToOwned::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| TemplateError::format("Every DependsOn value must be a string.")),
        Some(_) => Err(TemplateError::format("DependsOn must be a string or list of strings.")),
    }
}

/// Reads a `DeletionPolicy` or `UpdateReplacePolicy` whose functions are resolved.
pub(crate) fn deletion_policy(
    name: &str,
    resource_type: &str,
    member: &str,
    value: &Document,
) -> Result<DeletionPolicy, TemplateError> {
    let Document::String(text) = value else { return Err(every_must_be(member, "a string")) };
    match text.as_str() {
        "Delete" => Ok(DeletionPolicy::Delete),
        "Retain" => Ok(DeletionPolicy::Retain),
        "Snapshot" if SNAPSHOTS.contains(&resource_type) => Ok(DeletionPolicy::Snapshot),
        "Snapshot" => Err(TemplateError::template(format!(
            "resource type {resource_type} does not support deletion policy Snapshot"
        ))),
        "RetainExceptOnCreate" if member == "DeletionPolicy" => Ok(DeletionPolicy::RetainExceptOnCreate),
        _ => Err(TemplateError::format(format!("Unrecognized {member} {text} for resource {name}"))),
    }
}
