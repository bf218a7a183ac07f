//! Alarms that stacks make.

use crate::alarms_cloud::{Cloud, TOPIC, errors, rule};
use api_cloudwatch::ListTagsForResource;
use contract::{Actual, Chain, HandlerContext, Principal, Properties, ResourceHandler};
use std::sync::Arc;
use wire::{Document, document};

fn handler(resource_type: &str) -> Arc<dyn ResourceHandler> {
    let handlers = cloudwatch::registration().handlers;
    handlers.into_iter().find(|handler| handler.resource_type() == resource_type).unwrap()
}

fn context(cloud: &Cloud, logical_id: &str) -> HandlerContext {
    let root = Principal::Root("111122223333".parse().unwrap());
    let stack_id = "arn:aws:cloudformation:us-east-1:111122223333:stack/lab/1";
    let tags: names::Tags =
        [("aws:cloudformation:stack-id", stack_id), ("aws:cloudformation:logical-id", logical_id)]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
    HandlerContext {
        caller: cloud.cloud.context().caller(
            root,
            cloud.cloud.scope(),
            Chain::default().through("cloudformation.amazonaws.com"),
        ),
        context: cloud.cloud.context().clone(),
        stack_name: "lab".into(),
        stack_id: stack_id.into(),
        logical_id: logical_id.into(),
        stack_tags: tags.clone(),
        previous_stack_tags: tags,
        token: "ABCDEF123456".into(),
    }
}

fn alarm(name: Option<&str>) -> Document {
    let mut document = document!({
        "AlarmDescription": "too many",
        "AlarmActions": [TOPIC],
        "MetricName": "Errors",
        "Namespace": "App",
        "Dimensions": [{ "Name": "Service", "Value": "shop" }],
        "Statistic": "Sum",
        "Period": "60",
        "EvaluationPeriods": 2,
        "DatapointsToAlarm": 1,
        "Threshold": "1.5",
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "Tags": [{ "Key": "a", "Value": "1" }],
    });
    if let Some(name) = name {
        document.set("AlarmName", name);
    }
    document
}

#[tokio::test]
async fn a_metric_alarm_is_made_changed_read_and_deleted() {
    let cloud = Cloud::start().await;
    let handler = handler("AWS::CloudWatch::Alarm");
    let wanted = Properties::new(alarm(None));
    let made = handler.create(&wanted, &context(&cloud, "Alarm")).await.unwrap();
    assert_eq!(made.physical_id, "lab-Alarm-ABCDEF123456");
    let arn = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:lab-Alarm-ABCDEF123456";
    assert_eq!(made.attributes["Arn"].as_str(), Some(arn));
    let again = handler.create(&wanted, &context(&cloud, "Alarm")).await.unwrap();
    assert_eq!(again.physical_id, made.physical_id);
    let found = cloud.metric_alarm(&made.physical_id).await;
    assert_eq!((found.threshold, found.period, found.datapoints_to_alarm), (Some(1.5), Some(60), Some(1)));
    let read = handler.read(&made.physical_id, &wanted, &context(&cloud, "Alarm")).await.unwrap();
    let Actual::Properties(read) = read else { panic!("{read:?}") };
    assert_eq!(read.get("Dimensions"), alarm(None).get("Dimensions"));
    assert_eq!(read.get("Threshold"), Some(&Document::from(1.5)));
    assert_eq!(read.get("Tags").and_then(Document::as_array).unwrap().len(), 3);

    let changed = Properties::new(
        alarm(None).with("Threshold", 9).with("Tags", document!([{ "Key": "b", "Value": "2" }])),
    );
    handler.update(&made.physical_id, &wanted, &changed, &context(&cloud, "Alarm")).await.unwrap();
    assert_eq!(cloud.metric_alarm(&made.physical_id).await.threshold, Some(9.0));
    let tags = cloud.root.call(ListTagsForResource { resource_arn: arn.into() }).await.unwrap().tags.unwrap();
    let keys: Vec<&str> = tags.iter().map(|tag| tag.key.as_str()).collect();
    assert_eq!(keys, ["aws:cloudformation:logical-id", "aws:cloudformation:stack-id", "b"]);
    for _ in 0..2 {
        handler.delete(&made.physical_id, &changed, &context(&cloud, "Alarm")).await.unwrap();
    }
    let read = handler.read(&made.physical_id, &wanted, &context(&cloud, "Alarm")).await.unwrap();
    assert_eq!(read, Actual::Gone);
}

