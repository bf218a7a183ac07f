use crate::cloud::{bucket, cloud, code, failed, object, put};
use api_s3::*;

macro_rules! of_box {
    ($operation:ident) => {
        $operation { bucket: "box".into(), ..Default::default() }
    };
}

#[tokio::test]
async fn what_no_bucket_has_is_answered_as_absent() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let absent = |code: &str, message: &str| (code.to_owned(), message.to_owned());
    assert_eq!(
        failed(root.call(of_box!(GetBucketCors)).await),
        absent("NoSuchCORSConfiguration", "The CORS configuration does not exist")
    );
    assert_eq!(
        failed(root.call(of_box!(GetBucketLifecycleConfiguration)).await),
        absent("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
    );
    assert_eq!(
        failed(root.call(of_box!(GetBucketReplication)).await),
        absent("ReplicationConfigurationNotFoundError", "The replication configuration was not found")
    );
    assert_eq!(
        failed(root.call(of_box!(GetBucketWebsite)).await),
        absent("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
    );
    assert_eq!(
        failed(root.call(of_box!(GetObjectLockConfiguration)).await),
        absent(
            "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket"
        )
    );
    assert_eq!(
        failed(root.call(of_box!(GetBucketTagging)).await),
        absent("NoSuchTagSet", "The TagSet does not exist")
    );
    assert_eq!(root.call(of_box!(GetBucketRequestPayment)).await.unwrap().payer, Some(Payer::BucketOwner));
    assert_eq!(root.call(of_box!(GetBucketAccelerateConfiguration)).await.unwrap().status, None);
    assert_eq!(root.call(of_box!(GetBucketLogging)).await.unwrap().logging_enabled, None);
    assert_eq!(root.call(of_box!(GetBucketVersioning)).await.unwrap().status, None);
}

#[tokio::test]
async fn settings_are_put_read_and_deleted() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let tag = |key: &str| Tag { key: key.into(), value: "1".into() };
    let tagging = |tags: Vec<Tag>| PutBucketTagging {
        bucket: "box".into(),
        tagging: Tagging { tag_set: tags },
        ..Default::default()
    };
    root.call(tagging(vec![tag("a"), tag("b")])).await.unwrap();
    assert_eq!(root.call(of_box!(GetBucketTagging)).await.unwrap().tag_set.len(), 2);
    assert_eq!(
        failed(root.call(tagging(vec![tag("aws:x")])).await),
        ("InvalidTag".into(), "System tags cannot be added/updated by requester".into())
    );
    root.call(of_box!(DeleteBucketTagging)).await.unwrap();
    assert_eq!(code(root.call(of_box!(GetBucketTagging)).await).0, "NoSuchTagSet");

    assert!(root.call(of_box!(GetPublicAccessBlock)).await.is_ok());
    root.call(of_box!(DeletePublicAccessBlock)).await.unwrap();
    assert_eq!(
        failed(root.call(of_box!(GetPublicAccessBlock)).await),
        (
            "NoSuchPublicAccessBlockConfiguration".into(),
            "The public access block configuration was not found".into()
        )
    );
    let controls = root.call(of_box!(GetBucketOwnershipControls)).await.unwrap().ownership_controls.unwrap();
    assert_eq!(controls.rules[0].object_ownership, ObjectOwnership::BucketOwnerEnforced);
    root.call(of_box!(DeleteBucketOwnershipControls)).await.unwrap();
    assert_eq!(
        code(root.call(of_box!(GetBucketOwnershipControls)).await),
        ("OwnershipControlsNotFoundError".into(), 404)
    );

    let rule = |algorithm| ServerSideEncryptionRule {
        apply_server_side_encryption_by_default: Some(ServerSideEncryptionByDefault {
            sse_algorithm: algorithm,
            kms_master_key_id: None,
        }),
        bucket_key_enabled: Some(true),
        blocked_encryption_types: None,
    };
    let encryption = |algorithm| PutBucketEncryption {
        bucket: "box".into(),
        server_side_encryption_configuration: ServerSideEncryptionConfiguration {
            rules: vec![rule(algorithm)],
        },
        ..Default::default()
    };
    root.call(encryption(ServerSideEncryption::Aes256)).await.unwrap();
    assert_eq!(
        code(root.call(encryption(ServerSideEncryption::AwsKmsDsse)).await),
        ("NotImplemented".into(), 501)
    );
    let answer =
        root.call(of_box!(GetBucketEncryption)).await.unwrap().server_side_encryption_configuration.unwrap();
    assert_eq!(answer.rules[0], rule(ServerSideEncryption::Aes256));
    root.call(of_box!(DeleteBucketEncryption)).await.unwrap();
}

#[tokio::test]
async fn versioning_needs_a_status() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let versioning = of_box!(PutBucketVersioning);
    assert_eq!(code(root.call(versioning).await).0, "IllegalVersioningConfigurationException");
}

#[tokio::test]
async fn tags_of_objects() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    put(&root, "box", "k", "1").await;
    let tagging = |count: usize| PutObjectTagging {
        key: "k".into(),
        tagging: Tagging {
            tag_set: (0..count).map(|at| Tag { key: format!("k{at}"), value: "v".into() }).collect(),
        },
        ..of_box!(PutObjectTagging)
    };
    root.call(tagging(10)).await.unwrap();
    assert_eq!(
        failed(root.call(tagging(11)).await),
        ("BadRequest".into(), "Object tags cannot be greater than 10".into())
    );
    let get = GetObjectTagging { key: "k".into(), ..of_box!(GetObjectTagging) };
    assert_eq!(root.call(get.clone()).await.unwrap().tag_set.len(), 10);
    root.call(DeleteObjectTagging { key: "k".into(), ..of_box!(DeleteObjectTagging) }).await.unwrap();
    assert_eq!(root.call(get.clone()).await.unwrap().tag_set.len(), 0);
    // The body is untouched, and overwriting drops the tags.
    root.call(tagging(1)).await.unwrap();
    root.call(object("box", "k", "2")).await.unwrap();
    assert_eq!(root.call(get).await.unwrap().tag_set.len(), 0);
}
