use crate::cloud::{Cloud, status, statuses};
use api_ssm::{SendAutomationSignal, SignalType};
use std::collections::BTreeMap;
use std::time::Duration;

const YAML: &str = r#"
schemaVersion: "0.3"
outputs: [Ask.ApprovalStatus, Ask.ApproverDecisions]
mainSteps:
  - name: Ask
    action: aws:approve
    inputs:
      Message: May it be?
      MinRequiredApprovals: 2
      Approvers: [ann, "arn:aws:iam::111122223333:user/bob", "arn:aws:iam::111122223333:role/lead"]
  - name: Wait
    action: aws:pause
"#;
const SIGNAL: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:SendAutomationSignal","Resource":"arn:aws:ssm:us-east-1:111122223333:automation-execution/*"}]}"#;

fn signal(id: &str, signal_type: SignalType, payload: &[(&str, &str)]) -> SendAutomationSignal {
    let payload: BTreeMap<String, Vec<String>> =
        payload.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
    SendAutomationSignal {
        automation_execution_id: id.to_owned(),
        signal_type,
        payload: Some(payload).filter(|payload| !payload.is_empty()),
    }
}

async fn waiting(cloud: &Cloud, step: &str) -> String {
    cloud.create("ask", YAML).await.unwrap();
    let id = cloud.run(&cloud.root, "ask", &[]).await.unwrap();
    held(cloud, &id, step).await;
    id
}

async fn held(cloud: &Cloud, id: &str, step: &str) {
    cloud
        .test
        .until("the execution waits", async || {
            let execution = cloud.execution(id).await;
            let waits =
                status(&execution) == "Waiting" && execution.current_step_name.as_deref() == Some(step);
            waits.then_some(())
        })
        .await;
}

#[tokio::test]
async fn enough_approvals_let_it_go_on_and_a_pause_is_resumed() {
    let mut cloud = Cloud::start();
    let (ann, bob) = (cloud.test.user("ann", &[SIGNAL]), cloud.test.user("bob", &[SIGNAL]));
    let id = waiting(&cloud, "Ask").await;
    ann.call(signal(&id, SignalType::Approve, &[("Comment", "fine")])).await.unwrap();
    // Twice is once, and survives a restart.
    ann.call(signal(&id, SignalType::Approve, &[("Comment", "very fine")])).await.unwrap();
    cloud.restart();
    cloud.idle().await;
    assert_eq!(status(&cloud.execution(&id).await), "Waiting");
    bob.call(signal(&id, SignalType::Approve, &[("StepName", "Ask")])).await.unwrap();
    held(&cloud, &id, "Wait").await;
    let wrong = ann.call(signal(&id, SignalType::Approve, &[])).await.unwrap_err();
    assert_eq!(wrong.code, "InvalidAutomationSignalException");
    ann.call(signal(&id, SignalType::Resume, &[])).await.unwrap();
    let execution = cloud.ended(&id).await;
    assert_eq!(status(&execution), "Success");
    let outputs = execution.outputs.unwrap();
    assert_eq!(outputs["Ask.ApprovalStatus"], ["Approved"]);
    let decisions = &outputs["Ask.ApproverDecisions"][0];
    assert!(
        decisions.contains(
            r#""Approver":"arn:aws:iam::111122223333:user/ann","Decision":"Approve","Comment":"very fine""#
        ),
        "{decisions}"
    );
    assert_eq!(
        ann.call(signal(&id, SignalType::Resume, &[])).await.unwrap_err().code,
        "InvalidAutomationSignalException"
    );
}

#[tokio::test]
async fn one_rejection_ends_it_and_strangers_decide_nothing() {
    let cloud = Cloud::start();
    let lead = cloud.test.role("lead", &[SIGNAL]);
    let eve = cloud.test.user("eve", &[SIGNAL]);
    let mallory = cloud.test.user("mallory", &[]);
    let id = waiting(&cloud, "Ask").await;
    let refused = eve.call(signal(&id, SignalType::Approve, &[])).await.unwrap_err();
    assert_eq!(refused.code, "InvalidAutomationSignalException");
    assert_eq!(refused.message, "arn:aws:iam::111122223333:user/eve is not an approver of the step Ask.");
    assert_eq!(
        mallory.call(signal(&id, SignalType::Reject, &[])).await.unwrap_err().code,
        "AccessDeniedException"
    );
    assert_eq!(
        cloud.root.call(signal(&id, SignalType::Approve, &[])).await.unwrap_err().code,
        "InvalidAutomationSignalException"
    );
    for (kind, payload, code) in [
        (SignalType::Resume, vec![], "InvalidAutomationSignalException"),
        (SignalType::StartStep, vec![], "NotImplemented"),
        (SignalType::Approve, vec![("StepName", "Wait")], "AutomationStepNotFoundException"),
        (SignalType::Approve, vec![("Reason", "x")], "InvalidAutomationSignalException"),
    ] {
        assert_eq!(lead.call(signal(&id, kind, &payload)).await.unwrap_err().code, code, "{kind}");
    }
    let gone = signal("11111111-2222-4333-8444-555555555555", SignalType::Approve, &[]);
    assert_eq!(lead.call(gone).await.unwrap_err().code, "AutomationExecutionNotFoundException");
    lead.call(signal(&id, SignalType::Reject, &[("Comment", "not today")])).await.unwrap();
    let execution = cloud.ended(&id).await;
    assert_eq!(status(&execution), "Rejected");
    assert_eq!(statuses(&execution)[0].1, "Rejected");
    assert!(execution.failure_message.unwrap().contains("not today"));
}

#[tokio::test]
async fn nobody_answers_for_seven_days() {
    let cloud = Cloud::start();
    let id = waiting(&cloud, "Ask").await;
    cloud.test.advance(Duration::from_secs(604_800)).await;
    assert_eq!(status(&cloud.ended(&id).await), "TimedOut");
}
