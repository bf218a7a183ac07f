use crate::cloud::{bucket, bytes, cloud, code, failed, get, object, put, read, text};
use api_s3::*;
use bytes::Bytes;
use std::collections::BTreeMap;
use wire::{Body, ErrorResponse};

#[tokio::test]
async fn what_is_put_is_got() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let input = PutObject {
        content_type: Some("text/plain".into()),
        content_encoding: Some("aws-chunked,gzip".into()),
        metadata: Some(BTreeMap::from([("color".into(), "red".into())])),
        tagging: Some("a=1".into()),
        ..object("box", "a b/é's", "hello")
    };
    let output = root.call(input).await.unwrap();
    assert_eq!(output.e_tag.as_deref(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    assert_eq!(output.server_side_encryption, Some(ServerSideEncryption::Aes256));
    assert_eq!(output.checksum_type, Some(ChecksumType::FullObject));
    assert!(output.checksum_crc64nvme.is_some());
    let got = root.call(read("box", "a b/é's")).await.unwrap();
    assert_eq!(got.content_type.as_deref(), Some("text/plain"));
    assert_eq!(got.content_encoding.as_deref(), Some("gzip"));
    assert_eq!(got.metadata.as_ref().unwrap()["color"], "red");
    assert_eq!((got.content_length, got.checksum_crc64nvme.clone()), (Some(5), None));
    assert_eq!(text(got).await, "hello");
    let with = GetObject { checksum_mode: Some(ChecksumMode::Enabled), ..read("box", "a b/é's") };
    assert_eq!(root.call(with).await.unwrap().checksum_crc64nvme, output.checksum_crc64nvme);
    let head = HeadObject { bucket: "box".into(), key: "a b/é's".into(), ..Default::default() };
    assert_eq!(root.call(head).await.unwrap().content_length, Some(5));
    assert_eq!(code(get(&root, "box", "gone").await), ("NoSuchKey".into(), 404));
    assert_eq!(code(get(&root, "nobox", "gone").await), ("NoSuchBucket".into(), 404));
}

#[tokio::test]
async fn large_bodies_are_streamed_and_read_in_ranges() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let whole: Bytes = (0..1_000_000_u32).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let chunks: Vec<_> = whole.chunks(70_000).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    let body = Body::stream(Box::pin(futures::stream::iter(chunks)), Some(1_000_000));
    let input = PutObject { body: Some(body), ..object("box", "large", "") };
    root.call(input).await.unwrap();
    let part = |range: &str| {
        let input = GetObject { range: Some(range.into()), ..read("box", "large") };
        let root = root.clone();
        async move { root.call(input).await }
    };
    let got = part("bytes=300000-600000").await.unwrap();
    assert_eq!(got.content_range.as_deref(), Some("bytes 300000-600000/1000000"));
    assert_eq!(got.content_length, Some(300_001));
    assert_eq!(bytes(got.body.unwrap()).await, whole.slice(300_000..600_001));
    let error = part("bytes=1000000-").await.unwrap_err();
    assert_eq!((error.code.as_str(), error.status), ("InvalidRange", 416));
    assert!(error.members.contains(&("ActualObjectSize", "1000000".into())));
    assert_eq!(bytes(root.call(read("box", "large")).await.unwrap().body.unwrap()).await, whole);
}

