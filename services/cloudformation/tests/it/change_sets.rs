use crate::support::{Cloud, said, things, update};
use api_cloudformation::{
    ChangeSetType, CreateChangeSet, DeleteChangeSet, DescribeChangeSet, DescribeChangeSetOutput,
    ExecuteChangeSet, ListChangeSets, Parameter, ResourceChange,
};

fn set(name: &str, template: &str) -> CreateChangeSet {
    CreateChangeSet {
        stack_name: "s".into(),
        change_set_name: name.into(),
        template_body: Some(template.into()),
        ..Default::default()
    }
}

impl Cloud {
    async fn described(&self, name: &str) -> DescribeChangeSetOutput {
        let describe = DescribeChangeSet {
            stack_name: Some("s".into()),
            change_set_name: name.into(),
            include_property_values: Some(true),
            ..Default::default()
        };
        self.root.call(describe).await.unwrap()
    }

    async fn execute(&self, name: &str) -> String {
        let execute = ExecuteChangeSet {
            stack_name: Some("s".into()),
            change_set_name: name.into(),
            ..Default::default()
        };
        match self.root.call(execute).await {
            Ok(_) => String::new(),
            Err(error) => said(error),
        }
    }
}

/// `LOGICAL-ID ACTION REPLACEMENT ATTRIBUTE.NAME RECREATION SOURCE ENTITY EVALUATION;…`
fn line(change: &ResourceChange) -> String {
    let details = change.details.iter().flatten().map(|detail| {
        let target = detail.target.as_ref().unwrap();
        format!(
            " {}.{} {} {} {} {};",
            target.attribute.unwrap(),
            target.name.clone().unwrap_or_default(),
            target.requires_recreation.unwrap(),
            detail.change_source.unwrap(),
            detail.causing_entity.clone().unwrap_or_default(),
            detail.evaluation.unwrap()
        )
    });
    format!(
        "{} {} {}{}",
        change.logical_resource_id.as_ref().unwrap(),
        change.action.unwrap(),
        change.replacement.map_or("-", |it| it.as_str()),
        details.collect::<String>()
    )
}

fn lines(described: &DescribeChangeSetOutput) -> Vec<String> {
    described.changes.iter().flatten().map(|change| line(change.resource_change.as_ref().unwrap())).collect()
}

const BEFORE: &str = "
Parameters: {P: {Type: String, Default: a}, Secret: {Type: String, NoEcho: true, Default: hunter2}}
Resources:
  Changed: {Type: 'AWS::Test::Thing', Properties: {Value: !Ref P}}
  Replaced: {Type: 'AWS::Test::Thing', Properties: {Kind: x}}
  Follows: {Type: 'AWS::Test::Thing', Properties: {Value: !Ref Replaced, Needs: !Sub '${Changed.Arn}', Port: 1}}
  Hidden: {Type: 'AWS::Test::Thing', Properties: {Value: !Sub 'p=${Secret}'}}
  Gone: {Type: 'AWS::Test::Thing', DeletionPolicy: Retain}
";

