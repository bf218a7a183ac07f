use crate::{GROUP, cloud, cloud_with, create_group, put, refused, said, violates};
use api_logs::{
    CreateLogGroup, DeleteLogGroup, DeleteLogStream, DescribeLogGroups, FilterLogEvents, ListLogGroups,
    LogGroupClass, PutLogGroupDeletionProtection, TagFilter,
};
use testkit::START;

#[tokio::test]
async fn a_group_is_made_described_and_deleted() {
    let cloud = cloud();
    let root = cloud.root();
    let create = CreateLogGroup {
        log_group_name: GROUP.into(),
        tags: Some([("team".to_owned(), "blue".to_owned())].into()),
        ..Default::default()
    };
    root.call(create.clone()).await.unwrap();
    refused(
        root.call(create).await,
        "ResourceAlreadyExistsException",
        "The specified log group already exists",
    );
    let groups = root.call(DescribeLogGroups::default()).await.unwrap().log_groups.unwrap();
    let [group] = groups.as_slice() else { panic!("one group") };
    assert_eq!(group.log_group_name.as_deref(), Some(GROUP));
    assert_eq!(group.arn.as_deref(), Some("arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/fn:*"));
    assert_eq!(
        group.log_group_arn.as_deref(),
        Some("arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/fn")
    );
    assert_eq!(group.creation_time, Some(START.millis()));
    assert_eq!(
        (group.stored_bytes, group.metric_filter_count, group.retention_in_days),
        (Some(0), Some(0), None)
    );
    assert_eq!(group.log_group_class, Some(LogGroupClass::Standard));
    let delete = DeleteLogGroup { log_group_name: GROUP.into() };
    root.call(delete.clone()).await.unwrap();
    refused(root.call(delete).await, "ResourceNotFoundException", "The specified log group does not exist.");
}

#[tokio::test]
async fn what_a_group_may_not_be() {
    let cloud = cloud();
    let root = cloud.root();
    let named = |name: &str| CreateLogGroup { log_group_name: name.into(), ..Default::default() };
    let reserved = "Log groups starting with AWS/ are reserved for AWS.";
    refused(root.call(named("aws/mine")).await, "InvalidParameterException", reserved);
    violates(root.call(named("no spaces")).await, "logGroupName");
    let encrypted =
        CreateLogGroup { kms_key_id: Some("arn:aws:kms:us-east-1:111122223333:key/1".into()), ..named("g") };
    assert_eq!(said(root.call(encrypted).await).0, "InvalidParameterException");
    assert!(
        root.call(DescribeLogGroups::default()).await.unwrap().log_groups.unwrap().is_empty(),
        "nothing was made"
    );
}

#[tokio::test]
async fn deleting_a_group_deletes_what_is_in_it() {
    let (cloud, root) = cloud_with(&["s"]).await;
    put(&root, "s", &[(cloud.now().millis(), "old")]).await;
    root.call(DeleteLogGroup { log_group_name: GROUP.into() }).await.unwrap();
    create_group(&root, GROUP).await;
    crate::create_stream(&root, GROUP, "s").await;
    let all = FilterLogEvents { log_group_name: Some(GROUP.into()), ..Default::default() };
    assert!(root.call(all).await.unwrap().events.unwrap().is_empty());
}

#[tokio::test]
async fn a_protected_group_is_not_deleted() {
    let cloud = cloud();
    let root = cloud.root();
    let create = CreateLogGroup {
        log_group_name: GROUP.into(),
        deletion_protection_enabled: Some(true),
        ..Default::default()
    };
    root.call(create).await.unwrap();
    crate::create_stream(&root, GROUP, "s").await;
    let protected =
        "Cannot delete log group with deletion protection enabled. Disable deletion protection first.";
    let delete = DeleteLogGroup { log_group_name: GROUP.into() };
    refused(root.call(delete.clone()).await, "ValidationException", protected);
    let stream = DeleteLogStream { log_group_name: GROUP.into(), log_stream_name: "s".into() };
    refused(root.call(stream).await, "ValidationException", protected);
    let off = |identifier: &str| PutLogGroupDeletionProtection {
        log_group_identifier: identifier.into(),
        deletion_protection_enabled: false,
    };
    refused(
        root.call(off("other")).await,
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    );
    root.call(off("arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/fn")).await.unwrap();
    root.call(delete).await.unwrap();
}

#[tokio::test]
async fn groups_are_listed_in_pages() {
    let cloud = cloud();
    let root = cloud.root();
    for name in ["b", "a/2", "a/1", "a/3", "Data"] {
        create_group(&root, name).await;
    }
    let (mut names, mut pages, mut next_token) = (Vec::new(), 0, None);
    loop {
        let describe = DescribeLogGroups { limit: Some(2), next_token, ..Default::default() };
        let page = root.call(describe).await.unwrap();
        names.extend(page.log_groups.unwrap().into_iter().map(|group| group.log_group_name.unwrap()));
        (pages, next_token) = (pages + 1, page.next_token);
        if next_token.is_none() {
            break;
        }
    }
    assert_eq!((names.join(" ").as_str(), pages), ("Data a/1 a/2 a/3 b", 3));
    let invalid = DescribeLogGroups { next_token: Some("mine".into()), ..Default::default() };
    refused(root.call(invalid).await, "InvalidParameterException", "The specified nextToken is invalid.");
}

