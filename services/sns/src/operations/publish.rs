//! Publish and PublishBatch: one durable task per matching subscription, in the transaction of the call.

use super::topic;
use crate::Sns;
use crate::access::on_topic;
use crate::delivery::{Delivery, Published};
use crate::encryption;
use crate::filter::{self, Scope};
use crate::message::{BYTES, Message};
use crate::metrics::{self, FilteredOut};
use crate::refusal::{invalid, not_built};
use crate::state::{Subscription, Topic};
use api_sns::{
    BatchEntryIdsNotDistinctException, BatchRequestTooLongException, BatchResultErrorEntry,
    EmptyBatchRequestException, Error, InvalidBatchEntryIdException, Publish, PublishBatch,
    PublishBatchOutput, PublishBatchRequestEntry, PublishBatchResultEntry, PublishOutput,
    TooManyEntriesInBatchRequestException,
};
use contract::{Access, Call, Transact};
use std::collections::BTreeSet;
use store::{Tx, View};
use wire::ServiceError;

impl Transact<Publish> for Sns {
    fn access(input: &Publish, call: &Call, view: &View) -> Access {
        match (input.topic_arn.as_ref().or(input.target_arn.as_ref()), &input.phone_number) {
            (Some(arn), _) => on_topic("Publish", arn, call, view),
            // AWS judges an SMS on its number, which is in no ARN.
            (None, _) => Access::to("sns:Publish"),
        }
    }

    fn run(input: Publish, call: &Call, tx: &mut Tx) -> Result<PublishOutput, Error> {
        let targets =
            [&input.topic_arn, &input.target_arn, &input.phone_number].into_iter().flatten().count();
        if targets > 1 {
            return Err(invalid("Only one of TopicArn, TargetArn or PhoneNumber may be given"));
        }
        if input.phone_number.is_some() {
            return Err(not_built("PhoneNumber", "delivery by SMS is"));
        }
        let (parameter, arn) = match (&input.topic_arn, &input.target_arn) {
            (Some(arn), _) => ("TopicArn", arn),
            (None, Some(arn)) => ("TargetArn", arn),
            (None, None) => {
                return Err(invalid("TopicArn or TargetArn Reason: no value for required parameter"));
            }
        };
        if arn.contains(":endpoint/") {
            return Err(not_built("TargetArn", "delivery to mobile applications is"));
        }
        let message = Message::read(
            input.message,
            input.subject,
            input.message_structure.as_deref(),
            input.message_attributes,
        )?;
        let topic = topic(tx, parameter, arn, call)?;
        check_grouping(input.message_group_id.as_deref(), input.message_deduplication_id.as_deref())?;
        encryption::check(&topic, call)?;
        let group = input.message_group_id.as_deref();
        let message_id = publish(&topic, &message, group, &recipients(&topic, tx)?, call, tx)?;
        Ok(PublishOutput { message_id: Some(message_id), sequence_number: None })
    }
}

/// A group id is taken on standard topics, for SQS's fair queues alone; a deduplication id is one of FIFO topics
/// (<https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>).
fn check_grouping(group: Option<&str>, deduplication: Option<&str>) -> Result<(), Error> {
    if deduplication.is_some() {
        return Err(invalid(
            "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
        ));
    }
    let characters = |byte: u8| byte.is_ascii_graphic();
    if group.is_some_and(|group| group.is_empty() || group.len() > 128 || !group.bytes().all(characters)) {
        return Err(invalid(
            "MessageGroupId Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length",
        ));
    }
    Ok(())
}

/// A confirmed subscription with its filter.
struct Recipient {
    subscription: Subscription,
    filter: Option<(Scope, filter::Filter)>,
}

fn recipients(topic: &Topic, view: &View) -> Result<Vec<Recipient>, Error> {
    let all = Subscription::of_topic(view, topic.scope, &topic.name)?;
    let mut recipients = Vec::new();
    for subscription in all.into_iter().filter(Subscription::is_confirmed) {
        let scope = Scope::read(subscription.attributes.get("FilterPolicyScope").map(String::as_str));
        let policy = subscription.attributes.get("FilterPolicy").map_or("", String::as_str);
        let Some(scope) = scope else { continue };
        // What was stored could be read then. One that cannot lets nothing through.
        let Ok(filter) = filter::parse(policy, scope) else {
            tracing::error!(subscription = %subscription.arn(), "a stored filter policy cannot be read: its subscription gets nothing");
            continue;
        };
        recipients.push(Recipient { filter: filter.map(|filter| (scope, filter)), subscription });
    }
    Ok(recipients)
}

