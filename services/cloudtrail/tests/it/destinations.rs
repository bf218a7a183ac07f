//! Where deliveries go beside a plain bucket: under a key, to a topic, to a log group.

use crate::cloud::{BUCKET, Cloud, refusal, text};
use api_cloudtrail::{CreateTrail, GetTrailStatus, StartLogging, UpdateTrail};
use api_kms::{CreateAlias, CreateKey, DisableKey, PutKeyPolicy};
use std::time::Duration;
use wire::{Document, document};

const ARN: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit";
const KEY: &str = "alias/trails";

fn create() -> CreateTrail {
    CreateTrail { name: "audit".into(), s3_bucket_name: BUCKET.into(), ..Default::default() }
}

/// The key policy of AWS's guide, for a trail.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html>
fn key_policy(trail: &str) -> String {
    let cloudtrail = || document!({ "Service": "cloudtrail.amazonaws.com" });
    document!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": { "AWS": "arn:aws:iam::111122223333:root" },
                "Action": "kms:*",
                "Resource": "*"
            },
            {
                "Effect": "Allow",
                "Principal": (cloudtrail()),
                "Action": "kms:GenerateDataKey*",
                "Resource": "*",
                "Condition": {
                    "StringEquals": { "aws:SourceArn": trail },
                    "StringLike": {
                        "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111122223333:trail/*"
                    }
                }
            },
            { "Effect": "Allow", "Principal": (cloudtrail()), "Action": "kms:DescribeKey", "Resource": "*" }
        ]
    })
    .to_string()
}

async fn key(cloud: &Cloud, trail: &str) -> (String, String) {
    let made = cloud.root.call(CreateKey { policy: Some(key_policy(trail)), ..Default::default() }).await;
    let made = made.unwrap().key_metadata.unwrap();
    let alias = CreateAlias { alias_name: KEY.into(), target_key_id: made.key_id.clone() };
    cloud.root.call(alias).await.unwrap();
    (made.key_id, made.arn.unwrap())
}

async fn put_policy(cloud: &Cloud, key_id: &str, trail: &str) {
    let put = PutKeyPolicy { key_id: key_id.into(), policy: key_policy(trail), ..Default::default() };
    cloud.root.call(put).await.unwrap();
}

/// The names of the topics whose making is told in log files.
async fn told(cloud: &Cloud) -> Vec<String> {
    let mut names = Vec::new();
    for (_, file) in cloud.files().await {
        for record in file.get("Records").map(|it| it.as_array().unwrap()).unwrap_or_default() {
            if text(record, &["eventName"]) == "CreateTopic" {
                names.push(text(record, &["requestParameters", "name"]).to_owned());
            }
        }
    }
    names.sort();
    names
}

async fn head(cloud: &Cloud, key: &str) -> api_s3::HeadObjectOutput {
    let head = api_s3::HeadObject { bucket: BUCKET.into(), key: key.into(), ..Default::default() };
    cloud.root.call(head).await.unwrap()
}

