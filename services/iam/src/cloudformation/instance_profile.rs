//! `AWS::IAM::InstanceProfile`.

use super::step::{attributes, gone, is_ours, listed};
use api_iam::{
    AddRoleToInstanceProfile, CreateInstanceProfile, DeleteInstanceProfile, GetInstanceProfile,
    InstanceProfile, RemoveRoleFromInstanceProfile,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// Makes, changes and deletes instance profiles.
pub(super) struct InstanceProfileHandler;

const LONGEST_NAME: usize = 128;

fn roles(properties: &Properties) -> Result<Vec<String>, HandlerFailure> {
    properties.strings("Roles")?.ok_or_else(|| properties.missing("Roles"))
}

async fn existing(name: &str, context: &HandlerContext) -> Result<InstanceProfile, HandlerFailure> {
    let get = GetInstanceProfile { instance_profile_name: name.to_owned() };
    Ok(context.caller.call(get).await?.instance_profile)
}

/// Puts the roles in that are not in it, and takes out those that are not wanted.
async fn hold(
    profile: &InstanceProfile,
    wanted: &[String],
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let name = || profile.instance_profile_name.clone();
    for role in profile.roles.iter().filter(|role| !wanted.contains(&role.role_name)) {
        let remove = RemoveRoleFromInstanceProfile {
            instance_profile_name: name(),
            role_name: role.role_name.clone(),
        };
        gone(context.caller.call(remove).await)?;
    }
    for role in wanted.iter().filter(|wanted| !profile.roles.iter().any(|role| role.role_name == **wanted)) {
        let add = AddRoleToInstanceProfile { instance_profile_name: name(), role_name: role.clone() };
        context.caller.call(add).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl ResourceHandler for InstanceProfileHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::InstanceProfile"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["InstanceProfileName", "Path", "Roles"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["InstanceProfileName", "Path"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let roles = roles(properties)?;
        let name =
            properties.string("InstanceProfileName")?.unwrap_or_else(|| context.generated_name(LONGEST_NAME));
        let create = CreateInstanceProfile {
            instance_profile_name: name.clone(),
            path: properties.string("Path")?,
            tags: listed(&context.stack_tags),
        };
        let profile = match context.caller.call(create).await {
            Ok(made) => made.instance_profile,
            Err(error) if error.code == "EntityAlreadyExists" => {
                let profile = existing(&name, context).await?;
                if !is_ours(&error, &name, profile.tags.as_deref(), context) {
                    return Err(error.into());
                }
                profile
            }
            Err(error) => return Err(error.into()),
        };
        if let Err(failure) = hold(&profile, &roles, context).await {
            if let Err(left) = self.delete(&name, properties, context).await {
                tracing::warn!(name, %left, "an instance profile that could not be given its role could not be deleted either");
            }
            return Err(failure);
        }
        Ok(Created { physical_id: name, attributes: attributes([("Arn", profile.arn)]) })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let profile = existing(physical_id, context).await?;
        hold(&profile, &roles(new)?, context).await?;
        Ok(Updated { attributes: attributes([("Arn", profile.arn)]) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        match existing(physical_id, context).await {
            Ok(profile) => hold(&profile, &[], context).await?,
            Err(failure) if failure.service_code.as_deref() == Some("NoSuchEntity") => return Ok(()),
            Err(failure) => return Err(failure),
        }
        gone(
            context
                .caller
                .call(DeleteInstanceProfile { instance_profile_name: physical_id.to_owned() })
                .await,
        )
    }
}
