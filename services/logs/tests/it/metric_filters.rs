use crate::{GROUP, SECOND, batch, cloud, cloud_with, create_group, put, refused, said, violates};
use api_logs::{
    DeleteLogGroup, DeleteMetricFilter, DescribeLogGroups, DescribeMetricFilters, MetricFilter,
    MetricTransformation, PutMetricFilter, StandardUnit,
};
use contract::Caller;
use store::Measured;
use testkit::TestCloud;

const ROOT_LOGIN: &str = r#"{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }"#;

fn filter(name: &str, pattern: &str) -> PutMetricFilter {
    PutMetricFilter {
        log_group_name: GROUP.into(),
        filter_name: name.into(),
        filter_pattern: pattern.into(),
        metric_transformations: vec![transformation("1")],
        ..Default::default()
    }
}

fn transformation(value: &str) -> MetricTransformation {
    MetricTransformation {
        metric_name: "Count".into(),
        metric_namespace: "CIS".into(),
        metric_value: value.into(),
        ..Default::default()
    }
}

fn with(name: &str, pattern: &str, transformation: MetricTransformation) -> PutMetricFilter {
    PutMetricFilter { metric_transformations: vec![transformation], ..filter(name, pattern) }
}

fn taken(cloud: &TestCloud) -> Vec<Measured> {
    let mut taken = cloud.context().store.take_measured();
    taken.retain(|measured| measured.series.namespace != "AWS/Logs");
    taken.sort_by_key(|measured| (measured.minute, measured.series.dimensions.clone()));
    taken
}

/// A cloud whose measurements are collected.
async fn measured() -> (TestCloud, Caller) {
    let (cloud, root) = cloud_with(&["s"]).await;
    assert!(taken(&cloud).is_empty());
    (cloud, root)
}

async fn described(caller: &Caller, describe: DescribeMetricFilters) -> Vec<MetricFilter> {
    caller.call(describe).await.unwrap().metric_filters.unwrap()
}

