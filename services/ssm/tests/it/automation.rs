use crate::cloud::{Cloud, document, status, statuses};
use api_ssm::{DescribeDocument, StopAutomationExecution, StopType, UpdateDocument};
use std::time::Duration;

const ROLE: &str = "arn:aws:iam::111122223333:role/automation";

const READ: &str = r#"
schemaVersion: "0.3"
assumeRole: "{{ AutomationAssumeRole }}"
parameters:
  AutomationAssumeRole: { type: String, default: "" }
  Name: { type: String }
outputs: [Read.Owner]
mainSteps:
  - name: Read
    action: aws:executeAwsApi
    inputs: { Service: ssm, Api: describe_document, Name: "{{ Name }}" }
    outputs:
      - { Name: Owner, Selector: $.Document.Owner, Type: String }
      - { Name: Platforms, Selector: "$.Document.PlatformTypes", Type: StringList }
  - name: Assert
    action: aws:assertAwsResourceProperty
    inputs: { Service: ssm, Api: DescribeDocument, Name: "{{ Name }}", PropertySelector: $.Document.Status, DesiredValues: [Active] }
  - name: Choose
    action: aws:branch
    inputs:
      Choices:
        - { NextStep: Done, Variable: "{{ Read.Owner }}", StringEquals: Amazon }
      Default: Wrong
  - name: Wrong
    action: aws:sleep
    inputs: { Duration: PT1H }
  - name: Done
    action: aws:sleep
    inputs: { Duration: PT10M }
    isEnd: true
"#;

#[tokio::test]
async fn steps_follow_each_other_and_a_restart_goes_on_with_them() {
    let mut cloud = Cloud::start();
    cloud.create("read", READ).await.unwrap();
    let id = cloud.run(&cloud.root, "read", &[("Name", "AWS-PublishSNSNotification")]).await.unwrap();
    cloud.idle().await;
    let execution = cloud.execution(&id).await;
    let expected = [
        ("Read", "Success"),
        ("Assert", "Success"),
        ("Choose", "Success"),
        ("Wrong", "Pending"),
        ("Done", "InProgress"),
    ];
    assert_eq!(statuses(&execution), expected.map(|(name, status)| (name.to_owned(), status)));
    assert_eq!(execution.current_step_name.as_deref(), Some("Done"));
    cloud.restart();
    cloud.test.advance(Duration::from_secs(599)).await;
    assert_eq!(status(&cloud.execution(&id).await), "InProgress");
    cloud.test.advance(Duration::from_secs(1)).await;
    let execution = cloud.ended(&id).await;
    assert_eq!(status(&execution), "Success");
    assert_eq!(execution.outputs.unwrap()["Read.Owner"], ["Amazon"]);
    let steps = execution.step_executions.unwrap();
    assert_eq!(steps[0].outputs.as_ref().unwrap()["Platforms"], ["Windows", "Linux", "MacOS"]);
    assert_eq!(execution.executed_by.as_deref(), Some("arn:aws:iam::111122223333:root"));
}

#[tokio::test]
async fn a_denied_call_fails_the_step_as_the_role_that_made_it() {
    let cloud = Cloud::start();
    let _ = cloud.test.role("automation", &[]);
    cloud.create("read", READ).await.unwrap();
    let given = [("Name", "read"), ("AutomationAssumeRole", ROLE)];
    let id = cloud.run(&cloud.root, "read", &given).await.unwrap();
    let execution = cloud.ended(&id).await;
    assert_eq!(status(&execution), "Failed");
    let session = format!("arn:aws:sts::111122223333:assumed-role/automation/Automation-{id}");
    let message = format!(
        "Step fails when it is Execute/Cancelling action. An error occurred (AccessDeniedException) when calling the DescribeDocument operation: User: {session} is not authorized to perform: ssm:DescribeDocument on resource: arn:aws:ssm:us-east-1:111122223333:document/read because no identity-based policy allows the ssm:DescribeDocument action. Please refer to Automation Service Troubleshooting Guide for more diagnosis details."
    );
    assert_eq!(execution.failure_message.as_deref(), Some(message.as_str()));
    assert_eq!(statuses(&execution)[0].1, "Failed");
    assert_eq!(statuses(&execution)[1].1, "Pending");
}

#[tokio::test]
async fn starting_as_a_role_needs_to_pass_it() {
    let cloud = Cloud::start();
    cloud.create("read", READ).await.unwrap();
    let start =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}"#;
    let user = cloud.test.user("ann", &[start]);
    let given = [("Name", "read"), ("AutomationAssumeRole", ROLE)];
    let denied = cloud.run(&user, "read", &given).await.unwrap_err();
    assert_eq!(denied.code, "AccessDeniedException");
    assert!(
        denied.message.contains("iam:PassRole on resource: arn:aws:iam::111122223333:role/automation"),
        "{denied}"
    );
    cloud.run(&user, "read", &given[..1]).await.unwrap();
}

