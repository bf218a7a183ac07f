use crate::cloud::{Bucket, Cloud, GROUP, answered, evaluation, group_rule, ports, put_group, report};
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

#[tokio::test]
async fn tokens_are_good_for_their_rule_account_and_time_only() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_rule(group_rule("one")).await.unwrap();
    cloud.put_rule(group_rule("two")).await.unwrap();
    cloud.quiet().await;
    let token_of = |name: &str| {
        let events = cloud.peers.events.lock();
        let own =
            events.iter().find(|event| event.envelope.get("configRuleName").unwrap().as_str() == Some(name));
        own.unwrap().token()
    };
    let (one, two) = (token_of("one"), token_of("two"));
    assert_ne!(one, two);
    let now = cloud.test.now();
    let good = || vec![evaluation("sg-1", Compliance::NonCompliant, now)];
    cloud.put_evaluations(&one, good()).await.unwrap();
    // It judged for its own rule, whatever the resource.
    assert_eq!(cloud.results("one").await.len(), 1);
    assert!(cloud.results("two").await.is_empty());

    let mut forged = one.clone().into_bytes();
    forged[0] = if forged[0] == b'A' { b'B' } else { b'A' };
    for wrong in [String::from_utf8(forged).unwrap(), String::new(), one[..40].to_owned(), format!("{one}=")]
    {
        let error = cloud.put_evaluations(&wrong, good()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "InvalidResultTokenException: The resultToken provided is invalid",
            "{wrong}"
        );
    }
    // Elsewhere it is nothing.
    let put =
        || api::PutEvaluations { evaluations: Some(good()), result_token: one.clone(), test_mode: None };
    let elsewhere = cloud.root().in_region("eu-west-1".parse().unwrap()).call(put()).await.unwrap_err();
    assert_eq!(elsewhere.code, "InvalidResultTokenException");
    let stranger: names::AccountId = "999999999999".parse().unwrap();
    let scope = names::Scope::new(stranger, testkit::REGION);
    let other =
        cloud.context().caller(contract::Principal::Root(stranger), scope, contract::Chain::default());
    assert_eq!(other.call(put()).await.unwrap_err().code, "InvalidResultTokenException");
    // A rule that was deleted has no results.
    let delete = api::DeleteConfigRule { config_rule_name: "two".into() };
    cloud.root().call(delete).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.put_evaluations(&two, good()).await.unwrap_err().code, "NoSuchConfigRuleException");
    cloud.put_rule(group_rule("two")).await.unwrap();
    assert_eq!(cloud.put_evaluations(&two, good()).await.unwrap_err().code, "NoSuchConfigRuleException");
    // It ends.
    cloud.test.advance(Duration::from_secs(6 * 3600 + 1)).await;
    assert_eq!(cloud.put_evaluations(&one, good()).await.unwrap_err().code, "InvalidResultTokenException");
}

#[tokio::test]
async fn test_mode_takes_any_token_and_keeps_nothing() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_rule(group_rule("groups")).await.unwrap();
    let now = cloud.test.now();
    let put = |compliance, token: &str| api::PutEvaluations {
        evaluations: Some(vec![evaluation("sg-1", compliance, now)]),
        result_token: token.into(),
        test_mode: Some(true),
    };
    let answer = cloud.root().call(put(Compliance::Compliant, "TESTMODE")).await.unwrap();
    assert_eq!(answer.failed_evaluations, Some(Vec::new()));
    assert!(cloud.results("groups").await.is_empty());
    let refused = cloud.root().call(put(Compliance::InsufficientData, "TESTMODE")).await.unwrap_err();
    assert_eq!(refused.code, "InvalidParameterValueException");
    let many = api::PutEvaluations {
        evaluations: Some(vec![evaluation("sg-1", Compliance::Compliant, now); 101]),
        result_token: "TESTMODE".into(),
        test_mode: Some(true),
    };
    assert!(cloud.root().call(many).await.is_err());
}

#[tokio::test]
async fn an_older_judgement_does_not_replace_a_newer_one() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
    let token = cloud.peers.events.lock()[0].token();
    let now = cloud.test.now();
    let put = |compliance, at| cloud.put_evaluations(&token, vec![evaluation("sg-1", compliance, at)]);
    put(Compliance::Compliant, now).await.unwrap();
    put(Compliance::NonCompliant, now.minus(Duration::from_secs(1))).await.unwrap();
    assert_eq!(cloud.results("groups").await, [("sg-1".to_owned(), Compliance::Compliant)]);
    put(Compliance::NotApplicable, now.plus(Duration::from_secs(1))).await.unwrap();
    assert!(cloud.results("groups").await.is_empty());
    let asked = api::GetComplianceDetailsByConfigRule {
        config_rule_name: "groups".into(),
        compliance_types: Some(vec![Compliance::NotApplicable]),
        ..api::GetComplianceDetailsByConfigRule::default()
    };
    assert_eq!(cloud.root().call(asked).await.unwrap().evaluation_results.unwrap().len(), 1);
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
