use crate::cloud::{BUCKET, Cloud, refusal};
use api_cloudtrail::{
    AddTags, CreateTrail, DataResource, DeleteTrail, DescribeTrails, EventSelector, GetEventSelectors,
    GetInsightSelectors, GetTrail, GetTrailStatus, ListTags, ListTrails, PutEventSelectors, RemoveTags,
    StartLogging, StopLogging, Tag, UpdateTrail,
};

const ARN: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit";

fn create(name: &str) -> CreateTrail {
    CreateTrail { name: name.into(), s3_bucket_name: BUCKET.into(), ..Default::default() }
}

#[tokio::test]
async fn a_trail_is_made_changed_and_deleted() {
    let cloud = Cloud::start();
    cloud.bucket().await;
    let made = cloud.root.call(create("audit")).await.unwrap();
    assert_eq!(made.trail_arn.as_deref(), Some(ARN));
    assert_eq!((made.include_global_service_events, made.is_multi_region_trail), (Some(true), Some(false)));
    let again = refusal(cloud.root.call(create("audit")).await);
    assert_eq!(again.0, "TrailAlreadyExistsException");
    assert_eq!(again.1, "Trail audit already exists for customer: 111122223333");
    let update = UpdateTrail {
        name: ARN.into(),
        s3_key_prefix: Some("logs".into()),
        is_multi_region_trail: Some(true),
        ..Default::default()
    };
    cloud.root.call(update).await.unwrap();
    let there = cloud.in_region("eu-west-1");
    let found = there.call(GetTrail { name: "audit".into() }).await.unwrap().trail.unwrap();
    assert_eq!(found.home_region.as_deref(), Some("us-east-1"));
    assert_eq!(found.s3_key_prefix.as_deref(), Some("logs"));
    let shadows = DescribeTrails { include_shadow_trails: Some(false), ..Default::default() };
    assert_eq!(there.call(shadows).await.unwrap().trail_list.unwrap().len(), 0);
    let home = refusal(there.call(StartLogging { name: "audit".into() }).await);
    assert_eq!(home.0, "InvalidHomeRegionException");
    assert_eq!(there.call(ListTrails::default()).await.unwrap().trails.unwrap().len(), 1);
    cloud.root.call(DeleteTrail { name: "audit".into() }).await.unwrap();
    let gone = refusal(cloud.root.call(GetTrail { name: "audit".into() }).await);
    assert_eq!(
        gone,
        ("TrailNotFoundException".into(), "Unknown trail: audit for the user: 111122223333".into())
    );
}

#[tokio::test]
async fn destinations_that_cannot_be_written_to_are_refused() {
    let cloud = Cloud::start();
    let missing = CreateTrail { s3_bucket_name: "not-there".into(), ..create("audit") };
    let (code, message) = refusal(cloud.root.call(missing).await);
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("S3BucketDoesNotExistException", "S3 bucket not-there does not exist!")
    );
    cloud.plain_bucket().await;
    let (code, message) = refusal(cloud.root.call(create("audit")).await);
    assert_eq!(code, "InsufficientS3BucketPolicyException");
    assert_eq!(message, format!("Incorrect S3 bucket policy is detected for bucket: {BUCKET}"));
    cloud.bucket_policy("arn:aws:cloudtrail:us-east-1:111122223333:trail/other").await;
    assert_eq!(refusal(cloud.root.call(create("audit")).await).0, "InsufficientS3BucketPolicyException");
    cloud.bucket_policy(ARN).await;
    let topic = CreateTrail { sns_topic_name: Some("nowhere".into()), ..create("audit") };
    let (code, message) = refusal(cloud.root.call(topic).await);
    assert_eq!(code, "InsufficientSnsTopicPolicyException");
    assert_eq!(message, "SNS Topic does not exist or the topic policy is incorrect!");
    let logs = CreateTrail {
        cloud_watch_logs_log_group_arn: Some("arn:aws:logs:us-east-1:111122223333:log-group:g:*".into()),
        cloud_watch_logs_role_arn: Some("arn:aws:iam::111122223333:role/r".into()),
        ..create("audit")
    };
    assert_eq!(refusal(cloud.root.call(logs.clone()).await).0, "InvalidCloudWatchLogsRoleArnException");
    let alone = CreateTrail { cloud_watch_logs_role_arn: None, ..logs };
    assert_eq!(refusal(cloud.root.call(alone).await).0, "InvalidCloudWatchLogsLogGroupArnException");
    assert_eq!(cloud.root.call(ListTrails::default()).await.unwrap().trails.unwrap().len(), 0);
    cloud.root.call(create("audit")).await.unwrap();
}

