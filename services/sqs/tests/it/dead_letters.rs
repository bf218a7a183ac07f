//! Dead letters, and moving them back.

use crate::cloud::{Cloud, bodies, map, receive, refusal, system};
use api_sqs::{
    CancelMessageMoveTask, ListDeadLetterSourceQueues, ListMessageMoveTasks, ReceiveMessage,
    SetQueueAttributes, StartMessageMoveTask,
};

const DEAD: &str = "arn:aws:sqs:us-east-1:111122223333:dead";
const SOURCE: &str = "arn:aws:sqs:us-east-1:111122223333:q";

fn redrive(target: &str, count: u32) -> String {
    format!(r#"{{"deadLetterTargetArn":"{target}","maxReceiveCount":{count}}}"#)
}

async fn with_dead_letter(cloud: &Cloud) -> (String, String) {
    let dead = cloud.queue("dead", &[]).await;
    let url = cloud.queue("q", &[("RedrivePolicy", &redrive(DEAD, 2)), ("VisibilityTimeout", "10")]).await;
    let sent = cloud.send(&url, "poison").await;
    for _ in 0..2 {
        assert_eq!(cloud.receive(&url).await[0].message_id, sent.message_id);
        cloud.seconds(10).await;
    }
    (url, dead)
}

#[tokio::test]
async fn a_message_that_is_received_too_often_moves() {
    let cloud = Cloud::start();
    let started = cloud.cloud.now().millis().to_string();
    let (url, dead) = with_dead_letter(&cloud).await;
    assert!(cloud.receive(&url).await.is_empty());
    let message = cloud.receive(&dead).await.remove(0);
    assert_eq!(message.body.as_deref(), Some("poison"));
    assert_eq!(
        system(&message, "SentTimestamp"),
        Some(started.as_str()),
        "retention counts from the first send"
    );
    assert_eq!(system(&message, "ApproximateReceiveCount"), Some("3"));
    assert_eq!(system(&message, "DeadLetterQueueSourceArn"), Some(SOURCE));
    assert_eq!(cloud.counts(&url).await, ["0", "0", "0"]);
    let list = ListDeadLetterSourceQueues { queue_url: dead, next_token: None, max_results: None };
    assert_eq!(cloud.root.call(list).await.unwrap().queue_urls, [url]);
}

#[tokio::test]
async fn redrive_policies_are_checked() {
    let cloud = Cloud::start();
    let dead = cloud.queue("dead", &[]).await;
    cloud.queue("dead.fifo", &[("FifoQueue", "true")]).await;
    for policy in [
        "x".to_owned(),
        "[]".to_owned(),
        r#"{"maxReceiveCount":1}"#.to_owned(),
        redrive(DEAD, 0),
        redrive(DEAD, 1001),
        redrive("arn:aws:sqs:us-east-1:111122223333:gone", 1),
        redrive("arn:aws:sqs:eu-west-1:111122223333:dead", 1),
        redrive("arn:aws:sqs:us-east-1:111122223333:dead.fifo", 1),
    ] {
        let refused = refusal(cloud.try_queue("q", &[("RedrivePolicy", &policy)]).await);
        assert_eq!(refused.0, "InvalidParameterValue", "{policy}");
    }
    let allow = |policy: &str| SetQueueAttributes {
        queue_url: dead.clone(),
        attributes: map(&[("RedriveAllowPolicy", policy)]),
    };
    cloud.root.call(allow(r#"{"redrivePermission":"denyAll"}"#)).await.unwrap();
    cloud.try_queue("q", &[("RedrivePolicy", &redrive(DEAD, 1))]).await.unwrap_err();
    let by_queue = format!(r#"{{"redrivePermission":"byQueue","sourceQueueArns":["{SOURCE}"]}}"#);
    cloud.root.call(allow(&by_queue)).await.unwrap();
    cloud.queue("q", &[("RedrivePolicy", &redrive(DEAD, 1))]).await;
    cloud.try_queue("r", &[("RedrivePolicy", &redrive(DEAD, 1))]).await.unwrap_err();
}

#[tokio::test]
async fn dead_letters_of_fifo_queues_keep_their_group() {
    let cloud = Cloud::start();
    let dead = cloud.queue("dead.fifo", &[("FifoQueue", "true")]).await;
    let arn = "arn:aws:sqs:us-east-1:111122223333:dead.fifo";
    let url = cloud.queue("q.fifo", &[("FifoQueue", "true"), ("RedrivePolicy", &redrive(arn, 1))]).await;
    cloud.send_to_group(&url, "a", "1").await;
    cloud.send_to_group(&url, "a", "2").await;
    let one = ReceiveMessage { max_number_of_messages: Some(1), ..receive(&url) };
    cloud.receive_with(one).await.unwrap();
    cloud.seconds(30).await;
    assert_eq!(bodies(&cloud.receive(&url).await), ["2"]);
    let message = cloud.receive(&dead).await.remove(0);
    assert_eq!((message.body.as_deref(), system(&message, "MessageGroupId")), (Some("1"), Some("a")));
}

#[tokio::test]
async fn dead_letters_are_moved_back() {
    let cloud = Cloud::start();
    let (url, dead) = with_dead_letter(&cloud).await;
    let start = || StartMessageMoveTask { source_arn: DEAD.into(), ..Default::default() };
    let not_dead = StartMessageMoveTask { source_arn: SOURCE.into(), ..Default::default() };
    assert_eq!(
        refusal(cloud.root.call(not_dead).await).1,
        "Source queue must be configured as a Dead Letter Queue."
    );
    assert!(cloud.receive(&url).await.is_empty());
    cloud.root.call(start()).await.unwrap();
    let list = || ListMessageMoveTasks { source_arn: DEAD.into(), max_results: Some(10) };
    let done = cloud
        .cloud
        .until("the move is over", async || {
            let tasks = cloud.root.call(list()).await.unwrap().results.unwrap();
            (tasks[0].status.as_deref() == Some("COMPLETED")).then(|| tasks[0].clone())
        })
        .await;
    assert_eq!(done.approximate_number_of_messages_moved, Some(1));
    assert_eq!(done.task_handle, None);
    assert_eq!(cloud.counts(&dead).await, ["0", "0", "0"]);
    let message = cloud.receive(&url).await.remove(0);
    assert_eq!(system(&message, "ApproximateReceiveCount"), Some("1"));
    assert_eq!(system(&message, "DeadLetterQueueSourceArn"), None);
}

#[tokio::test]
async fn a_slow_move_is_cancelled() {
    let cloud = Cloud::start();
    let (_, dead) = with_dead_letter(&cloud).await;
    for number in 0..3 {
        cloud.send(&dead, &number.to_string()).await;
    }
    let start = || StartMessageMoveTask {
        source_arn: DEAD.into(),
        destination_arn: Some(SOURCE.into()),
        max_number_of_messages_per_second: Some(1),
    };
    let handle = cloud.root.call(start()).await.unwrap().task_handle.unwrap();
    let list = || ListMessageMoveTasks { source_arn: DEAD.into(), max_results: None };
    let current = async || cloud.root.call(list()).await.unwrap().results.unwrap().remove(0);
    cloud
        .cloud
        .until("one is moved", async || {
            (current().await.approximate_number_of_messages_moved == Some(1)).then_some(())
        })
        .await;
    assert_eq!(
        refusal(cloud.root.call(start()).await),
        (
            "AWS.SimpleQueueService.UnsupportedOperation".into(),
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time.".into()
        )
    );
    let cancel = || CancelMessageMoveTask { task_handle: handle.clone() };
    let moved = cloud.root.call(cancel()).await.unwrap().approximate_number_of_messages_moved;
    assert_eq!(moved, Some(1));
    cloud.seconds(1).await;
    cloud
        .cloud
        .until("it is cancelled", async || {
            (current().await.status.as_deref() == Some("CANCELLED")).then_some(())
        })
        .await;
    assert_eq!(cloud.counts(&dead).await[0], "2");
    assert_eq!(refusal(cloud.root.call(cancel()).await).0, "AWS.SimpleQueueService.UnsupportedOperation");
    let wrong = CancelMessageMoveTask { task_handle: "x".into() };
    cloud.root.call(wrong).await.unwrap_err();
}
