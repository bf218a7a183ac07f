//! Bad input, denials, filters and pages of alarms.

use crate::alarms_cloud::{Cloud, TOPIC, errors, refusal, rule};
use api_cloudwatch::{
    AlarmType, ComparisonOperator, DeleteAlarms, DescribeAlarmHistory, DescribeAlarms,
    DescribeAlarmsForMetric, HistoryItemType, MetricDataQuery, PutMetricAlarm, ScanBy, SetAlarmState,
    StateValue, Statistic, Tag,
};
use testkit::START;

fn bare(name: &str) -> PutMetricAlarm {
    PutMetricAlarm { metric_name: None, namespace: None, statistic: None, period: None, ..errors(name) }
}

#[tokio::test]
async fn what_is_no_metric_alarm_is_refused_and_changes_nothing() {
    let cloud = Cloud::start().await;
    cloud.composite(rule("composite", "TRUE")).await;
    let action = |arn: &str| PutMetricAlarm { ok_actions: Some(vec![arn.into()]), ..errors("x") };
    let expression = |id: &str, text: &str, returned: bool| MetricDataQuery {
        id: id.into(),
        expression: Some(text.into()),
        return_data: Some(returned),
        period: Some(60),
        ..Default::default()
    };
    let math = |metrics: Vec<MetricDataQuery>| PutMetricAlarm { metrics: Some(metrics), ..bare("x") };
    let cases = [
        (
            PutMetricAlarm { period: Some(45), ..errors("x") },
            "ValidationError",
            "Period must be 10, 20, 30 or a multiple of 60",
        ),
        (
            PutMetricAlarm { period: Some(5), ..errors("x") },
            "ValidationError",
            "Period must be 10, 20, 30 or a multiple of 60",
        ),
        (
            PutMetricAlarm { period: None, ..errors("x") },
            "MissingRequiredParameterException",
            "The parameter Period is required.",
        ),
        (
            PutMetricAlarm { evaluation_periods: Some(1441), ..errors("x") },
            "ValidationError",
            "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).",
        ),
        (
            PutMetricAlarm { evaluation_periods: Some(169), period: Some(3600), ..errors("x") },
            "ValidationError",
            "Metrics cannot be checked across more than seven days (EvaluationPeriods * Period must be <= 604800).",
        ),
        (
            PutMetricAlarm { evaluation_periods: None, ..errors("x") },
            "MissingRequiredParameterException",
            "The parameter EvaluationPeriods is required.",
        ),
        (
            PutMetricAlarm { threshold: None, ..errors("x") },
            "MissingRequiredParameterException",
            "The parameter Threshold is required.",
        ),
        (
            PutMetricAlarm { threshold: Some(f64::NAN), ..errors("x") },
            "ValidationError",
            "The parameter Threshold must be a finite number.",
        ),
        (
            PutMetricAlarm { comparison_operator: None, ..errors("x") },
            "MissingRequiredParameterException",
            "The parameter ComparisonOperator is required.",
        ),
        (
            PutMetricAlarm { datapoints_to_alarm: Some(2), ..errors("x") },
            "ValidationError",
            "DatapointsToAlarm must be less than or equal to EvaluationPeriods.",
        ),
        (
            PutMetricAlarm { treat_missing_data: Some("bad".into()), ..errors("x") },
            "ValidationError",
            "The value bad is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing].",
        ),
        (
            PutMetricAlarm {
                comparison_operator: Some(ComparisonOperator::GreaterThanUpperThreshold),
                ..errors("x")
            },
            "ValidationError",
            "Alarms on anomaly detection bands are not built in Cloudchamber.",
        ),
        (
            PutMetricAlarm { statistic: None, ..errors("x") },
            "MissingRequiredParameterException",
            "Either Statistic or ExtendedStatistic must be specified.",
        ),
        (
            PutMetricAlarm { extended_statistic: Some("p90".into()), ..errors("x") },
            "InvalidParameterCombinationException",
            "Statistic and ExtendedStatistic cannot be specified together.",
        ),
        (
            PutMetricAlarm { statistic: None, extended_statistic: Some("p101".into()), ..errors("x") },
            "ValidationError",
            "The value p101 for parameter ExtendedStatistic is not supported.",
        ),
        (
            PutMetricAlarm { evaluate_low_sample_count_percentile: Some("ignore".into()), ..errors("x") },
            "ValidationError",
            "EvaluateLowSampleCountPercentile is only supported for percentile statistics.",
        ),
        (
            PutMetricAlarm { namespace: None, ..errors("x") },
            "MissingRequiredParameterException",
            "Either MetricName and Namespace, or Metrics, must be specified.",
        ),
        (errors("composite"), "ValidationError", "A composite alarm with the name composite already exists."),
        (errors("a\tb"), "ValidationError", "AlarmName must not contain ASCII control characters."),
        (action("nonsense"), "ValidationError", "Invalid arn syntax: nonsense"),
        (
            action("arn:aws:sns:us-east-1:111122223333:a:b"),
            "ValidationError",
            "Invalid arn syntax: arn:aws:sns:us-east-1:111122223333:a:b",
        ),
        (
            action("arn:aws:sns:eu-central-1:111122223333:alerts"),
            "ValidationError",
            "Invalid region eu-central-1 specified. Only us-east-1 is supported.",
        ),
        (action("arn:aws:s3:::bucket"), "ValidationError", "Invalid alarm action: arn:aws:s3:::bucket"),
        (
            action("arn:aws:ssm:us-east-1:111122223333:opsitem:1"),
            "ValidationError",
            "Alarm actions of ssm are not built in Cloudchamber: arn:aws:ssm:us-east-1:111122223333:opsitem:1",
        ),
        (
            PutMetricAlarm { metrics: Some(vec![expression("e1", "TIME_SERIES(1)", true)]), ..errors("x") },
            "InvalidParameterCombinationException",
            "MetricName cannot be specified together with the Metrics parameter.",
        ),
        (
            math(vec![expression("e1", "TIME_SERIES(1)", true), expression("e2", "TIME_SERIES(2)", true)]),
            "ValidationError",
            "Exactly one element of the metrics list should return data.",
        ),
        (
            math(vec![expression("e1", "SUM(SEARCH('{App} Errors', 'Sum', 60))", true)]),
            "ValidationError",
            "SEARCH is not supported on Metric Alarms.",
        ),
        (
            math((0..21).map(|place| expression(&format!("e{place}"), "5", place == 0)).collect()),
            "ValidationError",
            "The collection Metrics must not have a size greater than 20.",
        ),
        (
            math(vec![expression("e1", "5", true)]),
            "ValidationError",
            "The expression for e1 must return a single time series to be used in an alarm.",
        ),
        (
            PutMetricAlarm { tags: Some(vec![tag("aws:a", "1")]), ..errors("x") },
            "InvalidParameterValueException",
            "aws: prefixed tag key names are not allowed for external use: aws:a",
        ),
    ];
    for (put, code, sentence) in cases {
        let found = refusal(cloud.root.call(put).await);
        assert_eq!((found.0.as_str(), found.1.as_str()), (code, sentence));
    }
    let found = cloud.root.call(DescribeAlarms::default()).await.unwrap();
    assert!(found.metric_alarms.unwrap().is_empty());
    let (code, _) = refusal(
        cloud
            .root
            .call(SetAlarmState { alarm_name: "x".into(), state_value: StateValue::Ok, ..Default::default() })
            .await,
    );
    assert_eq!(code, "ResourceNotFound");
    cloud.alarm(errors("x")).await;
    for data in ["{", "[]", "1"] {
        let set = SetAlarmState {
            alarm_name: "x".into(),
            state_value: StateValue::Ok,
            state_reason: "r".into(),
            state_reason_data: Some(data.into()),
        };
        let (code, _) = refusal(cloud.root.call(set).await);
        assert_eq!(code, "InvalidFormatFault", "{data}");
    }
    let (code, _) = refusal(cloud.root.call(DeleteAlarms { alarm_names: vec!["gone".into()] }).await);
    assert_eq!(code, "ResourceNotFound");
    cloud.root.call(DeleteAlarms { alarm_names: vec!["gone".into(), "x".into()] }).await.unwrap();
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.into(), value: value.into() }
}

