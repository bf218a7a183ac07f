//! `AWS::SNS::Topic`.

use super::gone_is_done;
use api_sns::{
    CreateTopic, DeleteTopic, ListSubscriptionsByTopic, ListTagsForResource, SetTopicAttributes, Subscribe,
    Tag, TagResource, Unsubscribe, UntagResource,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::{Arn, Tags};
use std::collections::{BTreeMap, BTreeSet};
use wire::{Document, document};

pub(crate) struct TopicHandler;

/// Properties that are attributes of the same name.
const ATTRIBUTES: &[&str] = &[
    "DisplayName",
    "KmsMasterKeyId",
    "FifoTopic",
    "ContentBasedDeduplication",
    "SignatureVersion",
    "TracingConfig",
];

#[async_trait::async_trait]
impl ResourceHandler for TopicHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::SNS::Topic"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "TopicName",
            "DisplayName",
            "Subscription",
            "Tags",
            "KmsMasterKeyId",
            "FifoTopic",
            "ContentBasedDeduplication",
            "SignatureVersion",
            "TracingConfig",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["TopicName", "FifoTopic"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["TopicArn", "TopicName"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let given = properties.string("TopicName")?;
        let named = given.is_some();
        let name = given.unwrap_or_else(|| context.generated_name(256));
        let topic_arn = Arn::new("sns", context.caller.scope(), name.clone()).to_string();
        let tags = wanted_tags(properties, &context.stack_tags)?;
        // CreateTopic answers for a topic that is there already; CloudFormation must not adopt another's. A topic of an earlier try of
        // this step bears this resource's tags.
        if named && is_another_s(&topic_arn, context).await? {
            return Err(HandlerFailure::new(
                "AlreadyExists",
                format!("Resource of type 'AWS::SNS::Topic' with identifier '{topic_arn}' already exists."),
            ));
        }
        let create = CreateTopic {
            name,
            attributes: Some(wanted_attributes(properties)?),
            tags: Some(tags.into_iter().map(|(key, value)| Tag { key, value }).collect()),
            data_protection_policy: None,
        };
        let topic_arn = context.caller.call(create).await?.topic_arn.unwrap_or(topic_arn);
        for (protocol, endpoint) in subscriptions(properties)? {
            subscribe(&topic_arn, protocol, endpoint, context).await?;
        }
        Ok(Created { attributes: attributes(&topic_arn), physical_id: topic_arn })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let (before, after) = (wanted_attributes(old)?, wanted_attributes(new)?);
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names.into_iter().filter(|name| before.get(*name) != after.get(*name)) {
            let set = SetTopicAttributes {
                topic_arn: physical_id.into(),
                attribute_name: name.clone(),
                attribute_value: Some(after.get(name).cloned().unwrap_or_default()),
            };
            context.caller.call(set).await?;
        }
        let (before, after) = (subscriptions(old)?, subscriptions(new)?);
        for (protocol, endpoint) in after.difference(&before).cloned() {
            subscribe(physical_id, protocol, endpoint, context).await?;
        }
        for (protocol, endpoint) in before.difference(&after) {
            unsubscribe(physical_id, protocol, endpoint, context).await?;
        }
        let tags = wanted_tags(new, &context.stack_tags)?;
        let stale: Vec<String> = wanted_tags(old, &context.previous_stack_tags)?
            .into_keys()
            .filter(|key| !tags.contains_key(key))
            .collect();
        if !stale.is_empty() {
            context.caller.call(UntagResource { resource_arn: physical_id.into(), tag_keys: stale }).await?;
        }
        if !tags.is_empty() {
            let tags = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
            context.caller.call(TagResource { resource_arn: physical_id.into(), tags }).await?;
        }
        Ok(Updated { attributes: attributes(physical_id) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        Ok(gone_is_done(context.caller.call(DeleteTopic { topic_arn: physical_id.into() }).await)?)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let gone = |error: &wire::ErrorResponse| error.code == "NotFound";
        let ask = || document!({ "TopicArn": physical_id });
        let Some(answer) = context.ask("sns", "GetTopicAttributes", ask(), gone).await? else {
            return Ok(Actual::Gone);
        };
        let attributes = answer.get("Attributes").cloned().unwrap_or_default();
        let mut actual = Actual::picked(&attributes, ATTRIBUTES);
        for name in ["FifoTopic", "ContentBasedDeduplication"] {
            if attributes.get(name).is_none() {
                actual.set(name, false);
            }
        }
        actual.set("TopicName", physical_id.rsplit(':').next().unwrap_or_default());
        if properties.get("Subscription").is_some() {
            let mut found = Vec::new();
            let mut input = ask();
            loop {
                let page =
                    context.ask("sns", "ListSubscriptionsByTopic", input, gone).await?.unwrap_or_default();
                let listed = page.get("Subscriptions").and_then(Document::as_array).unwrap_or_default();
                found.extend(listed.iter().map(|it| Actual::picked(it, &["Protocol", "Endpoint"])));
                let Some(token) = page.get("NextToken").and_then(Document::as_str) else { break };
                input = ask().with("NextToken", token);
            }
            actual.set("Subscription", Document::Array(found));
        }
        if properties.get("Tags").is_some() {
            let ask = document!({ "ResourceArn": physical_id });
            let tags = context.ask("sns", "ListTagsForResource", ask, gone).await?.unwrap_or_default();
            actual.set("Tags", tags.get("Tags").cloned().unwrap_or_default());
        }
        Ok(Actual::Properties(actual))
    }
}

async fn is_another_s(topic_arn: &str, context: &HandlerContext) -> Result<bool, HandlerFailure> {
    match context.caller.call(ListTagsForResource { resource_arn: topic_arn.into() }).await {
        Ok(found) => {
            let found: Tags = found.tags.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect();
            let own =
                |key: &str| context.stack_tags.get(key).is_some_and(|value| found.get(key) == Some(value));
            Ok(!(own("aws:cloudformation:stack-id") && own("aws:cloudformation:logical-id")))
        }
        Err(error) if error.code == "ResourceNotFound" => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn wanted_attributes(properties: &Properties) -> Result<BTreeMap<String, String>, HandlerFailure> {
    let mut attributes = BTreeMap::new();
    for name in ATTRIBUTES {
        if let Some(value) = properties.string(name)? {
            attributes.insert((*name).to_owned(), value);
        }
    }
    Ok(attributes)
}

fn wanted_tags(properties: &Properties, stack_tags: &Tags) -> Result<Tags, HandlerFailure> {
    let mut tags = stack_tags.clone();
    for tag in properties.objects("Tags")? {
        tags.insert(tag.required_string("Key")?, tag.required_string("Value")?);
    }
    Ok(tags)
}

/// Protocol and endpoint of each inline subscription.
fn subscriptions(properties: &Properties) -> Result<BTreeSet<(String, String)>, HandlerFailure> {
    let mut subscriptions = BTreeSet::new();
    for subscription in properties.objects("Subscription")? {
        subscription.only(&["Protocol", "Endpoint"])?;
        subscriptions
            .insert((subscription.required_string("Protocol")?, subscription.required_string("Endpoint")?));
    }
    Ok(subscriptions)
}

async fn subscribe(
    topic_arn: &str,
    protocol: String,
    endpoint: String,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let subscribe =
        Subscribe { topic_arn: topic_arn.into(), protocol, endpoint: Some(endpoint), ..Default::default() };
    context.caller.call(subscribe).await?;
    Ok(())
}

/// A subscription that nobody confirmed cannot be ended: it ends by itself.
async fn unsubscribe(
    topic_arn: &str,
    protocol: &str,
    endpoint: &str,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let mut next_token = None;
    loop {
        let list = ListSubscriptionsByTopic { topic_arn: topic_arn.into(), next_token };
        let page = context.caller.call(list).await?;
        for found in page.subscriptions.into_iter().flatten() {
            let same =
                found.protocol.as_deref() == Some(protocol) && found.endpoint.as_deref() == Some(endpoint);
            if let Some(subscription_arn) =
                found.subscription_arn.filter(|arn| same && arn.starts_with("arn:"))
            {
                gone_is_done(context.caller.call(Unsubscribe { subscription_arn }).await)?;
            }
        }
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(());
        }
    }
}

fn attributes(topic_arn: &str) -> BTreeMap<String, Document> {
    let name = topic_arn.rsplit(':').next().unwrap_or_default();
    BTreeMap::from([
        ("TopicArn".to_owned(), Document::from(topic_arn)),
        ("TopicName".to_owned(), Document::from(name)),
    ])
}
