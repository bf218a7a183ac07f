use crate::cloud::{
    BUCKET, Bucket, Cloud, GROUP, Group, ROLE, TOPIC, answered, group_rule, including, report,
};
use api_config as api;
use flate2::read::GzDecoder;
use std::io::Read;
use std::time::Duration;
use wire::Document;

fn unzipped(bytes: &[u8]) -> Document {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    Document::parse(&text).unwrap()
}

fn files(cloud: &Cloud, part: &str) -> Vec<(String, Document)> {
    let objects = cloud.peers.objects.lock();
    let found = objects.iter().filter(|(key, _)| key.contains(part));
    found.map(|(key, bytes)| (key.clone(), unzipped(bytes))).collect()
}

fn messages(cloud: &Cloud, kind: &str) -> Vec<(String, Document)> {
    let messages = cloud.peers.messages.lock();
    let of_kind =
        |message: &&(String, Document)| message.1.get("messageType").unwrap().as_str() == Some(kind);
    messages.iter().filter(of_kind).cloned().collect()
}

async fn channel_status(cloud: &Cloud) -> api::DeliveryChannelStatus {
    let status = cloud.root().call(api::DescribeDeliveryChannelStatus::default()).await.unwrap();
    status.delivery_channels_status.unwrap().remove(0)
}

#[tokio::test]
async fn a_snapshot_holds_all_current_items_at_awss_key() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.put_group("sg-2", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.delete_group("sg-2");
    cloud.quiet().await;
    let deliver = || api::DeliverConfigSnapshot { delivery_channel_name: "default".into() };
    let id = cloud.root().call(deliver()).await.unwrap().config_snapshot_id.unwrap();
    cloud.quiet().await;
    let files = files(&cloud, "ConfigSnapshot");
    assert_eq!(files.len(), 1);
    assert_eq!(
        files[0].0,
        format!(
            "AWSLogs/111122223333/Config/us-east-1/2026/11/21/ConfigSnapshot/111122223333_Config_us-east-1_ConfigSnapshot_20261121T093000Z_{id}.json.gz"
        )
    );
    let file = &files[0].1;
    assert_eq!(file.get("fileVersion").unwrap().as_str(), Some("1.0"));
    assert_eq!(file.get("configSnapshotId").unwrap().as_str(), Some(id.as_str()));
    let items = file.get("configurationItems").unwrap().as_array().unwrap();
    let groups: Vec<&Document> =
        items.iter().filter(|item| item.get("resourceType").unwrap().as_str() == Some(GROUP)).collect();
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].at(&["configuration", "groupId"]).unwrap().as_str(), Some("sg-1"));
    assert_eq!(groups[0].at(&["awsAccountId"]).unwrap().as_str(), Some(testkit::ACCOUNT));

    let started = messages(&cloud, "ConfigurationSnapshotDeliveryStarted");
    assert_eq!(
        started[0].0,
        "[AWS Config:us-east-1] Configuration Snapshot Delivery Started for Account 111122223333"
    );
    let completed = messages(&cloud, "ConfigurationSnapshotDeliveryCompleted");
    assert_eq!(completed[0].1.get("s3ObjectKey").unwrap().as_str(), Some(files[0].0.as_str()));
    assert_eq!(completed[0].1.get("s3Bucket").unwrap().as_str(), Some(BUCKET));
    let status = channel_status(&cloud).await.config_snapshot_delivery_info.unwrap();
    assert_eq!(status.last_status, Some(api::DeliveryStatus::Success));

    cloud.stop().await;
    assert_eq!(
        cloud.root().call(deliver()).await.unwrap_err().code,
        "NoRunningConfigurationRecorderException"
    );
    let nobody = api::DeliverConfigSnapshot { delivery_channel_name: "nobody".into() };
    assert_eq!(cloud.root().call(nobody).await.unwrap_err().code, "NoSuchDeliveryChannelException");
}

