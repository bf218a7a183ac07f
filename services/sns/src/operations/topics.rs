//! Topics.

use super::topic_attributes;
use crate::access::{on_all, on_reference, on_topic};
use crate::page::page;
use crate::reference::TopicReference;
use crate::refusal::{invalid, not_built};
use crate::state::{Deleted, Subscription, Topic};
use crate::{Sns, tags};
use api_sns::{
    CreateTopic, CreateTopicOutput, DeleteTopic, DeleteTopicOutput, Error, ListTopics, ListTopicsOutput,
};
use contract::{Access, Call, Transact};
use names::Tags;
use std::collections::BTreeMap;
use store::{Tx, View};

impl Transact<CreateTopic> for Sns {
    fn access(input: &CreateTopic, call: &Call, view: &View) -> Access {
        let topic = TopicReference { scope: call.scope(), name: input.name.clone() };
        let mut access = on_reference("CreateTopic", &topic, call, view);
        if input.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
            access.checks.extend(on_reference("TagResource", &topic, call, view).checks);
        }
        access.with_request_tags(tags::pairs(input.tags.as_deref()))
    }

    fn run(input: CreateTopic, call: &Call, tx: &mut Tx) -> Result<CreateTopicOutput, Error> {
        if input.data_protection_policy.is_some() {
            return Err(not_built("DataProtectionPolicy", "data protection policies are"));
        }
        let reference = TopicReference { scope: call.scope(), name: input.name };
        let mut attributes = BTreeMap::new();
        for (name, value) in input.attributes.unwrap_or_default() {
            topic_attributes::set(&mut attributes, &name, &value, &reference.arn())
                .map_err(|error| topic_attributes::in_create(error, &name))?;
        }
        check_name(&reference.name)?;
        let mut wanted = Tags::new();
        tags::add(&mut wanted, input.tags.unwrap_or_default(), call)?;
        let answer = CreateTopicOutput { topic_arn: Some(reference.arn().to_string()) };
        let Some(known) = Topic::get(tx, &reference)? else {
            let TopicReference { scope, name } = reference;
            tx.insert(Topic { scope, name, created: call.now, attributes, tags: wanted })?;
            return Ok(answer);
        };
        if attributes.iter().any(|(name, value)| known.attributes.get(name) != Some(value)) {
            return Err(invalid("Attributes Reason: Topic already exists with different attributes"));
        }
        if !wanted.is_empty() && wanted != known.tags {
            return Err(invalid("Tags Reason: Topic already exists with different tags"));
        }
        Ok(answer)
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    if name.ends_with(".fifo") {
        return Err(not_built("Topic Name", "FIFO topics, which deliver only to SQS queues, are"));
    }
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.is_empty() || name.len() > 256 || !name.bytes().all(characters) {
        return Err(invalid("Topic Name"));
    }
    Ok(())
}

impl Transact<DeleteTopic> for Sns {
    fn access(input: &DeleteTopic, call: &Call, view: &View) -> Access {
        on_topic("DeleteTopic", &input.topic_arn, call, view)
    }

    /// A topic that is gone is deleted. Its subscriptions go with it.
    fn run(input: DeleteTopic, call: &Call, tx: &mut Tx) -> Result<DeleteTopicOutput, Error> {
        let TopicReference { scope, name } =
            TopicReference::read_in("TopicArn", &input.topic_arn, call.region)?;
        for subscription in Subscription::of_topic(tx, scope, &name)? {
            tx.remove::<Subscription>(scope, (&subscription.topic, &subscription.id))?;
        }
        tx.remove::<Deleted>(scope, &name)?;
        tx.remove::<Topic>(scope, &name)?;
        Ok(DeleteTopicOutput {})
    }
}

impl Transact<ListTopics> for Sns {
    fn access(_: &ListTopics, call: &Call, _: &View) -> Access {
        on_all("ListTopics", call)
    }

    fn run(input: ListTopics, call: &Call, tx: &mut Tx) -> Result<ListTopicsOutput, Error> {
        let topics = tx.list::<Topic>(call.scope())?;
        let things = topics.into_iter().map(|topic| (topic.name.clone(), topic.arn().to_string())).collect();
        let (arns, next_token) = page("topics", input.next_token.as_deref(), things)?;
        let topics = arns.into_iter().map(|arn| api_sns::Topic { topic_arn: Some(arn) }).collect();
        Ok(ListTopicsOutput { topics: Some(topics), next_token })
    }
}