#[tokio::test]
async fn alarms_are_filtered_and_paged() {
    let cloud = Cloud::start().await;
    for name in ["app-1", "app-2", "db-1"] {
        cloud.alarm(errors(name)).await;
    }
    let put = PutMetricAlarm {
        alarm_actions: Some(vec![TOPIC.into()]),
        treat_missing_data: Some("breaching".into()),
        ..errors("app-3")
    };
    cloud.alarm(put).await;
    cloud.composite(rule("app-4", "TRUE")).await;
    let names = async |describe: DescribeAlarms| {
        let found = cloud.root.call(describe).await.unwrap();
        let mut names: Vec<String> =
            found.metric_alarms.unwrap().into_iter().map(|alarm| alarm.alarm_name.unwrap()).collect();
        names.extend(found.composite_alarms.unwrap().into_iter().map(|alarm| alarm.alarm_name.unwrap()));
        (names, found.next_token)
    };
    let all = DescribeAlarms::default();
    assert_eq!(names(all.clone()).await.0, ["app-1", "app-2", "app-3", "db-1"]);
    let both = Some(vec![AlarmType::CompositeAlarm, AlarmType::MetricAlarm]);
    let (first, token) =
        names(DescribeAlarms { max_records: Some(3), alarm_types: both.clone(), ..all.clone() }).await;
    assert_eq!(first, ["app-1", "app-2", "app-3"]);
    let next = DescribeAlarms { next_token: token, alarm_types: both.clone(), ..all.clone() };
    assert_eq!(names(next).await, (vec!["db-1".to_owned(), "app-4".to_owned()], None));
    let prefix = DescribeAlarms { alarm_name_prefix: Some("app-".into()), alarm_types: both, ..all.clone() };
    assert_eq!(names(prefix).await.0, ["app-1", "app-2", "app-3", "app-4"]);
    let in_alarm = DescribeAlarms { state_value: Some(StateValue::Alarm), ..all.clone() };
    assert_eq!(names(in_alarm).await.0, ["app-3"]);
    let acting = DescribeAlarms { action_prefix: Some("arn:aws:sns:".into()), ..all.clone() };
    assert_eq!(names(acting).await.0, ["app-3"]);
    for describe in [
        DescribeAlarms {
            alarm_names: Some(vec!["a".into()]),
            alarm_name_prefix: Some("a".into()),
            ..all.clone()
        },
        DescribeAlarms {
            children_of_alarm_name: Some("a".into()),
            state_value: Some(StateValue::Ok),
            ..all.clone()
        },
        DescribeAlarms {
            parents_of_alarm_name: Some("a".into()),
            children_of_alarm_name: Some("a".into()),
            ..all.clone()
        },
    ] {
        assert_eq!(refusal(cloud.root.call(describe).await).0, "ValidationError");
    }
    let (code, _) = refusal(cloud.root.call(DescribeAlarms { next_token: Some("x".into()), ..all }).await);
    assert_eq!(code, "InvalidNextToken");

    let for_metric = DescribeAlarmsForMetric {
        metric_name: "Errors".into(),
        namespace: "App".into(),
        statistic: Some(Statistic::Sum),
        period: Some(60),
        ..Default::default()
    };
    let found = cloud.root.call(for_metric.clone()).await.unwrap().metric_alarms.unwrap();
    assert_eq!(found.len(), 4);
    for other in [
        DescribeAlarmsForMetric { statistic: Some(Statistic::Average), ..for_metric.clone() },
        DescribeAlarmsForMetric { period: Some(120), ..for_metric.clone() },
        DescribeAlarmsForMetric { namespace: "Other".into(), ..for_metric },
    ] {
        assert!(cloud.root.call(other).await.unwrap().metric_alarms.unwrap().is_empty());
    }
}

