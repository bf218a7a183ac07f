use crate::cloud::{Cloud, evaluation, group_rule};
use api_config as api;
use api_config::ComplianceType as Compliance;
use std::time::Duration;

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

/// Policies are matched with the ARN that the caller wrote: were a rule found by another spelling, a Deny would be passed by.
#[tokio::test]
async fn a_rule_has_one_arn() {
    let cloud = Cloud::new();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.put_rule(group_rule("one")).await.unwrap();
    let described =
        cloud.root().call(api::DescribeConfigRules::default()).await.unwrap().config_rules.unwrap();
    let arn = described[0].config_rule_arn.clone().unwrap();
    let root = cloud.root();
    let tags = |arn: String| {
        root.call(api::ListTagsForResource { resource_arn: arn, limit: None, next_token: None })
    };
    tags(arn.clone()).await.unwrap();
    let error = tags(arn.replace("arn:aws:", "arn:aws-cn:")).await.unwrap_err();
    assert_eq!(error.code, "ResourceNotFoundException");
}
