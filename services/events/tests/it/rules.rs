use crate::cloud::{Cloud, RULE, sentence, to};
use crate::peers::QUEUE;
use api_events::{
    DeleteRule, DescribeRule, DisableRule, EnableRule, ListRules, ListTagsForResource, PutRule,
    RemoveTargets, RuleState, Tag, TagResource, UntagResource,
};

fn put(name: &str) -> PutRule {
    PutRule {
        name: name.into(),
        event_pattern: Some(r#"{"source":["my.app"]}"#.into()),
        ..Default::default()
    }
}

async fn describe(cloud: &Cloud, name: &str) -> api_events::DescribeRuleOutput {
    cloud.root.call(DescribeRule { name: name.into(), event_bus_name: None }).await.unwrap()
}

#[tokio::test]
async fn a_rule_is_made_replaced_and_deleted() {
    let cloud = Cloud::start().await;
    let tag = |key: &str| Tag { key: key.into(), value: "1".into() };
    let first = PutRule {
        description: Some("first".into()),
        role_arn: Some("arn:aws:iam::111122223333:role/r".into()),
        tags: Some(vec![tag("a")]),
        ..put("rule")
    };
    assert_eq!(cloud.root.call(first).await.unwrap().rule_arn.as_deref(), Some(RULE));
    cloud.target(to(QUEUE)).await.unwrap();
    let found = describe(&cloud, "rule").await;
    assert_eq!((found.arn.as_deref(), found.state), (Some(RULE), Some(RuleState::Enabled)));
    assert_eq!(
        (found.description.as_deref(), found.created_by.as_deref()),
        (Some("first"), Some("111122223333"))
    );
    assert_eq!(found.event_bus_name.as_deref(), Some("default"));
    let second = PutRule { state: Some(RuleState::Disabled), tags: Some(vec![tag("b")]), ..put("rule") };
    cloud.root.call(second).await.unwrap();
    let found = describe(&cloud, "rule").await;
    assert_eq!((found.state, found.description, found.role_arn), (Some(RuleState::Disabled), None, None));
    let tags =
        cloud.root.call(ListTagsForResource { resource_arn: RULE.into() }).await.unwrap().tags.unwrap();
    assert_eq!(tags.iter().map(|tag| tag.key.as_str()).collect::<Vec<_>>(), ["a"], "tags stay");
    let delete = || cloud.root.call(DeleteRule { name: "rule".into(), event_bus_name: None, force: None });
    assert_eq!(
        sentence(delete().await, "ValidationException"),
        "Rule can't be deleted since it has targets."
    );
    let remove =
        RemoveTargets { rule: "rule".into(), event_bus_name: None, ids: vec!["t".into()], force: None };
    cloud.root.call(remove).await.unwrap();
    delete().await.unwrap();
    delete().await.unwrap();
    let gone = cloud.root.call(DescribeRule { name: "rule".into(), event_bus_name: None }).await;
    assert_eq!(sentence(gone, "ResourceNotFoundException"), "Rule rule does not exist on EventBus default.");
}

#[tokio::test]
async fn wrong_rules_are_refused_in_aws_s_words() {
    let cloud = Cloud::start().await;
    let schedule = |expression: &str| PutRule {
        event_pattern: None,
        schedule_expression: Some(expression.into()),
        ..put("rule")
    };
    for (wrong, code, expected) in [
        (
            PutRule { event_pattern: None, ..put("rule") },
            "ValidationException",
            "Parameter(s) EventPattern or ScheduleExpression must be specified.",
        ),
        (schedule("rate(1 minutes)"), "ValidationException", "Parameter ScheduleExpression is not valid."),
        (schedule("cron(0 12 * * * *)"), "ValidationException", "Parameter ScheduleExpression is not valid."),
        (
            PutRule { event_bus_name: Some("orders".into()), ..schedule("rate(5 minutes)") },
            "ValidationException",
            "ScheduleExpression is supported only on the default event bus.",
        ),
        (
            PutRule { event_pattern: Some(r#"{"source":[]}"#.into()), ..put("rule") },
            "InvalidEventPatternException",
            "Event pattern is not valid. Reason: Empty arrays are not allowed",
        ),
        (
            PutRule { event_bus_name: Some("gone".into()), ..put("rule") },
            "ResourceNotFoundException",
            "Event bus gone does not exist.",
        ),
        (
            PutRule { role_arn: Some("role".into()), ..put("rule") },
            "ValidationException",
            "Parameter RoleArn is not valid. Reason: Provided Arn is not in correct format.",
        ),
    ] {
        cloud.root.call(api_events::DeleteEventBus { name: "orders".into() }).await.unwrap();
        assert_eq!(sentence(cloud.root.call(wrong).await, code), expected);
    }
    assert_eq!(cloud.root.call(ListRules::default()).await.unwrap().rules.unwrap(), []);
    let nowhere = EnableRule { name: "rule".into(), event_bus_name: None };
    sentence(cloud.root.call(nowhere).await, "ResourceNotFoundException");
    let nowhere = DisableRule { name: "rule".into(), event_bus_name: None };
    sentence(cloud.root.call(nowhere).await, "ResourceNotFoundException");
}

#[tokio::test]
async fn rules_are_listed_by_page_and_prefix_on_their_bus() {
    let cloud = Cloud::start().await;
    cloud.bus("orders").await;
    for name in ["b", "a", "c", "abc"] {
        cloud.root.call(put(name)).await.unwrap();
    }
    let other = PutRule { event_bus_name: Some("orders".into()), ..put("z") };
    let arn = cloud.root.call(other).await.unwrap().rule_arn;
    assert_eq!(arn.as_deref(), Some("arn:aws:events:us-east-1:111122223333:rule/orders/z"));
    let names = async |list: ListRules| {
        let page = cloud.root.call(list).await.unwrap();
        let names: Vec<String> = page.rules.unwrap().into_iter().map(|rule| rule.name.unwrap()).collect();
        (names.join(" "), page.next_token)
    };
    let (first, token) = names(ListRules { limit: Some(3), ..Default::default() }).await;
    assert_eq!(first, "a abc b");
    let (rest, token) = names(ListRules { next_token: token, ..Default::default() }).await;
    assert_eq!((rest.as_str(), token), ("c", None));
    let (prefixed, _) = names(ListRules { name_prefix: Some("ab".into()), ..Default::default() }).await;
    assert_eq!(prefixed, "abc");
    let (on_bus, _) = names(ListRules { event_bus_name: Some("orders".into()), ..Default::default() }).await;
    assert_eq!(on_bus, "z");
    let wrong = ListRules { next_token: Some("wrong".into()), ..Default::default() };
    sentence(cloud.root.call(wrong).await, "ValidationException");
}

#[tokio::test]
async fn rules_and_buses_have_tags() {
    let cloud = Cloud::start().await;
    cloud.root.call(put("rule")).await.unwrap();
    for arn in [RULE, "arn:aws:events:us-east-1:111122223333:event-bus/default"] {
        let tags = ["a", "b"].map(|key| Tag { key: key.into(), value: "1".into() }).to_vec();
        cloud.root.call(TagResource { resource_arn: arn.into(), tags }).await.unwrap();
        cloud
            .root
            .call(UntagResource { resource_arn: arn.into(), tag_keys: vec!["a".into()] })
            .await
            .unwrap();
        let left = cloud.root.call(ListTagsForResource { resource_arn: arn.into() }).await.unwrap();
        assert_eq!(left.tags.unwrap(), [Tag { key: "b".into(), value: "1".into() }]);
        let many = (0..51).map(|number| Tag { key: number.to_string(), value: String::new() }).collect();
        let over = cloud.root.call(TagResource { resource_arn: arn.into(), tags: many }).await;
        sentence(over, "LimitExceededException");
    }
    for (arn, code) in [
        ("arn:aws:events:us-east-1:111122223333:rule/gone", "ResourceNotFoundException"),
        ("arn:aws:events:us-east-1:111122223333:archive/x", "ValidationException"),
        ("arn:aws:events:eu-west-1:111122223333:rule/rule", "ValidationException"),
        ("x", "ValidationException"),
    ] {
        sentence(cloud.root.call(ListTagsForResource { resource_arn: arn.into() }).await, code);
    }
}
