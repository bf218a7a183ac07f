use super::lab::{Cure, Fault, Lab, account};
use cloudchamber::services::Choices;
use wire::{Document, document};

const BUCKET: &str = "some-bucket";

async fn bucket(lab: &Lab) {
    lab.call("s3", "CreateBucket", document!({ "Bucket": BUCKET })).await;
}

fn fault(rule: &str) -> Fault<'_> {
    Fault { rule, inputs: "", resource_type: "AWS::S3::Bucket", id: BUCKET }
}

#[tokio::test]
async fn versioning_is_enabled() {
    let lab = Lab::start().await;
    bucket(&lab).await;
    let cure = Cure { runbook: "AWS-ConfigureS3BucketVersioning", of_resource: "BucketName", others: &[] };
    lab.cures(&fault("S3_BUCKET_VERSIONING_ENABLED"), &cure).await;
}

#[tokio::test]
async fn default_encryption_is_enabled() {
    // As buckets were before 2023, which a flag of the server's brings back.
    let lab =
        Lab::of(Choices { s3: s3::Settings { default_encryption: false }, ..Choices::for_tests() }).await;
    bucket(&lab).await;
    let cure = Cure { runbook: "AWS-EnableS3BucketEncryption", of_resource: "BucketName", others: &[] };
    lab.cures(&fault("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"), &cure).await;
}

#[tokio::test]
async fn the_public_access_block_of_a_bucket_is_configured() {
    let lab = Lab::start().await;
    bucket(&lab).await;
    lab.call("s3", "DeletePublicAccessBlock", document!({ "Bucket": BUCKET })).await;
    let runbook = "AWSConfigRemediation-ConfigureS3BucketPublicAccessBlock";
    let cure = Cure { runbook, of_resource: "BucketName", others: &[] };
    lab.cures(&fault("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"), &cure).await;
}

#[tokio::test]
async fn the_public_access_block_of_an_account_is_configured() {
    let lab = Lab::start().await;
    let half = document!({ "BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": false, "RestrictPublicBuckets": false });
    let put = document!({ "AccountId": (account()), "PublicAccessBlockConfiguration": half });
    lab.call("s3control", "PutPublicAccessBlock", put).await;
    let rule = Fault {
        rule: "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS",
        inputs: "",
        resource_type: "AWS::S3::AccountPublicAccessBlock",
        id: account(),
    };
    let runbook = "AWSConfigRemediation-ConfigureS3PublicAccessBlock";
    lab.cures(&rule, &Cure { runbook, of_resource: "AccountId", others: &[] }).await;
    let asked = document!({ "AccountId": (account()) });
    let block = lab.call("s3control", "GetPublicAccessBlock", asked).await;
    let expected = document!({ "BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true });
    assert_eq!(block.get("PublicAccessBlockConfiguration"), Some(&expected));
}

#[tokio::test]
async fn a_bucket_that_anyone_reads_is_closed() {
    let lab = Lab::start().await;
    bucket(&lab).await;
    lab.call("s3", "DeletePublicAccessBlock", document!({ "Bucket": BUCKET })).await;
    let rules = document!({ "Rules": [{ "ObjectOwnership": "ObjectWriter" }] });
    lab.call("s3", "PutBucketOwnershipControls", document!({ "Bucket": BUCKET, "OwnershipControls": rules }))
        .await;
    for (rule, acl) in [
        ("S3_BUCKET_PUBLIC_READ_PROHIBITED", "public-read"),
        ("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", "public-read-write"),
    ] {
        lab.call("s3", "DeletePublicAccessBlock", document!({ "Bucket": BUCKET })).await;
        lab.call("s3", "PutBucketAcl", document!({ "Bucket": BUCKET, "ACL": acl })).await;
        let cure =
            Cure { runbook: "AWS-DisableS3BucketPublicReadWrite", of_resource: "S3BucketName", others: &[] };
        lab.cures(&fault(rule), &cure).await;
    }
}

/// The runbook grants by ACL. Where the target has no ACLs, S3 refuses it, and the remediation says so.
#[tokio::test]
async fn logging_needs_a_target_with_acls() {
    let lab = Lab::start().await;
    bucket(&lab).await;
    lab.call("s3", "CreateBucket", document!({ "Bucket": "target-bucket" })).await;
    let fault = fault("S3_BUCKET_LOGGING_ENABLED");
    let owner = lab.call("s3", "ListBuckets", Document::object()).await;
    let owner = owner.at(&["Owner", "ID"]).and_then(Document::as_str).unwrap().to_owned();
    let others = [
        ("TargetBucket", "target-bucket"),
        ("GrantedPermission", "READ"),
        ("GranteeType", "CanonicalUser"),
        ("GranteeId", owner.as_str()),
    ];
    let cure = Cure { runbook: "AWS-ConfigureS3BucketLogging", of_resource: "BucketName", others: &others };
    lab.found(&fault).await;
    let status = lab.run(&fault, &cure).await;
    let steps = status.step_details.unwrap();
    let message = steps.iter().find_map(|step| step.error_message.clone()).unwrap();
    assert!(message.contains("when calling the PutBucketLogging operation"), "{message}");
    let rules = document!({ "Rules": [{ "ObjectOwnership": "BucketOwnerPreferred" }] });
    let controls = document!({ "Bucket": "target-bucket", "OwnershipControls": rules });
    lab.call("s3", "PutBucketOwnershipControls", controls).await;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::target-bucket/*"}]}"#;
    lab.call("s3", "PutBucketPolicy", document!({ "Bucket": "target-bucket", "Policy": policy })).await;
    lab.cures(&fault, &cure).await;
}
