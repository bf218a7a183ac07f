//! Deliveries to queues, which a stand-in for SQS records.

use crate::cloud::{Cloud, TOPIC, refusal, text};
use crate::metrics::of_topic;
use api_sns::{MessageAttributeValue, Publish, SetSubscriptionAttributes};
use api_sqs::{QueueDoesNotExist, SendMessage, SendMessageOutput};
use contract::{Access, Call, Principal, Registration, Transact};
use std::collections::BTreeMap;
use std::sync::Mutex;
use store::{Tx, View};
use wire::Document;

/// What was sent in this process: tests look for their own queue.
static SENT: Mutex<Vec<(String, SendMessage)>> = Mutex::new(Vec::new());

struct Queues;

impl Transact<SendMessage> for Queues {
    fn access(_: &SendMessage, _: &Call, _: &View) -> Access {
        Access::unconditional()
    }

    fn run(input: SendMessage, call: &Call, _: &mut Tx) -> Result<SendMessageOutput, api_sqs::Error> {
        let Principal::Service(service) = &call.principal else { panic!("not a service") };
        let who = format!("{} {}", service.name, service.source_arn.as_ref().unwrap());
        let gone = input.queue_url.ends_with("gone");
        SENT.lock().unwrap().push((who, input));
        if gone {
            return Err(QueueDoesNotExist::new("The specified queue does not exist.").into());
        }
        Ok(SendMessageOutput::default())
    }
}

async fn cloud() -> Cloud {
    let cloud =
        Cloud::with(vec![Registration::new(&api_sqs::SERVICE).transact::<Queues, SendMessage>()]).await;
    cloud.topic().await;
    cloud
}

fn arn(queue: &str) -> String {
    format!("arn:aws:sqs:us-east-1:111122223333:{queue}")
}

async fn sent(cloud: &Cloud, queue: &str) -> (String, SendMessage) {
    let url = format!("http://127.0.0.1:4566/111122223333/{queue}");
    let found = async || SENT.lock().unwrap().iter().find(|(_, sent)| sent.queue_url == url).cloned();
    cloud.cloud.until("the message is sent", found).await
}

fn publish(attributes: BTreeMap<String, MessageAttributeValue>) -> Publish {
    Publish {
        topic_arn: Some(TOPIC.into()),
        message: "fire".into(),
        subject: Some("Alarm".into()),
        message_attributes: Some(attributes),
        message_group_id: Some("tenant".into()),
        ..Default::default()
    }
}

fn attributes() -> BTreeMap<String, MessageAttributeValue> {
    let text = MessageAttributeValue {
        data_type: "String".into(),
        string_value: Some("red".into()),
        binary_value: None,
    };
    let bytes = MessageAttributeValue {
        data_type: "Binary".into(),
        string_value: None,
        binary_value: Some(vec![0, 255].into()),
    };
    BTreeMap::from([("colour".to_owned(), text), ("raw".to_owned(), bytes)])
}

#[tokio::test]
async fn a_queue_gets_the_envelope_from_the_service() {
    let cloud = cloud().await;
    let subscription = cloud.subscribe("sqs", &arn("plain"), &[]).await.unwrap();
    assert!(subscription.starts_with(&format!("{TOPIC}:")), "one's own queue needs no confirmation");
    cloud.root.call(publish(attributes())).await.unwrap();
    let (who, message) = sent(&cloud, "plain").await;
    assert_eq!(who, format!("sns.amazonaws.com {TOPIC}"));
    let body = Document::parse(&message.message_body).unwrap();
    assert_eq!((text(&body, "Type"), text(&body, "Message")), ("Notification", "fire"));
    assert_eq!((text(&body, "TopicArn"), text(&body, "Subject")), (TOPIC, "Alarm"));
    assert_eq!(text(body.at(&["MessageAttributes", "colour"]).unwrap(), "Value"), "red");
    assert!(text(&body, "UnsubscribeURL").contains(&subscription));
    assert_eq!(message.message_attributes, None);
    assert_eq!(message.message_group_id.as_deref(), Some("tenant"));
}

#[tokio::test]
async fn raw_delivery_is_the_message_and_its_attributes() {
    let cloud = cloud().await;
    cloud.subscribe("sqs", &arn("raw"), &[("RawMessageDelivery", "true")]).await.unwrap();
    cloud.root.call(publish(attributes())).await.unwrap();
    let (_, message) = sent(&cloud, "raw").await;
    assert_eq!(message.message_body, "fire");
    let found = message.message_attributes.unwrap();
    assert_eq!(found["colour"].string_value.as_deref(), Some("red"));
    assert_eq!(found["raw"].binary_value.as_deref(), Some(&[0, 255][..]));
}

