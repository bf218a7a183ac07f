use crate::cloud::{bucket, cloud, code, failed, get, object, put, read};
use api_s3::*;
use std::collections::BTreeMap;

fn copy(from: &str, bucket: &str, key: &str) -> CopyObject {
    CopyObject { copy_source: from.into(), bucket: bucket.into(), key: key.into(), ..Default::default() }
}

#[tokio::test]
async fn copies_keep_or_replace_metadata_and_tags() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "one").await;
    bucket(&root, "two").await;
    let original = PutObject {
        metadata: Some(BTreeMap::from([("a".into(), "1".into())])),
        content_type: Some("text/plain".into()),
        tagging: Some("t=1".into()),
        ..object("one", "a key", "hello")
    };
    let put = root.call(original).await.unwrap();
    let output = root.call(copy("/one/a%20key", "two", "kept")).await.unwrap();
    let result = output.copy_object_result.unwrap();
    assert_eq!(result.e_tag, put.e_tag);
    assert_eq!(result.checksum_crc64nvme, put.checksum_crc64nvme);
    let got = root.call(read("two", "kept")).await.unwrap();
    assert_eq!(got.metadata.unwrap()["a"], "1");
    let replaced = CopyObject {
        metadata_directive: Some(MetadataDirective::Replace),
        metadata: Some(BTreeMap::from([("b".into(), "2".into())])),
        checksum_algorithm: Some(ChecksumAlgorithm::Sha1),
        ..copy("one/a%20key", "two", "replaced")
    };
    let output = root.call(replaced).await.unwrap().copy_object_result.unwrap();
    assert_eq!(output.checksum_sha1.as_deref(), Some("qvTGHdzF6KLavt4PO0gs2a6pQ00="));
    let got = root.call(read("two", "replaced")).await.unwrap();
    assert_eq!(got.content_type.as_deref(), Some("binary/octet-stream"));
    assert_eq!(got.metadata.unwrap().keys().collect::<Vec<_>>(), ["b"]);
    assert_eq!(get(&root, "two", "replaced").await.unwrap(), "hello");
}

#[tokio::test]
async fn copies_that_are_refused() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "one").await;
    put(&root, "one", "k", "hello").await;
    assert_eq!(
        failed(root.call(copy("one/k", "one", "k")).await).1,
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's \
         metadata, storage class, website redirect location or encryption attributes."
    );
    assert_eq!(code(root.call(copy("one/gone", "one", "x")).await), ("NoSuchKey".into(), 404));
    assert_eq!(code(root.call(copy("none/k", "one", "x")).await), ("NoSuchBucket".into(), 404));
    assert_eq!(code(root.call(copy("one/", "one", "x")).await), ("InvalidArgument".into(), 400));
    let unless = CopyObject { copy_source_if_match: Some("\"0\"".into()), ..copy("one/k", "one", "x") };
    assert_eq!(code(root.call(unless).await), ("PreconditionFailed".into(), 412));
    assert_eq!(code(get(&root, "one", "x").await).0, "NoSuchKey");
    // Writing alone is not enough.
    let writer = cloud.user(
        "writer",
        &[r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}}"#],
    );
    assert!(failed(writer.call(copy("one/k", "one", "x")).await).1.contains("s3:GetObject"));
}
