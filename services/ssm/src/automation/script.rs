//! `aws:executeScript` (<https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeScript.html>): Python in a sandbox
//! of its own, with the credentials of the execution's role.

use super::act::{Acted, Done, cut};
use super::{PRINCIPAL, service_caller};
use crate::scripts::{Folder, MODULE, Settings};
use crate::state::{Execution, StepState};
use api_sts::{AssumeRole, GetSessionToken};
use contract::{Context, Principal};
use names::Timestamp;
use sandbox::{EnvironmentSpec, Invocation, InvocationResult, Outcome, Runtime};
use std::collections::BTreeMap;
use std::time::Duration;
use wire::{Document, ErrorResponse};

/// How long a script may run, in seconds.
pub(crate) const LONGEST: u64 = 600;
/// What a script may give back: 100 KB, and of a list the first hundred elements.
const MOST_OUTPUT: usize = 100_000;
const MOST_ELEMENTS: usize = 100;
/// What a script may use, in MB.
const MEMORY: u32 = 512;

/// Runs the script of a step, whose inputs are resolved; `text` is the script as the runbook has it, into which nothing is put.
pub(super) async fn run(
    inputs: &Document,
    text: &str,
    done: Done,
    (execution, step, deadline): (&Execution, &StepState, Timestamp),
    settings: &Settings,
    context: &Context,
) -> Acted {
    let stage = |reason: String| Acted::Failed(reason);
    let credentials = match credentials(execution, context).await {
        Ok(credentials) => credentials,
        Err(reason) => return stage(reason),
    };
    let folder = match Folder::with(&settings.directory, &step.id, text) {
        Ok(folder) => folder,
        Err(error) => {
            tracing::error!(%error, directory = %settings.directory.display(), "a script cannot be written");
            return stage(format!("Cloudchamber cannot write the script to a file on this machine: {error}"));
        }
    };
    let of = |name: &str| inputs.get(name).and_then(Document::as_str).unwrap_or_default();
    let payload = inputs.get("InputPayload").cloned().unwrap_or_else(Document::object);
    let handler = format!("{MODULE}.{}", of("Handler"));
    let region = execution.scope.region.as_str().to_owned();
    let mut env = BTreeMap::from([
        ("AWS_ENDPOINT_URL".to_owned(), context.endpoint.clone()),
        ("AWS_REGION".to_owned(), region.clone()),
        ("AWS_DEFAULT_REGION".to_owned(), region),
        ("_HANDLER".to_owned(), handler.clone()),
        ("TZ".to_owned(), ":UTC".to_owned()),
        ("LANG".to_owned(), "en_US.UTF-8".to_owned()),
    ]);
    env.extend(credentials);
    let spec = EnvironmentSpec {
        id: format!("automation-{}", step.id),
        function: format!("{} {}", execution.arn(), step.id),
        runtime: Runtime::Python { version: of("Runtime").trim_start_matches("python").to_owned() },
        handler,
        code_dir: folder.path().to_owned(),
        layers: Vec::new(),
        env,
        memory_mb: MEMORY,
        tmp_mb: MEMORY,
        timeout_init: Duration::from_secs(10),
    };
    let invocation = Invocation {
        request_id: step.id.clone(),
        payload: payload.to_string().into(),
        deadline: deadline.since(context.clock.now()),
        function_arn: execution.arn().to_string(),
        client_context: None,
        cognito_identity: None,
        trace_id: None,
    };
    match settings.scripts.run(spec, invocation).await {
        Ok(outcome) => came_of(outcome, done),
        Err(reason) => stage(format!("Cloudchamber cannot run scripts on this machine: {reason}")),
    }
}

/// A session of the role, or of whoever started the execution, as variables.
async fn credentials(execution: &Execution, context: &Context) -> Result<BTreeMap<String, String>, String> {
    let given = match &execution.role {
        Some(role) => {
            let assume = AssumeRole {
                role_arn: role.to_string(),
                role_session_name: format!("Automation-{}", execution.id),
                ..AssumeRole::default()
            };
            let answer = service_caller(execution, context).call(assume).await;
            answer.map(|answer| answer.credentials).map_err(|error| super::act::not_assumed(&error))?
        }
        None => as_starter(execution, context).await?,
    };
    let given = given.ok_or("The session has no credentials")?;
    Ok(BTreeMap::from([
        ("AWS_ACCESS_KEY_ID".to_owned(), given.access_key_id),
        ("AWS_SECRET_ACCESS_KEY".to_owned(), given.secret_access_key),
        ("AWS_SESSION_TOKEN".to_owned(), given.session_token),
    ]))
}

