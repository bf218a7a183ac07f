//! What a sender may send.

use super::digest;
use crate::encryption::SendingKey;
use crate::refusal::{invalid, invalid_value, missing};
use crate::state::{Attribute, Queue, Sealed, Value};
use api_sqs::{Error, InvalidMessageContents, MessageAttributeValue, MessageSystemAttributeValue};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const MOST_ATTRIBUTES: usize = 10;
const LONGEST_NAME: usize = 256;
/// X-Ray's header is far shorter.
const LONGEST_TRACE: usize = 1024;

/// A body and attributes that were checked.
pub(crate) struct Content {
    /// Empty where it is sealed.
    pub(crate) body: String,
    pub(crate) sealed: Option<Sealed>,
    pub(crate) attributes: BTreeMap<String, Attribute>,
    pub(crate) trace: Option<String>,
    /// What counts towards the queue's limit: body, and names, types and values of attributes.
    pub(crate) bytes: usize,
}

/// In which group a message is, and what it is a duplicate of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Grouping {
    pub(crate) group: Option<String>,
    /// Of FIFO queues: given, or made of the body.
    pub(crate) deduplication: Option<String>,
}

impl Content {
    pub(crate) fn read(
        body: String,
        attributes: Option<BTreeMap<String, MessageAttributeValue>>,
        system: Option<BTreeMap<String, MessageSystemAttributeValue>>,
    ) -> Result<Self, Error> {
        if body.is_empty() {
            return Err(missing("MessageBody"));
        }
        check_characters(&body)?;
        let given = attributes.unwrap_or_default();
        if given.len() > MOST_ATTRIBUTES {
            return Err(invalid(format!(
                "Number of message attributes [{}] exceeds the allowed maximum [{MOST_ATTRIBUTES}].",
                given.len()
            )));
        }
        let mut attributes = BTreeMap::new();
        for (name, value) in given {
            check_name(&name)?;
            let value = read_value(&name, value)?;
            attributes.insert(name, value);
        }
        let length = |(name, attribute): (&String, &Attribute)| {
            let value = match &attribute.value {
                Value::Text(text) => text.len(),
                Value::Bytes(bytes) => bytes.len(),
            };
            name.len() + attribute.data_type.len() + value
        };
        let bytes = body.len() + attributes.iter().map(length).sum::<usize>();
        let trace = read_system(system.unwrap_or_default())?;
        Ok(Self { body, sealed: None, attributes, trace, bytes })
    }

    /// Refuses what is too long for a queue.
    pub(crate) fn fits(&self, queue: &Queue) -> Result<(), Error> {
        let most = queue.number("MaximumMessageSize");
        if u32::try_from(self.bytes).is_ok_and(|bytes| bytes <= most) {
            return Ok(());
        }
        Err(invalid(format!(
            "One or more parameters are invalid. Reason: Message must be shorter than {most} bytes."
        )))
    }

    /// With the trace header of the call, where the sender gave no attribute of its own: Lambda finds loops by it.
    pub(crate) fn traced(mut self, call: &contract::Call) -> Self {
        self.trace = self.trace.or_else(|| call.chain.trace.clone());
        self
    }

    /// Sealed with the queue's key, where it has one. Digests are to be taken before.
    pub(crate) fn sealed_with(
        mut self,
        key: Option<&SendingKey>,
        call: &contract::Call,
    ) -> Result<Self, Error> {
        if let Some(key) = key {
            self.sealed = Some(key.seal(&self.body, call)?);
            self.body.clear();
        }
        Ok(self)
    }

    pub(crate) fn md5_of_body(&self) -> String {
        digest::of_body(&self.body)
    }

    pub(crate) fn md5_of_attributes(&self) -> Option<String> {
        digest::of_attributes(&self.attributes)
    }

    pub(crate) fn md5_of_system_attributes(&self) -> Option<String> {
        let trace = self.trace.as_ref()?;
        let attribute = Attribute { data_type: "String".into(), value: Value::Text(trace.clone()) };
        digest::of_attributes([(&"AWSTraceHeader".to_owned(), &attribute)])
    }
}

