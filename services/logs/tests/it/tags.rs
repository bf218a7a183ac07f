use crate::{GROUP, cloud, cloud_with, refused, violates};
use api_logs::{
    CreateLogGroup, ListTagsForResource, ListTagsLogGroup, TagLogGroup, TagResource, UntagLogGroup,
    UntagResource,
};
use contract::Caller;
use std::collections::BTreeMap;

const ARN: &str = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/fn";

fn tags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

async fn listed(caller: &Caller) -> BTreeMap<String, String> {
    let by_arn = caller.call(ListTagsForResource { resource_arn: ARN.into() }).await.unwrap().tags.unwrap();
    let by_name = caller.call(ListTagsLogGroup { log_group_name: GROUP.into() }).await.unwrap().tags.unwrap();
    assert_eq!(by_arn, by_name);
    by_arn
}

#[tokio::test]
async fn tags_are_set_changed_and_removed() {
    let (_cloud, root) = cloud_with(&[]).await;
    let tag = |pairs| TagResource { resource_arn: ARN.into(), tags: tags(pairs) };
    root.call(tag(&[("a", "1"), ("b", "2")])).await.unwrap();
    root.call(TagLogGroup { log_group_name: GROUP.into(), tags: tags(&[("b", "3"), ("c", "")]) })
        .await
        .unwrap();
    assert_eq!(listed(&root).await, tags(&[("a", "1"), ("b", "3"), ("c", "")]));
    root.call(UntagResource { resource_arn: ARN.into(), tag_keys: vec!["a".into(), "none".into()] })
        .await
        .unwrap();
    root.call(UntagLogGroup { log_group_name: GROUP.into(), tags: vec!["c".into()] }).await.unwrap();
    assert_eq!(listed(&root).await, tags(&[("b", "3")]));
}

#[tokio::test]
async fn a_group_has_fifty_tags_at_most() {
    let (_cloud, root) = cloud_with(&[]).await;
    let numbered =
        |numbers: std::ops::Range<u32>| numbers.map(|number| (format!("k{number}"), String::new())).collect();
    root.call(TagResource { resource_arn: ARN.into(), tags: numbered(0..50) }).await.unwrap();
    let more = TagResource { resource_arn: ARN.into(), tags: numbered(50..51) };
    refused(root.call(more).await, "TooManyTagsException", "A resource can have no more than 50 tags.");
    let more = TagLogGroup { log_group_name: GROUP.into(), tags: numbered(50..51) };
    refused(root.call(more).await, "InvalidParameterException", "A resource can have no more than 50 tags.");
    root.call(TagResource { resource_arn: ARN.into(), tags: numbered(0..50) }).await.unwrap();
    assert_eq!(listed(&root).await.len(), 50);
    let at_once = TagResource { resource_arn: ARN.into(), tags: numbered(0..51) };
    violates(root.call(at_once).await, "tags");
}

#[tokio::test]
async fn aws_keeps_its_own_keys() {
    let (_cloud, root) = cloud_with(&[]).await;
    let reserved = "Tag keys starting with 'aws:' are reserved for system use";
    let tag = TagResource { resource_arn: ARN.into(), tags: tags(&[("aws:x", "1")]) };
    refused(root.call(tag).await, "InvalidParameterException", reserved);
    let untag = UntagResource { resource_arn: ARN.into(), tag_keys: vec!["AWS:x".into()] };
    refused(root.call(untag).await, "InvalidParameterException", reserved);
    let create = CreateLogGroup {
        log_group_name: "g".into(),
        tags: Some(tags(&[("aws:x", "1")])),
        ..Default::default()
    };
    refused(root.call(create).await, "InvalidParameterException", reserved);
}

#[tokio::test]
async fn arns_name_groups_of_this_region() {
    let cloud = cloud();
    let root = cloud.root();
    let list = |arn: &str| ListTagsForResource { resource_arn: arn.into() };
    refused(
        root.call(list(ARN)).await,
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    );
    let destination = "arn:aws:logs:us-east-1:111122223333:destination:d";
    refused(
        root.call(list(destination)).await,
        "ResourceNotFoundException",
        "The specified resource does not exist.",
    );
    for wrong in
        [GROUP, "arn:aws:sns:us-east-1:111122223333:t", "arn:aws:logs:eu-west-1:111122223333:log-group:g"]
    {
        refused(
            root.call(list(wrong)).await,
            "InvalidParameterException",
            "The specified resource ARN is not valid.",
        );
    }
}
