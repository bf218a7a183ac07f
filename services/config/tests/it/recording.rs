use crate::cloud::{Cloud, GROUP, IAM_ROLE, IamRole, VPC, Vpc, including};
use api_config as api;
use api_config::ConfigurationItemStatus as Status;
use std::time::Duration;

#[tokio::test]
async fn what_exists_is_discovered_and_related_types_are_listed() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.put_group("sg-2", &[443]);
    cloud.record_groups().await;
    cloud.quiet().await;
    assert_eq!(cloud.discovered(GROUP).await, ["sg-1", "sg-2"]);
    // Nothing recorded it; the inventory lists it as what the groups are in.
    assert_eq!(cloud.discovered(VPC).await, ["vpc-1"]);
    let vpc = cloud.history(VPC, "vpc-1").await;
    assert_eq!(vpc.len(), 1);
    assert_eq!(vpc[0].configuration_item_status, Some(Status::ResourceNotRecorded));
    assert_eq!(vpc[0].configuration, None);

    let items = cloud.history(GROUP, "sg-1").await;
    assert_eq!(items.len(), 1);
    let item = &items[0];
    assert_eq!(item.configuration_item_status, Some(Status::ResourceDiscovered));
    assert_eq!(item.version.as_deref(), Some("1.3"));
    assert_eq!(item.resource_name.as_deref(), Some("name-of-sg-1"));
    assert_eq!(item.aws_region.as_deref(), Some("us-east-1"));
    assert_eq!(item.configuration_item_md5_hash.as_deref(), Some(""));
    let captured = item.configuration_item_capture_time.unwrap();
    assert_eq!(item.configuration_state_id, Some(captured.millis().to_string()));
    let configuration = wire::Document::parse(item.configuration.as_deref().unwrap()).unwrap();
    assert_eq!(configuration.get("groupId").unwrap().as_str(), Some("sg-1"));
    let relationship = &item.relationships.as_ref().unwrap()[0];
    assert_eq!(relationship.relationship_name.as_deref(), Some("Is contained in Vpc"));

    let counts = cloud.root().call(api::GetDiscoveredResourceCounts::default()).await.unwrap();
    let counts: Vec<(String, i64)> = counts
        .resource_counts
        .unwrap()
        .into_iter()
        .map(|count| (count.resource_type.unwrap(), count.count.unwrap()))
        .collect();
    // The recorder's own item is always recorded.
    let recorder = "AWS::Config::ConfigurationRecorder".to_owned();
    assert_eq!(counts, [(GROUP.to_owned(), 2), (recorder, 1), (VPC.to_owned(), 1)]);
}

#[tokio::test]
async fn a_change_makes_an_item_and_no_change_makes_none() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80, 443]);
    cloud.record_groups().await;
    cloud.quiet().await;
    // Other rule ids, another order: the same state.
    cloud.put_group("sg-1", &[443, 80]);
    cloud.quiet().await;
    assert_eq!(cloud.history(GROUP, "sg-1").await.len(), 1);

    cloud.put_group("sg-1", &[443, 80, 993]);
    cloud.quiet().await;
    cloud.delete_group("sg-1");
    cloud.quiet().await;
    let items = cloud.history(GROUP, "sg-1").await;
    let statuses: Vec<Status> = items.iter().map(|item| item.configuration_item_status.unwrap()).collect();
    assert_eq!(statuses, [Status::ResourceDiscovered, Status::Ok, Status::ResourceDeleted]);
    assert_eq!(items[2].configuration, None);
    assert_eq!(items[2].availability_zone, None);
    assert!(items[2].relationships.as_ref().unwrap().is_empty());
    assert!(cloud.discovered(GROUP).await.is_empty());
    let asked = api::ListDiscoveredResources {
        resource_type: GROUP.into(),
        include_deleted_resources: Some(true),
        ..api::ListDiscoveredResources::default()
    };
    let deleted = cloud.root().call(asked).await.unwrap().resource_identifiers.unwrap();
    assert!(deleted[0].resource_deletion_time.is_some());

    // Made again, it is discovered again.
    cloud.put_group("sg-1", &[22]);
    cloud.quiet().await;
    let items = cloud.history(GROUP, "sg-1").await;
    assert_eq!(items[3].configuration_item_status, Some(Status::ResourceDiscovered));
}

