//! Composite alarms: they follow their children, and are kept from acting.

use crate::alarms_cloud::{Cloud, FUNCTION, TOPIC, errors, long, refusal, rule, text};
use api_cloudwatch::{
    ActionsSuppressedBy, DeleteAlarms, HistoryItemType, PutCompositeAlarm, SetAlarmState, StateValue,
};
use wire::{Document, document};

/// Alarms whose states are only set.
async fn children(cloud: &Cloud, names: &[&str]) {
    for name in names {
        let put = api_cloudwatch::PutMetricAlarm { metric_name: Some("Nothing".into()), ..errors(name) };
        cloud.alarm(put).await;
    }
}

async fn set(cloud: &Cloud, name: &str, value: StateValue) {
    let set = SetAlarmState {
        alarm_name: name.into(),
        state_value: value,
        state_reason: "test".into(),
        state_reason_data: None,
    };
    cloud.root.call(set).await.unwrap();
    cloud.idle().await;
}

fn acting(name: &str, text: &str) -> PutCompositeAlarm {
    let to = || Some(vec![TOPIC.to_owned()]);
    PutCompositeAlarm { alarm_actions: to(), ok_actions: to(), ..rule(name, text) }
}

fn arn(name: &str) -> String {
    format!("arn:aws:cloudwatch:us-east-1:111122223333:alarm:{name}")
}

#[tokio::test]
async fn a_composite_alarm_follows_its_children() {
    let cloud = Cloud::start().await;
    children(&cloud, &["a", "b"]).await;
    cloud.composite(acting("both", &format!("ALARM(a) AND ALARM(\"{}\")", arn("b")))).await;
    let both = cloud.composite_alarm("both").await;
    assert_eq!(both.state_value, Some(StateValue::Ok));
    assert_eq!(
        both.state_reason.unwrap(),
        format!("{} was created and its alarm rule evaluates to OK", arn("both"))
    );
    set(&cloud, "a", StateValue::Alarm).await;
    assert_eq!(cloud.composite_state("both").await, "OK");
    set(&cloud, "b", StateValue::Alarm).await;
    let both = cloud.composite_alarm("both").await;
    assert_eq!(both.state_value, Some(StateValue::Alarm));
    let reason = format!("{} transitioned to ALARM at Saturday 21 November, 2026 09:30:00 UTC", arn("b"));
    assert_eq!(both.state_reason.as_deref(), Some(reason.as_str()));
    let now = long(cloud.cloud.now());
    let data = document!({
        "triggeringAlarms": [{ "arn": (arn("b")), "state": { "value": "ALARM", "timestamp": (now.as_str()) } }]
    });
    assert_eq!(both.state_reason_data.unwrap(), data.to_string());
    let message = cloud.messages().pop().unwrap();
    let expected = document!({
        "AlarmName": "both",
        "AlarmDescription": null,
        "AWSAccountId": "111122223333",
        "AlarmConfigurationUpdatedTimestamp": (now.as_str()),
        "NewStateValue": "ALARM",
        "NewStateReason": reason,
        "StateChangeTime": (now.as_str()),
        "Region": "US East (N. Virginia)",
        "AlarmArn": (arn("both")),
        "OldStateValue": "OK",
        "OKActions": [TOPIC],
        "AlarmActions": [TOPIC],
        "InsufficientDataActions": [],
        "AlarmRule": (format!("ALARM(a) AND ALARM(\"{}\")", arn("b"))),
        "TriggeringChildren": [{ "Arn": (arn("b")), "State": { "Value": "ALARM", "Timestamp": now } }],
    });
    assert_eq!(message.to_string(), expected.to_string());
    set(&cloud, "a", StateValue::Ok).await;
    assert_eq!(cloud.composite_state("both").await, "OK");
    assert_eq!(cloud.messages().len(), 3);
}

#[tokio::test]
async fn composites_of_composites_and_circles() {
    let cloud = Cloud::start().await;
    children(&cloud, &["a"]).await;
    cloud.composite(rule("inner", "ALARM(a)")).await;
    cloud.composite(rule("outer", "ALARM(inner)")).await;
    set(&cloud, "a", StateValue::Alarm).await;
    assert_eq!(cloud.composite_state("outer").await, "ALARM");
    cloud.composite(rule("inner", "ALARM(a) OR ALARM(outer)")).await;
    set(&cloud, "a", StateValue::Ok).await;
    assert_eq!(cloud.composite_state("inner").await, "ALARM", "the circle holds itself");
    for name in ["inner", "outer"] {
        let (code, message) = refusal(cloud.root.call(DeleteAlarms { alarm_names: vec![name.into()] }).await);
        assert_eq!(code, "ValidationError");
        assert_eq!(message, format!("Cannot delete {name} as there are composite alarm(s) depending on it."));
    }
    cloud.composite(rule("inner", "FALSE")).await;
    cloud.pass(1).await;
    assert_eq!(cloud.composite_state("inner").await, "OK");
    let inner = cloud.composite_alarm("inner").await;
    assert_eq!(
        inner.state_reason.unwrap(),
        format!("{} was updated and its alarm rule evaluates to OK", arn("inner"))
    );
    assert_eq!(cloud.composite_state("outer").await, "OK");
    for name in ["outer", "inner"] {
        cloud.root.call(DeleteAlarms { alarm_names: vec![name.into()] }).await.unwrap();
    }
}

