use crate::cloud::{bucket, cloud, put};
use crate::stand_ins::admit;
use api_s3::*;
use contract::{Chain, HandlerContext, Principal, Properties, ResourceHandler};
use std::sync::Arc;
use testkit::TestCloud;
use wire::{Document, document};

fn handler(cloud: &TestCloud, resource_type: &str) -> Arc<dyn ResourceHandler> {
    Arc::clone(&cloud.context().catalog.handlers[resource_type])
}

fn context(cloud: &TestCloud, logical_id: &str) -> HandlerContext {
    let chain = Chain::default().through("cloudformation.amazonaws.com");
    let stack_id = "arn:aws:cloudformation:us-east-1:111122223333:stack/Stack/1";
    HandlerContext {
        caller: cloud.context().caller(Principal::Root(cloud.scope().account), cloud.scope(), chain),
        context: cloud.context().clone(),
        stack_name: "Stack".into(),
        stack_id: stack_id.into(),
        logical_id: logical_id.into(),
        previous_stack_tags: Default::default(),
        stack_tags: names::Tags::from([
            ("aws:cloudformation:stack-id".to_owned(), stack_id.to_owned()),
            ("aws:cloudformation:logical-id".to_owned(), logical_id.to_owned()),
        ]),
        token: "ABCDEF123456".into(),
    }
}

fn properties(document: &Document) -> Properties {
    Properties::new(document.clone())
}

#[tokio::test]
async fn a_bucket_s_life_in_a_stack() {
    let cloud = cloud();
    let buckets = handler(&cloud, "AWS::S3::Bucket");
    let context = context(&cloud, "Photos");
    let template = document!({
        "VersioningConfiguration": { "Status": "Enabled" },
        "PublicAccessBlockConfiguration": { "BlockPublicAcls": true },
        "OwnershipControls": { "Rules": [{ "ObjectOwnership": "ObjectWriter" }] },
        "BucketEncryption": { "ServerSideEncryptionConfiguration": [
            { "ServerSideEncryptionByDefault": { "SSEAlgorithm": "AES256" }, "BucketKeyEnabled": "true" }] },
        "AccessControl": "LogDeliveryWrite",
        "Tags": [{ "Key": "team", "Value": "blue" }]
    });
    let made = buckets.create(&properties(&template), &context).await.unwrap();
    assert_eq!(made.physical_id, "stack-photos-abcdef123456");
    assert_eq!(made.attributes["Arn"], Document::from("arn:aws:s3:::stack-photos-abcdef123456"));
    assert_eq!(
        made.attributes["WebsiteURL"],
        Document::from("http://stack-photos-abcdef123456.s3-website-us-east-1.amazonaws.com")
    );
    // The same step again finds what it made.
    assert_eq!(buckets.create(&properties(&template), &context).await.unwrap().physical_id, made.physical_id);

    let root = cloud.root();
    let name = made.physical_id.clone();
    let tags =
        root.call(GetBucketTagging { bucket: name.clone(), ..Default::default() }).await.unwrap().tag_set;
    assert_eq!(tags.len(), 3);
    let versioning =
        root.call(GetBucketVersioning { bucket: name.clone(), ..Default::default() }).await.unwrap();
    assert_eq!(versioning.status, Some(BucketVersioningStatus::Enabled));
    let acl = root.call(GetBucketAcl { bucket: name.clone(), ..Default::default() }).await.unwrap();
    assert_eq!(acl.grants.unwrap().len(), 3);
    // A user's tags leave the stack's alone.
    root.call(DeleteBucketTagging { bucket: name.clone(), ..Default::default() }).await.unwrap();
    let tags =
        root.call(GetBucketTagging { bucket: name.clone(), ..Default::default() }).await.unwrap().tag_set;
    assert_eq!(tags.len(), 2);

    let changed = document!({ "PublicAccessBlockConfiguration": { "BlockPublicAcls": true, "RestrictPublicBuckets": true } });
    buckets.update(&name, &properties(&template), &properties(&changed), &context).await.unwrap();
    let versioning =
        root.call(GetBucketVersioning { bucket: name.clone(), ..Default::default() }).await.unwrap();
    assert_eq!(versioning.status, Some(BucketVersioningStatus::Suspended));
    let block = root.call(GetPublicAccessBlock { bucket: name.clone(), ..Default::default() }).await.unwrap();
    let block = block.public_access_block_configuration.unwrap();
    assert_eq!((block.restrict_public_buckets, block.block_public_policy), (Some(true), Some(false)));

    put(&root, &name, "k", "1").await;
    let failure = buckets.delete(&name, &properties(&changed), &context).await.unwrap_err();
    assert!(failure.reason.starts_with("The bucket you tried to delete is not empty"), "{failure}");
    let all = root.call(ListObjectVersions { bucket: name.clone(), ..Default::default() }).await.unwrap();
    for version in all.versions.unwrap() {
        let delete = DeleteObject {
            bucket: name.clone(),
            key: "k".into(),
            version_id: version.version_id,
            ..Default::default()
        };
        root.call(delete).await.unwrap();
    }
    buckets.delete(&name, &properties(&changed), &context).await.unwrap();
    buckets.delete(&name, &properties(&changed), &context).await.unwrap();
}

