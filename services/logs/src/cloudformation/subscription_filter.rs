//! `AWS::Logs::SubscriptionFilter`.

use super::{already_exists, is_missing};
use api_logs::{
    DeleteSubscriptionFilter, DescribeSubscriptionFilters, Distribution, PutSubscriptionFilter,
    SubscriptionFilter,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use wire::{Document, document};

/// The longest name of a subscription filter.
const LONGEST_NAME: usize = 512;

/// Makes, changes and deletes subscription filters.
pub(crate) struct SubscriptionFilterHandler;

#[async_trait::async_trait]
impl ResourceHandler for SubscriptionFilterHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Logs::SubscriptionFilter"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "FilterName",
            "FilterPattern",
            "LogGroupName",
            "DestinationArn",
            "RoleArn",
            "Distribution",
            "ApplyOnTransformedLogs",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["FilterName", "LogGroupName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let given = properties.string("FilterName")?;
        let name = given.clone().unwrap_or_else(|| context.generated_name(LONGEST_NAME));
        let put = wanted(&name, properties)?;
        // As of metric filters: one that is otherwise than this step wants it is somebody else's.
        if given.is_some()
            && let Some(known) = find(&name, &put.log_group_name, context).await?
            && (known.filter_pattern.as_ref() != Some(&put.filter_pattern)
                || known.destination_arn.as_ref() != Some(&put.destination_arn))
        {
            return Err(already_exists(self.resource_type(), &put.log_group_name, &name));
        }
        context.caller.call(put).await?;
        Ok(Created { physical_id: name, ..Default::default() })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        context.caller.call(wanted(physical_id, new)?).await?;
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let log_group_name = properties.required_string("LogGroupName")?;
        let filter_name = physical_id.to_owned();
        match context.caller.call(DeleteSubscriptionFilter { log_group_name, filter_name }).await {
            Err(error) if !is_missing(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let group = properties.required_string("LogGroupName")?;
        let Some(filter) = find(physical_id, &group, context).await? else { return Ok(Actual::Gone) };
        let optional = |text: Option<&str>| text.map_or(Document::Null, Document::from);
        Ok(Actual::Properties(document!({
            "FilterName": physical_id,
            "LogGroupName": group,
            "FilterPattern": (optional(filter.filter_pattern.as_deref())),
            "DestinationArn": (optional(filter.destination_arn.as_deref())),
            "RoleArn": (optional(filter.role_arn.as_deref())),
            "Distribution": (optional(filter.distribution.map(Distribution::as_str))),
            "ApplyOnTransformedLogs": (filter.apply_on_transformed_logs.unwrap_or(false))
        })))
    }
}

fn wanted(name: &str, properties: &Properties) -> Result<PutSubscriptionFilter, HandlerFailure> {
    let distribution = match properties.string("Distribution")? {
        None => None,
        Some(text) => Some(text.parse::<Distribution>().map_err(|_| {
            HandlerFailure::invalid(format!("#/Distribution: {text} is not a valid enum value"))
        })?),
    };
    Ok(PutSubscriptionFilter {
        log_group_name: properties.required_string("LogGroupName")?,
        filter_name: name.to_owned(),
        filter_pattern: properties.required_string("FilterPattern")?,
        destination_arn: properties.required_string("DestinationArn")?,
        role_arn: properties.string("RoleArn")?,
        distribution,
        apply_on_transformed_logs: properties.boolean("ApplyOnTransformedLogs")?,
        ..Default::default()
    })
}

/// The filter with a name; None where there is none. A group has too few of them for a second page.
async fn find(
    name: &str,
    group: &str,
    context: &HandlerContext,
) -> Result<Option<SubscriptionFilter>, HandlerFailure> {
    let describe = DescribeSubscriptionFilters {
        log_group_name: group.to_owned(),
        filter_name_prefix: Some(name.to_owned()),
        ..Default::default()
    };
    let filters = match context.caller.call(describe).await {
        Err(error) if is_missing(&error) => return Ok(None),
        other => other?.subscription_filters.unwrap_or_default(),
    };
    Ok(filters.into_iter().find(|filter| filter.filter_name.as_deref() == Some(name)))
}