#[tokio::test]
async fn what_is_not_built_or_makes_no_sense_is_refused_by_name() {
    let cloud = Cloud::start();
    cloud.bucket().await;
    let refused = async |input: CreateTrail| refusal(cloud.root.call(input).await).0;
    let organization = CreateTrail { is_organization_trail: Some(true), ..create("audit") };
    assert_eq!(refused(organization).await, "OrganizationsNotInUseException");
    let partly = CreateTrail {
        is_multi_region_trail: Some(true),
        include_global_service_events: Some(false),
        ..create("audit")
    };
    assert_eq!(refused(partly).await, "InvalidParameterCombinationException");
    assert_eq!(refused(create("a")).await, "InvalidTrailNameException");
    let slash = CreateTrail { s3_key_prefix: Some("a/".into()), ..create("audit") };
    assert_eq!(refused(slash).await, "InvalidS3PrefixException");
    for name in ["audit", "audit-2", "audit-3", "audit-4", "audit-5"] {
        cloud.bucket_policy("arn:aws:cloudtrail:us-east-1:111122223333:trail/*").await;
        cloud.root.call(create(name)).await.unwrap();
    }
    assert_eq!(refused(create("audit-6")).await, "MaximumNumberOfTrailsExceededException");
    let insights = GetInsightSelectors { trail_name: Some("audit".into()), ..Default::default() };
    assert_eq!(refusal(cloud.root.call(insights).await).0, "InsightNotEnabledException");
}

#[tokio::test]
async fn logging_is_started_and_stopped() {
    let cloud = Cloud::start();
    cloud.bucket().await;
    cloud.root.call(create("audit")).await.unwrap();
    let status = async || cloud.root.call(GetTrailStatus { name: "audit".into() }).await.unwrap();
    assert_eq!(status().await.is_logging, Some(false));
    cloud.root.call(StartLogging { name: "audit".into() }).await.unwrap();
    let on = status().await;
    assert_eq!((on.is_logging, on.start_logging_time), (Some(true), Some(cloud.cloud.now())));
    cloud.root.call(StopLogging { name: ARN.into() }).await.unwrap();
    let off = status().await;
    assert_eq!((off.is_logging, off.stop_logging_time), (Some(false), Some(cloud.cloud.now())));
}

#[tokio::test]
async fn selectors_are_kept_and_have_data_calls_recorded() {
    let cloud = Cloud::start();
    cloud.bucket().await;
    cloud.root.call(create("audit")).await.unwrap();
    cloud.root.call(StartLogging { name: "audit".into() }).await.unwrap();
    let first = cloud.root.call(GetEventSelectors { trail_name: "audit".into() }).await.unwrap();
    assert_eq!(first.event_selectors.unwrap().len(), 1);
    let data = |kind: &str, value: &str| PutEventSelectors {
        trail_name: "audit".into(),
        event_selectors: Some(vec![EventSelector {
            data_resources: Some(vec![DataResource {
                r#type: Some(kind.into()),
                values: Some(vec![value.into()]),
            }]),
            ..Default::default()
        }]),
        advanced_event_selectors: None,
    };
    let recordings = || {
        let view = cloud.cloud.context().store.view();
        let all = view.list_all::<pipeline::DataRecording>().unwrap();
        all.into_iter().map(|it| (it.scope.region.to_string(), it.service)).collect::<Vec<_>>()
    };
    cloud.root.call(data("AWS::S3::Object", "arn:aws:s3:::files/")).await.unwrap();
    assert_eq!(recordings(), [("us-east-1".to_owned(), "s3".to_owned())]);
    for (kind, value) in [("AWS::Kinesis::Stream", "arn:aws:kinesis"), ("AWS::S3::Object", "files")] {
        assert_eq!(refusal(cloud.root.call(data(kind, value)).await).0, "InvalidEventSelectorsException");
    }
    cloud.root.call(StopLogging { name: "audit".into() }).await.unwrap();
    assert!(recordings().is_empty());
}

#[tokio::test]
async fn tags_are_added_listed_and_removed() {
    let cloud = Cloud::start();
    cloud.bucket().await;
    cloud.root.call(create("audit")).await.unwrap();
    let tag = |key: &str, value: Option<&str>| Tag { key: key.into(), value: value.map(str::to_owned) };
    let tags = vec![tag("a", Some("1")), tag("b", None)];
    cloud.root.call(AddTags { resource_id: ARN.into(), tags_list: tags }).await.unwrap();
    let listed = async || {
        let list = ListTags { resource_id_list: vec![ARN.into()], next_token: None };
        let found = cloud.root.call(list).await.unwrap().resource_tag_list.unwrap().remove(0);
        found.tags_list.unwrap().into_iter().map(|tag| tag.key).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, ["a", "b"]);
    let remove = RemoveTags { resource_id: ARN.into(), tags_list: vec![tag("a", None)] };
    cloud.root.call(remove).await.unwrap();
    assert_eq!(listed().await, ["b"]);
    let reserved = AddTags { resource_id: ARN.into(), tags_list: vec![tag("aws:x", None)] };
    assert_eq!(refusal(cloud.root.call(reserved).await).0, "InvalidTagParameterException");
}
