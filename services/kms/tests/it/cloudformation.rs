use crate::cloud::{Cloud, ROOT, code};
use api_kms::{
    CreateAlias, DescribeKey, GetKeyPolicy, GetKeyRotationStatus, KeyMetadata, ListAliases, ListKeys,
    ListResourceTags,
};
use contract::{Chain, HandlerContext, Principal, Properties, ResourceHandler};
use std::sync::Arc;
use wire::{Document, document};

fn handler(resource_type: &str) -> Arc<dyn ResourceHandler> {
    let handlers = kms::registration().handlers;
    handlers.into_iter().find(|handler| handler.resource_type() == resource_type).unwrap()
}

fn context(cloud: &Cloud, logical_id: &str, token: &str) -> HandlerContext {
    let root = Principal::Root("111122223333".parse().unwrap());
    let chain = Chain::default().through("cloudformation.amazonaws.com");
    let stack_tags: names::Tags =
        [("aws:cloudformation:logical-id".to_owned(), logical_id.to_owned())].into();
    HandlerContext {
        caller: cloud.cloud.context().caller(root, cloud.cloud.scope(), chain),
        context: cloud.cloud.context().clone(),
        stack_name: "lab".into(),
        stack_id: "arn:aws:cloudformation:us-east-1:111122223333:stack/lab/1".into(),
        logical_id: logical_id.into(),
        previous_stack_tags: stack_tags.clone(),
        stack_tags,
        token: token.into(),
    }
}

async fn shown(cloud: &Cloud, key_id: &str) -> KeyMetadata {
    let describe = DescribeKey { key_id: key_id.into(), grant_tokens: None };
    cloud.root.call(describe).await.unwrap().key_metadata.unwrap()
}

#[tokio::test]
async fn a_key_is_made_once_changed_and_scheduled_for_its_end() {
    let cloud = Cloud::start();
    let keys = handler("AWS::KMS::Key");
    let policy = Document::parse(&crate::cloud::policy(ROOT)).unwrap();
    let wanted = Properties::new(document!({
        "Description": "lab", "KeyPolicy": (policy.clone()), "EnableKeyRotation": true, "RotationPeriodInDays": "90",
        "PendingWindowInDays": 7, "Tags": [{ "Key": "a", "Value": "1" }]
    }));
    let step = context(&cloud, "Key", "ABCDEF123456");
    let made = keys.create(&wanted, &step).await.unwrap();
    let again = keys.create(&wanted, &step).await.unwrap();
    assert_eq!(made.physical_id, again.physical_id, "the same step again finds what it made");
    let other = keys.create(&wanted, &context(&cloud, "Key", "GHIJKL123456")).await.unwrap();
    assert_ne!(made.physical_id, other.physical_id);
    let id = made.physical_id;
    let arn = format!("arn:aws:kms:us-east-1:111122223333:key/{id}");
    assert_eq!(made.attributes["Arn"].as_str(), Some(&*arn));
    let tags = async || {
        let listed =
            cloud.root.call(ListResourceTags { key_id: id.clone(), ..Default::default() }).await.unwrap();
        listed.tags.unwrap().into_iter().map(|tag| tag.tag_key).collect::<Vec<_>>()
    };
    assert_eq!(tags().await, ["a", "aws:cloudformation:logical-id"]);
    let status = async || cloud.root.call(GetKeyRotationStatus { key_id: id.clone() }).await.unwrap();
    assert_eq!(status().await.rotation_period_in_days, Some(90));
    let changed = Properties::new(document!({
        "Description": "other", "Enabled": false, "PendingWindowInDays": 7, "Tags": [{ "Key": "b", "Value": "2" }]
    }));
    for _ in 0..2 {
        keys.update(&id, &wanted, &Properties::new(document!({ "PendingWindowInDays": 7 })), &step)
            .await
            .unwrap();
    }
    assert_eq!(tags().await, ["aws:cloudformation:logical-id"]);
    assert_eq!(status().await.key_rotation_enabled, Some(false));
    let text = cloud
        .root
        .call(GetKeyPolicy { key_id: id.clone(), policy_name: None })
        .await
        .unwrap()
        .policy
        .unwrap();
    assert!(text.contains("Enable IAM User Permissions"), "the policy that keys begin with: {text}");
    keys.update(&id, &Properties::default(), &changed, &step).await.unwrap();
    let key = shown(&cloud, &id).await;
    assert_eq!((key.description.as_deref(), key.enabled), (Some("other"), Some(false)));
    for _ in 0..2 {
        keys.delete(&id, &changed, &step).await.unwrap();
    }
    let key = shown(&cloud, &id).await;
    let at = cloud.cloud.now().plus(std::time::Duration::from_secs(7 * crate::cloud::DAY));
    assert_eq!((key.key_state.unwrap().as_str(), key.deletion_date), ("PendingDeletion", Some(at)));
    cloud.cloud.clock.advance(std::time::Duration::from_secs(7 * crate::cloud::DAY));
    keys.delete(&id, &changed, &step).await.unwrap();
}

#[tokio::test]
async fn what_a_key_cannot_be_fails_the_step() {
    let cloud = Cloud::start();
    let keys = handler("AWS::KMS::Key");
    let step = context(&cloud, "Key", "ABCDEF123456");
    for properties in [
        document!({ "KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY" }),
        document!({ "KeySpec": "none" }),
        document!({ "MultiRegion": true }),
        document!({ "KeyPolicy": { "Version": "2012-10-17", "Statement": [] } }),
    ] {
        let failure = keys.create(&Properties::new(properties), &step).await.unwrap_err();
        assert_eq!(failure.code, "InvalidRequest", "{failure}");
    }
    assert_eq!(cloud.root.call(ListKeys::default()).await.unwrap().keys.unwrap().len(), 0);
    let half = Properties::new(document!({ "EnableKeyRotation": true, "RotationPeriodInDays": 5 }));
    let failure = keys.create(&half, &step).await.unwrap_err();
    assert!(failure.physical_id.is_some(), "the key that was made is told, so that it is deleted");
}

#[tokio::test]
async fn an_alias_is_made_once_and_another_s_is_not_taken() {
    let cloud = Cloud::start();
    let aliases = handler("AWS::KMS::Alias");
    let (one, two) = (cloud.key().await.key_id, cloud.key().await.key_id);
    let to = |key: &str| Properties::new(document!({ "AliasName": "alias/app", "TargetKeyId": key }));
    let step = context(&cloud, "Alias", "ABCDEF123456");
    for _ in 0..2 {
        let made = aliases.create(&to(&one), &step).await.unwrap();
        assert_eq!(made.physical_id, "alias/app");
    }
    let other = aliases.create(&to(&one), &context(&cloud, "Alias", "GHIJKL123456")).await.unwrap_err();
    assert_eq!(other.code, "AlreadyExists");
    aliases.update("alias/app", &to(&one), &to(&two), &step).await.unwrap();
    assert_eq!(shown(&cloud, "alias/app").await.key_id, two);
    for _ in 0..2 {
        aliases.delete("alias/app", &to(&two), &step).await.unwrap();
    }
    assert_eq!(cloud.root.call(ListAliases::default()).await.unwrap().aliases.unwrap().len(), 0);
    let by_hand = CreateAlias { alias_name: "alias/app".into(), target_key_id: one.clone() };
    cloud.root.call(by_hand.clone()).await.unwrap();
    assert_eq!(code(cloud.root.call(by_hand).await), "AlreadyExistsException");
}
