//! Attributes of queues: which there are, what they may be, and what they are where nobody set them
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>).

use crate::reference::QueueReference;
use crate::refusal::{attribute_value, invalid_value, unknown_attribute};
use crate::state::Queue;
use api_sqs::{Error, InvalidAttributeName, InvalidAttributeValue};
use policy::{Flavour, Kind};
use std::collections::BTreeMap;
use store::View;
use wire::Document;

/// Attributes that are numbers: least, most, default.
const NUMBERS: &[(&str, u32, u32, u32)] = &[
    ("DelaySeconds", 0, 900, 0),
    ("KmsDataKeyReusePeriodSeconds", 60, 86_400, 300),
    ("MaximumMessageSize", 1024, 1_048_576, 1_048_576),
    ("MessageRetentionPeriod", 60, 1_209_600, 345_600),
    ("ReceiveMessageWaitTimeSeconds", 0, 20, 0),
    ("VisibilityTimeout", 0, 43_200, 30),
];

/// What GetQueueAttributes knows beside what can be set.
pub(crate) const DERIVED: &[&str] = &[
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
];

const OF_FIFO: &[&str] =
    &["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

const LONGEST_POLICY: usize = 8 * 1024;

/// AWS's default of a number.
pub(crate) fn default(name: &str) -> u32 {
    NUMBERS.iter().find(|(known, ..)| *known == name).map_or(0, |(_, _, _, default)| *default)
}

/// Whether it is an attribute at all.
pub(crate) fn is_known(name: &str) -> bool {
    is_settable(name) || DERIVED.contains(&name)
}

fn is_settable(name: &str) -> bool {
    let others = ["KmsMasterKeyId", "Policy", "RedriveAllowPolicy", "RedrivePolicy", "SqsManagedSseEnabled"];
    NUMBERS.iter().any(|(known, ..)| *known == name) || OF_FIFO.contains(&name) || others.contains(&name)
}

/// The attributes that only FIFO queues have, with their defaults.
pub(crate) fn of_fifo(queue: &Queue) -> Vec<(&'static str, &str)> {
    if !queue.is_fifo() {
        return Vec::new();
    }
    let value = |name: &str, default| queue.attributes.get(name).map_or(default, String::as_str);
    vec![
        ("FifoQueue", "true"),
        ("ContentBasedDeduplication", value("ContentBasedDeduplication", "false")),
        ("DeduplicationScope", value("DeduplicationScope", "queue")),
        ("FifoThroughputLimit", value("FifoThroughputLimit", "perQueue")),
    ]
}

/// Sets attributes of a queue that exists or is being made. What is empty is taken away.
pub(crate) fn set(
    queue: &mut Queue,
    given: &BTreeMap<String, String>,
    creating: bool,
    view: &View,
) -> Result<(), Error> {
    for (name, value) in given {
        if !is_settable(name) {
            return Err(unknown_attribute(name));
        }
        if let Some((_, least, most, _)) = NUMBERS.iter().find(|(known, ..)| known == name) {
            let number = value.parse::<u32>().ok().filter(|number| (least..=most).contains(&number));
            let number = number.ok_or_else(|| attribute_value(name))?;
            queue.attributes.insert(name.clone(), number.to_string());
            continue;
        }
        if OF_FIFO.contains(&name.as_str()) {
            set_fifo(queue, name, value, creating)?;
            continue;
        }
        if value.is_empty() && name != "SqsManagedSseEnabled" {
            queue.attributes.remove(name);
            continue;
        }
        match name.as_str() {
            "Policy" => check_policy(value)?,
            "RedrivePolicy" => check_redrive(queue, value, view)?,
            "RedriveAllowPolicy" => check_redrive_allow(value)?,
            "SqsManagedSseEnabled" => {
                check_boolean(name, value)?;
                if value == "true" && !given.contains_key("KmsMasterKeyId") {
                    queue.attributes.remove("KmsMasterKeyId");
                }
            }
            // KmsMasterKeyId: an id, alias or ARN.
            _ if value.len() > 2048 => return Err(attribute_value(name)),
            _ => {
                queue.attributes.remove("SqsManagedSseEnabled");
            }
        }
        queue.attributes.insert(name.clone(), value.clone());
    }
    let both =
        queue.attributes.contains_key("KmsMasterKeyId") && queue.is_set("SqsManagedSseEnabled", "true");
    if both {
        return Err(InvalidAttributeValue::new("You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.").into());
    }
    if queue.is_set("FifoThroughputLimit", "perMessageGroupId")
        && !queue.is_set("DeduplicationScope", "messageGroup")
    {
        return Err(invalid_value(
            "perMessageGroupId",
            "FifoThroughputLimit",
            "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
        ));
    }
    Ok(())
}

fn check_boolean(name: &str, value: &str) -> Result<(), Error> {
    if matches!(value, "true" | "false") { Ok(()) } else { Err(attribute_value(name)) }
}

fn set_fifo(queue: &mut Queue, name: &str, value: &str, creating: bool) -> Result<(), Error> {
    let values: &[&str] = match name {
        "DeduplicationScope" => &["messageGroup", "queue"],
        "FifoThroughputLimit" => &["perQueue", "perMessageGroupId"],
        _ => &["true", "false"],
    };
    if !values.contains(&value) {
        return Err(attribute_value(name));
    }
    if name == "FifoQueue" {
        let fits = (value == "true") == queue.is_fifo();
        return if fits && (creating || value == "true") {
            Ok(())
        } else {
            Err(invalid_value(value, name, "Modifying queue type is not supported."))
        };
    }
    if !queue.is_fifo() {
        let message = "You can specify the attribute only for FIFO queues.";
        return Err(InvalidAttributeName::new(format!("Unknown Attribute {name}. {message}")).into());
    }
    queue.attributes.insert(name.to_owned(), value.to_owned());
    Ok(())
}

/// Refuses what authorization could not judge by.
pub(crate) fn check_policy(text: &str) -> Result<(), Error> {
    if text.len() > LONGEST_POLICY {
        return Err(attribute_value("Policy"));
    }
    match policy::parse(text, Kind::Resource(Flavour::Sqs)) {
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::debug!(why = error.message(), "a queue policy was refused");
            Err(attribute_value("Policy"))
        }
    }
}

