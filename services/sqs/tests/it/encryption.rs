//! Queues with a key of KMS: who sends and who receives needs it.

use crate::cloud::{Cloud, bodies, map, receive, refusal, system};
use api_kms::{CreateKey, DisableKey, PutKeyPolicy};
use api_sqs::{
    Message, ReceiveMessage, SendMessage, SendMessageBatch, SendMessageBatchRequestEntry, SetQueueAttributes,
};
use contract::{Caller, Principal};
use wire::{ErrorResponse, document};

const ARN: &str = "arn:aws:sqs:us-east-1:111122223333:q";

async fn key(cloud: &Cloud) -> (String, String) {
    let made = cloud.root.call(CreateKey::default()).await.unwrap().key_metadata.unwrap();
    (made.key_id, made.arn.unwrap())
}

fn may(actions: &[&str], resource: &str) -> String {
    let statement = document!({ "Effect": "Allow", "Action": (actions.to_vec()), "Resource": resource });
    document!({ "Version": "2012-10-17", "Statement": [(statement)] }).to_string()
}

async fn send(caller: &Caller, url: &str, body: &str) -> Result<(), ErrorResponse> {
    let send = SendMessage { queue_url: url.into(), message_body: body.into(), ..Default::default() };
    caller.call(send).await.map(drop)
}

async fn take(caller: &Caller, url: &str) -> Result<Vec<Message>, ErrorResponse> {
    caller.call(receive(url)).await.map(|answer| answer.messages.unwrap_or_default())
}

#[tokio::test]
async fn who_sends_needs_the_key() {
    let cloud = Cloud::start();
    let (id, arn) = key(&cloud).await;
    let url = cloud.queue("q", &[("KmsMasterKeyId", &id)]).await;
    let queue = may(&["sqs:SendMessage"], ARN);

    let ann = cloud.cloud.user("ann", &[&queue]);
    let (code, message) = refusal(send(&ann, &url, "one").await);
    assert_eq!(code, "KMS.AccessDeniedException");
    assert_eq!(
        message,
        format!(
            "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: kms:GenerateDataKey on resource: {arn} \
             because no identity-based policy allows the kms:GenerateDataKey action (Service: AWSKMS; Status Code: 400; Error Code: \
             AccessDeniedException)"
        )
    );
    let bob = cloud.cloud.user("bob", &[&queue, &may(&["kms:GenerateDataKey"], &arn)]);
    let (code, message) = refusal(send(&bob, &url, "two").await);
    assert_eq!(code, "KMS.AccessDeniedException");
    assert!(message.contains("kms:Decrypt"), "{message}");
    assert_eq!(cloud.counts(&url).await, ["0", "0", "0"]);

    // Who may use the key, but not send, is not helped by it.
    let eve = cloud.cloud.user("eve", &[&may(&["kms:*"], "*")]);
    assert_eq!(refusal(send(&eve, &url, "three").await).0, "AccessDenied");

    let via = document!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": (arn.as_str()),
            "Condition": { "StringEquals": {
                "kms:ViaService": "sqs.us-east-1.amazonaws.com",
                "kms:EncryptionContext:aws:sqs:arn": ARN
            } }
        }]
    });
    let dan = cloud.cloud.user("dan", &[&queue, &via.to_string()]);
    send(&dan, &url, "four").await.unwrap();
    let entries = ["five", "six"].map(|body| SendMessageBatchRequestEntry {
        id: body.into(),
        message_body: body.into(),
        ..Default::default()
    });
    let batch = SendMessageBatch { queue_url: url.clone(), entries: entries.to_vec() };
    assert_eq!(dan.call(batch.clone()).await.unwrap().successful.len(), 2);
    assert_eq!(refusal(ann.call(batch).await.map(drop)).0, "KMS.AccessDeniedException");
    let taken = cloud.receive(&url).await;
    let mut seen = bodies(&taken);
    seen.sort_unstable();
    assert_eq!(seen, ["five", "four", "six"]);
    let four = taken.iter().find(|it| it.body.as_deref() == Some("four")).unwrap();
    assert_eq!(four.md5_of_body.as_deref(), Some("8cbad96aced40b3838dd9f07f6ef5772"));
}

