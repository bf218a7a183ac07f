use crate::{DAY, GROUP, SECOND, batch, cloud_with, get, put, read, refused, violates};
use api_logs::{DescribeLogGroups, Entity, EntityRejectionErrorType, GetLogEvents, PutLogEvents};
use std::time::Duration;

const HOUR: i64 = 60 * 60 * SECOND;

#[tokio::test]
async fn events_are_put_and_read() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    let output =
        put(&root, "s", &[(now - 2, "START"), (now - 1, "revoking for sg-1"), (now - 1, "END")]).await;
    assert_eq!(output.next_sequence_token.map(|token| token.len()), Some(56));
    assert_eq!((output.rejected_log_events_info, output.rejected_entity_info), (None, None));
    let output = root.call(get("s")).await.unwrap();
    assert_eq!(read(&output), ["START", "revoking for sg-1", "END"]);
    let event = &output.events.as_ref().unwrap()[1];
    assert_eq!((event.timestamp, event.ingestion_time), (Some(now - 1), Some(now)));
    let groups = root.call(DescribeLogGroups::default()).await.unwrap().log_groups.unwrap();
    assert_eq!(groups[0].stored_bytes, Some((5 + 17 + 3 + 3 * 26) as i64));
}

#[tokio::test]
async fn a_batch_has_limits() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    let largest = "x".repeat(1_048_576 - 26);
    root.call(batch("s", [(now, largest.clone())])).await.unwrap();
    let too_large = root.call(batch("s", [(now, largest + "x")])).await;
    let sentence = "Upload too large: 1048577 bytes exceeds limit of 1048576";
    refused(too_large, "InvalidParameterException", sentence);
    let bytes = root.call(batch("s", (0..10_000).map(|_| (now, "é".repeat(40))))).await;
    let sentence = "Upload too large: 1060000 bytes exceeds limit of 1048576";
    refused(bytes, "InvalidParameterException", sentence);
    violates(root.call(batch("s", (0..10_001).map(|_| (now, "x")))).await, "logEvents");
    root.call(batch("s", (0..10_000).map(|_| (now, "x")))).await.unwrap();
    violates(root.call(batch("s", [(now, "")])).await, "logEvents.1.member.message");
    let order = root.call(batch("s", [(now, "b"), (now - 1, "a")])).await;
    let sentence = "Log events in a single PutLogEvents request must be in chronological order.";
    refused(order, "InvalidParameterException", sentence);
    let span = root.call(batch("s", [(now - DAY - 1, "a"), (now, "b")])).await;
    let sentence = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.";
    refused(span, "InvalidParameterException", sentence);
    root.call(batch("s", [(now - DAY, "a"), (now, "b")])).await.unwrap();
    // What is refused for its time does not count for the span.
    root.call(batch("s", [(now - 15 * DAY, "a"), (now, "b")])).await.unwrap();
}

#[tokio::test]
async fn old_and_new_events_are_rejected_and_the_others_kept() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    let output = put(
        &root,
        "s",
        &[
            (now - 20 * DAY, "1"),
            (now - 14 * DAY - 1, "2"),
            (now, "3"),
            (now + 2 * HOUR, "4"),
            (now + 2 * HOUR + 1, "5"),
        ],
    )
    .await;
    let rejected = output.rejected_log_events_info.unwrap();
    assert_eq!(rejected.too_old_log_event_end_index, Some(2));
    assert_eq!(rejected.too_new_log_event_start_index, Some(4));
    assert_eq!(rejected.expired_log_event_end_index, None);
    assert_eq!(read(&root.call(get("s")).await.unwrap()), ["3", "4"]);
}

#[tokio::test]
async fn a_wrong_entity_does_not_stop_the_events() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let keys = [("Type", "Planet"), ("Name", "Mars")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let entity = Some(Entity { key_attributes: Some(keys.into()), attributes: None });
    let output =
        root.call(PutLogEvents { entity, ..batch("s", [(cloud.now().millis(), "x")]) }).await.unwrap();
    assert_eq!(output.rejected_entity_info.unwrap().error_type, EntityRejectionErrorType::InvalidTypeValue);
    assert_eq!(read(&root.call(get("s")).await.unwrap()), ["x"]);
}

#[tokio::test]
async fn the_sequence_token_is_ignored() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let stale =
        PutLogEvents { sequence_token: Some("stale".into()), ..batch("s", [(cloud.now().millis(), "x")]) };
    root.call(stale.clone()).await.unwrap();
    root.call(stale).await.unwrap();
    assert_eq!(read(&root.call(get("s")).await.unwrap()), ["x", "x"]);
}

#[tokio::test]
async fn what_does_not_exist_is_said() {
    let (cloud, root) = cloud_with(&[]).await;
    let now = cloud.now().millis();
    let no_stream = "The specified log stream does not exist.";
    refused(root.call(batch("s", [(now, "x")])).await, "ResourceNotFoundException", no_stream);
    refused(root.call(get("s")).await, "ResourceNotFoundException", no_stream);
    let elsewhere = PutLogEvents { log_group_name: "other".into(), ..batch("s", [(now, "x")]) };
    let no_group = "The specified log group does not exist.";
    refused(root.call(elsewhere).await, "ResourceNotFoundException", no_group);
    let elsewhere = GetLogEvents { log_group_name: Some("other".into()), ..get("s") };
    refused(root.call(elsewhere).await, "ResourceNotFoundException", no_group);
}

