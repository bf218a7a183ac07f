//! Tags.

use crate::support::*;
use api_ec2::*;

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: text(key), value: text(value) }
}

#[tokio::test]
async fn everything_with_an_id_is_tagged() {
    let cloud = cloud();
    let root = cloud.root();
    let web = group(&root, None, "web").await;
    let filters = Some(vec![filter("group-id", &[&web])]);
    let rules = ok(&root, DescribeSecurityGroupRules { filters, ..Default::default() })
        .await
        .security_group_rules
        .unwrap();
    let rule = rules[0].security_group_rule_id.clone().unwrap();
    let mut resources = vec![default_vpc(&root).await, web.clone(), rule.clone()];
    resources
        .push(ok(&root, DescribeSubnets::default()).await.subnets.unwrap()[0].subnet_id.clone().unwrap());
    let create = CreateTags {
        resources: resources.clone(),
        tags: vec![tag("team", "blue"), tag("stage", "")],
        dry_run: None,
    };
    ok(&root, create).await;
    let filters = Some(vec![filter("key", &["team"])]);
    let found = ok(&root, DescribeTags { filters, ..Default::default() }).await.tags.unwrap();
    let mut kinds: Vec<_> = found.iter().map(|tag| tag.resource_type.clone().unwrap()).collect();
    kinds.sort();
    assert_eq!(kinds, ["security-group", "security-group-rule", "subnet", "vpc"]);
    let filters = Some(vec![filter("tag:team", &["bl*"])]);
    let tagged = ok(&root, DescribeSecurityGroupRules { filters, ..Default::default() })
        .await
        .security_group_rules
        .unwrap();
    assert_eq!(tagged[0].security_group_rule_id, Some(rule));
    // A value that does not match leaves the tag; none at all takes it.
    let delete = |tag: Tag| DeleteTags { resources: vec![web.clone()], tags: Some(vec![tag]), dry_run: None };
    ok(&root, delete(tag("team", "red"))).await;
    assert_eq!(described_group(&root, &web).await.tags.unwrap().len(), 2);
    ok(&root, delete(Tag { key: text("team"), value: None })).await;
    assert_eq!(described_group(&root, &web).await.tags.unwrap(), [tag("stage", "")]);
    ok(&root, DeleteTags { resources: vec![web.clone()], tags: None, dry_run: None }).await;
    assert_eq!(described_group(&root, &web).await.tags, None);
}

#[tokio::test]
async fn tags_have_rules() {
    let cloud = cloud();
    let root = cloud.root();
    let web = group(&root, None, "web").await;
    let create = |tags: Vec<Tag>| CreateTags { resources: vec![web.clone()], tags, dry_run: None };
    let reserved = "Tag keys starting with 'aws:' are reserved for internal use";
    assert_eq!(
        refused(&root, create(vec![tag("aws:mine", "x")])).await,
        pair("InvalidParameterValue", reserved)
    );
    assert_eq!(refused(&root, create(vec![tag("AWS:mine", "x")])).await.0, "InvalidParameterValue");
    assert_eq!(refused(&root, create(vec![tag(&"k".repeat(129), "x")])).await.0, "InvalidParameterValue");
    assert_eq!(refused(&root, create(vec![tag("k", &"v".repeat(257))])).await.0, "InvalidParameterValue");
    assert_eq!(
        refused(&root, create(vec![tag("k", "1"), tag("k", "2")])).await,
        pair("InvalidParameterValue", "Duplicate tag key 'k' specified.")
    );
    ok(&root, create((0..50).map(|number| tag(&format!("k{number}"), "v")).collect())).await;
    assert_eq!(refused(&root, create(vec![tag("one-more", "v")])).await.0, "TagLimitExceeded");
    ok(&root, create(vec![tag("k7", "changed")])).await;
    let nothing = CreateTags { resources: vec!["thing-1".into()], tags: vec![tag("a", "b")], dry_run: None };
    assert_eq!(refused(&root, nothing).await, pair("InvalidID", "The ID 'thing-1' is not valid"));
    let absent = CreateTags {
        resources: vec!["sg-0123456789abcdef0".into()],
        tags: vec![tag("a", "b")],
        dry_run: None,
    };
    assert_eq!(refused(&root, absent).await.0, "InvalidGroup.NotFound");
}

#[tokio::test]
async fn what_is_made_with_tags_is_of_the_right_kind() {
    let cloud = cloud();
    let root = cloud.root();
    let create = |kind: &str| CreateSecurityGroup {
        group_name: "web".into(),
        description: "x".into(),
        tag_specifications: Some(vec![TagSpecification {
            resource_type: text(kind),
            tags: Some(vec![tag("a", "b")]),
        }]),
        ..Default::default()
    };
    let sentence = "'vpc' is not a valid taggable resource type for this operation.";
    assert_eq!(refused(&root, create("vpc")).await, pair("InvalidParameterValue", sentence));
    assert_eq!(ok(&root, create("security-group")).await.tags.unwrap(), [tag("a", "b")]);
    // One request, one kind of caller: nobody from outside sets AWS's own tags.
    let forged = CreateSecurityGroup {
        tag_specifications: Some(vec![TagSpecification {
            resource_type: text("security-group"),
            tags: Some(vec![tag("aws:cloudchamber:step", "b")]),
        }]),
        ..create("security-group")
    };
    assert_eq!(refused(&root, forged).await.0, "InvalidParameterValue");
}