#[tokio::test]
async fn history_is_filtered_and_paged_and_ends() {
    let cloud = Cloud::start().await;
    cloud.alarm(errors("a")).await;
    cloud.pass(3600).await;
    cloud.alarm(errors("b")).await;
    cloud.minute(5.0).await;
    let all = DescribeAlarmHistory { alarm_types: Some(vec![AlarmType::MetricAlarm]), ..Default::default() };
    let summaries = async |describe: DescribeAlarmHistory| {
        let found = cloud.root.call(describe).await.unwrap();
        let items = found.alarm_history_items.unwrap().into_iter();
        let texts =
            items.map(|item| format!("{}: {}", item.alarm_name.unwrap(), item.history_summary.unwrap()));
        (texts.collect::<Vec<String>>(), found.next_token)
    };
    let newest_first = [
        "b: Alarm updated from INSUFFICIENT_DATA to ALARM",
        "a: Alarm updated from INSUFFICIENT_DATA to ALARM",
        "b: Alarm \"b\" created",
        "a: Alarm \"a\" created",
    ];
    assert_eq!(summaries(all.clone()).await.0, newest_first);
    let mut token = None;
    let mut paged = Vec::new();
    loop {
        let page = DescribeAlarmHistory { max_records: Some(1), next_token: token, ..all.clone() };
        let (mut found, next) = summaries(page).await;
        paged.append(&mut found);
        token = next;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(paged, newest_first);
    let ascending = DescribeAlarmHistory {
        scan_by: Some(ScanBy::TimestampAscending),
        max_records: Some(2),
        ..all.clone()
    };
    let (first, token) = summaries(ascending.clone()).await;
    assert_eq!(first, ["a: Alarm \"a\" created", "b: Alarm \"b\" created"]);
    let rest = summaries(DescribeAlarmHistory { next_token: token, ..ascending }).await;
    assert_eq!(rest.0.len(), 2);
    let updates = DescribeAlarmHistory {
        history_item_type: Some(HistoryItemType::StateUpdate),
        alarm_name: Some("b".into()),
        ..all.clone()
    };
    assert_eq!(summaries(updates).await.0, newest_first[..1]);
    let early = DescribeAlarmHistory { end_date: Some(START), ..all.clone() };
    assert_eq!(summaries(early).await.0, newest_first[3..]);
    let late = DescribeAlarmHistory { start_date: Some(cloud.cloud.now()), ..all.clone() };
    assert_eq!(summaries(late).await.0, newest_first[..2]);
    cloud.pass(30 * 24 * 3600).await;
    let (left, _) = summaries(all).await;
    assert!(left.iter().all(|text| !text.ends_with("created")), "kept for thirty days: {left:?}");
}

#[tokio::test]
async fn permissions_are_asked_for_as_aws_asks() {
    let cloud = Cloud::start().await;
    let policy = |statement: &str| format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    let put = policy(
        r#"{"Effect":"Allow","Action":["cloudwatch:PutMetricAlarm","cloudwatch:DescribeAlarms","cloudwatch:SetAlarmState"],
            "Resource":"arn:aws:cloudwatch:us-east-1:111122223333:alarm:app-*"},
           {"Effect":"Deny","Action":"cloudwatch:PutMetricAlarm","Resource":"*",
            "Condition":{"ForAnyValue:StringLike":{"cloudwatch:AlarmActions":"arn:aws:lambda:*"}}}"#,
    );
    let user = cloud.cloud.user("ann", &[&put]);
    user.call(errors("app-1")).await.unwrap();
    assert_eq!(refusal(user.call(errors("db-1")).await).0, "AccessDenied");
    let lambda = "arn:aws:lambda:us-east-1:111122223333:function:fix";
    let acting = PutMetricAlarm { alarm_actions: Some(vec![lambda.into()]), ..errors("app-2") };
    assert_eq!(
        refusal(user.call(acting).await).0,
        "AccessDenied",
        "the condition key cloudwatch:AlarmActions"
    );
    let tagged = PutMetricAlarm { tags: Some(vec![tag("team", "a")]), ..errors("app-2") };
    let (_, message) = refusal(user.call(tagged).await);
    assert!(message.contains("cloudwatch:TagResource"), "{message}");
    let named = DescribeAlarms { alarm_names: Some(vec!["app-1".into()]), ..Default::default() };
    assert_eq!(user.call(named).await.unwrap().metric_alarms.unwrap().len(), 1);
    assert_eq!(refusal(user.call(DescribeAlarms::default()).await).0, "AccessDenied");

    let narrow = policy(
        r#"{"Effect":"Allow","Action":"cloudwatch:*","Resource":"arn:aws:cloudwatch:us-east-1:111122223333:alarm:*"}"#,
    );
    let narrow = cloud.cloud.user("bob", &[&narrow]);
    let (code, _) = refusal(narrow.call(rule("both", "TRUE")).await);
    assert_eq!(code, "AccessDenied", "composite alarms want the permission on everything");
    let composite =
        DescribeAlarms { alarm_types: Some(vec![AlarmType::CompositeAlarm]), ..Default::default() };
    assert_eq!(refusal(narrow.call(composite).await).0, "AccessDenied");
    narrow.call(DescribeAlarms::default()).await.unwrap();

    let by_tag = policy(
        r#"{"Effect":"Allow","Action":"cloudwatch:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}}"#,
    );
    let by_tag = cloud.cloud.user("eve", &[&by_tag]);
    let tagged = PutMetricAlarm { tags: Some(vec![tag("team", "a")]), ..errors("team-1") };
    cloud.alarm(tagged).await;
    let set = |name: &str| SetAlarmState {
        alarm_name: name.into(),
        state_value: StateValue::Ok,
        state_reason: "r".into(),
        state_reason_data: None,
    };
    by_tag.call(set("team-1")).await.unwrap();
    assert_eq!(refusal(by_tag.call(set("app-1")).await).0, "AccessDenied");
}
