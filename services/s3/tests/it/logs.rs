use crate::cloud::{bucket, cloud, code, failed, get, put};
use api_s3::*;
use contract::{Caller, Principal, RequestLog, ServedRequest, SignedBy};
use names::RequestId;
use std::sync::Arc;
use std::time::Duration;
use testkit::{ACCOUNT, TestCloud};

async fn enable(
    root: &Caller,
    target: &str,
    format: Option<TargetObjectKeyFormat>,
) -> Result<(), wire::ErrorResponse> {
    let put = PutBucketLogging {
        bucket: "box".into(),
        bucket_logging_status: BucketLoggingStatus {
            logging_enabled: Some(LoggingEnabled {
                target_bucket: target.into(),
                target_prefix: "access/".into(),
                target_object_key_format: format,
                target_grants: None,
            }),
        },
        ..Default::default()
    };
    root.call(put).await.map(|_| ())
}

async fn admit(root: &Caller, source: &str) {
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"logging.s3.amazonaws.com"}},
        "Action":"s3:PutObject","Resource":"arn:aws:s3:::logs/access/*","Condition":{{"ArnLike":{{"aws:SourceArn":"arn:aws:s3:::{source}"}},
        "StringEquals":{{"aws:SourceAccount":"{ACCOUNT}"}}}}}}]}}"#
    );
    root.call(PutBucketPolicy { bucket: "logs".into(), policy, ..Default::default() }).await.unwrap();
}

fn request(cloud: &TestCloud, number: u8) -> ServedRequest {
    ServedRequest {
        operation: "GetObject",
        labels: vec![("Bucket", "box".into()), ("Key", "a b+c".into())],
        id: RequestId([number; 16]),
        at: cloud.now(),
        elapsed: Duration::from_millis(7),
        method: "GET".into(),
        uri: "/box/a%20b%2Bc?versionId=abc".into(),
        principal: Principal::Root(ACCOUNT.parse().unwrap()),
        signed_by: SignedBy::Header,
        source_ip: Some([127, 0, 0, 1].into()),
        user_agent: "aws-cli \"2\"".into(),
        referer: None,
        host: "127.0.0.1:4566".into(),
        tls: false,
        status: 404,
        error_code: Some("NoSuchKey".into()),
        sent: Some(243),
        object_size: None,
    }
}

fn log() -> Arc<dyn RequestLog> {
    s3::registration(s3::Settings::default()).request_log.unwrap()
}

async fn keys(root: &Caller) -> Vec<String> {
    let list = root.call(ListObjectsV2 { bucket: "logs".into(), ..Default::default() }).await.unwrap();
    list.contents.unwrap_or_default().into_iter().filter_map(|object| object.key).collect()
}

async fn delivered(cloud: &TestCloud, count: usize) -> Vec<String> {
    let root = cloud.root();
    cloud
        .until("the logs are delivered", async || {
            let keys = keys(&root).await;
            (keys.len() >= count).then_some(keys)
        })
        .await
}

#[tokio::test]
async fn requests_are_logged_to_the_target() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    bucket(&root, "logs").await;
    admit(&root, "box").await;
    let log = log();
    // A bucket that does not log leaves nothing.
    log.note(&request(&cloud, 9), cloud.context());
    enable(&root, "logs", None).await.unwrap();
    let told = root.call(GetBucketLogging { bucket: "box".into(), ..Default::default() }).await.unwrap();
    assert_eq!(told.logging_enabled.unwrap().target_prefix, "access/");
    let _work = cloud.start_work();
    for number in 1..=3 {
        log.note(&request(&cloud, number), cloud.context());
    }
    cloud.advance(Duration::from_secs(1)).await;
    let keys = delivered(&cloud, 1).await;
    assert_eq!(keys.len(), 1);
    assert!(keys[0].starts_with("access/2026-11-21-09-30-01-"), "{keys:?}");
    assert_eq!(keys[0].len(), "access/2026-11-21-09-30-01-".len() + 16);
    let text = get(&root, "logs", &keys[0]).await.unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    let owner = root.call(ListBuckets::default()).await.unwrap().owner.unwrap().id.unwrap();
    let expected = format!(
        "{owner} box [21/Nov/2026:09:30:00 +0000] 127.0.0.1 {owner} 0101010101010101 REST.GET.OBJECT a+b%2Bc \
         \"GET /box/a%20b%2Bc?versionId=abc HTTP/1.1\" 404 NoSuchKey 243 - 7 - \"-\" \"aws-cli %222%22\" abc "
    );
    assert!(lines[0].starts_with(&expected), "{}\n{expected}", lines[0]);
    assert!(lines[0].ends_with(" SigV4 - AuthHeader 127.0.0.1:4566 - - -"), "{}", lines[0]);
    // What is delivered is not delivered again.
    log.note(&request(&cloud, 4), cloud.context());
    cloud.advance(Duration::from_secs(1)).await;
    let keys = delivered(&cloud, 2).await;
    assert_eq!(get(&root, "logs", &keys[1]).await.unwrap().lines().count(), 1);
}