#[tokio::test]
async fn a_bucket_that_refuses_is_told_and_recovers() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.record_groups().await;
    cloud.quiet().await;
    *cloud.peers.bucket.lock() = Bucket::Closed;
    let deliver = || api::DeliverConfigSnapshot { delivery_channel_name: "default".into() };
    cloud.root().call(deliver()).await.unwrap();
    cloud.quiet().await;
    let status = channel_status(&cloud).await.config_snapshot_delivery_info.unwrap();
    assert_eq!(status.last_status, Some(api::DeliveryStatus::Failure));
    assert_eq!(status.last_error_code.as_deref(), Some("AccessDenied"));
    assert!(status.last_attempt_time.is_some() && status.last_successful_time.is_none());
    assert_eq!(messages(&cloud, "ConfigurationSnapshotDeliveryFailed").len(), 1);
    // The role may not, the service may.
    *cloud.peers.bucket.lock() = Bucket::ServiceOnly;
    cloud.root().call(deliver()).await.unwrap();
    cloud.quiet().await;
    let status = channel_status(&cloud).await.config_snapshot_delivery_info.unwrap();
    assert_eq!((status.last_status, status.last_error_code), (Some(api::DeliveryStatus::Success), None));
}

#[tokio::test]
async fn snapshots_and_history_come_by_the_clock() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.put_recorder(including(&[GROUP])).await.unwrap();
    cloud.put_channel(Some(api::MaximumExecutionFrequency::ThreeHours)).await.unwrap();
    cloud.start().await;
    cloud.quiet().await;
    cloud.put_group("sg-1", &[81]);
    cloud.quiet().await;
    for _ in 0..6 {
        cloud.test.advance(Duration::from_secs(3600)).await;
        cloud.quiet().await;
    }
    assert_eq!(files(&cloud, "ConfigSnapshot").len(), 2);
    let history = files(&cloud, "ConfigHistory");
    let groups: Vec<_> = history.iter().filter(|(key, _)| key.contains(GROUP)).collect();
    assert_eq!(groups.len(), 1);
    assert!(groups[0].0.starts_with(
        "AWSLogs/111122223333/Config/us-east-1/2026/11/21/ConfigHistory/111122223333_Config_us-east-1_ConfigHistory_AWS::EC2::SecurityGroup_20261121T093000Z_"
    ));
    assert!(groups[0].0.ends_with("_1.json.gz"));
    assert_eq!(groups[0].1.get("configurationItems").unwrap().as_array().unwrap().len(), 2);
    let told = messages(&cloud, "ConfigurationHistoryDeliveryCompleted");
    assert_eq!(told.len(), history.len());
    // A period without changes has no files.
    for _ in 0..6 {
        cloud.test.advance(Duration::from_secs(3600)).await;
        cloud.quiet().await;
    }
    assert_eq!(files(&cloud, "ConfigHistory").len(), history.len());
    assert_eq!(files(&cloud, "ConfigSnapshot").len(), 4);
}

