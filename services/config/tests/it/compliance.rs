use crate::cloud::{Cloud, GROUP, evaluation, group_rule, including};
use api_config as api;
use api_config::ComplianceType as Compliance;

/// Two rules judge groups: each group's number says how.
async fn judged(groups: usize) -> (Cloud, workflow::Running) {
    let cloud = Cloud::new();
    let work = cloud.test.start_work();
    cloud.put_recorder(including(&[GROUP, "AWS::Config::ResourceCompliance"])).await.unwrap();
    cloud.put_channel(None).await.unwrap();
    cloud.start().await;
    cloud.put_group("sg-0", &[80]);
    cloud.quiet().await;
    cloud.put_rule(group_rule("even")).await.unwrap();
    cloud.put_rule(group_rule("none")).await.unwrap();
    cloud.quiet().await;
    let token = {
        let events = cloud.peers.events.lock();
        let own = events
            .iter()
            .find(|event| event.envelope.get("configRuleName").unwrap().as_str() == Some("even"));
        own.unwrap().token()
    };
    let now = cloud.test.now();
    let compliance = |number: usize| {
        if number.is_multiple_of(2) { Compliance::Compliant } else { Compliance::NonCompliant }
    };
    let evaluations: Vec<_> =
        (0..groups).map(|number| evaluation(&format!("sg-{number}"), compliance(number), now)).collect();
    for chunk in evaluations.chunks(100) {
        cloud.put_evaluations(&token, chunk.to_vec()).await.unwrap();
    }
    cloud.quiet().await;
    (cloud, work)
}

fn count(capped: i32, exceeded: bool) -> Option<api::ComplianceContributorCount> {
    Some(api::ComplianceContributorCount { capped_count: Some(capped), cap_exceeded: Some(exceeded) })
}

#[tokio::test]
async fn compliance_is_told_by_rule_and_resource() {
    let (cloud, _work) = judged(4).await;
    let rules = cloud.root().call(api::DescribeComplianceByConfigRule::default()).await.unwrap();
    let rules = rules.compliance_by_config_rules.unwrap();
    let even = rules[0].compliance.as_ref().unwrap();
    assert_eq!(even.compliance_type, Some(Compliance::NonCompliant));
    assert_eq!(even.compliance_contributor_count, count(2, false));
    assert_eq!(rules[1].compliance.as_ref().unwrap().compliance_type, Some(Compliance::InsufficientData));
    let only = api::DescribeComplianceByConfigRule {
        compliance_types: Some(vec![Compliance::InsufficientData]),
        ..api::DescribeComplianceByConfigRule::default()
    };
    let only = cloud.root().call(only).await.unwrap().compliance_by_config_rules.unwrap();
    assert_eq!(only[0].config_rule_name.as_deref(), Some("none"));

    let asked = |limit, token| api::DescribeComplianceByResource {
        resource_type: Some(GROUP.into()),
        limit: Some(limit),
        next_token: token,
        ..api::DescribeComplianceByResource::default()
    };
    let first = cloud.root().call(asked(3, None)).await.unwrap();
    assert_eq!(first.compliance_by_resources.unwrap().len(), 3);
    let second = cloud.root().call(asked(3, first.next_token)).await.unwrap();
    assert_eq!(second.compliance_by_resources.unwrap()[0].resource_id.as_deref(), Some("sg-3"));
    assert_eq!(second.next_token, None);
    let id_only = api::DescribeComplianceByResource {
        resource_id: Some("sg-1".into()),
        ..api::DescribeComplianceByResource::default()
    };
    assert_eq!(cloud.root().call(id_only).await.unwrap_err().code, "InvalidParameterValueException");

    let details = api::GetComplianceDetailsByResource {
        resource_type: Some(GROUP.into()),
        resource_id: Some("sg-1".into()),
        ..api::GetComplianceDetailsByResource::default()
    };
    let details = cloud.root().call(details).await.unwrap().evaluation_results.unwrap();
    assert_eq!(details.len(), 1);
    assert_eq!(details[0].compliance_type, Some(Compliance::NonCompliant));
    assert_eq!(details[0].annotation.as_deref(), Some("Permissions were modified"));
}

