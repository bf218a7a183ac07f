use crate::cloud::{Cloud, FUNCTION, GROUP, answered, details, group_rule};
use api_config as api;
use std::time::Duration;

async fn refused(cloud: &Cloud, rule: api::ConfigRule) -> String {
    cloud.put_rule(rule).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_function_that_may_not_be_invoked_is_refused_as_aws_does() {
    let cloud = Cloud::new();
    cloud.record_groups().await;
    *cloud.peers.may_invoke.lock() = false;
    assert_eq!(
        refused(&cloud, group_rule("groups")).await,
        format!(
            "InsufficientPermissionsException: The AWS Lambda function {FUNCTION} cannot be invoked. Check the specified function ARN, and check the function's permissions."
        )
    );
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
    *cloud.peers.may_invoke.lock() = true;
    cloud.put_rule(group_rule("groups")).await.unwrap();
}

#[tokio::test]
async fn a_change_triggered_rule_needs_a_recorder() {
    let cloud = Cloud::new();
    assert_eq!(
        refused(&cloud, group_rule("groups")).await,
        "NoAvailableConfigurationRecorderException: You must create a configuration recorder before you can create or update a Config rule."
    );
    let mut periodic = group_rule("periodic");
    periodic.scope = None;
    periodic.source.source_details = Some(details(&[api::MessageType::ScheduledNotification]));
    cloud.put_rule(periodic).await.unwrap();
}

#[tokio::test]
async fn what_is_not_built_says_so() {
    let cloud = Cloud::new();
    cloud.record_groups().await;
    let owned = |owner, identifier: Option<&str>| {
        let mut rule = group_rule("other");
        rule.source =
            api::Source { owner, source_identifier: identifier.map(str::to_owned), ..api::Source::default() };
        rule
    };
    assert!(refused(&cloud, owned(api::Owner::CustomPolicy, None)).await.starts_with("NotImplemented: "));
    let mut proactive = group_rule("other");
    proactive.evaluation_modes =
        Some(vec![api::EvaluationModeConfiguration { mode: Some(api::EvaluationMode::Proactive) }]);
    assert!(refused(&cloud, proactive).await.starts_with("NotImplemented: "));
}

#[tokio::test]
async fn bad_rules_are_refused() {
    let cloud = Cloud::new();
    cloud.record_groups().await;
    let with = |change: &dyn Fn(&mut api::ConfigRule)| {
        let mut rule = group_rule("groups");
        change(&mut rule);
        rule
    };
    let scope = |change: &dyn Fn(&mut api::Scope)| {
        let mut scope = api::Scope::default();
        change(&mut scope);
        with(&|rule| rule.scope = Some(scope.clone()))
    };
    for (rule, sentence) in [
        (
            with(&|rule| rule.config_rule_name = None),
            "One or more identifiers needs to be provided. Provide Name or Id or Arn",
        ),
        (
            with(&|rule| rule.config_rule_state = Some(api::ConfigRuleState::Deleting)),
            "The ConfigRuleState DELETING is invalid.  Only the following values are permitted: ACTIVE",
        ),
        (
            with(&|rule| rule.created_by = Some("me".into())),
            "AWS Config populates the CreatedBy field for ServiceLinkedConfigRule. Try again without populating the CreatedBy field",
        ),
        (
            with(&|rule| rule.input_parameters = Some("[]".into())),
            "Invalid json [] passed in the InputParameters field",
        ),
        (
            with(&|rule| rule.source.source_identifier = Some("judge".into())),
            "The sourceIdentifier judge is invalid. When CUSTOM_LAMBDA is the Owner, it is the Amazon Resource Name (ARN) of the function.",
        ),
        (
            with(&|rule| rule.source.source_details = None),
            "SourceDetails cannot be null or empty if the owner is CUSTOM_LAMBDA",
        ),
        (
            with(&|rule| rule.maximum_execution_frequency = Some(api::MaximumExecutionFrequency::OneHour)),
            "A maximum execution frequency is not allowed if MessageType is ConfigurationItemChangeNotification or OversizedConfigurationItemChangeNotification",
        ),
        (
            scope(&|scope| scope.tag_value = Some("x".into())),
            "Tag key should not be empty when tag value is provided in scope",
        ),
        (
            scope(&|scope| {
                scope.tag_key = Some("x".into());
                scope.compliance_resource_types = Some(vec![GROUP.into()]);
            }),
            "Scope cannot be applied to both resource and tag",
        ),
        (
            scope(&|scope| scope.compliance_resource_id = Some("sg-1".into())),
            "ComplianceResourceType cannot be empty when ComplianceResourceId is specified",
        ),
        (
            scope(&|scope| scope.compliance_resource_types = Some(vec!["AWS::EC2::Nonsense".into()])),
            "The resource type AWS::EC2::Nonsense in ComplianceResourceTypes is not supported by AWS Config.",
        ),
    ] {
        assert_eq!(refused(&cloud, rule).await, format!("InvalidParameterValueException: {sentence}"));
    }
    let by_id = with(&|rule| {
        rule.config_rule_name = None;
        rule.config_rule_id = Some("config-rule-nobody".into());
    });
    assert!(refused(&cloud, by_id).await.starts_with("NoSuchConfigRuleException: "));
    assert!(cloud.put_rule(with(&|rule| rule.input_parameters = Some("x".repeat(1025)))).await.is_err());
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

#[tokio::test]
async fn a_rule_is_put_changed_described_and_deleted() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
    let rule = cloud.rule("groups").await;
    assert!(rule.config_rule_id.as_deref().unwrap().starts_with("config-rule-"));
    assert_eq!(rule.config_rule_id.as_ref().unwrap().len(), "config-rule-".len() + 6);
    assert_eq!(rule.evaluation_modes.as_ref().unwrap()[0].mode, Some(api::EvaluationMode::Detective));
    // By its ARN, with new parameters: what exists is judged again.
    let changed = api::ConfigRule {
        config_rule_name: None,
        config_rule_id: None,
        input_parameters: Some("{}".into()),
        config_rule_state: None,
        ..rule.clone()
    };
    cloud.put_rule(changed).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 2);
    let again = cloud.rule("groups").await;
    assert_eq!((again.config_rule_id, again.input_parameters.as_deref()), (rule.config_rule_id, Some("{}")));

    let delete = || api::DeleteConfigRule { config_rule_name: "groups".into() };
    cloud.root().call(delete()).await.unwrap();
    assert_eq!(cloud.root().call(delete()).await.unwrap_err().code, "ResourceInUseException");
    assert_eq!(refused(&cloud, group_rule("groups")).await.split(':').next(), Some("ResourceInUseException"));
    cloud.quiet().await;
    assert_eq!(
        cloud.root().call(delete()).await.unwrap_err().to_string(),
        "NoSuchConfigRuleException: The ConfigRule 'groups' provided in the request is invalid. Please check the configRule name"
    );
    cloud.put_group("sg-1", &[81]);
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 2);
}