impl Recipient {
    /// Why it does not get a message; None where it does.
    fn misses(&self, message: &Message) -> Option<FilteredOut> {
        let (scope, filter) = self.filter.as_ref()?;
        match scope {
            Scope::MessageAttributes if filter.passes_attributes(&message.attributes) => None,
            Scope::MessageAttributes if message.attributes.is_empty() => {
                Some(FilteredOut::NoMessageAttributes)
            }
            Scope::MessageAttributes => Some(FilteredOut::MessageAttributes),
            Scope::MessageBody => match filter.passes_body(message.body_for(self.subscription.protocol)) {
                Some(true) => None,
                Some(false) => Some(FilteredOut::MessageBody),
                None => Some(FilteredOut::InvalidMessageBody),
            },
        }
    }
}

fn publish(
    topic: &Topic,
    message: &Message,
    group: Option<&str>,
    recipients: &[Recipient],
    call: &Call,
    tx: &mut Tx,
) -> Result<String, Error> {
    let id = call.entropy.uuid();
    metrics::published(topic, message.bytes, call.now, tx);
    for recipient in recipients {
        if let Some(why) = recipient.misses(message) {
            metrics::filtered_out(topic, why, call.now, tx);
            continue;
        }
        let subscription = &recipient.subscription;
        let published = Published {
            id: id.clone(),
            subject: message.subject.clone(),
            body: message.body_for(subscription.protocol).to_owned(),
            attributes: message.attributes.clone(),
            at: call.now,
            signature_version: topic
                .attributes
                .get("SignatureVersion")
                .cloned()
                .unwrap_or_else(|| "1".into()),
            group: group.map(str::to_owned),
        };
        let task = format!("{id}.{}", subscription.id);
        Delivery::notification(subscription, published).enqueue(&task, topic.scope, call, tx)?;
    }
    Ok(id)
}

impl Transact<PublishBatch> for Sns {
    fn access(input: &PublishBatch, call: &Call, view: &View) -> Access {
        on_topic("Publish", &input.topic_arn, call, view)
    }

    fn run(input: PublishBatch, call: &Call, tx: &mut Tx) -> Result<PublishBatchOutput, Error> {
        let entries = input.publish_batch_request_entries;
        check_batch(&entries)?;
        let topic = topic(tx, "TopicArn", &input.topic_arn, call)?;
        let recipients = recipients(&topic, tx)?;
        let mut bytes = 0_usize;
        let mut read = Vec::new();
        for entry in entries {
            let PublishBatchRequestEntry {
                id, message, subject, message_structure, message_attributes, ..
            } = entry;
            let length = message.len();
            let message = Message::read(message, subject, message_structure.as_deref(), message_attributes)
                .and_then(|message| {
                    check_grouping(
                        entry.message_group_id.as_deref(),
                        entry.message_deduplication_id.as_deref(),
                    )?;
                    Ok((message, entry.message_group_id))
                });
            bytes = bytes.saturating_add(message.as_ref().map_or(length, |(message, _)| message.bytes));
            read.push((id, message));
        }
        if bytes > BYTES {
            return Err(BatchRequestTooLongException::new(
                "The length of all the messages put together is more than the limit.",
            )
            .into());
        }
        encryption::check(&topic, call)?;
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for (id, message) in read {
            match message {
                Ok((message, group)) => {
                    let message_id = publish(&topic, &message, group.as_deref(), &recipients, call, tx)?;
                    successful.push(PublishBatchResultEntry {
                        id: Some(id),
                        message_id: Some(message_id),
                        sequence_number: None,
                    });
                }
                Err(error) => {
                    let error = error.into_response();
                    let sender_fault = error.status < 500;
                    failed.push(BatchResultErrorEntry {
                        id,
                        code: error.code,
                        message: Some(error.message),
                        sender_fault,
                    });
                }
            }
        }
        Ok(PublishBatchOutput { successful: Some(successful), failed: Some(failed) })
    }
}

fn check_batch(entries: &[PublishBatchRequestEntry]) -> Result<(), Error> {
    if entries.is_empty() {
        return Err(EmptyBatchRequestException::new("The batch request doesn't contain any entries.").into());
    }
    if entries.len() > 10 {
        let message = "The batch request contains more entries than permissible.";
        return Err(TooManyEntriesInBatchRequestException::new(message).into());
    }
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut ids = BTreeSet::new();
    for entry in entries {
        if entry.id.is_empty() || entry.id.len() > 80 || !entry.id.bytes().all(characters) {
            let message = "The Id of a batch entry in a batch request doesn't abide by the specification.";
            return Err(InvalidBatchEntryIdException::new(message).into());
        }
        if !ids.insert(&entry.id) {
            let message = "Two or more batch entries in the request have the same Id.";
            return Err(BatchEntryIdsNotDistinctException::new(message).into());
        }
    }
    Ok(())
}