#[tokio::test]
async fn what_cannot_be_delivered_goes_to_the_dead_letter_queue() {
    let cloud = cloud().await;
    let redrive = format!(r#"{{"deadLetterTargetArn":"{}"}}"#, arn("dead"));
    cloud.subscribe("sqs", &arn("gone"), &[("RedrivePolicy", &redrive)]).await.unwrap();
    assert!(cloud.cloud.measured("AWS/SNS").is_empty());
    cloud.publish("lost").await;
    let (who, message) = sent(&cloud, "dead").await;
    assert_eq!(who, format!("sns.amazonaws.com {TOPIC}"));
    let body = Document::parse(&message.message_body).unwrap();
    assert_eq!(text(&body, "Message"), "lost");
    cloud.idle().await;
    let tries = SENT.lock().unwrap().iter().filter(|(_, sent)| sent.queue_url.ends_with("/gone")).count();
    assert_eq!(tries, 1, "a queue that is gone is not tried again");
    assert_eq!(
        cloud.cloud.measured("AWS/SNS"),
        of_topic(&[
            "NumberOfMessagesPublished Count 1",
            "NumberOfNotificationsFailed Count 1",
            "NumberOfNotificationsRedrivenToDlq Count 1",
            "PublishSize Bytes 4",
        ])
    );
}

#[tokio::test]
async fn what_the_dead_letter_queue_does_not_take_is_lost_and_counted() {
    let cloud = cloud().await;
    let redrive = format!(r#"{{"deadLetterTargetArn":"{}"}}"#, arn("dead-and-gone"));
    cloud.subscribe("sqs", &arn("twice-gone"), &[("RedrivePolicy", &redrive)]).await.unwrap();
    cloud.subscribe("sqs", &arn("there"), &[]).await.unwrap();
    assert!(cloud.cloud.measured("AWS/SNS").is_empty());
    cloud.publish("lost").await;
    cloud.idle().await;
    assert_eq!(
        cloud.cloud.measured("AWS/SNS"),
        of_topic(&[
            "NumberOfMessagesPublished Count 1",
            "NumberOfNotificationsDelivered Count 1",
            "NumberOfNotificationsFailedToRedriveToDlq Count 1",
            "NumberOfNotificationsFailed Count 1",
            "PublishSize Bytes 4",
        ])
    );
}

#[tokio::test]
async fn another_account_s_queue_confirms_by_the_message_that_it_gets() {
    let cloud = cloud().await;
    cloud.subscribe("sqs", "arn:aws:sqs:us-east-1:444455556666:theirs", &[]).await.unwrap();
    let url = "http://127.0.0.1:4566/444455556666/theirs";
    let find = async || SENT.lock().unwrap().iter().find(|(_, sent)| sent.queue_url == url).cloned();
    let (_, message) = cloud.cloud.until("it is asked", find).await;
    let body = Document::parse(&message.message_body).unwrap();
    assert_eq!(text(&body, "Type"), "SubscriptionConfirmation");
    cloud.confirm(text(&body, "Token")).await.unwrap();
}

#[tokio::test]
async fn redrive_policies_and_endpoints_are_checked() {
    let cloud = cloud().await;
    for (policy, why) in [
        ("{}x", "RedrivePolicy: failed to parse JSON."),
        ("[]", "RedrivePolicy: must be a JSON object."),
        (r#"{"deadLetterTargetArn":"x"}"#, "RedrivePolicy: deadLetterTargetArn is an invalid arn"),
        (
            r#"{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:111122223333:dead"}"#,
            "Attributes Reason: RedrivePolicy: must use the same AWS account and region as the subscription",
        ),
    ] {
        let refused = refusal(cloud.subscribe("sqs", &arn("q"), &[("RedrivePolicy", policy)]).await);
        assert_eq!(refused.1, format!("Invalid parameter: {why}"));
    }
    let fifo = refusal(cloud.subscribe("sqs", &arn("q.fifo"), &[]).await).1;
    assert!(fifo.ends_with("FIFO SQS Queues can not be subscribed to standard SNS topics"));
    let subscription = cloud.subscribe("sqs", &arn("q"), &[]).await.unwrap();
    let set = SetSubscriptionAttributes {
        subscription_arn: subscription,
        attribute_name: "RedrivePolicy".into(),
        attribute_value: Some(format!(r#"{{"deadLetterTargetArn":"{}"}}"#, arn("dead"))),
    };
    cloud.root.call(set).await.unwrap();
}
