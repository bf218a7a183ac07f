use crate::cloud::{Cloud, RULE, json, text, to};
use crate::peers::QUEUE;
use api_events::{DeleteRule, DisableRule, EnableRule, PutRule, RemoveTargets};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

async fn scheduled(expression: &str) -> Cloud {
    let cloud = Cloud::start().await;
    schedule(&cloud, expression).await;
    cloud.target(to(QUEUE)).await.unwrap();
    cloud
}

async fn schedule(cloud: &Cloud, expression: &str) {
    let put =
        PutRule { name: "rule".into(), schedule_expression: Some(expression.into()), ..Default::default() };
    cloud.root.call(put).await.unwrap();
}

/// The times of the events that arrived.
async fn times(cloud: &Cloud) -> Vec<String> {
    let arrived = cloud.arrived().await;
    arrived.iter().map(|arrived| text(&json(&arrived.body), "time").to_owned()).collect()
}

#[tokio::test]
async fn a_rate_fires_once_each_time() {
    let cloud = scheduled("rate(5 minutes)").await;
    assert!(times(&cloud).await.is_empty());
    cloud.cloud.advance(4 * MINUTE).await;
    assert!(times(&cloud).await.is_empty());
    cloud.cloud.advance(MINUTE).await;
    let arrived = cloud.arrived().await;
    assert_eq!(arrived.len(), 1);
    let event = json(&arrived[0].body);
    assert_eq!((text(&event, "source"), text(&event, "detail-type")), ("aws.events", "Scheduled Event"));
    assert_eq!(text(&event, "time"), "2026-11-21T09:35:00Z");
    assert_eq!(event.get("resources").unwrap().to_string(), format!(r#"["{RULE}"]"#));
    assert_eq!(event.get("detail").unwrap().to_string(), "{}");
    cloud.cloud.advance(5 * MINUTE).await;
    assert_eq!(times(&cloud).await, ["2026-11-21T09:35:00Z", "2026-11-21T09:40:00Z"]);
}

#[tokio::test]
async fn cron_fires_by_the_calendar() {
    let cloud = scheduled("cron(0 12 ? * MON-FRI *)").await;
    // The 21st of November 2026 is a Saturday.
    for _ in 0..3 {
        cloud.cloud.advance(24 * 60 * MINUTE).await;
        cloud.idle().await;
    }
    assert_eq!(times(&cloud).await, ["2026-11-23T12:00:00Z"]);
}

#[tokio::test]
async fn what_was_missed_fires_once() {
    let cloud = scheduled("rate(1 minute)").await;
    cloud.cloud.advance(10 * MINUTE + Duration::from_secs(30)).await;
    assert_eq!(times(&cloud).await, ["2026-11-21T09:31:00Z"]);
    cloud.cloud.advance(Duration::from_secs(30)).await;
    assert_eq!(times(&cloud).await, ["2026-11-21T09:31:00Z", "2026-11-21T09:41:00Z"]);
}

#[tokio::test]
async fn only_an_enabled_rule_fires() {
    let cloud = scheduled("rate(5 minutes)").await;
    let named = || ("rule".to_owned(), None);
    let (name, event_bus_name) = named();
    cloud.root.call(DisableRule { name, event_bus_name }).await.unwrap();
    assert!(cloud.tasks().is_empty());
    cloud.cloud.advance(7 * MINUTE).await;
    let (name, event_bus_name) = named();
    cloud.root.call(EnableRule { name, event_bus_name }).await.unwrap();
    cloud.cloud.advance(4 * MINUTE).await;
    assert!(times(&cloud).await.is_empty());
    cloud.cloud.advance(MINUTE).await;
    assert_eq!(times(&cloud).await, ["2026-11-21T09:42:00Z"], "it counts from when it was enabled");
}

#[tokio::test]
async fn a_changed_rule_fires_by_its_new_schedule_and_a_deleted_one_never() {
    let cloud = scheduled("rate(5 minutes)").await;
    schedule(&cloud, "rate(1 hour)").await;
    cloud.cloud.advance(10 * MINUTE).await;
    assert!(times(&cloud).await.is_empty());
    cloud.cloud.advance(50 * MINUTE).await;
    assert_eq!(times(&cloud).await, ["2026-11-21T10:30:00Z"]);
    let remove = RemoveTargets { rule: "rule".into(), ids: vec!["t".into()], ..Default::default() };
    cloud.root.call(remove).await.unwrap();
    cloud.root.call(DeleteRule { name: "rule".into(), ..Default::default() }).await.unwrap();
    assert!(cloud.tasks().is_empty());
    cloud.cloud.advance(120 * MINUTE).await;
    assert_eq!(times(&cloud).await.len(), 1);
}

#[tokio::test]
async fn a_rule_with_both_a_pattern_and_a_schedule_has_both() {
    let cloud = Cloud::start().await;
    let put = PutRule {
        name: "rule".into(),
        schedule_expression: Some("rate(1 minute)".into()),
        event_pattern: Some(r#"{"source":["my.app"]}"#.into()),
        ..Default::default()
    };
    cloud.root.call(put).await.unwrap();
    cloud.target(to(QUEUE)).await.unwrap();
    cloud.send("{}").await;
    cloud.cloud.advance(MINUTE).await;
    assert_eq!(cloud.arrived().await.len(), 2);
}
