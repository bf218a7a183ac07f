//! FIFO queues: order by group, deduplication, sequence numbers, attempts.

use crate::cloud::{Cloud, bodies, receive, refusal, system};
use api_sqs::{ChangeMessageVisibility, ReceiveMessage, SendMessage};

const FIFO: (&str, &str) = ("FifoQueue", "true");

#[tokio::test]
async fn a_group_waits_while_a_message_of_it_is_in_flight() {
    let cloud = Cloud::start();
    let url = cloud.queue("q.fifo", &[FIFO]).await;
    let mut numbers = Vec::new();
    for (group, body) in [("a", "1"), ("b", "1"), ("a", "2"), ("a", "3")] {
        numbers.push(cloud.send_to_group(&url, group, body).await.sequence_number.unwrap());
    }
    assert!(numbers[0].len() == 20 && numbers[0] < numbers[2] && numbers[2] < numbers[3]);
    let one = || ReceiveMessage { max_number_of_messages: Some(1), ..receive(&url) };
    let first = cloud.receive_with(one()).await.unwrap();
    assert_eq!((bodies(&first), system(&first[0], "MessageGroupId")), (vec!["1"], Some("a")));
    assert_eq!(system(&first[0], "SequenceNumber"), Some(numbers[0].as_str()));
    let other = cloud.receive(&url).await;
    assert_eq!(system(&other[0], "MessageGroupId"), Some("b"));
    assert_eq!(other.len(), 1, "nothing of group a");
    cloud.delete(&url, &first[0]).await.unwrap();
    let rest = cloud.receive(&url).await;
    assert_eq!(bodies(&rest), ["2", "3"]);
    cloud.delete(&url, &rest[1]).await.unwrap();
    cloud.send_to_group(&url, "a", "4").await;
    assert!(cloud.receive(&url).await.is_empty(), "2 is in flight");
    cloud.seconds(30).await;
    let back = cloud.receive(&url).await;
    let of_a: Vec<_> =
        back.iter().filter(|message| system(message, "MessageGroupId") == Some("a")).cloned().collect();
    assert_eq!(bodies(&of_a), ["2", "4"]);
    assert_eq!(
        refusal(cloud.delete(&url, &rest[0]).await).1,
        format!(
            "Value {} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.",
            rest[0].receipt_handle.as_deref().unwrap()
        )
    );
}

#[tokio::test]
async fn a_message_that_is_given_back_comes_first_again() {
    let cloud = Cloud::start();
    let url = cloud.queue("q.fifo", &[FIFO]).await;
    for body in ["1", "2"] {
        cloud.send_to_group(&url, "a", body).await;
    }
    let one = ReceiveMessage { max_number_of_messages: Some(1), ..receive(&url) };
    let first = cloud.receive_with(one).await.unwrap().remove(0);
    let back = ChangeMessageVisibility {
        queue_url: url.clone(),
        receipt_handle: first.receipt_handle.unwrap(),
        visibility_timeout: 0,
    };
    cloud.root.call(back).await.unwrap();
    assert_eq!(bodies(&cloud.receive(&url).await), ["1", "2"]);
    assert_eq!(cloud.counts(&url).await, ["0", "0", "2"]);
}

#[tokio::test]
async fn duplicates_are_found_for_five_minutes() {
    let cloud = Cloud::start();
    let url = cloud.queue("q.fifo", &[FIFO, ("ContentBasedDeduplication", "true")]).await;
    let send = |body: &str, group: &str, id: Option<&str>| SendMessage {
        queue_url: url.clone(),
        message_body: body.into(),
        message_group_id: Some(group.into()),
        message_deduplication_id: id.map(Into::into),
        ..Default::default()
    };
    let first = cloud.root.call(send("m", "a", None)).await.unwrap();
    let again = cloud.root.call(send("m", "b", None)).await.unwrap();
    assert_eq!((&first.message_id, &first.sequence_number), (&again.message_id, &again.sequence_number));
    let named = cloud.root.call(send("m", "a", Some("x"))).await.unwrap();
    assert_ne!(first.message_id, named.message_id);
    let messages = cloud.receive(&url).await;
    assert_eq!(messages.len(), 2);
    for message in &messages {
        cloud.delete(&url, message).await.unwrap();
    }
    cloud.seconds(299).await;
    let still = cloud.root.call(send("m", "a", None)).await.unwrap();
    assert_eq!(first.message_id, still.message_id);
    assert!(cloud.receive(&url).await.is_empty());
    cloud.seconds(1).await;
    let new = cloud.root.call(send("m", "a", None)).await.unwrap();
    assert_ne!(first.message_id, new.message_id);
    assert!(new.sequence_number > named.sequence_number);
    assert_eq!(cloud.receive(&url).await.len(), 1);
}

