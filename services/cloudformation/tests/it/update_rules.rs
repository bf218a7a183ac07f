use crate::support::{Cloud, said, things, update};
use api_cloudformation::{ListImports, SetStackPolicy, Tag, UpdateStack};

const BEGUN: &str = "s UPDATE_IN_PROGRESS User Initiated";

#[tokio::test]
async fn policies_decide_what_stays() {
    let cloud = Cloud::new();
    let before = things(&[
        ("Kept", "DeletionPolicy: Retain"),
        ("Old", "UpdateReplacePolicy: Retain, Properties: {Kind: x}"),
        ("Named", "Properties: {Name: mine, Kind: x}"),
    ]);
    cloud.make("s", &before).await;
    let after = things(&[
        ("Old", "UpdateReplacePolicy: Retain, Properties: {Kind: y}"),
        ("Named", "Properties: {Name: mine, Kind: x}"),
    ]);
    assert_eq!(cloud.update("s", &after).await.stack_status.as_str(), "UPDATE_COMPLETE");
    let mut left = cloud.world.things();
    left.sort();
    assert_eq!(left, ["mine", "s-Kept", "s-Old", "s-Old-2"]);
    let events = cloud.events_since("s", BEGUN).await;
    assert!(
        events.contains(&"Kept DELETE_SKIPPED".to_owned())
            && events.contains(&"Old DELETE_SKIPPED".to_owned())
    );
    // What has a name of its own cannot be there twice.
    let named = things(&[
        ("Old", "UpdateReplacePolicy: Retain, Properties: {Kind: y}"),
        ("Named", "Properties: {Name: mine, Kind: z}"),
    ]);
    assert_eq!(cloud.update("s", &named).await.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
    let reason = "Named UPDATE_FAILED CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename mine and update the stack again.";
    assert!(cloud.events("s").await.contains(&reason.to_owned()));
}

#[tokio::test]
async fn a_stack_policy_binds_updates() {
    let cloud = Cloud::new();
    let policy = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"Update:*","Resource":"*"},
        {"Effect":"Deny","Principal":"*","Action":"Update:*","Resource":"LogicalResourceId/A"}]}"#;
    cloud.make("s", &things(&[("A", "Properties: {Value: 1}"), ("B", "Properties: {Value: 1}")])).await;
    let set = SetStackPolicy {
        stack_name: "s".into(),
        stack_policy_body: Some(policy.into()),
        ..Default::default()
    };
    cloud.root.call(set).await.unwrap();
    let b = things(&[("A", "Properties: {Value: 1}"), ("B", "Properties: {Value: 2}")]);
    assert_eq!(cloud.update("s", &b).await.stack_status.as_str(), "UPDATE_COMPLETE");
    let a = things(&[("A", "Properties: {Value: 2}"), ("B", "Properties: {Value: 2}")]);
    assert_eq!(cloud.update("s", &a).await.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
    let reason = "A UPDATE_FAILED Action denied by stack policy: Statement [#2] does not allow [Update:Modify] for resource [LogicalResourceId/A];";
    assert!(cloud.events("s").await.contains(&reason.to_owned()));
    let gone = things(&[("B", "Properties: {Value: 2}")]);
    assert_eq!(cloud.update("s", &gone).await.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
    let all = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"Update:*","Resource":"*"}]}"#;
    let during = UpdateStack { stack_policy_during_update_body: Some(all.into()), ..update("s", &a) };
    let id = cloud.ask_update(during).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_COMPLETE");
    let kept = api_cloudformation::GetStackPolicy { stack_name: "s".into() };
    assert_eq!(cloud.root.call(kept).await.unwrap().stack_policy_body.as_deref(), Some(policy));
}

