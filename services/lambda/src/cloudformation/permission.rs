//! `AWS::Lambda::Permission`.

use super::{gone, value};
use api_lambda::{AddPermission, RemovePermission};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;

pub(super) struct Permission;

const PROPERTIES: &[&str] = &[
    "Action",
    "EventSourceToken",
    "FunctionName",
    "FunctionUrlAuthType",
    "InvokedViaFunctionUrl",
    "Principal",
    "PrincipalOrgID",
    "SourceAccount",
    "SourceArn",
];

#[async_trait::async_trait]
impl ResourceHandler for Permission {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::Permission"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let id = context.generated_name(100);
        let input = AddPermission {
            function_name: properties.required_string("FunctionName")?,
            statement_id: id.clone(),
            action: properties.required_string("Action")?,
            principal: properties.required_string("Principal")?,
            source_arn: properties.string("SourceArn")?,
            source_account: properties.string("SourceAccount")?,
            event_source_token: properties.string("EventSourceToken")?,
            principal_org_id: properties.string("PrincipalOrgID")?,
            function_url_auth_type: value(properties, "FunctionUrlAuthType")?,
            invoked_via_function_url: properties.boolean("InvokedViaFunctionUrl")?,
            ..AddPermission::default()
        };
        match context.caller.call(input).await {
            // The id holds this step's token: it was made by an earlier try of the step.
            Err(error) if error.code == "ResourceConflictException" => {}
            other => {
                other?;
            }
        }
        let attributes = BTreeMap::from([("Id".to_owned(), id.as_str().into())]);
        Ok(Created { physical_id: id, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        _: &Properties,
        _: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        // Every property replaces it.
        Ok(Updated { attributes: BTreeMap::from([("Id".to_owned(), physical_id.into())]) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let input = RemovePermission {
            function_name: properties.required_string("FunctionName")?,
            statement_id: physical_id.to_owned(),
            ..RemovePermission::default()
        };
        gone(context.caller.call(input).await)
    }
}
