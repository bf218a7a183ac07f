use crate::cloud::{Cloud, OTHER, entry, json, sent, text, to};
use crate::peers::{DEAD, QUEUE};
use api_events::{DeadLetterConfig, PutEventsRequestEntry, PutRule, PutTargets, Target};
use contract::Principal;

const PATTERN: &str = r#"{"account":["111122223333","444455556666"]}"#;
const ORDERS: &str = "arn:aws:events:us-east-1:111122223333:event-bus/orders";

#[tokio::test]
async fn an_event_goes_on_to_another_bus_as_it_was() {
    let cloud = Cloud::start().await;
    cloud.bus("orders").await;
    cloud.rule(PATTERN).await;
    cloud.target(to(ORDERS)).await.unwrap();
    cloud.rule_on(Some("orders"), PATTERN).await;
    cloud.target_on(Some("orders"), to(QUEUE)).await.unwrap();
    let account = testkit::ACCOUNT.parse().unwrap();
    let config = cloud.cloud.caller(Principal::service("config.amazonaws.com", account, None));
    let from_service = PutEventsRequestEntry { source: Some("aws.config".into()), ..entry(r#"{"n":5}"#) };
    let id = sent(&config, from_service).await.unwrap();
    let arrived = cloud.arrived().await;
    assert_eq!(arrived.len(), 1);
    let event = json(&arrived[0].body);
    assert_eq!((text(&event, "id"), text(&event, "source")), (id.as_str(), "aws.config"));
    assert_eq!(
        arrived[0].by,
        "events.amazonaws.com for arn:aws:events:us-east-1:111122223333:rule/orders/rule"
    );
}

/// A rule of the other account's default bus sends to ours.
async fn other_sends(cloud: &Cloud, role: Option<&str>) {
    let stranger = cloud.stranger();
    let put = PutRule {
        name: "out".into(),
        event_pattern: Some(r#"{"source":["my.app"]}"#.into()),
        ..Default::default()
    };
    stranger.call(put).await.unwrap();
    let target = Target {
        role_arn: role.map(str::to_owned),
        ..to("arn:aws:events:us-east-1:111122223333:event-bus/default")
    };
    let put = PutTargets { rule: "out".into(), event_bus_name: None, targets: vec![target] };
    stranger.call(put).await.unwrap();
}

#[tokio::test]
async fn another_account_s_rule_needs_the_bus_s_policy() {
    let cloud = Cloud::start().await;
    cloud.rule(PATTERN).await;
    cloud.target(to(QUEUE)).await.unwrap();
    other_sends(&cloud, None).await;
    sent(&cloud.stranger(), entry("{}")).await.unwrap();
    assert!(cloud.arrived().await.is_empty(), "the bus lets nobody in");
    let put = api_events::PutPermission {
        action: Some("events:PutEvents".into()),
        principal: Some(OTHER.into()),
        statement_id: Some("other".into()),
        ..Default::default()
    };
    cloud.root.call(put).await.unwrap();
    sent(&cloud.stranger(), entry("{}")).await.unwrap();
    let arrived = cloud.arrived().await;
    assert_eq!(arrived.len(), 1);
    assert_eq!(text(&json(&arrived[0].body), "account"), OTHER, "where it came from");
}

#[tokio::test]
async fn nothing_goes_on_twice() {
    let cloud = Cloud::start().await;
    cloud.bus("orders").await;
    cloud.bus("third").await;
    let third = "arn:aws:events:us-east-1:111122223333:event-bus/third";
    cloud.rule(PATTERN).await;
    cloud.target(to(ORDERS)).await.unwrap();
    cloud.rule_on(Some("orders"), PATTERN).await;
    let onward =
        Target { dead_letter_config: Some(DeadLetterConfig { arn: Some(DEAD.into()) }), ..to(third) };
    cloud.target_on(Some("orders"), onward).await.unwrap();
    cloud.rule_on(Some("third"), PATTERN).await;
    cloud.target_on(Some("third"), to(QUEUE)).await.unwrap();
    cloud.send("{}").await;
    let arrived = cloud.arrived().await;
    assert_eq!((arrived.len(), arrived[0].at.as_str()), (1, "dead"));
    assert_eq!(arrived[0].attributes["ERROR_CODE"], "THIRD_ACCOUNT_HOP_DETECTED");
}

#[tokio::test]
async fn a_client_cannot_pass_for_a_rule() {
    let cloud = Cloud::start().await;
    cloud.rule(PATTERN).await;
    cloud.target(to(QUEUE)).await.unwrap();
    let header = "Id=1;Account=444455556666;Region=eu-west-1".to_owned();
    let forged = PutEventsRequestEntry { trace_header: Some(header), ..entry("{}") };
    sent(&cloud.root, forged).await.unwrap();
    let event = json(&cloud.arrived().await[0].body);
    assert_eq!((text(&event, "account"), text(&event, "region")), ("111122223333", "us-east-1"));
    assert_ne!(text(&event, "id"), "1");
}
