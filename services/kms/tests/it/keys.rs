use crate::cloud::{Cloud, NO_KEY, code, refusal};
use api_kms::{
    CreateKey, DescribeKey, DisableKey, EnableKey, KeySpec, KeyUsageType, ListKeys, ListResourceTags,
    OriginType, Tag, TagResource, UntagResource, UpdateKeyDescription,
};
use names::ResourceType;

fn tag(key: &str, value: &str) -> Tag {
    Tag { tag_key: key.into(), tag_value: value.into() }
}

#[tokio::test]
async fn a_key_is_made_described_and_listed() {
    let cloud = Cloud::start();
    let made = cloud.made(CreateKey { description: Some("mine".into()), ..Default::default() }).await;
    assert_eq!(
        made.arn.as_deref().unwrap(),
        format!("arn:aws:kms:us-east-1:111122223333:key/{}", made.key_id)
    );
    assert_eq!(made.key_state.unwrap().as_str(), "Enabled");
    assert_eq!(made.encryption_algorithms.as_ref().unwrap()[0].as_str(), "SYMMETRIC_DEFAULT");
    for name in [made.key_id.clone(), made.arn.clone().unwrap()] {
        let shown = cloud.root.call(DescribeKey { key_id: name, grant_tokens: None }).await.unwrap();
        assert!(shown.key_metadata.as_ref() == Some(&made));
    }
    for _ in 0..2 {
        cloud.key().await;
    }
    let mut seen = Vec::new();
    let mut marker = None;
    loop {
        let page = cloud.root.call(ListKeys { limit: Some(2), marker }).await.unwrap();
        seen.extend(page.keys.unwrap());
        assert_eq!(page.truncated, Some(page.next_marker.is_some()));
        marker = page.next_marker;
        if marker.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 3);
    let wrong = cloud.root.call(ListKeys { limit: None, marker: Some("x".into()) }).await;
    assert_eq!(refusal(wrong), ("InvalidMarkerException".into(), "Could not decode marker".into()));
}

#[tokio::test]
async fn what_is_not_built_is_refused_and_makes_nothing() {
    let cloud = Cloud::start();
    let refused = [
        CreateKey {
            key_spec: Some(KeySpec::Rsa2048),
            key_usage: Some(KeyUsageType::SignVerify),
            ..Default::default()
        },
        CreateKey { multi_region: Some(true), ..Default::default() },
        CreateKey { origin: Some(OriginType::External), ..Default::default() },
        CreateKey { custom_key_store_id: Some("cks-1".into()), ..Default::default() },
    ];
    for create in refused {
        let (code, message) = refusal(cloud.root.call(create).await);
        assert_eq!(code, "UnsupportedOperationException");
        assert!(message.ends_with("not built in Cloudchamber."), "{message}");
    }
    let wrong = [
        CreateKey { key_spec: Some(KeySpec::Hmac256), ..Default::default() },
        CreateKey { key_usage: Some(KeyUsageType::GenerateVerifyMac), ..Default::default() },
        CreateKey {
            key_spec: Some(KeySpec::SymmetricDefault),
            customer_master_key_spec: Some(api_kms::CustomerMasterKeySpec::SymmetricDefault),
            ..Default::default()
        },
    ];
    for create in wrong {
        assert_eq!(code(cloud.root.call(create).await), "ValidationException");
    }
    assert_eq!(cloud.root.call(ListKeys::default()).await.unwrap().keys.unwrap().len(), 0);
}

