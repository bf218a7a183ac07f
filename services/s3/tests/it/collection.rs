//! Bodies that no object refers to any more are removed; those of objects, of older versions and of unfinished uploads stay.

use crate::cloud::{bucket, bytes, cloud, object, put, read};
use api_s3::{
    BucketVersioningStatus, CreateMultipartUpload, DeleteObject, GetObject, PutBucketVersioning, PutObject,
    UploadPart, VersioningConfiguration,
};
use bytes::Bytes;
use std::time::Duration;

fn large(bucket: &str, key: &str, byte: u8) -> PutObject {
    PutObject { body: Some(Bytes::from(vec![byte; 20_000]).into()), ..object(bucket, key, "") }
}

#[tokio::test]
async fn bodies_of_overwritten_and_deleted_objects_go_and_all_others_stay() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    bucket(&root, "versions").await;
    let versioning_configuration =
        VersioningConfiguration { status: Some(BucketVersioningStatus::Enabled), ..Default::default() };
    let versioned =
        PutBucketVersioning { bucket: "versions".into(), versioning_configuration, ..Default::default() };
    root.call(versioned).await.unwrap();
    let live = || s3::live_blobs(&cloud.context().store.view(), None).unwrap();

    root.call(large("box", "kept", 1)).await.unwrap();
    let older = root.call(large("versions", "kept", 2)).await.unwrap().version_id;
    put(&root, "versions", "kept", "newer").await;
    let upload = CreateMultipartUpload { bucket: "box".into(), key: "parts".into(), ..Default::default() };
    let upload_id = root.call(upload).await.unwrap().upload_id.unwrap();
    let part = UploadPart {
        bucket: "box".into(),
        key: "parts".into(),
        upload_id,
        part_number: 1,
        body: Some(Bytes::from(vec![3; 20_000]).into()),
        ..Default::default()
    };
    root.call(part).await.unwrap();
    let kept = live();
    assert_eq!(kept.len(), 3);
    root.call(large("box", "overwritten", 4)).await.unwrap();
    root.call(large("box", "deleted", 5)).await.unwrap();
    let gone: Vec<_> = live().difference(&kept).copied().collect();
    assert_eq!(gone.len(), 2);

    let _work = cloud.start_work();
    put(&root, "box", "overwritten", "small").await;
    root.call(DeleteObject { bucket: "box".into(), key: "deleted".into(), ..Default::default() })
        .await
        .unwrap();
    let blobs = &cloud.context().blobs;
    cloud
        .until("what nothing refers to is removed", async || {
            cloud.advance(Duration::from_secs(60)).await;
            let there = [blobs.exists(&gone[0]).await.unwrap(), blobs.exists(&gone[1]).await.unwrap()];
            (there == [false, false]).then_some(())
        })
        .await;
    for id in kept {
        assert!(blobs.exists(&id).await.unwrap());
    }
    let body = async |read: GetObject| bytes(root.call(read).await.unwrap().body.unwrap()).await;
    assert_eq!(body(read("box", "kept")).await, vec![1; 20_000]);
    assert_eq!(body(GetObject { version_id: older, ..read("versions", "kept") }).await, vec![2; 20_000]);
}