fn check_redrive(queue: &Queue, text: &str, view: &View) -> Result<(), Error> {
    let refuse = |reason: &str| invalid_value(text, "RedrivePolicy", reason);
    let mut parsed = queue.clone();
    parsed.attributes.insert("RedrivePolicy".into(), text.into());
    let document = Document::parse(text).map_err(|_| refuse("Redrive policy is not a valid JSON map."))?;
    let members = document.as_object().ok_or_else(|| refuse("Redrive policy is not a valid JSON map."))?;
    for name in ["deadLetterTargetArn", "maxReceiveCount"] {
        if !members.contains_key(name) {
            return Err(refuse(&format!("Redrive policy does not contain mandatory attribute: {name}.")));
        }
    }
    if let Some(stranger) =
        members.keys().find(|name| !matches!(name.as_str(), "deadLetterTargetArn" | "maxReceiveCount"))
    {
        return Err(refuse(&format!(
            "Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount], and {stranger} is none of them."
        )));
    }
    let redrive = parsed.redrive().filter(|redrive| (1..=1000).contains(&redrive.after));
    let redrive = redrive.ok_or_else(|| {
        refuse("Invalid value for maxReceiveCount: it must be an integer between 1 and 1000.")
    })?;
    let target = QueueReference::of_arn(&redrive.target)
        .ok_or_else(|| refuse("Invalid value for deadLetterTargetArn."))?;
    if target.scope != queue.scope {
        return Err(refuse("Dead-letter target owner should be same as the source, and in the same region."));
    }
    let found = Queue::get(view, &target)?.ok_or_else(|| refuse("Dead letter target does not exist."))?;
    if found.is_fifo() != queue.is_fifo() {
        return Err(refuse("Dead-letter queue must be same type of queue as the source."));
    }
    if !found.takes_dead_letters_of(&queue.arn().to_string()) {
        return Err(refuse("Dead-letter queue does not allow this queue as its source."));
    }
    Ok(())
}

fn check_redrive_allow(text: &str) -> Result<(), Error> {
    let refuse = |reason: &str| invalid_value(text, "RedriveAllowPolicy", reason);
    let document = Document::parse(text).map_err(|_| {
        refuse("Amazon SQS can't create the redrive allow policy, as it is not a valid JSON map.")
    })?;
    let sources = document.get("sourceQueueArns");
    match document.get("redrivePermission").and_then(Document::as_str) {
        Some("allowAll" | "denyAll") if sources.is_none() => Ok(()),
        Some("allowAll" | "denyAll") => Err(refuse(
            "The sourceQueueArns parameter can be specified only when the redrivePermission is byQueue.",
        )),
        Some("byQueue") => {
            let arns = sources.and_then(Document::as_array).unwrap_or_default();
            let each = |arn: &Document| arn.as_str().is_some_and(|arn| QueueReference::of_arn(arn).is_some());
            if (1..=10).contains(&arns.len()) && arns.iter().all(each) {
                Ok(())
            } else {
                Err(refuse(
                    "With redrivePermission byQueue, sourceQueueArns must hold 1 to 10 ARNs of queues.",
                ))
            }
        }
        _ => Err(refuse("The redrivePermission must be one of allowAll, denyAll and byQueue.")),
    }
}

/// What a queue that is there says of an attribute that CreateQueue was given: for telling whether it is the same queue.
pub(crate) fn current(queue: &Queue, name: &str) -> Option<String> {
    if NUMBERS.iter().any(|(known, ..)| *known == name) {
        return Some(queue.number(name).to_string());
    }
    if name == "SqsManagedSseEnabled" {
        return Some(queue.managed_encryption().to_string());
    }
    let fifo = of_fifo(queue).into_iter().find(|(known, _)| *known == name);
    fifo.map(|(_, value)| value.to_owned()).or_else(|| queue.attributes.get(name).cloned())
}
