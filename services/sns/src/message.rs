//! A message: what a publisher sends, checked, and what a subscriber gets.

use crate::refusal::{invalid, invalid_value};
use crate::state::Protocol;
use api_sns::{Error, MessageAttributeValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wire::{Document, document};

/// The most that one message, or all messages of a batch, may hold.
pub(crate) const BYTES: usize = 256 * 1024;

/// A value that goes with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attribute {
    pub(crate) data_type: String,
    /// Text; base 64 where the type is binary.
    value: String,
}

impl Attribute {
    #[cfg(test)]
    pub(crate) fn of_text(data_type: &str, value: &str) -> Self {
        Self { data_type: data_type.into(), value: value.into() }
    }

    /// The bytes, of what is binary.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        is_of(&self.data_type, "Binary").then(|| STANDARD.decode(&self.value).unwrap_or_default())
    }

    /// The text, of what is not binary.
    pub(crate) fn text(&self) -> Option<&str> {
        (!is_of(&self.data_type, "Binary")).then_some(self.value.as_str())
    }
}

fn is_of(data_type: &str, kind: &str) -> bool {
    data_type.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A message that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) subject: Option<String>,
    /// What is sent where no text of its own is given for a protocol.
    body: String,
    by_protocol: BTreeMap<String, String>,
    pub(crate) attributes: BTreeMap<String, Attribute>,
    /// Its size, as it counts against the limit.
    pub(crate) bytes: usize,
}

impl Message {
    /// Checks what a publisher sent.
    pub(crate) fn read(
        body: String,
        subject: Option<String>,
        structure: Option<&str>,
        attributes: Option<BTreeMap<String, MessageAttributeValue>>,
    ) -> Result<Self, Error> {
        if body.is_empty() {
            return Err(invalid("Empty message"));
        }
        if let Some(subject) = &subject {
            check_subject(subject)?;
        }
        let attributes = read_attributes(attributes.unwrap_or_default())?;
        let attribute_bytes: usize =
            attributes.iter().map(|(name, it)| name.len() + it.data_type.len() + it.value.len()).sum();
        let bytes = body.len() + attribute_bytes;
        if bytes > BYTES {
            return Err(invalid("Message too long"));
        }
        let (body, by_protocol) = match structure {
            None | Some("") => (body, BTreeMap::new()),
            Some("json") => read_structure(&body)?,
            Some(_) => return Err(invalid("MessageStructure")),
        };
        Ok(Self { subject, body, by_protocol, attributes, bytes })
    }

    /// What subscribers by a protocol get.
    pub(crate) fn body_for(&self, protocol: Protocol) -> &str {
        self.by_protocol.get(protocol.as_str()).unwrap_or(&self.body)
    }
}

/// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>: no line breaks or control characters, at most 100 characters.
fn check_subject(subject: &str) -> Result<(), Error> {
    let first = subject.chars().next().is_some_and(|first| !first.is_whitespace());
    if !first || subject.chars().count() > 100 || subject.chars().any(char::is_control) {
        return Err(invalid("Subject"));
    }
    Ok(())
}

fn read_structure(body: &str) -> Result<(String, BTreeMap<String, String>), Error> {
    let document = Document::parse(body)
        .ok()
        .filter(|document| document.as_object().is_some())
        .ok_or_else(|| invalid("Message Structure - JSON message body failed to parse"))?;
    let texts = document.as_object().into_iter().flatten();
    let texts: BTreeMap<String, String> =
        texts.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect();
    match texts.get("default") {
        Some(default) => Ok((default.clone(), texts)),
        None => Err(invalid("Message Structure - No default entry in JSON message body")),
    }
}

fn read_attributes(
    given: BTreeMap<String, MessageAttributeValue>,
) -> Result<BTreeMap<String, Attribute>, Error> {
    given.into_iter().map(|(name, value)| read_attribute(&name, value).map(|value| (name, value))).collect()
}

