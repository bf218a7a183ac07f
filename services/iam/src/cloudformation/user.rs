//! `AWS::IAM::User`.

use super::step::{Attributes, attributes, gone, gone_tags, is_ours, listed, wanted_tags};
use super::target::{Kind, Target};
use api_iam::{
    AddUserToGroup, CreateLoginProfile, CreateUser, DeleteLoginProfile, DeleteUser,
    DeleteUserPermissionsBoundary, GetUser, PutUserPermissionsBoundary, RemoveUserFromGroup, TagUser,
    UntagUser, UpdateLoginProfile, UpdateUser, User,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// Makes, changes and deletes users.
pub(super) struct UserHandler;

const LONGEST_NAME: usize = 64;

fn answer(user: User) -> Attributes {
    attributes([("Arn", user.arn)])
}

async fn create_user(
    name: &str,
    properties: &Properties,
    context: &HandlerContext,
) -> Result<User, HandlerFailure> {
    let create = CreateUser {
        path: properties.string("Path")?,
        user_name: name.to_owned(),
        permissions_boundary: properties.string("PermissionsBoundary")?,
        tags: listed(&wanted_tags(properties, context)?),
    };
    let error = match context.caller.call(create).await {
        Ok(made) => return Ok(made.user.unwrap_or_default()),
        Err(error) => error,
    };
    if error.code != "EntityAlreadyExists" {
        return Err(error.into());
    }
    let user = context.caller.call(GetUser { user_name: Some(name.to_owned()) }).await?.user;
    if is_ours(&error, name, user.tags.as_deref(), context) { Ok(user) } else { Err(error.into()) }
}

/// Brings groups, password and policies from the old properties to the new ones.
async fn complete(
    name: &str,
    old: Option<&Properties>,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let (caller, user_name) = (&context.caller, || name.to_owned());
    let groups =
        |properties: &Properties| Ok::<_, HandlerFailure>(properties.strings("Groups")?.unwrap_or_default());
    let (was, wanted) = (old.map(groups).transpose()?.unwrap_or_default(), groups(new)?);
    for group_name in was.iter().filter(|group| !wanted.contains(group)).cloned() {
        gone(caller.call(RemoveUserFromGroup { group_name, user_name: user_name() }).await)?;
    }
    for group_name in wanted.into_iter().filter(|group| !was.contains(group)) {
        caller.call(AddUserToGroup { group_name, user_name: user_name() }).await?;
    }
    let (was, wanted) =
        (old.map(|old| old.object("LoginProfile")).transpose()?.flatten(), new.object("LoginProfile")?);
    match (was, wanted) {
        (was, Some(wanted)) if was.as_ref() != Some(&wanted) => password(name, &wanted, context).await?,
        (Some(_), None) => gone(caller.call(DeleteLoginProfile { user_name: Some(user_name()) }).await)?,
        _ => {}
    }
    Target::new(Kind::User, name).reconcile(caller, old, new).await
}

async fn password(name: &str, profile: &Properties, context: &HandlerContext) -> Result<(), HandlerFailure> {
    profile.only(&["Password", "PasswordResetRequired"])?;
    let password = Some(profile.required_string("Password")?);
    let password_reset_required = profile.boolean("PasswordResetRequired")?;
    let user_name = Some(name.to_owned());
    let create = CreateLoginProfile { user_name, password: password.clone(), password_reset_required };
    match context.caller.call(create).await {
        Err(error) if error.code == "EntityAlreadyExists" => {
            let update = UpdateLoginProfile {
                user_name: name.to_owned(),
                password,
                password_reset_required: Some(password_reset_required.unwrap_or(false)),
            };
            context.caller.call(update).await?;
        }
        answer => {
            answer?;
        }
    }
    Ok(())
}

#[async_trait::async_trait]
impl ResourceHandler for UserHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::User"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "Groups",
            "LoginProfile",
            "ManagedPolicyArns",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "Tags",
            "UserName",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["UserName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    /// A user who cannot be completed is deleted again: the stack would not know of it.
    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let name = properties.string("UserName")?.unwrap_or_else(|| context.generated_name(LONGEST_NAME));
        let user = create_user(&name, properties, context).await?;
        if let Err(failure) = complete(&name, None, properties, context).await {
            if let Err(left) = self.delete(&name, properties, context).await {
                tracing::warn!(user = name, %left, "a user who could not be completed could not be deleted either");
            }
            return Err(failure);
        }
        Ok(Created { physical_id: name, attributes: answer(user) })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let (caller, user_name) = (&context.caller, || physical_id.to_owned());
        let path = new.string("Path")?;
        if path != old.string("Path")? {
            let new_path = Some(path.unwrap_or_else(|| "/".into()));
            caller.call(UpdateUser { user_name: user_name(), new_path, new_user_name: None }).await?;
        }
        match (old.string("PermissionsBoundary")?, new.string("PermissionsBoundary")?) {
            (old, Some(boundary)) if old.as_ref() != Some(&boundary) => {
                let permissions_boundary = boundary;
                caller
                    .call(PutUserPermissionsBoundary { user_name: user_name(), permissions_boundary })
                    .await?;
            }
            (Some(_), None) => {
                gone(caller.call(DeleteUserPermissionsBoundary { user_name: user_name() }).await)?
            }
            _ => {}
        }
        complete(physical_id, Some(old), new, context).await?;
        let tags = wanted_tags(new, context)?;
        let tag_keys = gone_tags(old, &tags, context)?;
        if !tag_keys.is_empty() {
            caller.call(UntagUser { user_name: user_name(), tag_keys }).await?;
        }
        if let Some(tags) = listed(&tags) {
            caller.call(TagUser { user_name: user_name(), tags }).await?;
        }
        let user = caller.call(GetUser { user_name: Some(user_name()) }).await?.user;
        Ok(Updated { attributes: answer(user) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let (caller, user_name) = (&context.caller, || physical_id.to_owned());
        for group_name in properties.strings("Groups")?.unwrap_or_default() {
            gone(caller.call(RemoveUserFromGroup { group_name, user_name: user_name() }).await)?;
        }
        if properties.get("LoginProfile").is_some() {
            gone(caller.call(DeleteLoginProfile { user_name: Some(user_name()) }).await)?;
        }
        Target::new(Kind::User, physical_id).strip(caller, properties).await?;
        gone(caller.call(DeleteUser { user_name: user_name() }).await)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        // Passwords cannot be read, and are not compared.
        let found = Target::new(Kind::User, physical_id).read(properties, context).await?;
        Ok(found.map_or(Actual::Gone, |(_, actual)| Actual::Properties(actual)))
    }
}
