use crate::cloud::{Cloud, entry, json, refusal, sent, text, to};
use crate::peers::QUEUE;
use api_events::{PutEvents, PutEventsRequestEntry, TestEventPattern};

#[tokio::test]
async fn entries_are_judged_one_by_one() {
    let cloud = Cloud::start().await;
    cloud.rule(r#"{"source":["my.app"]}"#).await;
    cloud.target(to(QUEUE)).await.unwrap();
    let missing = |entry: PutEventsRequestEntry| entry;
    let wrong: Vec<(PutEventsRequestEntry, &str, &str)> = vec![
        (
            missing(PutEventsRequestEntry { source: None, ..entry("{}") }),
            "InvalidArgument",
            "Parameter Source is not valid. Reason: Source is a required argument.",
        ),
        (
            PutEventsRequestEntry { detail_type: None, ..entry("{}") },
            "InvalidArgument",
            "Parameter DetailType is not valid. Reason: DetailType is a required argument.",
        ),
        (
            PutEventsRequestEntry { detail: None, ..entry("{}") },
            "InvalidArgument",
            "Parameter Detail is not valid. Reason: Detail is a required argument.",
        ),
        (entry("{"), "MalformedDetail", "Detail is malformed."),
        (entry("[1]"), "MalformedDetail", "Detail is malformed."),
        (entry("\"x\""), "MalformedDetail", "Detail is malformed."),
        (
            PutEventsRequestEntry { source: Some("aws.ec2".into()), ..entry("{}") },
            "NotAuthorizedForSourceException",
            "Not authorized for the source.",
        ),
    ];
    let mut entries: Vec<PutEventsRequestEntry> = wrong.iter().map(|(entry, ..)| entry.clone()).collect();
    entries.push(entry(r#"{"good":1}"#));
    let answer = cloud.root.call(PutEvents { entries, endpoint_id: None }).await.unwrap();
    assert_eq!(answer.failed_entry_count, Some(7));
    let results = answer.entries.unwrap();
    for (result, (_, code, message)) in results.iter().zip(&wrong) {
        assert_eq!(
            (result.error_code.as_deref(), result.error_message.as_deref()),
            (Some(*code), Some(*message))
        );
        assert!(result.event_id.is_none());
    }
    let arrived = cloud.arrived().await;
    assert_eq!(arrived.len(), 1, "the good one goes on");
    assert_eq!(text(&json(&arrived[0].body), "id"), results[7].event_id.as_deref().unwrap());
}

#[tokio::test]
async fn a_request_has_limits() {
    let cloud = Cloud::start().await;
    let put = |entries: Vec<PutEventsRequestEntry>| cloud.root.call(PutEvents { entries, endpoint_id: None });
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(600_000));
    assert_eq!(
        refusal(put(vec![entry(&large), entry(&large)]).await),
        ("ValidationException".into(), "Total size of the entries in the request is over the limit.".into())
    );
    put(vec![entry(&large)]).await.unwrap();
    let endpoint = PutEvents { entries: vec![entry("{}")], endpoint_id: Some("abc.def".into()) };
    assert!(refusal(cloud.root.call(endpoint).await).1.contains("not built in Cloudchamber"));
}

#[tokio::test]
async fn time_and_resources_are_kept() {
    let cloud = Cloud::start().await;
    cloud.rule(r#"{"resources":["arn:x"]}"#).await;
    cloud.target(to(QUEUE)).await.unwrap();
    let time = names::Timestamp::parse_iso("2020-02-29T12:00:00.900Z").unwrap();
    let entry = PutEventsRequestEntry {
        time: Some(time),
        resources: Some(vec!["arn:y".into(), "arn:x".into()]),
        ..entry("{}")
    };
    sent(&cloud.root, entry).await.unwrap();
    let event = json(&cloud.arrived().await[0].body);
    assert_eq!(text(&event, "time"), "2020-02-29T12:00:00Z");
    assert_eq!(event.get("resources").unwrap().to_string(), r#"["arn:y","arn:x"]"#);
}

#[tokio::test]
async fn an_event_for_a_bus_that_is_not_there_is_accepted_and_goes_nowhere() {
    let cloud = Cloud::start().await;
    let lost = PutEventsRequestEntry { event_bus_name: Some("gone".into()), ..entry("{}") };
    sent(&cloud.root, lost).await.unwrap();
    assert!(cloud.arrived().await.is_empty());
}

#[tokio::test]
async fn patterns_can_be_tested() {
    let cloud = Cloud::start().await;
    let event = r#"{"id":"1","account":"1","source":"a","time":"2026-11-21T09:30:00Z","region":"r","resources":[],"detail-type":"t","detail":{"n":5}}"#;
    let test = |pattern: &str, event: &str| {
        cloud.root.call(TestEventPattern { event_pattern: pattern.into(), event: event.into() })
    };
    assert_eq!(test(r#"{"source":["a"]}"#, event).await.unwrap().result, Some(true));
    assert_eq!(test(r#"{"detail":{"n":[6]}}"#, event).await.unwrap().result, Some(false));
    let (code, message) = refusal(test(r#"{"source":"a"}"#, event).await);
    assert_eq!(code, "InvalidEventPatternException");
    assert_eq!(message, "Event pattern is not valid. Reason: \"source\" must be an object or an array");
    for wrong in ["[]", "x", r#"{"id":"1"}"#] {
        assert_eq!(refusal(test(r#"{"source":["a"]}"#, wrong).await).0, "ValidationException", "{wrong}");
    }
}
