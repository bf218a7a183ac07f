//! A rule, its remediation and its runbook, of one stack.

use super::lab::{Lab, ROLE, text};
use wire::{Document, document};

const TEMPLATE: &str = r#"
Parameters: {Role: {Type: String}, Attempts: {Type: Number, Default: 3}}
Resources:
  Runbook:
    Type: AWS::SSM::Document
    Properties:
      Name: enable-versioning
      DocumentType: Automation
      DocumentFormat: YAML
      Content:
        schemaVersion: '0.3'
        assumeRole: '{{ AutomationAssumeRole }}'
        parameters: {AutomationAssumeRole: {type: String}, Bucket: {type: String}}
        mainSteps:
          - name: Enable
            action: aws:executeAwsApi
            inputs: {Service: s3, Api: PutBucketVersioning, Bucket: '{{ Bucket }}', VersioningConfiguration: {Status: Enabled}}
  Rule:
    Type: AWS::Config::ConfigRule
    Properties: {ConfigRuleName: versioned, Source: {Owner: AWS, SourceIdentifier: S3_BUCKET_VERSIONING_ENABLED}}
  Remediation:
    Type: AWS::Config::RemediationConfiguration
    Properties:
      ConfigRuleName: !Ref Rule
      TargetType: SSM_DOCUMENT
      TargetId: !Ref Runbook
      Automatic: true
      MaximumAutomaticAttempts: !Ref Attempts
      RetryAttemptSeconds: 60
      Parameters:
        AutomationAssumeRole: {StaticValue: {Values: [!Ref Role]}}
        Bucket: {ResourceValue: {Value: RESOURCE_ID}}
"#;

async fn status(lab: &Lab, wanted: &str) {
    lab.cloud
        .until("the stack has the status", async || {
            let stacks = lab
                .root
                .call_document("cloudformation", "DescribeStacks", document!({ "StackName": "s" }))
                .await;
            let Ok(stacks) = stacks else { return (wanted == "gone").then_some(()) };
            let stack = stacks.get("Stacks")?.as_array()?.first()?.clone();
            let now = text(&stack, "StackStatus");
            assert!(now == wanted || now.ends_with("IN_PROGRESS"), "{stack}");
            (now == wanted).then_some(())
        })
        .await;
}

async fn remediations(lab: &Lab) -> Vec<Document> {
    let asked = document!({ "ConfigRuleNames": ["versioned"] });
    let found = lab.call("config", "DescribeRemediationConfigurations", asked).await;
    found.get("RemediationConfigurations").and_then(Document::as_array).unwrap_or_default().to_vec()
}

#[tokio::test]
async fn a_stack_brings_a_rule_with_its_remediation_and_takes_them_away() {
    let lab = Lab::start().await;
    lab.call("s3", "CreateBucket", document!({ "Bucket": "some-bucket" })).await;
    let parameter = |key: &str, value: &str| document!({ "ParameterKey": key, "ParameterValue": value });
    let parameters = |attempts: &str| vec![parameter("Role", ROLE), parameter("Attempts", attempts)];
    let create = document!({ "StackName": "s", "TemplateBody": TEMPLATE, "Parameters": (parameters("3")) });
    lab.call("cloudformation", "CreateStack", create).await;
    status(&lab, "CREATE_COMPLETE").await;
    lab.cloud
        .until("the bucket has versions", async || {
            lab.cloud.advance(std::time::Duration::from_secs(1)).await;
            let found = lab.call("s3", "GetBucketVersioning", document!({ "Bucket": "some-bucket" })).await;
            (found.get("Status").and_then(Document::as_str) == Some("Enabled")).then_some(())
        })
        .await;
    let update = document!({ "StackName": "s", "TemplateBody": TEMPLATE, "Parameters": (parameters("5")) });
    lab.call("cloudformation", "UpdateStack", update).await;
    status(&lab, "UPDATE_COMPLETE").await;
    let found = remediations(&lab).await;
    assert_eq!((found.len(), found[0].get("MaximumAutomaticAttempts")), (1, Some(&5.into())));
    assert_eq!(found[0].get("TargetId"), Some(&"enable-versioning".into()));
    lab.cloud
        .until("the stack can be deleted", async || {
            // A remediation that is under way keeps its configuration.
            lab.cloud.advance(std::time::Duration::from_secs(1)).await;
            let asked = document!({ "ConfigRuleName": "versioned" });
            let statuses = lab.call("config", "DescribeRemediationExecutionStatus", asked).await;
            let statuses = statuses.get("RemediationExecutionStatuses")?.as_array()?.to_vec();
            statuses.iter().all(|status| text(status, "State") == "SUCCEEDED").then_some(())
        })
        .await;
    lab.call("cloudformation", "DeleteStack", document!({ "StackName": "s" })).await;
    status(&lab, "gone").await;
    let gone = lab.root.call_document("ssm", "GetDocument", document!({ "Name": "enable-versioning" })).await;
    assert_eq!(gone.unwrap_err().code, "InvalidDocument");
}