#[tokio::test]
async fn summaries_stop_counting_at_their_caps() {
    let (cloud, _work) = judged(210).await;
    let by_rule = cloud
        .root()
        .call(api::GetComplianceSummaryByConfigRule {})
        .await
        .unwrap()
        .compliance_summary
        .unwrap();
    assert_eq!(by_rule.compliant_resource_count, count(0, false));
    assert_eq!(by_rule.non_compliant_resource_count, count(1, false));
    for types in [None, Some(vec![GROUP.to_owned()])] {
        let asked = api::GetComplianceSummaryByResourceType { resource_types: types };
        let summaries =
            cloud.root().call(asked).await.unwrap().compliance_summaries_by_resource_type.unwrap();
        let summary = summaries[0].compliance_summary.as_ref().unwrap();
        assert_eq!(summary.compliant_resource_count, count(100, true));
        assert_eq!(summary.non_compliant_resource_count, count(100, true));
    }
    let rules = cloud.root().call(api::DescribeComplianceByConfigRule::default()).await.unwrap();
    let even = rules.compliance_by_config_rules.unwrap()[0].compliance.clone().unwrap();
    assert_eq!(even.compliance_contributor_count, count(25, true));
}

#[tokio::test]
async fn compliance_is_a_resource_with_a_history() {
    let (cloud, _work) = judged(2).await;
    let id = format!("{GROUP}/sg-1");
    let items = cloud.history("AWS::Config::ResourceCompliance", &id).await;
    assert_eq!(items.len(), 1);
    let configuration = wire::Document::parse(items[0].configuration.as_deref().unwrap()).unwrap();
    assert_eq!(configuration.get("complianceType").unwrap().as_str(), Some("NON_COMPLIANT"));
    assert_eq!(configuration.get("targetResourceId").unwrap().as_str(), Some("sg-1"));
    let rule = &configuration.get("configRuleList").unwrap().as_array().unwrap()[0];
    assert_eq!(rule.get("configRuleName").unwrap().as_str(), Some("even"));
    let relationship = &items[0].relationships.as_ref().unwrap()[0];
    assert_eq!(relationship.relationship_name.as_deref(), Some("Is associated with "));

    // Deleting the results deletes it.
    let delete = api::DeleteEvaluationResults { config_rule_name: "even".into() };
    cloud.root().call(delete).await.unwrap();
    assert_eq!(cloud.rule("even").await.config_rule_state, Some(api::ConfigRuleState::DeletingResults));
    cloud.quiet().await;
    assert_eq!(cloud.rule("even").await.config_rule_state, Some(api::ConfigRuleState::Active));
    assert!(cloud.results("even").await.is_empty());
    let items = cloud.history("AWS::Config::ResourceCompliance", &id).await;
    assert_eq!(
        items.last().unwrap().configuration_item_status,
        Some(api::ConfigurationItemStatus::ResourceDeleted)
    );
}

#[tokio::test]
async fn external_evaluations_are_kept_for_a_rule() {
    let (cloud, _work) = judged(1).await;
    let put = |rule: &str, compliance| api::PutExternalEvaluation {
        config_rule_name: rule.into(),
        external_evaluation: api::ExternalEvaluation {
            compliance_resource_type: GROUP.into(),
            compliance_resource_id: "sg-0".into(),
            compliance_type: compliance,
            annotation: None,
            ordering_timestamp: cloud.test.now(),
        },
    };
    cloud.root().call(put("none", Compliance::NonCompliant)).await.unwrap();
    assert_eq!(cloud.results("none").await, [("sg-0".to_owned(), Compliance::NonCompliant)]);
    let error = cloud.root().call(put("nobody", Compliance::Compliant)).await.unwrap_err();
    assert_eq!(error.code, "NoSuchConfigRuleException");
    let error = cloud.root().call(put("none", Compliance::InsufficientData)).await.unwrap_err();
    assert_eq!(error.code, "InvalidParameterValueException");
}

#[tokio::test]
async fn denials_come_before_anything_is_looked_up() {
    let (cloud, _work) = judged(1).await;
    let rule = cloud.rule("even").await.config_rule_arn.unwrap();
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"config:DescribeConfigRules","Resource":"{rule}"}}}}"#
    );
    let user = cloud.test.user("ann", &[&policy]);
    let describe = |name: &str| api::DescribeConfigRules {
        config_rule_names: Some(vec![name.into()]),
        ..api::DescribeConfigRules::default()
    };
    assert!(user.call(describe("even")).await.is_ok());
    for name in ["none", "nobody"] {
        let denied = user.call(describe(name)).await.unwrap_err();
        assert!(denied.code.starts_with("AccessDenied"), "{denied}");
    }
    assert!(user.call(api::DescribeConfigRules::default()).await.is_err());
    let put = api::PutEvaluations { result_token: "x".into(), ..api::PutEvaluations::default() };
    assert!(user.call(put).await.unwrap_err().code.starts_with("AccessDenied"));
}
