use crate::{GROUP, batch, cloud, cloud_with, filter, found, put, refused, said, violates};
use api_logs::{FilterLogEvents, TestMetricFilter};
use contract::Caller;
use std::collections::BTreeSet;
use testkit::TestCloud;

/// Three streams whose events alternate.
async fn lambda() -> (TestCloud, Caller, i64) {
    let (cloud, root) = cloud_with(&["2026/a", "2026/b", "other"]).await;
    let now = cloud.now().millis();
    put(&root, "2026/b", &[(now + 1, "START b"), (now + 4, "revoking for sg-b: 22"), (now + 6, "END b")])
        .await;
    put(&root, "2026/a", &[(now, "START a"), (now + 3, "revoking for sg-a: 3389"), (now + 5, "END a")]).await;
    put(&root, "other", &[(now + 2, r#"{"level":"ERROR","port":22}"#)]).await;
    (cloud, root, now)
}

#[tokio::test]
async fn events_of_all_streams_are_searched_in_the_order_of_time() {
    let (_cloud, root, now) = lambda().await;
    let output = root.call(filter("\"revoking for\"")).await.unwrap();
    assert_eq!(found(&output), ["revoking for sg-a: 3389", "revoking for sg-b: 22"]);
    let event = &output.events.as_ref().unwrap()[0];
    assert_eq!(event.log_stream_name.as_deref(), Some("2026/a"));
    assert_eq!((event.timestamp, event.ingestion_time), (Some(now + 3), Some(now)));
    assert_eq!(output.searched_log_streams, Some(Vec::new()));
    assert_eq!(output.next_token, None);
    let all = root.call(filter("")).await.unwrap();
    assert_eq!(found(&all).len(), 7);
    assert!(all.events.as_ref().unwrap().is_sorted_by_key(|event| event.timestamp));
    let ids: BTreeSet<_> = all.events.iter().flatten().map(|event| event.event_id.clone().unwrap()).collect();
    assert_eq!(ids.len(), 7);
    assert!(ids.iter().all(|id| id.len() == 56));
    assert_eq!(found(&root.call(filter("{ $.level = ERROR && $.port < 1024 }")).await.unwrap()).len(), 1);
    assert_eq!(found(&root.call(filter("[verb=END, name]")).await.unwrap()), ["END a", "END b"]);
    assert_eq!(found(&root.call(filter("%sg-[ab]%")).await.unwrap()).len(), 2);
}

#[tokio::test]
async fn streams_and_times_narrow_the_search() {
    let (_cloud, root, now) = lambda().await;
    let names = |names: &[&str]| {
        let names = Some(names.iter().map(|name| (*name).to_owned()).collect());
        FilterLogEvents { log_stream_names: names, ..filter("") }
    };
    assert_eq!(
        found(&root.call(names(&["2026/b"])).await.unwrap()),
        ["START b", "revoking for sg-b: 22", "END b"]
    );
    assert_eq!(found(&root.call(names(&["2026/b", "2026/a"])).await.unwrap()).len(), 6);
    let prefix = FilterLogEvents { log_stream_name_prefix: Some("2026/".into()), ..filter("START") };
    assert_eq!(found(&root.call(prefix.clone()).await.unwrap()), ["START a", "START b"]);
    let none = FilterLogEvents { log_stream_name_prefix: Some("2027/".into()), ..filter("") };
    assert_eq!(found(&root.call(none).await.unwrap()), [""; 0]);
    for streams in
        [names(&["2026/a"]), FilterLogEvents { log_stream_name_prefix: Some("2026/a".into()), ..filter("") }]
    {
        let range = FilterLogEvents { start_time: Some(now + 3), end_time: Some(now + 5), ..streams };
        let both_ends = ["revoking for sg-a: 3389", "END a"];
        assert_eq!(found(&root.call(range).await.unwrap()), both_ends, "both ends are included");
    }
    let both = FilterLogEvents { log_stream_names: Some(vec!["other".into()]), ..prefix };
    assert_eq!(said(root.call(both).await).0, "InvalidParameterException");
    let missing = "The specified log stream does not exist.";
    refused(root.call(names(&["other", "gone"])).await, "ResourceNotFoundException", missing);
    let elsewhere = FilterLogEvents { log_group_name: Some("gone".into()), ..filter("") };
    refused(
        root.call(elsewhere).await,
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    );
}

#[tokio::test]
async fn pages_follow_each_other_exactly() {
    let (cloud, root) = cloud_with(&["a", "b"]).await;
    let now = cloud.now().millis();
    // Many events of one moment, in both streams.
    for round in 0..5 {
        for stream in ["a", "b"] {
            let events = (0..4).map(|number| (now + round / 2, format!("{stream}{round}{number}")));
            root.call(batch(stream, events)).await.unwrap();
        }
    }
    let whole = root.call(filter("-0")).await.unwrap();
    assert_eq!(found(&whole).len(), 24);
    for (stream, expected) in [(None, 24), (Some("a"), 12)] {
        for limit in [1, 5, 7, 100] {
            let (mut seen, mut next_token) = (Vec::new(), None);
            loop {
                let log_stream_names = stream.map(|stream| vec![String::from(stream)]);
                let page =
                    FilterLogEvents { limit: Some(limit), next_token, log_stream_names, ..filter("-0") };
                let page = root.call(page).await.unwrap();
                assert!(page.events.as_ref().unwrap().len() <= usize::try_from(limit).unwrap());
                seen.extend(page.events.unwrap());
                next_token = page.next_token;
                if next_token.is_none() {
                    break;
                }
            }
            let of_stream = |event: &&api_logs::FilteredLogEvent| {
                stream.is_none_or(|stream| event.log_stream_name.as_deref() == Some(stream))
            };
            let expected_events: Vec<_> = whole.events.iter().flatten().filter(of_stream).cloned().collect();
            assert_eq!(seen.len(), expected);
            assert_eq!(seen, expected_events, "{stream:?} in pages of {limit}");
        }
    }
    let wrong = FilterLogEvents { next_token: Some("Z2l2ZW4".into()), ..filter("") };
    refused(root.call(wrong).await, "InvalidParameterException", "The specified nextToken is invalid.");
}

#[tokio::test]
async fn a_search_of_many_events_goes_on_over_several_pages() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    for part in 0..6 {
        root.call(batch("s", (0..10_000).map(|_| (now + part, "noise")))).await.unwrap();
    }
    put(&root, "s", &[(now + 10, "needle")]).await;
    let first = root.call(filter("needle")).await.unwrap();
    assert_eq!(found(&first), [""; 0], "no page looks at everything");
    let second =
        root.call(FilterLogEvents { next_token: first.next_token, ..filter("needle") }).await.unwrap();
    assert_eq!((found(&second), second.next_token.as_deref()), (vec!["needle"], None));
}

#[tokio::test]
async fn a_page_holds_one_megabyte() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    for at in 0..2 {
        root.call(batch("s", [(now + at, format!("{at}{}", "x".repeat(600_000)))])).await.unwrap();
    }
    let first = root.call(filter("")).await.unwrap();
    assert!(found(&first).len() == 1 && found(&first)[0].starts_with('0'));
    let second = root.call(FilterLogEvents { next_token: first.next_token, ..filter("") }).await.unwrap();
    assert!(found(&second).len() == 1 && found(&second)[0].starts_with('1') && second.next_token.is_none());
}

#[tokio::test]
async fn a_wrong_pattern_is_refused() {
    let (_cloud, root, _) = lambda().await;
    refused(root.call(filter("{ $.a = ")).await, "InvalidParameterException", "Invalid filter pattern");
    refused(root.call(filter("Key:")).await, "InvalidParameterException", "Invalid character(s) in term ':'");
    violates(root.call(filter(&"x".repeat(1025))).await, "filterPattern");
    let by_both = FilterLogEvents { log_group_identifier: Some(GROUP.into()), ..filter("") };
    assert_eq!(said(root.call(by_both).await).0, "InvalidParameterException");
}

#[tokio::test]
async fn patterns_are_tried_out() {
    let cloud = cloud();
    let root = cloud.root();
    let test = |pattern: &str| TestMetricFilter {
        filter_pattern: pattern.into(),
        log_event_messages: vec![
            r#"127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /apache_pb.gif HTTP/1.0" 200 1534"#.into(),
            r#"127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /apache_pb.gif HTTP/1.0" 500 5324"#.into(),
        ],
    };
    let pattern = "[ip, identity, user_id, timestamp, request, status_code = 5*, size]";
    let matches = root.call(test(pattern)).await.unwrap().matches.unwrap();
    let [found] = matches.as_slice() else { panic!("one match") };
    assert_eq!(found.event_number, Some(1));
    let values = found.extracted_values.as_ref().unwrap();
    assert_eq!(values["$status_code"], "500");
    assert_eq!(values["$timestamp"], "10/Oct/2000:13:35:22 -0700");
    assert_eq!(values["$request"], "GET /apache_pb.gif HTTP/1.0");
    let matches = root.call(test("frank")).await.unwrap().matches.unwrap();
    assert_eq!(matches.len(), 2);
    assert!(matches[0].extracted_values.as_ref().unwrap().is_empty());
    let wrong = root.call(test("{ $.eventType }")).await;
    refused(wrong, "InvalidParameterException", "Invalid metric filter pattern");
}
