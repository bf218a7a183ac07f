//! `AWS::CloudWatch::CompositeAlarm`.

use super::tags::{retag, wanted_tags};
use super::{attributes, gone_is_done, is_another_s, name_of, number};
use api_cloudwatch::{AlarmType, DeleteAlarms, PutCompositeAlarm, Tag};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use wire::document;

pub(crate) struct CompositeAlarmHandler;

/// What DescribeAlarms tells by the same names, but for the tags.
const PROPERTIES: &[&str] = &[
    "ActionsEnabled",
    "ActionsSuppressor",
    "ActionsSuppressorExtensionPeriod",
    "ActionsSuppressorWaitPeriod",
    "AlarmActions",
    "AlarmDescription",
    "AlarmName",
    "AlarmRule",
    "InsufficientDataActions",
    "OKActions",
    "Tags",
];

#[async_trait::async_trait]
impl ResourceHandler for CompositeAlarmHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::CloudWatch::CompositeAlarm"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["AlarmName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let (name, given) = name_of(properties, context)?;
        if given && is_another_s(AlarmType::CompositeAlarm, &name, context).await? {
            let reason = format!(
                "Resource of type 'AWS::CloudWatch::CompositeAlarm' with identifier '{name}' already exists."
            );
            return Err(HandlerFailure::new("AlreadyExists", reason));
        }
        let tags = wanted_tags(properties, &context.stack_tags)?;
        let tags = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
        context.caller.call(PutCompositeAlarm { tags: Some(tags), ..read(&name, properties)? }).await?;
        Ok(Created { attributes: attributes(&name, context), physical_id: name })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let put = read(physical_id, new)?;
        if put != read(physical_id, old)? {
            context.caller.call(put).await?;
        }
        retag(physical_id, old, new, context).await?;
        Ok(Updated { attributes: attributes(physical_id, context) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteAlarms { alarm_names: vec![physical_id.into()] };
        Ok(gone_is_done(context.caller.call(delete).await)?)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let ask = document!({ "AlarmNames": [physical_id], "AlarmTypes": ["CompositeAlarm"] });
        super::actual(physical_id, ("CompositeAlarms", ask), PROPERTIES, properties, context).await
    }
}

/// The call that puts the alarm, without tags.
fn read(name: &str, properties: &Properties) -> Result<PutCompositeAlarm, HandlerFailure> {
    Ok(PutCompositeAlarm {
        alarm_name: name.to_owned(),
        alarm_description: properties.string("AlarmDescription")?,
        alarm_rule: properties.required_string("AlarmRule")?,
        actions_enabled: properties.boolean("ActionsEnabled")?,
        ok_actions: properties.strings("OKActions")?,
        alarm_actions: properties.strings("AlarmActions")?,
        insufficient_data_actions: properties.strings("InsufficientDataActions")?,
        actions_suppressor: properties.string("ActionsSuppressor")?,
        actions_suppressor_wait_period: number(properties, "ActionsSuppressorWaitPeriod")?,
        actions_suppressor_extension_period: number(properties, "ActionsSuppressorExtensionPeriod")?,
        tags: None,
    })
}
