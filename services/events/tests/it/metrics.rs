//! What buses and rules measure.

use crate::cloud::{Cloud, entry, to};
use crate::peers::{DEAD, FUNCTION, QUEUE};
use api_events::{DeadLetterConfig, PutEvents, RetryPolicy, Target};
use std::time::Duration;

const PATTERN: &str = r#"{"source":["my.app"]}"#;
const NAMESPACE: &str = "AWS/Events";

fn put(details: &[&str]) -> PutEvents {
    PutEvents { entries: details.iter().map(|detail| entry(detail)).collect(), endpoint_id: None }
}

/// Each metric of everything, of a bus and of its rule.
fn each(bus: &str, rule: &str, metrics: &[&str]) -> Vec<String> {
    let of = |metric: &&str| {
        let (name, rest) = metric.split_once(' ').unwrap();
        ["", &format!("EventBusName={bus}"), rule].map(|by| format!("{name}{{{by}}} {rest}"))
    };
    metrics.iter().flat_map(of).collect()
}

fn sorted(lines: Vec<Vec<String>>) -> Vec<String> {
    let mut lines = lines.concat();
    lines.sort();
    lines
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|&line| line.to_owned()).collect()
}

#[tokio::test]
async fn an_event_is_counted_from_its_entry_to_its_target() {
    let cloud = Cloud::start().await;
    cloud.rule(PATTERN).await;
    cloud.target(to(FUNCTION)).await.unwrap();
    cloud.target(Target { id: "u".into(), ..to(QUEUE) }).await.unwrap();
    assert!(cloud.cloud.measured(NAMESPACE).is_empty());
    let answer = cloud.root.call(put(&["{}", "no object"])).await.unwrap();
    assert_eq!(answer.failed_entry_count, Some(1));
    cloud.idle().await;
    let calls = [
        "Invocations{RuleName=rule} Count 1x2",
        "Invocations{} Count 1x2",
        "InvocationsCreated{} Count 1x2",
        "MatchedEvents{EventBusName=default} Count 1",
        "MatchedEvents{RuleName=rule} Count 1",
        "PutEventsApproximateCallCount{} Count 1",
        "PutEventsApproximateSuccessCount{} Count 1",
        "PutEventsEntriesCount{} Count 2",
        "PutEventsFailedEntriesCount{} Count 1",
        "PutEventsRequestSize{} Bytes 33",
    ];
    let of_each = [
        "IngestionToInvocationCompleteLatency Milliseconds 0x2",
        "IngestionToInvocationStartLatency Milliseconds 0x2",
        "IngestionToInvocationSuccessLatency Milliseconds 0x2",
        "InvocationAttempts Count 1x2",
        "SuccessfulInvocationAttempts Count 1x2",
        "TriggeredRules Count 1",
    ];
    assert_eq!(
        cloud.cloud.measured(NAMESPACE),
        sorted(vec![lines(&calls), each("default", "RuleName=rule", &of_each)])
    );
    let nobody = cloud.cloud.user("ann", &[]);
    assert_eq!(nobody.call(put(&["{}"])).await.unwrap_err().status, 400);
    assert!(cloud.cloud.measured(NAMESPACE).is_empty(), "what is denied is not measured");
}

#[tokio::test]
async fn tries_failures_and_dead_letters_are_counted_each() {
    let cloud = Cloud::start().await;
    cloud.bus("orders").await;
    cloud.rule_on(Some("orders"), PATTERN).await;
    let policy = RetryPolicy { maximum_retry_attempts: Some(1), maximum_event_age_in_seconds: None };
    let dead_letter_config = Some(DeadLetterConfig { arn: Some(DEAD.into()) });
    let target = Target { retry_policy: Some(policy), dead_letter_config, ..to(FUNCTION) };
    cloud.target_on(Some("orders"), target).await.unwrap();
    *cloud.peers.lets_in.lock() = Some("arn:aws:events:us-east-1:111122223333:rule/*".into());
    *cloud.peers.failures.lock() = vec![("ServiceException", 500); 2];
    assert!(cloud.cloud.measured(NAMESPACE).is_empty());
    let mut event = entry("{}");
    event.event_bus_name = Some("orders".into());
    cloud.root.call(PutEvents { entries: vec![event], endpoint_id: None }).await.unwrap();
    cloud.idle().await;
    let first = cloud.cloud.measured(NAMESPACE);
    let rule = "EventBusName=orders,RuleName=rule";
    let tried = [
        "IngestionToInvocationCompleteLatency Milliseconds 0",
        "IngestionToInvocationStartLatency Milliseconds 0",
        "InvocationAttempts Count 1",
        "TriggeredRules Count 1",
    ];
    for line in each("orders", rule, &tried) {
        assert!(first.contains(&line), "{line}: {first:?}");
    }
    assert!(!first.iter().any(|line| line.starts_with("Invocations{")), "not until it fails for good");

    cloud.cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(cloud.arrived().await.len(), 1);
    let end = [
        format!("FailedInvocations{{{rule}}} Count 1"),
        format!("InvocationsSentToDlq{{{rule}}} Count 1"),
        format!("Invocations{{{rule}}} Count 1"),
        "Invocations{} Count 1".to_owned(),
    ];
    let retried = each("orders", rule, &["InvocationAttempts Count 1", "RetryInvocationAttempts Count 1"]);
    assert_eq!(cloud.cloud.measured(NAMESPACE), sorted(vec![end.to_vec(), retried]));
}

#[tokio::test]
async fn a_refused_call_and_a_schedule() {
    let cloud = Cloud::start().await;
    assert!(cloud.cloud.measured(NAMESPACE).is_empty());
    let endpoint = PutEvents { endpoint_id: Some("e.x".into()), ..put(&["{}"]) };
    cloud.root.call(endpoint).await.unwrap_err();
    assert_eq!(
        cloud.cloud.measured(NAMESPACE),
        ["PutEventsApproximateCallCount{} Count 1", "PutEventsApproximateFailedCount{} Count 1"]
    );
    let put = api_events::PutRule {
        name: "rule".into(),
        schedule_expression: Some("rate(5 minutes)".into()),
        ..Default::default()
    };
    cloud.root.call(put).await.unwrap();
    cloud.cloud.advance(Duration::from_secs(300)).await;
    cloud.idle().await;
    let matched = ["MatchedEvents{EventBusName=default} Count 1", "MatchedEvents{RuleName=rule} Count 1"];
    let triggered = each("default", "RuleName=rule", &["TriggeredRules Count 1"]);
    assert_eq!(cloud.cloud.measured(NAMESPACE), sorted(vec![lines(&matched), triggered]));
}
