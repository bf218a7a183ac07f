use crate::cloud::{BUCKET, Cloud, FUNCTION, GROUP, ROLE};
use api_config as api;
use contract::{HandlerContext, Properties, ResourceHandler};
use std::sync::Arc;
use wire::{Document, document};

fn handler(cloud: &Cloud, resource_type: &str) -> Arc<dyn ResourceHandler> {
    Arc::clone(&cloud.context().catalog.handlers[resource_type])
}

fn context(cloud: &Cloud, logical_id: &str) -> HandlerContext {
    HandlerContext {
        caller: cloud.root(),
        context: cloud.context().clone(),
        stack_name: "stack".into(),
        stack_id: "arn:aws:cloudformation:us-east-1:111122223333:stack/stack/1".into(),
        logical_id: logical_id.into(),
        previous_stack_tags: Default::default(),
        stack_tags: names::Tags::from([("team".to_owned(), "blue".to_owned())]),
        token: "ABCDEF123456".into(),
    }
}

fn recorder() -> Properties {
    Properties::new(document!({ "RoleARN": ROLE, "RecordingGroup": { "ResourceTypes": [GROUP] } }))
}

fn channel() -> Properties {
    Properties::new(document!({
        "S3BucketName": BUCKET, "ConfigSnapshotDeliveryProperties": { "DeliveryFrequency": "One_Hour" }
    }))
}

#[tokio::test]
async fn a_stack_makes_changes_and_deletes_all_three() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    let recorders = handler(&cloud, "AWS::Config::ConfigurationRecorder");
    let channels = handler(&cloud, "AWS::Config::DeliveryChannel");
    let rules = handler(&cloud, "AWS::Config::ConfigRule");
    // The channel is begun first, and waits for the recorder.
    let channel_context = context(&cloud, "Channel");
    let channel_properties = channel();
    let made_channel = channels.create(&channel_properties, &channel_context);
    let rest = async {
        cloud.test.settle().await;
        let made = recorders.create(&recorder(), &context(&cloud, "Recorder")).await.unwrap();
        cloud.test.advance(std::time::Duration::from_secs(2)).await;
        made
    };
    let (made_channel, made_recorder) = futures::join!(made_channel, rest);
    let made_channel = made_channel.unwrap();
    assert_eq!(made_recorder.physical_id, "stack-Recorder-ABCDEF123456");
    let status = cloud.root().call(api::DescribeConfigurationRecorderStatus::default()).await.unwrap();
    assert_eq!(status.configuration_recorders_status.unwrap()[0].recording, Some(true));
    cloud.quiet().await;

    let rule = document!({
        "ConfigRuleName": "groups",
        "InputParameters": { "debug": "true" },
        "Scope": { "ComplianceResourceTypes": [GROUP] },
        "Source": { "Owner": "CUSTOM_LAMBDA", "SourceIdentifier": FUNCTION, "SourceDetails": [
            { "EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification" }] }
    });
    let made = rules.create(&Properties::new(rule.clone()), &context(&cloud, "Rule")).await.unwrap();
    cloud.quiet().await;
    assert_eq!(made.physical_id, "groups");
    assert!(made.attributes["Arn"].as_str().unwrap().contains(":config-rule/config-rule-"));
    assert_eq!(made.attributes["Compliance.Type"], Document::from("INSUFFICIENT_DATA"));
    assert_eq!(cloud.peers.event_count(), 1);
    let mut changed = rule.clone();
    changed.set("InputParameters", document!({ "debug": false }));
    let (old, new) = (Properties::new(rule), Properties::new(changed));
    rules.update("groups", &old, &new, &context(&cloud, "Rule")).await.unwrap();
    assert_eq!(cloud.rule("groups").await.input_parameters.as_deref(), Some(r#"{"debug":"false"}"#));

    rules.delete("groups", &new, &context(&cloud, "Rule")).await.unwrap();
    cloud.quiet().await;
    rules.delete("groups", &new, &context(&cloud, "Rule")).await.unwrap();
    channels.delete(&made_channel.physical_id, &channel(), &context(&cloud, "Channel")).await.unwrap();
    recorders.delete(&made_recorder.physical_id, &recorder(), &context(&cloud, "Recorder")).await.unwrap();
    recorders.delete(&made_recorder.physical_id, &recorder(), &context(&cloud, "Recorder")).await.unwrap();
}

#[tokio::test]
async fn bad_properties_are_refused_before_anything_is_made() {
    let cloud = Cloud::new();
    let recorders = handler(&cloud, "AWS::Config::ConfigurationRecorder");
    let stranger = Properties::new(document!({ "RoleARN": ROLE, "Colour": "red" }));
    let failure = recorders.create(&stranger, &context(&cloud, "Recorder")).await.unwrap_err();
    assert_eq!(failure.reason, "#: extraneous key [Colour] is not permitted");
    let missing = Properties::new(document!({}));
    let failure = recorders.create(&missing, &context(&cloud, "Recorder")).await.unwrap_err();
    assert_eq!(failure.reason, "#: required key [RoleARN] not found");
    let wrong =
        Properties::new(document!({ "RoleARN": ROLE, "RecordingMode": { "RecordingFrequency": "HOURLY" } }));
    let failure = recorders.create(&wrong, &context(&cloud, "Recorder")).await.unwrap_err();
    assert!(failure.reason.contains("HOURLY is not a valid enum value"), "{}", failure.reason);
    let rules = handler(&cloud, "AWS::Config::ConfigRule");
    let failure = rules.create(&Properties::new(document!({})), &context(&cloud, "Rule")).await.unwrap_err();
    assert_eq!(failure.reason, "#: required key [Source] not found");
}

#[tokio::test]
async fn a_stack_makes_and_changes_a_managed_rule() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[8080]);
    cloud.record_groups().await;
    let rules = handler(&cloud, "AWS::Config::ConfigRule");
    let rule = |port: i64| {
        Properties::new(document!({
            "ConfigRuleName": "ports",
            "InputParameters": { "blockedPort1": port },
            "Source": { "Owner": "AWS", "SourceIdentifier": "RESTRICTED_INCOMING_TRAFFIC" }
        }))
    };
    rules.create(&rule(22), &context(&cloud, "Rule")).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.results("ports").await[0].1, api::ComplianceType::Compliant);
    rules.update("ports", &rule(22), &rule(8080), &context(&cloud, "Rule")).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.results("ports").await[0].1, api::ComplianceType::NonCompliant);
    let unknown =
        Properties::new(document!({ "Source": { "Owner": "AWS", "SourceIdentifier": "NONSENSE" } }));
    let failure = rules.create(&unknown, &context(&cloud, "Bad")).await.unwrap_err();
    assert!(failure.reason.starts_with("The sourceIdentifier NONSENSE is invalid."), "{failure}");
}
