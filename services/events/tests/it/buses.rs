use crate::cloud::{Cloud, sentence, text};
use crate::peers::DEAD;
use api_events::{
    Condition, CreateEventBus, DeadLetterConfig, DeleteEventBus, DescribeEventBus, Level, ListEventBuses,
    LogConfig, PutPermission, RemovePermission, Tag, UpdateEventBus,
};
use wire::Document;

#[tokio::test]
async fn every_region_has_its_default_bus() {
    let cloud = Cloud::start().await;
    let bus = cloud.root.call(DescribeEventBus { name: None }).await.unwrap();
    assert_eq!(bus.arn.as_deref(), Some("arn:aws:events:us-east-1:111122223333:event-bus/default"));
    assert_eq!((bus.name.as_deref(), bus.policy), (Some("default"), None));
    assert_eq!(bus.creation_time, Some(testkit::START));
    let elsewhere = cloud.root.in_region("eu-west-1".parse().unwrap());
    let list = elsewhere.call(ListEventBuses::default()).await.unwrap().event_buses.unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].arn.as_deref(), Some("arn:aws:events:eu-west-1:111122223333:event-bus/default"));
    let delete = cloud.root.call(DeleteEventBus { name: "default".into() }).await;
    assert_eq!(sentence(delete, "ValidationException"), "Cannot delete event bus default.");
}

