use super::*;

#[test]
fn capabilities() {
    const NONE: &[&str] = &[];
    for (yaml, capabilities, reason) in [
        (BUCKET.to_owned(), vec![], None),
        ("Resources:\n  R: {Type: AWS::IAM::Role}\n  P: {Type: AWS::IAM::Policy, Properties: {PolicyName: p}}\n  S: {Type: AWS::IAM::Role}\n"
            .to_owned(),
            vec!["CAPABILITY_IAM"],
            Some("The following resource(s) require capabilities: [AWS::IAM::Role, AWS::IAM::Policy]")),
        ("Resources:\n  R: {Type: AWS::IAM::Role, Properties: {RoleName: fixed}}\n".to_owned(),
            vec!["CAPABILITY_NAMED_IAM"],
            Some("The following resource(s) require capabilities: [AWS::IAM::Role]")),
        (format!("Transform: MyMacro\n{BUCKET}"), vec!["CAPABILITY_AUTO_EXPAND"], None),
    ] {
        let template = parse(&yaml);
        let summary = template.summary();
        assert_eq!(summary.capabilities, capabilities, "{yaml}");
        assert_eq!(summary.capabilities_reason.as_deref(), reason, "{yaml}");
        template.require_capabilities(&capabilities).unwrap();
        match template.require_capabilities(NONE) {
            Ok(()) => assert!(capabilities.is_empty()),
            Err(error) => {
                assert_eq!(error.to_string(), format!("Requires capabilities : [{}]", capabilities.join(", ")));
                assert_eq!(error.code(), "InsufficientCapabilitiesException");
            }
        }
    }
    let named =
        parse("Resources:\n  R: {Type: AWS::IAM::Group, Properties: {GroupName: !Ref AWS::StackName}}\n");
    assert_eq!(
        named.require_capabilities(&["CAPABILITY_IAM"]).unwrap_err().to_string(),
        "Requires capabilities : [CAPABILITY_NAMED_IAM]"
    );
    parse("Resources:\n  R: {Type: AWS::IAM::Role}\n")
        .require_capabilities(&["CAPABILITY_NAMED_IAM"])
        .unwrap();
    let nested = parse("Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: u}}\n");
    assert_eq!(nested.summary().capabilities, ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]);
    nested.require_capabilities(NONE).unwrap();
}

#[test]
fn summaries() {
    let template = parse(
        "AWSTemplateFormatVersion: '2010-09-09'
Description: my stack
Metadata: {TopicName: simple}
Parameters:
  Size: {Type: Number, Default: 3, Description: how many, MinValue: 1}
  Secret: {Type: String, NoEcho: true, AllowedPattern: '[a-z]*', AllowedValues: [a, b], ConstraintDescription: c}
Resources:
  T: {Type: AWS::SNS::Topic}
  B: {Type: AWS::S3::Bucket}
  U: {Type: AWS::SNS::Topic}
",
    );
    let summary = template.summary();
    assert_eq!(summary.version.as_deref(), Some("2010-09-09"));
    assert_eq!(summary.description.as_deref(), Some("my stack"));
    assert_eq!(summary.metadata.as_deref(), Some(r#"{"TopicName":"simple"}"#));
    assert_eq!(summary.resource_types, ["AWS::SNS::Topic", "AWS::S3::Bucket"]);
    assert_eq!(summary.resource_identifiers[0].logical_ids, ["T", "U"]);
    assert!(summary.declared_transforms.is_empty());
    let size = &template.parameters["Size"];
    assert_eq!((size.type_name.as_str(), size.default.as_deref()), ("Number", Some("3")));
    assert_eq!(size.min_value.as_ref().map(|bound| bound.text.as_str()), Some("1"));
    let secret = &template.parameters["Secret"];
    assert!(secret.no_echo);
    assert_eq!(secret.allowed_pattern(), Some("[a-z]*"));
    assert_eq!(secret.allowed_values.as_deref(), Some(["a".to_owned(), "b".to_owned()].as_slice()));
}

#[test]
fn a_template_with_a_transform_has_a_summary() {
    let sam = "Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions]\nResources:\n  F: {Type: AWS::Serverless::Function}\nOutputs:\n  \
               O: {Value: !Ref ServerlessRestApi}\n";
    let summary = parse(sam).summary();
    assert_eq!(summary.declared_transforms, ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"]);
    assert_eq!(summary.capabilities, ["CAPABILITY_AUTO_EXPAND"]);
    assert_eq!(
        TemplateError::unrecognized_resource_types(&["AWS::No::Such", "Other"]).to_string(),
        "Template format error: Unrecognized resource types: [AWS::No::Such, Other]"
    );
}
