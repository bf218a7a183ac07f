//! `AWS::IAM::Role`.

use super::reading::decoded;
use super::step::{Attributes, attributes, document, gone, gone_tags, is_ours, listed, wanted_tags};
use super::target::{Kind, Target};
use api_iam::{
    CreateRole, DeleteRole, DeleteRolePermissionsBoundary, GetRole, PutRolePermissionsBoundary, Role,
    TagRole, UntagRole, UpdateAssumeRolePolicy, UpdateRole,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// Makes, changes and deletes roles.
pub(super) struct RoleHandler;

const LONGEST_NAME: usize = 64;

fn max_session(properties: &Properties) -> Result<Option<i32>, HandlerFailure> {
    let seconds = properties.integer("MaxSessionDuration")?;
    Ok(seconds.map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX)))
}

fn answer(role: Role) -> Attributes {
    attributes([("Arn", role.arn), ("RoleId", role.role_id)])
}

async fn create_role(
    name: &str,
    properties: &Properties,
    context: &HandlerContext,
) -> Result<Role, HandlerFailure> {
    let create = CreateRole {
        path: properties.string("Path")?,
        role_name: name.to_owned(),
        assume_role_policy_document: document(properties, "AssumeRolePolicyDocument")?,
        description: properties.string("Description")?,
        max_session_duration: max_session(properties)?,
        permissions_boundary: properties.string("PermissionsBoundary")?,
        tags: listed(&wanted_tags(properties, context)?),
    };
    let error = match context.caller.call(create).await {
        Ok(made) => return Ok(made.role),
        Err(error) => error,
    };
    if error.code != "EntityAlreadyExists" {
        return Err(error.into());
    }
    let role = context.caller.call(GetRole { role_name: name.to_owned() }).await?.role;
    if is_ours(&error, name, role.tags.as_deref(), context) { Ok(role) } else { Err(error.into()) }
}

#[async_trait::async_trait]
impl ResourceHandler for RoleHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::Role"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "AssumeRolePolicyDocument",
            "Description",
            "ManagedPolicyArns",
            "MaxSessionDuration",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "RoleName",
            "Tags",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["RoleName", "Path"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "RoleId"]
    }

    /// A role whose policies are refused is deleted again: the stack would not know of it.
    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let name = properties.string("RoleName")?.unwrap_or_else(|| context.generated_name(LONGEST_NAME));
        let role = create_role(&name, properties, context).await?;
        let target = Target::new(Kind::Role, &name);
        if let Err(failure) = target.reconcile(&context.caller, None, properties).await {
            if let Err(left) = self.delete(&name, properties, context).await {
                tracing::warn!(role = name, %left, "a role that could not be given its policies could not be deleted either");
            }
            return Err(failure);
        }
        Ok(Created { physical_id: name, attributes: answer(role) })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let (caller, role_name) = (&context.caller, || physical_id.to_owned());
        let trust = document(new, "AssumeRolePolicyDocument")?;
        if document(old, "AssumeRolePolicyDocument")? != trust {
            caller.call(UpdateAssumeRolePolicy { role_name: role_name(), policy_document: trust }).await?;
        }
        let description = new.string("Description")?;
        if description != old.string("Description")? || max_session(new)? != max_session(old)? {
            caller
                .call(UpdateRole {
                    role_name: role_name(),
                    description: Some(description.unwrap_or_default()),
                    max_session_duration: Some(max_session(new)?.unwrap_or(3600)),
                })
                .await?;
        }
        match (old.string("PermissionsBoundary")?, new.string("PermissionsBoundary")?) {
            (old, Some(boundary)) if old.as_ref() != Some(&boundary) => {
                let permissions_boundary = boundary;
                caller
                    .call(PutRolePermissionsBoundary { role_name: role_name(), permissions_boundary })
                    .await?;
            }
            (Some(_), None) => {
                gone(caller.call(DeleteRolePermissionsBoundary { role_name: role_name() }).await)?
            }
            _ => {}
        }
        Target::new(Kind::Role, physical_id).reconcile(caller, Some(old), new).await?;
        let tags = wanted_tags(new, context)?;
        let tag_keys = gone_tags(old, &tags, context)?;
        if !tag_keys.is_empty() {
            caller.call(UntagRole { role_name: role_name(), tag_keys }).await?;
        }
        if let Some(tags) = listed(&tags) {
            caller.call(TagRole { role_name: role_name(), tags }).await?;
        }
        let role = caller.call(GetRole { role_name: role_name() }).await?.role;
        Ok(Updated { attributes: answer(role) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        Target::new(Kind::Role, physical_id).strip(&context.caller, properties).await?;
        gone(context.caller.call(DeleteRole { role_name: physical_id.to_owned() }).await)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let found = Target::new(Kind::Role, physical_id).read(properties, context).await?;
        let Some((role, mut actual)) = found else { return Ok(Actual::Gone) };
        for name in ["Description", "MaxSessionDuration"] {
            actual.set(name, role.get(name).cloned().unwrap_or_default());
        }
        actual.set("AssumeRolePolicyDocument", decoded(role.get("AssumeRolePolicyDocument")));
        Ok(Actual::Properties(actual))
    }
}
