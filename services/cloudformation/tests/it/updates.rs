use crate::support::{Cloud, create, said, things, update};
use api_cloudformation::{CancelUpdateStack, ContinueUpdateRollback, DeleteStack, Parameter, UpdateStack};

const BEGUN: &str = "s UPDATE_IN_PROGRESS User Initiated";
const NEW: &str = "UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.";

#[tokio::test]
async fn resources_are_added_changed_replaced_and_removed() {
    let cloud = Cloud::new();
    let before = things(&[
        ("Changed", "Properties: {Value: a}"),
        ("Replaced", "Properties: {Kind: x}"),
        ("Follows", "Properties: {Value: !Ref Replaced}"),
        ("Same", ""),
        ("Gone", "DependsOn: Same"),
    ]);
    cloud.make("s", &before).await;
    cloud.world.calls.lock().unwrap().clear();
    let after = things(&[
        ("Changed", "Properties: {Value: b}"),
        ("Replaced", "Properties: {Kind: y}"),
        ("Follows", "Properties: {Value: !Ref Replaced}"),
        ("Same", ""),
        ("Added", "DependsOn: Follows"),
    ]);
    let stack = cloud.update("s", &after).await;
    assert_eq!((stack.stack_status.as_str(), stack.stack_status_reason), ("UPDATE_COMPLETE", None));
    assert_eq!(stack.last_updated_time, Some(cloud.cloud.now()));
    let calls = cloud.world.calls();
    assert_eq!(calls.len(), 6, "{calls:?}");
    let at =
        |call: &str| calls.iter().position(|it| it == call).unwrap_or_else(|| panic!("{call}: {calls:?}"));
    at("update Changed a>b");
    assert!(at("create Replaced") < at("update Follows s-Replaced>s-Replaced-2"));
    assert!(at("update Follows s-Replaced>s-Replaced-2") < at("create Added"));
    assert!(at("create Added") < at("delete Replaced") && at("create Added") < at("delete Gone"));
    let mut left = cloud.world.things();
    left.sort();
    assert_eq!(left, ["s-Added", "s-Changed", "s-Follows", "s-Replaced-2", "s-Same"]);
    let events = cloud.events_since("s", BEGUN).await;
    let at =
        |line: &str| events.iter().position(|it| it == line).unwrap_or_else(|| panic!("{line}: {events:#?}"));
    assert!(at(&format!("Replaced {NEW}")) < at("Replaced UPDATE_IN_PROGRESS Resource creation Initiated"));
    assert!(at("Replaced UPDATE_COMPLETE") < at("Follows UPDATE_IN_PROGRESS"));
    let cleaning = at("s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    assert!(at("Added CREATE_COMPLETE") < cleaning && cleaning < at("Gone DELETE_COMPLETE"));
    assert!(cleaning < at("Replaced DELETE_COMPLETE"));
    assert_eq!(events.last().unwrap(), "s UPDATE_COMPLETE");
    assert!(!events.iter().any(|event| event.starts_with("Same")));
    // The removed resource is no longer one of the stack's, and the stack can go.
    let list = api_cloudformation::ListStackResources { stack_name: "s".into(), ..Default::default() };
    let list = cloud.root.call(list).await.unwrap().stack_resource_summaries.unwrap();
    assert_eq!(list.len(), 5);
    let id = stack.stack_id.unwrap();
    assert_eq!(cloud.delete(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    assert!(cloud.world.things().is_empty());
}

#[tokio::test]
async fn what_is_not_to_be_updated_is_refused() {
    let cloud = Cloud::new();
    let template = "Parameters: {P: {Type: String, Default: a}, Q: {Type: String}}\nResources: {A: {Type: 'AWS::Test::Thing', Properties: {Value: !Sub '${P}${Q}'}}}";
    let parameter = |key: &str, value: Option<&str>| Parameter {
        parameter_key: Some(key.into()),
        parameter_value: value.map(str::to_owned),
        use_previous_value: value.is_none().then_some(true),
        ..Default::default()
    };
    let create = api_cloudformation::CreateStack {
        parameters: Some(vec![parameter("Q", Some("q"))]),
        ..create("s", template)
    };
    let id = cloud.ask(create).await;
    cloud.rests(&id).await;
    let previous = UpdateStack { template_body: None, use_previous_template: Some(true), ..update("s", "") };
    let refused = async |input: UpdateStack| said(cloud.root.call(input).await.map(|_| ()).unwrap_err());
    let same = UpdateStack { parameters: Some(vec![parameter("Q", None)]), ..previous.clone() };
    assert_eq!(refused(same).await, "ValidationError: No updates are to be performed.");
    assert_eq!(refused(previous.clone()).await, "ValidationError: Parameters: [Q] must have values");
    let unknown = UpdateStack {
        parameters: Some(vec![parameter("Q", None), parameter("R", None)]),
        ..previous.clone()
    };
    assert!(refused(unknown).await.contains(
        "Cannot specify usePreviousValue as true for a parameter key not in the previous template"
    ));
    assert_eq!(refused(update("t", template)).await, "ValidationError: Stack [t] does not exist");
    let both = UpdateStack { use_previous_template: Some(true), ..update("s", template) };
    assert!(refused(both).await.starts_with("ValidationError: Specify only one of"));
    assert_eq!(
        refused(update("s", "Resources: {A: {Type: 'AWS::IAM::Role'}}")).await,
        "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]"
    );
    let other = UpdateStack {
        capabilities: Some(vec![api_cloudformation::Capability::CapabilityIam]),
        ..update("s", "Resources: {A: {Type: 'AWS::IAM::Role'}}")
    };
    assert_eq!(
        refused(other).await,
        "ValidationError: Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]"
    );
    let cancel = CancelUpdateStack { stack_name: "s".into(), ..Default::default() };
    assert_eq!(
        said(cloud.root.call(cancel).await.map(|_| ()).unwrap_err()),
        "ValidationError: CancelUpdateStack cannot be called from current stack status"
    );
    let resume = ContinueUpdateRollback { stack_name: "s".into(), ..Default::default() };
    assert!(
        said(cloud.root.call(resume).await.map(|_| ()).unwrap_err())
            .contains("is in CREATE_COMPLETE state and can not continue")
    );
    // A value of the previous kept, another given.
    let given =
        UpdateStack { parameters: Some(vec![parameter("P", Some("b")), parameter("Q", None)]), ..previous };
    let id = cloud.ask_update(given.clone()).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_COMPLETE");
    assert!(cloud.world.calls().contains(&"update A aq>bq".to_owned()));
    assert_eq!(refused(given).await, "ValidationError: No updates are to be performed.");
}

fn failing() -> (String, String) {
    let before = things(&[
        ("Changed", "Properties: {Value: a}"),
        ("Replaced", "Properties: {Kind: x, Value: old}"),
        ("Follows", "Properties: {Value: !Ref Replaced}"),
        ("Last", "DependsOn: Follows, Properties: {Value: 1}"),
        ("Removed", ""),
    ]);
    let after = things(&[
        ("Changed", "Properties: {Value: b}"),
        ("Replaced", "Properties: {Kind: y, Value: new}"),
        ("Follows", "Properties: {Value: !Ref Replaced}"),
        ("Added", "DependsOn: Changed"),
        ("Last", "DependsOn: [Follows, Added], Properties: {Value: 2, FailUpdate: it will not}"),
        ("Never", "DependsOn: Last"),
    ]);
    (before, after)
}

#[tokio::test]
async fn a_failed_update_restores_what_was() {
    let cloud = Cloud::new();
    let (before, after) = failing();
    let outputs = "Outputs: {O: {Value: !GetAtt Changed.Value}}\n";
    cloud.make("s", &format!("{before}{outputs}")).await;
    let stack = cloud.update("s", &format!("{after}{outputs}")).await;
    assert_eq!((stack.stack_status.as_str(), stack.stack_status_reason), ("UPDATE_ROLLBACK_COMPLETE", None));
    assert_eq!(stack.outputs.unwrap()[0].output_value.as_deref(), Some("a"));
    let mut left = cloud.world.things();
    left.sort();
    assert_eq!(left, ["s-Changed", "s-Follows", "s-Last", "s-Removed", "s-Replaced"]);
    let calls = cloud.world.calls();
    for call in [
        "update Changed b>a",
        "update Follows s-Replaced-2>s-Replaced",
        "update Last 2>1",
        "delete Added",
        "delete Replaced",
    ] {
        assert_eq!(calls.iter().filter(|it| *it == call).count(), 1, "{call}: {calls:?}");
    }
    assert!(!calls.contains(&"delete Removed".to_owned()) && !calls.contains(&"create Never".to_owned()));
    let events = cloud.events_since("s", BEGUN).await;
    let at =
        |line: &str| events.iter().position(|it| it == line).unwrap_or_else(|| panic!("{line}: {events:#?}"));
    let failed = at(
        "Last UPDATE_FAILED Resource handler returned message: \"it will not\" (RequestToken: T, HandlerErrorCode: GeneralServiceException)",
    );
    let back = at("s UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [Last]. ");
    let cleaning = at("s UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
    assert!(failed < back && back < cleaning && cleaning < at("Added DELETE_COMPLETE"));
    assert_eq!(events.last().unwrap(), "s UPDATE_ROLLBACK_COMPLETE");
    // It is as it was: the old template changes nothing, and another update works.
    let refused =
        said(cloud.root.call(update("s", &format!("{before}{outputs}"))).await.map(|_| ()).unwrap_err());
    assert_eq!(refused, "ValidationError: No updates are to be performed.");
    let fixed = after.replace(", FailUpdate: it will not", "");
    assert_eq!(cloud.update("s", &fixed).await.stack_status.as_str(), "UPDATE_COMPLETE");
    let mut left = cloud.world.things();
    left.sort();
    assert_eq!(left, ["s-Added", "s-Changed", "s-Follows", "s-Last", "s-Never", "s-Replaced-2"]);
}

#[tokio::test]
async fn a_failed_update_can_be_left_and_taken_up_again() {
    let cloud = Cloud::new();
    let (before, after) = failing();
    cloud.make("s", &before).await;
    let id = cloud.ask_update(UpdateStack { disable_rollback: Some(true), ..update("s", &after) }).await;
    let stack = cloud.rests(&id).await;
    assert_eq!(stack.stack_status.as_str(), "UPDATE_FAILED");
    assert_eq!(
        stack.stack_status_reason.as_deref(),
        Some("The following resource(s) failed to update: [Last]. ")
    );
    let fixed = after.replace(", FailUpdate: it will not", "");
    assert_eq!(cloud.update("s", &fixed).await.stack_status.as_str(), "UPDATE_COMPLETE");
    let mut left = cloud.world.things();
    left.sort();
    assert_eq!(left, ["s-Added", "s-Changed", "s-Follows", "s-Last", "s-Never", "s-Replaced-2"]);
}

#[tokio::test]
async fn a_half_done_update_can_be_deleted_whole() {
    let cloud = Cloud::new();
    let (before, after) = failing();
    cloud.make("s", &before).await;
    let id = cloud.ask_update(UpdateStack { disable_rollback: Some(true), ..update("s", &after) }).await;
    cloud.rests(&id).await;
    assert!(cloud.world.things().contains(&"s-Replaced-2".to_owned()));
    assert_eq!(cloud.delete(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    assert!(cloud.world.things().is_empty(), "{:?}", cloud.world.things());
}

#[tokio::test]
async fn a_rollback_that_fails_goes_on_when_asked() {
    let cloud = Cloud::new();
    let (before, after) = failing();
    cloud.make("s", &before).await;
    cloud.world.unrestorable.lock().unwrap().insert("Last".into());
    let stack = cloud.update("s", &after).await;
    assert_eq!(stack.stack_status.as_str(), "UPDATE_ROLLBACK_FAILED");
    assert_eq!(
        stack.stack_status_reason.as_deref(),
        Some("The following resource(s) failed to update: [Last]. ")
    );
    let refused = said(cloud.root.call(update("s", &before)).await.map(|_| ()).unwrap_err());
    assert!(refused.ends_with("is in UPDATE_ROLLBACK_FAILED state and can not be updated."), "{refused}");
    let resume = |skip: &[&str]| ContinueUpdateRollback {
        stack_name: "s".into(),
        resources_to_skip: Some(skip.iter().map(|name| (*name).to_owned()).collect()),
        ..Default::default()
    };
    let refused = said(cloud.root.call(resume(&["Changed"])).await.map(|_| ()).unwrap_err());
    assert!(refused.starts_with("ValidationError: Resource [Changed] cannot be skipped"), "{refused}");
    let id = stack.stack_id.unwrap();
    cloud.root.call(resume(&[])).await.unwrap();
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_ROLLBACK_FAILED");
    cloud.root.call(resume(&["Last"])).await.unwrap();
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
    let mut left = cloud.world.things();
    left.sort();
    assert_eq!(left, ["s-Changed", "s-Follows", "s-Last", "s-Removed", "s-Replaced"]);
}

#[tokio::test]
async fn an_update_can_be_cancelled() {
    let cloud = Cloud::new();
    cloud
        .make("s", &things(&[("A", "Properties: {Value: 1}"), ("B", "DependsOn: A, Properties: {Value: 1}")]))
        .await;
    let after = things(&[
        ("A", "Properties: {Value: 2, GateUpdate: true}"),
        ("B", "DependsOn: A, Properties: {Value: 2}"),
    ]);
    let id = cloud.ask_update(update("s", &after)).await;
    cloud.called(&["create A", "create B", "update A 1>2"]).await;
    let delete = DeleteStack { stack_name: "s".into(), ..Default::default() };
    let refused = said(cloud.root.call(delete).await.map(|_| ()).unwrap_err());
    assert!(refused.ends_with("cannot be deleted while in status UPDATE_IN_PROGRESS"), "{refused}");
    cloud.root.call(CancelUpdateStack { stack_name: "s".into(), ..Default::default() }).await.unwrap();
    cloud
        .cloud
        .until("it is cancelled", async || {
            let cancelled = "A UPDATE_FAILED Resource update cancelled".to_owned();
            cloud.events(&id).await.contains(&cancelled).then_some(())
        })
        .await;
    cloud.world.open("update A");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(cloud.world.calls(), ["create A", "create B", "update A 1>2", "update A 2>1"]);
    let events = cloud.events_since("s", BEGUN).await;
    assert!(events.contains(&"s UPDATE_ROLLBACK_IN_PROGRESS User Initiated".to_owned()), "{events:#?}");
    cloud.cloud.settle().await;
    assert!(cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap().is_empty());
}

#[tokio::test]
async fn an_update_goes_on_after_a_restart() {
    let mut cloud = Cloud::new();
    let before = things(&[
        ("A", "Properties: {Value: 1}"),
        ("B", "DependsOn: A, Properties: {Kind: x}"),
        ("Old", "Properties: {GateDelete: true}"),
    ]);
    cloud.make("s", &before).await;
    cloud.world.calls.lock().unwrap().clear();
    let after = things(&[
        ("A", "Properties: {Value: 2, GateUpdate: true}"),
        ("B", "DependsOn: A, Properties: {Kind: y, GateAfter: true}"),
    ]);
    let id = cloud.ask_update(update("s", &after)).await;
    cloud.called(&["update A 1>2"]).await;
    cloud.restart().await;
    cloud.called(&["update A 1>2", "update A 1>2"]).await;
    cloud.world.open("update A");
    cloud.called(&["update A 1>2", "update A 1>2", "create B"]).await;
    cloud.restart().await;
    // Under the same token: nothing is made twice.
    cloud.called(&["update A 1>2", "update A 1>2", "create B", "create B"]).await;
    cloud.world.open("B");
    cloud
        .cloud
        .until("it is cleaned up", async || {
            cloud.world.calls().contains(&"delete Old".to_owned()).then_some(())
        })
        .await;
    cloud.restart().await;
    cloud.world.open("delete Old");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_COMPLETE");
    let mut left = cloud.world.things();
    left.sort();
    assert_eq!(left, ["s-A", "s-B-2"]);
    let events = cloud.events_since("s", BEGUN).await;
    for once in ["A UPDATE_IN_PROGRESS", "A UPDATE_COMPLETE", "B UPDATE_COMPLETE", "Old DELETE_COMPLETE"] {
        assert_eq!(events.iter().filter(|event| *event == once).count(), 1, "{once}: {events:#?}");
    }
}

#[tokio::test]
async fn a_rollback_goes_on_after_a_restart() {
    let mut cloud = Cloud::new();
    let before = things(&[("A", "Properties: {Value: 1, GateUpdate: true}"), ("B", "DependsOn: A")]);
    cloud.make("s", &before).await;
    cloud.world.calls.lock().unwrap().clear();
    let after = things(&[
        ("A", "Properties: {Value: 2}"),
        ("B", "DependsOn: A, Properties: {Kind: y, GateAfter: true}"),
        ("C", "DependsOn: A, Properties: {Fail: no}"),
    ]);
    let id = cloud.ask_update(update("s", &after)).await;
    cloud
        .cloud
        .until("B is cancelled", async || {
            cloud
                .events(&id)
                .await
                .contains(&"B UPDATE_FAILED Resource update cancelled".to_owned())
                .then_some(())
        })
        .await;
    cloud.restart().await;
    cloud.world.open("B");
    cloud
        .cloud
        .until("A is taken back", async || {
            cloud.world.calls().contains(&"update A 2>1".to_owned()).then_some(())
        })
        .await;
    cloud.restart().await;
    cloud.world.open("update A");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
    let mut left = cloud.world.things();
    left.sort();
    assert_eq!(left, ["s-A", "s-B"]);
}
