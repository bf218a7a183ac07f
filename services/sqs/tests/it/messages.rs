//! Messages of standard queues: visibility, delays, retention, long polls, batches, attributes.

use crate::cloud::{Cloud, bodies, receive, refusal, system};
use api_sqs::{
    ChangeMessageVisibility, DeleteMessageBatch, DeleteMessageBatchRequestEntry, MessageAttributeValue,
    MessageSystemAttributeValue, ReceiveMessage, SendMessage, SendMessageBatch, SendMessageBatchRequestEntry,
};
use std::collections::BTreeMap;

#[tokio::test]
async fn a_received_message_is_invisible_until_its_time_is_over() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[("VisibilityTimeout", "30")]).await;
    let sent = cloud.send(&url, "hello").await;
    assert_eq!(sent.md5_of_message_body.as_deref(), Some("5d41402abc4b2a76b9719d911017c592"));
    let first = cloud.receive(&url).await;
    assert_eq!(bodies(&first), ["hello"]);
    assert_eq!(first[0].message_id, sent.message_id);
    assert_eq!(first[0].md5_of_body, sent.md5_of_message_body);
    assert_eq!(system(&first[0], "SenderId"), Some("111122223333"));
    assert!(cloud.receive(&url).await.is_empty());
    assert_eq!(cloud.counts(&url).await, ["0", "0", "1"]);
    cloud.seconds(29).await;
    assert!(cloud.receive(&url).await.is_empty());
    cloud.seconds(1).await;
    let second = cloud.receive(&url).await;
    assert_eq!(system(&second[0], "ApproximateReceiveCount"), Some("2"));
    assert_ne!(first[0].receipt_handle, second[0].receipt_handle);
    cloud.delete(&url, &first[0]).await.unwrap();
    assert_eq!(cloud.counts(&url).await, ["0", "0", "1"], "an old handle deletes nothing");
    cloud.delete(&url, &second[0]).await.unwrap();
    cloud.delete(&url, &second[0]).await.unwrap();
    assert_eq!(cloud.counts(&url).await, ["0", "0", "0"]);
}

#[tokio::test]
async fn visibility_is_changed_up_to_twelve_hours_since_the_receive() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[]).await;
    cloud.send(&url, "m").await;
    let message = cloud.receive(&url).await.remove(0);
    let change = |handle: &str, seconds: i32| ChangeMessageVisibility {
        queue_url: url.clone(),
        receipt_handle: handle.into(),
        visibility_timeout: seconds,
    };
    let handle = message.receipt_handle.clone().unwrap();
    cloud.root.call(change(&handle, 100)).await.unwrap();
    cloud.seconds(99).await;
    assert!(cloud.receive(&url).await.is_empty());
    let (code, why) = refusal(cloud.root.call(change(&handle, 43_200)).await);
    assert_eq!(code, "InvalidParameterValue");
    assert_eq!(
        why,
        "Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"
    );
    let (_, why) = refusal(cloud.root.call(change(&handle, 43_201)).await);
    assert!(why.ends_with("Reason: Must be between 0 and 43200, if provided."), "{why}");
    cloud.root.call(change(&handle, 0)).await.unwrap();
    let (code, _) = refusal(cloud.root.call(change(&handle, 10)).await);
    assert_eq!(code, "AWS.SimpleQueueService.MessageNotInflight");
    assert_eq!(cloud.receive(&url).await.len(), 1);
    let (code, why) = refusal(cloud.root.call(change("garbage", 1)).await);
    assert_eq!(code, "ReceiptHandleIsInvalid");
    assert_eq!(why, "The input receipt handle \"garbage\" is not a valid receipt handle.");
    let other = cloud.queue("other", &[]).await;
    let elsewhere = ChangeMessageVisibility { queue_url: other, ..change(&handle, 1) };
    assert_eq!(refusal(cloud.root.call(elsewhere).await).0, "ReceiptHandleIsInvalid");
}

#[tokio::test]
async fn delays_and_retention_go_by_the_clock() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[("DelaySeconds", "10"), ("MessageRetentionPeriod", "60")]).await;
    cloud.send(&url, "late").await;
    let at_once = SendMessage {
        queue_url: url.clone(),
        message_body: "now".into(),
        delay_seconds: Some(0),
        ..Default::default()
    };
    cloud.root.call(at_once).await.unwrap();
    assert_eq!(cloud.counts(&url).await, ["1", "1", "0"]);
    assert_eq!(bodies(&cloud.receive(&url).await), ["now"]);
    cloud.seconds(10).await;
    assert_eq!(bodies(&cloud.receive(&url).await), ["late"]);
    cloud.seconds(49).await;
    assert_eq!(cloud.counts(&url).await, ["2", "0", "0"]);
    cloud.seconds(1).await;
    assert_eq!(cloud.counts(&url).await, ["0", "0", "0"]);
    assert!(cloud.receive(&url).await.is_empty());
    cloud.send(&url, "more").await;
    cloud.seconds(7200).await;
    let store = &cloud.cloud.context().store;
    cloud
        .cloud
        .until("what expired is thrown away", async || {
            let tasks = store.view().list_all::<contract::Task>().unwrap();
            tasks.iter().all(|task| task.due > cloud.cloud.now()).then_some(())
        })
        .await;
    let url_gone = cloud.counts(&url).await;
    assert_eq!(url_gone, ["0", "0", "0"]);
}

