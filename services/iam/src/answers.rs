//! Rows as the API answers them.

use crate::documents::encoded;
use crate::state::{Group, InstanceProfile, LastAccess, ManagedPolicy, Role, Session, User, Version};
use crate::{managed, principals, state::Entity, tags};
use api_iam::{
    AttachedPermissionsBoundary, AttachedPolicy, PermissionsBoundaryAttachmentType, PolicyDetail,
    RoleLastUsed,
};
use store::{StoreError, View};

pub(crate) fn boundary(arn: Option<&str>) -> Option<AttachedPermissionsBoundary> {
    arn.map(|arn| AttachedPermissionsBoundary {
        permissions_boundary_type: Some(PermissionsBoundaryAttachmentType::PermissionsBoundaryPolicy),
        permissions_boundary_arn: Some(arn.to_owned()),
    })
}

/// A user; lists leave out boundary and tags.
pub(crate) fn user(row: &User, whole: bool) -> api_iam::User {
    api_iam::User {
        path: row.path.clone(),
        user_name: row.name.clone(),
        user_id: row.id.clone(),
        arn: row.arn(),
        create_date: row.created,
        password_last_used: None,
        permissions_boundary: boundary(row.boundary.as_deref()).filter(|_| whole),
        tags: tags::answer(&row.tags).filter(|_| whole),
    }
}

pub(crate) fn group(row: &Group) -> api_iam::Group {
    api_iam::Group {
        path: row.path.clone(),
        group_name: row.name.clone(),
        group_id: row.id.clone(),
        arn: row.arn(),
        create_date: row.created,
    }
}

/// A role as `ListRoles` answers it: without boundary, tags and last use.
pub(crate) fn role_in_list(view: &View, row: &Role) -> Result<api_iam::Role, StoreError> {
    Ok(api_iam::Role {
        path: row.path.clone(),
        role_name: row.name.clone(),
        role_id: row.id.clone(),
        arn: row.arn(),
        create_date: row.created,
        assume_role_policy_document: Some(encoded(&principals::effective_trust(view, row)?)),
        description: row.description.clone(),
        max_session_duration: Some(row.max_session),
        permissions_boundary: None,
        tags: None,
        role_last_used: None,
    })
}

/// A role, whole.
pub(crate) fn role(view: &View, row: &Role) -> Result<api_iam::Role, StoreError> {
    Ok(api_iam::Role {
        permissions_boundary: boundary(row.boundary.as_deref()),
        tags: tags::answer(&row.tags),
        role_last_used: Some(last_used(view, row)?),
        ..role_in_list(view, row)?
    })
}

/// When a role was last used: the last call of one of its sessions, or that the last session was issued, which is seen at once. Calls are followed
/// some seconds behind.
pub(crate) fn last_used(view: &View, role: &Role) -> Result<RoleLastUsed, StoreError> {
    let scope = names::Scope::global(role.account);
    let last = view.scan_index::<Session>(scope, "owner", (role.id.as_str(),)).reverse().first()?;
    let issued = last.map(|session| (session.issued, session.region.to_string()));
    let called =
        LastAccess::overall(view, role.account, &role.id)?.map(|last| (last.at, last.region.to_string()));
    let (date, region) = issued.max(called).unzip();
    Ok(RoleLastUsed { last_used_date: date, region })
}

/// An instance profile with the role that it holds.
pub(crate) fn instance_profile(
    view: &View,
    row: &InstanceProfile,
) -> Result<api_iam::InstanceProfile, StoreError> {
    let role = match &row.role {
        Some(id) => Role::by_id(view, row.account, id)?,
        None => None,
    };
    let roles: Result<Vec<_>, StoreError> = role.iter().map(|role| role_in_list(view, role)).collect();
    Ok(api_iam::InstanceProfile {
        path: row.path.clone(),
        instance_profile_name: row.name.clone(),
        instance_profile_id: row.id.clone(),
        arn: row.arn(),
        create_date: row.created,
        roles: roles?,
        tags: tags::answer(&row.tags),
    })
}

/// A managed policy of the account; lists leave out description and tags.
pub(crate) fn policy(row: &ManagedPolicy, whole: bool) -> api_iam::Policy {
    api_iam::Policy {
        policy_name: Some(row.name.clone()),
        policy_id: Some(row.id.clone()),
        arn: Some(row.arn()),
        path: Some(row.path.clone()),
        default_version_id: Some(format!("v{}", row.default)),
        attachment_count: Some(count(row.attached_to.len())),
        permissions_boundary_usage_count: Some(count(row.boundary_of.len())),
        is_attachable: Some(true),
        description: row.description.clone().filter(|_| whole),
        create_date: Some(row.created),
        update_date: Some(row.updated),
        tags: tags::answer(&row.tags).filter(|_| whole),
    }
}

/// A managed policy of AWS, with the account's use of it.
pub(crate) fn aws_policy(policy: &managed::AwsPolicy, attached: usize, bounds: usize) -> api_iam::Policy {
    api_iam::Policy {
        policy_name: Some(policy.name.to_owned()),
        policy_id: Some(policy.id()),
        arn: Some(policy.arn()),
        path: Some(policy.path.to_owned()),
        default_version_id: Some(policy.version.to_owned()),
        attachment_count: Some(count(attached)),
        permissions_boundary_usage_count: Some(count(bounds)),
        is_attachable: Some(true),
        description: None,
        create_date: Some(policy.created),
        update_date: Some(policy.updated),
        tags: None,
    }
}

pub(crate) fn version(row: &ManagedPolicy, version: &Version, with_document: bool) -> api_iam::PolicyVersion {
    api_iam::PolicyVersion {
        document: with_document.then(|| encoded(&version.document)),
        version_id: Some(version.id()),
        is_default_version: Some(version.number == row.default),
        create_date: Some(version.created),
    }
}

pub(crate) fn inline_list(entity: &impl Entity) -> Vec<PolicyDetail> {
    let policies = entity.policies().inline.iter();
    policies
        .map(|(name, text)| PolicyDetail {
            policy_name: Some(name.clone()),
            policy_document: Some(encoded(text)),
        })
        .collect()
}

pub(crate) fn attached_list(entity: &impl Entity) -> Vec<AttachedPolicy> {
    entity.policies().attached.iter().map(|arn| attached(arn)).collect()
}

pub(crate) fn attached(arn: &str) -> AttachedPolicy {
    AttachedPolicy { policy_name: Some(managed::name_of(arn).to_owned()), policy_arn: Some(arn.to_owned()) }
}

pub(crate) fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