#[tokio::test]
async fn the_roots_calls_are_counted() {
    let (cloud, root) = measured().await;
    root.call(filter("root", ROOT_LOGIN)).await.unwrap();
    let now = cloud.now().millis();
    let events = [
        (now, r#"{"userIdentity":{"type":"Root"},"eventType":"AwsApiCall"}"#),
        (now, r#"{"userIdentity":{"type":"Root"},"eventType":"AwsServiceEvent"}"#),
        (now, r#"{"userIdentity":{"type":"Root","invokedBy":"x"},"eventType":"AwsApiCall"}"#),
        (now, r#"{"userIdentity":{"type":"IAMUser"},"eventType":"AwsApiCall"}"#),
        (now + 1, r#"{"userIdentity":{"type":"Root"},"eventType":"AwsConsoleSignIn"}"#),
    ];
    put(&root, "s", &events).await;
    let [one] = <[Measured; 1]>::try_from(taken(&cloud)).unwrap();
    assert_eq!(
        (one.series.scope, one.series.namespace.as_ref(), one.series.name.as_ref()),
        (cloud.scope(), "CIS", "Count")
    );
    assert_eq!((one.series.unit.as_ref(), one.series.dimensions.len()), ("None", 0));
    assert_eq!((one.distribution.count, one.distribution.sum), (2, 2.0));
    assert_eq!(one.minute.millis(), now - now % 60_000);
}

#[tokio::test]
async fn values_units_dimensions_and_defaults_are_measured() {
    let (cloud, root) = measured().await;
    let now = cloud.now().millis();
    let latency = MetricTransformation {
        unit: Some(StandardUnit::Milliseconds),
        dimensions: Some([("Path".to_owned(), "$.path".to_owned())].into()),
        ..transformation("$.latency")
    };
    root.call(with("latency", "{ $.latency = * }", latency)).await.unwrap();
    let events = [
        (now, r#"{"latency": 12, "path": "/a"}"#),
        (now, r#"{"latency": 30.5, "path": "/b"}"#),
        (now, r#"{"latency": 14, "path": "/a"}"#),
        (now, r#"{"latency": 14}"#),
    ];
    put(&root, "s", &events).await;
    let measured: Vec<_> = taken(&cloud)
        .into_iter()
        .map(|one| (one.series.unit.into_owned(), one.series.dimensions[0].1.clone(), one.distribution.sum))
        .collect();
    let unit = || "Milliseconds".to_owned();
    assert_eq!(measured, [(unit(), "/a".to_owned(), 26.0), (unit(), "/b".to_owned(), 30.5)]);
    let delete = DeleteMetricFilter { log_group_name: GROUP.into(), filter_name: "latency".into() };
    root.call(delete).await.unwrap();

    let with_default = MetricTransformation { default_value: Some(0.0), ..transformation("1") };
    root.call(with("errors", "ERROR", with_default)).await.unwrap();
    put(&root, "s", &[(now, "fine"), (now + 60 * SECOND, "an ERROR"), (now + 60 * SECOND, "fine")]).await;
    let sums: Vec<_> =
        taken(&cloud).into_iter().map(|one| (one.distribution.count, one.distribution.sum)).collect();
    assert_eq!(sums, [(1, 0.0), (1, 1.0)]);
}

#[tokio::test]
async fn a_batch_measures_only_so_many_series() {
    let (cloud, root) = measured().await;
    for number in 0..7 {
        let by_path = MetricTransformation {
            metric_name: format!("m{number}"),
            dimensions: Some([("Path".to_owned(), "$path".to_owned())].into()),
            ..transformation("1")
        };
        root.call(with(&format!("f{number}"), "[path]", by_path)).await.unwrap();
    }
    let now = cloud.now().millis();
    root.call(batch("s", (0..1_200).map(|n| (now, format!("/{n}"))))).await.unwrap();
    let taken = taken(&cloud);
    let of = |name: &str| taken.iter().filter(|one| one.series.name == name).count();
    assert_eq!(["m0", "m1", "m2", "m3", "m4", "m5", "m6"].map(of), [1_000, 1_000, 1_000, 1_000, 0, 0, 0]);
}

#[tokio::test]
async fn what_is_not_put_is_not_measured() {
    let (cloud, root) = measured().await;
    root.call(filter("all", "")).await.unwrap();
    let now = cloud.now().millis();
    let too_old = now - 15 * 24 * 60 * 60 * SECOND;
    put(&root, "s", &[(too_old, "old"), (now, "new")]).await;
    assert_eq!(taken(&cloud).iter().map(|one| one.distribution.count).collect::<Vec<_>>(), [1]);
    let unordered = root.call(batch("s", [(now + 1, "b"), (now, "a")])).await;
    assert_eq!(said(unordered).0, "InvalidParameterException");
    assert!(taken(&cloud).is_empty());
}

#[tokio::test]
async fn filters_are_described_replaced_and_deleted() {
    let (cloud, root) = cloud_with(&[]).await;
    create_group(&root, "other").await;
    for name in ["b", "a", "ab"] {
        root.call(filter(name, "x")).await.unwrap();
    }
    let other = MetricTransformation { metric_name: "Other".into(), ..transformation("2") };
    root.call(PutMetricFilter { log_group_name: "other".into(), ..with("z", "", other) }).await.unwrap();
    let names = |filters: Vec<MetricFilter>| {
        filters.into_iter().map(|it| it.filter_name.unwrap()).collect::<Vec<_>>()
    };
    let of_group = DescribeMetricFilters { log_group_name: Some(GROUP.into()), ..Default::default() };
    assert_eq!(names(described(&root, of_group.clone()).await), ["a", "ab", "b"]);
    let prefixed = DescribeMetricFilters { filter_name_prefix: Some("a".into()), ..of_group.clone() };
    assert_eq!(names(described(&root, prefixed).await), ["a", "ab"]);
    assert_eq!(names(described(&root, DescribeMetricFilters::default()).await), ["a", "ab", "b", "z"]);
    let by_metric = DescribeMetricFilters {
        metric_name: Some("Other".into()),
        metric_namespace: Some("CIS".into()),
        ..Default::default()
    };
    let found = described(&root, by_metric.clone()).await;
    assert_eq!(found[0].log_group_name.as_deref(), Some("other"));
    assert_eq!(found[0].metric_transformations.as_ref().unwrap()[0].metric_value, "2");
    assert_eq!(found[0].creation_time, Some(cloud.now().millis()));
    assert_eq!(names(found), ["z"]);
    let half = DescribeMetricFilters { metric_namespace: None, ..by_metric };
    assert_eq!(said(root.call(half).await).0, "InvalidParameterException");

    let page = DescribeMetricFilters { limit: Some(2), ..of_group.clone() };
    let first = root.call(page.clone()).await.unwrap();
    assert_eq!(names(first.metric_filters.unwrap()), ["a", "ab"]);
    let second =
        root.call(DescribeMetricFilters { next_token: first.next_token, ..page.clone() }).await.unwrap();
    assert_eq!((names(second.metric_filters.unwrap()), second.next_token), (vec!["b".to_owned()], None));
    let wrong = DescribeMetricFilters { next_token: Some("wrong".into()), ..page };
    refused(root.call(wrong).await, "InvalidParameterException", "The specified nextToken is invalid.");

    root.call(filter("a", "changed")).await.unwrap();
    assert_eq!(described(&root, of_group.clone()).await[0].filter_pattern.as_deref(), Some("changed"));
    let counts = |groups: Vec<api_logs::LogGroup>| {
        groups.into_iter().map(|it| it.metric_filter_count).collect::<Vec<_>>()
    };
    let groups = root.call(DescribeLogGroups::default()).await.unwrap().log_groups.unwrap();
    assert_eq!(counts(groups), [Some(3), Some(1)]);

    let delete = DeleteMetricFilter { log_group_name: GROUP.into(), filter_name: "a".into() };
    root.call(delete.clone()).await.unwrap();
    refused(
        root.call(delete).await,
        "ResourceNotFoundException",
        "The specified metric filter does not exist.",
    );
    root.call(DeleteLogGroup { log_group_name: GROUP.into() }).await.unwrap();
    create_group(&root, GROUP).await;
    assert!(described(&root, of_group).await.is_empty(), "they go with their group");
}

#[tokio::test]
async fn wrong_filters_are_refused_and_change_nothing() {
    let (_cloud, root) = cloud_with(&[]).await;
    let code = "InvalidParameterException";
    refused(root.call(filter("f", "{ $.a = ")).await, code, "Invalid metric filter pattern");
    refused(root.call(filter("f", "Key:")).await, code, "Invalid character(s) in term ':'");
    let dimensions = Some([("User".to_owned(), "$.user".to_owned())].into());
    let with_dimensions = MetricTransformation { dimensions, ..transformation("1") };
    let sentence = "The specified filter pattern does not support dimensions";
    refused(root.call(with("f", "ERROR", with_dimensions.clone())).await, code, sentence);
    let both = MetricTransformation { default_value: Some(0.0), ..with_dimensions };
    let sentence =
        "Invalid metric transformation: dimensions and default value are mutually exclusive properties";
    refused(root.call(with("f", "{ $.user = * }", both)).await, code, sentence);
    let two = PutMetricFilter {
        metric_transformations: vec![transformation("1"), transformation("2")],
        ..filter("f", "")
    };
    violates(root.call(two).await, "metricTransformations");
    violates(root.call(filter("a:b", "")).await, "filterName");
    let transformed = PutMetricFilter { apply_on_transformed_logs: Some(true), ..filter("f", "") };
    let sentence = "applyOnTransformedLogs: log transformers are not built in Cloudchamber.";
    refused(root.call(transformed).await, code, sentence);
    let selected = PutMetricFilter { field_selection_criteria: Some("x".into()), ..filter("f", "") };
    assert_eq!(said(root.call(selected).await).0, code);
    let emitted = PutMetricFilter {
        emit_system_field_dimensions: Some(vec!["@aws.account".into()]),
        ..filter("f", "")
    };
    assert_eq!(said(root.call(emitted).await).0, code);
    let nowhere = PutMetricFilter { log_group_name: "gone".into(), ..filter("f", "") };
    refused(root.call(nowhere).await, "ResourceNotFoundException", "The specified log group does not exist.");
    assert!(described(&root, DescribeMetricFilters::default()).await.is_empty());
}

#[tokio::test]
async fn a_group_has_a_hundred_filters_and_five_with_regular_expressions() {
    let (_cloud, root) = cloud_with(&[]).await;
    for number in 0..5 {
        root.call(filter(&format!("regex{number}"), "%a+%")).await.unwrap();
    }
    refused(root.call(filter("regex5", "%a+%")).await, "LimitExceededException", "Resource limit exceeded.");
    root.call(filter("regex4", "%b+%")).await.unwrap();
    for number in 5..100 {
        root.call(filter(&format!("{number}"), "x")).await.unwrap();
    }
    refused(root.call(filter("more", "x")).await, "LimitExceededException", "Resource limit exceeded.");
    root.call(filter("99", "y")).await.unwrap();
}

#[tokio::test]
async fn each_action_needs_its_permission_on_the_group() {
    let cloud = cloud();
    create_group(&cloud.root(), GROUP).await;
    let ann = cloud.user("ann", &[]);
    let group = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/fn:log-stream:";
    let denied = |action: &str, resource: &str| {
        format!(
            "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: logs:{action} on resource: {resource} because no identity-based policy allows the logs:{action} action"
        )
    };
    let code = "AccessDeniedException";
    refused(ann.call(filter("f", "")).await, code, &denied("PutMetricFilter", group));
    let delete = DeleteMetricFilter { log_group_name: GROUP.into(), filter_name: "f".into() };
    refused(ann.call(delete).await, code, &denied("DeleteMetricFilter", group));
    let describe = DescribeMetricFilters { log_group_name: Some(GROUP.into()), ..Default::default() };
    refused(ann.call(describe).await, code, &denied("DescribeMetricFilters", group));
    let nameless = "arn:aws:logs:us-east-1:111122223333:log-group::log-stream:";
    refused(
        ann.call(DescribeMetricFilters::default()).await,
        code,
        &denied("DescribeMetricFilters", nameless),
    );
}