#[tokio::test]
async fn children_stay_as_long_as_rules_name_them() {
    let cloud = Cloud::start().await;
    children(&cloud, &["a", "b"]).await;
    cloud.composite(rule("one", "ALARM(a)")).await;
    cloud.composite(rule("two", "ALARM(b)")).await;
    let delete = async |names: &[&str]| {
        let alarm_names = names.iter().map(|name| (*name).to_owned()).collect();
        cloud.root.call(DeleteAlarms { alarm_names }).await
    };
    let (_, message) = refusal(delete(&["a", "two"]).await);
    assert_eq!(message, "Cannot delete a as there are composite alarm(s) depending on it.");
    assert_eq!(cloud.composite_state("two").await, "OK", "all or nothing");
    let (code, _) = refusal(delete(&["one", "two"]).await);
    assert_eq!(code, "ValidationError", "one composite alarm at a time");
    delete(&["a", "one"]).await.unwrap();
    let (code, _) = refusal(delete(&["a", "one"]).await);
    assert_eq!(code, "ResourceNotFound");
}

/// An alarm on `child`, which `silence` suppresses. Composite alarms keep the states that are set, as long as their own children do not change.
fn suppressed(wait: i32, extension: i32) -> PutCompositeAlarm {
    PutCompositeAlarm {
        actions_suppressor: Some(arn("silence")),
        actions_suppressor_wait_period: Some(wait),
        actions_suppressor_extension_period: Some(extension),
        ..acting("both", "ALARM(child)")
    }
}

async fn by(cloud: &Cloud) -> Option<ActionsSuppressedBy> {
    cloud.composite_alarm("both").await.actions_suppressed_by
}

/// With the first action, of the new alarm, done.
async fn start(put: PutCompositeAlarm) -> Cloud {
    let cloud = Cloud::start().await;
    cloud.composite(rule("child", "FALSE")).await;
    cloud.composite(rule("silence", "FALSE")).await;
    cloud.composite(put).await;
    cloud.pass(300).await;
    assert_eq!((cloud.messages().len(), by(&cloud).await), (1, None));
    cloud
}

#[tokio::test]
async fn actions_wait_for_the_suppressor_and_are_done_where_it_does_not_come() {
    let cloud = start(suppressed(120, 180)).await;
    set(&cloud, "child", StateValue::Alarm).await;
    assert_eq!(by(&cloud).await, Some(ActionsSuppressedBy::WaitPeriod));
    let both = cloud.composite_alarm("both").await;
    assert_eq!(both.state_value, Some(StateValue::Alarm), "the state changes all the same");
    assert_eq!(both.actions_suppressed_reason.as_deref(), Some("Actions suppressed by WaitPeriod"));
    let mut told = cloud.arrived("events").into_iter().map(|arrived| arrived.body);
    let told = told.rfind(|body| text(body, "alarmName") == "both").unwrap();
    assert_eq!(told.at(&["state", "actionsSuppressedBy"]).and_then(Document::as_str), Some("WaitPeriod"));
    cloud.pass(119).await;
    assert_eq!(cloud.messages().len(), 1);
    cloud.pass(1).await;
    assert_eq!((by(&cloud).await, cloud.messages().len()), (None, 2));
    assert_eq!(text(&cloud.messages()[1], "NewStateValue"), "ALARM");
}

#[tokio::test]
async fn a_suppressor_keeps_actions_back_until_its_extension_is_over() {
    let cloud = start(suppressed(120, 180)).await;
    set(&cloud, "child", StateValue::Alarm).await;
    assert_eq!(by(&cloud).await, Some(ActionsSuppressedBy::WaitPeriod));
    set(&cloud, "silence", StateValue::Alarm).await;
    assert_eq!(by(&cloud).await, Some(ActionsSuppressedBy::Alarm));
    cloud.pass(3600).await;
    assert_eq!((by(&cloud).await, cloud.messages().len()), (Some(ActionsSuppressedBy::Alarm), 1));
    set(&cloud, "silence", StateValue::Ok).await;
    assert_eq!(by(&cloud).await, Some(ActionsSuppressedBy::ExtensionPeriod));
    cloud.pass(179).await;
    assert_eq!(cloud.messages().len(), 1);
    cloud.pass(1).await;
    assert_eq!((by(&cloud).await, cloud.messages().len()), (None, 2));
    let message = cloud.messages().pop().unwrap();
    assert_eq!((text(&message, "NewStateValue"), text(&message, "OldStateValue")), ("ALARM", "OK"));

    set(&cloud, "silence", StateValue::Alarm).await;
    set(&cloud, "child", StateValue::Ok).await;
    set(&cloud, "child", StateValue::Alarm).await;
    set(&cloud, "silence", StateValue::Ok).await;
    cloud.pass(180).await;
    assert_eq!(cloud.messages().len(), 2, "it is where it acted last: nothing is to be told");
    assert_eq!(cloud.history("both", HistoryItemType::Action).await.len(), 2);
}

