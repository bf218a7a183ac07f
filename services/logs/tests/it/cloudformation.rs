use crate::{GROUP, cloud, create_group, subscription_filters};
use api_logs::{
    DescribeLogGroups, DescribeLogStreams, DescribeMetricFilters, DescribeSubscriptionFilters,
    ListTagsForResource, LogGroup, PutMetricFilter, StandardUnit,
};
use contract::{Actual, Chain, HandlerContext, HandlerFailure, Principal, Properties, ResourceHandler};
use std::sync::Arc;
use testkit::TestCloud;
use wire::{Document, document};

const STACK: &str = "arn:aws:cloudformation:us-east-1:111122223333:stack/shop/1";

fn handler(cloud: &TestCloud, name: &str) -> Arc<dyn ResourceHandler> {
    Arc::clone(&cloud.context().catalog.handlers[name])
}

fn context(cloud: &TestCloud, logical_id: &str) -> HandlerContext {
    let chain = Chain::default().through("cloudformation.amazonaws.com");
    let principal = Principal::Root(cloud.scope().account);
    let tags = [
        ("aws:cloudformation:stack-id", STACK),
        ("aws:cloudformation:logical-id", logical_id),
        ("cost", "7"),
    ];
    HandlerContext {
        caller: cloud.context().caller(principal, cloud.scope(), chain),
        context: cloud.context().clone(),
        stack_name: "shop".into(),
        stack_id: STACK.into(),
        logical_id: logical_id.into(),
        previous_stack_tags: Default::default(),
        stack_tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        token: "ABCDEFGHIJKL".into(),
    }
}

fn properties(document: Document) -> Properties {
    Properties::new(document)
}

async fn group(cloud: &TestCloud) -> LogGroup {
    let groups = cloud.root().call(DescribeLogGroups::default()).await.unwrap().log_groups.unwrap();
    let [group] = <[LogGroup; 1]>::try_from(groups).unwrap();
    group
}

async fn tags(cloud: &TestCloud, name: &str) -> Vec<String> {
    let resource_arn = format!("arn:aws:logs:us-east-1:111122223333:log-group:{name}");
    let tags = cloud.root().call(ListTagsForResource { resource_arn }).await.unwrap().tags.unwrap();
    tags.into_iter().map(|(key, value)| format!("{key}={value}")).collect()
}

#[tokio::test]
async fn a_group_is_made_updated_and_deleted() {
    let cloud = cloud();
    let (handler, context) = (handler(&cloud, "AWS::Logs::LogGroup"), context(&cloud, "Logs"));
    let old = properties(document!({
        "LogGroupName": GROUP, "RetentionInDays": "14", "DeletionProtectionEnabled": true,
        "Tags": [{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }]
    }));
    old.only(handler.properties()).unwrap();
    let created = handler.create(&old, &context).await.unwrap();
    assert_eq!(created.physical_id, GROUP);
    let arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/fn:*";
    assert_eq!(created.attributes["Arn"].as_str(), Some(arn));
    let made = group(&cloud).await;
    assert_eq!((made.retention_in_days, made.deletion_protection_enabled), (Some(14), Some(true)));
    assert_eq!(tags(&cloud, GROUP).await.len(), 5);
    // The same step again finds what it made.
    assert_eq!(handler.create(&old, &context).await.unwrap().physical_id, GROUP);

    let new = properties(document!({ "LogGroupName": GROUP, "Tags": [{ "Key": "b", "Value": "3" }] }));
    let updated = handler.update(GROUP, &old, &new, &context).await.unwrap();
    assert_eq!(updated.attributes["Arn"].as_str(), Some(arn));
    let changed = group(&cloud).await;
    assert_eq!((changed.retention_in_days, changed.deletion_protection_enabled), (None, Some(false)));
    let expected = [
        "aws:cloudformation:logical-id=Logs".to_owned(),
        format!("aws:cloudformation:stack-id={STACK}"),
        "b=3".to_owned(),
        "cost=7".to_owned(),
    ];
    assert_eq!(tags(&cloud, GROUP).await, expected);
    let class = properties(document!({ "LogGroupName": GROUP, "LogGroupClass": "INFREQUENT_ACCESS" }));
    assert_eq!(handler.update(GROUP, &new, &class, &context).await.unwrap_err().code, "NotUpdatable");

    handler.delete(GROUP, &new, &context).await.unwrap();
    handler.delete(GROUP, &new, &context).await.unwrap();
    assert!(cloud.root().call(DescribeLogGroups::default()).await.unwrap().log_groups.unwrap().is_empty());
}

