use crate::cloud::{Bucket, Cloud, GROUP, answered, group_rule, ports, put_group, report};
use api_config as api;
use api_config::ComplianceType as Compliance;
use std::time::Duration;

#[tokio::test]
async fn a_rule_judges_what_exists_and_each_change() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.peers.function(|event, context| async move {
        report(&context, &event, Compliance::NonCompliant).await.unwrap();
        answered()
    });
    cloud.put_rule(group_rule("groups")).await.unwrap();
    assert_eq!(cloud.rule("groups").await.config_rule_state, Some(api::ConfigRuleState::Evaluating));
    cloud.quiet().await;
    let rule = cloud.rule("groups").await;
    assert_eq!(rule.config_rule_state, Some(api::ConfigRuleState::Active));
    assert_eq!(cloud.results("groups").await, [("sg-1".to_owned(), Compliance::NonCompliant)]);
    let first = cloud.peers.events.lock()[0].clone();
    let envelope = &first.envelope;
    for (name, value) in [
        ("version", "1.0"),
        ("ruleParameters", r#"{"debug":"true"}"#),
        ("executionRoleArn", crate::cloud::ROLE),
        ("configRuleName", "groups"),
        ("accountId", testkit::ACCOUNT),
        ("configRuleArn", rule.config_rule_arn.as_deref().unwrap()),
        ("configRuleId", rule.config_rule_id.as_deref().unwrap()),
    ] {
        assert_eq!(envelope.get(name).unwrap().as_str(), Some(value), "{name}");
    }
    assert_eq!(envelope.get("eventLeftScope").unwrap().as_bool(), Some(false));
    assert_eq!(first.text(&["messageType"]), "ConfigurationItemChangeNotification");
    // A new rule judges a state, not a change.
    assert!(first.invoking.get("configurationItemDiff").unwrap().is_null());
    assert_eq!(
        first.text(&["configurationItem", "ARN"]),
        "arn:aws:ec2:us-east-1:111122223333:security-group/sg-1"
    );
    assert_eq!(first.text(&["configurationItem", "configuration", "groupId"]), "sg-1");

    cloud.put_group("sg-1", &[80, 443]);
    cloud.quiet().await;
    let second = cloud.peers.events.lock()[1].clone();
    let created =
        second.invoking.at(&["configurationItemDiff", "changedProperties", "Configuration.IpPermissions.0"]);
    assert_eq!(created.unwrap().get("changeType").unwrap().as_str(), Some("CREATE"));
    let status = cloud.status("groups").await;
    assert!(
        status.last_successful_invocation_time.is_some() && status.last_successful_evaluation_time.is_some()
    );
    assert_eq!((status.last_error_code, status.first_evaluation_started), (None, Some(true)));
}

/// A function that revokes and authorizes on every run, as the lab's does.
#[tokio::test]
async fn a_remediating_function_makes_one_item_and_no_storm() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80, 443]);
    cloud.record_groups().await;
    cloud.quiet().await;
    let scope = cloud.test.scope();
    cloud.peers.function(move |event, context| async move {
        let id = event.resource_id();
        let before = ports(&context, scope, &id);
        // Each step is seen by the recorder before the next.
        for step in [vec![], vec![80], vec![80, 443]] {
            put_group(&context, scope, &id, &step);
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        }
        let compliance = if before == [80, 443] { Compliance::Compliant } else { Compliance::NonCompliant };
        report(&context, &event, compliance).await.unwrap();
        answered()
    });
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
    // It changed the group three times, and left it as it was.
    assert_eq!(cloud.history(GROUP, "sg-1").await.len(), 1);
    assert_eq!(cloud.peers.event_count(), 1);

    cloud.put_group("sg-1", &[80, 443, 465, 993]);
    cloud.quiet().await;
    // The incident, and the repaired state, which is judged once more and left as it is.
    let items = cloud.history(GROUP, "sg-1").await;
    assert_eq!(items.len(), 3);
    assert!(items[1].configuration.as_ref().unwrap().contains("993"));
    assert!(!items[2].configuration.as_ref().unwrap().contains("993"));
    assert_eq!(cloud.peers.event_count(), 3);
    assert_eq!(ports(cloud.context(), scope, "sg-1"), [80, 443]);
    assert_eq!(cloud.results("groups").await, [("sg-1".to_owned(), Compliance::Compliant)]);
}

#[tokio::test]
async fn a_function_that_never_rests_is_slowed_down() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[1]);
    cloud.record_groups().await;
    cloud.quiet().await;
    let scope = cloud.test.scope();
    cloud.peers.function(move |event, context| async move {
        let port = ports(&context, scope, &event.resource_id())[0];
        put_group(&context, scope, &event.resource_id(), &[port + 1]);
        answered()
    });
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
    let runs = cloud.peers.event_count();
    assert!((20..40).contains(&runs), "{runs}");
    cloud.test.advance(Duration::from_secs(61)).await;
    cloud.quiet().await;
    assert!(cloud.peers.event_count() > runs);
}

