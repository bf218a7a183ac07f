//! Making, changing, listing and deleting event source mappings.

use crate::event_sources::{QUEUE_POLICY, mapping, queue_arn, ready};
use crate::support::*;
use api_lambda::*;
use std::collections::BTreeMap;
use std::time::Duration;

#[tokio::test]
async fn mappings_are_checked_when_they_are_made() {
    let lab = lab().await;
    lab.policies(&[BASIC]);
    lab.function("f").await;
    lab.queue("q", &[("VisibilityTimeout", "2")]).await;
    let make = async |input: CreateEventSourceMapping| refusal(lab.root().call(input).await);
    assert_eq!(
        make(mapping("q")).await,
        (
            "InvalidParameterValueException".into(),
            "The provided execution role does not have permissions to call ReceiveMessage on SQS".into()
        )
    );
    let receive = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*"}}"#;
    lab.policies(&[BASIC, receive]);
    assert_eq!(
        make(mapping("q")).await.1,
        "The provided execution role does not have permissions to call DeleteMessage on SQS"
    );
    lab.policies(&[BASIC, QUEUE_POLICY]);
    assert_eq!(
        make(mapping("q")).await.1,
        "Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds"
    );
    let missing = make(mapping("nothing")).await.1;
    assert!(
        missing.starts_with(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue."
        ),
        "{missing}"
    );
    let other = CreateEventSourceMapping { function_name: "g".into(), ..mapping("q") };
    assert_eq!(
        make(other).await,
        ("ResourceNotFoundException".into(), format!("Function not found: {}", arn("g")))
    );
    let start =
        CreateEventSourceMapping { starting_position: Some(EventSourcePosition::Latest), ..mapping("q") };
    assert_eq!(make(start).await.1, "StartingPosition is not valid for SQS event sources.");
    let stream = CreateEventSourceMapping {
        event_source_arn: Some(format!("arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/s")),
        ..mapping("q")
    };
    assert_eq!(
        make(stream).await.1,
        "An event source in Kinesis is not built in Cloudchamber. Leave it out."
    );
    let pollers = CreateEventSourceMapping {
        provisioned_poller_config: Some(ProvisionedPollerConfig::default()),
        ..mapping("q")
    };
    assert_eq!(make(pollers).await.1, "ProvisionedPollerConfig is not built in Cloudchamber. Leave it out.");
    let large = CreateEventSourceMapping { batch_size: Some(11), ..mapping("q") };
    assert!(make(large).await.1.starts_with("Maximum batch window in seconds must be greater than 0"));
    lab.queue("r", &[]).await;
    let made = lab.root().call(mapping("r")).await.unwrap().uuid.unwrap();
    assert_eq!(
        make(mapping("r")).await,
        (
            "ResourceConflictException".into(),
            format!(
                "An event source mapping with SQS arn (\" {} \") and function (\" f \") already exists. Please update or delete the existing \
                 mapping with UUID {made}",
                queue_arn("r")
            )
        )
    );
    assert!(
        lab.root()
            .call(ListEventSourceMappings::default())
            .await
            .unwrap()
            .event_source_mappings
            .unwrap()
            .len()
            == 1
    );
}

#[tokio::test]
async fn mappings_are_listed_tagged_switched_off_changed_and_deleted() {
    let lab = ready().await;
    let _work = lab.cloud.start_work();
    lab.function("g").await;
    let tags: BTreeMap<String, String> = [("team".to_owned(), "blue".to_owned())].into();
    let uuid = lab.mapped(CreateEventSourceMapping { tags: Some(tags.clone()), ..mapping("q") }).await;
    let list = async |function: Option<&str>, source: Option<String>| {
        let input = ListEventSourceMappings {
            function_name: function.map(str::to_owned),
            event_source_arn: source,
            ..Default::default()
        };
        lab.root().call(input).await.unwrap().event_source_mappings.unwrap().len()
    };
    assert_eq!((list(None, None).await, list(Some("f"), None).await, list(Some("g"), None).await), (1, 1, 0));
    assert_eq!((list(None, Some(queue_arn("q"))).await, list(None, Some(queue_arn("r"))).await), (1, 0));
    let resource = format!("arn:aws:lambda:us-east-1:{ACCOUNT}:event-source-mapping:{uuid}");
    assert_eq!(lab.root().call(ListTags { resource: resource.clone() }).await.unwrap().tags, Some(tags));
    let untag = UntagResource { resource: resource.clone(), tag_keys: vec!["team".into()] };
    lab.root().call(untag).await.unwrap();
    assert_eq!(lab.root().call(ListTags { resource }).await.unwrap().tags, Some(BTreeMap::new()));

    let update = |enabled| UpdateEventSourceMapping {
        uuid: uuid.clone(),
        enabled: Some(enabled),
        function_name: Some("g".into()),
        batch_size: Some(1),
        ..Default::default()
    };
    let answer = lab.root().call(update(false)).await.unwrap();
    assert_eq!(answer.state.as_deref(), Some("Disabling"));
    let shown = lab.reaches(&uuid, "Disabled").await;
    assert_eq!((shown.function_arn, shown.batch_size), (Some(arn("g")), Some(1)));
    lab.send("q", "later").await;
    lab.cloud.advance(Duration::from_secs(60)).await;
    assert_eq!(lab.left("q").await, (1, 0));
    assert_eq!(lab.root().call(update(true)).await.unwrap().state.as_deref(), Some("Enabling"));
    lab.gone("q").await;
    assert_eq!(lab.seen.invoked.lock().unwrap()[0].function_arn, arn("g"));

    let deleted = lab.root().call(DeleteEventSourceMapping { uuid: uuid.clone() }).await.unwrap();
    assert_eq!(deleted.state.as_deref(), Some("Deleting"));
    let gone = async || {
        let got = lab.root().call(GetEventSourceMapping { uuid: uuid.clone() }).await;
        got.err().filter(|error| error.code == "ResourceNotFoundException")
    };
    let error = lab.cloud.until("it is gone", gone).await;
    assert_eq!(error.message, "The resource you requested does not exist.");
    lab.send("q", "nobody").await;
    lab.cloud.advance(Duration::from_secs(60)).await;
    assert_eq!(lab.left("q").await, (1, 0));
}

#[tokio::test]
async fn mappings_go_on_after_a_restart() {
    let lab = ready().await;
    let work = lab.cloud.start_work();
    lab.mapped(mapping("q")).await;
    drop(work);
    // What was dropped ends at its next turn.
    lab.cloud.settle().await;
    lab.send("q", "while nobody looked").await;
    let _work = lab.cloud.start_work();
    lab.gone("q").await;
    assert_eq!(lab.bodies(), ["while nobody looked"]);
}

#[tokio::test]
async fn a_deletion_is_not_taken_back_by_an_update() {
    let lab = ready().await;
    let made = lab.root().call(mapping("q")).await.unwrap();
    let uuid = made.uuid.unwrap();
    let deleted = lab.root().call(DeleteEventSourceMapping { uuid: uuid.clone() }).await.unwrap();
    assert_eq!(deleted.state.as_deref(), Some("Deleting"));
    let update = UpdateEventSourceMapping { uuid, enabled: Some(true), ..Default::default() };
    let (code, message) = refusal(lab.root().call(update).await);
    assert_eq!(code, "ResourceInUseException");
    assert_eq!(message, "Cannot update the event source mapping because it is in use.");
}
