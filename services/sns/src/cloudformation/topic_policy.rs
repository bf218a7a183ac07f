//! `AWS::SNS::TopicPolicy`: one policy for several topics.

use super::gone_is_done;
use api_sns::SetTopicAttributes;
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::Document;

pub(crate) struct TopicPolicyHandler;

#[async_trait::async_trait]
impl ResourceHandler for TopicPolicyHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::SNS::TopicPolicy"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["PolicyDocument", "Topics"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &[]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        put(properties, context).await?;
        let id = context.generated_name(128);
        Ok(Created { attributes: attributes(&id), physical_id: id })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let kept = topics(new)?;
        for topic in topics(old)?.iter().filter(|topic| !kept.contains(topic)) {
            gone_is_done(set(topic, String::new(), context).await)?;
        }
        put(new, context).await?;
        Ok(Updated { attributes: attributes(physical_id) })
    }

    /// The topics get back the policy that they began with.
    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        for topic in topics(properties)? {
            gone_is_done(set(&topic, String::new(), context).await)?;
        }
        Ok(())
    }
}

fn topics(properties: &Properties) -> Result<Vec<String>, HandlerFailure> {
    properties.strings("Topics")?.ok_or_else(|| properties.missing("Topics"))
}

async fn put(properties: &Properties, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let policy = properties.json("PolicyDocument")?.ok_or_else(|| properties.missing("PolicyDocument"))?;
    for topic in topics(properties)? {
        set(&topic, policy.to_string(), context).await?;
    }
    Ok(())
}

async fn set(topic: &str, policy: String, context: &HandlerContext) -> Result<(), wire::ErrorResponse> {
    let set = SetTopicAttributes {
        topic_arn: topic.into(),
        attribute_name: "Policy".into(),
        attribute_value: Some(policy),
    };
    context.caller.call(set).await.map(drop)
}

fn attributes(id: &str) -> BTreeMap<String, Document> {
    BTreeMap::from([("Id".to_owned(), Document::from(id))])
}
