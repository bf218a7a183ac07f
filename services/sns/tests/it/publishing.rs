use crate::cloud::{Cloud, TOPIC, refusal};
use api_sns::{Publish, PublishBatch, PublishBatchRequestEntry};

fn entry(id: &str, message: &str) -> PublishBatchRequestEntry {
    PublishBatchRequestEntry { id: id.into(), message: message.into(), ..Default::default() }
}

fn batch(entries: Vec<PublishBatchRequestEntry>) -> PublishBatch {
    PublishBatch { topic_arn: TOPIC.into(), publish_batch_request_entries: entries }
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let message = |topic: Option<&str>| Publish {
        topic_arn: topic.map(Into::into),
        message: "m".into(),
        ..Default::default()
    };
    for (publish, code, sentence) in [
        (
            message(None),
            "InvalidParameter",
            "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
        ),
        (
            message(Some("x")),
            "InvalidParameter",
            "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
        ),
        (message(Some("arn:aws:sns:us-east-1:111122223333:none")), "NotFound", "Topic does not exist"),
        (
            message(Some("arn:aws:sns:eu-west-1:111122223333:alarms")),
            "InvalidParameter",
            "Invalid parameter: TopicArn",
        ),
        (
            Publish { message: String::new(), ..message(Some(TOPIC)) },
            "InvalidParameter",
            "Invalid parameter: Empty message",
        ),
        (
            Publish { subject: Some("a\nb".into()), ..message(Some(TOPIC)) },
            "InvalidParameter",
            "Invalid parameter: Subject",
        ),
        (
            Publish { phone_number: Some("+15550100".into()), ..message(None) },
            "InvalidParameter",
            "Invalid parameter: PhoneNumber Reason: delivery by SMS is not built in Cloudchamber.",
        ),
        (
            Publish { message_deduplication_id: Some("d".into()), ..message(Some(TOPIC)) },
            "InvalidParameter",
            "Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
        ),
    ] {
        assert_eq!(refusal(cloud.root.call(publish).await), (code.into(), sentence.into()));
    }
}

#[tokio::test]
async fn a_batch_is_published_entry_by_entry() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    cloud.subscribe_mail("ann@example.com", &[]).await;
    let done =
        cloud.root.call(batch(vec![entry("a", "one"), entry("b", ""), entry("c", "two")])).await.unwrap();
    let ids: Vec<_> = done.successful.unwrap().into_iter().map(|it| it.id.unwrap()).collect();
    assert_eq!(ids, ["a", "c"]);
    let failed = done.failed.unwrap().remove(0);
    assert_eq!(
        (failed.id.as_str(), failed.code.as_str(), failed.sender_fault),
        ("b", "InvalidParameter", true)
    );
    cloud.mail_to("ann@example.com", 3).await;
}

#[tokio::test]
async fn a_batch_that_is_none_is_refused() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let many = (0..11).map(|number| entry(&number.to_string(), "m")).collect();
    let large = "x".repeat(150 * 1024);
    for (entries, code) in [
        (vec![], "EmptyBatchRequest"),
        (many, "TooManyEntriesInBatchRequest"),
        (vec![entry("a", "m"), entry("a", "m")], "BatchEntryIdsNotDistinct"),
        (vec![entry("a b", "m")], "InvalidBatchEntryId"),
        (vec![entry("a", &large), entry("b", &large)], "BatchRequestTooLong"),
    ] {
        assert_eq!(refusal(cloud.root.call(batch(entries)).await).0, code);
    }
}