#[tokio::test]
async fn failures_are_continued_from_retried_and_told() {
    let cloud = Cloud::start();
    let yaml = r#"
schemaVersion: "0.3"
mainSteps:
  - name: Optional
    action: aws:executeAwsApi
    isCritical: false
    onFailure: Continue
    inputs: { Service: ssm, Api: DescribeDocument, Name: gone }
  - name: Unknown
    action: aws:executeAwsApi
    isCritical: false
    onFailure: step:Critical
    inputs: { Service: ssm, Api: DescribeDocument, Nome: gone }
  - name: Skipped
    action: aws:sleep
    inputs: { Duration: PT1M }
  - name: Critical
    action: aws:executeAwsApi
    maxAttempts: 3
    onFailure: Continue
    inputs: { Service: nowhere, Api: Nothing }
"#;
    cloud.create("failing", yaml).await.unwrap();
    let id = cloud.run(&cloud.root, "failing", &[]).await.unwrap();
    let execution = cloud.ended(&id).await;
    assert_eq!(status(&execution), "Failed");
    let expected =
        [("Optional", "Failed"), ("Unknown", "Failed"), ("Skipped", "Pending"), ("Critical", "Failed")];
    assert_eq!(statuses(&execution), expected.map(|(name, status)| (name.to_owned(), status)));
    let steps = execution.step_executions.unwrap();
    let failure = |index: usize| steps[index].failure_message.clone().unwrap();
    assert!(failure(0).contains("(InvalidDocument) when calling the DescribeDocument operation: Document with name gone does not exist."));
    assert!(failure(1).contains(
        "Unknown parameter in input: \"Nome\", must be one of: Name, DocumentVersion, VersionName"
    ));
    assert!(failure(3).contains("nowhere:Nothing is not built in Cloudchamber"));
}

#[tokio::test]
async fn a_property_is_waited_for_until_it_is_there_or_time_is_over() {
    let cloud = Cloud::start();
    let yaml = r#"
schemaVersion: "0.3"
mainSteps:
  - name: Wait
    action: aws:waitForAwsResourceProperty
    timeoutSeconds: 60
    inputs: { Service: ssm, Api: DescribeDocument, Name: waiting, PropertySelector: $.Document.LatestVersion, DesiredValues: ["2"] }
"#;
    cloud.create("waiting", yaml).await.unwrap();
    let late = cloud.run(&cloud.root, "waiting", &[]).await.unwrap();
    for _ in 0..12 {
        cloud.idle().await;
        cloud.test.advance(Duration::from_secs(5)).await;
    }
    assert_eq!(status(&cloud.ended(&late).await), "TimedOut");
    let id = cloud.run(&cloud.root, "waiting", &[]).await.unwrap();
    cloud.idle().await;
    let create = document("waiting", &format!("{yaml}    description: two\n"));
    let update = UpdateDocument {
        name: "waiting".into(),
        content: create.content,
        document_format: create.document_format,
        document_version: Some("$LATEST".into()),
        ..Default::default()
    };
    cloud.root.call(update).await.unwrap();
    cloud.test.advance(Duration::from_secs(5)).await;
    assert_eq!(status(&cloud.ended(&id).await), "Success");
}

#[tokio::test]
async fn an_execution_is_stopped_once() {
    let cloud = Cloud::start();
    let yaml = "schemaVersion: \"0.3\"\nmainSteps:\n  - { name: Sleep, action: \"aws:sleep\", inputs: { Duration: P1D } }\n";
    cloud.create("sleeping", yaml).await.unwrap();
    let id = cloud.run(&cloud.root, "sleeping", &[]).await.unwrap();
    cloud.idle().await;
    let stop = StopAutomationExecution { automation_execution_id: id.clone(), r#type: None };
    cloud.root.call(stop.clone()).await.unwrap();
    let execution = cloud.ended(&id).await;
    assert_eq!((status(&execution), statuses(&execution)[0].1), ("Cancelled", "Cancelled"));
    assert_eq!(cloud.root.call(stop).await.unwrap_err().code, "InvalidAutomationStatusUpdateException");
    let describe = DescribeDocument { name: "sleeping".into(), ..Default::default() };
    cloud.root.call(describe).await.unwrap();
}

#[tokio::test]
async fn parameters_are_checked_before_anything_starts() {
    let cloud = Cloud::start();
    cloud.create("read", READ).await.unwrap();
    let code = "InvalidAutomationExecutionParametersException";
    for (given, part) in [
        (vec![], "Missing required parameters: [Name]"),
        (vec![("Name", "x"), ("Other", "y")], "Parameters [Other] are not defined"),
        (vec![("Name", "x"), ("AutomationAssumeRole", "role")], "assume role ARN is invalid"),
    ] {
        let refused = cloud.run(&cloud.root, "read", &given).await.unwrap_err();
        assert_eq!(refused.code, code);
        assert!(refused.message.contains(part), "{refused}");
    }
    let missing = cloud.run(&cloud.root, "gone", &[]).await.unwrap_err();
    assert_eq!(missing.code, "AutomationDefinitionNotFoundException");
}

#[tokio::test]
async fn an_execution_that_is_to_complete_ends_after_its_step() {
    let cloud = Cloud::start();
    let step =
        |name: &str| format!("  - {{ name: {name}, action: \"aws:sleep\", inputs: {{ Duration: PT1H }} }}\n");
    let yaml = format!("schemaVersion: \"0.3\"\nmainSteps:\n{}{}", step("One"), step("Two"));
    cloud.create("sleeping", &yaml).await.unwrap();
    let id = cloud.run(&cloud.root, "sleeping", &[]).await.unwrap();
    cloud.idle().await;
    let stop =
        |kind: StopType| StopAutomationExecution { automation_execution_id: id.clone(), r#type: Some(kind) };
    cloud.root.call(stop(StopType::Complete)).await.unwrap();
    cloud.idle().await;
    assert_eq!(status(&cloud.execution(&id).await), "Cancelling");
    cloud.test.advance(Duration::from_secs(3600)).await;
    let execution = cloud.ended(&id).await;
    assert_eq!(status(&execution), "Cancelled");
    let expected = [("One", "Success"), ("Two", "Pending")];
    assert_eq!(statuses(&execution), expected.map(|(name, status)| (name.to_owned(), status)));
}
