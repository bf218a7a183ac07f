use crate::cloud::{bucket, failed, object, put};
use crate::stand_ins::{admit, registrations, told_to};
use api_s3::*;
use contract::Caller;
use testkit::{ACCOUNT, TestCloud};
use wire::{Document, ErrorResponse};

const QUEUE: &str = "arn:aws:sqs:us-east-1:111122223333:uploads";
const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:uploads";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:uploads";

fn cloud() -> TestCloud {
    let mut all = registrations();
    all.push(s3::registration(s3::Settings::default()));
    TestCloud::new(all)
}

fn queue(arn: &str, events: &[&str], prefix: &str, suffix: &str) -> QueueConfiguration {
    let rule = |name: &str, value: &str| FilterRule { name: Some(name.into()), value: Some(value.into()) };
    QueueConfiguration {
        queue_arn: arn.into(),
        events: events.iter().map(|event| (*event).into()).collect(),
        filter: Some(NotificationConfigurationFilter {
            key: Some(S3KeyFilter {
                filter_rules: Some(vec![rule("Prefix", prefix), rule("suffix", suffix)]),
            }),
        }),
        ..Default::default()
    }
}

async fn configure(root: &Caller, configuration: NotificationConfiguration) -> Result<(), ErrorResponse> {
    let put = PutBucketNotificationConfiguration {
        bucket: "box".into(),
        notification_configuration: configuration,
        ..Default::default()
    };
    root.call(put).await.map(|_| ())
}

async fn queues(root: &Caller, queues: Vec<QueueConfiguration>) -> Result<(), ErrorResponse> {
    configure(root, NotificationConfiguration { queue_configurations: Some(queues), ..Default::default() })
        .await
}

async fn messages(cloud: &TestCloud, end: &str, count: usize) -> Vec<Document> {
    let told = cloud
        .until("the messages are there", async || {
            let told = told_to(cloud, end);
            (told.len() >= count).then_some(told)
        })
        .await;
    assert_eq!(told.len(), count, "{told:?}");
    told.iter().map(|text| Document::parse(text).unwrap()).collect()
}

fn text<'a>(document: &'a Document, path: &[&str]) -> &'a str {
    document.at(path).unwrap().as_str().unwrap()
}

fn record(message: &Document) -> &Document {
    &message.get("Records").unwrap().as_array().unwrap()[0]
}

#[tokio::test]
async fn an_upload_is_told_to_the_queue_in_aws_s_format() {
    let cloud = cloud();
    let _work = cloud.start_work();
    let root = cloud.root();
    bucket(&root, "box").await;
    admit(&cloud, QUEUE, "sqs:SendMessage", "box", ACCOUNT);
    queues(&root, vec![queue(QUEUE, &["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"], "in/", "")])
        .await
        .unwrap();
    let test = &messages(&cloud, "/uploads", 1).await[0];
    let names: Vec<&str> = test.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["Service", "Event", "Time", "Bucket", "RequestId", "HostId"]);
    assert_eq!((text(test, &["Service"]), text(test, &["Event"])), ("Amazon S3", "s3:TestEvent"));
    assert_eq!(text(test, &["Time"]), "2026-11-21T09:30:00.000Z");

    put(&root, "box", "out/of scope", "1").await;
    let uploader = cloud.user(
        "ann",
        &[r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#],
    );
    let key = "in/Ann's report + ünï (1).txt";
    put(&uploader, "box", key, "hello").await;
    let all = messages(&cloud, "/uploads", 2).await;
    let record = record(&all[1]);
    let names: Vec<&str> = record.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "eventVersion",
            "eventSource",
            "awsRegion",
            "eventTime",
            "eventName",
            "userIdentity",
            "requestParameters",
            "responseElements",
            "s3"
        ]
    );
    assert_eq!(text(record, &["eventName"]), "ObjectCreated:Put");
    assert_eq!(text(record, &["eventTime"]), "2026-11-21T09:30:00.000Z");
    assert!(text(record, &["userIdentity", "principalId"]).starts_with("AWS:AIDA"));
    assert_eq!(text(record, &["s3", "bucket", "arn"]), "arn:aws:s3:::box");
    assert_eq!(text(record, &["s3", "object", "key"]), "in/Ann%27s+report+%2B+%C3%BCn%C3%AF+%281%29.txt");
    assert_eq!(record.at(&["s3", "object", "size"]).unwrap().as_i64(), Some(5));
    assert_eq!(text(record, &["s3", "object", "eTag"]), "5d41402abc4b2a76b9719d911017c592");
    assert!(record.at(&["s3", "object", "versionId"]).is_none());
    let first = text(record, &["s3", "object", "sequencer"]).to_owned();
    assert_eq!(first.len(), 18);

    put(&root, "box", key, "again").await;
    let all = messages(&cloud, "/uploads", 3).await;
    assert!(text(self::record(&all[2]), &["s3", "object", "sequencer"]) > first.as_str());
    root.call(DeleteObject { bucket: "box".into(), key: key.into(), ..Default::default() }).await.unwrap();
    // What was not there is not told of.
    root.call(DeleteObject { bucket: "box".into(), key: key.into(), ..Default::default() }).await.unwrap();
    let all = messages(&cloud, "/uploads", 4).await;
    let deleted = self::record(&all[3]);
    assert_eq!(text(deleted, &["eventName"]), "ObjectRemoved:Delete");
    let names: Vec<&str> =
        deleted.at(&["s3", "object"]).unwrap().as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["key", "sequencer"]);
    let left = cloud.until("no task is left", async || {
        cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty().then_some(())
    });
    left.await;
}

