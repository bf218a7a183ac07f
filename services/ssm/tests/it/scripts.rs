//! Scripts in the real sandbox of this machine, with its Python and without the SDK's server.

use crate::cloud::{Cloud, status};
use sandbox::{Configuration, EnvironmentSpec, Invocation, Outcome, Sandbox};
use std::sync::{Arc, Mutex};
use std::time::Duration;

struct Real {
    sandbox: Sandbox,
    /// The variables of each run, and the directory of its script.
    seen: Mutex<Vec<EnvironmentSpec>>,
}

impl Real {
    async fn new() -> Arc<Self> {
        let configuration = Configuration::new("127.0.0.1:4566".parse().unwrap());
        let sandbox = Sandbox::new(configuration).await.unwrap();
        Arc::new(Self { sandbox, seen: Mutex::default() })
    }
}

#[async_trait::async_trait]
impl ssm::ScriptRuntime for Real {
    async fn run(&self, spec: EnvironmentSpec, invocation: Invocation) -> Result<Outcome, String> {
        self.seen.lock().unwrap().push(spec.clone());
        let mut environment = self.sandbox.start(spec).await.map_err(|error| error.to_string())?;
        Ok(environment.invoke(invocation).await)
    }
}

fn runbook(script: &str, rest: &str) -> String {
    let script: String = script.lines().map(|line| format!("        {line}\n")).collect();
    format!(
        r#"
schemaVersion: "0.3"
assumeRole: "{{{{ AutomationAssumeRole }}}}"
parameters:
  AutomationAssumeRole: {{ type: String, default: "" }}
  Names: {{ type: StringList, default: [a, b] }}
outputs: [Script.OutputPayload, Script.Count]
mainSteps:
  - name: Script
    action: aws:executeScript
    inputs:
      Runtime: python3.11
      Handler: handler
      InputPayload: {{ names: "{{{{ Names }}}}", from: "{{{{ global:REGION }}}}" }}
      Script: |
{script}{rest}"#
    )
}

const OUTPUTS: &str = "    outputs:\n      - { Name: Count, Selector: $.Payload.count, Type: Integer }\n";

async fn run(cloud: &Cloud, yaml: &str) -> api_ssm::AutomationExecution {
    cloud.create("script", yaml).await.unwrap();
    let id = cloud.run(&cloud.root, "script", &[("AutomationAssumeRole", ROLE)]).await.unwrap();
    cloud.ended(&id).await
}

const ROLE: &str = "arn:aws:iam::111122223333:role/automation";