#[tokio::test]
async fn a_group_of_somebody_else_is_not_taken_over() {
    let cloud = cloud();
    create_group(&cloud.root(), GROUP).await;
    let handler = handler(&cloud, "AWS::Logs::LogGroup");
    let properties = properties(document!({ "LogGroupName": GROUP, "RetentionInDays": 14 }));
    let failure = handler.create(&properties, &context(&cloud, "Logs")).await.unwrap_err();
    assert_eq!(failure.code, "AlreadyExists");
    assert!(failure.reason.starts_with("The specified log group already exists"), "{}", failure.reason);
    assert_eq!(group(&cloud).await.retention_in_days, None, "it stays as it was");
}

#[tokio::test]
async fn names_are_generated_and_properties_checked() {
    let cloud = cloud();
    let (handler, context) = (handler(&cloud, "AWS::Logs::LogGroup"), context(&cloud, "Logs"));
    let created = handler.create(&properties(document!({})), &context).await.unwrap();
    assert_eq!(created.physical_id, "shop-Logs-ABCDEFGHIJKL");
    let invalid: Vec<(Document, &str)> = vec![
        (
            document!({ "LogGroupName": "x", "LogGroupClass": "COLD" }),
            "#/LogGroupClass: COLD is not a valid enum value",
        ),
        (
            document!({ "LogGroupName": "y", "RetentionInDays": "many" }),
            "#/RetentionInDays: expected type: Integer",
        ),
    ];
    for (document, reason) in invalid {
        let failure: HandlerFailure = handler.create(&properties(document), &context).await.unwrap_err();
        assert_eq!(failure.reason, reason);
    }
    for refused in ["KmsKeyId", "DataProtectionPolicy"] {
        assert!(!handler.properties().contains(&refused));
    }
    let days = properties(document!({ "LogGroupName": "z", "RetentionInDays": 2 }));
    let failure = handler.create(&days, &context).await.unwrap_err();
    assert_eq!(failure.service_code.as_deref(), Some("InvalidParameterException"));
}

#[tokio::test]
async fn a_stream_is_made_and_deleted() {
    let cloud = cloud();
    let (handler, context) = (handler(&cloud, "AWS::Logs::LogStream"), context(&cloud, "Stream"));
    let unnamed = properties(document!({ "LogGroupName": GROUP }));
    assert_eq!(handler.create(&unnamed, &context).await.unwrap_err().code, "NotFound");
    create_group(&cloud.root(), GROUP).await;
    let created = handler.create(&unnamed, &context).await.unwrap();
    assert_eq!(created.physical_id, "shop-Stream-ABCDEFGHIJKL");
    assert_eq!(
        handler.create(&unnamed, &context).await.unwrap().physical_id,
        created.physical_id,
        "once more"
    );
    let named =
        properties(document!({ "LogGroupName": GROUP, "LogStreamName": (created.physical_id.as_str()) }));
    assert_eq!(handler.create(&named, &context).await.unwrap_err().code, "AlreadyExists");
    handler.delete(&created.physical_id, &unnamed, &context).await.unwrap();
    handler.delete(&created.physical_id, &unnamed, &context).await.unwrap();
    let describe = DescribeLogStreams { log_group_name: Some(GROUP.into()), ..Default::default() };
    assert!(cloud.root().call(describe).await.unwrap().log_streams.unwrap().is_empty());
    let missing = handler.create(&properties(document!({})), &context).await;
    assert_eq!(missing.unwrap_err().reason, "#: required key [LogGroupName] not found");
}

