//! `AWS::CloudWatch::Dashboard`.

use super::tags::{retag_resource, wanted_tags};
use api_cloudwatch::{DeleteDashboards, GetDashboard, ListTagsForResource, PutDashboard, Tag};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::Tags;
use wire::{ErrorResponse, document};

pub(crate) struct DashboardHandler;

#[async_trait::async_trait]
impl ResourceHandler for DashboardHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::CloudWatch::Dashboard"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["DashboardName", "DashboardBody", "Tags"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["DashboardName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let given = properties.string("DashboardName")?;
        let name = given.clone().unwrap_or_else(|| context.generated_name(255));
        // Putting a dashboard changes one that is there: CloudFormation must not adopt another's.
        if is_another_s(&name, context).await? {
            return Err(HandlerFailure::new("AlreadyExists", format!("{name} already exists")));
        }
        let tags = wanted_tags(properties, &context.stack_tags)?;
        let put = PutDashboard {
            dashboard_name: name.clone(),
            dashboard_body: properties.required_string("DashboardBody")?,
            tags: Some(tags.into_iter().map(|(key, value)| Tag { key, value }).collect()),
        };
        context.caller.call(put).await?;
        Ok(Created { physical_id: name, ..Created::default() })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let dashboard_body = new.required_string("DashboardBody")?;
        let put = PutDashboard { dashboard_name: physical_id.into(), dashboard_body, tags: None };
        context.caller.call(put).await?;
        retag_resource(arn(physical_id, context), old, new, context).await?;
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteDashboards { dashboard_names: vec![physical_id.into()] };
        Ok(super::gone_is_done(context.caller.call(delete).await)?)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let ask = document!({ "DashboardName": physical_id });
        let Some(answer) = context.ask("cloudwatch", "GetDashboard", ask, is_gone).await? else {
            return Ok(Actual::Gone);
        };
        let mut actual = Actual::picked(&answer, &["DashboardName", "DashboardBody"]);
        if properties.get("Tags").is_some() {
            let ask = document!({ "ResourceARN": (arn(physical_id, context)) });
            let tags = context.ask("cloudwatch", "ListTagsForResource", ask, |error| {
                error.code == "ResourceNotFoundException"
            });
            let tags = tags.await?.unwrap_or_default();
            actual.set("Tags", tags.get("Tags").cloned().unwrap_or_default());
        }
        Ok(Actual::Properties(actual))
    }
}

fn arn(name: &str, context: &HandlerContext) -> String {
    crate::state::dashboard_arn(context.caller.scope().account, name).to_string()
}

fn is_gone(error: &ErrorResponse) -> bool {
    matches!(error.code.as_str(), "DashboardNotFoundError" | "ResourceNotFound")
}

/// Whether a dashboard is there that does not bear this resource's tags.
async fn is_another_s(name: &str, context: &HandlerContext) -> Result<bool, HandlerFailure> {
    match context.caller.call(GetDashboard { dashboard_name: name.into() }).await {
        Err(error) if is_gone(&error) => Ok(false),
        Err(error) => Err(error.into()),
        Ok(_) => {
            let list = ListTagsForResource { resource_arn: arn(name, context) };
            let found = context.caller.call(list).await?.tags;
            let found: Tags = found.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect();
            Ok(!super::bears_own_tags(&found, context))
        }
    }
}