#[tokio::test]
async fn names_of_no_key_are_told_as_aws_tells_them() {
    let cloud = Cloud::start();
    let cases = [
        (
            NO_KEY,
            "NotFoundException",
            format!("Key 'arn:aws:kms:us-east-1:111122223333:key/{NO_KEY}' does not exist"),
        ),
        ("nothing", "NotFoundException", "Invalid keyId 'nothing'".into()),
        (
            "alias/none",
            "NotFoundException",
            "Alias arn:aws:kms:us-east-1:111122223333:alias/none is not found.".into(),
        ),
        ("arn:aws:s3:::bucket", "InvalidArnException", "Invalid arn arn:aws:s3:::bucket".into()),
    ];
    for (name, code, message) in cases {
        let answer = cloud.root.call(DescribeKey { key_id: name.into(), grant_tokens: None }).await;
        assert_eq!(refusal(answer), (code.to_owned(), message));
    }
    let elsewhere = format!("arn:aws:kms:eu-west-1:111122223333:key/{NO_KEY}");
    let answer = cloud.root.call(DescribeKey { key_id: elsewhere, grant_tokens: None }).await;
    assert_eq!(refusal(answer), ("NotFoundException".into(), "Invalid arn eu-west-1".into()));
    assert_eq!(code(cloud.root.call(EnableKey { key_id: "alias/none".into() }).await), "NotFoundException");
}

#[tokio::test]
async fn a_disabled_key_is_not_used() {
    let cloud = Cloud::start();
    let key = cloud.key().await;
    let arn = key.arn.clone().unwrap();
    cloud.root.call(DisableKey { key_id: key.key_id.clone() }).await.unwrap();
    let refused = crate::cloud::encrypt(&cloud.root, &key.key_id, &[]).await;
    assert_eq!(refusal(refused), ("DisabledException".into(), format!("{arn} is disabled.")));
    cloud.root.call(EnableKey { key_id: key.key_id.clone() }).await.unwrap();
    crate::cloud::encrypt(&cloud.root, &key.key_id, &[]).await.unwrap();
}

#[tokio::test]
async fn tags_and_description_change_and_bad_ones_change_nothing() {
    let cloud = Cloud::start();
    let key = cloud.made(CreateKey { tags: Some(vec![tag("a", "1")]), ..Default::default() }).await.key_id;
    cloud.root.call(TagResource { key_id: key.clone(), tags: vec![tag("b", "2")] }).await.unwrap();
    cloud.root.call(UntagResource { key_id: key.clone(), tag_keys: vec!["a".into()] }).await.unwrap();
    let many: Vec<Tag> = (0..50).map(|number| tag(&format!("k{number}"), "")).collect();
    for (tags, code) in [
        (vec![tag("x", "1"), tag("x", "2")], "TagException"),
        (vec![tag("aws:x", "1")], "TagException"),
        (vec![tag("x!", "1")], "TagException"),
        (many, "LimitExceededException"),
    ] {
        let answer = cloud.root.call(TagResource { key_id: key.clone(), tags }).await;
        assert_eq!(refusal(answer).0, code);
    }
    let listed =
        cloud.root.call(ListResourceTags { key_id: key.clone(), ..Default::default() }).await.unwrap();
    assert!(listed.tags.unwrap() == [tag("b", "2")]);
    cloud.root.call(UpdateKeyDescription { key_id: key.clone(), description: "other".into() }).await.unwrap();
    let context = cloud.cloud.context();
    let kind = context.catalog.resources[ResourceType("AWS::KMS::Key").as_str()];
    let described = (kind.describe)(&context.store.view(), cloud.cloud.scope(), &key).unwrap().unwrap();
    assert_eq!(described.configuration.get("description").unwrap().as_str(), Some("other"));
    assert_eq!(described.configuration.get("awsaccountId").unwrap().as_str(), Some("111122223333"));
    assert_eq!(described.supplementary["KeyRotationStatus"].as_bool(), Some(false));
    assert!(described.supplementary["Policy"].as_str().unwrap().contains("Enable IAM User Permissions"));
    assert_eq!(described.tags["b"], "2");
}

#[tokio::test]
async fn no_change_and_no_record_holds_a_secret() {
    let cloud = Cloud::start();
    let key = cloud.key().await.key_id;
    crate::cloud::encrypt(&cloud.root, &key, &[]).await.unwrap();
    let records = format!("{:?}", cloud.cloud.records());
    assert!(!records.contains("aGVsbG8") && !records.contains("hello"), "{records}");
}
