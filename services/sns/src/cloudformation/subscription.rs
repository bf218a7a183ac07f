//! `AWS::SNS::Subscription`.

use super::gone_is_done;
use api_sns::{SetSubscriptionAttributes, Subscribe, Unsubscribe};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::{Arn, Region};
use std::collections::{BTreeMap, BTreeSet};
use wire::{Document, ErrorResponse};

pub(crate) struct SubscriptionHandler;

#[async_trait::async_trait]
impl ResourceHandler for SubscriptionHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::SNS::Subscription"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "TopicArn",
            "Protocol",
            "Endpoint",
            "Region",
            "FilterPolicy",
            "FilterPolicyScope",
            "RawMessageDelivery",
            "DeliveryPolicy",
            "RedrivePolicy",
            "SubscriptionRoleArn",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["TopicArn", "Protocol", "Endpoint"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let subscribe = Subscribe {
            topic_arn: properties.required_string("TopicArn")?,
            protocol: properties.required_string("Protocol")?,
            endpoint: properties.string("Endpoint")?,
            attributes: Some(wanted(properties)?),
            return_subscription_arn: Some(true),
        };
        let caller = context.caller.in_region(region(properties, context)?);
        let physical_id = caller.call(subscribe).await?.subscription_arn.unwrap_or_default();
        Ok(Created { attributes: attributes(&physical_id), physical_id })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let caller = context.caller.in_region(region(new, context)?);
        let (before, after) = (wanted(old)?, wanted(new)?);
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let mut changed: Vec<&String> =
            names.into_iter().filter(|name| before.get(*name) != after.get(*name)).collect();
        // Each change alone must make sense: a nested policy needs its scope first, and a scope of attributes a flat policy first.
        if after.get("FilterPolicyScope").is_some_and(|scope| scope == "MessageBody") {
            changed.sort_by_key(|name| name.as_str() != "FilterPolicyScope");
        }
        for name in changed {
            let set = SetSubscriptionAttributes {
                subscription_arn: physical_id.into(),
                attribute_name: name.clone(),
                attribute_value: Some(after.get(name).cloned().unwrap_or_else(|| default(name))),
            };
            caller.call(set).await?;
        }
        Ok(Updated { attributes: attributes(physical_id) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let caller = context.caller.in_region(region(properties, context)?);
        match gone_is_done(caller.call(Unsubscribe { subscription_arn: physical_id.into() }).await) {
            // One that nobody confirmed cannot be ended: it ends by itself.
            Err(ErrorResponse { code, message, .. })
                if code == "InvalidParameter" && message.contains("not confirmed") =>
            {
                Ok(())
            }
            other => Ok(other?),
        }
    }
}

/// The topic's region: the property, or as its ARN says.
fn region(properties: &Properties, context: &HandlerContext) -> Result<Region, HandlerFailure> {
    if let Some(region) = properties.string("Region")? {
        return region.parse().map_err(|_| {
            HandlerFailure::invalid(format!("{}/Region: {region} is no region", properties.path()))
        });
    }
    let topic: Option<Arn> = properties.required_string("TopicArn")?.parse().ok();
    Ok(topic.and_then(|topic| topic.region).unwrap_or(context.caller.scope().region))
}

fn wanted(properties: &Properties) -> Result<BTreeMap<String, String>, HandlerFailure> {
    let mut wanted = BTreeMap::new();
    for name in ["FilterPolicyScope", "RawMessageDelivery", "SubscriptionRoleArn"] {
        if let Some(value) = properties.string(name)? {
            wanted.insert(name.to_owned(), value);
        }
    }
    for name in ["FilterPolicy", "DeliveryPolicy", "RedrivePolicy"] {
        if let Some(value) = properties.json(name)? {
            wanted.insert(name.to_owned(), value.to_string());
        }
    }
    Ok(wanted)
}

/// What takes an attribute back to its default.
fn default(name: &str) -> String {
    if name == "RawMessageDelivery" { "false".into() } else { String::new() }
}

fn attributes(arn: &str) -> BTreeMap<String, Document> {
    BTreeMap::from([("Arn".to_owned(), Document::from(arn))])
}
