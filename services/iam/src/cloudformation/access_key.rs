//! `AWS::IAM::AccessKey`.

use super::step::{Attributes, attributes, begin, gone};
use api_iam::{CreateAccessKey, DeleteAccessKey, ListAccessKeys, StatusType, UpdateAccessKey};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// Makes, changes and deletes users' access keys.
pub(super) struct AccessKeyHandler;

fn status(properties: &Properties) -> Result<StatusType, HandlerFailure> {
    match properties.string("Status")?.as_deref() {
        None | Some("Active") => Ok(StatusType::Active),
        Some("Inactive") => Ok(StatusType::Inactive),
        Some(other) => Err(HandlerFailure::invalid(format!("#/Status: {other} is not a valid enum value"))),
    }
}

async fn set(
    user: &str,
    id: &str,
    status: StatusType,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let update = UpdateAccessKey { user_name: Some(user.to_owned()), access_key_id: id.to_owned(), status };
    context.caller.call(update).await?;
    Ok(())
}

async fn keys(user: &str, context: &HandlerContext) -> Result<Vec<String>, HandlerFailure> {
    let list = ListAccessKeys { user_name: Some(user.to_owned()), marker: None, max_items: None };
    let keys = context.caller.call(list).await?.access_key_metadata;
    Ok(keys.into_iter().filter_map(|key| key.access_key_id).collect())
}

#[async_trait::async_trait]
impl ResourceHandler for AccessKeyHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::AccessKey"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["Serial", "Status", "UserName"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Serial", "UserName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["SecretAccessKey"]
    }

    /// A key's secret is told once. A key that an earlier try of this step made, and whose secret was lost with it, is deleted first.
    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        properties.integer("Serial")?;
        let (user, status) = (properties.required_string("UserName")?, status(properties)?);
        let present = keys(&user, context).await?;
        if let Some(before) = begin(context, present.clone()).await? {
            for access_key_id in present.into_iter().filter(|key| !before.contains(key)) {
                gone(
                    context
                        .caller
                        .call(DeleteAccessKey { user_name: Some(user.clone()), access_key_id })
                        .await,
                )?;
            }
        }
        let made = context.caller.call(CreateAccessKey { user_name: Some(user.clone()) }).await?.access_key;
        if status != StatusType::Active
            && let Err(failure) = set(&user, &made.access_key_id, status, context).await
        {
            self.delete(&made.access_key_id, properties, context).await?;
            return Err(failure);
        }
        let attributes = attributes([("SecretAccessKey", made.secret_access_key)]);
        Ok(Created { physical_id: made.access_key_id, attributes })
    }

    /// `SecretAccessKey` stays what it was when the key was made: nobody can ask for it again.
    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        set(&new.required_string("UserName")?, physical_id, status(new)?, context).await?;
        Ok(Updated { attributes: Attributes::new() })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let user_name = Some(properties.required_string("UserName")?);
        gone(context.caller.call(DeleteAccessKey { user_name, access_key_id: physical_id.to_owned() }).await)
    }
}