#[tokio::test]
async fn every_kind_of_change_is_told_once() {
    let cloud = cloud();
    let _work = cloud.start_work();
    let root = cloud.root();
    bucket(&root, "box").await;
    admit(&cloud, TOPIC, "sns:Publish", "box", ACCOUNT);
    admit(&cloud, FUNCTION, "lambda:InvokeFunction", "box", ACCOUNT);
    let configuration = NotificationConfiguration {
        topic_configurations: Some(vec![TopicConfiguration {
            id: Some("topic".into()),
            topic_arn: TOPIC.into(),
            events: vec!["s3:ObjectRemoved:*".into(), "s3:ObjectTagging:*".into()],
            filter: None,
        }]),
        lambda_function_configurations: Some(vec![LambdaFunctionConfiguration {
            id: None,
            lambda_function_arn: FUNCTION.into(),
            events: vec!["s3:ObjectCreated:Copy".into()],
            filter: None,
        }]),
        event_bridge_configuration: Some(EventBridgeConfiguration {}),
        ..Default::default()
    };
    configure(&root, configuration).await.unwrap();
    let versioning =
        VersioningConfiguration { status: Some(BucketVersioningStatus::Enabled), mfa_delete: None };
    let versioning = PutBucketVersioning {
        bucket: "box".into(),
        versioning_configuration: versioning,
        ..Default::default()
    };
    root.call(versioning).await.unwrap();
    let version = put(&root, "box", "a b", "1").await.version_id.unwrap();
    let copy = CopyObject {
        bucket: "box".into(),
        key: "copy".into(),
        copy_source: "box/a%20b".into(),
        ..Default::default()
    };
    root.call(copy).await.unwrap();
    let tag = PutObjectTagging {
        bucket: "box".into(),
        key: "a b".into(),
        tagging: Tagging { tag_set: vec![Tag { key: "k".into(), value: "v".into() }] },
        ..Default::default()
    };
    root.call(tag).await.unwrap();
    root.call(DeleteObject { bucket: "box".into(), key: "a b".into(), ..Default::default() }).await.unwrap();

    let invoked = messages(&cloud, ":function:uploads", 1).await;
    assert_eq!(text(record(&invoked[0]), &["eventName"]), "ObjectCreated:Copy");
    let published = messages(&cloud, ":111122223333:uploads", 3).await;
    let mut names: Vec<&str> =
        published[1..].iter().map(|message| text(record(message), &["eventName"])).collect();
    names.sort_unstable();
    assert_eq!(names, ["ObjectRemoved:DeleteMarkerCreated", "ObjectTagging:Put"]);
    let created = messages(&cloud, "bridge:Object Created", 2).await;
    let put = created.iter().find(|detail| text(detail, &["reason"]) == "PutObject").unwrap();
    assert_eq!(text(put, &["object", "key"]), "a b");
    assert_eq!(text(put, &["object", "version-id"]), version);
    assert_eq!(text(put, &["requester"]), ACCOUNT);
    let deleted = messages(&cloud, "bridge:Object Deleted", 1).await;
    assert_eq!(text(&deleted[0], &["deletion-type"]), "Delete Marker Created");
    messages(&cloud, "bridge:Object Tags Added", 1).await;
}

