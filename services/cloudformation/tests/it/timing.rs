use crate::support::{Cloud, create, said, things};
use api_cloudformation::{CreateStack, DeleteStack, OnFailure};
use std::time::Duration;

#[tokio::test]
async fn a_creation_that_takes_too_long_is_rolled_back() {
    let cloud = Cloud::new();
    let template = things(&[("Slow", "Properties: {GateAfter: true}"), ("Next", "DependsOn: Slow")]);
    let id = cloud.ask(CreateStack { timeout_in_minutes: Some(2), ..create("s", &template) }).await;
    cloud.called(&["create Slow"]).await;
    cloud.cloud.advance(Duration::from_secs(119)).await;
    assert_eq!(cloud.events(&id).await.len(), 2);
    cloud.cloud.advance(Duration::from_secs(1)).await;
    let cancelled = "Slow CREATE_FAILED Resource creation cancelled";
    cloud
        .cloud
        .until("it is cancelled", async || {
            cloud.events(&id).await.iter().any(|it| it == cancelled).then_some(())
        })
        .await;
    cloud.world.open("Slow");
    let stack = cloud.rests(&id).await;
    assert_eq!(stack.stack_status.as_str(), "ROLLBACK_COMPLETE");
    let reason = "s ROLLBACK_IN_PROGRESS Stack creation time exceeded the specified timeout. Rollback requested by user.";
    assert!(cloud.events(&id).await.contains(&reason.to_owned()));
    assert_eq!(cloud.world.calls(), ["create Slow", "delete Slow"]);
    assert!(cloud.world.things().is_empty());
}

#[tokio::test]
async fn a_timeout_deletes_where_that_is_chosen() {
    let cloud = Cloud::new();
    let input = create("s", &things(&[("Slow", "Properties: {Gate: true}")]));
    let id = cloud
        .ask(CreateStack { timeout_in_minutes: Some(1), on_failure: Some(OnFailure::Delete), ..input })
        .await;
    cloud.called(&["create Slow"]).await;
    cloud.world.open("nothing");
    cloud.cloud.advance(Duration::from_secs(60)).await;
    cloud.world.open("Slow");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    let reason =
        "s DELETE_IN_PROGRESS Stack creation time exceeded the specified timeout. Delete requested by user.";
    assert!(cloud.events(&id).await.contains(&reason.to_owned()));
}

#[tokio::test]
async fn a_stack_that_is_being_created_can_be_deleted() {
    let cloud = Cloud::new();
    let template = things(&[
        ("Done", ""),
        ("Slow", "DependsOn: Done, Properties: {GateAfter: true}"),
        ("Next", "DependsOn: Slow"),
    ]);
    let id = cloud.begin("s", &template).await;
    cloud.called(&["create Done", "create Slow"]).await;
    cloud.root.call(DeleteStack { stack_name: "s".into(), ..Default::default() }).await.unwrap();
    let cancelled = "Slow CREATE_FAILED Resource creation cancelled";
    cloud
        .cloud
        .until("it is cancelled", async || {
            cloud.events(&id).await.iter().any(|it| it == cancelled).then_some(())
        })
        .await;
    // Asking again changes nothing.
    cloud.root.call(DeleteStack { stack_name: "s".into(), ..Default::default() }).await.unwrap();
    cloud.world.open("Slow");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    assert_eq!(cloud.world.calls(), ["create Done", "create Slow", "delete Slow", "delete Done"]);
    assert!(cloud.world.things().is_empty());
    let events = cloud.events(&id).await;
    assert_eq!(events.iter().filter(|event| event.starts_with("s ")).count(), 3, "{events:#?}");
    cloud.cloud.settle().await;
    assert!(cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty());
}

#[tokio::test]
async fn a_stack_that_is_being_rolled_back_cannot_be_deleted_yet() {
    let cloud = Cloud::new();
    let template = things(&[
        ("Good", "Properties: {GateDelete: true}"),
        ("Bad", "DependsOn: Good, Properties: {Fail: no}"),
    ]);
    let id = cloud.begin("s", &template).await;
    cloud.called(&["create Good", "create Bad", "delete Good"]).await;
    let delete = DeleteStack { stack_name: "s".into(), ..Default::default() };
    let refused = said(cloud.root.call(delete).await.map(|_| ()).unwrap_err());
    assert_eq!(
        refused,
        format!("ValidationError: Stack [{id}] cannot be deleted while in status ROLLBACK_IN_PROGRESS")
    );
    cloud.world.open("delete Good");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
    assert_eq!(cloud.delete(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
}
