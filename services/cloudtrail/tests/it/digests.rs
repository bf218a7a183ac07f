use crate::cloud::{BUCKET, Cloud, refusal, text};
use api_cloudtrail::{
    CreateTrail, DeleteTrail, GetTrailStatus, ListPublicKeys, StartLogging, StopLogging, UpdateTrail,
};
use rsa::RsaPublicKey;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::signature::Verifier;
use sha2::{Digest, Sha256};
use std::time::Duration;
use wire::Document;

const HOUR: Duration = Duration::from_secs(60 * 60);

async fn trail(cloud: &Cloud) {
    cloud.bucket().await;
    let create = CreateTrail {
        name: "audit".into(),
        s3_bucket_name: BUCKET.into(),
        enable_log_file_validation: Some(true),
        ..Default::default()
    };
    let made = cloud.root.call(create).await.unwrap();
    assert_eq!(made.log_file_validation_enabled, Some(true));
    cloud.root.call(StartLogging { name: "audit".into() }).await.unwrap();
}

struct Found {
    key: String,
    digest: Document,
    hash: String,
    signature: String,
}

/// The digest files so far, the oldest first. Each is what its signature says, by the public key that the service lists.
async fn digests(cloud: &Cloud) -> Vec<Found> {
    let mut found = Vec::new();
    for (key, digest) in cloud.files().await {
        if !key.contains("/CloudTrail-Digest/") {
            continue;
        }
        let head = api_s3::HeadObject { bucket: BUCKET.into(), key: key.clone(), ..Default::default() };
        let head = cloud.root.call(head).await.unwrap();
        assert_eq!(head.server_side_encryption.unwrap().as_str(), "AES256");
        let metadata = head.metadata.unwrap();
        assert_eq!(metadata["signature-algorithm"], "SHA256withRSA");
        let hash = hex::encode(Sha256::digest(digest.to_string()));
        let previous = digest.get("previousDigestSignature").unwrap().as_str().unwrap_or("null");
        let end = text(&digest, &["digestEndTime"]);
        let signed = format!("{end}\n{BUCKET}/{key}\n{hash}\n{previous}");
        let public = public_key(cloud, text(&digest, &["digestPublicKeyFingerprint"])).await;
        let signature = Signature::try_from(&hex::decode(&metadata["signature"]).unwrap()[..]).unwrap();
        let verifying = VerifyingKey::<Sha256>::new(public);
        verifying.verify(signed.as_bytes(), &signature).unwrap();
        assert!(verifying.verify(signed.replace(BUCKET, "other").as_bytes(), &signature).is_err());
        found.push(Found { key, digest, hash, signature: metadata["signature"].clone() });
    }
    found
}

async fn public_key(cloud: &Cloud, fingerprint: &str) -> RsaPublicKey {
    let from = cloud.cloud.now().minus(Duration::from_secs(100 * 24 * 60 * 60));
    let list = ListPublicKeys { start_time: Some(from), ..Default::default() };
    let keys = cloud.root.call(list).await.unwrap().public_key_list.unwrap();
    let key = keys.into_iter().find(|key| key.fingerprint.as_deref() == Some(fingerprint)).unwrap();
    RsaPublicKey::from_pkcs1_der(&key.value.unwrap()).unwrap()
}

async fn at_least(cloud: &Cloud, count: usize) -> Vec<Found> {
    cloud
        .gathered(async || {
            let found = digests(cloud).await;
            (found.len() >= count).then_some(found)
        })
        .await
}

async fn log_files(cloud: &Cloud) -> usize {
    cloud.files().await.iter().filter(|(key, _)| key.contains("/CloudTrail/")).count()
}

#[tokio::test]
async fn each_hour_is_told_and_signed_and_names_the_one_before() {
    let cloud = Cloud::start();
    trail(&cloud).await;
    cloud.topic("a").await;
    cloud.gathered(async || (log_files(&cloud).await >= 1).then_some(())).await;
    cloud.cloud.clock.advance(HOUR);
    let first = at_least(&cloud, 1).await.remove(0);
    let day = "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/11/21/111122223333_CloudTrail-Digest_us-east-1_audit_us-east-1_20261121T";
    assert!(first.key.starts_with(day) && first.key.ends_with("Z.json.gz"), "{}", first.key);
    for name in ["Signature", "S3Bucket", "S3Object", "HashValue", "HashAlgorithm"] {
        assert!(first.digest.get(&format!("previousDigest{name}")).unwrap().is_null(), "{name}");
    }
    let files = cloud.files().await;
    let told = first.digest.get("logFiles").unwrap().as_array().unwrap();
    assert!(!told.is_empty());
    for file in told {
        let object = text(file, &["s3Object"]);
        let content = &files.iter().find(|(key, _)| key == object).unwrap().1;
        assert_eq!(text(file, &["hashValue"]), hex::encode(Sha256::digest(content.to_string())));
        assert!(text(file, &["oldestEventTime"]) <= text(file, &["newestEventTime"]));
    }
    // An empty hour is told, too, and nothing is told twice.
    cloud.cloud.clock.advance(HOUR);
    let second = at_least(&cloud, 2).await.remove(1);
    assert_eq!(second.digest.get("logFiles").unwrap().as_array().unwrap().len(), 0);
    assert!(second.digest.get("newestEventTime").unwrap().is_null());
    assert_eq!(text(&second.digest, &["previousDigestS3Object"]), first.key);
    assert_eq!(text(&second.digest, &["previousDigestHashValue"]), first.hash);
    assert_eq!(text(&second.digest, &["previousDigestSignature"]), first.signature);
    assert_eq!(text(&second.digest, &["digestStartTime"]), text(&first.digest, &["digestEndTime"]));
    let status = cloud.root.call(GetTrailStatus { name: "audit".into() }).await.unwrap();
    assert!(status.latest_digest_delivery_time.is_some() && status.latest_digest_delivery_error.is_none());
    // After a month, another key signs.
    cloud.cloud.clock.advance(HOUR * 24 * 31);
    let later = at_least(&cloud, 3).await.remove(2);
    let fingerprint = |found: &Found| text(&found.digest, &["digestPublicKeyFingerprint"]).to_owned();
    assert_eq!(fingerprint(&first), fingerprint(&second));
    assert_ne!(fingerprint(&first), fingerprint(&later));
    let now = cloud.root.call(ListPublicKeys::default()).await.unwrap().public_key_list.unwrap();
    assert_eq!(now.len(), 1);
    assert_eq!(now[0].fingerprint, Some(fingerprint(&later)));
}