#[tokio::test]
async fn a_metric_filter_is_made_updated_and_deleted() {
    let cloud = cloud();
    let root = cloud.root();
    create_group(&root, GROUP).await;
    let (handler, context) = (handler(&cloud, "AWS::Logs::MetricFilter"), context(&cloud, "Filter"));
    let old = properties(document!({
        "LogGroupName": GROUP, "FilterPattern": "{ $.a = 1 }", "FilterName": "f",
        "MetricTransformations": [{
            "MetricName": "m", "MetricNamespace": "n", "MetricValue": 1, "Unit": "Count",
            "Dimensions": [{ "Key": "User", "Value": "$.user" }]
        }]
    }));
    old.only(handler.properties()).unwrap();
    assert_eq!(handler.create(&old, &context).await.unwrap().physical_id, "f");
    assert_eq!(handler.create(&old, &context).await.unwrap().physical_id, "f", "the same step again");
    let Actual::Properties(actual) = handler.read("f", &old, &context).await.unwrap() else {
        panic!("it is there")
    };
    let expected = document!({
        "FilterName": "f", "LogGroupName": GROUP, "FilterPattern": "{ $.a = 1 }", "ApplyOnTransformedLogs": false,
        "MetricTransformations": [{
            "MetricName": "m", "MetricNamespace": "n", "MetricValue": "1", "DefaultValue": null,
            "Dimensions": [{ "Key": "User", "Value": "$.user" }], "Unit": "Count"
        }]
    });
    assert_eq!(actual, expected);
    let new = properties(document!({
        "LogGroupName": GROUP, "FilterPattern": "ERROR", "FilterName": "f",
        "MetricTransformations": [{ "MetricName": "m", "MetricNamespace": "n", "MetricValue": "2.5", "DefaultValue": "0" }]
    }));
    let taken = handler.create(&new, &context).await.unwrap_err();
    assert_eq!(taken.code, "AlreadyExists");
    handler.update("f", &old, &new, &context).await.unwrap();
    let filters = root.call(DescribeMetricFilters::default()).await.unwrap().metric_filters.unwrap();
    let transformation = &filters[0].metric_transformations.as_ref().unwrap()[0];
    assert_eq!((transformation.default_value, transformation.unit), (Some(0.0), None));
    handler.delete("f", &new, &context).await.unwrap();
    handler.delete("f", &new, &context).await.unwrap();
    assert_eq!(handler.read("f", &new, &context).await.unwrap(), Actual::Gone);

    let unnamed = properties(document!({
        "LogGroupName": GROUP, "FilterPattern": "",
        "MetricTransformations": [{ "MetricName": "m", "MetricNamespace": "n", "MetricValue": "1", "Unit": "Bytes/Second" }]
    }));
    let made = handler.create(&unnamed, &context).await.unwrap().physical_id;
    assert_eq!(made, "shop-Filter-ABCDEFGHIJKL");
    let filters = root.call(DescribeMetricFilters::default()).await.unwrap().metric_filters.unwrap();
    let transformation = &filters[0].metric_transformations.as_ref().unwrap()[0];
    assert_eq!(transformation.unit, Some(StandardUnit::BytesSecond));
}

