use crate::cloud::{Cloud, RULE, json, text, to};
use crate::peers::{DEAD, FIFO, FUNCTION, GROUP, QUEUE, TOPIC};
use api_events::{DeadLetterConfig, InputTransformer, RetryPolicy, SqsParameters, Target};
use std::time::Duration;

const PATTERN: &str = r#"{"source":["my.app"]}"#;

#[tokio::test]
async fn a_matching_event_reaches_every_kind_of_target_as_the_service() {
    for target in [FUNCTION, QUEUE, TOPIC, GROUP] {
        let cloud = Cloud::start().await;
        cloud.rule(PATTERN).await;
        cloud.target(to(target)).await.unwrap();
        let id = cloud.send(r#"{"n":1.50,"list":[]}"#).await;
        let arrived = cloud.arrived().await;
        assert_eq!(arrived.len(), 1, "{target}");
        assert!(target.ends_with(&arrived[0].at), "{target}");
        assert_eq!(arrived[0].by, format!("events.amazonaws.com for {RULE}"));
        let expected = format!(
            r#"{{"version":"0","id":"{id}","detail-type":"order","source":"my.app","account":"111122223333","time":"2026-11-21T09:30:00Z","region":"us-east-1","resources":[],"detail":{{"n":1.5,"list":[]}}}}"#
        );
        assert_eq!(arrived[0].body, expected);
        assert!(cloud.tasks().is_empty());
    }
}

#[tokio::test]
async fn what_does_not_match_goes_nowhere() {
    let cloud = Cloud::start().await;
    cloud.rule(r#"{"source":["other"]}"#).await;
    cloud.target(to(FUNCTION)).await.unwrap();
    cloud.send("{}").await;
    assert!(cloud.arrived().await.is_empty());
}

#[tokio::test]
async fn a_disabled_rule_sends_nothing_until_it_is_enabled() {
    let cloud = Cloud::start().await;
    cloud.rule(PATTERN).await;
    cloud.target(to(FUNCTION)).await.unwrap();
    let (name, event_bus_name) = ("rule".to_owned(), None);
    cloud
        .root
        .call(api_events::DisableRule { name: name.clone(), event_bus_name: event_bus_name.clone() })
        .await
        .unwrap();
    cloud.send("{}").await;
    assert!(cloud.arrived().await.is_empty());
    cloud.root.call(api_events::EnableRule { name, event_bus_name }).await.unwrap();
    cloud.send("{}").await;
    assert_eq!(cloud.arrived().await.len(), 1);
}

#[tokio::test]
async fn inputs_are_constants_parts_and_templates() {
    let transformer = |template: &str| {
        Some(InputTransformer {
            input_paths_map: Some([("n".to_owned(), "$.detail.n".to_owned())].into()),
            input_template: template.into(),
        })
    };
    for (target, expected) in [
        (Target { input: Some(r#"{"fixed": true}"#.into()), ..to(QUEUE) }, r#"{"fixed": true}"#),
        (Target { input_path: Some("$.detail".into()), ..to(QUEUE) }, r#"{"n":5}"#),
        (Target { input_path: Some("$.detail.gone".into()), ..to(QUEUE) }, "null"),
        (Target { input_transformer: transformer("\"n is <n>\""), ..to(QUEUE) }, "\"n is 5\""),
        (
            Target {
                input_transformer: transformer(
                    r#"{"n": <n>, "rule": <aws.events.rule-arn>, "name": "<aws.events.rule-name>", "at": <aws.events.event.ingestion-time>}"#,
                ),
                ..to(QUEUE)
            },
            r#"{"n": 5, "rule": "arn:aws:events:us-east-1:111122223333:rule/rule", "name": "rule", "at": "2026-11-21T09:30:00Z"}"#,
        ),
    ] {
        let cloud = Cloud::start().await;
        cloud.rule(PATTERN).await;
        cloud.target(target).await.unwrap();
        cloud.send(r#"{"n":5}"#).await;
        assert_eq!(cloud.arrived().await[0].body, expected);
    }
}

#[tokio::test]
async fn templates_know_the_whole_event() {
    let cloud = Cloud::start().await;
    cloud.rule(PATTERN).await;
    let transformer = InputTransformer {
        input_paths_map: None,
        input_template: r#"{"whole": <aws.events.event.json>, "envelope": <aws.events.event>}"#.into(),
    };
    cloud.target(Target { input_transformer: Some(transformer), ..to(QUEUE) }).await.unwrap();
    cloud.send(r#"{"n":5}"#).await;
    let body = json(&cloud.arrived().await[0].body);
    assert_eq!(body.at(&["whole", "detail"]).unwrap().to_string(), r#"{"n":5}"#);
    assert_eq!(text(body.get("envelope").unwrap(), "source"), "my.app");
    assert!(body.at(&["envelope", "detail"]).is_none());
}

#[tokio::test]
async fn a_fifo_queue_gets_the_group() {
    let cloud = Cloud::start().await;
    cloud.rule(PATTERN).await;
    let parameters = SqsParameters { message_group_id: Some("g".into()) };
    cloud.target(Target { sqs_parameters: Some(parameters), ..to(FIFO) }).await.unwrap();
    cloud.send("{}").await;
    let arrived = cloud.arrived().await;
    assert_eq!((arrived[0].at.as_str(), arrived[0].group.as_deref()), ("work.fifo", Some("g")));
}

#[tokio::test]
async fn a_target_s_role_sends_where_there_is_one() {
    let cloud = Cloud::start().await;
    *cloud.peers.lets_in.lock() = None;
    let allow = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}"#;
    let _ = cloud.cloud.role("sender", &[allow]);
    cloud.rule(PATTERN).await;
    let role = Some("arn:aws:iam::111122223333:role/sender".to_owned());
    cloud.target(Target { role_arn: role, ..to(QUEUE) }).await.unwrap();
    cloud.send("{}").await;
    let arrived = cloud.arrived().await;
    assert_eq!(arrived[0].by, "arn:aws:sts::111122223333:assumed-role/sender/events");
}

fn with_dead_letters(target: Target) -> Target {
    Target { dead_letter_config: Some(DeadLetterConfig { arn: Some(DEAD.into()) }), ..target }
}

#[tokio::test]
async fn what_a_target_s_policy_forbids_is_a_dead_letter_at_once() {
    let cloud = Cloud::start().await;
    *cloud.peers.lets_in.lock() = Some("arn:aws:events:us-east-1:111122223333:rule/another".into());
    cloud.rule(PATTERN).await;
    cloud.target(with_dead_letters(to(FUNCTION))).await.unwrap();
    let id = cloud.send(r#"{"n":5}"#).await;
    let arrived = cloud.arrived().await;
    assert_eq!((arrived.len(), arrived[0].at.as_str()), (1, "dead"));
    assert_eq!(text(&json(&arrived[0].body), "id"), id, "the event as it was");
    let attributes = &arrived[0].attributes;
    assert_eq!(attributes["RULE_ARN"], RULE);
    assert_eq!(attributes["TARGET_ARN"], FUNCTION);
    assert_eq!(attributes["ERROR_CODE"], "NO_PERMISSIONS");
    assert!(attributes["ERROR_MESSAGE"].contains("lambda:InvokeFunction"), "{attributes:?}");
    assert!(!attributes.contains_key("EXHAUSTED_RETRY_CONDITION"));
    assert!(cloud.tasks().is_empty());
}

#[tokio::test]
async fn what_is_forbidden_without_a_dead_letter_queue_is_dropped() {
    let cloud = Cloud::start().await;
    *cloud.peers.lets_in.lock() = None;
    cloud.rule(PATTERN).await;
    cloud.target(to(FUNCTION)).await.unwrap();
    cloud.send("{}").await;
    assert!(cloud.arrived().await.is_empty());
    assert!(cloud.tasks().is_empty());
}

#[tokio::test]
async fn what_fails_is_tried_again_by_the_clock() {
    let cloud = Cloud::start().await;
    cloud.rule(PATTERN).await;
    cloud.target(with_dead_letters(to(FUNCTION))).await.unwrap();
    *cloud.peers.failures.lock() = vec![("ServiceException", 500), ("TooManyRequestsException", 429)];
    cloud.send("{}").await;
    assert!(cloud.arrived().await.is_empty());
    cloud.cloud.advance(Duration::from_secs(1)).await;
    assert!(cloud.arrived().await.is_empty(), "the second try fails too");
    cloud.cloud.advance(Duration::from_secs(1)).await;
    assert!(cloud.arrived().await.is_empty(), "the third is two seconds later");
    cloud.cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(cloud.arrived().await[0].at, FUNCTION);
    assert!(cloud.tasks().is_empty());
}

#[tokio::test]
async fn what_goes_on_failing_becomes_a_dead_letter() {
    let cloud = Cloud::start().await;
    cloud.rule(PATTERN).await;
    let policy = RetryPolicy { maximum_retry_attempts: Some(2), maximum_event_age_in_seconds: None };
    let target = Target { retry_policy: Some(policy), ..with_dead_letters(to(FUNCTION)) };
    cloud.target(target).await.unwrap();
    *cloud.peers.failures.lock() = vec![("ServiceException", 500); 3];
    cloud.send("{}").await;
    for seconds in [1, 2] {
        assert!(cloud.arrived().await.is_empty());
        cloud.cloud.advance(Duration::from_secs(seconds)).await;
    }
    let arrived = cloud.arrived().await;
    assert_eq!((arrived.len(), arrived[0].at.as_str()), (1, "dead"));
    let attributes = &arrived[0].attributes;
    assert_eq!(attributes["ERROR_CODE"], "INTERNAL_ERROR");
    assert_eq!(attributes["EXHAUSTED_RETRY_CONDITION"], "MaximumRetryAttempts");
    assert_eq!(attributes["RETRY_ATTEMPTS"], "2");
    assert!(cloud.peers.failures.lock().is_empty());
}

#[tokio::test]
async fn an_event_that_is_too_old_becomes_a_dead_letter() {
    let cloud = Cloud::start().await;
    cloud.rule(PATTERN).await;
    let policy = RetryPolicy { maximum_retry_attempts: None, maximum_event_age_in_seconds: Some(60) };
    let target = Target { retry_policy: Some(policy), ..with_dead_letters(to(QUEUE)) };
    cloud.target(target).await.unwrap();
    *cloud.peers.failures.lock() = vec![("ServiceException", 500); 20];
    cloud.send("{}").await;
    cloud.idle().await;
    for exponent in 0..5 {
        cloud.cloud.advance(Duration::from_secs(1 << exponent)).await;
        cloud.idle().await;
    }
    let arrived = cloud.arrived().await;
    assert_eq!(arrived[0].attributes["EXHAUSTED_RETRY_CONDITION"], "MaximumEventAgeInSeconds");
    assert_eq!(arrived[0].attributes["RETRY_ATTEMPTS"], "5");
}

#[tokio::test]
async fn a_call_that_only_reads_is_seen_by_rules_that_ask_for_it() {
    let cloud = Cloud::start().await;
    let account = testkit::ACCOUNT.parse().unwrap();
    let trail = cloud.cloud.caller(contract::Principal::service("cloudtrail.amazonaws.com", account, None));
    let put = |state: Option<api_events::RuleState>| api_events::PutRule {
        name: "rule".into(),
        event_pattern: Some(r#"{"source":["aws.ec2"]}"#.into()),
        state,
        ..Default::default()
    };
    let call = |reads: bool| api_events::PutEventsRequestEntry {
        source: Some("aws.ec2".into()),
        detail_type: Some("AWS API Call via CloudTrail".into()),
        ..crate::cloud::entry(&format!(r#"{{"readOnly":{reads},"managementEvent":true}}"#))
    };
    cloud.root.call(put(None)).await.unwrap();
    cloud.target(to(QUEUE)).await.unwrap();
    crate::cloud::sent(&trail, call(true)).await.unwrap();
    assert!(cloud.arrived().await.is_empty());
    crate::cloud::sent(&trail, call(false)).await.unwrap();
    assert_eq!(cloud.arrived().await.len(), 1);
    let all = api_events::RuleState::EnabledWithAllCloudtrailManagementEvents;
    cloud.root.call(put(Some(all))).await.unwrap();
    crate::cloud::sent(&trail, call(true)).await.unwrap();
    assert_eq!(cloud.arrived().await.len(), 2);
}