#[tokio::test]
async fn files_are_sealed_with_the_trail_s_key_as_its_policy_allows() {
    let cloud = Cloud::with(vec![kms::registration()]);
    cloud.bucket().await;
    let (id, arn) = key(&cloud, ARN).await;
    let sealed =
        CreateTrail { kms_key_id: Some(KEY.into()), enable_log_file_validation: Some(true), ..create() };
    let made = cloud.root.call(sealed).await.unwrap();
    // As on AWS, an alias is what it stands for when it is given.
    assert_eq!(made.kms_key_id.as_deref(), Some(arn.as_str()));
    cloud.root.call(StartLogging { name: "audit".into() }).await.unwrap();
    cloud.topic("a").await;
    cloud.gathered(async || (told(&cloud).await == ["a"]).then_some(())).await;
    let files = cloud.files().await;
    let head = head(&cloud, &files[0].0).await;
    assert_eq!(head.server_side_encryption.unwrap().as_str(), "aws:kms");
    assert_eq!(head.ssekms_key_id.as_deref(), Some(arn.as_str()));

    // A key that lets CloudTrail in for another trail only: nothing is delivered in the clear, and nothing is lost.
    put_policy(&cloud, &id, "arn:aws:cloudtrail:us-east-1:111122223333:trail/other").await;
    cloud.topic("b").await;
    let status = async || cloud.root.call(GetTrailStatus { name: "audit".into() }).await.unwrap();
    cloud.gathered(async || status().await.latest_delivery_error).await;
    assert_eq!(told(&cloud).await, ["a"]);
    put_policy(&cloud, &id, ARN).await;
    cloud.cloud.clock.advance(Duration::from_secs(300));
    cloud.gathered(async || (told(&cloud).await == ["a", "b"]).then_some(())).await;
    // Digest files are sealed by S3's own key.
    cloud.cloud.clock.advance(Duration::from_secs(60 * 60));
    let digest = cloud
        .gathered(async || {
            cloud.files().await.into_iter().find(|(key, _)| key.contains("/CloudTrail-Digest/"))
        })
        .await;
    let sealed = self::head(&cloud, &digest.0).await.server_side_encryption;
    assert_eq!(sealed.unwrap().as_str(), "AES256");
}

#[tokio::test]
async fn keys_that_cannot_be_used_are_refused() {
    let cloud = Cloud::with(vec![kms::registration()]);
    cloud.bucket().await;
    let with = |key: &str| CreateTrail { kms_key_id: Some(key.into()), ..create() };
    let unknown = refusal(cloud.root.call(with("alias/none")).await);
    assert_eq!(unknown.0, "KmsKeyNotFoundException");
    let (id, _) = key(&cloud, "arn:aws:cloudtrail:us-east-1:111122223333:trail/other").await;
    let (code, message) = refusal(cloud.root.call(with(KEY)).await);
    assert_eq!(code, "InsufficientEncryptionPolicyException");
    assert!(
        message.starts_with(&format!("Insufficient permissions to access S3 bucket {BUCKET} or KMS key ")),
        "{message}"
    );
    put_policy(&cloud, &id, ARN).await;
    cloud.root.call(DisableKey { key_id: id.clone() }).await.unwrap();
    assert_eq!(refusal(cloud.root.call(with(KEY)).await).0, "KmsException");
    cloud.root.call(api_kms::EnableKey { key_id: id }).await.unwrap();
    cloud.root.call(create()).await.unwrap();
    let update = UpdateTrail { name: "audit".into(), kms_key_id: Some(KEY.into()), ..Default::default() };
    assert!(cloud.root.call(update).await.unwrap().kms_key_id.unwrap().contains(":key/"));
    let none = UpdateTrail { name: "audit".into(), kms_key_id: Some(String::new()), ..Default::default() };
    assert_eq!(cloud.root.call(none).await.unwrap().kms_key_id, None);
}

