//! Metric alarms: evaluation, and what they do.

use crate::alarms_cloud::{Cloud, FUNCTION, TOPIC, errors, long, text};
use api_cloudwatch::{
    DeleteAlarms, DescribeAlarms, HistoryItemType, MetricDataQuery, MetricStat, PutMetricAlarm,
    SetAlarmState, StateValue,
};
use testkit::START;
use wire::{Document, document};

fn acting(name: &str) -> PutMetricAlarm {
    PutMetricAlarm {
        alarm_actions: Some(vec![TOPIC.into()]),
        ok_actions: Some(vec![TOPIC.into()]),
        treat_missing_data: Some("notBreaching".into()),
        alarm_description: Some("too many".into()),
        ..errors(name)
    }
}

#[tokio::test]
async fn a_breach_is_an_alarm_that_the_topic_is_told_of_and_so_is_its_end() {
    let cloud = Cloud::start().await;
    cloud.alarm(acting("errors")).await;
    assert_eq!(cloud.state("errors").await, "OK", "missing data do not breach");
    cloud.minute(5.0).await;
    assert_eq!(cloud.state("errors").await, "ALARM");
    let alarm = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:errors";
    let arrived = cloud.arrived(TOPIC).pop().unwrap();
    assert_eq!(arrived.subject, "ALARM: \"errors\" in US East (N. Virginia)");
    assert_eq!(arrived.by, format!("cloudwatch.amazonaws.com for {alarm}"));
    assert_eq!(
        text(&arrived.body, "default"),
        concat!(
            r#"{"AlarmName":"errors","AlarmDescription":"too many","AWSAccountId":"111122223333","#,
            r#""AlarmConfigurationUpdatedTimestamp":"2026-11-21T09:30:00.000+0000","NewStateValue":"ALARM","#,
            r#""NewStateReason":"Threshold Crossed: 1 out of the last 1 datapoints [5.0 (21/11/26 09:30:00)] was greater than the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).","#,
            r#""StateChangeTime":"2026-11-21T09:31:00.000+0000","Region":"US East (N. Virginia)","#,
            r#""AlarmArn":"arn:aws:cloudwatch:us-east-1:111122223333:alarm:errors","OldStateValue":"OK","#,
            r#""OKActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"AlarmActions":["arn:aws:sns:us-east-1:111122223333:alerts"],"#,
            r#""InsufficientDataActions":[],"Trigger":{"MetricName":"Errors","Namespace":"App","StatisticType":"Statistic","Statistic":"SUM","#,
            r#""Unit":null,"Dimensions":[],"Period":60,"EvaluationPeriods":1,"DatapointsToAlarm":1,"#,
            r#""ComparisonOperator":"GreaterThanThreshold","Threshold":1.0,"TreatMissingData":"notBreaching","EvaluateLowSampleCountPercentile":""}}"#
        )
    );
    let mail = text(&arrived.body, "email");
    assert!(mail.starts_with("You are receiving this email because your Amazon CloudWatch Alarm \"errors\" in the US East (N. Virginia) region has entered the ALARM state, because \"Threshold Crossed: 1 out of"), "{mail}");
    assert!(mail.contains("\n- State Change:               OK -> ALARM\n"), "{mail}");

    cloud.minute(0.5).await;
    assert_eq!(cloud.state("errors").await, "OK");
    let subjects = cloud.subjects();
    assert_eq!(
        subjects[1..],
        ["ALARM: \"errors\" in US East (N. Virginia)", "OK: \"errors\" in US East (N. Virginia)"]
    );
    assert!(subjects[0].starts_with("OK: "), "the new alarm went to OK");
    let done = format!("Successfully executed action {TOPIC}");
    assert_eq!(cloud.history("errors", HistoryItemType::Action).await, [done.as_str(); 3]);
    assert_eq!(
        cloud.history("errors", HistoryItemType::StateUpdate).await,
        [
            "Alarm updated from INSUFFICIENT_DATA to OK",
            "Alarm updated from OK to ALARM",
            "Alarm updated from ALARM to OK",
        ]
    );
}

#[tokio::test]
async fn the_reason_is_described_with_its_data() {
    let cloud = Cloud::start().await;
    cloud.alarm(errors("errors")).await;
    let alarm = cloud.metric_alarm("errors").await;
    assert_eq!(alarm.state_reason.as_deref(), Some("Unchecked: Initial alarm creation"));
    assert_eq!((alarm.state_value, alarm.state_reason_data), (Some(StateValue::InsufficientData), None));
    cloud.measure_ago(0, 2.0).await;
    cloud.minute(5.0).await;
    let alarm = cloud.metric_alarm("errors").await;
    assert_eq!(
        alarm.state_reason_data.unwrap(),
        concat!(
            r#"{"version":"1.0","queryDate":"2026-11-21T09:31:00.000+0000","startDate":"2026-11-21T09:30:00.000+0000","statistic":"Sum","period":60,"#,
            r#""recentDatapoints":[7.0],"threshold":1.0,"evaluatedDatapoints":[{"timestamp":"2026-11-21T09:30:00.000+0000","sampleCount":2.0,"value":7.0}]}"#
        )
    );
    assert_eq!(alarm.state_transitioned_timestamp, Some(cloud.cloud.now()));
}