/// <https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html#SNSMessageAttributesNTV>
fn read_attribute(name: &str, given: MessageAttributeValue) -> Result<Attribute, Error> {
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let lower = name.to_ascii_lowercase();
    let dots = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    if name.is_empty() || name.len() > 256 || dots || !name.bytes().all(characters) {
        return Err(invalid_value(format!(
            "Invalid parameter: The message attribute name '{name}' is not valid."
        )));
    }
    if lower.starts_with("aws.") || lower.starts_with("amazon.") {
        return Err(invalid_value(format!(
            "The message attribute name '{name}' must not begin with 'AWS.' or 'Amazon.'."
        )));
    }
    let kind = given.data_type;
    let known = is_of(&kind, "String") || is_of(&kind, "Number") || is_of(&kind, "Binary");
    if kind.is_empty() {
        return Err(invalid_value(format!(
            "The message attribute '{name}' must contain non-empty message attribute type."
        )));
    }
    if !known || kind.len() > 256 {
        return Err(invalid_value(format!(
            "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
        )));
    }
    let empty = || {
        let message = format!(
            "The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{kind}'."
        );
        Err(invalid_value(message))
    };
    if given.string_value.is_some() && given.binary_value.is_some() {
        return Err(invalid_value(format!(
            "The message attribute '{name}' must contain only one message attribute value."
        )));
    }
    if is_of(&kind, "Binary") {
        let Some(bytes) = given.binary_value.filter(|bytes| !bytes.is_empty()) else { return empty() };
        return Ok(Attribute { value: STANDARD.encode(bytes.as_ref() as &[u8]), data_type: kind });
    }
    let Some(text) = given.string_value.filter(|text| !text.is_empty()) else { return empty() };
    if is_of(&kind, "Number") && !text.trim().parse::<f64>().is_ok_and(f64::is_finite) {
        return Err(invalid_value(format!("Could not cast message attribute '{name}' value to number.")));
    }
    if kind == "String.Array" && !Document::parse(&text).is_ok_and(|array| array.as_array().is_some()) {
        return Err(invalid_value(format!(
            "The message attribute '{name}' must hold a JSON array for message attribute type '{kind}'."
        )));
    }
    Ok(Attribute { data_type: kind, value: text })
}

/// As messages carry them: `{"name": {"Type": …, "Value": …}}`.
pub(crate) fn attributes_document(attributes: &BTreeMap<String, Attribute>) -> Document {
    let mut shown = Document::object();
    for (name, attribute) in attributes {
        shown.set(
            name,
            document!({ "Type": (attribute.data_type.as_str()), "Value": (attribute.value.as_str()) }),
        );
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(body: &str, subject: Option<&str>, structure: Option<&str>) -> String {
        Message::read(body.into(), subject.map(Into::into), structure, None).unwrap_err().to_string()
    }

    #[test]
    fn what_is_refused_is_refused_in_aws_s_words() {
        assert_eq!(refused("", None, None), "InvalidParameter: Invalid parameter: Empty message");
        assert_eq!(
            refused(&"x".repeat(BYTES + 1), None, None),
            "InvalidParameter: Invalid parameter: Message too long"
        );
        for subject in ["", "a\nb", &"x".repeat(101)] {
            assert_eq!(refused("m", Some(subject), None), "InvalidParameter: Invalid parameter: Subject");
        }
        assert_eq!(
            refused("{", None, Some("json")),
            "InvalidParameter: Invalid parameter: Message Structure - JSON message body failed to parse"
        );
        assert_eq!(
            refused(r#"{"email":"x"}"#, None, Some("json")),
            "InvalidParameter: Invalid parameter: Message Structure - No default entry in JSON message body"
        );
        assert_eq!(refused("m", None, Some("xml")), "InvalidParameter: Invalid parameter: MessageStructure");
    }

    #[test]
    fn a_protocol_may_have_a_text_of_its_own() {
        let message =
            Message::read(r#"{"default":"d","email":"e"}"#.into(), None, Some("json"), None).unwrap();
        assert_eq!((message.body_for(Protocol::Email), message.body_for(Protocol::Lambda)), ("e", "d"));
    }

    #[test]
    fn attributes_are_checked() {
        let given = |kind: &str, text: &str| MessageAttributeValue {
            data_type: kind.into(),
            string_value: Some(text.into()),
            binary_value: None,
        };
        let sentence = |name: &str, value| read_attribute(name, value).unwrap_err().to_string();
        assert_eq!(
            sentence("a", given("Text", "x")),
            "ParameterValueInvalid: The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
        );
        assert_eq!(
            sentence("a", given("String", "")),
            "ParameterValueInvalid: The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'."
        );
        assert_eq!(
            sentence("a", given("Number", "ten")),
            "ParameterValueInvalid: Could not cast message attribute 'a' value to number."
        );
        for name in ["", ".a", "a..b", "a b", "AWS.x"] {
            assert!(read_attribute(name, given("String", "x")).is_err(), "{name}");
        }
        assert!(read_attribute("a", given("String.Array", "x")).is_err());
        assert_eq!(read_attribute("a", given("Number.int", "1")).unwrap().text(), Some("1"));
    }
}