#[tokio::test]
async fn duplicates_within_groups_alone_where_the_queue_says_so() {
    let cloud = Cloud::start();
    let url = cloud
        .queue(
            "q.fifo",
            &[FIFO, ("DeduplicationScope", "messageGroup"), ("FifoThroughputLimit", "perMessageGroupId")],
        )
        .await;
    let send = |group: &str| SendMessage {
        queue_url: url.clone(),
        message_body: "m".into(),
        message_group_id: Some(group.into()),
        message_deduplication_id: Some("x".into()),
        ..Default::default()
    };
    let a = cloud.root.call(send("a")).await.unwrap().message_id;
    let b = cloud.root.call(send("b")).await.unwrap().message_id;
    assert_ne!(a, b);
    assert_eq!(cloud.root.call(send("b")).await.unwrap().message_id, b);
    assert_eq!(cloud.receive(&url).await.len(), 2);
}

#[tokio::test]
async fn an_attempt_made_again_is_answered_the_same() {
    let cloud = Cloud::start();
    let url = cloud.queue("q.fifo", &[FIFO]).await;
    cloud.send_to_group(&url, "a", "1").await;
    let attempt = || ReceiveMessage { receive_request_attempt_id: Some("try-1".into()), ..receive(&url) };
    let first = cloud.receive_with(attempt()).await.unwrap();
    assert_eq!(first.len(), 1);
    cloud.seconds(20).await;
    let again = cloud.receive_with(attempt()).await.unwrap();
    assert_eq!(first, again);
    cloud.seconds(20).await;
    assert!(cloud.receive(&url).await.is_empty(), "its visibility timeout began again");
    cloud.seconds(10).await;
    let new = cloud.receive_with(attempt()).await.unwrap();
    assert_ne!(first[0].receipt_handle, new[0].receipt_handle);
    let plain = cloud.queue("q", &[]).await;
    let wrong = ReceiveMessage { queue_url: plain, ..attempt() };
    assert_eq!(refusal(cloud.receive_with(wrong).await).0, "InvalidParameterValue");
}

#[tokio::test]
async fn what_a_fifo_queue_needs_and_refuses() {
    let cloud = Cloud::start();
    let url = cloud.queue("q.fifo", &[FIFO]).await;
    let send = |group: Option<&str>, id: Option<&str>, delay| SendMessage {
        queue_url: url.clone(),
        message_body: "m".into(),
        message_group_id: group.map(Into::into),
        message_deduplication_id: id.map(Into::into),
        delay_seconds: delay,
        ..Default::default()
    };
    for (asked, why) in [
        (send(None, Some("d"), None), "The request must contain the parameter MessageGroupId."),
        (
            send(Some("g"), None, None),
            "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
        ),
        (
            send(Some("g"), Some("d"), Some(1)),
            "Value 1 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
        ),
    ] {
        assert_eq!(refusal(cloud.root.call(asked).await).1, why);
    }
    assert!(cloud.root.call(send(Some("g g"), Some("d"), None)).await.is_err());
}

#[tokio::test]
async fn a_delayed_fifo_queue_keeps_its_order() {
    let cloud = Cloud::start();
    let url = cloud.queue("q.fifo", &[FIFO, ("DelaySeconds", "10")]).await;
    cloud.send_to_group(&url, "a", "1").await;
    cloud.seconds(5).await;
    cloud.send_to_group(&url, "a", "2").await;
    assert!(cloud.receive(&url).await.is_empty());
    assert_eq!(cloud.counts(&url).await, ["0", "2", "0"]);
    cloud.seconds(5).await;
    assert_eq!(bodies(&cloud.receive(&url).await), ["1"]);
    let waiting = cloud.spawn(ReceiveMessage { wait_time_seconds: Some(20), ..receive(&url) });
    cloud.cloud.settle().await;
    cloud.seconds(5).await;
    assert!(!waiting.is_finished(), "2 is visible, and 1 is in flight");
    cloud.seconds(15).await;
    let messages = waiting.await.unwrap().unwrap().messages;
    assert_eq!(messages, None, "1 is in flight for 30 seconds");
}
