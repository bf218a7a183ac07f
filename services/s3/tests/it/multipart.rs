use crate::cloud::{bucket, bytes, cloud, code, failed, get, read};
use api_s3::*;
use bytes::Bytes;
use contract::Caller;

const PART: usize = 5 << 20;

fn body(fill: u8, length: usize) -> Bytes {
    vec![fill; length].into()
}

async fn begin(root: &Caller, algorithm: Option<ChecksumAlgorithm>) -> String {
    let create = CreateMultipartUpload {
        bucket: "box".into(),
        key: "k".into(),
        content_type: Some("video/mp4".into()),
        checksum_algorithm: algorithm,
        ..Default::default()
    };
    root.call(create).await.unwrap().upload_id.unwrap()
}

fn upload(id: &str, number: i32, body: Bytes) -> UploadPart {
    UploadPart {
        bucket: "box".into(),
        key: "k".into(),
        upload_id: id.into(),
        part_number: number,
        body: Some(body.into()),
        ..Default::default()
    }
}

fn complete(id: &str, parts: &[(i32, &str)]) -> CompleteMultipartUpload {
    let parts = parts.iter().map(|(number, etag)| CompletedPart {
        part_number: Some(*number),
        e_tag: Some((*etag).into()),
        ..Default::default()
    });
    CompleteMultipartUpload {
        bucket: "box".into(),
        key: "k".into(),
        upload_id: id.into(),
        multipart_upload: Some(CompletedMultipartUpload { parts: Some(parts.collect()) }),
        ..Default::default()
    }
}

#[tokio::test]
async fn parts_become_an_object() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let id = begin(&root, None).await;
    let (first, second) = (body(b'a', PART), body(b'b', 1000));
    let two = root.call(upload(&id, 7, second.clone())).await.unwrap().e_tag.unwrap();
    root.call(upload(&id, 2, body(b'x', 10))).await.unwrap();
    let one = root.call(upload(&id, 2, first.clone())).await.unwrap().e_tag.unwrap();
    let list =
        ListParts { bucket: "box".into(), key: "k".into(), upload_id: id.clone(), ..Default::default() };
    let listed = root.call(list.clone()).await.unwrap().parts.unwrap();
    assert_eq!(
        listed.iter().map(|part| (part.part_number, part.size)).collect::<Vec<_>>(),
        [(Some(2), Some(PART as i64)), (Some(7), Some(1000))]
    );
    assert_eq!(code(get(&root, "box", "k").await).0, "NoSuchKey");
    let output = root.call(complete(&id, &[(2, &one), (7, &two)])).await.unwrap();
    let etag = output.e_tag.unwrap();
    assert!(etag.ends_with("-2\""), "{etag}");
    let whole = Bytes::from([first.as_ref(), second.as_ref()].concat());
    // The whole object's checksum is put together from its parts', and is what one PUT of the same bytes has.
    let single = PutObject {
        bucket: "box".into(),
        key: "one".into(),
        body: Some(whole.clone().into()),
        ..Default::default()
    };
    assert_eq!(output.checksum_crc64nvme, root.call(single).await.unwrap().checksum_crc64nvme);
    let got = root.call(read("box", "k")).await.unwrap();
    assert_eq!(got.content_type.as_deref(), Some("video/mp4"));
    assert_eq!(bytes(got.body.unwrap()).await, whole);
    let across = GetObject { range: Some(format!("bytes={}-{}", PART - 2, PART + 1)), ..read("box", "k") };
    assert_eq!(bytes(root.call(across).await.unwrap().body.unwrap()).await, Bytes::from_static(b"aabb"));
    let part = GetObject { part_number: Some(2), ..read("box", "k") };
    let part = root.call(part).await.unwrap();
    assert_eq!((part.parts_count, part.content_length), (Some(2), Some(1000)));
    let none = GetObject { part_number: Some(3), ..read("box", "k") };
    assert_eq!(code(root.call(none).await), ("InvalidPartNumber".into(), 416));
    // A copy of it is of one part.
    let copy = CopyObject {
        bucket: "box".into(),
        key: "c".into(),
        copy_source: "box/k".into(),
        ..Default::default()
    };
    let copied = root.call(copy).await.unwrap().copy_object_result.unwrap().e_tag.unwrap();
    assert!(!copied.contains('-'));
    assert_eq!(bytes(root.call(read("box", "c")).await.unwrap().body.unwrap()).await, whole);
    assert_eq!(code(root.call(list).await), ("NoSuchUpload".into(), 404));
}

