use crate::cloud::{BUCKET, Cloud, text};
use api_cloudtrail::{CreateTrail, StartLogging};
use api_events::{PutRule, PutTargets, Target};
use api_sqs::{CreateQueue, ReceiveMessage};
use wire::Document;

const QUEUE: &str = "http://127.0.0.1:4566/111122223333/calls";

/// A rule on calls of SNS whose target is a queue.
async fn cloud() -> Cloud {
    let cloud = Cloud::with(vec![events::registration(), sqs::registration()]);
    cloud.bucket().await;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}]}"#;
    let attributes = [("Policy".to_owned(), policy.to_owned())].into();
    let queue =
        CreateQueue { queue_name: "calls".into(), attributes: Some(attributes), ..Default::default() };
    cloud.root.call(queue).await.unwrap();
    let rule = PutRule {
        name: "calls".into(),
        event_pattern: Some(
            r#"{"source":["aws.sns"],"detail-type":["AWS API Call via CloudTrail"],"detail":{"eventName":["CreateTopic","ListTopics"]}}"#.into(),
        ),
        ..Default::default()
    };
    cloud.root.call(rule).await.unwrap();
    let target = Target {
        id: "q".into(),
        arn: "arn:aws:sqs:us-east-1:111122223333:calls".into(),
        ..Default::default()
    };
    let targets = PutTargets { rule: "calls".into(), event_bus_name: None, targets: vec![target] };
    cloud.root.call(targets).await.unwrap();
    let trail = CreateTrail { name: "audit".into(), s3_bucket_name: BUCKET.into(), ..Default::default() };
    cloud.root.call(trail).await.unwrap();
    cloud
}

async fn received(cloud: &Cloud) -> Vec<Document> {
    let receive = ReceiveMessage {
        queue_url: QUEUE.into(),
        max_number_of_messages: Some(10),
        visibility_timeout: Some(0),
        ..Default::default()
    };
    let messages = cloud.root.call(receive).await.unwrap().messages.unwrap_or_default();
    messages.into_iter().map(|message| Document::parse(&message.body.unwrap()).unwrap()).collect()
}

#[tokio::test]
async fn calls_are_events_while_a_trail_is_logging_and_reads_are_none() {
    let cloud = cloud().await;
    cloud.topic("unseen").await;
    cloud.root.call(StartLogging { name: "audit".into() }).await.unwrap();
    cloud.root.call(api_sns::ListTopics::default()).await.unwrap();
    cloud.topic("seen").await;
    let events = cloud
        .cloud
        .until("the call is an event", async || {
            let events = received(&cloud).await;
            (!events.is_empty()).then_some(events)
        })
        .await;
    assert_eq!(events.len(), 1, "{events:?}");
    let event = &events[0];
    assert_eq!(text(event, &["source"]), "aws.sns");
    assert_eq!(text(event, &["detail-type"]), "AWS API Call via CloudTrail");
    assert_eq!(text(event, &["detail", "eventName"]), "CreateTopic");
    assert_eq!(text(event, &["detail", "requestParameters", "name"]), "seen");
    assert_eq!(text(event, &["detail", "userIdentity", "type"]), "Root");
    assert_eq!(text(event, &["region"]), "us-east-1");
}