impl Grouping {
    pub(crate) fn read(
        queue: &Queue,
        group: Option<String>,
        deduplication: Option<String>,
        body: &str,
    ) -> Result<Self, Error> {
        for (name, value) in [("MessageGroupId", &group), ("MessageDeduplicationId", &deduplication)] {
            if let Some(value) = value {
                check_token(name, value)?;
            }
        }
        if !queue.is_fifo() {
            if let Some(deduplication) = deduplication {
                return Err(invalid_value(
                    deduplication,
                    "MessageDeduplicationId",
                    "The request includes a parameter that is not valid for this queue type.",
                ));
            }
            return Ok(Self { group, deduplication: None });
        }
        if group.is_none() {
            return Err(missing("MessageGroupId"));
        }
        let by_content = queue.is_set("ContentBasedDeduplication", "true");
        let deduplication = deduplication
            .or_else(|| by_content.then(|| hex::encode(Sha256::digest(body.as_bytes()))))
            .ok_or_else(|| {
                invalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
            })?;
        Ok(Self { group, deduplication: Some(deduplication) })
    }
}

/// 1 to 128 letters, digits and punctuation marks.
pub(crate) fn check_token(name: &str, value: &str) -> Result<(), Error> {
    if (1..=128).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(invalid_value(
        value,
        name,
        format!("{name} can only include alphanumeric and punctuation characters. 1 to 128 in length."),
    ))
}

/// The characters of XML 1.0.
fn check_characters(body: &str) -> Result<(), Error> {
    let allowed = |character: char| matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}');
    if body.chars().all(allowed) {
        return Ok(());
    }
    Err(InvalidMessageContents::new("Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF").into())
}

fn check_name(name: &str) -> Result<(), Error> {
    let lower = name.to_ascii_lowercase();
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if name.is_empty() {
        return Err(invalid("The message attribute name must not be empty."));
    }
    if name.len() > LONGEST_NAME {
        return Err(invalid(format!(
            "Length of message attribute name must be less than {LONGEST_NAME} bytes."
        )));
    }
    if lower.starts_with("aws.") || lower.starts_with("amazon.") {
        return Err(invalid(
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use.",
        ));
    }
    if name.starts_with('.') || name.ends_with('.') || name.contains("..") || !name.bytes().all(characters) {
        return Err(invalid(format!(
            "Invalid characters found in message attribute name '{name}'. Valid names include alphanumeric characters, hyphens, underscores and periods, which neither begin nor end the name nor follow each other."
        )));
    }
    Ok(())
}

fn read_value(name: &str, given: MessageAttributeValue) -> Result<Attribute, Error> {
    let lists = given.string_list_values.is_some_and(|list| !list.is_empty())
        || given.binary_list_values.is_some_and(|list| !list.is_empty());
    if lists {
        return Err(api_sqs::UnsupportedOperation::new(
            "Message attribute list values in SendMessage operation are not supported.",
        )
        .into());
    }
    typed(name, given.data_type, given.string_value, given.binary_value.map(|bytes| bytes.to_vec()))
}

fn typed(
    name: &str,
    data_type: String,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
) -> Result<Attribute, Error> {
    let kind = data_type.split('.').next().unwrap_or_default();
    if data_type.is_empty() {
        return Err(invalid(format!(
            "The message attribute '{name}' must contain non-empty message attribute type."
        )));
    }
    if !matches!(kind, "String" | "Number" | "Binary") || data_type.len() > LONGEST_NAME {
        return Err(invalid(format!(
            "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
        )));
    }
    if text.is_some() && bytes.is_some() {
        return Err(invalid(format!(
            "The message attribute '{name}' has both a string and a binary value. Only one of them may be given."
        )));
    }
    let empty = || {
        invalid(format!(
            "The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{kind}'."
        ))
    };
    let value = if kind == "Binary" {
        Value::Bytes(bytes.filter(|bytes| !bytes.is_empty()).ok_or_else(empty)?)
    } else {
        Value::Text(text.filter(|text| !text.is_empty()).ok_or_else(empty)?)
    };
    if let Value::Text(text) = &value {
        check_characters(text)?;
        if kind == "Number" && !text.trim().parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(invalid(format!(
                "Can't cast the value of message (user) attribute '{name}' to a number."
            )));
        }
    }
    Ok(Attribute { data_type, value })
}

fn read_system(system: BTreeMap<String, MessageSystemAttributeValue>) -> Result<Option<String>, Error> {
    let mut trace = None;
    for (name, value) in system {
        if name != "AWSTraceHeader" {
            return Err(invalid(format!("Message system attribute name '{name}' is invalid.")));
        }
        let bytes = value.binary_value.map(|bytes| bytes.to_vec());
        match typed(&name, value.data_type, value.string_value, bytes)? {
            Attribute { data_type, value: Value::Text(text) }
                if data_type == "String" && text.len() <= LONGEST_TRACE =>
            {
                trace = Some(text);
            }
            _ => {
                return Err(invalid(format!("Message system attribute '{name}' must be a string.")));
            }
        }
    }
    Ok(trace)
}