#[tokio::test]
async fn a_time_range_includes_its_start_and_not_its_end() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    put(&root, "s", &[(now, "0"), (now + 1, "1"), (now + 2, "2"), (now + 3, "3")]).await;
    let range = GetLogEvents { start_time: Some(now + 1), end_time: Some(now + 3), ..get("s") };
    assert_eq!(read(&root.call(range).await.unwrap()), ["1", "2"]);
    let none = GetLogEvents { start_time: Some(now + 3), end_time: Some(now + 1), ..get("s") };
    assert_eq!(read(&root.call(none).await.unwrap()), [""; 0]);
    let by_arn = GetLogEvents {
        log_group_name: None,
        log_group_identifier: Some(format!("arn:aws:logs:us-east-1:111122223333:log-group:{GROUP}")),
        ..get("s")
    };
    assert_eq!(read(&root.call(by_arn).await.unwrap()).len(), 4);
}

#[tokio::test]
async fn the_last_page_comes_first_unless_the_head_is_asked_for() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    put(&root, "s", &[(now, "0"), (now, "1"), (now + 2, "2"), (now + 3, "3"), (now + 4, "4")]).await;
    let two = GetLogEvents { limit: Some(2), ..get("s") };
    let page = |token: Option<String>| GetLogEvents { next_token: token, ..two.clone() };

    let last = root.call(two.clone()).await.unwrap();
    assert_eq!(read(&last), ["3", "4"]);
    let middle = root.call(page(last.next_backward_token)).await.unwrap();
    assert_eq!(read(&middle), ["1", "2"]);
    let first = root.call(page(middle.next_backward_token.clone())).await.unwrap();
    assert_eq!(read(&first), ["0"]);
    let end = root.call(page(first.next_backward_token.clone())).await.unwrap();
    assert_eq!(read(&end), [""; 0]);
    assert_eq!(end.next_backward_token, first.next_backward_token, "the same token at the end");
    // And forward again from there.
    assert_eq!(read(&root.call(page(end.next_forward_token)).await.unwrap()), ["0", "1"]);
    assert_eq!(read(&root.call(page(middle.next_forward_token)).await.unwrap()), ["3", "4"]);

    let head = root.call(GetLogEvents { start_from_head: Some(true), ..two.clone() }).await.unwrap();
    assert_eq!(read(&head), ["0", "1"]);
    let second = root.call(page(head.next_forward_token)).await.unwrap();
    assert_eq!(read(&second), ["2", "3"]);
    let third = root.call(page(second.next_forward_token)).await.unwrap();
    assert_eq!(read(&third), ["4"]);
    let end = root.call(page(third.next_forward_token.clone())).await.unwrap();
    assert_eq!((read(&end).len(), &end.next_forward_token), (0, &third.next_forward_token));
    // Who keeps the token reads what comes later.
    put(&root, "s", &[(now + 5, "5")]).await;
    assert_eq!(read(&root.call(page(end.next_forward_token)).await.unwrap()), ["5"]);
    assert_eq!(read(&root.call(page(end.next_backward_token)).await.unwrap()), ["3", "4"]);
}

#[tokio::test]
async fn an_empty_stream_has_tokens_too() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let empty = root.call(get("s")).await.unwrap();
    let [forward, backward] = [empty.next_forward_token.unwrap(), empty.next_backward_token.unwrap()];
    assert!(forward.starts_with("f/") && forward.ends_with("/s") && forward.len() == 60, "{forward}");
    assert!(backward.starts_with("b/") && backward.ends_with("/s"), "{backward}");
    put(&root, "s", &[(cloud.now().millis(), "x")]).await;
    let next = root.call(GetLogEvents { next_token: Some(forward.clone()), ..get("s") }).await.unwrap();
    assert_eq!(read(&next), ["x"]);
    for wrong in ["not-existing-token", "f/1/s", "b/"] {
        let wrong = root.call(GetLogEvents { next_token: Some(wrong.into()), ..get("s") }).await;
        refused(wrong, "InvalidParameterException", "The specified nextToken is invalid.");
    }
    cloud.advance(Duration::from_secs(24 * 60 * 60 + 1)).await;
    let stale = root.call(GetLogEvents { next_token: Some(forward), ..get("s") }).await;
    refused(stale, "InvalidParameterException", "The specified nextToken is invalid.");
}

#[tokio::test]
async fn a_page_holds_one_megabyte() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    for at in 0..3 {
        root.call(batch("s", [(now + at, format!("{at}{}", "x".repeat(600_000)))])).await.unwrap();
    }
    let mut next_token = None;
    for at in 0..3 {
        let page = GetLogEvents { start_from_head: Some(true), next_token, ..get("s") };
        let page = root.call(page).await.unwrap();
        let [message] = read(&page)[..] else { panic!("one event a page") };
        assert!(message.starts_with(&at.to_string()));
        next_token = page.next_forward_token;
    }
}