#[tokio::test]
async fn an_alarm_of_another_is_not_adopted() {
    let cloud = Cloud::start().await;
    cloud.alarm(errors("mine")).await;
    let handler = handler("AWS::CloudWatch::Alarm");
    let wanted = Properties::new(alarm(Some("mine")));
    let failure = handler.create(&wanted, &context(&cloud, "Alarm")).await.unwrap_err();
    assert_eq!(failure.code, "AlreadyExists");
    assert_eq!(
        failure.reason,
        "Resource of type 'AWS::CloudWatch::Alarm' with identifier 'mine' already exists."
    );
    let bad = Properties::new(alarm(None).with("Period", 45));
    let failure = handler.create(&bad, &context(&cloud, "Alarm")).await.unwrap_err();
    assert!(failure.reason.starts_with("Period must be 10, 20, 30 or a multiple of 60"), "{failure}");
    let bad = Properties::new(alarm(None).with("ComparisonOperator", "Greater"));
    let failure = handler.create(&bad, &context(&cloud, "Alarm")).await.unwrap_err();
    assert_eq!(failure.reason, "#/ComparisonOperator: Greater is not a valid enum value");
}

#[tokio::test]
async fn expressions_come_from_templates() {
    let cloud = Cloud::start().await;
    let metrics = document!([
        { "Id": "e1", "Expression": "m1 * 2", "Label": "twice", "ReturnData": "true" },
        { "Id": "m1", "ReturnData": false, "MetricStat": {
            "Metric": { "Namespace": "App", "MetricName": "Errors", "Dimensions": [{ "Name": "Service", "Value": "shop" }] },
            "Period": 60, "Stat": "p99", "Unit": "Count"
        } }
    ]);
    let wanted = Properties::new(document!({
        "Metrics": metrics,
        "EvaluationPeriods": 1,
        "Threshold": 3,
        "ComparisonOperator": "LessThanThreshold",
    }));
    let handler = handler("AWS::CloudWatch::Alarm");
    let made = handler.create(&wanted, &context(&cloud, "Math")).await.unwrap();
    let found = cloud.metric_alarm(&made.physical_id).await.metrics.unwrap();
    assert_eq!((found[0].expression.as_deref(), found[0].return_data), (Some("m1 * 2"), Some(true)));
    assert_eq!(found[1].metric_stat.as_ref().unwrap().stat, "p99");
}

#[tokio::test]
async fn a_composite_alarm_is_made_changed_read_and_deleted() {
    let cloud = Cloud::start().await;
    cloud.alarm(errors("a")).await;
    cloud.composite(rule("quiet", "FALSE")).await;
    let handler = handler("AWS::CloudWatch::CompositeAlarm");
    let wanted = Properties::new(document!({
        "AlarmName": "both",
        "AlarmRule": "ALARM(a)",
        "ActionsSuppressor": "quiet",
        "ActionsSuppressorWaitPeriod": "60",
        "ActionsSuppressorExtensionPeriod": 60,
        "OKActions": [TOPIC],
    }));
    let made = handler.create(&wanted, &context(&cloud, "Both")).await.unwrap();
    assert_eq!(made.physical_id, "both");
    let again = handler.create(&wanted, &context(&cloud, "Both")).await.unwrap();
    assert_eq!(again.physical_id, "both", "the same step again finds what it made");
    let failure = handler.create(&wanted, &context(&cloud, "Other")).await.unwrap_err();
    assert_eq!(failure.code, "AlreadyExists");
    let read = handler.read("both", &wanted, &context(&cloud, "Both")).await.unwrap();
    let Actual::Properties(read) = read else { panic!("{read:?}") };
    assert_eq!(read.get("ActionsSuppressorWaitPeriod"), Some(&Document::from(60)));
    let changed = Properties::new(document!({ "AlarmName": "both", "AlarmRule": "NOT ALARM(a)" }));
    handler.update("both", &wanted, &changed, &context(&cloud, "Both")).await.unwrap();
    cloud.pass(1).await;
    assert_eq!(cloud.composite_state("both").await, "ALARM");
    assert_eq!(cloud.composite_alarm("both").await.actions_suppressor, None);
    handler.delete("both", &changed, &context(&cloud, "Both")).await.unwrap();
    assert_eq!(handler.read("both", &changed, &context(&cloud, "Both")).await.unwrap(), Actual::Gone);
}