#[tokio::test]
async fn changes_and_compliance_are_published_in_awss_form() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    let items = messages(&cloud, "ConfigurationItemChangeNotification");
    let (subject, created) =
        items.iter().find(|(subject, _)| subject.contains(GROUP)).expect("the group is published").clone();
    assert_eq!(
        subject,
        "[AWS Config:us-east-1] AWS::EC2::SecurityGroup sg-1 Created in Account 111122223333"
    );
    assert_eq!(created.at(&["configurationItemDiff", "changeType"]).unwrap().as_str(), Some("CREATE"));
    assert_eq!(created.get("recordVersion").unwrap().as_str(), Some("1.3"));

    cloud.peers.function(|event, context| async move {
        report(&context, &event, api::ComplianceType::NonCompliant).await.unwrap();
        answered()
    });
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
    cloud.put_group("sg-1", &[81]);
    cloud.quiet().await;
    let updated = messages(&cloud, "ConfigurationItemChangeNotification");
    let subject = "[AWS Config:us-east-1] AWS::EC2::SecurityGroup sg-1 Updated in Account 111122223333";
    assert_eq!(updated.iter().filter(|message| message.0 == subject).count(), 1);
    // Judged twice, told once: it did not change.
    let compliance = messages(&cloud, "ComplianceChangeNotification");
    assert_eq!(compliance.len(), 1);
    let (subject, body) = &compliance[0];
    assert_eq!(subject.chars().count(), 100);
    assert!(subject.starts_with(
        "[AWS Config:us-east-1] AWS::EC2::SecurityGroup sg-1 is NON_COMPLIANT with groups in Account"
    ));
    assert_eq!(body.get("recordVersion").unwrap().as_str(), Some("1.0"));
    assert!(body.get("oldEvaluationResult").unwrap().is_null());
    let result = body.get("newEvaluationResult").unwrap();
    assert_eq!(result.get("complianceType").unwrap().as_str(), Some("NON_COMPLIANT"));
    assert_eq!(result.get("annotation").unwrap().as_str(), Some("Permissions were modified"));
    let qualifier = result.at(&["evaluationResultIdentifier", "evaluationResultQualifier"]).unwrap();
    assert_eq!(
        qualifier.to_string(),
        r#"{"configRuleName":"groups","resourceType":"AWS::EC2::SecurityGroup","resourceId":"sg-1"}"#
    );
    let stream = channel_status(&cloud).await.config_stream_delivery_info.unwrap();
    assert_eq!(stream.last_status, Some(api::DeliveryStatus::Success));
}

#[tokio::test]
async fn an_item_that_is_too_large_goes_to_the_bucket() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    let scope = cloud.test.scope();
    let group = Group {
        scope,
        id: "sg-1".into(),
        ports: vec![80],
        tags: names::Tags::new(),
        rule_id: 0,
        padding: "x".repeat(300_000),
    };
    cloud.context().store.transact(None, |tx: &mut store::Tx| tx.put(group.clone())).unwrap();
    cloud.record_groups().await;
    cloud.quiet().await;
    let told = messages(&cloud, "OversizedConfigurationItemChangeNotification");
    assert_eq!(told.len(), 1);
    let location =
        told[0].1.at(&["s3DeliverySummary", "s3BucketLocation"]).unwrap().as_str().unwrap().to_owned();
    let files = files(&cloud, "OversizedChangeNotification");
    assert_eq!(location, format!("{BUCKET}/{}", files[0].0));
    assert_eq!(files[0].1.get("resourceId").unwrap().as_str(), Some("sg-1"));
    // A rule that does not ask for such messages is not sent them.
    cloud.put_rule(group_rule("small")).await.unwrap();
    let mut rule = group_rule("large");
    rule.source.source_details = Some(crate::cloud::details(&[
        api::MessageType::ConfigurationItemChangeNotification,
        api::MessageType::OversizedConfigurationItemChangeNotification,
    ]));
    cloud.put_rule(rule).await.unwrap();
    cloud.quiet().await;
    let events = cloud.peers.events.lock();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].text(&["messageType"]), "OversizedConfigurationItemChangeNotification");
    assert_eq!(events[0].text(&["configurationItemSummary", "resourceId"]), "sg-1");
    assert_eq!(events[0].envelope.get("configRuleName").unwrap().as_str(), Some("large"));
}

#[tokio::test]
async fn a_service_linked_recorder_delivers_as_the_service() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    let role = "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
    let recorder = api::ConfigurationRecorder {
        role_arn: Some(role.into()),
        recording_group: Some(including(&[GROUP])),
        ..api::ConfigurationRecorder::default()
    };
    let put = api::PutConfigurationRecorder { configuration_recorder: recorder, tags: None };
    cloud.root().call(put).await.unwrap();
    // Without a bucket policy the service may not write, although an ordinary role might.
    assert_eq!(cloud.put_channel(None).await.unwrap_err().code, "InsufficientDeliveryPolicyException");
    *cloud.peers.bucket.lock() = Bucket::ServiceOnly;
    cloud.put_channel(None).await.unwrap();
    assert_ne!(role, ROLE);
    assert!(TOPIC.ends_with(":config"));
}