#[tokio::test]
async fn what_was_measured_before_is_decided_on_within_a_second() {
    let cloud = Cloud::start().await;
    cloud.alarm(errors("errors")).await;
    cloud.pass(20).await;
    cloud.measure_ago(60, 9.0).await;
    cloud.pass(1).await;
    assert_eq!(cloud.state("errors").await, "ALARM", "the minute of the datum is over");
    cloud.measure_ago(0, 0.0).await;
    cloud.pass(1).await;
    assert_eq!(cloud.state("errors").await, "ALARM", "the minute that goes on is not evaluated");
}

#[tokio::test]
async fn missing_data_are_treated_as_the_alarm_says() {
    let cloud = Cloud::start().await;
    for treat in ["missing", "ignore", "breaching", "notBreaching"] {
        let put = PutMetricAlarm { treat_missing_data: Some(treat.into()), ..errors(treat) };
        cloud.alarm(put).await;
    }
    let states = async || {
        let mut states = Vec::new();
        for name in ["missing", "ignore", "breaching", "notBreaching"] {
            states.push(cloud.state(name).await);
        }
        states
    };
    assert_eq!(states().await, ["INSUFFICIENT_DATA", "INSUFFICIENT_DATA", "ALARM", "OK"]);
    let reason = cloud.metric_alarm("breaching").await.state_reason.unwrap();
    assert_eq!(
        reason,
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching]."
    );
    cloud.minute(0.0).await;
    assert_eq!(states().await, ["OK"; 4]);
    cloud.minute(4.0).await;
    assert_eq!(states().await, ["ALARM"; 4]);
    // The last datapoint is within the evaluation range of three periods for two more minutes.
    cloud.pass(60).await;
    cloud.pass(60).await;
    assert_eq!(states().await, ["ALARM"; 4]);
    cloud.pass(60).await;
    assert_eq!(states().await, ["INSUFFICIENT_DATA", "ALARM", "ALARM", "OK"]);
    let reason = cloud.metric_alarm("missing").await.state_reason.unwrap();
    assert_eq!(reason, "Insufficient Data: 1 datapoint was unknown.");
}

#[tokio::test]
async fn two_of_three_datapoints() {
    let cloud = Cloud::start().await;
    let put =
        PutMetricAlarm { evaluation_periods: Some(3), datapoints_to_alarm: Some(2), ..errors("errors") };
    cloud.alarm(put).await;
    for (value, state) in
        [(5.0, "INSUFFICIENT_DATA"), (0.0, "OK"), (5.0, "ALARM"), (0.0, "OK"), (5.0, "ALARM")]
    {
        cloud.minute(value).await;
        assert_eq!(cloud.state("errors").await, state, "after {value}");
    }
}

#[tokio::test]
async fn an_idle_alarm_sleeps_until_there_are_data() {
    let cloud = Cloud::start().await;
    cloud.alarm(errors("errors")).await;
    let tasks = || {
        let tasks = cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap();
        tasks.iter().filter(|task| task.kind == "cloudwatch.alarm").count()
    };
    assert_eq!(tasks(), 0, "nothing to evaluate");
    cloud.pass(600).await;
    cloud.minute(3.0).await;
    assert_eq!((tasks(), cloud.state("errors").await.as_str()), (1, "ALARM"));
    for _ in 0..4 {
        cloud.pass(60).await;
    }
    assert_eq!((tasks(), cloud.state("errors").await.as_str()), (0, "INSUFFICIENT_DATA"));
}

#[tokio::test]
async fn a_topic_that_does_not_let_it_in_is_a_failure_in_the_history() {
    let cloud = Cloud::start().await;
    cloud
        .alarm(PutMetricAlarm {
            alarm_actions: Some(vec![TOPIC.into(), FUNCTION.into()]),
            ..errors("errors")
        })
        .await;
    *cloud.peers.closed.lock() = true;
    cloud.minute(5.0).await;
    assert_eq!(cloud.state("errors").await, "ALARM", "the state changes all the same");
    assert_eq!(
        cloud.history("errors", HistoryItemType::Action).await,
        [
            format!(
                "Failed to execute action {TOPIC}. Received error: \"CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: {TOPIC}\""
            ),
            format!(
                "Failed to execute action {FUNCTION}. Received error: \"CloudWatch Alarms is not authorized to perform: lambda:InvokeFunction on resource: {FUNCTION}\""
            ),
        ]
    );
    assert!(cloud.messages().is_empty() && cloud.arrived(FUNCTION).is_empty());
}

