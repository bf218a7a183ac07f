//! Managed rules: put, judged as things change and by the clock, and withdrawn.

use crate::cloud::{Cloud, GROUP, details};
use api_config as api;
use api_config::ComplianceType as Compliance;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

fn managed(name: &str, identifier: &str) -> api::ConfigRule {
    api::ConfigRule {
        config_rule_name: Some(name.into()),
        source: api::Source {
            owner: api::Owner::Aws,
            source_identifier: Some(identifier.into()),
            ..api::Source::default()
        },
        ..api::ConfigRule::default()
    }
}

async fn annotations(cloud: &Cloud, rule: &str) -> Vec<Option<String>> {
    let asked = api::GetComplianceDetailsByConfigRule {
        config_rule_name: rule.into(),
        ..api::GetComplianceDetailsByConfigRule::default()
    };
    let results = cloud.root().call(asked).await.unwrap().evaluation_results.unwrap();
    results.into_iter().map(|result| result.annotation).collect()
}

async fn compliance(cloud: &Cloud, rule: &str) -> Compliance {
    let asked = api::DescribeComplianceByConfigRule {
        config_rule_names: Some(vec![rule.into()]),
        ..api::DescribeComplianceByConfigRule::default()
    };
    let rules = cloud.root().call(asked).await.unwrap().compliance_by_config_rules.unwrap();
    rules[0].compliance.as_ref().unwrap().compliance_type.unwrap()
}

#[tokio::test]
async fn what_changes_is_judged_by_itself() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-old", &[22]);
    cloud.record_groups().await;
    cloud.quiet().await;
    let begun = cloud.context().store.feed().last().unwrap();
    cloud.put_rule(managed("restricted-ssh", "INCOMING_SSH_DISABLED")).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.results("restricted-ssh").await, [("sg-old".to_owned(), Compliance::NonCompliant)]);
    assert_eq!(
        annotations(&cloud, "restricted-ssh").await,
        [Some("The group lets 0.0.0.0/0 in to TCP port 22.".to_owned())]
    );
    let rule = cloud.rule("restricted-ssh").await;
    assert_eq!(rule.config_rule_state, Some(api::ConfigRuleState::Active));
    assert_eq!((rule.source.source_details, rule.scope), (None, None));
    let status = cloud.status("restricted-ssh").await;
    assert_eq!(status.first_evaluation_started, Some(true));
    assert_eq!(status.last_successful_evaluation_time, Some(cloud.test.now()));

    // A new group turns up by itself, and turns compliant after the fix.
    cloud.put_group("sg-new", &[443, 22]);
    cloud.quiet().await;
    let bad = |id: &str| (id.to_owned(), Compliance::NonCompliant);
    let good = |id: &str| (id.to_owned(), Compliance::Compliant);
    assert_eq!(cloud.results("restricted-ssh").await, [bad("sg-new"), bad("sg-old")]);
    cloud.put_group("sg-new", &[443]);
    cloud.put_group("sg-old", &[]);
    cloud.quiet().await;
    assert_eq!(cloud.results("restricted-ssh").await, [good("sg-new"), good("sg-old")]);
    assert_eq!(compliance(&cloud, "restricted-ssh").await, Compliance::Compliant);

    // What is gone is judged no more.
    cloud.delete_group("sg-old");
    cloud.quiet().await;
    assert_eq!(cloud.results("restricted-ssh").await, [good("sg-new")]);

    // Each change of compliance was told, and is a change that others can follow.
    let subjects: Vec<String> = cloud
        .peers
        .messages
        .lock()
        .iter()
        .map(|(subject, _)| subject.clone())
        .filter(|subject| subject.contains(" with restricted-ssh "))
        .collect();
    let of = |id: &str, compliance: &str| {
        format!(
            "[AWS Config:us-east-1] {GROUP} {id} is {compliance} with restricted-ssh in Account 111122223333"
        )
    };
    for expected in [
        of("sg-old", "NON_COMPLIANT"),
        of("sg-new", "NON_COMPLIANT"),
        of("sg-new", "COMPLIANT"),
        of("sg-old", "COMPLIANT"),
        of("sg-old", "NOT_APPLICABLE"),
    ] {
        let shown: String = expected.chars().take(97).collect();
        assert_eq!(
            subjects.iter().filter(|own| own.starts_with(&shown)).count(),
            1,
            "{expected}: {subjects:?}"
        );
    }
    let changes = cloud.context().store.view().changes_since(begun, 1000).unwrap();
    let followed = changes
        .iter()
        .filter(|change| change.resource.resource_type.as_str() == "AWS::Config::ResourceCompliance")
        .filter(|change| change.resource.id == format!("{GROUP}/sg-new"))
        .count();
    assert_eq!(followed, 2);
    assert_eq!(cloud.peers.event_count(), 0, "no function is asked");
}