#[tokio::test]
async fn what_waits_for_a_suppressor_that_is_taken_away_waits_no_longer() {
    let cloud = start(suppressed(60, 60)).await;
    set(&cloud, "silence", StateValue::Alarm).await;
    set(&cloud, "child", StateValue::Alarm).await;
    assert_eq!((by(&cloud).await, cloud.messages().len()), (Some(ActionsSuppressedBy::Alarm), 1));
    cloud.composite(acting("both", "ALARM(child)")).await;
    assert_eq!((by(&cloud).await, cloud.messages().len()), (None, 2));
}

#[tokio::test]
async fn relatives_are_described_briefly() {
    let cloud = Cloud::start().await;
    children(&cloud, &["a", "b"]).await;
    cloud.composite(rule("inner", "ALARM(a)")).await;
    cloud.composite(rule("outer", "ALARM(inner) OR ALARM(b)")).await;
    let describe = api_cloudwatch::DescribeAlarms::default();
    let children =
        api_cloudwatch::DescribeAlarms { children_of_alarm_name: Some("outer".into()), ..describe.clone() };
    let found = cloud.root.call(children).await.unwrap();
    let (metric, composite) = (found.metric_alarms.unwrap(), found.composite_alarms.unwrap());
    assert_eq!((metric.len(), composite.len()), (1, 1));
    assert_eq!((metric[0].alarm_name.as_deref(), metric[0].metric_name.as_deref()), (Some("b"), None));
    assert_eq!(composite[0].state_value, Some(StateValue::Ok));
    let parents = api_cloudwatch::DescribeAlarms { parents_of_alarm_name: Some("a".into()), ..describe };
    let found = cloud.root.call(parents).await.unwrap();
    let inner = found.composite_alarms.unwrap().remove(0);
    assert_eq!((inner.alarm_arn, inner.alarm_rule, inner.state_value), (Some(arn("inner")), None, None));
}

#[tokio::test]
async fn what_is_no_composite_alarm_is_refused() {
    let cloud = Cloud::start().await;
    children(&cloud, &["a"]).await;
    let cases = [
        (rule("x", "ALARM(a) AND"), "Invalid AlarmRule: it ends where an alarm is expected"),
        (
            rule("x", "ALARM(a) OR ALARM(gone) OR OK(other)"),
            "Could not save the composite alarm as alarms [gone, other] in the alarm rule do not exist",
        ),
        (
            rule("x", "ALARM(\"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a\")"),
            "Could not save the composite alarm as alarms [arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a] in the alarm rule do not exist",
        ),
        (rule("a", "TRUE"), "A metric alarm with the name a already exists."),
        (
            PutCompositeAlarm {
                alarm_actions: Some(vec!["arn:aws:automate:us-east-1:ec2:stop".into()]),
                ..rule("x", "TRUE")
            },
            "Alarm actions of automate are not built in Cloudchamber: arn:aws:automate:us-east-1:ec2:stop",
        ),
        (
            PutCompositeAlarm { actions_suppressor_wait_period: Some(1), ..rule("x", "TRUE") },
            "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod require ActionsSuppressor.",
        ),
        (
            PutCompositeAlarm {
                actions_suppressor: Some("gone".into()),
                actions_suppressor_wait_period: Some(1),
                actions_suppressor_extension_period: Some(1),
                ..rule("x", "TRUE")
            },
            "Could not save the composite alarm as the actions suppressor [gone] does not exist",
        ),
    ];
    for (put, sentence) in cases {
        let (code, message) = refusal(cloud.root.call(put).await);
        assert_eq!((code.as_str(), message.as_str()), ("ValidationError", sentence));
    }
    let put = PutCompositeAlarm { actions_suppressor: Some("a".into()), ..rule("x", "TRUE") };
    let (code, message) = refusal(cloud.root.call(put).await);
    let sentence = "The parameter ActionsSuppressorWaitPeriod is required with ActionsSuppressor.";
    assert_eq!((code.as_str(), message.as_str()), ("MissingRequiredParameterException", sentence));
    cloud
        .composite(PutCompositeAlarm { alarm_actions: Some(vec![FUNCTION.into()]), ..rule("x", "TRUE") })
        .await;
    assert_eq!(cloud.arrived(FUNCTION).len(), 1);
}
