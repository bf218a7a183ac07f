//! `AWS::SQS::Queue`.

use super::{gone_is_done, is_gone};
use api_sqs::{
    CreateQueue, DeleteQueue, GetQueueUrl, ListQueueTags, SetQueueAttributes, TagQueue, UntagQueue,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::{Arn, Tags};
use std::collections::BTreeMap;
use wire::{Document, document};

pub(crate) struct QueueHandler;

/// Properties that are attributes of the same name: whether they are JSON, and what an attribute becomes where an update leaves its property out.
const ATTRIBUTES: &[(&str, bool, &str)] = &[
    ("ContentBasedDeduplication", false, "false"),
    ("DeduplicationScope", false, "queue"),
    ("DelaySeconds", false, "0"),
    ("FifoQueue", false, "false"),
    ("FifoThroughputLimit", false, "perQueue"),
    ("KmsDataKeyReusePeriodSeconds", false, "300"),
    ("KmsMasterKeyId", false, ""),
    ("MaximumMessageSize", false, "1048576"),
    ("MessageRetentionPeriod", false, "345600"),
    ("ReceiveMessageWaitTimeSeconds", false, "0"),
    ("RedriveAllowPolicy", true, ""),
    ("RedrivePolicy", true, ""),
    ("SqsManagedSseEnabled", false, "true"),
    ("VisibilityTimeout", false, "30"),
];

#[async_trait::async_trait]
impl ResourceHandler for QueueHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::SQS::Queue"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "ContentBasedDeduplication",
            "DeduplicationScope",
            "DelaySeconds",
            "FifoQueue",
            "FifoThroughputLimit",
            "KmsDataKeyReusePeriodSeconds",
            "KmsMasterKeyId",
            "MaximumMessageSize",
            "MessageRetentionPeriod",
            "QueueName",
            "ReceiveMessageWaitTimeSeconds",
            "RedriveAllowPolicy",
            "RedrivePolicy",
            "SqsManagedSseEnabled",
            "Tags",
            "VisibilityTimeout",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["FifoQueue", "QueueName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "QueueName", "QueueUrl"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let mut wanted = wanted_attributes(properties)?;
        let fifo = wanted.get("FifoQueue").is_some_and(|value| value == "true");
        if !fifo {
            // What CreateQueue does not take from those who want no FIFO queue.
            wanted.remove("FifoQueue");
        }
        let given = properties.string("QueueName")?;
        let named = given.is_some();
        let suffix = if fifo { ".fifo" } else { "" };
        let name = given.unwrap_or_else(|| format!("{}{suffix}", context.generated_name(80 - suffix.len())));
        // CreateQueue answers for an equal queue that is there already; CloudFormation must not adopt another's. A queue of an earlier try of
        // this step bears this resource's tags.
        if named && is_another_s(&name, context).await? {
            return Err(HandlerFailure::new(
                "AlreadyExists",
                format!("Resource of type 'AWS::SQS::Queue' with identifier '{name}' already exists."),
            ));
        }
        let create = CreateQueue {
            queue_name: name,
            attributes: Some(wanted),
            tags: Some(wanted_tags(properties, &context.stack_tags)?),
        };
        let url = context.caller.call(create).await?.queue_url.unwrap_or_default();
        Ok(Created { attributes: attributes(&url, context), physical_id: url })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let (before, after) = (wanted_attributes(old)?, wanted_attributes(new)?);
        let mut changed = BTreeMap::new();
        for (name, _, default) in ATTRIBUTES {
            if before.get(*name) != after.get(*name) {
                let value = after.get(*name).cloned().unwrap_or_else(|| (*default).to_owned());
                changed.insert((*name).to_owned(), value);
            }
        }
        // A key that goes gives way to SQS's own encryption by itself, and one that comes replaces it.
        if changed.contains_key("KmsMasterKeyId") && !after.contains_key("SqsManagedSseEnabled") {
            changed.remove("SqsManagedSseEnabled");
        }
        if !changed.is_empty() {
            let set = SetQueueAttributes { queue_url: physical_id.into(), attributes: changed };
            context.caller.call(set).await?;
        }
        let tags = wanted_tags(new, &context.stack_tags)?;
        let before = wanted_tags(old, &context.previous_stack_tags)?;
        let stale: Vec<String> = before.into_keys().filter(|key| !tags.contains_key(key)).collect();
        if !stale.is_empty() {
            context.caller.call(UntagQueue { queue_url: physical_id.into(), tag_keys: stale }).await?;
        }
        if !tags.is_empty() {
            context.caller.call(TagQueue { queue_url: physical_id.into(), tags }).await?;
        }
        Ok(Updated { attributes: attributes(physical_id, context) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        Ok(gone_is_done(context.caller.call(DeleteQueue { queue_url: physical_id.into() }).await)?)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let ask = document!({ "QueueUrl": physical_id, "AttributeNames": ["All"] });
        let Some(answer) = context.ask("sqs", "GetQueueAttributes", ask, is_gone).await? else {
            return Ok(Actual::Gone);
        };
        let attributes = answer.get("Attributes").cloned().unwrap_or_default();
        let mut actual = Document::object();
        for (name, is_json, default) in ATTRIBUTES {
            let value = attributes.get(name).and_then(Document::as_str).unwrap_or(default);
            let parsed = if *is_json { Document::parse(value).ok() } else { None };
            actual.set(
                *name,
                match parsed {
                    Some(parsed) => parsed,
                    None if value.is_empty() => Document::Null,
                    None => Document::from(value),
                },
            );
        }
        actual.set("QueueName", physical_id.rsplit('/').next().unwrap_or_default());
        if properties.get("Tags").is_some() {
            let ask = document!({ "QueueUrl": physical_id });
            let tags = context.ask("sqs", "ListQueueTags", ask, is_gone).await?.unwrap_or_default();
            actual.set("Tags", Actual::listed_tags(tags.get("Tags")));
        }
        Ok(Actual::Properties(actual))
    }
}

async fn is_another_s(name: &str, context: &HandlerContext) -> Result<bool, HandlerFailure> {
    let ask = GetQueueUrl { queue_name: name.into(), queue_owner_aws_account_id: None };
    let url = match context.caller.call(ask).await {
        Ok(found) => found.queue_url.unwrap_or_default(),
        Err(error) if is_gone(&error) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let found = context.caller.call(ListQueueTags { queue_url: url }).await?.tags.unwrap_or_default();
    let own = |key: &str| context.stack_tags.get(key).is_some_and(|value| found.get(key) == Some(value));
    Ok(!(own("aws:cloudformation:stack-id") && own("aws:cloudformation:logical-id")))
}

fn wanted_attributes(properties: &Properties) -> Result<BTreeMap<String, String>, HandlerFailure> {
    let mut attributes = BTreeMap::new();
    for (name, is_json, _) in ATTRIBUTES {
        let value = if *is_json {
            properties.json(name)?.map(|document| match document {
                Document::String(text) => text,
                document => document.to_string(),
            })
        } else {
            properties.string(name)?.map(|text| match text.as_str() {
                "True" => "true".to_owned(),
                "False" => "false".to_owned(),
                _ => text,
            })
        };
        if let Some(value) = value {
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

fn attributes(url: &str, context: &HandlerContext) -> BTreeMap<String, Document> {
    let name = url.rsplit('/').next().unwrap_or_default();
    let arn = Arn::new("sqs", context.caller.scope(), name);
    BTreeMap::from([
        ("Arn".to_owned(), Document::from(arn.to_string())),
        ("QueueName".to_owned(), Document::from(name)),
        ("QueueUrl".to_owned(), Document::from(url)),
    ])
}
