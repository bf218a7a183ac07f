use crate::cloud::{bucket, bytes, cloud, code, failed, get, object, put, read, text, with};
use api_s3::*;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use md5::{Digest, Md5};
use testkit::TestCloud;

fn large() -> Bytes {
    "the secret recipe, ".repeat(20_000).into()
}

fn with_body(key: &str, body: Bytes) -> PutObject {
    PutObject { body: Some(body.into()), ..object("box", key, "") }
}

/// The row in which a small object's bytes are kept, as it is stored.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Stored {
    scope: names::Scope,
    bucket: String,
    key: String,
    generation: u64,
    bytes: Bytes,
}

impl store::Row for Stored {
    const TABLE: &'static str = "s3.inline-bodies";
    type Key = (String, String, u64);
    fn scope(&self) -> names::Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.bucket.clone(), self.key.clone(), self.generation)
    }
}

/// Whether a plaintext is in a row.
fn is_stored_plainly(cloud: &TestCloud, plain: &[u8]) -> bool {
    let rows = cloud.context().store.view().list_all::<Stored>().unwrap();
    rows.iter().any(|row| row.bytes.windows(plain.len()).any(|window| window == plain))
}

async fn default(
    root: &contract::Caller,
    algorithm: ServerSideEncryption,
    key: Option<&str>,
    bucket_key: bool,
) {
    let rule = ServerSideEncryptionRule {
        apply_server_side_encryption_by_default: Some(ServerSideEncryptionByDefault {
            sse_algorithm: algorithm,
            kms_master_key_id: key.map(str::to_owned),
        }),
        bucket_key_enabled: Some(bucket_key),
        blocked_encryption_types: None,
    };
    let put = PutBucketEncryption {
        bucket: "box".into(),
        server_side_encryption_configuration: ServerSideEncryptionConfiguration { rules: vec![rule] },
        ..Default::default()
    };
    root.call(put).await.unwrap();
}

#[tokio::test]
async fn bodies_are_encrypted_where_they_are_kept() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let output = root.call(with_body("large", large())).await.unwrap();
    assert_eq!(output.server_side_encryption, Some(ServerSideEncryption::Aes256));
    // The entity tag is that of the plaintext.
    assert_eq!(output.e_tag.unwrap(), format!("\"{}\"", hex::encode(Md5::digest(large()))));
    put(&root, "box", "small", "the secret recipe").await;
    assert!(!is_stored_plainly(&cloud, b"the secret recipe"));
    // Equal bodies are two blobs.
    root.call(with_body("again", large())).await.unwrap();
    let live = s3::live_blobs(&cloud.context().store.view(), None).unwrap();
    assert_eq!(live.len(), 2);
    for id in live {
        let stored = cloud.context().blobs.read_to_bytes(&id, u64::MAX).await.unwrap();
        assert!(!stored.windows(10).any(|window| window == b"the secret"));
    }
    let part = GetObject { range: Some("bytes=65530-65545".into()), ..read("box", "large") };
    assert_eq!(bytes(root.call(part).await.unwrap().body.unwrap()).await, large().slice(65_530..65_546));
    let got = root.call(read("box", "large")).await.unwrap();
    assert_eq!(got.server_side_encryption, Some(ServerSideEncryption::Aes256));
    assert_eq!(bytes(got.body.unwrap()).await, large());
    assert_eq!(get(&root, "box", "small").await.unwrap(), "the secret recipe");
    assert_eq!(get(&root, "box", "small").await.unwrap().len(), 17);

    // A copy refers to the same bytes, until it is to be encrypted otherwise.
    let copy = CopyObject {
        bucket: "box".into(),
        key: "copy".into(),
        copy_source: "box/large".into(),
        ..Default::default()
    };
    root.call(copy.clone()).await.unwrap();
    assert_eq!(s3::live_blobs(&cloud.context().store.view(), None).unwrap().len(), 2);
    let copy = CopyObject { server_side_encryption: Some(ServerSideEncryption::AwsKms), ..copy };
    let output = root.call(copy).await.unwrap();
    assert_eq!(output.server_side_encryption, Some(ServerSideEncryption::AwsKms));
    assert_eq!(s3::live_blobs(&cloud.context().store.view(), None).unwrap().len(), 3);
    assert_eq!(bytes(root.call(read("box", "copy")).await.unwrap().body.unwrap()).await, large());
}