#[tokio::test]
async fn a_metric_filter_of_a_template_is_checked() {
    let cloud = cloud();
    create_group(&cloud.root(), GROUP).await;
    let (handler, context) = (handler(&cloud, "AWS::Logs::MetricFilter"), context(&cloud, "Filter"));
    let with = |extra: &str, value: Document| {
        let transformation =
            document!({ "MetricName": "m", "MetricNamespace": "n", "MetricValue": "1" }).with(extra, value);
        properties(
            document!({ "LogGroupName": GROUP, "FilterPattern": "x", "MetricTransformations": [transformation] }),
        )
    };
    for (wrong, reason) in [
        (with("Unit", "Apples".into()), "#/MetricTransformations/0/Unit: Apples is not a valid enum value"),
        (with("Colour", "red".into()), "#/MetricTransformations/0: extraneous key [Colour] is not permitted"),
        (
            with("DefaultValue", "many".into()),
            "#/MetricTransformations/0/DefaultValue: expected type: Number, found: String",
        ),
        (properties(document!({ "LogGroupName": GROUP })), "#: required key [FilterPattern] not found"),
    ] {
        assert_eq!(handler.create(&wrong, &context).await.unwrap_err().reason, reason);
    }
    let bad = handler.create(&with("MetricValue", "size".into()), &context).await.unwrap_err();
    assert_eq!(bad.service_code.as_deref(), Some("InvalidParameterException"));
    assert!(!handler.properties().contains(&"FieldSelectionCriteria"));
    let put = PutMetricFilter { log_group_name: "gone".into(), ..Default::default() };
    assert!(cloud.root().call(put).await.is_err());
}

#[tokio::test]
async fn a_subscription_filter_is_made_updated_and_deleted() {
    let (cloud, root) = subscription_filters::cloud().await;
    let (handler, context) = (handler(&cloud, "AWS::Logs::SubscriptionFilter"), context(&cloud, "Sub"));
    let of = |pattern: &str| {
        properties(document!({
            "LogGroupName": GROUP, "FilterName": "f", "FilterPattern": pattern, "Distribution": "ByLogStream",
            "DestinationArn": (subscription_filters::function("plain"))
        }))
    };
    let old = of("ERROR");
    old.only(handler.properties()).unwrap();
    assert_eq!(handler.create(&old, &context).await.unwrap().physical_id, "f");
    assert_eq!(handler.create(&old, &context).await.unwrap().physical_id, "f", "the same step again");
    let Actual::Properties(actual) = handler.read("f", &old, &context).await.unwrap() else {
        panic!("it is there")
    };
    let expected = document!({
        "FilterName": "f", "LogGroupName": GROUP, "FilterPattern": "ERROR",
        "DestinationArn": (subscription_filters::function("plain")), "RoleArn": null,
        "Distribution": "ByLogStream", "ApplyOnTransformedLogs": false
    });
    assert_eq!(actual, expected);
    let new = of("WARN");
    assert_eq!(handler.create(&new, &context).await.unwrap_err().code, "AlreadyExists");
    handler.update("f", &old, &new, &context).await.unwrap();
    let describe = DescribeSubscriptionFilters { log_group_name: GROUP.into(), ..Default::default() };
    let filters = root.call(describe).await.unwrap().subscription_filters.unwrap();
    assert_eq!((filters.len(), filters[0].filter_pattern.as_deref()), (1, Some("WARN")));
    handler.delete("f", &new, &context).await.unwrap();
    handler.delete("f", &new, &context).await.unwrap();
    assert_eq!(handler.read("f", &new, &context).await.unwrap(), Actual::Gone);
    let closed = properties(document!({
        "LogGroupName": GROUP, "FilterPattern": "", "DestinationArn": (subscription_filters::function("closed"))
    }));
    let failure = handler.create(&closed, &context).await.unwrap_err();
    assert_eq!(failure.service_code.as_deref(), Some("InvalidParameterException"));
    let wrong = properties(document!({
        "LogGroupName": GROUP, "FilterPattern": "", "DestinationArn": "a", "Distribution": "Even"
    }));
    let failure = handler.create(&wrong, &context).await.unwrap_err();
    assert_eq!(failure.reason, "#/Distribution: Even is not a valid enum value");
}
