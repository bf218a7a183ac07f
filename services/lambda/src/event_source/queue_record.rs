//! Messages as events have them.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event>

use api_sqs::{Message, MessageAttributeValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use names::Arn;
use wire::Document;

/// A message's record; `queue` is where it came from.
pub(super) fn record(message: &Message, queue: &Arn) -> Document {
    let text = |text: &Option<String>| Document::from(text.as_deref().unwrap_or_default());
    let mut attributes = Document::object();
    for (name, value) in message.attributes.iter().flatten() {
        attributes.set(name.as_str(), value.as_str());
    }
    let mut own = Document::object();
    for (name, value) in message.message_attributes.iter().flatten() {
        own.set(name.as_str(), attribute(value));
    }
    let mut record = Document::object()
        .with("messageId", text(&message.message_id))
        .with("receiptHandle", text(&message.receipt_handle))
        .with("body", text(&message.body))
        .with("attributes", attributes)
        .with("messageAttributes", own);
    if let Some(digest) = &message.md5_of_message_attributes {
        record.set("md5OfMessageAttributes", digest.as_str());
    }
    record
        .with("md5OfBody", text(&message.md5_of_body))
        .with("eventSource", "aws:sqs")
        .with("eventSourceARN", queue.to_string())
        .with("awsRegion", queue.region.map(|region| region.to_string()))
}

fn attribute(value: &MessageAttributeValue) -> Document {
    let mut shown = Document::object();
    if let Some(text) = &value.string_value {
        shown.set("stringValue", text.as_str());
    }
    if let Some(bytes) = &value.binary_value {
        shown.set("binaryValue", STANDARD.encode(bytes));
    }
    shown
        .with("stringListValues", Document::Array(Vec::new()))
        .with("binaryListValues", Document::Array(Vec::new()))
        .with("dataType", value.data_type.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_in_awss_shape() {
        let value = |text: &str| MessageAttributeValue {
            string_value: Some(text.into()),
            data_type: "String".into(),
            ..MessageAttributeValue::default()
        };
        let message = Message {
            message_id: Some("id".into()),
            receipt_handle: Some("handle".into()),
            md5_of_body: Some("md5".into()),
            body: Some("{}".into()),
            attributes: Some([("SentTimestamp".to_owned(), "1".to_owned())].into()),
            md5_of_message_attributes: Some("md5a".into()),
            message_attributes: Some([("a".to_owned(), value("b"))].into()),
        };
        let queue: Arn = "arn:aws:sqs:us-east-2:123456789012:my-queue".parse().unwrap();
        assert_eq!(
            record(&message, &queue).to_string(),
            "{\"messageId\":\"id\",\"receiptHandle\":\"handle\",\"body\":\"{}\",\"attributes\":{\"SentTimestamp\":\"1\"},\
             \"messageAttributes\":{\"a\":{\"stringValue\":\"b\",\"stringListValues\":[],\"binaryListValues\":[],\
             \"dataType\":\"String\"}},\"md5OfMessageAttributes\":\"md5a\",\"md5OfBody\":\"md5\",\"eventSource\":\"aws:sqs\",\
             \"eventSourceARN\":\"arn:aws:sqs:us-east-2:123456789012:my-queue\",\"awsRegion\":\"us-east-2\"}"
        );
        let bare = record(&Message::default(), &queue);
        assert_eq!(bare.get("messageAttributes").unwrap().to_string(), "{}");
        assert!(bare.get("md5OfMessageAttributes").is_none());
    }
}