#[tokio::test]
async fn before_2023_buckets_had_no_default() {
    let cloud = with(s3::Settings { default_encryption: false });
    let root = cloud.root();
    bucket(&root, "box").await;
    let get_encryption = GetBucketEncryption { bucket: "box".into(), ..Default::default() };
    assert_eq!(
        failed(root.call(get_encryption.clone()).await),
        (
            "ServerSideEncryptionConfigurationNotFoundError".into(),
            "The server side encryption configuration was not found".into()
        )
    );
    assert_eq!(put(&root, "box", "plain", "the secret recipe").await.server_side_encryption, None);
    assert!(is_stored_plainly(&cloud, b"the secret recipe"));
    assert_eq!(root.call(read("box", "plain")).await.unwrap().server_side_encryption, None);
    let asked =
        PutObject { server_side_encryption: Some(ServerSideEncryption::Aes256), ..object("box", "k", "1") };
    assert_eq!(root.call(asked).await.unwrap().server_side_encryption, Some(ServerSideEncryption::Aes256));
    default(&root, ServerSideEncryption::Aes256, None, false).await;
    root.call(get_encryption.clone()).await.unwrap();
    let output = put(&root, "box", "plain", "another recipe").await;
    assert_eq!(output.server_side_encryption, Some(ServerSideEncryption::Aes256));
    assert!(!is_stored_plainly(&cloud, b"another recipe"));
    root.call(DeleteBucketEncryption { bucket: "box".into(), ..Default::default() }).await.unwrap();
    assert_eq!(code(root.call(get_encryption).await).1, 404);
}

#[tokio::test]
async fn kms_decides_who_reads_and_writes() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    default(&root, ServerSideEncryption::AwsKms, Some("alias/mine"), true).await;
    let output = put(&root, "box", "k", "the secret recipe").await;
    assert_eq!(output.server_side_encryption, Some(ServerSideEncryption::AwsKms));
    assert_eq!(output.ssekms_key_id.as_deref(), Some("arn:aws:kms:us-east-1:111122223333:key/k"));
    assert_eq!(output.bucket_key_enabled, Some(true));
    assert!(!is_stored_plainly(&cloud, b"the secret recipe"));
    let got = root.call(read("box", "k")).await.unwrap();
    assert_eq!(got.server_side_encryption, Some(ServerSideEncryption::AwsKms));
    assert_eq!(text(got).await, "the secret recipe");

    let s3_only = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    let may = |action: &str, via: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"{action}","Resource":"*",
            "Condition":{{"StringEquals":{{"kms:ViaService":"{via}"}}}}}}}}"#
        )
    };
    let without = cloud.user("ann", &[s3_only]);
    let (denied, sentence) = failed(get(&without, "box", "k").await);
    assert_eq!(denied, "AccessDenied");
    assert!(sentence.contains("is not authorized to perform: kms:Decrypt on resource"), "{sentence}");
    assert!(failed(without.call(object("box", "k", "2")).await).1.contains("kms:GenerateDataKey"));
    // What is not encrypted by KMS needs no key; what is there may be looked at, but for checksums.
    let own =
        PutObject { server_side_encryption: Some(ServerSideEncryption::Aes256), ..object("box", "own", "2") };
    without.call(own).await.unwrap();
    let head = HeadObject { bucket: "box".into(), key: "k".into(), ..Default::default() };
    without.call(head.clone()).await.unwrap();
    let head = HeadObject { checksum_mode: Some(ChecksumMode::Enabled), ..head };
    assert_eq!(code(without.call(head).await), ("AccessDenied".into(), 403));
    let elsewhere = cloud.user("bob", &[s3_only, &may("kms:Decrypt", "s3.eu-west-1.amazonaws.com")]);
    assert_eq!(code(get(&elsewhere, "box", "k").await).0, "AccessDenied");
    let reader = cloud.user("cleo", &[s3_only, &may("kms:Decrypt", "s3.us-east-1.amazonaws.com")]);
    assert_eq!(get(&reader, "box", "k").await.unwrap(), "the secret recipe");
    assert_eq!(code(reader.call(object("box", "k", "2")).await).0, "AccessDenied");
    assert_eq!(get(&root, "box", "k").await.unwrap(), "the secret recipe");

    let own_context = PutObject {
        server_side_encryption: Some(ServerSideEncryption::AwsKms),
        ssekms_encryption_context: Some(STANDARD.encode(r#"{"team":"blue"}"#)),
        bucket_key_enabled: Some(false),
        ..object("box", "c", "3")
    };
    let output = root.call(own_context.clone()).await.unwrap();
    assert_eq!((output.bucket_key_enabled, output.ssekms_encryption_context.is_some()), (None, true));
    assert_eq!(get(&root, "box", "c").await.unwrap(), "3");
    let malformed = PutObject { ssekms_encryption_context: Some("[]".into()), ..own_context };
    assert_eq!(code(root.call(malformed).await), ("InvalidArgument".into(), 400));
}

fn customer(fill: u8) -> (String, String) {
    (STANDARD.encode([fill; 32]), STANDARD.encode(Md5::digest([fill; 32])))
}

#[tokio::test]
async fn the_customer_s_own_key() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let (key, md5) = customer(7);
    let algorithm = Some("AES256".to_owned());
    let put = PutObject {
        sse_customer_algorithm: algorithm.clone(),
        sse_customer_key: Some(key.clone()),
        sse_customer_key_md5: Some(md5.clone()),
        ..with_body("k", large())
    };
    let output = root.call(put.clone()).await.unwrap();
    assert_eq!((output.server_side_encryption, output.sse_customer_key_md5), (None, Some(md5.clone())));
    let error = root.call(read("box", "k")).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.status), ("InvalidRequest", 400));
    let with = |key: &str, md5: &str| GetObject {
        sse_customer_algorithm: algorithm.clone(),
        sse_customer_key: Some(key.to_owned()),
        sse_customer_key_md5: Some(md5.to_owned()),
        ..read("box", "k")
    };
    assert_eq!(bytes(root.call(with(&key, &md5)).await.unwrap().body.unwrap()).await, large());
    let (other, others_md5) = customer(8);
    assert_eq!(code(root.call(with(&other, &others_md5)).await), ("AccessDenied".into(), 403));
    assert_eq!(
        failed(root.call(with(&key, &others_md5)).await).1,
        "The calculated MD5 hash of the key did not match the hash that was provided."
    );
    let short = PutObject { sse_customer_key: Some(STANDARD.encode([1; 16])), ..put.clone() };
    assert_eq!(failed(root.call(short).await).1, "The secret key was invalid for the specified algorithm.");
    let both = PutObject { server_side_encryption: Some(ServerSideEncryption::Aes256), ..put.clone() };
    assert_eq!(code(root.call(both).await).0, "InvalidArgument");
    root.call(object("box", "plain", "1")).await.unwrap();
    let needless = GetObject { key: "plain".into(), ..with(&key, &md5) };
    assert_eq!(
        failed(root.call(needless).await).1,
        "The encryption parameters are not applicable to this object."
    );
    // A bucket may refuse such keys.
    let block = PutBucketEncryption {
        bucket: "box".into(),
        server_side_encryption_configuration: ServerSideEncryptionConfiguration {
            rules: vec![ServerSideEncryptionRule {
                blocked_encryption_types: Some(BlockedEncryptionTypes {
                    encryption_type: Some(vec![EncryptionType::SseC]),
                }),
                ..Default::default()
            }],
        },
        ..Default::default()
    };
    root.call(block).await.unwrap();
    assert_eq!(code(root.call(put).await), ("AccessDenied".into(), 403));
}

