use crate::{GROUP, SECOND, cloud_with, create_stream, put, refused};
use api_logs::{CreateLogStream, DeleteLogStream, DescribeLogStreams, GetLogEvents, OrderBy};
use contract::Caller;

fn describe() -> DescribeLogStreams {
    DescribeLogStreams { log_group_name: Some(GROUP.into()), ..Default::default() }
}

/// All names, in pages of two.
async fn names(caller: &Caller, describe: DescribeLogStreams) -> String {
    let mut describe = DescribeLogStreams { limit: Some(2), ..describe };
    let mut names = Vec::new();
    loop {
        let page = caller.call(describe.clone()).await.unwrap();
        names.extend(page.log_streams.unwrap().into_iter().map(|stream| stream.log_stream_name.unwrap()));
        match page.next_token {
            Some(token) => describe.next_token = Some(token),
            None => return names.join(" "),
        }
    }
}

#[tokio::test]
async fn a_stream_is_made_described_and_deleted() {
    let (cloud, root) = cloud_with(&["2026/11/21/[$LATEST]ab"]).await;
    let now = cloud.now().millis();
    put(&root, "2026/11/21/[$LATEST]ab", &[(now - SECOND, "one"), (now, "two")]).await;
    let streams = root.call(describe()).await.unwrap().log_streams.unwrap();
    let [stream] = streams.as_slice() else { panic!("one stream") };
    let arn =
        "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/fn:log-stream:2026/11/21/[$LATEST]ab";
    assert_eq!(stream.arn.as_deref(), Some(arn));
    assert_eq!((stream.first_event_timestamp, stream.last_event_timestamp), (Some(now - SECOND), Some(now)));
    assert_eq!((stream.last_ingestion_time, stream.stored_bytes), (Some(now), Some(0)));
    assert_eq!(stream.upload_sequence_token.as_deref().map(str::len), Some(56));
    let create =
        CreateLogStream { log_group_name: GROUP.into(), log_stream_name: "2026/11/21/[$LATEST]ab".into() };
    refused(
        root.call(create.clone()).await,
        "ResourceAlreadyExistsException",
        "The specified log stream already exists",
    );
    let elsewhere = CreateLogStream { log_group_name: "other".into(), ..create.clone() };
    refused(
        root.call(elsewhere).await,
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    );
    let delete =
        DeleteLogStream { log_group_name: GROUP.into(), log_stream_name: create.log_stream_name.clone() };
    root.call(delete.clone()).await.unwrap();
    refused(root.call(delete).await, "ResourceNotFoundException", "The specified log stream does not exist.");
    root.call(create.clone()).await.unwrap();
    let get = GetLogEvents {
        log_group_name: Some(GROUP.into()),
        log_stream_name: create.log_stream_name,
        ..Default::default()
    };
    assert!(root.call(get).await.unwrap().events.unwrap().is_empty(), "its events went with it");
}

#[tokio::test]
async fn streams_are_listed_by_name_and_by_time() {
    let (cloud, root) = cloud_with(&["c", "a1", "a2", "a3", "b"]).await;
    let now = cloud.now().millis();
    for (stream, ago) in [("a1", 10), ("a2", 50), ("a3", 30), ("b", 30), ("c", 20)] {
        put(&root, stream, &[(now - ago * SECOND, "x")]).await;
    }
    assert_eq!(names(&root, describe()).await, "a1 a2 a3 b c");
    assert_eq!(
        names(&root, DescribeLogStreams { descending: Some(true), ..describe() }).await,
        "c b a3 a2 a1"
    );
    let prefix = DescribeLogStreams { log_stream_name_prefix: Some("a".into()), ..describe() };
    assert_eq!(names(&root, prefix.clone()).await, "a1 a2 a3");
    let backwards = DescribeLogStreams { descending: Some(true), ..prefix.clone() };
    assert_eq!(names(&root, backwards).await, "a3 a2 a1");
    let time = DescribeLogStreams { order_by: Some(OrderBy::LastEventTime), ..describe() };
    assert_eq!(names(&root, time.clone()).await, "a2 a3 b c a1");
    assert_eq!(names(&root, DescribeLogStreams { descending: Some(true), ..time }).await, "a1 c b a3 a2");
    let both = DescribeLogStreams { order_by: Some(OrderBy::LastEventTime), ..prefix };
    let sentence = "Cannot order by LastEventTime with a logStreamNamePrefix.";
    refused(root.call(both).await, "InvalidParameterException", sentence);
}

#[tokio::test]
async fn a_page_goes_on_though_its_last_stream_is_gone() {
    let (_cloud, root) = cloud_with(&["a", "b", "c"]).await;
    let first = root.call(DescribeLogStreams { limit: Some(1), ..describe() }).await.unwrap();
    let delete = DeleteLogStream { log_group_name: GROUP.into(), log_stream_name: "a".into() };
    root.call(delete).await.unwrap();
    assert_eq!(names(&root, DescribeLogStreams { next_token: first.next_token, ..describe() }).await, "b c");
}

#[tokio::test]
async fn a_group_is_named_once() {
    let (_cloud, root) = cloud_with(&["a"]).await;
    create_stream(&root, GROUP, "b").await;
    let arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/fn";
    for identifier in [GROUP, arn, &format!("{arn}:*")] {
        let by = DescribeLogStreams { log_group_identifier: Some(identifier.into()), ..Default::default() };
        // `:*` is not in the model's characters.
        if identifier.ends_with('*') {
            assert!(root.call(by).await.is_err());
        } else {
            assert_eq!(names(&root, by).await, "a b");
        }
    }
    let both = DescribeLogStreams { log_group_identifier: Some(GROUP.into()), ..describe() };
    let sentence = "Only one of logGroupName or logGroupIdentifier can be specified.";
    refused(root.call(both).await, "InvalidParameterException", sentence);
    let sentence = "Either logGroupName or logGroupIdentifier must be specified.";
    refused(root.call(DescribeLogStreams::default()).await, "InvalidParameterException", sentence);
    let elsewhere = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/fn";
    let other_region =
        DescribeLogStreams { log_group_identifier: Some(elsewhere.into()), ..Default::default() };
    let sentence = "The log group identifier is not a valid ARN.";
    refused(root.call(other_region).await, "InvalidParameterException", sentence);
}