#[tokio::test]
async fn checksums_of_parts() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let id = begin(&root, Some(ChecksumAlgorithm::Sha256)).await;
    let sent = root.call(upload(&id, 1, Bytes::from_static(b"hello"))).await.unwrap();
    let value = sent.checksum_sha256.unwrap();
    let other = UploadPart {
        checksum_crc32: Some("NhCmhg==".into()),
        ..upload(&id, 2, Bytes::from_static(b"hello"))
    };
    assert_eq!(
        failed(root.call(other).await).1,
        "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32"
    );
    let etag = sent.e_tag.unwrap();
    let with = |value: &str| {
        let mut input = complete(&id, &[(1, &etag)]);
        input.multipart_upload.as_mut().unwrap().parts.as_mut().unwrap()[0].checksum_sha256 =
            Some(value.into());
        input
    };
    let wrong = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert_eq!(code(root.call(with(wrong)).await), ("InvalidPart".into(), 400));
    let output = root.call(with(&value)).await.unwrap();
    assert_eq!(output.checksum_type, Some(ChecksumType::Composite));
    assert!(output.checksum_sha256.unwrap().ends_with("-1"));
    let attributes = GetObjectAttributes {
        bucket: "box".into(),
        key: "k".into(),
        object_attributes: vec![ObjectAttributes::ObjectParts, ObjectAttributes::ETag],
        ..Default::default()
    };
    let answer = root.call(attributes).await.unwrap();
    assert_eq!(answer.object_size, None);
    let parts = answer.object_parts.unwrap();
    assert_eq!(parts.total_parts_count, Some(1));
    assert_eq!(parts.parts.unwrap()[0].checksum_sha256.as_deref(), Some(value.as_str()));
    let impossible = CreateMultipartUpload {
        bucket: "box".into(),
        key: "k".into(),
        checksum_algorithm: Some(ChecksumAlgorithm::Sha256),
        checksum_type: Some(ChecksumType::FullObject),
        ..Default::default()
    };
    assert_eq!(
        failed(root.call(impossible).await).1,
        "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm."
    );
}

#[tokio::test]
async fn uploads_that_cannot_be_completed() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let id = begin(&root, None).await;
    let small = root.call(upload(&id, 1, body(b'a', 10))).await.unwrap().e_tag.unwrap();
    let last = root.call(upload(&id, 2, body(b'b', 10))).await.unwrap().e_tag.unwrap();
    let fails = async |parts: &[(i32, &str)]| code(root.call(complete(&id, parts)).await).0;
    assert_eq!(fails(&[(1, &small), (2, &last)]).await, "EntityTooSmall");
    assert_eq!(fails(&[(2, &last), (1, &small)]).await, "InvalidPartOrder");
    assert_eq!(fails(&[(1, &last)]).await, "InvalidPart");
    assert_eq!(fails(&[(3, &last)]).await, "InvalidPart");
    assert_eq!(fails(&[]).await, "MalformedXML");
    assert_eq!(code(root.call(upload(&id, 10_001, body(b'a', 1))).await), ("InvalidArgument".into(), 400));
    assert_eq!(code(root.call(upload("gone", 1, body(b'a', 1))).await), ("NoSuchUpload".into(), 404));
    let list = ListMultipartUploads { bucket: "box".into(), ..Default::default() };
    assert_eq!(root.call(list.clone()).await.unwrap().uploads.unwrap().len(), 1);
    let abort = AbortMultipartUpload {
        bucket: "box".into(),
        key: "k".into(),
        upload_id: id.clone(),
        ..Default::default()
    };
    root.call(abort.clone()).await.unwrap();
    assert_eq!(code(root.call(abort).await), ("NoSuchUpload".into(), 404));
    assert!(root.call(list).await.unwrap().uploads.is_none());
    // An upload under way does not keep the bucket.
    begin(&root, None).await;
    root.call(DeleteBucket { bucket: "box".into(), ..Default::default() }).await.unwrap();
    assert_eq!(fails(&[(1, &small)]).await, "NoSuchBucket");
}

#[tokio::test]
async fn completion_may_be_conditional() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    crate::cloud::put(&root, "box", "k", "there").await;
    let id = begin(&root, None).await;
    let etag = root.call(upload(&id, 1, body(b'a', 10))).await.unwrap().e_tag.unwrap();
    let once = CompleteMultipartUpload { if_none_match: Some("*".into()), ..complete(&id, &[(1, &etag)]) };
    assert_eq!(code(root.call(once).await), ("PreconditionFailed".into(), 412));
    let sized = CompleteMultipartUpload { mpu_object_size: Some(11), ..complete(&id, &[(1, &etag)]) };
    assert_eq!(code(root.call(sized).await), ("InvalidRequest".into(), 400));
    root.call(complete(&id, &[(1, &etag)])).await.unwrap();
    assert_eq!(get(&root, "box", "k").await.unwrap(), "aaaaaaaaaa");
}

#[tokio::test]
async fn parts_may_be_copied() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    crate::cloud::put(&root, "box", "source", "0123456789").await;
    let id = begin(&root, None).await;
    let copy = |range: &str| UploadPartCopy {
        bucket: "box".into(),
        key: "k".into(),
        upload_id: id.clone(),
        part_number: 1,
        copy_source: "box/source".into(),
        copy_source_range: Some(range.into()),
        ..Default::default()
    };
    assert_eq!(
        failed(root.call(copy("bytes=5-10")).await).1,
        "Range specified is not valid for source object of size: 10"
    );
    assert_eq!(code(root.call(copy("bytes=5-")).await), ("InvalidArgument".into(), 400));
    let unless = UploadPartCopy { copy_source_if_none_match: Some("*".into()), ..copy("bytes=0-1") };
    assert_eq!(code(root.call(unless).await), ("PreconditionFailed".into(), 412));
    let writer = cloud.user(
        "writer",
        &[r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}}"#],
    );
    assert!(failed(writer.call(copy("bytes=0-1")).await).1.contains("s3:GetObject"));
    let etag = root.call(copy("bytes=3-6")).await.unwrap().copy_part_result.unwrap().e_tag.unwrap();
    root.call(complete(&id, &[(1, &etag)])).await.unwrap();
    assert_eq!(get(&root, "box", "k").await.unwrap(), "3456");
}
