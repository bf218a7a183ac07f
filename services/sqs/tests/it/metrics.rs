//! What queues measure.

use crate::cloud::{Cloud, receive};
use api_sqs::{GetQueueUrl, PurgeQueue};
use std::time::Duration;

#[tokio::test]
async fn messages_are_counted_where_they_are_sent_received_and_deleted() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[]).await;
    cloud.send(&url, "before anybody collects").await;
    assert!(cloud.cloud.measured("AWS/SQS").is_empty());

    cloud.send(&url, "hello").await;
    cloud.send(&url, "again").await;
    let all =
        cloud.receive_with(api_sqs::ReceiveMessage { max_number_of_messages: Some(10), ..receive(&url) });
    let all = all.await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(cloud.receive(&url).await.is_empty());
    cloud.delete(&url, &all[0]).await.unwrap();
    cloud.delete(&url, &all[0]).await.unwrap();
    assert_eq!(
        cloud.cloud.measured("AWS/SQS"),
        [
            "NumberOfEmptyReceives{QueueName=q} Count 1",
            "NumberOfMessagesDeleted{QueueName=q} Count 1x2",
            "NumberOfMessagesReceived{QueueName=q} Count 3",
            "NumberOfMessagesSent{QueueName=q} Count 1x2",
            "SentMessageSize{QueueName=q} Bytes 5x2",
        ]
    );
}

#[tokio::test]
async fn what_is_denied_or_refused_is_not_measured() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[("MaximumMessageSize", "1024")]).await;
    assert!(cloud.cloud.measured("AWS/SQS").is_empty());
    let nobody = cloud.cloud.user("ann", &[]);
    let send = |body: &str| api_sqs::SendMessage {
        queue_url: url.clone(),
        message_body: body.into(),
        ..Default::default()
    };
    assert_eq!(nobody.call(send("m")).await.unwrap_err().status, 403);
    assert_eq!(nobody.call(receive(&url)).await.unwrap_err().status, 403);
    cloud.root.call(send(&"x".repeat(1025))).await.unwrap_err();
    let url = cloud.queue("q.fifo", &[("FifoQueue", "true")]).await;
    cloud.send_to_group(&url, "g", "m").await;
    cloud.send_to_group(&url, "g", "m").await;
    assert_eq!(
        cloud.cloud.measured("AWS/SQS"),
        [
            "NumberOfDeduplicatedSentMessages{QueueName=q.fifo} Count 1",
            "NumberOfMessagesSent{QueueName=q.fifo} Count 1",
            "SentMessageSize{QueueName=q.fifo} Bytes 1",
        ]
    );
}

/// The counts of a queue that nobody used in the minute, and what it holds.
fn held(name: &str, [visible, not_visible, delayed, age]: [u32; 4]) -> Vec<String> {
    let line = |metric: &str, unit: &str, value: u32| format!("{metric}{{QueueName={name}}} {unit} {value}");
    vec![
        line("ApproximateAgeOfOldestMessage", "Seconds", age),
        line("ApproximateNumberOfMessagesDelayed", "Count", delayed),
        line("ApproximateNumberOfMessagesNotVisible", "Count", not_visible),
        line("ApproximateNumberOfMessagesVisible", "Count", visible),
        line("NumberOfEmptyReceives", "Count", 0),
        line("NumberOfMessagesDeleted", "Count", 0),
        line("NumberOfMessagesReceived", "Count", 0),
        line("NumberOfMessagesSent", "Count", 0),
    ]
}

#[tokio::test]
async fn what_an_active_queue_holds_is_reported_every_minute() {
    let cloud = Cloud::start();
    cloud.cloud.settle().await;
    assert!(cloud.cloud.measured("AWS/SQS").is_empty());
    let url = cloud.queue("q", &[("VisibilityTimeout", "90")]).await;
    cloud.seconds(50).await;
    for body in ["a", "b"] {
        cloud.send(&url, body).await;
    }
    let one = api_sqs::ReceiveMessage { max_number_of_messages: Some(1), ..receive(&url) };
    assert_eq!(cloud.receive_with(one).await.unwrap().len(), 1);
    let delayed = api_sqs::SendMessage {
        queue_url: url.clone(),
        message_body: "c".into(),
        delay_seconds: Some(900),
        ..Default::default()
    };
    cloud.root.call(delayed).await.unwrap();
    let _ = cloud.cloud.measured("AWS/SQS");
    cloud.seconds(10).await;
    assert_eq!(cloud.cloud.measured("AWS/SQS"), held("q", [1, 1, 1, 10]));
    cloud.seconds(60).await;
    assert_eq!(cloud.cloud.measured("AWS/SQS"), held("q", [1, 1, 1, 70]));

    // Emptied, it is active for six hours since it was last used, to the half hour.
    cloud.root.call(PurgeQueue { queue_url: url }).await.unwrap();
    cloud.seconds(60).await;
    assert_eq!(cloud.cloud.measured("AWS/SQS"), held("q", [0, 0, 0, 0]));
    cloud.cloud.advance(Duration::from_secs(5 * 3600 + 1740)).await;
    assert_eq!(cloud.cloud.measured("AWS/SQS"), held("q", [0, 0, 0, 0]));
    cloud.cloud.advance(Duration::from_secs(1800)).await;
    assert_eq!(cloud.cloud.measured("AWS/SQS"), Vec::<String>::new());
    let asked = GetQueueUrl { queue_name: "q".into(), queue_owner_aws_account_id: None };
    let url = cloud.root.call(asked).await.unwrap().queue_url.unwrap();
    cloud.receive(&url).await;
    cloud.seconds(60).await;
    let mut used = held("q", [0, 0, 0, 0]);
    used.insert(4, "NumberOfEmptyReceives{QueueName=q} Count 1".into());
    used.sort();
    assert_eq!(cloud.cloud.measured("AWS/SQS"), used, "a minute each");
}

#[tokio::test]
async fn a_dead_letter_is_as_old_as_its_stay() {
    let cloud = Cloud::start();
    cloud.queue("dead", &[]).await;
    let redrive =
        r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:dead","maxReceiveCount":"1"}"#;
    let url = cloud.queue("q", &[("RedrivePolicy", redrive), ("VisibilityTimeout", "30")]).await;
    cloud.send(&url, "m").await;
    cloud.cloud.settle().await;
    let _ = cloud.cloud.measured("AWS/SQS");
    cloud.receive(&url).await;
    cloud.seconds(30).await;
    assert!(cloud.receive(&url).await.is_empty());
    let _ = cloud.cloud.measured("AWS/SQS");
    cloud.seconds(30).await;
    let lines = cloud.cloud.measured("AWS/SQS");
    for expected in [
        "ApproximateAgeOfOldestMessage{QueueName=dead} Seconds 30",
        "ApproximateNumberOfMessagesVisible{QueueName=dead} Count 1",
        "NumberOfMessagesSent{QueueName=dead} Count 0",
        "ApproximateAgeOfOldestMessage{QueueName=q} Seconds 0",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}: {lines:?}");
    }
}
