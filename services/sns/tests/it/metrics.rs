//! What topics measure.

use crate::cloud::{Cloud, TOPIC};
use api_sns::Publish;

/// Lines of the topic, from which its dimension is left out.
pub(crate) fn of_topic(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| line.replacen(' ', "{TopicName=alarms} ", 1)).collect()
}

#[tokio::test]
async fn messages_and_their_deliveries_are_counted() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    cloud.subscribe_mail("all@example.com", &[]).await;
    cloud.subscribe_mail("shop@example.com", &[("FilterPolicy", r#"{"store":["shop"]}"#)]).await;
    let body = [("FilterPolicyScope", "MessageBody"), ("FilterPolicy", r#"{"kind":["x"]}"#)];
    cloud.subscribe_mail("body@example.com", &body).await;
    cloud.idle().await;
    assert!(cloud.cloud.measured("AWS/SNS").is_empty());

    cloud.publish("plain").await;
    cloud.publish(r#"{"kind":"y"}"#).await;
    cloud.idle().await;
    assert_eq!(
        cloud.cloud.measured("AWS/SNS"),
        of_topic(&[
            "NumberOfMessagesPublished Count 1x2",
            "NumberOfNotificationsDelivered Count 1x2",
            "NumberOfNotificationsFilteredOut-InvalidMessageBody Count 1",
            "NumberOfNotificationsFilteredOut-MessageBody Count 1",
            "NumberOfNotificationsFilteredOut-NoMessageAttributes Count 1x2",
            "NumberOfNotificationsFilteredOut Count 1x4",
            "PublishSize Bytes 5 12",
        ])
    );

    let nobody = cloud.cloud.user("ann", &[]);
    let publish = |message: &str| Publish {
        topic_arn: Some(TOPIC.into()),
        message: message.into(),
        ..Default::default()
    };
    assert_eq!(nobody.call(publish("m")).await.unwrap_err().status, 403);
    cloud.root.call(publish("")).await.unwrap_err();
    // What asks for a confirmation is no notification.
    cloud.subscribe("email", "new@example.com", &[]).await.unwrap();
    cloud.idle().await;
    assert!(cloud.cloud.measured("AWS/SNS").is_empty());
}
