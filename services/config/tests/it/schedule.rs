use crate::cloud::{Cloud, details, group_rule};
use api_config as api;
use std::time::Duration;

fn periodic(name: &str, frequency: Option<api::MaximumExecutionFrequency>) -> api::ConfigRule {
    let mut rule = group_rule(name);
    rule.scope = None;
    let mut details = details(&[api::MessageType::ScheduledNotification]);
    details[0].maximum_execution_frequency = frequency;
    rule.source.source_details = Some(details);
    rule
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_periodic_rule_runs_by_the_clock_without_a_recorder() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_rule(periodic("hourly", Some(api::MaximumExecutionFrequency::OneHour))).await.unwrap();
    cloud.put_rule(periodic("daily", None)).await.unwrap();
    cloud.quiet().await;
    let runs = |name: &str| {
        let events = cloud.peers.events.lock();
        events
            .iter()
            .filter(|event| event.envelope.get("configRuleName").unwrap().as_str() == Some(name))
            .count()
    };
    assert_eq!((runs("hourly"), runs("daily")), (1, 1));
    let event = cloud.peers.events.lock()[0].clone();
    assert_eq!(event.text(&["messageType"]), "ScheduledNotification");
    assert_eq!(event.text(&["awsAccountId"]), testkit::ACCOUNT);
    assert_eq!(event.text(&["notificationCreationTime"]), cloud.test.now().iso_millis());
    for _ in 0..3 {
        cloud.test.advance(HOUR).await;
        cloud.quiet().await;
    }
    assert_eq!((runs("hourly"), runs("daily")), (4, 1));
    cloud.test.advance(HOUR * 21).await;
    cloud.quiet().await;
    // What was missed while the clock jumped is not made up for.
    assert_eq!((runs("hourly"), runs("daily")), (5, 2));
    assert_eq!(cloud.rule("hourly").await.config_rule_state, Some(api::ConfigRuleState::Active));

    let start = api::StartConfigRulesEvaluation { config_rule_names: Some(vec!["daily".into()]) };
    cloud.root().call(start).await.unwrap();
    cloud.quiet().await;
    assert_eq!(runs("daily"), 3);

    // Its result is the account's.
    let token = {
        let events = cloud.peers.events.lock();
        events.last().unwrap().token()
    };
    let evaluation = api::Evaluation {
        compliance_resource_type: "AWS::::Account".into(),
        compliance_resource_id: testkit::ACCOUNT.into(),
        compliance_type: api::ComplianceType::Compliant,
        annotation: None,
        ordering_timestamp: cloud.test.now(),
    };
    cloud.put_evaluations(&token, vec![evaluation]).await.unwrap();
    assert_eq!(cloud.results("daily").await[0].0, testkit::ACCOUNT);

    cloud.root().call(api::DeleteConfigRule { config_rule_name: "hourly".into() }).await.unwrap();
    cloud.quiet().await;
    let before = runs("hourly");
    cloud.test.advance(HOUR * 2).await;
    cloud.quiet().await;
    assert_eq!(runs("hourly"), before);
}

#[tokio::test]
async fn a_rule_that_becomes_change_triggered_is_periodic_no_more() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_rule(periodic("rule", Some(api::MaximumExecutionFrequency::OneHour))).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 1);
    cloud.put_rule(group_rule("rule")).await.unwrap();
    cloud.quiet().await;
    cloud.test.advance(HOUR * 2).await;
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 1);
}
