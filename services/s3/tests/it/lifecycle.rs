use crate::cloud::{bucket, cloud, code, failed, object, put};
use api_s3::*;
use contract::Caller;
use std::time::Duration;
use testkit::TestCloud;

const DAY: Duration = Duration::from_secs(86_400);

fn rule(prefix: &str) -> LifecycleRule {
    LifecycleRule {
        status: ExpirationStatus::Enabled,
        filter: Some(LifecycleRuleFilter { prefix: Some(prefix.into()), ..Default::default() }),
        ..Default::default()
    }
}

fn after(days: i32) -> Option<LifecycleExpiration> {
    Some(LifecycleExpiration { days: Some(days), ..Default::default() })
}

async fn configure(root: &Caller, rules: Vec<LifecycleRule>) -> Result<(), wire::ErrorResponse> {
    let put = PutBucketLifecycleConfiguration {
        bucket: "box".into(),
        lifecycle_configuration: Some(BucketLifecycleConfiguration { rules }),
        ..Default::default()
    };
    root.call(put).await.map(|_| ())
}

async fn keys(root: &Caller) -> Vec<String> {
    let list = root.call(ListObjectsV2 { bucket: "box".into(), ..Default::default() }).await.unwrap();
    list.contents.unwrap_or_default().into_iter().filter_map(|object| object.key).collect()
}

/// Moves to after the next midnights, and waits until each has been looked at.
async fn midnights(cloud: &TestCloud, count: u32) {
    for _ in 0..count {
        cloud.advance(DAY).await;
        let due = cloud.now();
        cloud
            .until("the bucket has been looked at", async || {
                let tasks = cloud.context().store.view().list_all::<contract::Task>().unwrap();
                tasks.iter().all(|task| task.due > due).then_some(())
            })
            .await;
    }
}

#[tokio::test]
async fn objects_go_when_their_days_are_over() {
    let cloud = cloud();
    let _work = cloud.start_work();
    let root = cloud.root();
    bucket(&root, "box").await;
    put(&root, "box", "tmp/old", "1").await;
    put(&root, "box", "kept", "1").await;
    let disabled = LifecycleRule { status: ExpirationStatus::Disabled, expiration: after(1), ..rule("kept") };
    configure(&root, vec![LifecycleRule { expiration: after(2), ..rule("tmp/") }, disabled]).await.unwrap();
    let create =
        CreateMultipartUpload { bucket: "box".into(), key: "tmp/never".into(), ..Default::default() };
    root.call(create).await.unwrap();
    midnights(&cloud, 2).await;
    // Two days after 09:30 it is due at the midnight after.
    assert_eq!(keys(&root).await, ["kept", "tmp/old"]);
    put(&root, "box", "tmp/new", "1").await;
    midnights(&cloud, 1).await;
    assert_eq!(keys(&root).await, ["kept", "tmp/new"]);
    let abort = AbortIncompleteMultipartUpload { days_after_initiation: Some(1) };
    let rules = vec![LifecycleRule { abort_incomplete_multipart_upload: Some(abort), ..rule("") }];
    configure(&root, rules).await.unwrap();
    midnights(&cloud, 1).await;
    let uploads = ListMultipartUploads { bucket: "box".into(), ..Default::default() };
    assert_eq!(root.call(uploads).await.unwrap().uploads, None);
    root.call(DeleteBucketLifecycle { bucket: "box".into(), ..Default::default() }).await.unwrap();
    let get = GetBucketLifecycleConfiguration { bucket: "box".into(), ..Default::default() };
    assert_eq!(code(root.call(get).await), ("NoSuchLifecycleConfiguration".into(), 404));
    midnights(&cloud, 1).await;
    assert!(cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty());
    assert_eq!(keys(&root).await, ["kept", "tmp/new"]);
}

#[tokio::test]
async fn noncurrent_versions_and_lonely_markers_go() {
    let cloud = cloud();
    let _work = cloud.start_work();
    let root = cloud.root();
    bucket(&root, "box").await;
    let enabled = PutBucketVersioning {
        bucket: "box".into(),
        versioning_configuration: VersioningConfiguration {
            status: Some(BucketVersioningStatus::Enabled),
            mfa_delete: None,
        },
        ..Default::default()
    };
    root.call(enabled).await.unwrap();
    for body in ["1", "2", "3"] {
        root.call(object("box", "k", body)).await.unwrap();
    }
    put(&root, "box", "gone", "1").await;
    root.call(DeleteObject { bucket: "box".into(), key: "gone".into(), ..Default::default() }).await.unwrap();
    let noncurrent =
        NoncurrentVersionExpiration { noncurrent_days: Some(1), newer_noncurrent_versions: None };
    let markers = LifecycleExpiration { expired_object_delete_marker: Some(true), ..Default::default() };
    let both = LifecycleRule {
        noncurrent_version_expiration: Some(noncurrent),
        expiration: Some(markers),
        ..rule("")
    };
    configure(&root, vec![both]).await.unwrap();
    midnights(&cloud, 3).await;
    let all = root.call(ListObjectVersions { bucket: "box".into(), ..Default::default() }).await.unwrap();
    assert_eq!(all.versions.unwrap().len(), 1);
    assert_eq!(all.delete_markers, None);
}

#[tokio::test]
async fn rules_that_cannot_be() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let sentence = async |rule: LifecycleRule| failed(configure(&root, vec![rule]).await).1;
    assert_eq!(sentence(rule("")).await, "At least one action needs to be specified in a rule");
    assert_eq!(
        sentence(LifecycleRule { expiration: after(0), ..rule("") }).await,
        "'Days' for Expiration action must be a positive integer"
    );
    let date = LifecycleExpiration { date: Some(cloud.now()), ..Default::default() };
    assert_eq!(
        sentence(LifecycleRule { expiration: Some(date), ..rule("") }).await,
        "'Date' must be at midnight GMT"
    );
    let named = || LifecycleRule { id: Some("a".into()), expiration: after(1), ..rule("") };
    assert_eq!(
        failed(configure(&root, vec![named(), named()]).await).1,
        "Rule ID must be unique. Found same ID for more than one rule"
    );
    let both = LifecycleRule { prefix: Some("x".into()), ..named() };
    assert_eq!(code(configure(&root, vec![both]).await), ("MalformedXML".into(), 400));
    let transition = LifecycleRule {
        transitions: Some(vec![Transition {
            days: Some(30),
            date: None,
            storage_class: Some(TransitionStorageClass::Glacier),
        }]),
        ..named()
    };
    assert_eq!(code(configure(&root, vec![transition]).await), ("NotImplemented".into(), 501));
    let user = cloud.user("ann", &[]);
    assert_eq!(code(configure(&user, vec![named()]).await), ("AccessDenied".into(), 403));
    configure(&root, vec![named()]).await.unwrap();
    let get = GetBucketLifecycleConfiguration { bucket: "box".into(), ..Default::default() };
    let told = root.call(get).await.unwrap().rules.unwrap();
    assert_eq!(told, [named()]);
}