#[tokio::test]
async fn parts_are_encrypted_with_their_upload_s_key() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let (key, md5) = customer(7);
    let create = CreateMultipartUpload {
        bucket: "box".into(),
        key: "k".into(),
        sse_customer_algorithm: Some("AES256".into()),
        sse_customer_key: Some(key.clone()),
        sse_customer_key_md5: Some(md5.clone()),
        ..Default::default()
    };
    let upload_id = root.call(create).await.unwrap().upload_id.unwrap();
    let body: Bytes = vec![b'x'; 100_000].into();
    let part = UploadPart {
        bucket: "box".into(),
        key: "k".into(),
        upload_id: upload_id.clone(),
        part_number: 1,
        body: Some(body.clone().into()),
        ..Default::default()
    };
    assert_eq!(code(root.call(part.clone()).await), ("InvalidRequest".into(), 400));
    let part = UploadPart {
        sse_customer_algorithm: Some("AES256".into()),
        sse_customer_key: Some(key.clone()),
        sse_customer_key_md5: Some(md5.clone()),
        ..part
    };
    let etag = root.call(part).await.unwrap().e_tag;
    let list = ListParts {
        bucket: "box".into(),
        key: "k".into(),
        upload_id: upload_id.clone(),
        ..Default::default()
    };
    assert_eq!(root.call(list).await.unwrap().parts.unwrap()[0].size, Some(100_000));
    let complete = CompleteMultipartUpload {
        bucket: "box".into(),
        key: "k".into(),
        upload_id,
        multipart_upload: Some(CompletedMultipartUpload {
            parts: Some(vec![CompletedPart { part_number: Some(1), e_tag: etag, ..Default::default() }]),
        }),
        ..Default::default()
    };
    root.call(complete).await.unwrap();
    let get = GetObject {
        sse_customer_algorithm: Some("AES256".into()),
        sse_customer_key: Some(key),
        sse_customer_key_md5: Some(md5),
        ..read("box", "k")
    };
    let got = root.call(get).await.unwrap();
    assert_eq!(got.content_length, Some(100_000));
    assert_eq!(bytes(got.body.unwrap()).await, body);
}
