use crate::support::{Cloud, create, things};
use api_cloudformation::CreateStack;

#[tokio::test]
async fn a_creation_goes_on_after_a_restart() {
    let mut cloud = Cloud::new();
    let template =
        things(&[("A", ""), ("B", "DependsOn: A, Properties: {GateAfter: true}"), ("C", "DependsOn: B")]);
    let id = cloud.begin("s", &template).await;
    cloud.called(&["create A", "create B"]).await;
    cloud.restart().await;
    // B is made once more under its token: nothing is made twice.
    cloud.called(&["create A", "create B", "create B"]).await;
    cloud.world.open("B");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "CREATE_COMPLETE");
    assert_eq!(cloud.world.calls(), ["create A", "create B", "create B", "create C"]);
    assert_eq!(cloud.world.things().len(), 3);
    let events = cloud.events(&id).await;
    assert_eq!(events.iter().filter(|event| *event == "B CREATE_IN_PROGRESS").count(), 1);
    assert_eq!(events.len(), 11);
}

#[tokio::test]
async fn what_was_cancelled_before_a_restart_is_found_and_deleted() {
    let mut cloud = Cloud::new();
    let template = things(&[("Slow", "Properties: {GateAfter: true}"), ("Bad", "Properties: {Fail: no}")]);
    let id = cloud.begin("s", &template).await;
    let cancelled = "Slow CREATE_FAILED Resource creation cancelled";
    cloud
        .cloud
        .until("it is cancelled", async || {
            cloud.events(&id).await.iter().any(|it| it == cancelled).then_some(())
        })
        .await;
    assert_eq!(cloud.world.things(), ["s-Slow"]);
    cloud.restart().await;
    cloud.world.open("Slow");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
    assert_eq!(cloud.world.calls(), ["create Slow", "create Bad", "create Slow", "delete Slow"]);
    assert!(cloud.world.things().is_empty());
    let events = cloud.events(&id).await;
    assert_eq!(events.iter().filter(|event| event.starts_with("Bad CREATE")).count(), 2, "{events:#?}");
    let reason = "s ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad, Slow]. Rollback requested by user.";
    assert_eq!(events.iter().filter(|event| *event == reason).count(), 1);
}

#[tokio::test]
async fn a_deletion_goes_on_after_a_restart() {
    let mut cloud = Cloud::new();
    let id = cloud
        .make("s", &things(&[("A", "Properties: {GateDelete: true}"), ("B", "DependsOn: A")]))
        .await
        .stack_id
        .unwrap();
    cloud
        .root
        .call(api_cloudformation::DeleteStack { stack_name: id.clone(), ..Default::default() })
        .await
        .unwrap();
    cloud.called(&["create A", "create B", "delete B", "delete A"]).await;
    cloud.restart().await;
    cloud.world.open("delete A");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    assert_eq!(cloud.world.calls(), ["create A", "create B", "delete B", "delete A", "delete A"]);
    let events = cloud.events(&id).await;
    assert_eq!(events.iter().filter(|event| *event == "A DELETE_IN_PROGRESS").count(), 1);
    assert!(cloud.world.things().is_empty());
}

#[tokio::test]
async fn a_stack_waits_for_work_to_begin() {
    let mut cloud = Cloud::new();
    drop(cloud.work.take());
    let input = CreateStack { client_request_token: Some("t".into()), ..create("s", &things(&[("A", "")])) };
    let id = cloud.ask(input.clone()).await;
    assert_eq!(cloud.ask(input).await, id);
    cloud.cloud.settle().await;
    assert_eq!(cloud.events(&id).await, ["s CREATE_IN_PROGRESS User Initiated"]);
    cloud.restart().await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "CREATE_COMPLETE");
}
