//! The old query protocol: names in forms and XML are others than in JSON.

use api_sqs::{
    GetQueueAttributesOutput, ListQueueTagsOutput, QueueDoesNotExist, ReceiveMessage, ReceiveMessageOutput,
    SendMessage, SendMessageBatch, SetQueueAttributes, TagQueue,
};
use http::HeaderMap;
use names::RequestId;
use std::collections::BTreeMap;
use wire::{Body, ErrorContext, Incoming, Operation, Protocol};

fn decode<I: Operation>(form: &str, labels: &[(&'static str, String)]) -> I {
    let body = Body::Whole(form.to_owned().into());
    let incoming = Incoming { headers: &HeaderMap::new(), query: "", labels, body: &body };
    wire::decode::<I>(Protocol::Query, &incoming, &String::new).unwrap()
}

fn text(body: Body) -> String {
    match body {
        Body::Whole(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
        Body::Stream(..) => panic!("an answer is whole"),
    }
}

#[test]
fn forms_as_old_clients_write_them() {
    let path = [("QueueUrl", "/111122223333/q".to_owned())];
    let send: SendMessage = decode(
        "Action=SendMessage&Version=2012-11-05&MessageBody=hi&DelaySeconds=3&MessageAttribute.1.Name=k\
         &MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=v\
         &MessageSystemAttribute.1.Name=AWSTraceHeader&MessageSystemAttribute.1.Value.DataType=String\
         &MessageSystemAttribute.1.Value.StringValue=Root",
        &path,
    );
    assert_eq!(
        (send.queue_url.as_str(), send.message_body.as_str(), send.delay_seconds),
        ("/111122223333/q", "hi", Some(3))
    );
    assert_eq!(send.message_attributes.unwrap()["k"].string_value.as_deref(), Some("v"));
    assert!(send.message_system_attributes.unwrap().contains_key("AWSTraceHeader"));
    let set: SetQueueAttributes = decode(
        "QueueUrl=http://x/1/q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5&Attribute.2.Name=VisibilityTimeout&Attribute.2.Value=6",
        &path,
    );
    assert_eq!(set.queue_url, "http://x/1/q", "the form goes before the path");
    assert_eq!(set.attributes["VisibilityTimeout"], "6");
    let receive: ReceiveMessage = decode(
        "AttributeName.1=All&MessageAttributeName.1=a&MessageAttributeName.2=b&MaxNumberOfMessages=2",
        &path,
    );
    assert_eq!(receive.attribute_names.unwrap(), ["All"]);
    assert_eq!(receive.message_attribute_names.unwrap(), ["a", "b"]);
    let batch: SendMessageBatch = decode(
        "SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=1\
         &SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageBody=2",
        &path,
    );
    assert_eq!(batch.entries[1].message_body, "2");
    let tag: TagQueue = decode("Tag.1.Key=k&Tag.1.Value=v", &path);
    assert_eq!(tag.tags["k"], "v");
}

#[test]
fn answers_as_old_clients_read_them() {
    let id = RequestId([7; 16]);
    let pairs: BTreeMap<String, String> = [("DelaySeconds".to_owned(), "5".to_owned())].into();
    let shown = |response: wire::HttpResponse| text(response.body);
    let attributes = GetQueueAttributesOutput { attributes: Some(pairs.clone()) };
    let answer = wire::encode::<api_sqs::GetQueueAttributes>(Protocol::Query, &attributes, id).unwrap();
    assert_eq!(
        shown(answer),
        format!(
            "<GetQueueAttributesResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><GetQueueAttributesResult><Attribute><Name>DelaySeconds</Name><Value>5</Value></Attribute></GetQueueAttributesResult><ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></GetQueueAttributesResponse>"
        )
    );
    let tags = ListQueueTagsOutput { tags: Some(pairs) };
    let answer = wire::encode::<api_sqs::ListQueueTags>(Protocol::Query, &tags, id).unwrap();
    assert!(shown(answer).contains("<Tag><Key>DelaySeconds</Key><Value>5</Value></Tag>"));
    let message = api_sqs::Message {
        body: Some("a<b".into()),
        attributes: Some([("SenderId".to_owned(), "x".to_owned())].into()),
        ..Default::default()
    };
    let received = ReceiveMessageOutput { messages: Some(vec![message]) };
    let answer = wire::encode::<ReceiveMessage>(Protocol::Query, &received, id).unwrap();
    let answer = shown(answer);
    assert!(answer.contains("<ReceiveMessageResult><Message><Body>a&lt;b</Body><Attribute><Name>SenderId</Name><Value>x</Value></Attribute></Message></ReceiveMessageResult>"), "{answer}");
    let error = QueueDoesNotExist::new("The specified queue does not exist.").into();
    let context = ErrorContext { request_id: id, head: false, resource: "/" };
    let answer = wire::encode_error(Protocol::Query, &api_sqs::SERVICE, &error, &context);
    assert_eq!(answer.status, 400);
    assert!(text(answer.body).contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"));
    let answer = wire::encode_error(Protocol::Json10, &api_sqs::SERVICE, &error, &context);
    assert_eq!(answer.headers["x-amzn-query-error"], "AWS.SimpleQueueService.NonExistentQueue;Sender");
}

#[test]
fn what_is_missing_is_named() {
    let body = Body::Whole("MessageBody=x".into());
    let incoming = Incoming { headers: &HeaderMap::new(), query: "", labels: &[], body: &body };
    let error = wire::decode::<SendMessage>(Protocol::Query, &incoming, &String::new).unwrap_err();
    assert_eq!(error.query_code, Some("MissingParameter"));
    assert_eq!(error.message, "The request must contain the parameter QueueUrl.");
}
