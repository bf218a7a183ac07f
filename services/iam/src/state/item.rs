//! What the items of users, groups, roles and policies have in common.

use super::{Entity, ManagedPolicy};
use contract::{Description, Relationship};
use indexmap::IndexMap;
use names::{Tags, Timestamp};
use store::{StoreError, View};
use wire::{Document, document};

/// `rolePolicyList` and the like: documents are percent-encoded, as the APIs answer them.
pub(super) fn inline_list(entity: &impl Entity) -> Document {
    let policies = entity.policies().inline.iter();
    Document::Array(
        policies
            .map(|(name, text)| {
                let encoded = crate::documents::encoded(text);
                document!({ "policyName": (name.as_str()), "policyDocument": encoded })
            })
            .collect(),
    )
}

/// `attachedManagedPolicies`.
pub(super) fn attached_list(entity: &impl Entity) -> Document {
    let policies = entity.policies().attached.iter();
    Document::Array(
        policies
            .map(|arn| {
                let name = crate::managed::name_of(arn);
                document!({ "policyName": name, "policyArn": (arn.as_str()) })
            })
            .collect(),
    )
}

/// `permissionsBoundary`; null where there is none.
pub(super) fn boundary(entity: &impl Entity) -> Document {
    match entity.boundary() {
        Some(arn) => {
            document!({ "permissionsBoundaryType": "PermissionsBoundaryPolicy", "permissionsBoundaryArn": arn })
        }
        None => Document::Null,
    }
}

/// `tags`.
pub(super) fn tag_list(tags: &Tags) -> Document {
    Document::Array(
        tags.iter()
            .map(|(key, value)| document!({ "key": (key.as_str()), "value": (value.as_str()) }))
            .collect(),
    )
}

/// To the account's own managed policies; AWS's give no relationship.
pub(super) fn to_policies(entity: &impl Entity, view: &View) -> Result<Vec<Relationship>, StoreError> {
    let mut relationships = Vec::new();
    for arn in &entity.policies().attached {
        if let Some(policy) = ManagedPolicy::by_arn(view, entity.account(), arn)? {
            relationships.push(Relationship {
                resource_type: "AWS::IAM::Policy".into(),
                id: Some(policy.id),
                name: Some(policy.name),
                relation: "Is attached to CustomerManagedPolicy".into(),
            });
        }
    }
    Ok(relationships)
}

/// An item of a global resource.
pub(super) fn item(
    identity: store::ResourceIdentity,
    created: Timestamp,
    configuration: Document,
    relationships: Vec<Relationship>,
    tags: Tags,
) -> Description {
    Description {
        identity,
        availability_zone: "Not Applicable".into(),
        created: Some(created),
        configuration,
        supplementary: IndexMap::new(),
        relationships,
        tags,
    }
}
