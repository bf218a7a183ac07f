use crate::support::{Cloud, create, things};
use api_cloudformation::{
    CreateStack, DescribeStackResources, ListExports, ListImports, ListStackResources, Parameter, Tag,
};

#[tokio::test]
async fn resources_are_made_by_dependency_and_see_each_other() {
    let cloud = Cloud::new();
    let template = "
Parameters: {Name: {Type: String, Default: n}}
Conditions: {Never: !Equals [a, b]}
Resources:
  Last: {Type: 'AWS::Test::Thing', Properties: {Value: !GetAtt Middle.Arn, Needs: !Ref First}}
  Middle: {Type: 'AWS::Test::Thing', DependsOn: First, Properties: {Value: !Sub '${First}-${Name}', Zones: !GetAZs ''}}
  First: {Type: 'AWS::Test::Thing'}
  Absent: {Type: 'AWS::Test::Thing', Condition: Never}
Outputs:
  One: {Value: !GetAtt Last.Value, Description: what it says}
  Two: {Value: !GetAtt Middle.Value, Export: {Name: !Sub '${AWS::StackName}-Two'}}
  Three: {Value: x, Condition: Never}
  Zone: {Value: !Select [1, !GetAZs eu-west-1]}
";
    let stack = cloud.make("s", template).await;
    assert_eq!(stack.stack_status.as_str(), "CREATE_COMPLETE");
    assert_eq!(cloud.world.calls(), ["create First", "create Middle", "create Last"]);
    let outputs: Vec<_> = stack
        .outputs
        .unwrap()
        .into_iter()
        .map(|it| (it.output_key.unwrap(), it.output_value.unwrap()))
        .collect();
    let expected = [("One", "arn:test:s-Middle"), ("Two", "s-First-n"), ("Zone", "eu-west-1b")];
    assert_eq!(outputs, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    assert_eq!(
        cloud.events("s").await,
        [
            "s CREATE_IN_PROGRESS User Initiated",
            "First CREATE_IN_PROGRESS",
            "First CREATE_IN_PROGRESS Resource creation Initiated",
            "First CREATE_COMPLETE",
            "Middle CREATE_IN_PROGRESS",
            "Middle CREATE_IN_PROGRESS Resource creation Initiated",
            "Middle CREATE_COMPLETE",
            "Last CREATE_IN_PROGRESS",
            "Last CREATE_IN_PROGRESS Resource creation Initiated",
            "Last CREATE_COMPLETE",
            "s CREATE_COMPLETE",
        ]
    );
    let list = ListStackResources { stack_name: "s".into(), next_token: None };
    let listed = cloud.root.call(list).await.unwrap().stack_resource_summaries.unwrap();
    assert_eq!(
        listed.iter().map(|it| it.logical_resource_id.as_str()).collect::<Vec<_>>(),
        ["First", "Last", "Middle"]
    );
    let owner = DescribeStackResources { physical_resource_id: Some("s-Last".into()), ..Default::default() };
    assert_eq!(cloud.root.call(owner).await.unwrap().stack_resources.unwrap().len(), 3);
}

#[tokio::test]
async fn zones_are_asked_for_only_where_a_template_wants_them() {
    let cloud = Cloud::new();
    cloud.make("s", &things(&[("A", "")])).await;
    let asked = |cloud: &Cloud| {
        cloud.cloud.records().iter().filter(|it| it.operation == "DescribeAvailabilityZones").count()
    };
    assert_eq!(asked(&cloud), 0);
    cloud.make("t", &things(&[("A", "Properties: {Zones: !GetAZs ''}")])).await;
    assert_eq!(asked(&cloud), 1);
}

#[tokio::test]
async fn what_is_independent_is_made_at_once_up_to_a_cap() {
    let cloud = Cloud::new();
    let names: Vec<String> = (0..20).map(|number| format!("R{number:02}")).collect();
    let all: Vec<(&str, &str)> =
        names.iter().map(|name| (name.as_str(), "Properties: {Gate: true}")).collect();
    let id = cloud.begin("s", &things(&all)).await;
    cloud.cloud.until("many are begun", async || (cloud.world.calls().len() == 16).then_some(())).await;
    cloud.cloud.settle().await;
    assert_eq!(cloud.world.at_once.lock().unwrap().1, 16);
    names.iter().for_each(|name| cloud.world.open(name));
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "CREATE_COMPLETE");
    assert_eq!(cloud.world.things().len(), 20);
}

