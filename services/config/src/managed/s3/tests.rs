//! Tables of buckets, access points and account settings.

mod access;

use super::{ACCESS_POINT, ACCOUNT_BLOCK, BUCKET};
use crate::managed::Verdict;
use crate::managed::testing::{ACCOUNT, Others, item, judge_account, judge_among, table, with_part};
use crate::state::Item;
use wire::{Document, document};

fn bucket() -> Item {
    // Every bucket has a list, which AWS Config has as text.
    let list = document!({ "owner": { "id": "me" }, "grantList": [] }).to_string();
    with_part(item(BUCKET, "b", document!({ "name": "b" })), "AccessControlList", Document::from(list))
}

fn with(name: &str, part: Document) -> Item {
    with_part(bucket(), name, part)
}

fn policy(statements: &str) -> Item {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    with("BucketPolicy", document!({ "policyText": text }))
}

fn allow(principal: &str, action: &str, rest: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]{rest}}}"#
    )
}

fn blocks(on: bool) -> Document {
    document!({ "blockPublicAcls": on, "blockPublicPolicy": on, "ignorePublicAcls": on, "restrictPublicBuckets": on })
}

#[test]
fn logging() {
    let to = |bucket: &str, prefix: &str| {
        with(
            "BucketLoggingConfiguration",
            document!({ "destinationBucketName": bucket, "logFilePrefix": prefix }),
        )
    };
    let none = || {
        with(
            "BucketLoggingConfiguration",
            document!({ "destinationBucketName": null, "logFilePrefix": null }),
        )
    };
    table(
        "S3_BUCKET_LOGGING_ENABLED",
        &[
            (to("logs", ""), "{}", Some(true)),
            (to("logs", "b/"), r#"{"targetBucket":"logs","targetPrefix":"b/"}"#, Some(true)),
            (to("logs", "b/"), r#"{"targetBucket":"other"}"#, Some(false)),
            (to("logs", ""), r#"{"targetPrefix":"b/"}"#, Some(false)),
            (none(), "{}", Some(false)),
            (bucket(), "{}", Some(false)),
        ],
    );
}

#[test]
fn encryption() {
    let by = |algorithm: &str, key: Document| {
        with(
            "ServerSideEncryptionConfiguration",
            document!({ "rules": [{
            "applyServerSideEncryptionByDefault": { "sseAlgorithm": algorithm, "kmsMasterKeyID": key }
        }] }),
        )
    };
    let denying = r#"{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"}}}"#;
    let denying_null = denying.replace(r#""StringNotEquals""#, r#""Null""#).replace("AES256", "true");
    let denying_one = denying.replace(r#""*""#, r#"{"AWS":"444455556666"}"#);
    table(
        "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED",
        &[
            (by("AES256", Document::Null), "{}", Some(true)),
            (bucket(), "{}", Some(false)),
            (policy(denying), "{}", Some(true)),
            (policy(&denying_null), "{}", Some(true)),
            (policy(&denying_one), "{}", Some(false)),
        ],
    );
    table(
        "S3_DEFAULT_ENCRYPTION_KMS",
        &[
            (by("AES256", Document::Null), "{}", Some(false)),
            (by("aws:kms", Document::from("arn:k")), "{}", Some(true)),
            (by("aws:kms:dsse", Document::from("arn:k")), r#"{"kmsKeyArns":"arn:j,arn:k"}"#, Some(true)),
            (by("aws:kms", Document::from("arn:k")), r#"{"kmsKeyArns":"arn:j"}"#, Some(false)),
            (bucket(), "{}", Some(false)),
        ],
    );
}

#[test]
fn versions_and_locks() {
    let versions = |status: &str, mfa: bool| {
        with("BucketVersioningConfiguration", document!({ "status": status, "isMfaDeleteEnabled": mfa }))
    };
    table(
        "S3_BUCKET_VERSIONING_ENABLED",
        &[
            (versions("Enabled", false), "{}", Some(true)),
            (versions("Enabled", false), r#"{"isMfaDeleteEnabled":"true"}"#, Some(false)),
            (versions("Enabled", true), r#"{"isMfaDeleteEnabled":"true"}"#, Some(true)),
            (versions("Suspended", false), "{}", Some(false)),
            (bucket(), "{}", Some(false)),
        ],
    );
    table(
        "S3_BUCKET_MFA_DELETE_ENABLED",
        &[(versions("Enabled", true), "{}", Some(true)), (versions("Enabled", false), "{}", Some(false))],
    );
    let lock = |rule: Document| {
        with("ObjectLockConfiguration", document!({ "objectLockEnabled": "Enabled", "rule": rule }))
    };
    let retention = || document!({ "defaultRetention": { "mode": "GOVERNANCE", "days": 1 } });
    table(
        "S3_BUCKET_DEFAULT_LOCK_ENABLED",
        &[
            (lock(retention()), "{}", Some(true)),
            (lock(retention()), r#"{"mode":"COMPLIANCE"}"#, Some(false)),
            (lock(Document::Null), "{}", Some(false)),
            (bucket(), "{}", Some(false)),
        ],
    );
    let mut kept = versions("Enabled", false);
    let rule = document!({ "rules": [{ "status": "Enabled" }] });
    kept.supplementary.insert("BucketLifecycleConfiguration".into(), rule);
    table(
        "S3_VERSION_LIFECYCLE_POLICY_CHECK",
        &[
            (kept.clone(), "{}", Some(true)),
            (kept, r#"{"bucketNames":"other"}"#, None),
            (versions("Enabled", false), "{}", Some(false)),
            (versions("Suspended", false), "{}", None),
        ],
    );
}

#[test]
fn lifecycle_notifications_and_replication() {
    let rule = |status: &str| {
        with(
            "BucketLifecycleConfiguration",
            document!({ "rules": [{
            "status": status, "filter": { "predicate": { "prefix": "logs/" } }, "expirationInDays": 365,
            "transitions": [{ "days": 30, "storageClass": "GLACIER_IR" }],
        }] }),
        )
    };
    table(
        "S3_LIFECYCLE_POLICY_CHECK",
        &[
            (rule("Enabled"), "{}", Some(true)),
            (rule("Disabled"), "{}", Some(false)),
            (
                rule("Enabled"),
                r#"{"targetTransitionDays":"30","targetTransitionStorageClass":"GLACIER_IR","targetExpirationDays":"365","targetPrefix":"logs/"}"#,
                Some(true),
            ),
            (rule("Enabled"), r#"{"targetTransitionDays":"31"}"#, Some(false)),
            (rule("Enabled"), r#"{"targetPrefix":"x"}"#, Some(false)),
            (rule("Disabled"), r#"{"bucketNames":"a,c"}"#, None),
            (bucket(), "{}", Some(false)),
        ],
    );
    let notifies = || {
        with(
            "BucketNotificationConfiguration",
            document!({ "configurations": { "x": {
            "type": "QueueConfiguration", "queueARN": "arn:q", "events": ["s3:ObjectCreated:*"]
        } } }),
        )
    };
    table(
        "S3_EVENT_NOTIFICATIONS_ENABLED",
        &[
            (notifies(), "{}", Some(true)),
            (notifies(), r#"{"destinationArn":"arn:q","eventTypes":"s3:ObjectCreated:*"}"#, Some(true)),
            (notifies(), r#"{"destinationArn":"arn:p"}"#, Some(false)),
            (notifies(), r#"{"eventTypes":"s3:ObjectRemoved:*"}"#, Some(false)),
            (with("BucketNotificationConfiguration", document!({ "configurations": {} })), "{}", Some(false)),
        ],
    );
    let replicates = |status: &str| {
        with(
            "BucketReplicationConfiguration",
            document!({ "rules": { "r": {
            "status": status, "destinationConfig": { "bucketARN": "arn:aws:s3:::copy" }
        } } }),
        )
    };
    let mut copy = item(BUCKET, "copy", document!({}));
    let here = Others(vec![copy.clone()]);
    copy.region = "eu-west-1".into();
    let there = Others(vec![copy]);
    let judge = |item: &Item, parameters, others| {
        judge_among("S3_BUCKET_REPLICATION_ENABLED", item, parameters, others)
    };
    let cross = r#"{"ReplicationType":"CROSS-REGION"}"#;
    let same = r#"{"ReplicationType":"SAME-REGION"}"#;
    assert_eq!(judge(&replicates("Enabled"), "{}", &here), Verdict::Compliant);
    assert_eq!(judge(&replicates("Enabled"), same, &here), Verdict::Compliant);
    assert_eq!(judge(&replicates("Enabled"), cross, &there), Verdict::Compliant);
    assert!(matches!(judge(&replicates("Enabled"), cross, &here), Verdict::NonCompliant(_)));
    assert!(matches!(judge(&replicates("Enabled"), same, &there), Verdict::NonCompliant(_)));
    assert!(matches!(judge(&replicates("Disabled"), "{}", &here), Verdict::NonCompliant(_)));
    let identifier = "S3_BUCKET_CROSS_REGION_REPLICATION_ENABLED";
    assert_eq!(judge_among(identifier, &replicates("Enabled"), "{}", &there), Verdict::Compliant);
    // A bucket of which nothing is known is not known to be in another region.
    assert!(matches!(
        judge_among(identifier, &replicates("Enabled"), "{}", &Others::default()),
        Verdict::NonCompliant(_)
    ));
}

#[test]
fn public_access_blocks() {
    let partly = blocks(true).with("ignorePublicAcls", false);
    table(
        "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED",
        &[
            (with("PublicAccessBlockConfiguration", blocks(true)), "{}", Some(true)),
            (with("PublicAccessBlockConfiguration", partly.clone()), "{}", Some(false)),
            (bucket(), "{}", Some(false)),
            (bucket(), r#"{"excludedPublicBuckets":"a, b"}"#, Some(true)),
        ],
    );
    let account = |block: Document| item(ACCOUNT_BLOCK, ACCOUNT, block);
    table(
        "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS",
        &[
            (account(blocks(true)), "{}", Some(true)),
            (account(partly.clone()), "{}", Some(false)),
            (account(partly.clone()), r#"{"IgnorePublicAcls":"False"}"#, Some(true)),
        ],
    );
    let judge = |others| judge_account("S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC", "{}", &others);
    assert_eq!(judge(Others(vec![account(blocks(true))])), Verdict::Compliant);
    assert!(matches!(judge(Others(vec![account(partly)])), Verdict::NonCompliant(_)));
    assert!(matches!(judge(Others::default()), Verdict::NonCompliant(_)));
    let point = |block: bool, origin: &str| {
        let block = document!({ "BlockPublicAcls": block, "BlockPublicPolicy": block, "IgnorePublicAcls": block, "RestrictPublicBuckets": block });
        item(
            ACCESS_POINT,
            "arn:ap",
            document!({ "NetworkOrigin": origin, "PublicAccessBlockConfiguration": block }),
        )
    };
    table(
        "S3_ACCESS_POINT_PUBLIC_ACCESS_BLOCKS",
        &[
            (point(true, "VPC"), "{}", Some(true)),
            (point(false, "VPC"), "{}", Some(false)),
            (point(false, "VPC"), r#"{"excludedAccessPoints":"arn:ap"}"#, None),
        ],
    );
    table(
        "S3_ACCESS_POINT_IN_VPC_ONLY",
        &[(point(true, "VPC"), "{}", Some(true)), (point(true, "Internet"), "{}", Some(false))],
    );
}