#[tokio::test]
async fn a_bucket_that_is_there_is_not_adopted() {
    let cloud = cloud();
    bucket(&cloud.root(), "taken").await;
    let buckets = handler(&cloud, "AWS::S3::Bucket");
    let context = context(&cloud, "Photos");
    let template = document!({ "BucketName": "taken" });
    let failure = buckets.create(&properties(&template), &context).await.unwrap_err();
    assert_eq!((failure.reason.as_str(), failure.code.as_str()), ("taken already exists", "AlreadyExists"));
    let public = document!({ "BucketName": "free-one", "AccessControl": "PublicRead" });
    let failure = buckets.create(&properties(&public), &context).await.unwrap_err();
    assert_eq!(failure.service_code.as_deref(), Some("AccessControlListNotSupported"));
    let head = HeadBucket { bucket: "free-one".into(), ..Default::default() };
    assert_eq!(cloud.root().call(head).await.unwrap_err().code, "NoSuchBucket");
    let wrong = document!({ "VersioningConfiguration": { "Status": "On" } });
    let failure = buckets.create(&properties(&wrong), &context).await.unwrap_err();
    assert_eq!(failure.reason, "#/VersioningConfiguration/Status: On is not a valid enum value");
}

#[tokio::test]
async fn a_policy_s_life_in_a_stack() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let policies = handler(&cloud, "AWS::S3::BucketPolicy");
    let context = context(&cloud, "Policy");
    let with = |action: &str| {
        document!({ "Bucket": "box", "PolicyDocument": { "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": { "AWS": "444455556666" }, "Action": action, "Resource": "arn:aws:s3:::box/*" }] } })
    };
    let (first, second) = (with("s3:GetObject"), with("s3:PutObject"));
    let made = policies.create(&properties(&first), &context).await.unwrap();
    assert_eq!(made.physical_id, "box");
    policies.create(&properties(&first), &context).await.unwrap();
    let failure = policies.create(&properties(&second), &context).await.unwrap_err();
    assert_eq!(failure.reason, "The bucket policy already exists on bucket box.");
    policies.update("box", &properties(&first), &properties(&second), &context).await.unwrap();
    let get = GetBucketPolicy { bucket: "box".into(), ..Default::default() };
    assert!(root.call(get.clone()).await.unwrap().policy.unwrap().contains("s3:PutObject"));
    policies.delete("box", &properties(&second), &context).await.unwrap();
    policies.delete("box", &properties(&second), &context).await.unwrap();
    assert_eq!(root.call(get).await.unwrap_err().code, "NoSuchBucketPolicy");
}

#[tokio::test]
async fn a_pipeline_s_bucket_tells_its_queue_and_logs() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "logs").await;
    let queue = "arn:aws:sqs:us-east-1:111122223333:uploads";
    let buckets = handler(&cloud, "AWS::S3::Bucket");
    let context = context(&cloud, "Uploads");
    let template = document!({
        "BucketName": "uploads-box",
        "NotificationConfiguration": { "QueueConfigurations": [{
            "Event": "s3:ObjectCreated:*", "Queue": queue,
            "Filter": { "S3Key": { "Rules": [{ "Name": "prefix", "Value": "in/" }] } } }] },
        "LoggingConfiguration": { "DestinationBucketName": "logs", "LogFilePrefix": "a/" },
        "LifecycleConfiguration": { "Rules": [{ "Id": "r", "Status": "Enabled", "ExpirationInDays": "30", "Prefix": "tmp/" }] }
    });
    // The queue does not let S3 in yet: the bucket is not made.
    let failure = buckets.create(&properties(&template), &context).await.unwrap_err();
    assert!(
        failure.reason.starts_with("Unable to validate the following destination configurations"),
        "{failure}"
    );
    assert_eq!(failure.physical_id, None);
    let head = HeadBucket { bucket: "uploads-box".into(), ..Default::default() };
    assert_eq!(root.call(head).await.unwrap_err().code, "NoSuchBucket");
    admit(&cloud, queue, "sqs:SendMessage", "uploads-box", testkit::ACCOUNT);
    buckets.create(&properties(&template), &context).await.unwrap();
    let get = GetBucketNotificationConfiguration { bucket: "uploads-box".into(), ..Default::default() };
    let told = root.call(get.clone()).await.unwrap().queue_configurations.unwrap();
    assert_eq!((told[0].queue_arn.as_str(), told[0].events[0].as_str()), (queue, "s3:ObjectCreated:*"));
    let logging = GetBucketLogging { bucket: "uploads-box".into(), ..Default::default() };
    assert_eq!(root.call(logging.clone()).await.unwrap().logging_enabled.unwrap().target_prefix, "a/");
    let lifecycle = GetBucketLifecycleConfiguration { bucket: "uploads-box".into(), ..Default::default() };
    let rules = root.call(lifecycle.clone()).await.unwrap().rules.unwrap();
    assert_eq!(rules[0].expiration.as_ref().unwrap().days, Some(30));
    let bare = document!({ "BucketName": "uploads-box" });
    buckets.update("uploads-box", &properties(&template), &properties(&bare), &context).await.unwrap();
    assert_eq!(root.call(get).await.unwrap(), NotificationConfiguration::default());
    assert_eq!(root.call(logging).await.unwrap().logging_enabled, None);
    assert_eq!(root.call(lifecycle).await.unwrap_err().code, "NoSuchLifecycleConfiguration");
    let stranger = document!({ "NotificationConfiguration": { "Queues": [] } });
    let failure = buckets.create(&properties(&stranger), &context).await.unwrap_err();
    assert_eq!(failure.reason, "#/NotificationConfiguration: extraneous key [Queues] is not permitted");
}