#[tokio::test]
async fn a_failing_function_is_tried_three_times_and_its_error_is_told() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.peers.function(|_, _| async {
        let payload = r#"{"errorMessage":"no such key","errorType":"KeyError"}"#;
        Ok(api_lambda::InvokeOutput {
            status_code: Some(200),
            function_error: Some("Unhandled".into()),
            payload: Some(payload.into()),
            ..api_lambda::InvokeOutput::default()
        })
    });
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 1);
    let status = cloud.status("groups").await;
    assert_eq!(status.last_error_code.as_deref(), Some("Unhandled"));
    assert_eq!(status.last_error_message.as_deref(), Some("KeyError: no such key"));
    assert!(status.last_failed_evaluation_time.is_some() && status.last_successful_evaluation_time.is_none());
    for (wait, runs) in [(61, 2), (121, 3), (3600, 3)] {
        cloud.test.advance(Duration::from_secs(wait)).await;
        cloud.quiet().await;
        assert_eq!(cloud.peers.event_count(), runs);
    }
    assert_eq!(cloud.rule("groups").await.config_rule_state, Some(api::ConfigRuleState::Active));
    // Changes are recorded and judged again.
    cloud.peers.function(|event, context| async move {
        report(&context, &event, Compliance::Compliant).await.unwrap();
        answered()
    });
    cloud.put_group("sg-1", &[81]);
    cloud.quiet().await;
    assert_eq!(cloud.status("groups").await.last_error_code, None);
}

#[tokio::test]
async fn a_throttled_function_is_tried_again() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.peers.function(|_, _| async {
        Err(api_lambda::Error::Common(wire::ErrorResponse::new(
            "TooManyRequestsException",
            "Rate Exceeded.",
            429,
        )))
    });
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
    let status = cloud.status("groups").await;
    assert_eq!(status.last_error_code.as_deref(), Some("TooManyRequestsException"));
    assert!(status.last_failed_invocation_time.is_some());
    cloud.peers.function(|event, context| async move {
        report(&context, &event, Compliance::Compliant).await.unwrap();
        answered()
    });
    cloud.test.advance(Duration::from_secs(6)).await;
    cloud.quiet().await;
    assert_eq!(cloud.results("groups").await.len(), 1);
}

#[tokio::test]
async fn a_permission_that_is_taken_away_is_told() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
    *cloud.peers.may_invoke.lock() = false;
    cloud.put_group("sg-1", &[81]);
    cloud.quiet().await;
    let status = cloud.status("groups").await;
    assert!(
        status.last_error_message.unwrap().contains("cannot be invoked. Check the specified function ARN")
    );
    assert_eq!(cloud.peers.event_count(), 1);
}

/// What `kill -9` leaves: the task, the evaluation and the note that the resource changed.
#[tokio::test]
async fn an_evaluation_that_was_broken_off_runs_again() {
    let cloud = Cloud::new();
    let work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    let scope = cloud.test.scope();
    cloud.peers.function(move |event, context| async move {
        put_group(&context, scope, &event.resource_id(), &[22]);
        std::future::pending().await
    });
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.test.until("the function runs", async || (cloud.peers.event_count() == 1).then_some(())).await;
    cloud.test.settle().await;
    // The change settles while the function runs.
    assert_eq!(cloud.history(GROUP, "sg-1").await.len(), 1);
    drop(work);
    cloud.test.settle().await;
    cloud.peers.function(|event, context| async move {
        report(&context, &event, Compliance::Compliant).await.unwrap();
        answered()
    });
    let _work = cloud.test.start_work();
    cloud.quiet().await;
    assert!(cloud.peers.event_count() >= 2);
    let items = cloud.history(GROUP, "sg-1").await;
    assert_eq!(items.len(), 2);
    assert!(items[1].configuration.as_ref().unwrap().contains("22"));
    assert_eq!(cloud.results("groups").await.len(), 1);
}

#[tokio::test]
async fn a_function_that_never_ends_is_given_up() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    let scope = cloud.test.scope();
    cloud.peers.function(move |event, context| async move {
        put_group(&context, scope, &event.resource_id(), &[22]);
        std::future::pending().await
    });
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.test.until("the function runs", async || (cloud.peers.event_count() == 1).then_some(())).await;
    cloud.test.settle().await;
    cloud.peers.function(|_, _| async { answered() });
    cloud.test.advance(Duration::from_secs(17 * 60)).await;
    cloud.quiet().await;
    assert_eq!(cloud.history(GROUP, "sg-1").await.len(), 2);
}

#[tokio::test]
async fn what_left_a_tag_scope_is_told_once() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.put_group("sg-2", &[80]);
    tag(&cloud, "sg-1", Some("prod"));
    cloud.record_groups().await;
    cloud.quiet().await;
    let mut rule = group_rule("tagged");
    rule.scope = Some(api::Scope {
        tag_key: Some("stage".into()),
        tag_value: Some("prod".into()),
        ..api::Scope::default()
    });
    cloud.quiet().await;
    cloud.put_rule(rule).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 1);
    tag(&cloud, "sg-1", None);
    cloud.quiet().await;
    cloud.put_group("sg-1", &[81]);
    cloud.quiet().await;
    let events = cloud.peers.events.lock();
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].envelope.get("eventLeftScope").unwrap().as_bool(), Some(true));
}

fn tag(cloud: &Cloud, id: &str, stage: Option<&str>) {
    let scope = cloud.test.scope();
    let write = |tx: &mut store::Tx| {
        let mut group = tx.get::<crate::cloud::Group>(scope, id)?.unwrap();
        group.tags = stage.map(|stage| ("stage".to_owned(), stage.to_owned())).into_iter().collect();
        tx.put(group)
    };
    cloud.context().store.transact(None, write).unwrap();
}

#[tokio::test]
async fn a_closed_bucket_does_not_stop_evaluations() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    *cloud.peers.bucket.lock() = Bucket::Closed;
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 1);
}