#[tokio::test]
async fn without_a_running_recorder_changes_are_not_judged() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    let rule = managed("tags", "REQUIRED_TAGS");
    let rule = api::ConfigRule { input_parameters: Some(r#"{"tag1Key":"team"}"#.into()), ..rule };
    assert_eq!(
        cloud.put_rule(rule.clone()).await.unwrap_err().to_string(),
        "NoAvailableConfigurationRecorderException: You must create a configuration recorder before you can create or update a Config rule."
    );
    cloud.record_groups().await;
    cloud.stop().await;
    cloud.put_rule(rule).await.unwrap();
    cloud.put_group("sg-1", &[]);
    cloud.quiet().await;
    assert!(cloud.results("tags").await.is_empty());
    assert_eq!(compliance(&cloud, "tags").await, Compliance::InsufficientData);
    cloud.start().await;
    cloud.quiet().await;
    assert_eq!(cloud.results("tags").await, [("sg-1".to_owned(), Compliance::NonCompliant)]);
}

#[tokio::test]
async fn a_periodic_rule_looks_for_itself_when_its_time_has_come() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[22]);
    let mut rule = managed("ports", "VPC_SG_PORT_RESTRICTION_CHECK");
    rule.maximum_execution_frequency = Some(api::MaximumExecutionFrequency::OneHour);
    cloud.put_rule(rule).await.unwrap();
    cloud.quiet().await;
    // There is no recorder: it asked the service.
    assert_eq!(cloud.results("ports").await, [("sg-1".to_owned(), Compliance::NonCompliant)]);
    cloud.put_group("sg-1", &[443]);
    cloud.put_group("sg-2", &[3389]);
    cloud.quiet().await;
    assert_eq!(cloud.results("ports").await, [("sg-1".to_owned(), Compliance::NonCompliant)]);
    cloud.test.advance(HOUR).await;
    cloud.quiet().await;
    let expected =
        [("sg-1".to_owned(), Compliance::Compliant), ("sg-2".to_owned(), Compliance::NonCompliant)];
    assert_eq!(cloud.results("ports").await, expected);
    // What it does not come across any more is withdrawn.
    cloud.delete_group("sg-2");
    cloud.test.advance(HOUR).await;
    cloud.quiet().await;
    assert_eq!(cloud.results("ports").await, [("sg-1".to_owned(), Compliance::Compliant)]);
    // Somebody may ask for it earlier.
    cloud.put_group("sg-1", &[22]);
    let start = api::StartConfigRulesEvaluation { config_rule_names: Some(vec!["ports".into()]) };
    cloud.root().call(start).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.results("ports").await, [("sg-1".to_owned(), Compliance::NonCompliant)]);
    assert_eq!(cloud.rule("ports").await.config_rule_state, Some(api::ConfigRuleState::Active));
}

#[tokio::test]
async fn many_resources_are_judged_in_batches() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    for number in 0..120 {
        cloud.put_group(&format!("sg-{number:03}"), &[22]);
    }
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_rule(managed("restricted-ssh", "INCOMING_SSH_DISABLED")).await.unwrap();
    cloud.quiet().await;
    let asked = api::GetComplianceDetailsByConfigRule {
        config_rule_name: "restricted-ssh".into(),
        compliance_types: Some(vec![Compliance::NonCompliant]),
        limit: Some(100),
        ..api::GetComplianceDetailsByConfigRule::default()
    };
    let first = cloud.root().call(asked.clone()).await.unwrap();
    assert_eq!(first.evaluation_results.unwrap().len(), 100);
    let next = api::GetComplianceDetailsByConfigRule { next_token: first.next_token, ..asked };
    assert_eq!(cloud.root().call(next).await.unwrap().evaluation_results.unwrap().len(), 20);
}

#[tokio::test]
async fn the_account_is_judged_as_a_whole() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_rule(managed("block", "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC")).await.unwrap();
    cloud.quiet().await;
    let expected = [(testkit::ACCOUNT.to_owned(), Compliance::NonCompliant)];
    assert_eq!(cloud.results("block").await, expected);
    let frequency = cloud.rule("block").await.maximum_execution_frequency;
    assert_eq!(frequency, Some(api::MaximumExecutionFrequency::TwentyFourHours));
}

