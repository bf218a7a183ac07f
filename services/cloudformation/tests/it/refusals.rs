use crate::support::{Cloud, create, things};
use api_cloudformation::{
    Capability, CreateStack, GetTemplateSummary, OnFailure, Parameter, Tag, ValidateTemplate,
};

fn parameter(key: &str, value: &str) -> Option<Vec<Parameter>> {
    Some(vec![Parameter {
        parameter_key: Some(key.into()),
        parameter_value: Some(value.into()),
        ..Default::default()
    }])
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_changes_nothing() {
    let cloud = Cloud::new();
    let one = things(&[("A", "")]);
    let tag = |key: &str| Tag { key: key.into(), value: "v".into() };
    let cases: Vec<(CreateStack, &str)> = vec![
        (
            create("s", "Resources: ["),
            "ValidationError: Template format error: YAML not well-formed. (line 2, column 1)",
        ),
        (
            create("s", "{}"),
            "ValidationError: Template format error: At least one Resources member must be defined.",
        ),
        (
            CreateStack { stack_name: "s".into(), ..Default::default() },
            "ValidationError: Either Template URL or Template Body must be specified.",
        ),
        (
            CreateStack {
                template_url: Some("https://s3.amazonaws.com/templates/one.yaml".into()),
                ..create("s", &one)
            },
            "ValidationError: Specify only one of Template URL and Template Body.",
        ),
        (
            create("s", "Resources: {A: {Type: 'AWS::Nowhere::Thing'}, C: {Type: 'AWS::Nowhere::Thing'}}"),
            "ValidationError: Template format error: Unrecognized resource types: [AWS::Nowhere::Thing]",
        ),
        (
            create("s", &things(&[("A", ""), ("B", "Properties: {Value: !GetAtt A.Nothing}")])),
            "ValidationError: Template error: resource A does not support attribute type Nothing in Fn::GetAtt",
        ),
        (
            create("s", &things(&[("A", "DependsOn: B"), ("B", "DependsOn: A")])),
            "ValidationError: Circular dependency between resources: [A, B]",
        ),
        (
            CreateStack { parameters: parameter("P", "x"), ..create("s", &one) },
            "ValidationError: Parameters: [P] do not exist in the template",
        ),
        (
            create("s", &format!("Parameters: {{P: {{Type: String}}}}\n{one}")),
            "ValidationError: Parameters: [P] must have values",
        ),
        (
            CreateStack {
                parameters: parameter("P", "9"),
                ..create(
                    "s",
                    &format!(
                        "Parameters: {{P: {{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: letters only}}}}\n{one}"
                    ),
                )
            },
            "ValidationError: Parameter P failed to satisfy constraint: letters only",
        ),
        (
            CreateStack {
                parameters: parameter("P", "us-east-1z"),
                ..create(
                    "s",
                    &format!("Parameters: {{P: {{Type: 'AWS::EC2::AvailabilityZone::Name'}}}}\n{one}"),
                )
            },
            "ValidationError: Parameter validation failed: parameter value us-east-1z for parameter name P does not exist",
        ),
        (
            create("s", "Resources: {R: {Type: 'AWS::IAM::Role'}}"),
            "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]",
        ),
        (
            CreateStack {
                on_failure: Some(OnFailure::Delete),
                disable_rollback: Some(true),
                ..create("s", &one)
            },
            "ValidationError: You can specify either DisableRollback or OnFailure, but not both.",
        ),
        (
            create("a_b", &one),
            "ValidationError: 1 validation error detected: Value 'a_b' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
        ),
        (
            CreateStack { tags: Some(vec![tag("a"), tag("a")]), ..create("s", &one) },
            "ValidationError: Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        (
            CreateStack {
                notification_arns: Some(vec!["arn:aws:sns:us-east-1:111122223333:t".into()]),
                ..create("s", &one)
            },
            "ValidationError: NotificationARNs is not built in Cloudchamber.",
        ),
        (
            CreateStack { resource_types: Some(vec!["AWS::EC2::*".into()]), ..create("s", &one) },
            "ValidationError: Resource type AWS::Test::Thing is not allowed by parameter ResourceTypes [AWS::EC2::*]",
        ),
        (
            CreateStack {
                template_body: None,
                template_url: Some("https://example.com/b/t.yaml".into()),
                ..create("s", &one)
            },
            "ValidationError: TemplateURL must be a supported URL.",
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(cloud.refused(input).await, expected);
    }
    let twice = format!(
        "{one}Outputs: {{X: {{Value: a, Export: {{Name: e}}}}, Y: {{Value: b, Export: {{Name: e}}}}}}\n"
    );
    assert!(cloud.refused(create("s", &twice)).await.contains("Duplicate export name e."));
    let reserved = CreateStack { tags: Some(vec![tag("aws:x")]), ..create("s", &one) };
    assert!(cloud.refused(reserved).await.starts_with("ValidationError: Tag keys may not start with aws:"));
    let stacks =
        cloud.root.call(api_cloudformation::ListStacks::default()).await.unwrap().stack_summaries.unwrap();
    assert!(stacks.is_empty() && cloud.world.calls().is_empty());
}

#[tokio::test]
async fn a_capability_that_is_acknowledged_lets_the_stack_be_made() {
    let cloud = Cloud::new();
    let template = "Resources: {R: {Type: 'AWS::IAM::Role'}}";
    let id = cloud
        .ask(CreateStack { capabilities: Some(vec![Capability::CapabilityIam]), ..create("s", template) })
        .await;
    let stack = cloud.rests(&id).await;
    assert_eq!(stack.stack_status.as_str(), "CREATE_COMPLETE");
    assert_eq!(stack.capabilities.unwrap(), [Capability::CapabilityIam]);
}

#[tokio::test]
async fn templates_are_judged_without_being_made() {
    let cloud = Cloud::new();
    let validate = |body: &str| ValidateTemplate { template_body: Some(body.into()), ..Default::default() };
    let template = format!(
        "Parameters: {{P: {{Type: String, NoEcho: true, Default: hunter2}}}}\n{}",
        things(&[("A", "")])
    );
    let answer = cloud.root.call(validate(&template)).await.unwrap();
    assert_eq!(answer.parameters.unwrap()[0].default_value.as_deref(), Some("****"));
    let unknown =
        cloud.root.call(validate("Resources: {A: {Type: 'AWS::No::Type'}}")).await.map(|_| ()).unwrap_err();
    assert_eq!(unknown.message, "Template format error: Unrecognized resource types: [AWS::No::Type]");
    let summary = GetTemplateSummary { template_body: Some(template.clone()), ..Default::default() };
    assert_eq!(cloud.root.call(summary).await.unwrap().resource_types.unwrap(), ["AWS::Test::Thing"]);
}

/// A parameter may be NoEcho, and who is denied a stack has written its value all the same.
#[tokio::test]
async fn no_record_holds_a_parameters_value() {
    let cloud = Cloud::new();
    let template = "Parameters: {P: {Type: String, NoEcho: true}}\n".to_owned() + &things(&[("A", "")]);
    let secret = || CreateStack { parameters: parameter("P", "hunter2"), ..create("s", &template) };
    cloud.root.call(secret()).await.unwrap();
    cloud.cloud.user("ann", &[]).call(secret()).await.unwrap_err();
    let records = cloud.cloud.records();
    let records: Vec<_> = records.iter().filter(|record| record.operation == "CreateStack").collect();
    assert_eq!(records.len(), 2);
    for record in records {
        let parameters = record.parameters.as_deref().unwrap();
        assert!(
            parameters.contains(r#""ParameterKey":"P""#) && !parameters.contains("hunter2"),
            "{parameters}"
        );
    }
}