fn exporting(name: &str) -> String {
    format!("{}Outputs: {{O: {{Value: !Ref A, Export: {{Name: {name}}}}}}}\n", things(&[("A", "")]))
}

#[tokio::test]
async fn an_export_belongs_to_one_stack_and_cannot_be_deleted_while_it_is_used() {
    let cloud = Cloud::new();
    let exporter = cloud.make("exporter", &exporting("shared")).await.stack_id.unwrap();
    let using = things(&[("B", "Properties: {Value: !ImportValue shared}")]);
    let user = cloud.make("user", &using).await.stack_id.unwrap();
    let other = cloud.make("other", &using).await.stack_id.unwrap();

    let second = cloud.make("second", &exporting("shared")).await;
    assert_eq!(second.stack_status.as_str(), "ROLLBACK_COMPLETE");
    let events = cloud.events("second").await;
    let clash = "second ROLLBACK_IN_PROGRESS Export with name shared is already exported by stack exporter. Rollback requested by user.";
    assert!(events.iter().any(|event| event == clash), "{events:#?}");
    let exports = cloud.root.call(ListExports::default()).await.unwrap().exports.unwrap();
    assert_eq!(exports.iter().map(|it| it.value.as_deref().unwrap()).collect::<Vec<_>>(), ["exporter-A"]);

    let list = ListImports { export_name: "shared".into(), next_token: None };
    let mut users = cloud.root.call(list.clone()).await.unwrap().imports.unwrap();
    users.sort();
    assert_eq!(users, ["other", "user"]);

    let kept = cloud.delete(&exporter).await;
    assert_eq!(kept.stack_status.as_str(), "DELETE_FAILED");
    let reason = "Delete canceled. Cannot delete export shared as it is in use by other and user.";
    assert_eq!(kept.stack_status_reason.as_deref(), Some(reason));
    assert!(cloud.world.things().contains(&"exporter-A".to_owned()));

    cloud.delete(&other).await;
    cloud.delete(&user).await;
    let unused = cloud.root.call(list).await.unwrap_err();
    assert_eq!(unused.message, "Export 'shared' is not imported by any stack.");
    assert_eq!(cloud.delete(&exporter).await.stack_status.as_str(), "DELETE_COMPLETE");
    assert!(cloud.root.call(ListExports::default()).await.unwrap().exports.unwrap().is_empty());
    let late = cloud.make("late", &using).await;
    assert_eq!(late.stack_status.as_str(), "ROLLBACK_COMPLETE");
    assert!(cloud.events("late").await.contains(&"B CREATE_FAILED No export named shared found.".to_owned()));
}

