//! A message as a receiver gets it.

use super::digest;
use crate::refusal::{invalid, unknown_attribute};
use crate::state::{Message, Value};
use api_sqs::{Error, MessageAttributeValue};
use std::collections::BTreeMap;

const SYSTEM: &[&str] = &[
    "All",
    "SenderId",
    "SentTimestamp",
    "ApproximateReceiveCount",
    "ApproximateFirstReceiveTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
];

/// Which attributes a receiver asks for.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    system: Vec<String>,
    own: Vec<String>,
}

impl Wanted {
    pub(crate) fn read(
        old: Option<Vec<String>>,
        system: Option<Vec<String>>,
        own: Option<Vec<String>>,
    ) -> Result<Self, Error> {
        let mut names = old.unwrap_or_default();
        // A queue's attributes were once named here too: they are of no message, and are taken without an answer.
        if let Some(unknown) =
            names.iter().find(|name| !SYSTEM.contains(&name.as_str()) && !crate::attributes::is_known(name))
        {
            return Err(unknown_attribute(unknown));
        }
        let new = system.unwrap_or_default();
        if let Some(unknown) = new.iter().find(|name| !SYSTEM.contains(&name.as_str())) {
            return Err(unknown_attribute(unknown));
        }
        names.extend(new);
        let own = own.unwrap_or_default();
        if own.iter().any(|name| name.is_empty() || name.len() > 256) {
            return Err(invalid("A message attribute name must have 1 to 256 characters."));
        }
        Ok(Self { system: names, own })
    }

    fn wants_system(&self, name: &str) -> bool {
        self.system.iter().any(|wanted| wanted == "All" || wanted == name)
    }

    /// `All` and `.*` are all, `prefix.*` those that begin so.
    fn wants(&self, name: &str) -> bool {
        self.own.iter().any(|wanted| match wanted.as_str() {
            "All" | ".*" => true,
            wanted => match wanted.strip_suffix(".*") {
                Some(prefix) => name.starts_with(prefix),
                None => wanted == name,
            },
        })
    }
}

/// A sequence number: twenty digits, which grow within a group.
pub(crate) fn sequence(number: u64) -> String {
    format!("1{number:019}")
}

/// The message with the handle of this receive.
pub(crate) fn show(message: &Message, handle: String, wanted: &Wanted) -> api_sqs::Message {
    let own = message.attributes.iter().filter(|(name, _)| wanted.wants(name));
    let md5_of_message_attributes = digest::of_attributes(own.clone());
    let own: BTreeMap<String, MessageAttributeValue> = own
        .map(|(name, attribute)| {
            let mut shown =
                MessageAttributeValue { data_type: attribute.data_type.clone(), ..Default::default() };
            match &attribute.value {
                Value::Text(text) => shown.string_value = Some(text.clone()),
                Value::Bytes(bytes) => shown.binary_value = Some(bytes.clone().into()),
            }
            (name.clone(), shown)
        })
        .collect();
    let millis = |moment: names::Timestamp| moment.millis().to_string();
    let system = [
        ("SenderId", Some(message.sender.clone())),
        ("SentTimestamp", Some(millis(message.sent))),
        ("ApproximateReceiveCount", Some(message.receives.to_string())),
        ("ApproximateFirstReceiveTimestamp", message.first_received.map(millis)),
        ("SequenceNumber", message.sequence.map(sequence)),
        ("MessageDeduplicationId", message.deduplication.clone()),
        ("MessageGroupId", message.group.clone()),
        ("AWSTraceHeader", message.trace.clone()),
        ("DeadLetterQueueSourceArn", message.dead_letter_of.clone()),
    ];
    let system: BTreeMap<String, String> = system
        .into_iter()
        .filter(|(name, _)| wanted.wants_system(name))
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    api_sqs::Message {
        message_id: Some(message.id.clone()),
        receipt_handle: Some(handle),
        md5_of_body: Some(digest::of_body(&message.body)),
        body: Some(message.body.clone()),
        attributes: Some(system).filter(|attributes| !attributes.is_empty()),
        md5_of_message_attributes,
        message_attributes: Some(own).filter(|attributes| !attributes.is_empty()),
    }
}
