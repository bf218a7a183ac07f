use crate::cloud::{OTHER, anonymous, bucket, cloud, code, failed, get, object, put, stranger};
use api_s3::*;
use contract::{Caller, Principal};
use names::Arn;
use wire::ErrorResponse;

async fn policy(
    caller: &Caller,
    bucket: &str,
    statements: &str,
) -> Result<PutBucketPolicyOutput, ErrorResponse> {
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    caller.call(PutBucketPolicy { bucket: bucket.into(), policy, ..Default::default() }).await
}

async fn blocks(caller: &Caller, bucket: &str, block_policy: bool, restrict: bool) {
    let public_access_block_configuration = PublicAccessBlockConfiguration {
        block_public_policy: Some(block_policy),
        restrict_public_buckets: Some(restrict),
        ..Default::default()
    };
    let put = PutPublicAccessBlock {
        bucket: bucket.into(),
        public_access_block_configuration,
        ..Default::default()
    };
    caller.call(put).await.unwrap();
}

const PUBLIC: &str =
    r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::box/*"}"#;

#[tokio::test]
async fn public_access_is_blocked_until_it_is_not() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    put(&root, "box", "k", "hello").await;
    assert_eq!(
        failed(policy(&root, "box", PUBLIC).await),
        (
            "AccessDenied".into(),
            "User: arn:aws:iam::111122223333:root is not authorized to perform: s3:PutBucketPolicy on resource: \
             \"arn:aws:s3:::box\" because public policies are blocked by the BlockPublicPolicy block public access setting."
                .into()
        )
    );
    assert_eq!(
        failed(get(&anonymous(&cloud), "box", "k").await),
        ("AccessDenied".into(), "Access Denied".into())
    );
    blocks(&root, "box", false, false).await;
    policy(&root, "box", PUBLIC).await.unwrap();
    let status = GetBucketPolicyStatus { bucket: "box".into(), ..Default::default() };
    assert_eq!(root.call(status).await.unwrap().policy_status.unwrap().is_public, Some(true));
    assert_eq!(get(&anonymous(&cloud), "box", "k").await.unwrap(), "hello");
    assert_eq!(get(&stranger(&cloud), "box", "k").await.unwrap(), "hello");
    // Nobody may rename what an anonymous reader gets.
    let renamed =
        GetObject { response_content_disposition: Some("x".into()), ..crate::cloud::read("box", "k") };
    assert_eq!(code(anonymous(&cloud).call(renamed).await), ("InvalidRequest".into(), 400));
    // The policy stays, and lets in nobody from outside.
    blocks(&root, "box", true, true).await;
    assert_eq!(code(get(&anonymous(&cloud), "box", "k").await).0, "AccessDenied");
    assert_eq!(code(get(&stranger(&cloud), "box", "k").await).0, "AccessDenied");
    assert_eq!(get(&cloud.user("ann", &[]), "box", "k").await.unwrap(), "hello");
}

#[tokio::test]
async fn a_grant_to_an_account_needs_that_account_too() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    put(&root, "box", "k", "hello").await;
    let other = stranger(&cloud);
    assert_eq!(failed(get(&other, "box", "k").await).1, "Access Denied");
    let statement = format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{OTHER}"}},"Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::box/*"}}"#
    );
    policy(&root, "box", &statement).await.unwrap();
    assert_eq!(get(&other, "box", "k").await.unwrap(), "hello");
    // What another account writes is the bucket owner's.
    put(&other, "box", "theirs", "x").await;
    let acl = GetObjectAcl { bucket: "box".into(), key: "theirs".into(), ..Default::default() };
    let owner = root.call(acl).await.unwrap().owner;
    let mine = GetBucketAcl { bucket: "box".into(), ..Default::default() };
    assert_eq!(owner, root.call(mine).await.unwrap().owner);
}

#[tokio::test]
async fn uploads_without_encryption_are_denied() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let statement = r#"{"Sid":"DenyUnencrypted","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::box/*",
        "Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}}"#;
    policy(&root, "box", statement).await.unwrap();
    assert_eq!(
        failed(root.call(object("box", "k", "1")).await),
        (
            "AccessDenied".into(),
            "User: arn:aws:iam::111122223333:root is not authorized to perform: s3:PutObject on resource: \
             \"arn:aws:s3:::box/k\" with an explicit deny in a resource-based policy"
                .into()
        )
    );
    let encrypted =
        PutObject { server_side_encryption: Some(ServerSideEncryption::Aes256), ..object("box", "k", "1") };
    root.call(encrypted).await.unwrap();
}

#[tokio::test]
async fn services_write_by_the_bucket_s_policy_for_the_account_that_it_names() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "logs").await;
    let account = cloud.scope().account;
    let rule: Arn = format!("arn:aws:config:us-east-1:{account}:delivery-channel/default").parse().unwrap();
    let config = cloud.caller(Principal::service("config.amazonaws.com", account, Some(rule)));
    let input =
        PutObject { acl: Some(ObjectCannedACL::BucketOwnerFullControl), ..object("logs", "AWSLogs/x", "{}") };
    assert_eq!(code(config.call(input.clone()).await), ("AccessDenied".into(), 403));
    let statement = format!(
        r#"{{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":"s3:PutObject","Resource":"arn:aws:s3:::logs/AWSLogs/*",
        "Condition":{{"StringEquals":{{"s3:x-amz-acl":"bucket-owner-full-control","aws:SourceAccount":"{account}"}}}}}},
        {{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":["s3:GetBucketAcl","s3:ListBucket"],"Resource":"arn:aws:s3:::logs"}}"#
    );
    // As AWS's own example grants it: to put the object is enough for this one list.
    policy(&root, "logs", &statement).await.unwrap();
    config.call(input.clone()).await.unwrap();
    let acl = GetBucketAcl { bucket: "logs".into(), ..Default::default() };
    config.call(acl).await.unwrap();
    let stranger = cloud.caller(Principal::service("config.amazonaws.com", OTHER.parse().unwrap(), None));
    assert_eq!(code(stranger.call(input).await), ("AccessDenied".into(), 403));
}

#[tokio::test]
async fn policies_that_cannot_be_the_bucket_s() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let put = |text: &str| {
        let put = PutBucketPolicy { bucket: "box".into(), policy: text.into(), ..Default::default() };
        let root = root.clone();
        async move { failed(root.call(put).await) }
    };
    assert_eq!(
        put("hello").await,
        ("MalformedPolicy".into(), "Policies must be valid JSON and the first byte must be '{'".into())
    );
    let statement = |action: &str, resource: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"AWS":"{OTHER}"}},"Action":"{action}","Resource":"{resource}"}}}}"#
        )
    };
    assert_eq!(
        put(&statement("s3:GetObject", "arn:aws:s3:::other/*")).await.1,
        "Policy has invalid resource"
    );
    assert_eq!(put(&statement("s3:GetThing", "arn:aws:s3:::box/*")).await.1, "Policy has invalid action");
    assert_eq!(
        put(&statement("s3:ListBucket", "arn:aws:s3:::box/*")).await.1,
        "Action does not apply to any resource(s) in statement"
    );
    let long = format!("{{{}}}", " ".repeat(21_000));
    assert_eq!(put(&long).await.0, "PolicyTooLarge");
    let get = GetBucketPolicy { bucket: "box".into(), ..Default::default() };
    assert_eq!(
        failed(root.call(get.clone()).await),
        ("NoSuchBucketPolicy".into(), "The bucket policy does not exist".into())
    );
    let text = statement("s3:GetObject", "arn:aws:s3:::box/*");
    root.call(PutBucketPolicy { bucket: "box".into(), policy: text.clone(), ..Default::default() })
        .await
        .unwrap();
    assert_eq!(root.call(get).await.unwrap().policy, Some(text));
}

#[tokio::test]
async fn the_owner_s_root_is_never_locked_out_of_the_policy() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let deny = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::box","arn:aws:s3:::box/*"]}"#;
    policy(&root, "box", deny).await.unwrap();
    let list = ListObjectsV2 { bucket: "box".into(), ..Default::default() };
    assert_eq!(code(root.call(list.clone()).await), ("AccessDenied".into(), 403));
    let admin = cloud.user(
        "admin",
        &[r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#],
    );
    let delete = DeleteBucketPolicy { bucket: "box".into(), ..Default::default() };
    assert_eq!(code(admin.call(delete.clone()).await), ("AccessDenied".into(), 403));
    root.call(delete).await.unwrap();
    root.call(list).await.unwrap();
}

#[tokio::test]
async fn the_account_s_block_holds_for_all_its_buckets() {
    use api_s3control::{DeletePublicAccessBlock, GetPublicAccessBlock, PutPublicAccessBlock};
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    put(&root, "box", "k", "hello").await;
    blocks(&root, "box", false, false).await;
    policy(&root, "box", PUBLIC).await.unwrap();
    assert_eq!(get(&anonymous(&cloud), "box", "k").await.unwrap(), "hello");
    let account_id = testkit::ACCOUNT.to_owned();
    let read = GetPublicAccessBlock { account_id: account_id.clone() };
    assert_eq!(
        failed(root.call(read.clone()).await.map(|_| ())),
        (
            "NoSuchPublicAccessBlockConfiguration".into(),
            "The public access block configuration was not found".into()
        )
    );
    let block = PutPublicAccessBlock {
        account_id: account_id.clone(),
        public_access_block_configuration: api_s3control::PublicAccessBlockConfiguration {
            block_public_policy: Some(true),
            restrict_public_buckets: Some(true),
            ..Default::default()
        },
    };
    root.call(block.clone()).await.unwrap();
    let told = root.call(read.clone()).await.unwrap().public_access_block_configuration.unwrap();
    assert_eq!((told.restrict_public_buckets, told.ignore_public_acls), (Some(true), Some(false)));
    assert_eq!(code(get(&anonymous(&cloud), "box", "k").await).0, "AccessDenied");
    assert_eq!(code(policy(&root, "box", PUBLIC).await), ("AccessDenied".into(), 403));
    // Another account's block is nobody else's business, and the bucket keeps its own.
    let theirs = PutPublicAccessBlock { account_id: OTHER.into(), ..block.clone() };
    assert_eq!(code(root.call(theirs.clone()).await.map(|_| ())), ("AccessDenied".into(), 403));
    assert_eq!(code(stranger(&cloud).call(block).await.map(|_| ())), ("AccessDenied".into(), 403));
    assert_eq!(code(cloud.user("ann", &[]).call(read).await.map(|_| ())), ("AccessDenied".into(), 403));
    stranger(&cloud).call(theirs).await.unwrap();
    root.call(DeletePublicAccessBlock { account_id }).await.unwrap();
    assert_eq!(get(&anonymous(&cloud), "box", "k").await.unwrap(), "hello");
}