#[tokio::test]
async fn a_rolled_back_stack_uses_no_export() {
    let cloud = Cloud::new();
    cloud.make("exporter", &exporting("shared")).await;
    let failing = things(&[
        ("B", "Properties: {Value: !ImportValue shared}"),
        ("C", "DependsOn: B, Properties: {Fail: no}"),
    ]);
    assert_eq!(cloud.make("user", &failing).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
    let id = cloud.stack("exporter").await.stack_id.unwrap();
    assert_eq!(cloud.delete(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
}

#[tokio::test]
async fn the_same_token_asks_for_the_same_stack() {
    let cloud = Cloud::new();
    let input =
        CreateStack { client_request_token: Some("once".into()), ..create("s", &things(&[("A", "")])) };
    let first = cloud.ask(input.clone()).await;
    assert_eq!(cloud.ask(input.clone()).await, first);
    cloud.rests(&first).await;
    assert_eq!(cloud.ask(input.clone()).await, first);
    assert_eq!(cloud.world.calls(), ["create A"]);
    let other = CreateStack { client_request_token: Some("twice".into()), ..input };
    assert_eq!(cloud.refused(other).await, "AlreadyExistsException: Stack [s] already exists");
    // A name is free again once its stack is deleted.
    cloud.delete(&first).await;
    assert_ne!(cloud.make("s", &things(&[("A", "")])).await.stack_id.unwrap(), first);
}

#[tokio::test]
async fn parameters_that_are_not_to_be_echoed_are_never_shown() {
    let cloud = Cloud::new();
    let template = "
Parameters: {Secret: {Type: String, NoEcho: true}, Open: {Type: String, Default: seen}}
Resources: {A: {Type: 'AWS::Test::Thing', Properties: {Value: !Sub 'p=${Secret},${Open}'}}}
";
    let secret = Parameter {
        parameter_key: Some("Secret".into()),
        parameter_value: Some("hunter2".into()),
        ..Default::default()
    };
    let tags = vec![Tag { key: "k".into(), value: "v".into() }];
    let id = cloud
        .ask(CreateStack { parameters: Some(vec![secret]), tags: Some(tags), ..create("s", template) })
        .await;
    let stack = cloud.rests(&id).await;
    let shown: Vec<_> = stack.parameters.unwrap().into_iter().map(|it| it.parameter_value.unwrap()).collect();
    assert_eq!(shown, ["****", "seen"]);
    let describe = api_cloudformation::DescribeStackEvents { stack_name: id.clone(), next_token: None };
    let events = cloud.root.call(describe).await.unwrap().stack_events.unwrap();
    let properties: Vec<_> = events.iter().filter_map(|event| event.resource_properties.clone()).collect();
    assert_eq!(properties, vec![r#"{"Value":"p=****,seen"}"#; 3]);
    // Its handler was given the value.
    let things = cloud.cloud.context().catalog.resources["AWS::CloudFormation::Stack"];
    let item =
        (things.describe)(&cloud.cloud.context().store.view(), cloud.cloud.scope(), &id).unwrap().unwrap();
    assert!(!format!("{item:?}").contains("hunter2") && item.tags["k"] == "v");
}

#[tokio::test]
async fn dynamic_references_are_resolved_for_the_handler_alone() {
    let cloud = Cloud::new();
    let template = "Resources: {A: {Type: 'AWS::Test::Thing', Properties: {Value: 'x {{resolve:ssm:/open:3}}'}}}\nOutputs: {O: {Value: !GetAtt A.Value}}";
    let stack = cloud.make("s", template).await;
    assert_eq!(stack.outputs.unwrap()[0].output_value.as_deref(), Some("x value of /open:3"));
    let describe = api_cloudformation::DescribeStackEvents { stack_name: "s".into(), next_token: None };
    let events = cloud.root.call(describe).await.unwrap().stack_events.unwrap();
    let shown: Vec<_> = events.iter().filter_map(|event| event.resource_properties.clone()).collect();
    assert_eq!(shown, vec![r#"{"Value":"x {{resolve:ssm:/open:3}}"}"#; 3]);
    let secret = cloud.make("t", &template.replace("/open:3", "/secret")).await;
    assert_eq!(secret.stack_status.as_str(), "ROLLBACK_COMPLETE");
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"cloudformation:*","Resource":"*"}]}"#;
    let id = cloud.cloud.user("ann", &[policy]).call(create("u", template)).await.unwrap().stack_id.unwrap();
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
    let events = cloud.events(&id).await;
    let denied = |event: &String| event.contains("not authorized to perform: ssm:GetParameter");
    assert!(events.iter().any(denied), "{events:#?}");
}