#[tokio::test]
async fn bodies_are_what_their_headers_say() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let with = |change: fn(&mut PutObject)| {
        let mut input = object("box", "k", "hello");
        change(&mut input);
        root.call(input)
    };
    with(|input| input.content_md5 = Some("XUFAKrxLKna5cZ2REBfFkg==".into())).await.unwrap();
    assert_eq!(
        failed(with(|input| input.content_md5 = Some("AAAAAAAAAAAAAAAAAAAAAA==".into())).await),
        ("BadDigest".into(), "The Content-MD5 you specified did not match what we received.".into())
    );
    assert_eq!(
        failed(with(|input| input.content_md5 = Some("short".into())).await),
        ("InvalidDigest".into(), "The Content-MD5 you specified was invalid.".into())
    );
    // CRC-32 of "hello" is 3610a686.
    let output = with(|input| input.checksum_crc32 = Some("NhCmhg==".into())).await.unwrap();
    assert_eq!(output.checksum_crc32.as_deref(), Some("NhCmhg=="));
    assert_eq!(
        failed(with(|input| input.checksum_crc32 = Some("AAAAAA==".into())).await),
        ("BadDigest".into(), "The CRC32 you specified did not match the calculated checksum.".into())
    );
    assert_eq!(
        failed(with(|input| input.checksum_crc32 = Some("AA==".into())).await).1,
        "Value for x-amz-checksum-crc32 header is invalid."
    );
    assert_eq!(
        code(with(|input| input.checksum_md5 = Some("AA==".into())).await),
        ("NotImplemented".into(), 501)
    );
    let chosen = with(|input| input.checksum_algorithm = Some(ChecksumAlgorithm::Sha256)).await.unwrap();
    assert!(chosen.checksum_sha256.is_some() && chosen.checksum_crc64nvme.is_none());
    assert_eq!(get(&root, "box", "k").await.unwrap(), "hello");

    // What the gateway found wrong in the stream is what is answered, and nothing is stored.
    let inner =
        ErrorResponse::sender("BadDigest", "The CRC32 you specified did not match the calculated checksum.");
    let chunks = vec![Ok(Bytes::from_static(b"bad")), Err(std::io::Error::other(inner))];
    let body = Body::stream(Box::pin(futures::stream::iter(chunks)), Some(3));
    let input = PutObject { body: Some(body), ..object("box", "k", "") };
    assert_eq!(code(root.call(input).await), ("BadDigest".into(), 400));
    let short = Body::stream(Box::pin(futures::stream::iter(vec![Ok(Bytes::from_static(b"bad"))])), Some(4));
    let input = PutObject { body: Some(short), ..object("box", "k", "") };
    assert_eq!(code(root.call(input).await), ("IncompleteBody".into(), 400));
    let huge = Body::stream(Box::pin(futures::stream::empty()), Some((5 << 30) + 1));
    let input = PutObject { body: Some(huge), ..object("box", "k", "") };
    assert_eq!(code(root.call(input).await), ("EntityTooLarge".into(), 400));
    assert_eq!(get(&root, "box", "k").await.unwrap(), "hello");
}

#[tokio::test]
async fn what_is_not_honoured_is_refused() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let refused = async |change: fn(&mut PutObject)| {
        let mut input = object("box", "k", "hello");
        change(&mut input);
        code(root.call(input).await).0
    };
    assert_eq!(
        refused(|it| it.server_side_encryption = Some(ServerSideEncryption::AwsKmsDsse)).await,
        "NotImplemented"
    );
    assert_eq!(refused(|it| it.sse_customer_algorithm = Some("AES256".into())).await, "InvalidArgument");
    assert_eq!(refused(|it| it.ssekms_key_id = Some("key".into())).await, "InvalidArgument");
    assert_eq!(refused(|it| it.object_lock_mode = Some(ObjectLockMode::Compliance)).await, "InvalidRequest");
    assert_eq!(refused(|it| it.storage_class = Some("COLD".into())).await, "InvalidStorageClass");
    assert_eq!(refused(|it| it.key = "k".repeat(1025)).await, "KeyTooLongError");
    assert_eq!(refused(|it| it.tagging = Some("a=1&a=2".into())).await, "InvalidTag");
    assert_eq!(
        refused(|it| it.acl = Some(ObjectCannedACL::PublicRead)).await,
        "AccessControlListNotSupported"
    );
    assert_eq!(
        refused(|it| it.website_redirect_location = Some("x".into())).await,
        "InvalidRedirectLocation"
    );
    assert_eq!(
        refused(|it| it.metadata = Some(BTreeMap::from([("a".into(), "b".repeat(2048))]))).await,
        "MetadataTooLarge"
    );
    assert_eq!(
        refused(|it| it.expected_bucket_owner = Some("1".into())).await,
        "InvalidBucketOwnerAWSAccountID"
    );
    assert_eq!(code(get(&root, "box", "k").await).0, "NoSuchKey");
    let full = PutObject { acl: Some(ObjectCannedACL::BucketOwnerFullControl), ..object("box", "k", "1") };
    root.call(full).await.unwrap();
}

