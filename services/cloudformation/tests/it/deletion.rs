use crate::support::{Cloud, create, said, things};
use api_cloudformation::{
    CreateStack, DeleteStack, DeletionMode, DescribeStacks, ListStackResources, ListStacks,
    UpdateTerminationProtection,
};

fn delete(name: &str) -> DeleteStack {
    DeleteStack { stack_name: name.into(), ..Default::default() }
}

#[tokio::test]
async fn a_stack_is_deleted_in_reverse_order_and_stays_to_be_looked_up() {
    let cloud = Cloud::new();
    let template =
        things(&[("A", ""), ("B", "DependsOn: A"), ("Kept", "DependsOn: B, DeletionPolicy: Retain")]);
    let id = cloud.make("s", &template).await.stack_id.unwrap();
    let gone = cloud.delete(&id).await;
    assert_eq!(
        (gone.stack_status.as_str(), gone.deletion_time),
        ("DELETE_COMPLETE", Some(cloud.cloud.now()))
    );
    assert_eq!(cloud.world.calls()[3..], ["delete B", "delete A"]);
    assert_eq!(cloud.world.things(), ["s-Kept"]);
    assert_eq!(
        cloud.events(&id).await[11..],
        [
            "s DELETE_IN_PROGRESS User Initiated",
            "Kept DELETE_SKIPPED",
            "B DELETE_IN_PROGRESS",
            "B DELETE_COMPLETE",
            "A DELETE_IN_PROGRESS",
            "A DELETE_COMPLETE",
            "s DELETE_COMPLETE",
        ]
    );
    let by_name =
        cloud.root.call(DescribeStacks { stack_name: Some("s".into()), next_token: None }).await.unwrap_err();
    assert_eq!(said(by_name), "ValidationError: Stack with id s does not exist");
    assert!(cloud.root.call(DescribeStacks::default()).await.unwrap().stacks.unwrap().is_empty());
    assert_eq!(cloud.root.call(ListStacks::default()).await.unwrap().stack_summaries.unwrap().len(), 1);
    // What is not there is deleted already.
    for absent in ["s", "never", &id] {
        cloud.root.call(delete(absent)).await.unwrap();
    }
    assert_eq!(cloud.events(&id).await.len(), 18);
}

#[tokio::test]
async fn what_cannot_be_deleted_fails_the_stack_and_can_be_retained() {
    let cloud = Cloud::new();
    let id = cloud
        .make("s", &things(&[("A", ""), ("Bucket", "DependsOn: A"), ("Other", "")]))
        .await
        .stack_id
        .unwrap();
    cloud.world.undeletable.lock().unwrap().insert("Bucket".into());

    let early = DeleteStack { retain_resources: Some(vec!["Bucket".into()]), ..delete("s") };
    let refused = said(cloud.root.call(early.clone()).await.map(|_| ()).unwrap_err());
    let expected = "When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.";
    assert_eq!(refused, format!("ValidationError: Invalid operation on stack [{id}]. {expected}"));

    let failed = cloud.delete(&id).await;
    assert_eq!(failed.stack_status.as_str(), "DELETE_FAILED");
    assert_eq!(
        failed.stack_status_reason.as_deref(),
        Some("The following resource(s) failed to delete: [Bucket]. ")
    );
    let sentence = "Bucket DELETE_FAILED Resource handler returned message: \"s-Bucket is not empty\" (RequestToken: T, HandlerErrorCode: GeneralServiceException)";
    assert!(cloud.events(&id).await.contains(&sentence.to_owned()));
    // What Bucket needs is still there, and what it does not need is gone.
    assert_eq!(cloud.world.things().len(), 2);

    for wrong in ["Other", "Stranger"] {
        let retain = DeleteStack { retain_resources: Some(vec![wrong.into()]), ..delete("s") };
        let refused = cloud.root.call(retain).await.map(|_| ()).unwrap_err();
        assert!(refused.message.starts_with("The specified resources to retain must be in a valid state."));
    }
    // The failure again, then what retains.
    assert_eq!(cloud.delete(&id).await.stack_status.as_str(), "DELETE_FAILED");
    cloud.root.call(early).await.unwrap();
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    assert_eq!(cloud.world.things(), ["s-Bucket"]);
    assert!(cloud.events(&id).await.contains(&"Bucket DELETE_SKIPPED".to_owned()));
}

#[tokio::test]
async fn a_forced_deletion_leaves_what_cannot_be_deleted() {
    let cloud = Cloud::new();
    let id = cloud.make("s", &things(&[("A", ""), ("Bucket", "DependsOn: A")])).await.stack_id.unwrap();
    cloud.world.undeletable.lock().unwrap().insert("Bucket".into());
    let forced = DeleteStack { deletion_mode: Some(DeletionMode::ForceDeleteStack), ..delete("s") };
    let refused = said(cloud.root.call(forced.clone()).await.map(|_| ()).unwrap_err());
    let expected = "You can activate DeletionMode FORCE_DELETE_STACK in a delete stack operation only when the stack is in the DELETE_FAILED state.";
    assert_eq!(refused, format!("ValidationError: Invalid operation on stack [{id}]. {expected}"));
    cloud.delete(&id).await;
    cloud.root.call(forced).await.unwrap();
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    assert_eq!(cloud.world.things(), ["s-Bucket"]);
    let list = ListStackResources { stack_name: id, next_token: None };
    let resources = cloud.root.call(list).await.unwrap().stack_resource_summaries.unwrap();
    let shown: Vec<_> = resources.iter().map(|it| it.resource_status.as_str()).collect();
    assert_eq!(shown, ["DELETE_COMPLETE", "DELETE_SKIPPED"]);
}

#[tokio::test]
async fn a_protected_stack_is_not_deleted() {
    let cloud = Cloud::new();
    let input =
        CreateStack { enable_termination_protection: Some(true), ..create("s", &things(&[("A", "")])) };
    let id = cloud.ask(input).await;
    cloud.rests(&id).await;
    let refused = said(cloud.root.call(delete("s")).await.map(|_| ()).unwrap_err());
    assert_eq!(
        refused,
        "ValidationError: Stack [s] cannot be deleted while TerminationProtection is enabled"
    );
    let off = UpdateTerminationProtection { stack_name: "s".into(), enable_termination_protection: false };
    assert_eq!(cloud.root.call(off.clone()).await.unwrap().stack_id.unwrap(), id);
    assert_eq!(cloud.delete(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    assert_eq!(
        said(cloud.root.call(off).await.map(|_| ()).unwrap_err()),
        "ValidationError: Stack [s] does not exist"
    );
}
