//! `AWS::IAM::UserToGroupAddition`.

use super::step::{Attributes, gone};
use api_iam::{AddUserToGroup, RemoveUserFromGroup};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// Puts users into a group.
pub(super) struct UserToGroupAdditionHandler;

const ID_LENGTH: usize = 24;

fn read(properties: &Properties) -> Result<(String, Vec<String>), HandlerFailure> {
    let users = properties.strings("Users")?.ok_or_else(|| properties.missing("Users"))?;
    Ok((properties.required_string("GroupName")?, users))
}

async fn add(group: &str, users: &[String], context: &HandlerContext) -> Result<(), HandlerFailure> {
    for user in users {
        context.caller.call(AddUserToGroup { group_name: group.to_owned(), user_name: user.clone() }).await?;
    }
    Ok(())
}

async fn remove<'a>(
    group: &str,
    users: impl Iterator<Item = &'a String> + Send,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    for user in users {
        let remove = RemoveUserFromGroup { group_name: group.to_owned(), user_name: user.clone() };
        gone(context.caller.call(remove).await)?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl ResourceHandler for UserToGroupAdditionHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::UserToGroupAddition"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["GroupName", "Users"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &[]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let (group, users) = read(properties)?;
        if let Err(failure) = add(&group, &users, context).await {
            remove(&group, users.iter(), context).await?;
            return Err(failure);
        }
        Ok(Created { physical_id: context.generated_name(ID_LENGTH), attributes: Attributes::new() })
    }

    async fn update(
        &self,
        _: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let ((old_group, was), (group, wanted)) = (read(old)?, read(new)?);
        add(&group, &wanted, context).await?;
        let left = was.iter().filter(|user| old_group != group || !wanted.contains(user));
        remove(&old_group, left, context).await?;
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let (group, users) = read(properties)?;
        remove(&group, users.iter(), context).await
    }
}
