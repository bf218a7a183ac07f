//! `AWS::SQS::QueuePolicy`, one policy for several queues, and `AWS::SQS::QueueInlinePolicy`, one for one.

use super::{gone_is_done, is_gone};
use api_sqs::SetQueueAttributes;
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use std::collections::BTreeMap;
use wire::{Document, ErrorResponse, document};

pub(crate) struct QueuePolicyHandler;
pub(crate) struct QueueInlinePolicyHandler;

#[async_trait::async_trait]
impl ResourceHandler for QueuePolicyHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::SQS::QueuePolicy"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["PolicyDocument", "Queues"]
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
        put(properties, &queues(properties)?, context).await?;
        let id = context.generated_name(128);
        Ok(Created { attributes: with_id(&id), physical_id: id })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let kept = queues(new)?;
        for queue in queues(old)?.iter().filter(|queue| !kept.contains(queue)) {
            gone_is_done(set(queue, String::new(), context).await)?;
        }
        put(new, &kept, context).await?;
        Ok(Updated { attributes: with_id(physical_id) })
    }

    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        for queue in queues(properties)? {
            gone_is_done(set(&queue, String::new(), context).await)?;
        }
        Ok(())
    }

    async fn read(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        read(&queues(properties)?, properties, context).await
    }
}

#[async_trait::async_trait]
impl ResourceHandler for QueueInlinePolicyHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::SQS::QueueInlinePolicy"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["PolicyDocument", "Queue"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Queue"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let queue = properties.required_string("Queue")?;
        put(properties, std::slice::from_ref(&queue), context).await?;
        Ok(Created { physical_id: queue, ..Default::default() })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        put(new, &[physical_id.to_owned()], context).await?;
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        Ok(gone_is_done(set(physical_id, String::new(), context).await)?)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        read(&[physical_id.to_owned()], properties, context).await
    }
}

fn queues(properties: &Properties) -> Result<Vec<String>, HandlerFailure> {
    properties.strings("Queues")?.ok_or_else(|| properties.missing("Queues"))
}

async fn put(
    properties: &Properties,
    queues: &[String],
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let policy = properties.json("PolicyDocument")?.ok_or_else(|| properties.missing("PolicyDocument"))?;
    for queue in queues {
        set(queue, policy.to_string(), context).await?;
    }
    Ok(())
}

async fn set(queue: &str, policy: String, context: &HandlerContext) -> Result<(), ErrorResponse> {
    let attributes = BTreeMap::from([("Policy".to_owned(), policy)]);
    context.caller.call(SetQueueAttributes { queue_url: queue.into(), attributes }).await.map(drop)
}

/// The policy that the queues have; of one that has another, where there is one.
async fn read(
    queues: &[String],
    properties: &Properties,
    context: &HandlerContext,
) -> Result<Actual, HandlerFailure> {
    let wanted = properties.json("PolicyDocument")?;
    let mut policies = Vec::new();
    for queue in queues {
        let ask = document!({ "QueueUrl": (queue.as_str()), "AttributeNames": ["Policy"] });
        let answer = context.ask("sqs", "GetQueueAttributes", ask, is_gone).await?.unwrap_or_default();
        let policy = answer.at(&["Attributes", "Policy"]).and_then(Document::as_str);
        policies.push(policy.and_then(|text| Document::parse(text).ok()));
    }
    if policies.iter().all(Option::is_none) {
        return Ok(Actual::Gone);
    }
    let other = policies.iter().find(|policy| **policy != wanted).cloned().unwrap_or(wanted);
    Ok(Actual::Properties(document!({ "PolicyDocument": (other.unwrap_or_default()) })))
}

fn with_id(id: &str) -> BTreeMap<String, Document> {
    BTreeMap::from([("Id".to_owned(), Document::from(id))])
}