#[tokio::test]
async fn conditional_writes_and_reads() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let new = PutObject { if_none_match: Some("*".into()), ..object("box", "k", "one") };
    let etag = root.call(new.clone()).await.unwrap().e_tag.unwrap();
    assert_eq!(
        failed(root.call(new.clone()).await),
        ("PreconditionFailed".into(), "At least one of the pre-conditions you specified did not hold".into())
    );
    let other = PutObject { if_none_match: Some(etag.clone()), ..new.clone() };
    assert_eq!(code(root.call(other).await), ("NotImplemented".into(), 501));
    let swap = |expected: &str| PutObject { if_match: Some(expected.into()), ..object("box", "k", "two") };
    assert_eq!(code(root.call(swap("\"0\"")).await), ("PreconditionFailed".into(), 412));
    root.call(swap(&etag)).await.unwrap();
    assert_eq!(code(root.call(swap(&etag)).await), ("PreconditionFailed".into(), 412));
    let missing = PutObject { key: "gone".into(), ..swap(&etag) };
    assert_eq!(code(root.call(missing).await), ("NoSuchKey".into(), 404));

    let now = cloud.now();
    let read = |change: &dyn Fn(&mut GetObject)| {
        let mut input = read("box", "k");
        change(&mut input);
        let root = root.clone();
        async move { root.call(input).await.map(|_| ()).map_err(|error| error.status) }
    };
    let current = root.call(HeadObject { bucket: "box".into(), key: "k".into(), ..Default::default() }).await;
    let current = current.unwrap().e_tag.unwrap();
    let hour = std::time::Duration::from_secs(3600);
    assert_eq!(read(&|it| it.if_match = Some(current.clone())).await, Ok(()));
    assert_eq!(read(&|it| it.if_match = Some("\"0\"".into())).await, Err(412));
    assert_eq!(read(&|it| it.if_none_match = Some(current.clone())).await, Err(304));
    assert_eq!(read(&|it| it.if_none_match = Some("\"0\"".into())).await, Ok(()));
    assert_eq!(read(&|it| it.if_modified_since = Some(now)).await, Err(304));
    assert_eq!(read(&|it| it.if_modified_since = Some(now.minus(hour))).await, Ok(()));
    assert_eq!(read(&|it| it.if_unmodified_since = Some(now.minus(hour))).await, Err(412));
    // The entity tag decides where both are given.
    let both = |it: &mut GetObject| {
        it.if_match = Some(current.clone());
        it.if_unmodified_since = Some(now.minus(hour));
    };
    assert_eq!(read(&both).await, Ok(()));
}

#[tokio::test]
async fn what_is_missing_is_told_only_to_who_may_list() {
    let cloud = cloud();
    bucket(&cloud.root(), "box").await;
    put(&cloud.root(), "box", "there", "1").await;
    let reader = cloud.user(
        "reader",
        &[r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::box/*"}}"#],
    );
    assert_eq!(get(&reader, "box", "there").await.unwrap(), "1");
    assert_eq!(
        failed(get(&reader, "box", "gone").await),
        (
            "AccessDenied".into(),
            "User: arn:aws:iam::111122223333:user/reader is not authorized to perform: s3:ListBucket on resource: \
             \"arn:aws:s3:::box\" because no identity-based policy allows the s3:ListBucket action"
                .into()
        )
    );
    let both = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"}}"#;
    let lister = cloud.user("lister", &[both]);
    assert_eq!(code(get(&lister, "box", "gone").await), ("NoSuchKey".into(), 404));
}

#[tokio::test]
async fn existing_tags_and_requested_headers_are_conditions() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let tagged = PutObject { tagging: Some("class=public".into()), ..object("box", "open", "1") };
    root.call(tagged).await.unwrap();
    put(&root, "box", "closed", "2").await;
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:ExistingObjectTag/class":"public"}}},
        {"Effect":"Allow","Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"s3:x-amz-server-side-encryption":"AES256"}}}]}"#;
    let user = cloud.user("ann", &[policy]);
    assert_eq!(get(&user, "box", "open").await.unwrap(), "1");
    assert_eq!(code(get(&user, "box", "closed").await), ("AccessDenied".into(), 403));
    assert_eq!(code(user.call(object("box", "new", "3")).await), ("AccessDenied".into(), 403));
    let encrypted =
        PutObject { server_side_encryption: Some(ServerSideEncryption::Aes256), ..object("box", "new", "3") };
    user.call(encrypted.clone()).await.unwrap();
    // A header that asks for more needs more.
    let tagged = PutObject { tagging: Some("a=1".into()), ..encrypted };
    assert!(failed(user.call(tagged).await).1.contains("s3:PutObjectTagging"));
}

#[tokio::test]
async fn what_nothing_refers_to_is_not_live() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let large = PutObject { body: Some(Bytes::from(vec![1; 20_000]).into()), ..object("box", "large", "") };
    root.call(large).await.unwrap();
    put(&root, "box", "small", "1").await;
    assert_eq!(s3::live_blobs(&cloud.context().store.view(), None).unwrap().len(), 1);
    put(&root, "box", "large", "now small").await;
    assert_eq!(s3::live_blobs(&cloud.context().store.view(), None).unwrap().len(), 0);
    assert_eq!(get(&root, "box", "large").await.unwrap(), "now small");
}