#[tokio::test]
async fn logs_by_account_region_bucket_and_day() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    bucket(&root, "logs").await;
    admit(&root, "box").await;
    let format = TargetObjectKeyFormat {
        simple_prefix: None,
        partitioned_prefix: Some(PartitionedPrefix {
            partition_date_source: Some(PartitionDateSource::EventTime),
        }),
    };
    enable(&root, "logs", Some(format)).await.unwrap();
    let _work = cloud.start_work();
    log().note(&request(&cloud, 1), cloud.context());
    cloud.advance(Duration::from_secs(1)).await;
    let keys = delivered(&cloud, 1).await;
    let start = format!("access/{ACCOUNT}/us-east-1/box/2026/11/21/2026-11-21-00-00-00-");
    assert!(keys[0].starts_with(&start), "{keys:?}");
}

#[tokio::test]
async fn a_target_that_refuses_loses_the_log_silently() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    bucket(&root, "logs").await;
    admit(&root, "another").await;
    enable(&root, "logs", None).await.unwrap();
    let _work = cloud.start_work();
    log().note(&request(&cloud, 1), cloud.context());
    cloud.advance(Duration::from_secs(1)).await;
    cloud
        .until("the delivery is given up", async || {
            cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty().then_some(())
        })
        .await;
    assert!(keys(&root).await.is_empty());

    // Without a policy, the list of the log delivery group lets the logs in.
    root.call(DeleteBucketPolicy { bucket: "logs".into(), ..Default::default() }).await.unwrap();
    let ownership_controls = OwnershipControls {
        rules: vec![OwnershipControlsRule { object_ownership: ObjectOwnership::BucketOwnerPreferred }],
    };
    let controls =
        PutBucketOwnershipControls { bucket: "logs".into(), ownership_controls, ..Default::default() };
    root.call(controls).await.unwrap();
    let group = PutBucketAcl {
        bucket: "logs".into(),
        grant_write: Some("uri=http://acs.amazonaws.com/groups/s3/LogDelivery".into()),
        grant_read_acp: Some("uri=http://acs.amazonaws.com/groups/s3/LogDelivery".into()),
        ..Default::default()
    };
    root.call(group).await.unwrap();
    cloud.clock.advance(Duration::from_secs(60));
    log().note(&request(&cloud, 2), cloud.context());
    cloud.advance(Duration::from_secs(1)).await;
    delivered(&cloud, 1).await;
}

#[tokio::test]
async fn targets_that_cannot_be() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    put(&root, "box", "k", "1").await;
    assert_eq!(
        failed(enable(&root, "gone", None).await),
        ("InvalidTargetBucketForLogging".into(), "The target bucket for logging does not exist".into())
    );
    let theirs = crate::cloud::stranger(&cloud);
    bucket(&theirs, "theirs").await;
    assert_eq!(code(enable(&root, "theirs", None).await), ("InvalidTargetBucketForLogging".into(), 400));
    let reader = cloud.user("ann", &[]);
    assert_eq!(code(enable(&reader, "box", None).await), ("AccessDenied".into(), 403));
    let off = PutBucketLogging { bucket: "box".into(), ..Default::default() };
    root.call(off).await.unwrap();
}

/// Nobody may write fields of a log by the headers of a request.
#[tokio::test]
async fn a_hosts_name_stays_one_field() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    bucket(&root, "logs").await;
    admit(&root, "box").await;
    enable(&root, "logs", None).await.unwrap();
    let _work = cloud.start_work();
    let honest = request(&cloud, 1);
    let forged = ServedRequest { host: "x TLSv1.3 - \"forged\"".into(), ..request(&cloud, 2) };
    log().note(&honest, cloud.context());
    log().note(&forged, cloud.context());
    cloud.advance(Duration::from_secs(1)).await;
    let keys = delivered(&cloud, 1).await;
    let text = get(&root, "logs", &keys[0]).await.unwrap();
    let fields: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    assert_eq!(fields.len(), 2);
    assert_eq!(fields[0].len(), fields[1].len(), "{text}");
    assert!(fields[1].contains(&"x%20TLSv1.3%20-%20%22forged%22"), "{text}");
}
