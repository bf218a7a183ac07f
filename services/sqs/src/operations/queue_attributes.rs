//! GetQueueAttributes and SetQueueAttributes.

use super::queue;
use crate::access::on_url;
use crate::mailbox::count;
use crate::refusal::unknown_attribute;
use crate::state::Queue;
use crate::{Sqs, attributes};
use api_sqs::{
    Error, GetQueueAttributes, GetQueueAttributesOutput, SetQueueAttributes, SetQueueAttributesOutput,
};
use contract::{Access, Call, Transact};
use std::collections::BTreeMap;
use store::{Tx, View};

impl Transact<GetQueueAttributes> for Sqs {
    fn access(input: &GetQueueAttributes, call: &Call, view: &View) -> Access {
        on_url("GetQueueAttributes", &input.queue_url, call, view)
    }

    fn run(input: GetQueueAttributes, call: &Call, tx: &mut Tx) -> Result<GetQueueAttributesOutput, Error> {
        let names = input.attribute_names.unwrap_or_default();
        if let Some(unknown) = names.iter().find(|name| *name != "All" && !attributes::is_known(name)) {
            return Err(unknown_attribute(unknown));
        }
        let queue = queue(tx, &input.queue_url, call)?;
        let wanted = |name: &str| names.iter().any(|wanted| wanted == "All" || wanted == name);
        let mut found = settings(&queue);
        if names.iter().any(|name| name == "All" || name.starts_with("Approximate")) {
            let counts = count(&queue, call.now, tx)?;
            for (name, value) in [
                ("ApproximateNumberOfMessages", counts.visible),
                ("ApproximateNumberOfMessagesDelayed", counts.delayed),
                ("ApproximateNumberOfMessagesNotVisible", counts.in_flight),
            ] {
                found.insert(name.to_owned(), value.to_string());
            }
        }
        found.retain(|name, _| wanted(name));
        Ok(GetQueueAttributesOutput { attributes: Some(found).filter(|found| !found.is_empty()) })
    }
}

/// All that is no count.
fn settings(queue: &Queue) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = [
        ("QueueArn", queue.arn().to_string()),
        ("CreatedTimestamp", queue.created.seconds().to_string()),
        ("LastModifiedTimestamp", queue.modified.seconds().to_string()),
        ("SqsManagedSseEnabled", queue.managed_encryption().to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    for name in [
        "DelaySeconds",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "ReceiveMessageWaitTimeSeconds",
        "VisibilityTimeout",
    ] {
        found.insert(name.to_owned(), queue.number(name).to_string());
    }
    for name in ["Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId"] {
        if let Some(value) = queue.attributes.get(name) {
            found.insert(name.to_owned(), value.clone());
        }
    }
    if queue.attributes.contains_key("KmsMasterKeyId") {
        let name = "KmsDataKeyReusePeriodSeconds";
        found.insert(name.to_owned(), queue.number(name).to_string());
    }
    found.extend(
        attributes::of_fifo(queue).into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    found
}

impl Transact<SetQueueAttributes> for Sqs {
    fn access(input: &SetQueueAttributes, call: &Call, view: &View) -> Access {
        on_url("SetQueueAttributes", &input.queue_url, call, view)
    }

    fn run(input: SetQueueAttributes, call: &Call, tx: &mut Tx) -> Result<SetQueueAttributesOutput, Error> {
        let mut queue = queue(tx, &input.queue_url, call)?;
        attributes::set(&mut queue, &input.attributes, false, tx)?;
        queue.modified = call.now;
        // Receivers that wait may see more by another delay or retention.
        tx.signal(queue.reference().topic());
        tx.update(queue)?;
        Ok(SetQueueAttributesOutput {})
    }
}