#[tokio::test]
async fn an_evaluation_can_be_asked_for_once_a_minute() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.put_group("sg-2", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 2);
    let start = |name: &str| api::StartConfigRulesEvaluation { config_rule_names: Some(vec![name.into()]) };
    cloud.root().call(start("groups")).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 4);
    assert_eq!(cloud.root().call(start("groups")).await.unwrap_err().code, "LimitExceededException");
    assert_eq!(cloud.root().call(start("nobody")).await.unwrap_err().code, "NoSuchConfigRuleException");
    let none = api::StartConfigRulesEvaluation { config_rule_names: None };
    assert_eq!(cloud.root().call(none).await.unwrap_err().code, "InvalidParameterValueException");
    cloud.test.advance(Duration::from_secs(61)).await;
    cloud.root().call(start("groups")).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 6);
    let told =
        cloud.peers.messages.lock().iter().filter(|message| message.0.contains("Evaluation Started")).count();
    assert_eq!(told, 2);
}

#[tokio::test]
async fn a_rule_without_scope_judges_all_and_one_with_an_id_judges_one() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    for number in 0..60 {
        cloud.put_group(&format!("sg-{number:02}"), &[80]);
    }
    cloud.record_groups().await;
    cloud.quiet().await;
    let one = api::Scope {
        compliance_resource_types: Some(vec![GROUP.into()]),
        compliance_resource_id: Some("sg-07".into()),
        ..api::Scope::default()
    };
    cloud.put_rule(api::ConfigRule { scope: Some(one), ..group_rule("one") }).await.unwrap();
    cloud.quiet().await;
    assert_eq!(cloud.peers.event_count(), 1);
    cloud.put_rule(api::ConfigRule { scope: None, ..group_rule("all") }).await.unwrap();
    cloud.quiet().await;
    // The groups and the recorder itself.
    assert_eq!(cloud.peers.event_count(), 1 + 61);
    assert_eq!(cloud.rule("all").await.config_rule_state, Some(api::ConfigRuleState::Active));
}

#[tokio::test]
async fn rules_have_tags_pages_and_limits() {
    let cloud = Cloud::new();
    cloud.record_groups().await;
    cloud.peers.function(|_, _| async { answered() });
    for number in 0..30 {
        cloud.put_rule(group_rule(&format!("rule-{number:02}"))).await.unwrap();
    }
    let first = cloud.root().call(api::DescribeConfigRules::default()).await.unwrap();
    assert_eq!(first.config_rules.as_ref().unwrap().len(), 25);
    let next =
        api::DescribeConfigRules { next_token: first.next_token, ..api::DescribeConfigRules::default() };
    let second = cloud.root().call(next).await.unwrap();
    assert_eq!((second.config_rules.unwrap().len(), second.next_token), (5, None));

    let arn = cloud.rule("rule-00").await.config_rule_arn.unwrap();
    let tag = |key: &str| api::Tag { key: Some(key.into()), value: Some("v".into()) };
    let put = |tags| api::TagResource { resource_arn: arn.clone(), tags };
    cloud.root().call(put((0..50).map(|number| tag(&format!("k{number}"))).collect())).await.unwrap();
    assert_eq!(cloud.root().call(put(vec![tag("one-more")])).await.unwrap_err().code, "TooManyTagsException");
    assert_eq!(cloud.root().call(put(vec![tag("aws:x")])).await.unwrap_err().code, "ValidationException");
    let untag = api::UntagResource { resource_arn: arn.clone(), tag_keys: vec!["k1".into()] };
    cloud.root().call(untag).await.unwrap();
    let list = api::ListTagsForResource { resource_arn: arn, ..api::ListTagsForResource::default() };
    assert_eq!(cloud.root().call(list).await.unwrap().tags.unwrap().len(), 49);
    let nobody = api::ListTagsForResource {
        resource_arn: "arn:aws:config:us-east-1:111122223333:config-rule/config-rule-nobody".into(),
        ..api::ListTagsForResource::default()
    };
    assert_eq!(cloud.root().call(nobody).await.unwrap_err().code, "ResourceNotFoundException");
}
