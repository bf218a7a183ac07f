use crate::cloud::{Cloud, attribute, record, refusal, text};
use api_cloudtrail::{LookupAttributeKey, LookupEvents};
use names::Timestamp;
use std::time::Duration;

#[tokio::test]
async fn the_newest_comes_first_page_by_page_and_none_twice() {
    let cloud = Cloud::start();
    for name in ["a", "b", "c", "d", "e"] {
        cloud.topic(name).await;
    }
    let question = LookupEvents {
        lookup_attributes: Some(vec![attribute(LookupAttributeKey::EventName, "CreateTopic")]),
        max_results: Some(2),
        ..Default::default()
    };
    let (mut names, mut token) = (Vec::new(), None);
    loop {
        let answer = cloud.root.call(LookupEvents { next_token: token, ..question.clone() }).await.unwrap();
        let events = answer.events.unwrap();
        assert!(events.len() <= 2);
        names.extend(events.iter().map(|it| text(&record(it), &["requestParameters", "name"]).to_owned()));
        token = answer.next_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(names, ["e", "d", "c", "b", "a"]);
}

#[tokio::test]
async fn events_are_found_by_each_attribute() {
    let cloud = Cloud::start();
    let arn = cloud.topic("alarms").await;
    let user = cloud.cloud.user("alice", &[]);
    let denied = user.call(api_sns::ListTopics::default()).await;
    assert!(denied.is_err());
    let created = cloud.lookup(LookupAttributeKey::ResourceName, &arn).await.remove(0);
    assert_eq!(created.event_name.as_deref(), Some("CreateTopic"));
    assert_eq!(created.username.as_deref(), Some("root"));
    assert_eq!(created.event_source.as_deref(), Some("sns.amazonaws.com"));
    assert_eq!(text(&record(&created), &["responseElements", "topicArn"]), arn);
    let id = created.event_id.clone().unwrap();
    for (key, value) in [
        (LookupAttributeKey::EventId, id.as_str()),
        (LookupAttributeKey::Username, "root"),
        (LookupAttributeKey::EventSource, "sns.amazonaws.com"),
        (LookupAttributeKey::ResourceType, "AWS::SNS::Topic"),
        (LookupAttributeKey::ReadOnly, "false"),
    ] {
        let found = cloud.lookup(key, value).await;
        assert!(found.iter().any(|it| it.event_id.as_ref() == Some(&id)), "{}", key.as_str());
    }
    let alice = cloud.lookup(LookupAttributeKey::Username, "alice").await.remove(0);
    let told = record(&alice);
    assert_eq!(text(&told, &["errorCode"]), "AuthorizationError");
    assert_eq!(text(&told, &["userIdentity", "type"]), "IAMUser");
    assert_eq!(alice.read_only.as_deref(), Some("true"));
    assert!(told.get("responseElements").unwrap().is_null());
    assert!(cloud.lookup(LookupAttributeKey::EventName, "DeleteTopic").await.is_empty());
}

#[tokio::test]
async fn a_history_is_a_region_s_and_an_account_s() {
    let cloud = Cloud::start();
    cloud.topic("here").await;
    let question = || LookupEvents {
        lookup_attributes: Some(vec![attribute(LookupAttributeKey::EventName, "CreateTopic")]),
        ..Default::default()
    };
    let there = cloud.in_region("eu-west-1").call(question()).await.unwrap();
    assert_eq!(there.events.unwrap().len(), 0);
    let stranger = cloud.stranger().call(question()).await.unwrap();
    assert_eq!(stranger.events.unwrap().len(), 0);
}

#[tokio::test]
async fn iam_s_calls_are_in_us_east_1_alone() {
    let cloud = Cloud::with(vec![iam::registration(), iam::sts_registration()]);
    let create = api_iam::CreateGroup { group_name: "g".into(), ..Default::default() };
    cloud.in_region("eu-west-1").call(create).await.unwrap();
    let found = cloud.lookup(LookupAttributeKey::ResourceName, "g").await;
    assert_eq!(found.len(), 1);
    assert_eq!(text(&record(&found[0]), &["awsRegion"]), "us-east-1");
    let there = cloud.in_region("eu-west-1").call(LookupEvents::default()).await.unwrap();
    let names: Vec<_> = there.events.unwrap().into_iter().filter_map(|it| it.event_name).collect();
    assert!(!names.contains(&"CreateGroup".to_owned()), "{names:?}");
}

#[tokio::test]
async fn times_narrow_the_history_to_90_days() {
    let cloud = Cloud::start();
    cloud.topic("old").await;
    let between = |start: Timestamp, end: Timestamp| LookupEvents {
        start_time: Some(start),
        end_time: Some(end),
        lookup_attributes: Some(vec![attribute(LookupAttributeKey::EventName, "CreateTopic")]),
        ..Default::default()
    };
    let made = cloud.cloud.now().minus(Duration::from_millis(10));
    cloud.cloud.clock.advance(Duration::from_secs(3600));
    let count = async |question: LookupEvents| cloud.root.call(question).await.unwrap().events.unwrap().len();
    assert_eq!(count(between(made, made)).await, 1);
    let after = made.plus(Duration::from_secs(1));
    assert_eq!(count(between(after, cloud.cloud.now())).await, 0);
    cloud.cloud.clock.advance(Duration::from_secs(90 * 24 * 3600));
    assert_eq!(count(between(Timestamp::default(), cloud.cloud.now())).await, 0);
    let (code, message) = refusal(cloud.root.call(between(after, made)).await);
    assert_eq!(code, "InvalidTimeRangeException");
    assert_eq!(message, "The start time must be before the end time.");
}

#[tokio::test]
async fn bad_questions_are_refused() {
    let cloud = Cloud::start();
    let two = vec![
        attribute(LookupAttributeKey::EventName, "CreateTopic"),
        attribute(LookupAttributeKey::Username, "root"),
    ];
    let question = LookupEvents { lookup_attributes: Some(two), ..Default::default() };
    assert_eq!(refusal(cloud.root.call(question).await).0, "InvalidLookupAttributesException");
    for token in ["x", "%%", ""] {
        let question = LookupEvents { next_token: Some(token.into()), ..Default::default() };
        assert_eq!(refusal(cloud.root.call(question).await).0, "InvalidNextTokenException", "{token}");
    }
    for name in ["a", "b"] {
        cloud.topic(name).await;
    }
    let first = LookupEvents { max_results: Some(1), ..Default::default() };
    let token = cloud.root.call(first).await.unwrap().next_token;
    assert!(token.is_some());
    let other = LookupEvents {
        next_token: token,
        lookup_attributes: Some(vec![attribute(LookupAttributeKey::Username, "root")]),
        ..Default::default()
    };
    assert_eq!(refusal(cloud.root.call(other).await).0, "InvalidNextTokenException");
    let nobody = cloud.cloud.user("bob", &[]);
    assert_eq!(refusal(nobody.call(LookupEvents::default()).await).0, "AccessDeniedException");
}