#[tokio::test]
async fn a_stopped_recorder_records_nothing_and_takes_up_what_changed_when_started() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.put_group("sg-2", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.stop().await;
    cloud.put_group("sg-1", &[81]);
    cloud.put_group("sg-1", &[82]);
    cloud.delete_group("sg-2");
    cloud.put_group("sg-3", &[80]);
    cloud.quiet().await;
    assert_eq!(cloud.history(GROUP, "sg-1").await.len(), 1);
    assert_eq!(cloud.discovered(GROUP).await, ["sg-1", "sg-2"]);
    cloud.start().await;
    cloud.quiet().await;
    assert_eq!(cloud.discovered(GROUP).await, ["sg-1", "sg-3"]);
    assert_eq!(cloud.history(GROUP, "sg-1").await.len(), 2);
    assert_eq!(cloud.history(GROUP, "sg-2").await.len(), 2);
}

#[tokio::test]
async fn a_type_that_is_recorded_no_more_is_only_known() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_recorder(including(&["AWS::S3::Bucket"])).await.unwrap();
    cloud.quiet().await;
    cloud.put_group("sg-1", &[81]);
    cloud.quiet().await;
    let items = cloud.history(GROUP, "sg-1").await;
    assert_eq!(items.len(), 2);
    assert_eq!(items[1].configuration_item_status, Some(Status::ResourceNotRecorded));
    cloud.delete_group("sg-1");
    cloud.quiet().await;
    let items = cloud.history(GROUP, "sg-1").await;
    assert_eq!(items[2].configuration_item_status, Some(Status::ResourceDeletedNotRecorded));
}

#[tokio::test]
async fn daily_recording_waits_for_the_end_of_the_day() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[80]);
    let recorder = api::ConfigurationRecorder {
        role_arn: Some(crate::cloud::ROLE.into()),
        recording_group: Some(including(&[GROUP])),
        recording_mode: Some(api::RecordingMode {
            recording_frequency: api::RecordingFrequency::Daily,
            recording_mode_overrides: None,
        }),
        ..api::ConfigurationRecorder::default()
    };
    let put = api::PutConfigurationRecorder { configuration_recorder: recorder, tags: None };
    cloud.root().call(put).await.unwrap();
    cloud.put_channel(None).await.unwrap();
    cloud.start().await;
    cloud.quiet().await;
    // Discovery does not wait.
    assert_eq!(cloud.history(GROUP, "sg-1").await.len(), 1);
    cloud.put_group("sg-1", &[81]);
    cloud.put_group("sg-1", &[82]);
    cloud.quiet().await;
    assert_eq!(cloud.history(GROUP, "sg-1").await.len(), 1);
    cloud.test.advance(Duration::from_secs(15 * 3600)).await;
    cloud.quiet().await;
    let items = cloud.history(GROUP, "sg-1").await;
    assert_eq!(items.len(), 2);
    assert_eq!(items[1].recording_frequency, Some(api::RecordingFrequency::Daily));
    assert!(items[1].configuration.as_ref().unwrap().contains("82"));
    // What is at the day's end as it was at its beginning makes no item.
    cloud.put_group("sg-1", &[22]);
    cloud.put_group("sg-1", &[82]);
    cloud.quiet().await;
    cloud.test.advance(Duration::from_secs(24 * 3600)).await;
    cloud.quiet().await;
    assert_eq!(cloud.history(GROUP, "sg-1").await.len(), 2);
}

#[tokio::test]
async fn history_comes_in_pages_of_at_most_seven_days() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[1]);
    cloud.record_groups().await;
    cloud.quiet().await;
    for port in [2, 3] {
        cloud.test.advance(Duration::from_secs(5 * 24 * 3600)).await;
        cloud.put_group("sg-1", &[port]);
        cloud.quiet().await;
    }
    let asked = |token: Option<String>, limit| api::GetResourceConfigHistory {
        resource_type: GROUP.into(),
        resource_id: "sg-1".into(),
        limit,
        next_token: token,
        ..api::GetResourceConfigHistory::default()
    };
    // Newest first; the third is ten days older than the first.
    let first = cloud.root().call(asked(None, None)).await.unwrap();
    assert_eq!(first.configuration_items.as_ref().unwrap().len(), 2);
    assert!(first.configuration_items.unwrap()[0].configuration.as_ref().unwrap().contains("\"fromPort\":3"));
    let second = cloud.root().call(asked(first.next_token, None)).await.unwrap();
    assert_eq!(second.configuration_items.unwrap().len(), 1);
    assert_eq!(second.next_token, None);
    let single = cloud.root().call(asked(None, Some(1))).await.unwrap();
    assert_eq!(single.configuration_items.unwrap().len(), 1);
    assert!(single.next_token.is_some());

    let wrong = cloud.root().call(asked(Some("nonsense".into()), None)).await.unwrap_err();
    assert_eq!(wrong.to_string(), "InvalidNextTokenException: The nextToken provided is invalid");
    let now = cloud.test.now();
    let range = api::GetResourceConfigHistory {
        earlier_time: Some(now),
        later_time: Some(now.minus(Duration::from_secs(1))),
        ..asked(None, None)
    };
    assert_eq!(cloud.root().call(range).await.unwrap_err().code, "InvalidTimeRangeException");
    let last_days = api::GetResourceConfigHistory {
        earlier_time: Some(now.minus(Duration::from_secs(24 * 3600))),
        ..asked(None, None)
    };
    assert_eq!(cloud.root().call(last_days).await.unwrap().configuration_items.unwrap().len(), 1);
    let unknown = api::GetResourceConfigHistory { resource_id: "sg-9".into(), ..asked(None, None) };
    assert_eq!(cloud.root().call(unknown).await.unwrap_err().code, "ResourceNotDiscoveredException");
}