#[tokio::test]
async fn a_long_poll_is_woken_by_a_send() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[]).await;
    let poll = |seconds| ReceiveMessage { wait_time_seconds: Some(seconds), ..receive(&url) };
    let waiting = cloud.spawn(poll(20));
    cloud.cloud.settle().await;
    assert!(!waiting.is_finished());
    cloud.send(&url, "woken").await;
    let messages = waiting.await.unwrap().unwrap().messages.unwrap();
    assert_eq!(bodies(&messages), ["woken"]);
}

#[tokio::test]
async fn a_long_poll_ends_by_the_clock_and_sees_what_becomes_visible() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[("ReceiveMessageWaitTimeSeconds", "20")]).await;
    let waiting = cloud.spawn(receive(&url));
    cloud.cloud.settle().await;
    cloud.seconds(19).await;
    assert!(!waiting.is_finished());
    cloud.seconds(1).await;
    assert_eq!(waiting.await.unwrap().unwrap().messages, None);

    let delayed = SendMessage {
        queue_url: url.clone(),
        message_body: "later".into(),
        delay_seconds: Some(5),
        ..Default::default()
    };
    cloud.root.call(delayed).await.unwrap();
    let waiting = cloud.spawn(receive(&url));
    cloud.cloud.settle().await;
    cloud.seconds(4).await;
    assert!(!waiting.is_finished());
    cloud.seconds(1).await;
    assert_eq!(bodies(&waiting.await.unwrap().unwrap().messages.unwrap()), ["later"]);
    let at_once = ReceiveMessage { wait_time_seconds: Some(0), ..receive(&url) };
    assert!(cloud.receive_with(at_once).await.unwrap().is_empty());
}

#[tokio::test]
async fn receivers_beside_each_other_share_the_messages() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[]).await;
    for number in 0..40 {
        cloud.send(&url, &number.to_string()).await;
    }
    let polls: Vec<_> = (0..8).map(|_| cloud.spawn(receive(&url))).collect();
    let mut seen = std::collections::BTreeSet::new();
    for poll in polls {
        for message in poll.await.unwrap().unwrap().messages.unwrap_or_default() {
            assert!(seen.insert(message.body.unwrap()), "each is given once");
        }
    }
    assert_eq!(seen.len(), 40);
}

#[tokio::test]
async fn batches_are_checked_as_a_whole_and_entry_by_entry() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[("MaximumMessageSize", "1024")]).await;
    let entry = |id: &str, body: &str| SendMessageBatchRequestEntry {
        id: id.into(),
        message_body: body.into(),
        ..Default::default()
    };
    let batch = |entries| SendMessageBatch { queue_url: url.clone(), entries };
    let long = "x".repeat(1025);
    let sent =
        cloud.root.call(batch(vec![entry("a", "1"), entry("b", &long), entry("c", "2")])).await.unwrap();
    assert_eq!(sent.successful.len(), 2);
    let failed = &sent.failed[0];
    assert_eq!(
        (failed.id.as_str(), failed.code.as_str(), failed.sender_fault),
        ("b", "InvalidParameterValue", true)
    );
    assert_eq!(
        failed.message.as_deref(),
        Some("One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.")
    );
    let messages = cloud.receive(&url).await;
    assert_eq!(bodies(&messages), ["1", "2"]);
    let huge = "x".repeat(600_000);
    for (entries, code) in [
        (vec![], "EmptyBatchRequest"),
        ((0..11).map(|id| entry(&id.to_string(), "m")).collect(), "TooManyEntriesInBatchRequest"),
        (vec![entry("a", "m"), entry("a", "m")], "BatchEntryIdsNotDistinct"),
        (vec![entry("a b", "m")], "InvalidBatchEntryId"),
        (vec![entry("a", &huge), entry("b", &huge)], "BatchRequestTooLong"),
    ] {
        let found = refusal(cloud.root.call(batch(entries)).await).0;
        assert_eq!(found, format!("AWS.SimpleQueueService.{code}"));
    }
    let handle = messages[0].receipt_handle.clone().unwrap();
    let deleted = DeleteMessageBatch {
        queue_url: url.clone(),
        entries: vec![
            DeleteMessageBatchRequestEntry { id: "a".into(), receipt_handle: handle },
            DeleteMessageBatchRequestEntry { id: "b".into(), receipt_handle: "x".into() },
        ],
    };
    let deleted = cloud.root.call(deleted).await.unwrap();
    assert_eq!(
        (deleted.successful[0].id.as_str(), deleted.failed[0].code.as_str()),
        ("a", "ReceiptHandleIsInvalid")
    );
    assert_eq!(cloud.counts(&url).await, ["0", "0", "1"]);
}