#[tokio::test]
async fn a_scope_and_parameters_narrow_and_a_change_of_them_is_judged() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[8080]);
    cloud.put_group("sg-2", &[8080]);
    cloud.record_groups().await;
    cloud.quiet().await;
    let one = api::Scope {
        compliance_resource_types: Some(vec![GROUP.into()]),
        compliance_resource_id: Some("sg-1".into()),
        ..api::Scope::default()
    };
    let mut rule = managed("ports", "RESTRICTED_INCOMING_TRAFFIC");
    rule.scope = Some(one.clone());
    cloud.put_rule(rule.clone()).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.results("ports").await, [("sg-1".to_owned(), Compliance::Compliant)]);
    assert_eq!(cloud.rule("ports").await.scope, Some(one));
    rule.scope = None;
    rule.input_parameters = Some(r#"{"blockedPort1":"8080"}"#.into());
    cloud.put_rule(rule.clone()).await.unwrap();
    cloud.quiet().await;
    let bad = |id: &str| (id.to_owned(), Compliance::NonCompliant);
    assert_eq!(cloud.results("ports").await, [bad("sg-1"), bad("sg-2")]);
    // What the rule does not judge any more has no result any more.
    rule.scope = Some(api::Scope {
        compliance_resource_types: Some(vec![GROUP.into()]),
        compliance_resource_id: Some("sg-2".into()),
        ..api::Scope::default()
    });
    cloud.test.advance(Duration::from_secs(1)).await;
    cloud.put_rule(rule).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.results("ports").await, [bad("sg-2")]);
}

#[tokio::test]
async fn a_deleted_rule_takes_its_results_along() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[22]);
    cloud.record_groups().await;
    cloud.put_rule(managed("restricted-ssh", "INCOMING_SSH_DISABLED")).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.results("restricted-ssh").await.len(), 1);
    cloud.root().call(api::DeleteConfigRule { config_rule_name: "restricted-ssh".into() }).await.unwrap();
    cloud.quiet().await;
    assert!(
        cloud
            .root()
            .call(api::DescribeConfigRules::default())
            .await
            .unwrap()
            .config_rules
            .unwrap()
            .is_empty()
    );
    let asked = api::GetComplianceDetailsByResource {
        resource_type: Some(GROUP.into()),
        resource_id: Some("sg-1".into()),
        ..api::GetComplianceDetailsByResource::default()
    };
    assert!(cloud.root().call(asked).await.unwrap().evaluation_results.unwrap().is_empty());
    cloud.put_group("sg-1", &[23]);
    cloud.test.advance(HOUR * 25).await;
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 0);
}

#[tokio::test]
async fn bad_managed_rules_are_refused() {
    let cloud = Cloud::new();
    cloud.record_groups().await;
    let with = |identifier: &str, change: &dyn Fn(&mut api::ConfigRule)| {
        let mut rule = managed("rule", identifier);
        change(&mut rule);
        rule
    };
    let parameters = |identifier: &str, json: &'static str| {
        with(identifier, &|rule| rule.input_parameters = Some(json.into()))
    };
    for (rule, sentence) in [
        (
            managed("rule", "NONSENSE"),
            "InvalidParameterValueException: The sourceIdentifier NONSENSE is invalid. Please refer to the documentation for a list of valid sourceIdentifiers that can be used when AWS is the Owner.",
        ),
        (
            managed("rule", "RDS_STORAGE_ENCRYPTED"),
            "NotImplemented: The AWS managed rule RDS_STORAGE_ENCRYPTED is not built in Cloudchamber; docs/coverage.md lists those that are.",
        ),
        (
            managed("rule", "REQUIRED_TAGS"),
            "InvalidParameterValueException: The required parameter [tag1Key] is not present in the inputParameters",
        ),
        (
            parameters("INCOMING_SSH_DISABLED", r#"{"port":"22"}"#),
            r#"InvalidParameterValueException: Unknown parameters provided in the inputParameters: {"port":"22"}"#,
        ),
        (
            parameters("RESTRICTED_INCOMING_TRAFFIC", r#"{"blockedPort1":22}"#),
            "InvalidParameterValueException: Blank spaces are not acceptable for input parameter: blockedPort1.",
        ),
        (
            with("S3_BUCKET_LOGGING_ENABLED", &|rule| {
                rule.maximum_execution_frequency = Some(api::MaximumExecutionFrequency::OneHour);
            }),
            "InvalidParameterValueException: A maximum execution frequency for this rule is not allowed because only a change in resources triggers this managed rule.",
        ),
        (
            with("INCOMING_SSH_DISABLED", &|rule| {
                rule.source.source_details =
                    Some(details(&[api::MessageType::ConfigurationItemChangeNotification]));
            }),
            "InvalidParameterValueException: SourceDetails should be null/empty if the owner is AWS. SourceDetails should be provided if the owner is CUSTOM_LAMBDA",
        ),
        (
            with("VPC_SG_PORT_RESTRICTION_CHECK", &|rule| {
                rule.scope = Some(api::Scope {
                    compliance_resource_types: Some(vec![GROUP.into()]),
                    ..api::Scope::default()
                });
            }),
            "InvalidParameterValueException: Scope is not supported for rules that are only triggered periodically.",
        ),
    ] {
        assert_eq!(cloud.put_rule(rule).await.unwrap_err().to_string(), sentence);
    }
    assert!(
        cloud
            .root()
            .call(api::DescribeConfigRules::default())
            .await
            .unwrap()
            .config_rules
            .unwrap()
            .is_empty()
    );
}
