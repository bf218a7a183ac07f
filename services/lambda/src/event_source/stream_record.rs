//! Stream records as events have them.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>

use super::attribute_value::item;
use api_dynamodbstreams::Record;
use names::Timestamp;
use wire::Document;

/// A record, with what has to be known of it.
#[derive(Clone)]
pub(super) struct StreamRecord {
    pub(super) shown: Document,
    pub(super) sequence: String,
    pub(super) arrived: Timestamp,
    /// The item's key, as text: records of one item stay in order.
    pub(super) key: String,
}

impl StreamRecord {
    pub(super) fn new(record: &Record, stream: &str) -> Self {
        let text = |text: &Option<String>| Document::from(text.as_deref());
        let mut change = Document::object();
        let inner = record.dynamodb.clone().unwrap_or_default();
        let arrived = inner.approximate_creation_date_time.unwrap_or_default();
        change.set("ApproximateCreationDateTime", arrived.seconds());
        let keys = inner.keys.as_ref().map(item).unwrap_or_else(Document::object);
        let key = keys.to_string();
        change.set("Keys", keys);
        for (name, image) in [("NewImage", &inner.new_image), ("OldImage", &inner.old_image)] {
            if let Some(image) = image {
                change.set(name, item(image));
            }
        }
        change.set("SequenceNumber", text(&inner.sequence_number));
        change.set("SizeBytes", inner.size_bytes.unwrap_or_default());
        change.set("StreamViewType", inner.stream_view_type.map(|kind| kind.as_str().to_owned()));
        let mut shown = Document::object()
            .with("eventID", text(&record.event_id))
            .with("eventName", record.event_name.map(|name| name.as_str().to_owned()))
            .with("eventVersion", text(&record.event_version))
            .with("eventSource", text(&record.event_source))
            .with("awsRegion", text(&record.aws_region))
            .with("dynamodb", change);
        if let Some(identity) = &record.user_identity {
            let who = Document::object()
                .with("principalId", text(&identity.principal_id))
                .with("type", text(&identity.r#type));
            shown.set("userIdentity", who);
        }
        shown.set("eventSourceARN", stream);
        Self { shown, sequence: inner.sequence_number.unwrap_or_default(), arrived, key }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_dynamodbstreams::{
        AttributeValue, Identity, OperationType, StreamRecord as Change, StreamViewType,
    };

    #[test]
    fn a_record_is_in_awss_shape() {
        let number = |text: &str| AttributeValue { n: Some(text.into()), ..AttributeValue::default() };
        let record = Record {
            event_id: Some("1".into()),
            event_name: Some(OperationType::Insert),
            event_version: Some("1.1".into()),
            event_source: Some("aws:dynamodb".into()),
            aws_region: Some("us-east-1".into()),
            dynamodb: Some(Change {
                approximate_creation_date_time: Some(Timestamp::from_seconds(1_700_000_000)),
                keys: Some([("Id".to_owned(), number("101"))].into()),
                new_image: Some([("Id".to_owned(), number("101"))].into()),
                old_image: None,
                sequence_number: Some("111".into()),
                size_bytes: Some(26),
                stream_view_type: Some(StreamViewType::NewAndOldImages),
            }),
            user_identity: None,
        };
        let stream = "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2026-01-01T00:00:00.000";
        let one = StreamRecord::new(&record, stream);
        assert_eq!(
            one.shown.to_string(),
            format!(
                "{{\"eventID\":\"1\",\"eventName\":\"INSERT\",\"eventVersion\":\"1.1\",\"eventSource\":\"aws:dynamodb\",\
                 \"awsRegion\":\"us-east-1\",\"dynamodb\":{{\"ApproximateCreationDateTime\":1700000000,\"Keys\":{{\"Id\":{{\"N\":\"101\"}}}},\
                 \"NewImage\":{{\"Id\":{{\"N\":\"101\"}}}},\"SequenceNumber\":\"111\",\"SizeBytes\":26,\
                 \"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}},\"eventSourceARN\":\"{stream}\"}}"
            )
        );
        assert_eq!((one.sequence.as_str(), one.key.as_str()), ("111", r#"{"Id":{"N":"101"}}"#));
        let who =
            Identity { principal_id: Some("dynamodb.amazonaws.com".into()), r#type: Some("Service".into()) };
        let expired = StreamRecord::new(&Record { user_identity: Some(who), ..record }, stream);
        assert_eq!(expired.shown.at(&["userIdentity", "type"]).unwrap().as_str(), Some("Service"));
    }
}