#[tokio::test]
async fn exports_in_use_hold_an_update_back() {
    let cloud = Cloud::new();
    let template = |value: &str, output: &str| {
        format!("{}{output}", things(&[("A", &format!("Properties: {{Value: {value}}}"))]))
    };
    let output = "Outputs: {O: {Value: !GetAtt A.Value, Export: {Name: e}}}\n";
    cloud.make("s", &template("1", output)).await;
    cloud.make("user", &things(&[("U", "Properties: {Value: !ImportValue e}")])).await;
    assert_eq!(
        cloud.update("s", &template("2", output)).await.stack_status.as_str(),
        "UPDATE_ROLLBACK_COMPLETE"
    );
    let events = cloud.events("s").await;
    let line =
        "s UPDATE_ROLLBACK_IN_PROGRESS Update canceled. Cannot update export e as it is in use by user.";
    assert!(events.contains(&line.to_owned()), "{events:#?}");
    assert_eq!(cloud.update("s", &template("1", "")).await.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
    let line =
        "s UPDATE_ROLLBACK_IN_PROGRESS Update canceled. Cannot delete export e as it is in use by user.";
    assert!(cloud.events("s").await.contains(&line.to_owned()));
    let imports = || ListImports { export_name: "e".into(), ..Default::default() };
    assert_eq!(cloud.root.call(imports()).await.unwrap().imports.unwrap(), ["user"]);
    assert_eq!(cloud.update("user", &things(&[("U", "")])).await.stack_status.as_str(), "UPDATE_COMPLETE");
    assert!(
        said(cloud.root.call(imports()).await.map(|_| ()).unwrap_err())
            .contains("is not imported by any stack")
    );
    // An import by an update that was undone is none.
    let import = things(&[
        ("U", ""),
        ("V", "Properties: {Value: !ImportValue e}"),
        ("W", "DependsOn: V, Properties: {Fail: no}"),
    ]);
    assert_eq!(cloud.update("user", &import).await.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(cloud.update("s", &template("2", output)).await.stack_status.as_str(), "UPDATE_COMPLETE");
}

#[tokio::test]
async fn tags_of_the_stack_reach_what_takes_tags() {
    let cloud = Cloud::new();
    let template = things(&[("A", "Properties: {Value: 1}")]);
    cloud.make("s", &template).await;
    let tags = vec![Tag { key: "team".into(), value: "blue".into() }];
    let id = cloud.ask_update(UpdateStack { tags: Some(tags), ..update("s", &template) }).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_COMPLETE");
    assert_eq!(cloud.world.calls(), ["create A", "update A 1>1 team >blue"]);
    // Kept where an update says nothing of tags, taken away where it gives none.
    let id = cloud.ask_update(UpdateStack { tags: Some(Vec::new()), ..update("s", &template) }).await;
    cloud.rests(&id).await;
    assert_eq!(cloud.world.calls()[2], "update A 1>1 team blue>");
}

#[tokio::test]
async fn what_failed_half_made_is_deleted() {
    let cloud = Cloud::new();
    let stack = cloud.make("s", &things(&[("A", "Properties: {HalfMade: true}")])).await;
    assert_eq!(stack.stack_status.as_str(), "ROLLBACK_COMPLETE");
    assert!(cloud.world.things().is_empty());
    cloud.make("t", &things(&[("A", "Properties: {Kind: x}")])).await;
    let half = things(&[("A", "Properties: {Kind: y, HalfMade: true}"), ("B", "DependsOn: A")]);
    assert_eq!(cloud.update("t", &half).await.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(cloud.world.things(), ["t-A"]);
}

#[tokio::test]
async fn a_role_that_may_not_fails_the_update() {
    let cloud = Cloud::new();
    cloud.make("s", &things(&[("A", "Properties: {Value: 1}")])).await;
    let ann = cloud.cloud.user("ann", &[r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"cloudformation:UpdateStack","Resource":"*"}]}"#]);
    let asks = things(&[("A", "Properties: {Value: 1}"), ("B", "Properties: {Asks: true}")]);
    let id = ann.call(update("s", &asks)).await.unwrap().stack_id.unwrap();
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE");
    let events = cloud.events_since("s", BEGUN).await;
    let denied = events.iter().any(|event| {
        event.starts_with("B CREATE_FAILED")
            && event.contains("user/ann is not authorized to perform: cloudformation:DescribeAccountLimits")
    });
    assert!(denied, "{events:#?}");
}
