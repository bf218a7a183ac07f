use crate::cloud::{Cloud, text};
use crate::peers::{DEAD, FUNCTION, QUEUE};
use api_events::{DescribeEventBus, DescribeRule, ListTagsForResource, ListTargetsByRule, RuleState};
use contract::{Chain, HandlerContext, Principal, Properties, ResourceHandler};
use std::sync::Arc;
use wire::{Document, document};

fn handler(resource_type: &str) -> Arc<dyn ResourceHandler> {
    let handlers = events::registration().handlers;
    handlers.into_iter().find(|handler| handler.resource_type() == resource_type).unwrap()
}

fn context(cloud: &Cloud, logical_id: &str) -> HandlerContext {
    let root = Principal::Root("111122223333".parse().unwrap());
    let stack_id = "arn:aws:cloudformation:us-east-1:111122223333:stack/lab/1";
    let tags: names::Tags =
        [("aws:cloudformation:stack-id", stack_id), ("aws:cloudformation:logical-id", logical_id)]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
    HandlerContext {
        caller: cloud.cloud.context().caller(
            root,
            cloud.cloud.scope(),
            Chain::default().through("cloudformation.amazonaws.com"),
        ),
        context: cloud.cloud.context().clone(),
        stack_name: "lab".into(),
        stack_id: stack_id.into(),
        logical_id: logical_id.into(),
        stack_tags: tags.clone(),
        previous_stack_tags: tags,
        token: "ABCDEF123456".into(),
    }
}

fn properties(document: Document) -> Properties {
    Properties::new(document)
}

async fn targets(cloud: &Cloud, rule: &str) -> Vec<String> {
    let list = ListTargetsByRule { rule: rule.into(), ..Default::default() };
    let found = cloud.root.call(list).await.unwrap().targets.unwrap();
    found.into_iter().map(|target| target.id).collect()
}

