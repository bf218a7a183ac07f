//! Managed prefix lists.

use crate::support::*;
use api_ec2::*;

fn entry(cidr: &str) -> AddPrefixListEntry {
    AddPrefixListEntry { cidr: cidr.into(), description: None }
}

#[tokio::test]
async fn versions_follow_each_other() {
    let cloud = cloud();
    let root = cloud.root();
    let create = CreateManagedPrefixList {
        prefix_list_name: "offices".into(),
        max_entries: 2,
        address_family: "IPv4".into(),
        entries: Some(vec![entry("10.0.0.9/8")]),
        ..Default::default()
    };
    let too_many = CreateManagedPrefixList {
        entries: Some(vec![entry("10.0.0.0/8"), entry("11.0.0.0/8"), entry("12.0.0.0/8")]),
        ..create.clone()
    };
    assert_eq!(refused(&root, too_many).await.0, "PrefixListMaxEntriesExceeded");
    let wrong = CreateManagedPrefixList { entries: Some(vec![entry("::/0")]), ..create.clone() };
    assert_eq!(refused(&root, wrong).await.0, "InvalidParameterValue");
    let aws = CreateManagedPrefixList { prefix_list_name: "com.amazonaws.mine".into(), ..create.clone() };
    assert_eq!(refused(&root, aws).await.0, "InvalidParameterValue");
    let list = ok(&root, create).await.prefix_list.unwrap();
    assert_eq!((list.version, list.state), (Some(1), Some(PrefixListState::CreateInProgress)));
    let id = list.prefix_list_id.unwrap();
    let modify = || ModifyManagedPrefixList { prefix_list_id: id.clone(), ..Default::default() };
    let stale = ModifyManagedPrefixList {
        current_version: Some(7),
        add_entries: Some(vec![entry("11.0.0.0/8")]),
        ..modify()
    };
    assert_eq!(
        refused(&root, stale.clone()).await,
        pair("PrefixListVersionMismatch", "The prefix list has the incorrect version number.")
    );
    ok(&root, ModifyManagedPrefixList { current_version: Some(1), ..stale }).await;
    let entries = |version: Option<i64>| GetManagedPrefixListEntries {
        prefix_list_id: id.clone(),
        target_version: version,
        ..Default::default()
    };
    assert_eq!(ok(&root, entries(None)).await.entries.unwrap().len(), 2);
    assert_eq!(ok(&root, entries(Some(1))).await.entries.unwrap()[0].cidr.as_deref(), Some("10.0.0.0/8"));
    assert!(refused(&root, entries(Some(3))).await.0.ends_with(".NotFound"));
    let smaller = ModifyManagedPrefixList { max_entries: Some(1), ..modify() };
    assert_eq!(refused(&root, smaller).await.0, "PrefixListMaxEntriesExceeded");

    // A list counts in a group with its size, and cannot go while it is used.
    let web = group(&root, None, "web").await;
    let rule = AuthorizeSecurityGroupIngress {
        group_id: text(&web),
        ip_permissions: Some(vec![IpPermission {
            ip_ranges: None,
            prefix_list_ids: Some(vec![PrefixListId { description: None, prefix_list_id: text(&id) }]),
            ..tcp(443, &[])
        }]),
        ..Default::default()
    };
    ok(&root, rule).await;
    let delete = || DeleteManagedPrefixList { prefix_list_id: id.clone(), dry_run: None };
    assert_eq!(refused(&root, delete()).await.0, "DependencyViolation");
    let larger = ModifyManagedPrefixList { max_entries: Some(61), ..modify() };
    assert_eq!(refused(&root, larger).await.0, "RulesPerSecurityGroupLimitExceeded");
    ok(&root, DeleteSecurityGroup { group_id: text(&web), ..Default::default() }).await;
    ok(&root, delete()).await;
    assert_eq!(refused(&root, entries(None)).await.0, "InvalidPrefixListID.NotFound");
}

#[tokio::test]
async fn the_lists_of_aws_are_described_and_not_changed() {
    let cloud = cloud();
    let root = cloud.root();
    let filters = Some(vec![filter("owner-id", &["AWS"])]);
    let lists =
        ok(&root, DescribeManagedPrefixLists { filters, ..Default::default() }).await.prefix_lists.unwrap();
    assert_eq!(lists.len(), 2);
    assert_eq!(
        lists[0].prefix_list_arn.as_deref(),
        Some("arn:aws:ec2:us-east-1:aws:prefix-list/pl-02cd2c6b")
    );
    let delete = DeleteManagedPrefixList { prefix_list_id: "pl-02cd2c6b".into(), dry_run: None };
    assert_eq!(refused(&root, delete).await.0, "InvalidParameterCombination");
}