#[tokio::test]
async fn a_change_set_says_what_an_update_would_do() {
    let cloud = Cloud::new();
    cloud.make("s", BEFORE).await;
    let calls = cloud.world.calls();
    let after = BEFORE
        .replace("Kind: x", "Kind: y")
        .replace(
            "  Gone: {Type: 'AWS::Test::Thing', DeletionPolicy: Retain}\n",
            "  Added: {Type: 'AWS::Test::Thing'}\n",
        )
        .replace("p=${Secret}", "q=${Secret}");
    let parameters = vec![Parameter {
        parameter_key: Some("P".into()),
        parameter_value: Some("b".into()),
        ..Default::default()
    }];
    let made =
        cloud.root.call(CreateChangeSet { parameters: Some(parameters), ..set("c", &after) }).await.unwrap();
    assert!(made.id.unwrap().starts_with("arn:aws:cloudformation:us-east-1:111122223333:changeSet/c/"));
    let described = cloud.described("c").await;
    assert_eq!(described.status.unwrap().as_str(), "CREATE_COMPLETE");
    assert_eq!(described.execution_status.unwrap().as_str(), "AVAILABLE");
    assert_eq!(
        lines(&described),
        [
            "Added Add -",
            "Changed Modify False Properties.Value Never ParameterReference P Static; Properties.Value Never DirectModification  Dynamic;",
            "Follows Modify False Properties.Value Never ResourceReference Replaced Dynamic;",
            "Gone Remove -",
            "Hidden Modify False Properties.Value Never DirectModification  Static;",
            "Replaced Modify True Properties.Kind Always DirectModification  Static;",
        ]
    );
    let change = |name: &str| {
        let changes = described.changes.iter().flatten().map(|it| it.resource_change.clone().unwrap());
        changes.into_iter().find(|it| it.logical_resource_id.as_deref() == Some(name)).unwrap()
    };
    assert_eq!(change("Gone").policy_action.unwrap().as_str(), "Retain");
    assert_eq!(change("Replaced").policy_action.unwrap().as_str(), "ReplaceAndDelete");
    assert_eq!(change("Replaced").physical_resource_id.as_deref(), Some("s-Replaced"));
    let target = change("Changed").details.unwrap()[0].target.clone().unwrap();
    assert_eq!((target.before_value.as_deref(), target.after_value.as_deref()), (Some("a"), Some("b")));
    assert_eq!(target.path.as_deref(), Some("/Properties/Value"));
    let hidden = change("Hidden");
    assert_eq!(hidden.before_context.as_deref(), Some(r#"{"Properties":{"Value":"p=****"}}"#));
    assert_eq!(hidden.after_context.as_deref(), Some(r#"{"Properties":{"Value":"q=****"}}"#));
    // Nothing was done so far; two sets, of which one is carried out and the other becomes obsolete.
    assert_eq!(cloud.world.calls(), calls);
    cloud.root.call(set("d", &after)).await.unwrap();
    assert_eq!(cloud.execute("c").await, "");
    let stack = cloud.rests(&described.stack_id.unwrap()).await;
    assert_eq!(stack.stack_status.as_str(), "UPDATE_COMPLETE");
    assert_eq!(stack.change_set_id, described.change_set_id);
    assert_eq!(cloud.described("c").await.execution_status.unwrap().as_str(), "EXECUTE_COMPLETE");
    assert_eq!(cloud.described("d").await.execution_status.unwrap().as_str(), "OBSOLETE");
    assert!(cloud.execute("d").await.starts_with("InvalidChangeSetStatus: ChangeSet [arn:"));
    let list = ListChangeSets { stack_name: "s".into(), ..Default::default() };
    assert_eq!(cloud.root.call(list).await.unwrap().summaries.unwrap().len(), 2);
}

#[tokio::test]
async fn a_change_set_without_changes_has_failed() {
    let cloud = Cloud::new();
    cloud.make("s", BEFORE).await;
    cloud.root.call(set("c", BEFORE)).await.unwrap();
    let described = cloud.described("c").await;
    assert_eq!(described.status.unwrap().as_str(), "FAILED");
    assert_eq!(described.execution_status.unwrap().as_str(), "UNAVAILABLE");
    assert_eq!(
        described.status_reason.as_deref(),
        Some(
            "The submitted information didn't contain changes. Submit different information to create a change set."
        )
    );
    assert!(cloud.execute("c").await.ends_with("cannot be executed in its current status of [FAILED]"));
    let twice = said(cloud.root.call(set("c", BEFORE)).await.map(|_| ()).unwrap_err());
    assert!(twice.starts_with("AlreadyExistsException: ChangeSet c"), "{twice}");
    let delete = || DeleteChangeSet { stack_name: Some("s".into()), change_set_name: "c".into() };
    cloud.root.call(delete()).await.unwrap();
    cloud.root.call(delete()).await.unwrap();
    assert_eq!(cloud.execute("c").await, "ChangeSetNotFound: ChangeSet [c] does not exist");
    let nowhere = ExecuteChangeSet { change_set_name: "c".into(), ..Default::default() };
    assert_eq!(
        said(cloud.root.call(nowhere).await.map(|_| ()).unwrap_err()),
        "ValidationError: StackName must be specified if ChangeSetName is not specified as an ARN."
    );
    let import = CreateChangeSet { change_set_type: Some(ChangeSetType::Import), ..set("i", BEFORE) };
    assert_eq!(
        said(cloud.root.call(import).await.map(|_| ()).unwrap_err()),
        "ValidationError: The import of resources is not built in Cloudchamber."
    );
}

#[tokio::test]
async fn a_change_set_can_make_a_stack() {
    let cloud = Cloud::new();
    let missing = said(cloud.root.call(set("c", BEFORE)).await.map(|_| ()).unwrap_err());
    assert_eq!(missing, "ValidationError: Stack [s] does not exist");
    let create = CreateChangeSet { change_set_type: Some(ChangeSetType::Create), ..set("c", BEFORE) };
    let id = cloud.root.call(create.clone()).await.unwrap().stack_id.unwrap();
    assert_eq!(cloud.stack("s").await.stack_status.as_str(), "REVIEW_IN_PROGRESS");
    assert!(lines(&cloud.described("c").await).iter().all(|line| line.ends_with(" Add -")));
    assert!(cloud.world.calls().is_empty());
    let refused = said(cloud.root.call(update("s", BEFORE)).await.map(|_| ()).unwrap_err());
    assert!(refused.ends_with("is in REVIEW_IN_PROGRESS state and can not be updated."), "{refused}");
    assert_eq!(cloud.execute("c").await, "");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "CREATE_COMPLETE");
    assert_eq!(cloud.world.things().len(), 5);
    let again = said(cloud.root.call(create).await.map(|_| ()).unwrap_err());
    assert!(again.contains("already exists and cannot be created again"), "{again}");
    let events = cloud.events("s").await;
    assert_eq!(events[..2], ["s REVIEW_IN_PROGRESS User Initiated", "s CREATE_IN_PROGRESS User Initiated"]);
    // A stack in review can be thrown away.
    let review = CreateChangeSet {
        stack_name: "t".into(),
        change_set_type: Some(ChangeSetType::Create),
        ..set("c", &things(&[("A", "")]))
    };
    let id = cloud.root.call(review).await.unwrap().stack_id.unwrap();
    assert_eq!(cloud.delete(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
}