#[tokio::test]
async fn destinations_must_exist_and_let_s3_in() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    let wanted = || vec![queue(QUEUE, &["s3:ObjectCreated:*"], "", "")];
    let error = queues(&root, wanted()).await.unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.status, error.message.as_str()),
        ("InvalidArgument", 400, "Unable to validate the following destination configurations")
    );
    assert!(
        error.members.contains(&(
            "ArgumentValue1",
            "Permissions on the destination queue do not allow S3 to publish notifications from this bucket"
                .into()
        ))
    );
    // The policy is for another bucket, and for another account.
    admit(&cloud, QUEUE, "sqs:SendMessage", "other", ACCOUNT);
    assert!(queues(&root, wanted()).await.is_err());
    admit(&cloud, QUEUE, "sqs:SendMessage", "box", "444455556666");
    assert!(queues(&root, wanted()).await.is_err());
    let get = GetBucketNotificationConfigurationRequest("box");
    assert_eq!(root.call(get.clone()).await.unwrap(), NotificationConfiguration::default());
    assert!(told_to(&cloud, "/uploads").is_empty());

    // Validation can be skipped; then nothing is sent, and events are lost.
    let skip = PutBucketNotificationConfiguration {
        bucket: "box".into(),
        notification_configuration: NotificationConfiguration {
            queue_configurations: Some(wanted()),
            ..Default::default()
        },
        skip_destination_validation: Some(true),
        ..Default::default()
    };
    root.call(skip).await.unwrap();
    let work = cloud.start_work();
    put(&root, "box", "k", "1").await;
    cloud
        .until("the event is given up", async || {
            cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty().then_some(())
        })
        .await;
    drop(work);
    assert!(told_to(&cloud, "/uploads").is_empty());
    let told = root.call(get).await.unwrap().queue_configurations.unwrap();
    let rules = told[0].filter.clone().unwrap().key.unwrap().filter_rules.unwrap();
    let names: Vec<_> = rules.iter().map(|rule| rule.name.clone().unwrap()).collect();
    assert_eq!(names, ["Prefix", "Suffix"]);
}

#[expect(non_snake_case, reason = "reads as the request that it makes")]
fn GetBucketNotificationConfigurationRequest(bucket: &str) -> GetBucketNotificationConfiguration {
    GetBucketNotificationConfiguration { bucket: bucket.into(), ..Default::default() }
}

#[tokio::test]
async fn configurations_that_cannot_be_are_refused() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    admit(&cloud, QUEUE, "sqs:SendMessage", "box", ACCOUNT);
    let one = |events: &[&str], prefix: &str, suffix: &str| queue(QUEUE, events, prefix, suffix);
    let sentence = async |rules| failed(queues(&root, rules).await).1;
    let ambiguous = "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are \
                     overlapping for the same event type.";
    let created = "s3:ObjectCreated:*";
    let put = "s3:ObjectCreated:Put";
    assert_eq!(
        sentence(vec![one(&[created], "", ""), one(&[put], "", "")]).await,
        "Configurations overlap. Configurations on the same bucket cannot share a common event type."
    );
    assert_eq!(sentence(vec![one(&[created], "a", ""), one(&[put], "ab", "")]).await, ambiguous);
    assert_eq!(sentence(vec![one(&[created], "", ".jpg"), one(&[put], "x", "g")]).await, ambiguous);
    for apart in [
        vec![one(&[created], "a", ""), one(&[put], "b", "")],
        vec![one(&[created], "a", ".jpg"), one(&[put], "a", ".png")],
        vec![one(&[put], "", ""), one(&["s3:ObjectRemoved:*"], "", "")],
    ] {
        queues(&root, apart).await.unwrap();
    }
    assert_eq!(
        sentence(vec![one(&["s3:ObjectEaten:*"], "", "")]).await,
        "A specified event is not supported for notifications."
    );
    assert_eq!(
        sentence(vec![queue("arn:aws:sqs:eu-west-1:111122223333:q", &[put], "", "")]).await,
        "The notification destination service region is not valid for the bucket location constraint"
    );
    assert_eq!(sentence(vec![queue("uploads", &[put], "", "")]).await, "The ARN is not well formed");
    let mut twice = one(&[put], "", "");
    let rule = FilterRule { name: Some("prefix".into()), value: Some("x".into()) };
    twice.filter.as_mut().unwrap().key.as_mut().unwrap().filter_rules = Some(vec![rule.clone(), rule]);
    assert_eq!(sentence(vec![twice]).await, "Cannot specify more than one prefix rule in a filter.");
}

#[tokio::test]
async fn thousands_of_uploads_are_each_told_once() {
    let cloud = cloud();
    let root = cloud.root();
    bucket(&root, "box").await;
    admit(&cloud, QUEUE, "sqs:SendMessage", "box", ACCOUNT);
    queues(&root, vec![queue(QUEUE, &["s3:ObjectCreated:*"], "", "")]).await.unwrap();
    let count = 300;
    for at in 0..count {
        root.call(object("box", &format!("k{at}"), "1")).await.unwrap();
    }
    assert_eq!(cloud.context().store.view().list_all::<contract::Task>().unwrap().len(), count);
    // As after a crash: the work begins with all of it due.
    let _work = cloud.start_work();
    let told = messages(&cloud, "/uploads", count + 1).await;
    let mut keys: Vec<&str> =
        told[1..].iter().map(|message| text(record(message), &["s3", "object", "key"])).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
}