#[tokio::test]
async fn a_target_that_fails_by_its_own_fault_is_tried_again() {
    let cloud = Cloud::start().await;
    cloud.alarm(PutMetricAlarm { alarm_actions: Some(vec![TOPIC.into()]), ..errors("errors") }).await;
    *cloud.peers.failures.lock() = vec![500, 500];
    cloud.minute(5.0).await;
    assert!(cloud.messages().is_empty());
    cloud.pass(1).await;
    assert!(cloud.messages().is_empty());
    cloud.pass(2).await;
    assert_eq!(cloud.messages().len(), 1);
    assert_eq!(cloud.history("errors", HistoryItemType::Action).await.len(), 1);
}

#[tokio::test]
async fn a_function_and_the_event_bus_are_told() {
    let cloud = Cloud::start().await;
    cloud.alarm(PutMetricAlarm { alarm_actions: Some(vec![FUNCTION.into()]), ..errors("errors") }).await;
    let created = cloud.arrived("events").remove(0);
    let arn = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:errors";
    assert_eq!(created.subject, format!("CloudWatch Alarm Configuration Change: {arn}"));
    assert_eq!(text(&created.body, "operation"), "create");
    cloud.minute(5.0).await;
    let changed = cloud.arrived("events").remove(1);
    assert_eq!(changed.subject, format!("CloudWatch Alarm State Change: {arn}"));
    let id =
        changed.body.at(&["configuration", "metrics"]).unwrap().as_array().unwrap()[0].get("id").cloned();
    let metric = document!({
        "id": id,
        "metricStat": {
            "metric": { "namespace": "App", "name": "Errors", "dimensions": {} }, "period": 60, "stat": "Sum"
        },
        "returnData": true,
    });
    let state = cloud.metric_alarm("errors").await;
    let expected = document!({
        "alarmName": "errors",
        "state": {
            "value": "ALARM",
            "reason": (state.state_reason.clone()),
            "reasonData": (state.state_reason_data.clone()),
            "timestamp": (long(cloud.cloud.now())),
        },
        "previousState": {
            "value": "INSUFFICIENT_DATA",
            "reason": "Unchecked: Initial alarm creation",
            "timestamp": (long(START)),
        },
        "configuration": { "metrics": [metric] },
    });
    assert_eq!(changed.body.to_string(), expected.to_string());
    let invoked = cloud.arrived(FUNCTION).remove(0);
    assert_eq!(invoked.by, format!("lambda.alarms.cloudwatch.amazonaws.com for {arn}"));
    let event = document!({
        "source": "aws.cloudwatch",
        "alarmArn": arn,
        "accountId": "111122223333",
        "time": (long(cloud.cloud.now())),
        "region": "us-east-1",
        "alarmData": expected,
    });
    assert_eq!(invoked.body.to_string(), event.to_string());
}

#[tokio::test]
async fn an_expression_is_watched() {
    let cloud = Cloud::start().await;
    let metric = api_cloudwatch::Metric {
        namespace: Some("App".into()),
        metric_name: Some("Errors".into()),
        dimensions: None,
    };
    let stat =
        |stat: &str| Some(MetricStat { metric: metric.clone(), period: 60, stat: stat.into(), unit: None });
    let query = |id: &str, stat: Option<MetricStat>, expression: Option<&str>| MetricDataQuery {
        id: id.into(),
        return_data: Some(expression.is_some()),
        metric_stat: stat,
        expression: expression.map(str::to_owned),
        ..Default::default()
    };
    let metrics = vec![
        query("e1", None, Some("m1 / m2 * 10")),
        query("m1", stat("Sum"), None),
        query("m2", stat("SampleCount"), None),
    ];
    let put = PutMetricAlarm {
        metric_name: None,
        namespace: None,
        statistic: None,
        period: None,
        metrics: Some(metrics.clone()),
        threshold: Some(29.0),
        alarm_actions: Some(vec![TOPIC.into()]),
        ..errors("ratio")
    };
    cloud.alarm(put).await;
    cloud.measure_ago(0, 2.0).await;
    cloud.minute(4.0).await;
    let alarm = cloud.metric_alarm("ratio").await;
    assert_eq!(alarm.state_value, Some(StateValue::Alarm));
    assert_eq!(
        alarm.state_reason.unwrap(),
        "Threshold Crossed: 1 out of the last 1 datapoints [30.0 (21/11/26 09:30:00)] was greater than the threshold (29.0) (minimum 1 datapoint for OK -> ALARM transition)."
    );
    let trigger = cloud.messages()[0].get("Trigger").cloned().unwrap();
    assert_eq!(
        trigger.get("Metrics").and_then(Document::as_array).unwrap()[..2],
        [
            document!({ "Expression": "m1 / m2 * 10", "Id": "e1", "ReturnData": true }),
            document!({
                "Id": "m1",
                "MetricStat": {
                    "Metric": { "Dimensions": [], "MetricName": "Errors", "Namespace": "App" },
                    "Period": 60, "Stat": "Sum"
                },
                "ReturnData": false
            }),
        ]
    );
    assert!(trigger.get("MetricName").is_none());
}

