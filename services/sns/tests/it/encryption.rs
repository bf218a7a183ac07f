//! Topics with a key of KMS: who publishes needs it, services too.

use crate::cloud::{Cloud, TOPIC, refusal};
use api_kms::{CreateKey, PutKeyPolicy};
use api_sns::{GetTopicAttributes, Publish, PublishBatch, PublishBatchRequestEntry, SetTopicAttributes};
use contract::{Caller, Principal};
use wire::{ErrorResponse, document};

async fn start() -> (Cloud, String, String) {
    let cloud = Cloud::with(vec![kms::registration()]).await;
    cloud.topic().await;
    let key = cloud.root.call(CreateKey::default()).await.unwrap().key_metadata.unwrap();
    let (id, arn) = (key.key_id, key.arn.unwrap());
    set_key(&cloud, &id).await;
    (cloud, id, arn)
}

async fn set_key(cloud: &Cloud, key: &str) {
    let set = SetTopicAttributes {
        topic_arn: TOPIC.into(),
        attribute_name: "KmsMasterKeyId".into(),
        attribute_value: Some(key.into()),
    };
    cloud.root.call(set).await.unwrap();
}

fn may(actions: &[&str], resource: &str) -> String {
    let statement = document!({ "Effect": "Allow", "Action": (actions.to_vec()), "Resource": resource });
    document!({ "Version": "2012-10-17", "Statement": [(statement)] }).to_string()
}

async fn publish(caller: &Caller) -> Result<(), ErrorResponse> {
    let publish = Publish { topic_arn: Some(TOPIC.into()), message: "m".into(), ..Default::default() };
    caller.call(publish).await.map(drop)
}

#[tokio::test]
async fn who_publishes_needs_the_key() {
    let (cloud, id, arn) = start().await;
    let shown = cloud.root.call(GetTopicAttributes { topic_arn: TOPIC.into() }).await.unwrap();
    assert_eq!(shown.attributes.unwrap()["KmsMasterKeyId"], id);

    let topic = may(&["sns:Publish"], TOPIC);
    let ann = cloud.cloud.user("ann", &[&topic, &may(&["kms:GenerateDataKey"], &arn)]);
    let (code, message) = refusal(publish(&ann).await);
    assert_eq!(code, "KMSAccessDenied");
    assert_eq!(
        message,
        format!(
            "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: kms:Decrypt on resource: {arn} because no \
             identity-based policy allows the kms:Decrypt action (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException)"
        )
    );
    let entry = PublishBatchRequestEntry { id: "1".into(), message: "m".into(), ..Default::default() };
    let batch = PublishBatch { topic_arn: TOPIC.into(), publish_batch_request_entries: vec![entry] };
    assert_eq!(refusal(ann.call(batch.clone()).await.map(drop)).0, "KMSAccessDenied");

    let bob = cloud.cloud.user("bob", &[&topic, &may(&["kms:GenerateDataKey*", "kms:Decrypt"], &arn)]);
    publish(&bob).await.unwrap();
    assert_eq!(bob.call(batch).await.unwrap().successful.unwrap().len(), 1);

    // Without a key again, nobody is asked.
    set_key(&cloud, "").await;
    publish(&ann).await.unwrap();
    set_key(&cloud, "alias/nothing").await;
    assert_eq!(refusal(publish(&cloud.root).await).0, "KMSNotFound");
}

#[tokio::test]
async fn a_service_publishes_only_where_the_key_s_policy_lets_it() {
    let (cloud, id, _) = start().await;
    let from_events = document!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": { "Service": "events.amazonaws.com" }, "Action": "sns:Publish", "Resource": TOPIC
        }]
    });
    let set = SetTopicAttributes {
        topic_arn: TOPIC.into(),
        attribute_name: "Policy".into(),
        attribute_value: Some(from_events.to_string()),
    };
    cloud.root.call(set).await.unwrap();
    let rule = "arn:aws:events:us-east-1:111122223333:rule/r".parse().unwrap();
    let account = testkit::ACCOUNT.parse().unwrap();
    let events = cloud.cloud.caller(Principal::service("events.amazonaws.com", account, Some(rule)));
    assert_eq!(refusal(publish(&events).await).0, "KMSAccessDenied");

    let policy = document!({
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:root" }, "Action": "kms:*", "Resource": "*" },
            {
                "Effect": "Allow", "Principal": { "Service": "events.amazonaws.com" },
                "Action": ["kms:GenerateDataKey*", "kms:Decrypt"], "Resource": "*",
                "Condition": { "StringEquals": { "kms:EncryptionContext:aws:sns:topicArn": TOPIC } }
            }
        ]
    });
    let put = PutKeyPolicy { key_id: id, policy: policy.to_string(), ..Default::default() };
    cloud.root.call(put).await.unwrap();
    publish(&events).await.unwrap();
}