#[tokio::test]
async fn a_topic_is_told_of_each_file() {
    let cloud = Cloud::with(vec![sqs::registration()]);
    cloud.bucket().await;
    let policy = |action: &str, service: &str| {
        let document = document!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": service },
            "Action": action,
            "Resource": "*"
        }] });
        document.to_string()
    };
    let topic = api_sns::CreateTopic {
        name: "files".into(),
        attributes: Some([("Policy".to_owned(), policy("sns:Publish", "cloudtrail.amazonaws.com"))].into()),
        ..Default::default()
    };
    let topic = cloud.root.call(topic).await.unwrap().topic_arn.unwrap();
    let queue = api_sqs::CreateQueue {
        queue_name: "files".into(),
        attributes: Some([("Policy".to_owned(), policy("sqs:SendMessage", "sns.amazonaws.com"))].into()),
        ..Default::default()
    };
    let url = cloud.root.call(queue).await.unwrap().queue_url.unwrap();
    let trail = CreateTrail { sns_topic_name: Some("files".into()), ..create() };
    let made = cloud.root.call(trail).await.unwrap();
    assert_eq!(made.sns_topic_arn.as_deref(), Some(topic.as_str()));
    let subscribe = api_sns::Subscribe {
        topic_arn: topic,
        protocol: "sqs".into(),
        endpoint: Some("arn:aws:sqs:us-east-1:111122223333:files".into()),
        ..Default::default()
    };
    cloud.root.call(subscribe).await.unwrap();
    // The making of this topic is older than the start.
    cloud.cloud.clock.advance(Duration::from_millis(10));
    cloud.root.call(StartLogging { name: "audit".into() }).await.unwrap();
    cloud.topic("a").await;
    cloud.gathered(async || (told(&cloud).await == ["a"]).then_some(())).await;
    let message = cloud
        .gathered(async || {
            let receive = api_sqs::ReceiveMessage { queue_url: url.clone(), ..Default::default() };
            cloud.root.call(receive).await.unwrap().messages.and_then(|all| all.into_iter().next())
        })
        .await;
    let message = Document::parse(&message.body.unwrap()).unwrap();
    let told = Document::parse(text(&message, &["Message"])).unwrap();
    assert_eq!(text(&told, &["s3Bucket"]), BUCKET);
    let files: Vec<String> = cloud.files().await.into_iter().map(|(key, _)| key).collect();
    let keys = told.get("s3ObjectKey").unwrap().as_array().unwrap();
    assert_eq!(keys.len(), 1);
    assert!(files.contains(&keys[0].as_str().unwrap().to_owned()));
    let status = cloud
        .gathered(async || {
            let status = cloud.root.call(GetTrailStatus { name: "audit".into() }).await.unwrap();
            status.latest_notification_time.is_some().then_some(status)
        })
        .await;
    assert_eq!(status.latest_notification_error, None);
}

#[tokio::test]
async fn records_go_to_the_log_group_as_the_role() {
    let cloud = Cloud::start();
    cloud.bucket().await;
    let group = api_logs::CreateLogGroup { log_group_name: "trail".into(), ..Default::default() };
    cloud.root.call(group).await.unwrap();
    let stream =
        "arn:aws:logs:us-east-1:111122223333:log-group:trail:log-stream:111122223333_CloudTrail_us-east-1*";
    let policy = document!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": stream
    }] });
    let _ = cloud.cloud.role("logger", &[&policy.to_string()]);
    let _ = cloud.cloud.role("powerless", &[]);
    let with = |role: &str| CreateTrail {
        cloud_watch_logs_log_group_arn: Some("arn:aws:logs:us-east-1:111122223333:log-group:trail:*".into()),
        cloud_watch_logs_role_arn: Some(format!("arn:aws:iam::111122223333:role/{role}")),
        ..create()
    };
    let refused = refusal(cloud.root.call(with("powerless")).await);
    assert_eq!(
        refused,
        (
            "InvalidCloudWatchLogsRoleArnException".into(),
            "Access denied. Check the permissions for your role.".into()
        )
    );
    cloud.root.call(with("logger")).await.unwrap();
    cloud.root.call(StartLogging { name: "audit".into() }).await.unwrap();
    cloud.topic("a").await;
    let told = cloud
        .gathered(async || {
            let filter =
                api_logs::FilterLogEvents { log_group_name: Some("trail".into()), ..Default::default() };
            let events = cloud.root.call(filter).await.unwrap().events.unwrap_or_default();
            events.into_iter().find_map(|event| {
                assert_eq!(event.log_stream_name.as_deref(), Some("111122223333_CloudTrail_us-east-1"));
                let record = Document::parse(event.message.as_deref().unwrap()).unwrap();
                (text(&record, &["eventName"]) == "CreateTopic").then_some(record)
            })
        })
        .await;
    assert_eq!(text(&told, &["requestParameters", "name"]), "a");
    let status = cloud
        .gathered(async || {
            let status = cloud.root.call(GetTrailStatus { name: "audit".into() }).await.unwrap();
            status.latest_cloud_watch_logs_delivery_time.is_some().then_some(status)
        })
        .await;
    assert_eq!(status.latest_cloud_watch_logs_delivery_error, None);
}
