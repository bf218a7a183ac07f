use crate::{DAY, GROUP, batch, cloud, cloud_with, filter, found, get, put, read, refused, said};
use api_logs::{
    CreateLogGroup, DeleteRetentionPolicy, DescribeLogGroups, FilterLogEvents, LogGroupClass,
    PutRetentionPolicy,
};
use contract::Caller;
use std::time::Duration;

async fn retain(caller: &Caller, days: i32) {
    let put = PutRetentionPolicy { log_group_name: GROUP.into(), retention_in_days: days };
    caller.call(put).await.unwrap();
}

async fn described(caller: &Caller) -> api_logs::LogGroup {
    caller.call(DescribeLogGroups::default()).await.unwrap().log_groups.unwrap().remove(0)
}

#[tokio::test]
async fn expired_events_are_gone_when_the_clock_says_so() {
    let (cloud, root) = cloud_with(&["s", "t"]).await;
    retain(&root, 1).await;
    let now = cloud.now().millis();
    put(&root, "s", &[(now, "old")]).await;
    put(&root, "t", &[(now + 2000, "young")]).await;
    cloud.advance(Duration::from_secs(24 * 60 * 60)).await;
    assert_eq!(found(&root.call(filter("")).await.unwrap()), ["old", "young"], "to the last millisecond");
    cloud.advance(Duration::from_millis(1)).await;
    assert_eq!(found(&root.call(filter("")).await.unwrap()), ["young"]);
    let early =
        FilterLogEvents { start_time: Some(0), log_stream_names: Some(vec!["s".into()]), ..filter("") };
    assert_eq!(found(&root.call(early).await.unwrap()), [""; 0]);
    assert_eq!(read(&root.call(get("s")).await.unwrap()), [""; 0]);
    assert_eq!(read(&root.call(get("t")).await.unwrap()), ["young"]);
}

#[tokio::test]
async fn writing_removes_expired_events_step_by_step() {
    let (cloud, root) = cloud_with(&["s", "t"]).await;
    retain(&root, 1).await;
    let now = cloud.now().millis();
    root.call(batch("s", (0..150).map(|_| (now, "old")))).await.unwrap();
    assert_eq!(described(&root).await.stored_bytes, Some(150 * 29));
    cloud.advance(Duration::from_secs(2 * 24 * 60 * 60)).await;
    let later = cloud.now().millis();
    put(&root, "t", &[(later, "new")]).await;
    assert_eq!(described(&root).await.stored_bytes, Some(48 * 29 + 29), "102 went with the first");
    put(&root, "t", &[(later, "new")]).await;
    assert_eq!(described(&root).await.stored_bytes, Some(2 * 29));
    // What was removed does not come back with a longer retention.
    root.call(DeleteRetentionPolicy { log_group_name: GROUP.into() }).await.unwrap();
    assert_eq!(found(&root.call(filter("")).await.unwrap()), ["new", "new"]);
}

#[tokio::test]
async fn events_that_have_expired_already_are_rejected() {
    let (cloud, root) = cloud_with(&["s"]).await;
    retain(&root, 3).await;
    let now = cloud.now().millis();
    let output =
        put(&root, "s", &[(now - 4 * DAY, "1"), (now - 3 * DAY - 1, "2"), (now - 3 * DAY, "3")]).await;
    let rejected = output.rejected_log_events_info.unwrap();
    assert_eq!(rejected.expired_log_event_end_index, Some(2));
    assert_eq!((rejected.too_old_log_event_end_index, rejected.too_new_log_event_start_index), (None, None));
    assert_eq!(read(&root.call(get("s")).await.unwrap()), ["3"]);
}

#[tokio::test]
async fn only_some_numbers_of_days_are_taken() {
    let (_cloud, root) = cloud_with(&[]).await;
    retain(&root, 30).await;
    assert_eq!(described(&root).await.retention_in_days, Some(30));
    for days in [0, -1, 2, 4, 10_000] {
        let put = PutRetentionPolicy { log_group_name: GROUP.into(), retention_in_days: days };
        let (code, message) = said(root.call(put).await);
        assert_eq!(code, "InvalidParameterException");
        assert!(message.contains(&format!("Value '{days}' at 'retentionInDays'")), "{message}");
    }
    assert_eq!(described(&root).await.retention_in_days, Some(30));
    root.call(DeleteRetentionPolicy { log_group_name: GROUP.into() }).await.unwrap();
    assert_eq!(described(&root).await.retention_in_days, None);
    let nowhere = DeleteRetentionPolicy { log_group_name: "other".into() };
    refused(root.call(nowhere).await, "ResourceNotFoundException", "The specified log group does not exist.");
}

#[tokio::test]
async fn groups_for_delivery_keep_two_days() {
    let cloud = cloud();
    let root = cloud.root();
    let class = Some(LogGroupClass::Delivery);
    let create =
        CreateLogGroup { log_group_name: GROUP.into(), log_group_class: class, ..Default::default() };
    root.call(create).await.unwrap();
    assert_eq!(described(&root).await.retention_in_days, Some(2));
    let put = PutRetentionPolicy { log_group_name: GROUP.into(), retention_in_days: 30 };
    assert_eq!(said(root.call(put).await).0, "InvalidParameterException");
}