#[tokio::test]
async fn groups_are_chosen() {
    let cloud = cloud();
    let root = cloud.root();
    for name in ["DataLogs", "x/DataLogs", "datalogs"] {
        create_group(&root, name).await;
    }
    let names = async |describe: DescribeLogGroups| -> Vec<String> {
        let groups = root.call(describe).await.unwrap().log_groups.unwrap();
        groups.into_iter().map(|group| group.log_group_name.unwrap()).collect()
    };
    let by = DescribeLogGroups::default;
    assert_eq!(
        names(DescribeLogGroups { log_group_name_prefix: Some("Data".into()), ..by() }).await,
        ["DataLogs"]
    );
    let pattern = DescribeLogGroups { log_group_name_pattern: Some("DataLogs".into()), ..by() };
    assert_eq!(names(pattern.clone()).await, ["DataLogs", "x/DataLogs"]);
    let brief = root.call(pattern.clone()).await.unwrap().log_groups.unwrap().remove(0);
    assert_eq!((brief.stored_bytes, brief.log_group_class, brief.arn.is_some()), (None, None, true));
    let identifiers =
        vec!["datalogs".to_owned(), "arn:aws:logs:us-east-1:111122223333:log-group:DataLogs".to_owned()];
    let identified = DescribeLogGroups { log_group_identifiers: Some(identifiers), ..by() };
    assert_eq!(names(identified.clone()).await, ["DataLogs", "datalogs"]);
    let both = DescribeLogGroups { log_group_name_prefix: Some("x".into()), ..pattern };
    let exclusive = "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.";
    refused(root.call(both).await, "InvalidParameterException", exclusive);
    let both = DescribeLogGroups { log_group_name_prefix: Some("x".into()), ..identified };
    assert_eq!(said(root.call(both).await).0, "InvalidParameterException");
    let linked = DescribeLogGroups { include_linked_accounts: Some(true), ..by() };
    assert_eq!(said(root.call(linked).await).0, "ValidationException");
}

#[tokio::test]
async fn list_log_groups_filters_by_name_class_and_tags() {
    let cloud = cloud();
    let root = cloud.root();
    for (name, class, stage) in [
        ("/aws/lambda/a", LogGroupClass::Standard, "Prod-1"),
        ("/aws/vpc/discovery", LogGroupClass::InfrequentAccess, "test"),
        ("mine", LogGroupClass::Standard, "prod"),
    ] {
        let create = CreateLogGroup {
            log_group_name: name.into(),
            log_group_class: Some(class),
            tags: Some([("stage".to_owned(), stage.to_owned())].into()),
            ..Default::default()
        };
        root.call(create).await.unwrap();
    }
    let names = async |list: ListLogGroups| -> Vec<String> {
        let groups = root.call(list).await.unwrap().log_groups.unwrap();
        groups.into_iter().map(|group| group.log_group_name.unwrap()).collect()
    };
    let pattern =
        |text: &str| ListLogGroups { log_group_name_pattern: Some(text.into()), ..Default::default() };
    assert_eq!(names(pattern("^/aws/lambda|discovery")).await, ["/aws/lambda/a", "/aws/vpc/discovery"]);
    assert_eq!(names(pattern("^discovery")).await, [""; 0]);
    let class =
        ListLogGroups { log_group_class: Some(LogGroupClass::InfrequentAccess), ..Default::default() };
    assert_eq!(names(class).await, ["/aws/vpc/discovery"]);
    let tagged = |values: &[&str]| {
        let values = Some(values.iter().map(|value| (*value).to_owned()).collect());
        let filter = TagFilter { key: "stage".into(), values };
        ListLogGroups { log_group_tags: Some(vec![filter]), ..Default::default() }
    };
    assert_eq!(names(tagged(&[])).await.len(), 3);
    assert_eq!(names(tagged(&["prod"])).await, ["mine"]);
    assert_eq!(names(tagged(&["prod*"])).await, ["/aws/lambda/a", "mine"]);
    assert_eq!(names(tagged(&["!prod*"])).await, ["/aws/vpc/discovery"]);
    assert_eq!(names(tagged(&["prod", "test"])).await, ["/aws/vpc/discovery", "mine"]);
    let indexed = ListLogGroups { field_index_names: Some(vec!["a".into()]), ..Default::default() };
    assert_eq!(said(root.call(indexed).await).0, "ValidationException");
}