#[tokio::test]
async fn a_script_gets_its_payload_and_gives_one_back() {
    let real = Real::new().await;
    let cloud = Cloud::with(Arc::clone(&real) as Arc<dyn ssm::ScriptRuntime>);
    let _ = cloud.test.role("automation", &[]);
    let script = "import os\ndef handler(event, context):\n    print('region', event['from'])\n    print(os.environ['AWS_ACCESS_KEY_ID'][:4])\n    return {'count': len(event['names']), 'braces': '{{ x }}'}";
    let execution = run(&cloud, &runbook(script, OUTPUTS)).await;
    assert_eq!((status(&execution), execution.failure_message), ("Success", None));
    let outputs = execution.outputs.unwrap();
    assert_eq!(outputs["Script.Count"], ["2"]);
    assert_eq!(outputs["Script.OutputPayload"], [r#"{"Payload":{"count":2,"braces":"{{ x }}"}}"#]);
    let steps = execution.step_executions.unwrap();
    assert_eq!(steps[0].response.as_deref(), Some("region us-east-1\nASIA"));
    assert_eq!(steps[0].timeout_seconds, Some(600));
    let seen = real.seen.lock().unwrap();
    assert!(!seen[0].code_dir.exists(), "the script is removed when it has run");
    assert_eq!(seen[0].env["AWS_ENDPOINT_URL"], "http://127.0.0.1:4566");
}

#[tokio::test]
async fn what_a_script_raises_fails_its_step_in_aws_s_words() {
    let cloud = Cloud::with(Real::new().await);
    let _ = cloud.test.role("automation", &[]);
    let script = "def handler(event, context):\n    print('before')\n    return event['gone']";
    let execution = run(&cloud, &runbook(script, OUTPUTS)).await;
    assert_eq!(status(&execution), "Failed");
    assert_eq!(
        execution.failure_message.as_deref(),
        Some(
            "Step fails when it is Poll action status for completion. Traceback (most recent call last):\n  File \"/var/task/customer_script.py\", line 3, in handler\n    return event['gone']\nKeyError - 'gone'. Please refer to Automation Service Troubleshooting Guide for more diagnosis details."
        )
    );
    // The runtime logs the error itself, too.
    let response = execution.step_executions.unwrap()[0].response.clone().unwrap();
    assert!(response.starts_with("before\n[ERROR] KeyError: 'gone'"), "{response}");
}

#[tokio::test]
async fn a_role_that_cannot_be_assumed_and_an_output_of_another_type_fail() {
    let cloud = Cloud::with(Real::new().await);
    let script = "def handler(event, context):\n    return {'count': 'many'}";
    let _ = cloud.test.role("automation", &[]);
    cloud.create("script", &runbook(script, OUTPUTS)).await.unwrap();
    let stranger = ROLE.replace("automation", "stranger");
    let id = cloud.run(&cloud.root, "script", &[("AutomationAssumeRole", &stranger)]).await.unwrap();
    let message = cloud.ended(&id).await.failure_message.unwrap();
    assert!(message.contains("The defined assume role is unable to be assumed."), "{message}");
    let id = cloud.run(&cloud.root, "script", &[("AutomationAssumeRole", ROLE)]).await.unwrap();
    let message = cloud.ended(&id).await.failure_message.unwrap();
    assert!(message.contains("The output Count is of the type Integer"), "{message}");
}

/// Never comes back, as a script that is under way when the cloud is killed; then gives an answer.
#[derive(Default)]
struct Twice(Mutex<u32>);

#[async_trait::async_trait]
impl ssm::ScriptRuntime for Twice {
    async fn run(&self, spec: EnvironmentSpec, _: Invocation) -> Result<Outcome, String> {
        let times = {
            let mut times = self.0.lock().unwrap();
            *times += 1;
            *times
        };
        assert!(spec.code_dir.join("customer_script.py").exists());
        if times == 1 {
            std::future::pending::<()>().await;
        }
        Err(format!("this was try {times}"))
    }
}

#[tokio::test]
async fn a_script_that_was_killed_runs_again_and_one_that_takes_too_long_is_ended() {
    let twice = Arc::new(Twice::default());
    let mut cloud = Cloud::with(Arc::clone(&twice) as Arc<dyn ssm::ScriptRuntime>);
    let _ = cloud.test.role("automation", &[]);
    let yaml = runbook("def handler(event, context): pass", OUTPUTS);
    cloud.create("script", &yaml).await.unwrap();
    let id = cloud.run(&cloud.root, "script", &[("AutomationAssumeRole", ROLE)]).await.unwrap();
    cloud.test.until("the script runs", async || (*twice.0.lock().unwrap() == 1).then_some(())).await;
    cloud.restart();
    let message = cloud.ended(&id).await.failure_message.unwrap();
    assert!(
        message.contains("Cloudchamber cannot run scripts on this machine: this was try 2."),
        "{message}"
    );
    *twice.0.lock().unwrap() = 0;
    let id = cloud.run(&cloud.root, "script", &[("AutomationAssumeRole", ROLE)]).await.unwrap();
    cloud.test.until("the script runs", async || (*twice.0.lock().unwrap() == 1).then_some(())).await;
    cloud.test.advance(Duration::from_secs(600)).await;
    assert_eq!(status(&cloud.ended(&id).await), "TimedOut");
    let left = std::fs::read_dir(cloud.directory.path().join("scripts")).unwrap().count();
    assert_eq!(left, 0, "no script is left behind");
}

#[tokio::test]
async fn a_session_of_a_role_needs_a_role_for_its_scripts() {
    let cloud = Cloud::with(Real::new().await);
    let allow =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}"#;
    let session = cloud.test.role("operator", &[allow]);
    cloud.create("script", &runbook("def handler(event, context): pass", "")).await.unwrap_err();
    let yaml = runbook("def handler(event, context): pass", OUTPUTS);
    cloud.create("script", &yaml).await.unwrap();
    let id = cloud.run(&session, "script", &[]).await.unwrap();
    let message = cloud.ended(&id).await.failure_message.unwrap();
    assert!(message.contains("give the runbook an assumeRole"), "{message}");
}

#[tokio::test]
async fn a_script_that_is_cancelled_is_ended_in_its_middle() {
    let twice = Arc::new(Twice::default());
    let cloud = Cloud::with(Arc::clone(&twice) as Arc<dyn ssm::ScriptRuntime>);
    let _ = cloud.test.role("automation", &[]);
    cloud.create("script", &runbook("def handler(event, context): pass", OUTPUTS)).await.unwrap();
    let id = cloud.run(&cloud.root, "script", &[("AutomationAssumeRole", ROLE)]).await.unwrap();
    cloud.test.until("the script runs", async || (*twice.0.lock().unwrap() == 1).then_some(())).await;
    let stop = api_ssm::StopAutomationExecution { automation_execution_id: id.clone(), r#type: None };
    cloud.root.call(stop).await.unwrap();
    assert_eq!(status(&cloud.ended(&id).await), "Cancelled");
    cloud.idle().await;
    assert_eq!(*twice.0.lock().unwrap(), 1, "it does not run again");
}