#[tokio::test]
async fn the_last_file_follows_the_end_of_logging_and_a_new_start_begins_anew() {
    let cloud = Cloud::start();
    trail(&cloud).await;
    cloud.topic("a").await;
    cloud.root.call(StopLogging { name: "audit".into() }).await.unwrap();
    let last = at_least(&cloud, 1).await.remove(0);
    assert_eq!(last.digest.get("logFiles").unwrap().as_array().unwrap().len(), log_files(&cloud).await);
    cloud.root.call(StartLogging { name: "audit".into() }).await.unwrap();
    cloud.topic("b").await;
    let known = log_files(&cloud).await;
    cloud.gathered(async || (log_files(&cloud).await > known).then_some(())).await;
    let waiting = |kind: &str| {
        let tasks = cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap();
        tasks.into_iter().filter(|task| task.kind == kind).count()
    };
    cloud.gathered(async || (waiting("cloudtrail.delivery") == 0).then_some(())).await;
    cloud.root.call(DeleteTrail { name: "audit".into() }).await.unwrap();
    let second = at_least(&cloud, 2).await.remove(1);
    assert!(second.digest.get("previousDigestSignature").unwrap().is_null());
    let told = second.digest.get("logFiles").unwrap().as_array().unwrap();
    assert_eq!(told.len(), log_files(&cloud).await - known);
    cloud.gathered(async || (waiting("cloudtrail.digest") == 0).then_some(())).await;
}

#[tokio::test]
async fn without_validation_there_are_no_digests_and_a_bucket_that_refuses_is_told() {
    let cloud = Cloud::start();
    trail(&cloud).await;
    cloud.topic("a").await;
    cloud.gathered(async || (log_files(&cloud).await >= 1).then_some(())).await;
    cloud.bucket_policy("arn:aws:cloudtrail:us-east-1:111122223333:trail/other").await;
    cloud.cloud.clock.advance(HOUR);
    let status = async || cloud.root.call(GetTrailStatus { name: "audit".into() }).await.unwrap();
    cloud.gathered(async || status().await.latest_digest_delivery_error).await;
    assert_eq!(status().await.latest_digest_delivery_error.as_deref(), Some("AccessDenied"));
    cloud.bucket_policy("arn:aws:cloudtrail:us-east-1:111122223333:trail/*").await;
    cloud.cloud.clock.advance(Duration::from_secs(300));
    let first = at_least(&cloud, 1).await.remove(0);
    assert!(!first.digest.get("logFiles").unwrap().as_array().unwrap().is_empty());
    let off =
        UpdateTrail { name: "audit".into(), enable_log_file_validation: Some(false), ..Default::default() };
    assert_eq!(cloud.root.call(off).await.unwrap().log_file_validation_enabled, Some(false));
    // "The chain of digest files is broken after one hour."
    cloud.cloud.clock.advance(HOUR * 2);
    at_least(&cloud, 2).await;
    cloud.topic("b").await;
    cloud.cloud.clock.advance(HOUR * 2);
    let tasks = || cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap();
    let digesting = || tasks().into_iter().filter(|task| task.kind == "cloudtrail.digest").count();
    cloud.gathered(async || (digesting() == 0).then_some(())).await;
    assert_eq!(digests(&cloud).await.len(), 2);
}

#[tokio::test]
async fn keys_are_asked_for_in_a_range_that_makes_sense() {
    let cloud = Cloud::start();
    let now = cloud.cloud.now();
    let backwards =
        ListPublicKeys { start_time: Some(now), end_time: Some(now.minus(HOUR)), ..Default::default() };
    assert_eq!(refusal(cloud.root.call(backwards).await).0, "InvalidTimeRangeException");
    assert!(cloud.root.call(ListPublicKeys::default()).await.unwrap().public_key_list.unwrap().is_empty());
}