/// Only root and users have a way to a session of their own. What came in a session stays there.
async fn as_starter(
    execution: &Execution,
    context: &Context,
) -> Result<Option<api_sts::Credentials>, String> {
    if !matches!(execution.principal, Principal::Root(_) | Principal::User(_)) {
        return Err("A script of an execution that a role's session started needs a role of its own in Cloudchamber: give the runbook an assumeRole".to_owned());
    }
    let chain = execution.chain.through(PRINCIPAL);
    let caller = context.caller(execution.principal.clone(), execution.scope, chain);
    let answer = caller.call(GetSessionToken::default()).await;
    let refused =
        |error: ErrorResponse| format!("There are no credentials for the script: {}", error.message);
    answer.map(|answer| answer.credentials).map_err(refused)
}

fn came_of(outcome: Outcome, done: Done) -> Acted {
    let lines: Vec<&str> = outcome.logs.lines.iter().map(|line| line.text.as_str()).collect();
    let done = Done { response: Some(cut(&lines.join("\n"))).filter(|printed| !printed.is_empty()), ..done };
    match outcome.result {
        InvocationResult::Response(payload) => match answer(&payload) {
            Ok(answer) => Acted::Done(Done { answer, ..done }),
            Err(reason) => Acted::Script { reason, done },
        },
        InvocationResult::FunctionError { payload, .. } => Acted::Script { reason: trace(&payload), done },
        InvocationResult::TimedOut { .. } => {
            Acted::TimedOut("The script did not end within its time".to_owned())
        }
        InvocationResult::OutOfMemory { .. } => {
            Acted::Script { reason: format!("The script used more than {MEMORY} MB of memory"), done }
        }
        InvocationResult::Exited { status, .. } => {
            let how = status.map_or_else(String::new, |status| format!(" (wait status {status})"));
            Acted::Script { reason: format!("The script's process ended before it gave a result{how}"), done }
        }
    }
}

/// `{"Payload": …}`.
fn answer(payload: &[u8]) -> Result<Document, String> {
    let mut value = Document::parse_bytes(payload).map_err(|error| error.message)?;
    if let Document::Array(elements) = &mut value {
        elements.truncate(MOST_ELEMENTS);
    }
    if value.to_string().len() > MOST_OUTPUT {
        return Err(format!("The script gave back more than {MOST_OUTPUT} bytes"));
    }
    Ok(Document::object().with("Payload", value))
}

/// As AWS prints what a script raised: the traceback, then `Type - message`.
fn trace(payload: &[u8]) -> String {
    let document = Document::parse_bytes(payload).unwrap_or_default();
    let of = |name: &str| document.get(name).and_then(Document::as_str).unwrap_or_default();
    let frames = document.get("stackTrace").and_then(Document::as_array).unwrap_or_default();
    let frames: Vec<&str> = frames.iter().filter_map(Document::as_str).map(str::trim_end).collect();
    cut(&format!(
        "Traceback (most recent call last):\n{}\n{} - {}",
        frames.join("\n"),
        of("errorType"),
        of("errorMessage")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::document;

    #[test]
    fn results_are_a_payload_up_to_their_limits() {
        assert_eq!(answer(b"{\"a\": 1}").unwrap(), document!({ "Payload": { "a": 1 } }));
        let long = format!("[{}]", vec!["1"; 300].join(","));
        let elements = answer(long.as_bytes()).unwrap();
        assert_eq!(elements.get("Payload").and_then(Document::as_array).map(<[_]>::len), Some(100));
        let large = format!("\"{}\"", "x".repeat(MOST_OUTPUT));
        assert!(answer(large.as_bytes()).unwrap_err().contains("100000 bytes"));
    }

    #[test]
    fn what_is_raised_is_told_as_aws_does() {
        let error = br#"{"errorMessage":"'x'","errorType":"KeyError","requestId":"","stackTrace":["  File \"/var/task/customer_script.py\", line 2, in handler\n    return event['x']\n"]}"#;
        let told = "Traceback (most recent call last):\n  File \"/var/task/customer_script.py\", line 2, in handler\n    return event['x']\nKeyError - 'x'";
        assert_eq!(trace(error), told);
    }
}