#[tokio::test]
async fn attributes_travel_with_their_digests() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[]).await;
    let text = |kind: &str, value: &str| MessageAttributeValue {
        data_type: kind.into(),
        string_value: Some(value.into()),
        ..Default::default()
    };
    let trace = MessageSystemAttributeValue {
        data_type: "String".into(),
        string_value: Some("Root=1-5759e988-bd862e3fe1be46a994272793".into()),
        ..Default::default()
    };
    let send = |attributes: BTreeMap<String, MessageAttributeValue>| SendMessage {
        queue_url: url.clone(),
        message_body: "m".into(),
        message_attributes: Some(attributes),
        message_system_attributes: Some([("AWSTraceHeader".to_owned(), trace.clone())].into()),
        ..Default::default()
    };
    let attributes = BTreeMap::from([
        ("timestamp".to_owned(), text("Number", "1493147359900")),
        ("shop.name".to_owned(), text("String", "here")),
    ]);
    let sent = cloud.root.call(send(attributes)).await.unwrap();
    assert!(sent.md5_of_message_system_attributes.is_some());
    let only = ReceiveMessage {
        message_attribute_names: Some(vec!["time.*".into(), "timestamp".into()]),
        message_system_attribute_names: Some(vec!["AWSTraceHeader".into()]),
        visibility_timeout: Some(0),
        ..receive(&url)
    };
    let message = cloud.receive_with(only).await.unwrap().remove(0);
    assert_eq!(message.md5_of_message_attributes.as_deref(), Some("235c5c510d26fb653d073faed50ae77c"));
    assert_eq!(system(&message, "AWSTraceHeader"), Some("Root=1-5759e988-bd862e3fe1be46a994272793"));
    assert_eq!(system(&message, "SentTimestamp"), None);
    let message = cloud.receive(&url).await.remove(0);
    assert_eq!(message.md5_of_message_attributes, sent.md5_of_message_attributes);
    for (name, value, why) in [
        (
            "a",
            text("Text", "x"),
            "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
        ),
        (
            "a",
            text("String", ""),
            "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
        ),
        ("a", text("Number", "ten"), "Can't cast the value of message (user) attribute 'a' to a number."),
    ] {
        let refused = refusal(cloud.root.call(send([(name.to_owned(), value)].into())).await);
        assert_eq!(refused, ("InvalidParameterValue".into(), why.into()));
    }
    let many = (0..11).map(|number| (format!("a{number}"), text("String", "x"))).collect();
    assert_eq!(
        refusal(cloud.root.call(send(many)).await).1,
        "Number of message attributes [11] exceeds the allowed maximum [10]."
    );
}

#[tokio::test]
async fn parameters_out_of_range_are_refused_in_aws_s_words() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[]).await;
    for (asked, why) in [
        (
            ReceiveMessage { max_number_of_messages: Some(11), ..receive(&url) },
            "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
        ),
        (
            ReceiveMessage { wait_time_seconds: Some(21), ..receive(&url) },
            "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
        ),
        (
            ReceiveMessage { attribute_names: Some(vec!["Colour".into()]), ..receive(&url) },
            "Unknown Attribute Colour.",
        ),
    ] {
        assert_eq!(refusal(cloud.receive_with(asked).await).1, why);
    }
    let send = |body: &str, delay, deduplication: Option<&str>| SendMessage {
        queue_url: url.clone(),
        message_body: body.into(),
        delay_seconds: delay,
        message_deduplication_id: deduplication.map(Into::into),
        ..Default::default()
    };
    let (code, why) = refusal(cloud.root.call(send("", None, None)).await);
    assert_eq!(
        (code.as_str(), why.as_str()),
        ("MissingParameter", "The request must contain the parameter MessageBody.")
    );
    assert_eq!(
        refusal(cloud.root.call(send("m", Some(901), None)).await).1,
        "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."
    );
    assert_eq!(refusal(cloud.root.call(send("\u{1}", None, None)).await).0, "InvalidMessageContents");
    assert_eq!(refusal(cloud.root.call(send("m", None, Some("d"))).await).0, "InvalidParameterValue");
    assert_eq!(cloud.counts(&url).await, ["0", "0", "0"]);
}

#[tokio::test]
async fn a_deleted_queue_ends_its_polls() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[]).await;
    let poll = ReceiveMessage { wait_time_seconds: Some(20), ..receive(&url) };
    let waiting = cloud.spawn(poll);
    cloud.cloud.settle().await;
    cloud.root.call(api_sqs::DeleteQueue { queue_url: url }).await.unwrap();
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error.query_code, Some("AWS.SimpleQueueService.NonExistentQueue"));
}