#[tokio::test]
async fn old_items_are_removed_and_the_current_state_is_kept() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[1]);
    cloud.put_group("sg-2", &[1]);
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_group("sg-1", &[2]);
    cloud.delete_group("sg-2");
    cloud.quiet().await;
    cloud.root().call(api::PutRetentionConfiguration { retention_period_in_days: 30 }).await.unwrap();
    cloud.test.advance(Duration::from_secs(32 * 24 * 3600)).await;
    cloud.quiet().await;
    assert_eq!(cloud.history(GROUP, "sg-1").await.len(), 1);
    let gone = api::GetResourceConfigHistory {
        resource_type: GROUP.into(),
        resource_id: "sg-2".into(),
        ..api::GetResourceConfigHistory::default()
    };
    assert_eq!(cloud.root().call(gone).await.unwrap_err().code, "ResourceNotDiscoveredException");
}

#[tokio::test]
async fn the_batch_answers_the_current_state_without_tags() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    cloud.put_group("sg-1", &[1]);
    cloud.record_groups().await;
    cloud.quiet().await;
    let key = |id: &str| api::ResourceKey { resource_type: GROUP.into(), resource_id: id.into() };
    let asked = api::BatchGetResourceConfig { resource_keys: vec![key("sg-1"), key("sg-9")] };
    let answer = cloud.root().call(asked).await.unwrap();
    let items = answer.base_configuration_items.unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].resource_id.as_deref(), Some("sg-1"));
}

#[tokio::test]
async fn a_change_is_looked_for_at_the_other_side_of_indirect_relationships() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    let vpc = Vpc { scope: cloud.test.scope(), id: "vpc-1".into() };
    cloud.context().store.transact(None, |tx: &mut store::Tx| tx.put(vpc.clone())).unwrap();
    cloud.put_recorder(including(&[GROUP, VPC])).await.unwrap();
    cloud.put_channel(None).await.unwrap();
    cloud.start().await;
    cloud.quiet().await;
    assert_eq!(cloud.history(VPC, "vpc-1").await.len(), 1);
    // The VPC's row does not change; what it contains does.
    cloud.put_group("sg-1", &[80]);
    cloud.quiet().await;
    let items = cloud.history(VPC, "vpc-1").await;
    assert_eq!(items.len(), 2);
    let relationship = &items[1].relationships.as_ref().unwrap()[0];
    assert_eq!(relationship.relationship_name.as_deref(), Some("Contains SecurityGroup"));
    cloud.put_group("sg-1", &[81]);
    cloud.quiet().await;
    assert_eq!(cloud.history(VPC, "vpc-1").await.len(), 2);
    cloud.delete_group("sg-1");
    cloud.quiet().await;
    let items = cloud.history(VPC, "vpc-1").await;
    assert_eq!(items.len(), 3);
    assert!(items[2].relationships.as_ref().unwrap().is_empty());
}

#[tokio::test]
async fn global_types_are_recorded_where_they_are_asked_for() {
    let cloud = Cloud::new();
    let _work = cloud.test.start_work();
    let scope = names::Scope::global(cloud.test.scope().account);
    let put = |path: &str| {
        let role = IamRole { scope, id: "reader".into(), path: path.into() };
        cloud.context().store.transact(None, |tx: &mut store::Tx| tx.put(role.clone())).unwrap();
    };
    put("/");
    let all = |include| api::RecordingGroup {
        all_supported: Some(true),
        include_global_resource_types: Some(include),
        ..api::RecordingGroup::default()
    };
    cloud.put_recorder(all(false)).await.unwrap();
    cloud.put_channel(None).await.unwrap();
    cloud.start().await;
    cloud.quiet().await;
    assert!(cloud.discovered(IAM_ROLE).await.is_empty());
    cloud.put_recorder(all(true)).await.unwrap();
    cloud.quiet().await;
    let items = cloud.history(IAM_ROLE, "reader").await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].aws_region.as_deref(), Some("global"));
    put("/people/");
    cloud.quiet().await;
    assert_eq!(cloud.history(IAM_ROLE, "reader").await.len(), 2);
}