#[tokio::test]
async fn a_state_that_is_set_acts_and_lasts_until_the_next_evaluation() {
    let cloud = Cloud::start().await;
    cloud.alarm(acting("errors")).await;
    let set = |value| SetAlarmState {
        alarm_name: "errors".into(),
        state_value: value,
        state_reason: "testing purposes".into(),
        state_reason_data: Some(r#"{"why":"test"}"#.into()),
    };
    cloud.root.call(set(StateValue::Alarm)).await.unwrap();
    cloud.idle().await;
    let alarm = cloud.metric_alarm("errors").await;
    assert_eq!(alarm.state_value, Some(StateValue::Alarm));
    assert_eq!(alarm.state_reason.as_deref(), Some("testing purposes"));
    assert_eq!(alarm.state_reason_data.as_deref(), Some(r#"{"why":"test"}"#));
    assert_eq!(cloud.subjects().last().unwrap(), "ALARM: \"errors\" in US East (N. Virginia)");
    let sent = cloud.subjects().len();
    cloud.root.call(set(StateValue::Alarm)).await.unwrap();
    cloud.idle().await;
    assert_eq!(cloud.subjects().len(), sent, "the same state is no transition");
    cloud.pass(60).await;
    assert_eq!(cloud.state("errors").await, "OK");
    assert_eq!(cloud.subjects().len(), sent + 1);
}

#[tokio::test]
async fn disabled_actions_are_not_done() {
    let cloud = Cloud::start().await;
    cloud.alarm(acting("errors")).await;
    let sent = cloud.messages().len();
    let names = vec!["errors".to_owned(), "nobody".to_owned()];
    cloud.root.call(api_cloudwatch::DisableAlarmActions { alarm_names: names.clone() }).await.unwrap();
    assert_eq!(cloud.metric_alarm("errors").await.actions_enabled, Some(false));
    cloud.minute(5.0).await;
    assert_eq!((cloud.state("errors").await.as_str(), cloud.messages().len()), ("ALARM", sent));
    cloud.root.call(api_cloudwatch::EnableAlarmActions { alarm_names: names }).await.unwrap();
    cloud.minute(0.0).await;
    assert_eq!(cloud.messages().len(), sent + 1);
    assert_eq!(
        cloud.history("errors", HistoryItemType::ConfigurationUpdate).await,
        ["Alarm \"errors\" created", "Alarm \"errors\" updated", "Alarm \"errors\" updated"]
    );
}

#[tokio::test]
async fn high_resolution_alarms_are_evaluated_every_ten_seconds() {
    let cloud = Cloud::start().await;
    cloud.alarm(PutMetricAlarm { period: Some(10), ..errors("fast") }).await;
    let datum = api_cloudwatch::MetricDatum {
        metric_name: "Errors".into(),
        timestamp: Some(cloud.cloud.now()),
        value: Some(3.0),
        storage_resolution: Some(1),
        ..Default::default()
    };
    let put = api_cloudwatch::PutMetricData {
        namespace: "App".into(),
        metric_data: Some(vec![datum]),
        ..Default::default()
    };
    cloud.root.call(put).await.unwrap();
    cloud.pass(10).await;
    assert_eq!(cloud.state("fast").await, "ALARM");
}

#[tokio::test]
async fn a_changed_alarm_keeps_its_state_and_is_evaluated_anew() {
    let cloud = Cloud::start().await;
    cloud.alarm(errors("errors")).await;
    cloud.minute(5.0).await;
    assert_eq!(cloud.state("errors").await, "ALARM");
    cloud.root.call(PutMetricAlarm { threshold: Some(100.0), ..errors("errors") }).await.unwrap();
    assert_eq!(cloud.state("errors").await, "ALARM");
    cloud.pass(1).await;
    assert_eq!(cloud.state("errors").await, "OK");
    cloud.root.call(DeleteAlarms { alarm_names: vec!["errors".into()] }).await.unwrap();
    cloud.pass(120).await;
    let found = cloud.root.call(DescribeAlarms::default()).await.unwrap();
    assert!(found.metric_alarms.unwrap().is_empty());
    let history = cloud.history("errors", HistoryItemType::ConfigurationUpdate).await;
    assert_eq!(history.last().unwrap(), "Alarm \"errors\" deleted", "the history stays");
}
