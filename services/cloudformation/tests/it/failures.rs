use crate::support::{Cloud, create, things};
use api_cloudformation::{CreateStack, OnFailure};

fn failing() -> String {
    things(&[
        ("Good", ""),
        ("Slow", "Properties: {Gate: true}"),
        ("Bad", "DependsOn: Good, Properties: {Fail: thing exists}"),
        ("Never", "DependsOn: Bad"),
    ])
}

const BAD: &str = "Bad CREATE_FAILED Resource handler returned message: \"thing exists\" (RequestToken: T, HandlerErrorCode: AlreadyExists)";

#[tokio::test]
async fn a_failed_stack_is_rolled_back_in_reverse_order() {
    let cloud = Cloud::new();
    let id = cloud.begin("s", &failing()).await;
    let cancelled = "Slow CREATE_FAILED Resource creation cancelled";
    cloud
        .cloud
        .until("it is cancelled", async || {
            cloud.events(&id).await.iter().any(|it| it == cancelled).then_some(())
        })
        .await;
    cloud.world.open("Slow");
    let stack = cloud.rests(&id).await;
    assert_eq!((stack.stack_status.as_str(), stack.stack_status_reason), ("ROLLBACK_COMPLETE", None));
    let events = cloud.events(&id).await;
    let at = |line: &str| {
        events
            .iter()
            .position(|event| event == line)
            .unwrap_or_else(|| panic!("{line} is not in {events:#?}"))
    };
    let rolled = at(
        "s ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad, Slow]. Rollback requested by user.",
    );
    assert!(at(BAD) < at(cancelled) && at(cancelled) < rolled);
    // What was made although it was cancelled is deleted; what was never made is gone at once.
    assert!(rolled < at("Slow DELETE_IN_PROGRESS") && rolled < at("Bad DELETE_COMPLETE"));
    assert!(at("Bad DELETE_COMPLETE") < at("Good DELETE_IN_PROGRESS"));
    assert!(!events.iter().any(|event| event.starts_with("Never") || event == "Bad DELETE_IN_PROGRESS"));
    assert_eq!(events.last().unwrap(), "s ROLLBACK_COMPLETE");
    assert!(cloud.world.things().is_empty());
    assert_eq!(cloud.delete(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
}

#[tokio::test]
async fn what_becomes_of_a_failed_stack_is_chosen() {
    let cloud = Cloud::new();
    cloud.world.open("Slow");
    let id = cloud
        .ask(CreateStack { on_failure: Some(OnFailure::DoNothing), ..create("nothing", &failing()) })
        .await;
    let kept = cloud.rests(&id).await;
    assert_eq!(kept.stack_status.as_str(), "CREATE_FAILED");
    assert!(
        kept.stack_status_reason.unwrap().starts_with("The following resource(s) failed to create: [Bad")
    );
    assert_eq!(kept.disable_rollback, Some(true));
    assert!(cloud.world.things().contains(&"nothing-Good".to_owned()));
    cloud.delete(&id).await;
    assert!(cloud.world.things().is_empty());

    let id = cloud.ask(CreateStack { disable_rollback: Some(true), ..create("kept", &failing()) }).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "CREATE_FAILED");
    cloud.delete(&id).await;

    let template = things(&[
        ("Kept", "DeletionPolicy: Retain"),
        ("Gone", "DeletionPolicy: RetainExceptOnCreate"),
        ("Bad", "DependsOn: [Kept, Gone], Properties: {Fail: no}"),
    ]);
    let id =
        cloud.ask(CreateStack { on_failure: Some(OnFailure::Delete), ..create("gone", &template) }).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    let events = cloud.events(&id).await;
    let deleting = "gone DELETE_IN_PROGRESS The following resource(s) failed to create: [Bad]. Delete requested by user.";
    assert!(events.iter().any(|event| event == deleting), "{events:#?}");
    assert_eq!(cloud.world.things(), ["gone-Kept"]);
}

#[tokio::test]
async fn retained_resources_survive_a_rollback_unless_told_otherwise() {
    let cloud = Cloud::new();
    let template = things(&[
        ("Kept", "DeletionPolicy: Retain"),
        ("Gone", "DeletionPolicy: RetainExceptOnCreate"),
        ("Bad", "DependsOn: [Kept, Gone], Properties: {Fail: no}"),
    ]);
    cloud.make("s", &template).await;
    assert!(cloud.events("s").await.contains(&"Kept DELETE_SKIPPED".to_owned()));
    assert_eq!(cloud.world.things(), ["s-Kept"]);
    let id = cloud.ask(CreateStack { retain_except_on_create: Some(true), ..create("t", &template) }).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
    assert_eq!(cloud.world.things(), ["s-Kept"]);
}

#[tokio::test]
async fn a_rollback_that_fails_says_of_what() {
    let cloud = Cloud::new();
    cloud.world.undeletable.lock().unwrap().insert("Good".into());
    let stack =
        cloud.make("s", &things(&[("Good", ""), ("Bad", "DependsOn: Good, Properties: {Fail: no}")])).await;
    assert_eq!(stack.stack_status.as_str(), "ROLLBACK_FAILED");
    assert_eq!(
        stack.stack_status_reason.as_deref(),
        Some("The following resource(s) failed to delete: [Good]. ")
    );
    cloud.world.undeletable.lock().unwrap().clear();
    assert_eq!(cloud.delete(&stack.stack_id.unwrap()).await.stack_status.as_str(), "DELETE_COMPLETE");
    assert!(cloud.world.things().is_empty());
}

#[tokio::test]
async fn wrong_properties_are_told_as_aws_tells_them() {
    let cloud = Cloud::new();
    cloud.make("s", &things(&[("A", "Properties: {Valeu: x}")])).await;
    let sentence = "A CREATE_FAILED Properties validation failed for resource A with message:\n[#: extraneous key [Valeu] is not permitted]";
    assert!(cloud.events("s").await.contains(&sentence.to_owned()));
    assert!(cloud.world.calls().is_empty());
    cloud.make("t", &things(&[("A", "Properties: {Port: http}")])).await;
    let sentence = "A CREATE_FAILED Properties validation failed for resource A with message:\n[#/Port: expected type: Integer]";
    assert!(cloud.events("t").await.contains(&sentence.to_owned()));
}

#[tokio::test]
async fn a_handler_that_panics_fails_its_resource_only() {
    let cloud = Cloud::new();
    let stack = cloud.make("s", &things(&[("A", "Properties: {Panic: true}")])).await;
    assert_eq!(stack.stack_status.as_str(), "ROLLBACK_COMPLETE");
    assert!(cloud.events("s").await[2].contains("\"Internal Failure\""));
}