#[tokio::test]
async fn who_receives_needs_the_key_and_else_takes_nothing() {
    let cloud = Cloud::start();
    let (id, arn) = key(&cloud).await;
    let url = cloud.queue("q", &[("KmsMasterKeyId", &id)]).await;
    cloud.send(&url, "secret").await;
    let queue = may(&["sqs:ReceiveMessage"], ARN);
    let ann = cloud.cloud.user("ann", &[&queue]);
    let (code, message) = refusal(take(&ann, &url).await);
    assert_eq!(code, "KMS.AccessDeniedException");
    assert!(message.contains("kms:Decrypt"), "{message}");
    assert_eq!(cloud.counts(&url).await, ["1", "0", "0"]);

    let bob = cloud.cloud.user("bob", &[&queue, &may(&["kms:Decrypt"], &arn)]);
    let taken = take(&bob, &url).await.unwrap();
    assert_eq!(bodies(&taken), ["secret"]);
    assert_eq!(system(&taken[0], "ApproximateReceiveCount"), Some("1"));
}

#[tokio::test]
async fn a_data_key_is_used_again_until_its_period_is_over() {
    let cloud = Cloud::start();
    let (id, _) = key(&cloud).await;
    let period = ("KmsDataKeyReusePeriodSeconds", "60");
    let url = cloud.queue("q", &[("KmsMasterKeyId", &id), period, ("VisibilityTimeout", "0")]).await;
    cloud.send(&url, "first").await;
    assert_eq!(cloud.receive(&url).await.len(), 1);
    cloud.root.call(DisableKey { key_id: id.clone() }).await.unwrap();
    cloud.send(&url, "second").await;
    assert_eq!(cloud.receive(&url).await.len(), 2);
    cloud.seconds(61).await;
    assert_eq!(refusal(send(&cloud.root, &url, "third").await).0, "KMS.DisabledException");
    let closed = ReceiveMessage { queue_url: url.clone(), ..Default::default() };
    assert_eq!(refusal(cloud.receive_with(closed).await).0, "KMS.DisabledException");
    assert_eq!(cloud.counts(&url).await, ["2", "0", "0"]);
}

#[tokio::test]
async fn a_service_sends_only_where_the_key_s_policy_lets_it() {
    let cloud = Cloud::start();
    let (id, arn) = key(&cloud).await;
    let url = cloud.queue("q", &[("KmsMasterKeyId", &arn)]).await;
    let from_s3 = document!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": { "Service": "s3.amazonaws.com" }, "Action": "sqs:SendMessage", "Resource": ARN
        }]
    });
    let policy = map(&[("Policy", &from_s3.to_string())]);
    cloud.root.call(SetQueueAttributes { queue_url: url.clone(), attributes: policy }).await.unwrap();
    let photos = "arn:aws:s3:::photos".parse().unwrap();
    let account = testkit::ACCOUNT.parse().unwrap();
    let s3 = cloud.cloud.caller(Principal::service("s3.amazonaws.com", account, Some(photos)));
    assert_eq!(refusal(send(&s3, &url, "event").await).0, "KMS.AccessDeniedException");
    let policy = document!({
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:root" }, "Action": "kms:*", "Resource": "*" },
            {
                "Effect": "Allow", "Principal": { "Service": "s3.amazonaws.com" },
                "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"
            }
        ]
    });
    let put = PutKeyPolicy { key_id: id, policy: policy.to_string(), ..Default::default() };
    cloud.root.call(put).await.unwrap();
    send(&s3, &url, "event").await.unwrap();
    assert_eq!(bodies(&cloud.receive(&url).await), ["event"]);
}

#[tokio::test]
async fn the_account_s_own_key_of_sqs_asks_for_no_permission() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[("KmsMasterKeyId", "alias/aws/sqs")]).await;
    let ann = cloud.cloud.user("ann", &[&may(&["sqs:SendMessage", "sqs:ReceiveMessage"], ARN)]);
    send(&ann, &url, "hello").await.unwrap();
    assert_eq!(bodies(&take(&ann, &url).await.unwrap()), ["hello"]);
    let missing = cloud.queue("other", &[("KmsMasterKeyId", "alias/nothing")]).await;
    assert_eq!(refusal(send(&cloud.root, &missing, "hello").await).0, "KMS.NotFoundException");
}

#[tokio::test]
async fn what_was_sent_sealed_is_opened_where_it_was_moved() {
    let cloud = Cloud::start();
    let (id, _) = key(&cloud).await;
    let dead = cloud.queue("dead", &[]).await;
    let redrive = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:dead","maxReceiveCount":1}"#;
    let attributes =
        [("KmsMasterKeyId", id.as_str()), ("RedrivePolicy", redrive), ("VisibilityTimeout", "0")];
    let url = cloud.queue("q", &attributes).await;
    cloud.send(&url, "sealed").await;
    assert_eq!(cloud.receive(&url).await.len(), 1);
    assert!(cloud.receive(&url).await.is_empty());
    assert_eq!(bodies(&cloud.receive(&dead).await), ["sealed"]);
}