#[tokio::test]
async fn a_bus_is_made_changed_listed_and_deleted() {
    let cloud = Cloud::start().await;
    let create = CreateEventBus {
        name: "orders".into(),
        description: Some("what was ordered".into()),
        dead_letter_config: Some(DeadLetterConfig { arn: Some(DEAD.into()) }),
        log_config: Some(LogConfig { include_detail: None, level: Some(Level::Off) }),
        tags: Some(vec![Tag { key: "team".into(), value: "shop".into() }]),
        ..Default::default()
    };
    let made = cloud.root.call(create.clone()).await.unwrap();
    let arn = "arn:aws:events:us-east-1:111122223333:event-bus/orders";
    assert_eq!(made.event_bus_arn.as_deref(), Some(arn));
    let again = cloud.root.call(create).await;
    assert_eq!(sentence(again, "ResourceAlreadyExistsException"), "Event bus orders already exists.");
    let found = cloud.root.call(DescribeEventBus { name: Some(arn.into()) }).await.unwrap();
    assert_eq!(found.description.as_deref(), Some("what was ordered"));
    assert_eq!(found.dead_letter_config.unwrap().arn.as_deref(), Some(DEAD));
    let update = UpdateEventBus {
        name: Some("orders".into()),
        description: Some("new".into()),
        dead_letter_config: Some(DeadLetterConfig { arn: None }),
        ..Default::default()
    };
    let updated = cloud.root.call(update).await.unwrap();
    assert_eq!((updated.description.as_deref(), updated.dead_letter_config), (Some("new"), None));
    let list = ListEventBuses { name_prefix: Some("ord".into()), ..Default::default() };
    let list = cloud.root.call(list).await.unwrap().event_buses.unwrap();
    assert_eq!((list.len(), list[0].name.as_deref()), (1, Some("orders")));

    cloud.rule_on(Some("orders"), r#"{"source":["x"]}"#).await;
    let delete = || cloud.root.call(DeleteEventBus { name: "orders".into() });
    assert_eq!(
        sentence(delete().await, "ValidationException"),
        "Event bus can't be deleted since it has rules."
    );
    let rule =
        api_events::DeleteRule { name: "rule".into(), event_bus_name: Some("orders".into()), force: None };
    cloud.root.call(rule).await.unwrap();
    delete().await.unwrap();
    delete().await.unwrap();
    let gone = cloud.root.call(DescribeEventBus { name: Some("orders".into()) }).await;
    assert_eq!(sentence(gone, "ResourceNotFoundException"), "Event bus orders does not exist.");
}

#[tokio::test]
async fn what_is_not_built_or_wrong_is_refused() {
    let cloud = Cloud::start().await;
    let named = |name: &str| CreateEventBus { name: name.into(), ..Default::default() };
    for (create, expected) in [
        (named("a/b"), "Event bus name must not contain '/'."),
        (
            CreateEventBus { kms_key_identifier: Some("alias/k".into()), ..named("b") },
            "Parameter KmsKeyIdentifier is not valid. Reason: encryption of event buses by customer managed keys is not built in Cloudchamber.",
        ),
        (
            CreateEventBus {
                log_config: Some(LogConfig { include_detail: None, level: Some(Level::Trace) }),
                ..named("b")
            },
            "Parameter LogConfig is not valid. Reason: logging of event buses is not built in Cloudchamber.",
        ),
        (
            CreateEventBus {
                dead_letter_config: Some(DeadLetterConfig { arn: Some(format!("{DEAD}.fifo")) }),
                ..named("b")
            },
            "Parameter DeadLetterConfig.Arn is not valid. Reason: FIFO queues are not supported.",
        ),
        (
            CreateEventBus { tags: Some(vec![Tag { key: "aws:x".into(), value: "1".into() }]), ..named("b") },
            "aws: prefixed tag key names are not allowed for external use.",
        ),
    ] {
        assert_eq!(sentence(cloud.root.call(create).await, "ValidationException"), expected);
    }
    assert_eq!(cloud.root.call(ListEventBuses::default()).await.unwrap().event_buses.unwrap().len(), 1);
    for number in 0..99 {
        cloud.bus(&format!("bus-{number}")).await;
    }
    let over = cloud.root.call(named("one-more")).await;
    let expected = "The requested resource exceeds the maximum number allowed.";
    assert_eq!(sentence(over, "LimitExceededException"), expected);
}

fn put(sid: &str, principal: &str) -> PutPermission {
    PutPermission {
        action: Some("events:PutEvents".into()),
        principal: Some(principal.into()),
        statement_id: Some(sid.into()),
        ..Default::default()
    }
}

async fn statements(cloud: &Cloud) -> Vec<Document> {
    let policy = cloud.root.call(DescribeEventBus { name: None }).await.unwrap().policy;
    let Some(policy) = policy else { return Vec::new() };
    crate::cloud::json(&policy).get("Statement").unwrap().as_array().unwrap().to_vec()
}

#[tokio::test]
async fn statements_are_put_and_removed() {
    let cloud = Cloud::start().await;
    let remove = |sid: &str| {
        let remove = RemovePermission { statement_id: Some(sid.into()), ..Default::default() };
        cloud.root.call(remove)
    };
    let none = remove("a").await;
    assert_eq!(sentence(none, "ResourceNotFoundException"), "EventBus does not have a policy.");
    cloud.root.call(put("a", "444455556666")).await.unwrap();
    cloud.root.call(put("b", "*")).await.unwrap();
    let in_organization = PutPermission {
        condition: Some(Condition {
            r#type: "StringEquals".into(),
            key: "aws:PrincipalOrgID".into(),
            value: "o-1".into(),
        }),
        ..put("b", "*")
    };
    cloud.root.call(in_organization).await.unwrap();
    let found = statements(&cloud).await;
    assert_eq!(found.len(), 2, "the id's statement is replaced");
    assert_eq!(
        found[0].to_string(),
        r#"{"Sid":"a","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"events:PutEvents","Resource":"arn:aws:events:us-east-1:111122223333:event-bus/default"}"#
    );
    assert_eq!(text(&found[1], "Principal"), "*");
    assert_eq!(
        found[1].get("Condition").unwrap().to_string(),
        r#"{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#
    );
    let gone = remove("c").await;
    assert_eq!(sentence(gone, "ResourceNotFoundException"), "Statement with the provided id does not exist.");
    remove("a").await.unwrap();
    assert_eq!(statements(&cloud).await.len(), 1);
    remove("b").await.unwrap();
    assert!(statements(&cloud).await.is_empty());
    cloud.root.call(put("a", "444455556666")).await.unwrap();
    let all = RemovePermission { remove_all_permissions: Some(true), ..Default::default() };
    cloud.root.call(all).await.unwrap();
    assert!(statements(&cloud).await.is_empty());
}

#[tokio::test]
async fn policies_that_are_none_are_refused() {
    let cloud = Cloud::start().await;
    let whole = |policy: &str| PutPermission { policy: Some(policy.into()), ..Default::default() };
    for wrong in [
        whole("x"),
        whole("{}"),
        whole(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Principal":"*","Action":"events:*","Resource":"*"}]}"#,
        ),
        PutPermission { principal: Some("*".into()), ..whole("{}") },
        PutPermission { action: Some("events:PutRule".into()), ..put("a", "*") },
        PutPermission { principal: None, ..put("a", "*") },
        PutPermission { statement_id: None, ..put("a", "*") },
    ] {
        sentence(cloud.root.call(wrong).await, "ValidationException");
    }
    let long = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"{}","Effect":"Allow","Principal":"*","Action":"events:*","Resource":"*"}}]}}"#,
        "x".repeat(11_000)
    );
    sentence(cloud.root.call(whole(&long)).await, "PolicyLengthExceededException");
    assert!(statements(&cloud).await.is_empty());
    let elsewhere = PutPermission { event_bus_name: Some("gone".into()), ..put("a", "*") };
    sentence(cloud.root.call(elsewhere).await, "ResourceNotFoundException");
}