#[tokio::test]
async fn a_rule_is_made_changed_and_deleted() {
    let cloud = Cloud::start().await;
    let rules = handler("AWS::Events::Rule");
    let wanted = properties(document!({
        "Description": "acts",
        "EventPattern": { "source": ["my.app"], "detail": { "n": [5] } },
        "State": "ENABLED",
        "Tags": [{ "Key": "a", "Value": "1" }],
        "Targets": [
            { "Id": "one", "Arn": FUNCTION },
            { "Id": "two", "Arn": QUEUE, "InputTransformer": { "InputPathsMap": { "n": "$.detail.n" }, "InputTemplate": "\"<n>\"" },
              "RetryPolicy": { "MaximumRetryAttempts": "4" }, "DeadLetterConfig": { "Arn": DEAD } }
        ],
    }));
    let made = rules.create(&wanted, &context(&cloud, "Rule")).await.unwrap();
    assert_eq!(made.physical_id, "lab-Rule-ABCDEF123456");
    let arn = "arn:aws:events:us-east-1:111122223333:rule/lab-Rule-ABCDEF123456";
    assert_eq!(made.attributes["Arn"].as_str(), Some(arn));
    let again = rules.create(&wanted, &context(&cloud, "Rule")).await.unwrap();
    assert_eq!(again.physical_id, made.physical_id, "the same step again finds what it made");
    assert_eq!(targets(&cloud, &made.physical_id).await, ["one", "two"]);
    cloud.send(r#"{"n":5}"#).await;
    let bodies: Vec<String> = cloud.arrived().await.into_iter().map(|arrived| arrived.body).collect();
    assert!(bodies.contains(&"\"5\"".to_owned()), "{bodies:?}");

    let changed = properties(document!({
        "ScheduleExpression": "rate(5 minutes)",
        "State": "DISABLED",
        "Tags": [{ "Key": "b", "Value": "2" }],
        "Targets": [{ "Id": "one", "Arn": QUEUE }],
    }));
    rules.update(&made.physical_id, &wanted, &changed, &context(&cloud, "Rule")).await.unwrap();
    let describe = DescribeRule { name: made.physical_id.clone(), event_bus_name: None };
    let found = cloud.root.call(describe.clone()).await.unwrap();
    assert_eq!((found.state, found.event_pattern), (Some(RuleState::Disabled), None));
    assert_eq!(targets(&cloud, &made.physical_id).await, ["one"]);
    let tags = cloud.root.call(ListTagsForResource { resource_arn: arn.into() }).await.unwrap().tags.unwrap();
    let keys: Vec<&str> = tags.iter().map(|tag| tag.key.as_str()).collect();
    assert_eq!(keys, ["aws:cloudformation:logical-id", "aws:cloudformation:stack-id", "b"]);
    for _ in 0..2 {
        rules.delete(&made.physical_id, &changed, &context(&cloud, "Rule")).await.unwrap();
    }
    assert!(cloud.root.call(describe).await.is_err());
}

#[tokio::test]
async fn a_rule_of_another_s_is_not_taken_over_and_strangers_are_refused() {
    let cloud = Cloud::start().await;
    cloud.rule(r#"{"source":["x"]}"#).await;
    let rules = handler("AWS::Events::Rule");
    let named = properties(document!({ "Name": "rule", "EventPattern": { "source": ["y"] } }));
    let refused = rules.create(&named, &context(&cloud, "Rule")).await.unwrap_err();
    assert_eq!(refused.code, "AlreadyExists");
    let strange = properties(document!({
        "EventPattern": { "source": ["y"] },
        "Targets": [{ "Id": "a", "Arn": FUNCTION, "EcsParameters": { "TaskDefinitionArn": "x" } }],
    }));
    let refused = rules.create(&strange, &context(&cloud, "Other")).await.unwrap_err();
    assert_eq!(refused.reason, "#/Targets/0: extraneous key [EcsParameters] is not permitted");
    let nowhere = properties(document!({
        "EventPattern": { "source": ["y"] },
        "Targets": [{ "Id": "a", "Arn": "arn:aws:kinesis:us-east-1:111122223333:stream/s" }],
    }));
    let refused = rules.create(&nowhere, &context(&cloud, "Third")).await.unwrap_err();
    assert_eq!(refused.physical_id.as_deref(), Some("lab-Third-ABCDEF123456"), "so that it is deleted");
}

#[tokio::test]
async fn a_bus_with_a_policy_and_a_rule_on_it() {
    let cloud = Cloud::start().await;
    let (buses, policies, rules) = (
        handler("AWS::Events::EventBus"),
        handler("AWS::Events::EventBusPolicy"),
        handler("AWS::Events::Rule"),
    );
    let wanted = properties(document!({ "Name": "orders", "Description": "first" }));
    for _ in 0..2 {
        let made = buses.create(&wanted, &context(&cloud, "Bus")).await.unwrap();
        assert_eq!(made.physical_id, "orders");
        assert_eq!(
            made.attributes["Arn"].as_str(),
            Some("arn:aws:events:us-east-1:111122223333:event-bus/orders")
        );
    }
    let refused = buses.create(&wanted, &context(&cloud, "Another")).await.unwrap_err();
    assert_eq!(refused.code, "AlreadyExists");
    let statement = properties(document!({
        "EventBusName": "orders", "StatementId": "other",
        "Statement": { "Effect": "Allow", "Principal": { "AWS": "444455556666" }, "Action": "events:PutEvents",
                       "Resource": "arn:aws:events:us-east-1:111122223333:event-bus/orders" },
    }));
    let id = policies.create(&statement, &context(&cloud, "Policy")).await.unwrap().physical_id;
    assert_eq!(id, "orders|other");
    let by_account = properties(document!({
        "EventBusName": "orders", "StatementId": "account", "Action": "events:PutEvents", "Principal": "777788889999",
    }));
    let second = policies.create(&by_account, &context(&cloud, "Second")).await.unwrap().physical_id;
    let policy = async || {
        let found = cloud.root.call(DescribeEventBus { name: Some("orders".into()) }).await.unwrap();
        found.policy.map(|policy| {
            let policy = crate::cloud::json(&policy);
            let statements = policy.get("Statement").unwrap().as_array().unwrap().iter();
            statements.map(|statement| text(statement, "Sid").to_owned()).collect::<Vec<_>>()
        })
    };
    assert_eq!(policy().await.unwrap(), ["other", "account"]);
    let on_bus = properties(document!({ "EventBusName": "orders", "EventPattern": { "source": ["x"] } }));
    let rule = rules.create(&on_bus, &context(&cloud, "Rule")).await.unwrap();
    assert_eq!(rule.physical_id, "orders|lab-Rule-ABCDEF123456");
    assert_eq!(
        rule.attributes["Arn"].as_str(),
        Some("arn:aws:events:us-east-1:111122223333:rule/orders/lab-Rule-ABCDEF123456")
    );
    let changed = properties(document!({ "Name": "orders" }));
    buses.update("orders", &wanted, &changed, &context(&cloud, "Bus")).await.unwrap();
    let found = cloud.root.call(DescribeEventBus { name: Some("orders".into()) }).await.unwrap();
    assert_eq!(found.description, None);
    rules.delete(&rule.physical_id, &on_bus, &context(&cloud, "Rule")).await.unwrap();
    policies.delete(&second, &by_account, &context(&cloud, "Second")).await.unwrap();
    policies.delete(&id, &statement, &context(&cloud, "Policy")).await.unwrap();
    assert_eq!(policy().await, None);
    for _ in 0..2 {
        buses.delete("orders", &changed, &context(&cloud, "Bus")).await.unwrap();
    }
}
