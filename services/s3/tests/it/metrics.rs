//! What buckets measure.

use crate::cloud::{bucket, cloud, object, put};
use api_s3::*;
use bytes::Bytes;
use std::time::Duration;
use testkit::TestCloud;

/// What is reported at the next midnight, once there are so many lines.
async fn midnight(cloud: &TestCloud, count: usize) -> Vec<String> {
    cloud.settle().await;
    cloud.advance(Duration::from_secs(86_400)).await;
    let mut lines = Vec::new();
    cloud
        .until("it is reported", async || {
            lines.extend(cloud.measured("AWS/S3"));
            (lines.len() >= count).then_some(())
        })
        .await;
    lines.sort();
    lines
}

#[tokio::test]
async fn what_a_bucket_holds_is_reported_at_midnight() {
    let cloud = cloud();
    let _work = cloud.start_work();
    let root = cloud.root();
    bucket(&root, "box").await;
    bucket(&root, "empty").await;
    put(&root, "box", "a", "12345").await;
    put(&root, "box", "b", "123").await;
    let rare = PutObject { storage_class: Some("STANDARD_IA".into()), ..object("box", "rare", "1234567") };
    root.call(rare).await.unwrap();
    assert!(cloud.measured("AWS/S3").is_empty());
    assert_eq!(
        midnight(&cloud, 3).await,
        [
            "BucketSizeBytes{BucketName=box,StorageType=StandardIAStorage} Bytes 7",
            "BucketSizeBytes{BucketName=box,StorageType=StandardStorage} Bytes 8",
            "NumberOfObjects{BucketName=box,StorageType=AllStorageTypes} Count 3",
        ]
    );

    let versioning = PutBucketVersioning {
        bucket: "box".into(),
        versioning_configuration: VersioningConfiguration {
            status: Some(BucketVersioningStatus::Enabled),
            ..Default::default()
        },
        ..Default::default()
    };
    root.call(versioning).await.unwrap();
    root.call(DeleteObject { bucket: "box".into(), key: "a".into(), ..Default::default() }).await.unwrap();
    let create = CreateMultipartUpload { bucket: "box".into(), key: "k".into(), ..Default::default() };
    let upload_id = root.call(create).await.unwrap().upload_id.unwrap();
    let part = UploadPart {
        bucket: "box".into(),
        key: "k".into(),
        upload_id,
        part_number: 1,
        body: Some(Bytes::from_static(b"0123456789").into()),
        ..Default::default()
    };
    root.call(part).await.unwrap();
    assert_eq!(
        midnight(&cloud, 3).await,
        [
            "BucketSizeBytes{BucketName=box,StorageType=StandardIAStorage} Bytes 7",
            "BucketSizeBytes{BucketName=box,StorageType=StandardStorage} Bytes 18",
            "NumberOfObjects{BucketName=box,StorageType=AllStorageTypes} Count 5",
        ],
        "a delete marker, the version behind it, and a part count too"
    );
}
