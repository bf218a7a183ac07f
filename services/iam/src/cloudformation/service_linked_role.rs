//! `AWS::IAM::ServiceLinkedRole`.

use super::step::{attributes, gone};
use api_iam::{CreateServiceLinkedRole, DeleteServiceLinkedRole, UpdateRole};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// Makes, changes and deletes service-linked roles.
pub(super) struct ServiceLinkedRoleHandler;

#[async_trait::async_trait]
impl ResourceHandler for ServiceLinkedRoleHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::ServiceLinkedRole"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["AWSServiceName", "CustomSuffix", "Description"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["AWSServiceName", "CustomSuffix"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["RoleName"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let begun = super::step::begin(context, Vec::new()).await?.is_some();
        let service = properties.required_string("AWSServiceName")?;
        let suffix = properties.string("CustomSuffix")?;
        let create = CreateServiceLinkedRole {
            aws_service_name: service.clone(),
            description: properties.string("Description")?,
            custom_suffix: suffix.clone(),
        };
        let name = match context.caller.call(create).await {
            Ok(made) => made.role.unwrap_or_default().role_name,
            // The role carries no tags of the stack: one that is there is this step's where the step had begun before.
            Err(error) if begun && error.message.contains("has been taken in this account") => {
                let template = crate::service_linked::template(&service).ok_or_else(|| error.clone())?;
                suffix
                    .map_or_else(|| template.role.to_owned(), |suffix| format!("{}_{suffix}", template.role))
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Created { attributes: attributes([("RoleName", name.clone())]), physical_id: name })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let description = Some(new.string("Description")?.unwrap_or_default());
        let update =
            UpdateRole { role_name: physical_id.to_owned(), description, max_session_duration: None };
        context.caller.call(update).await?;
        Ok(Updated { attributes: attributes([("RoleName", physical_id.to_owned())]) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        gone(context.caller.call(DeleteServiceLinkedRole { role_name: physical_id.to_owned() }).await)
    }
}
