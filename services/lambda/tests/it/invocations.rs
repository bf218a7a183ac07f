//! Invoke: answers, logs, environments, limits.

use crate::support::*;
use api_lambda::*;
use base64::Engine;
use sandbox::InvocationResult;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

#[tokio::test]
async fn an_invocation_answers_and_logs_in_order() {
    let lab = lab().await;
    lab.function("f").await;
    let answer =
        lab.root().call(Invoke { log_type: Some(LogType::Tail), ..invoke("f", r#"{"a":1}"#) }).await.unwrap();
    assert_eq!((answer.status_code, answer.payload.as_deref()), (Some(200), Some(&br#"{"a":1}"#[..])));
    assert_eq!((answer.function_error, answer.executed_version.as_deref()), (None, Some("$LATEST")));
    let id = lab.seen.invoked.lock().unwrap()[0].request_id.clone();
    let told = lab.told("log");
    assert_eq!(told.len(), 1);
    assert!(told[0].to.starts_with("/aws/lambda/f:2026/11/21/[$LATEST]"), "{}", told[0].to);
    assert_eq!(told[0].who, format!("arn:aws:sts::{ACCOUNT}:assumed-role/worker/f_"));
    let lines = &told[0].texts;
    assert!(lines[0].starts_with("INIT_START Runtime Version: python:3.12.v1\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:"), "{}", lines[0]);
    assert_eq!(
        lines[1..],
        [
            "importing\n".to_owned(),
            format!("START RequestId: {id} Version: $LATEST\n"),
            "hello\n".into(),
            "world\n".into(),
            format!("END RequestId: {id}\n"),
            format!(
                "REPORT RequestId: {id}\tDuration: 1.23 ms\tBilled Duration: 102 ms\tMemory Size: 128 MB\tMax Memory Used: 30 MB\tInit Duration: 100.50 ms\t\n"
            ),
        ]
    );
    let tail = base64::engine::general_purpose::STANDARD.decode(answer.log_result.unwrap()).unwrap();
    assert_eq!(String::from_utf8(tail).unwrap(), lines.concat());
}

#[tokio::test]
async fn a_warm_environment_is_used_again_and_a_changed_function_gets_another() {
    let lab = lab().await;
    lab.function("f").await;
    lab.invoke("f", "{}").await.unwrap();
    lab.invoke("f", "{}").await.unwrap();
    assert_eq!(lab.seen.started.lock().unwrap().len(), 1);
    let (first, second) = (&lab.told("log")[0], &lab.told("log")[1]);
    assert_eq!(first.to, second.to);
    assert!(second.texts[0].starts_with("START ") && !second.texts.last().unwrap().contains("Init Duration"));
    let update =
        UpdateFunctionConfiguration { function_name: "f".into(), timeout: Some(5), ..Default::default() };
    lab.root().call(update).await.unwrap();
    assert_eq!(lab.seen.alive.load(Ordering::SeqCst), 0, "the old environment is ended at once");
    lab.invoke("f", "{}").await.unwrap();
    assert_eq!(lab.seen.started.lock().unwrap().len(), 2);
    let deadline = lab.seen.invoked.lock().unwrap()[2].deadline;
    assert_eq!(deadline, Duration::from_secs(5));
    // Another function never gets it, nor a later one of the same name.
    lab.function("g").await;
    lab.invoke("g", "{}").await.unwrap();
    lab.root().call(DeleteFunction { function_name: "f".into(), qualifier: None }).await.unwrap();
    lab.function("f").await;
    lab.invoke("f", "{}").await.unwrap();
    assert_eq!(lab.seen.started.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn idle_environments_are_ended_by_the_clock() {
    let lab = lab().await;
    lab.function("f").await;
    lab.invoke("f", "{}").await.unwrap();
    lab.cloud.advance(Duration::from_secs(6 * 60)).await;
    assert_eq!(lab.seen.alive.load(Ordering::SeqCst), 1);
    lab.cloud.advance(Duration::from_secs(61)).await;
    assert_eq!(lab.seen.alive.load(Ordering::SeqCst), 0);
    lab.invoke("f", "{}").await.unwrap();
    lab.cloud.advance(Duration::from_secs(7 * 60 + 1)).await;
    assert_eq!(lab.seen.alive.load(Ordering::SeqCst), 0, "the reaper starts anew");
}

#[tokio::test]
async fn credentials_that_end_soon_are_not_used_again() {
    let lab = lab().await;
    lab.function("f").await;
    for _ in 0..11 {
        lab.invoke("f", "{}").await.unwrap();
        lab.cloud.advance(Duration::from_secs(330)).await;
    }
    // An hour of credentials, with a margin of five minutes: the eleventh invocation is at 55 minutes.
    assert_eq!(lab.seen.started.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn the_environment_has_lambda_s_variables() {
    let lab = lab().await;
    let variables = [("MODE".to_owned(), "debug".to_owned())].into();
    lab.root()
        .call(CreateFunction {
            environment: Some(Environment { variables: Some(variables) }),
            memory_size: Some(256),
            ..create("fun")
        })
        .await
        .unwrap();
    lab.invoke("fun", "{}").await.unwrap();
    let spec = lab.seen.started.lock().unwrap()[0].clone();
    let stream = lab.told("log")[0].to.split_once(':').unwrap().1.to_owned();
    for (name, value) in [
        ("MODE", "debug"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_LAMBDA_FUNCTION_NAME", "fun"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/fun"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", &stream),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_python3.12"),
        ("AWS_ACCESS_KEY_ID", "ASIATEST"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "token of fun"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
        ("_HANDLER", "index.handler"),
        ("TZ", ":UTC"),
    ] {
        assert_eq!(spec.env.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!((spec.memory_mb, spec.tmp_mb), (256, 512));
    assert_eq!(spec.runtime, sandbox::Runtime::Python { version: "3.12".into() });
}

#[tokio::test]
async fn an_error_of_the_function_is_an_answer() {
    let lab = scripted(|_, _| failure("bad")).await;
    lab.function("f").await;
    let answer = lab.invoke("f", "{}").await.unwrap();
    assert_eq!((answer.status_code, answer.function_error.as_deref()), (Some(200), Some("Unhandled")));
    assert_eq!(answer.payload.as_deref(), Some(&br#"{"errorMessage":"bad","errorType":"ValueError"}"#[..]));
    assert!(lab.told("log")[0].texts.last().unwrap().ends_with("Init Duration: 100.50 ms\t\n"));
}

#[tokio::test]
async fn a_timeout_ends_the_environment() {
    let lab = scripted(|_, _| InvocationResult::TimedOut { payload: "{}".into() }).await;
    lab.function("f").await;
    let answer = lab.invoke("f", "{}").await.unwrap();
    assert_eq!(answer.function_error.as_deref(), Some("Unhandled"));
    assert!(lab.told("log")[0].texts.last().unwrap().ends_with("\tStatus: timeout\n"));
    assert_eq!(lab.seen.alive.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn payloads_are_json_and_bounded() {
    let lab = lab().await;
    lab.function("f").await;
    let (code, message) = refusal(lab.invoke("f", "{bad").await);
    assert_eq!(code, "InvalidRequestContentException");
    assert!(message.starts_with("Could not parse request body into json: "), "{message}");
    let large = |size: usize, kind| Invoke {
        payload: Some(format!("\"{}\"", "x".repeat(size - 2)).into()),
        invocation_type: Some(kind),
        ..invoke("f", "")
    };
    assert_eq!(
        refusal(lab.root().call(large(6_291_457, InvocationType::RequestResponse)).await),
        (
            "RequestTooLargeException".into(),
            "Request must be smaller than 6291456 bytes for the InvokeFunction operation".into()
        )
    );
    assert_eq!(
        refusal(lab.root().call(large(1_048_577, InvocationType::Event)).await).0,
        "RequestTooLargeException"
    );
    lab.root().call(large(1_048_576, InvocationType::Event)).await.unwrap();
    let answer = lab.root().call(Invoke { payload: None, ..invoke("f", "") }).await.unwrap();
    assert_eq!(answer.payload.as_deref(), Some(&b"{}"[..]));
    let context = Invoke { client_context: Some("no base64!".into()), ..invoke("f", "{}") };
    assert_eq!(refusal(lab.root().call(context).await).0, "InvalidRequestContentException");
    let text = base64::engine::general_purpose::STANDARD.encode(r#"{"custom":{"a":"b"}}"#);
    lab.root().call(Invoke { client_context: Some(text), ..invoke("f", "{}") }).await.unwrap();
    assert_eq!(
        lab.seen.invoked.lock().unwrap().last().unwrap().client_context.as_deref(),
        Some(r#"{"custom":{"a":"b"}}"#)
    );
}

#[tokio::test]
async fn a_dry_run_runs_nothing() {
    let lab = lab().await;
    lab.function("f").await;
    let dry = |name: &str| Invoke {
        function_name: name.into(),
        invocation_type: Some(InvocationType::DryRun),
        ..Default::default()
    };
    assert_eq!(lab.root().call(dry("f")).await.unwrap().status_code, Some(204));
    assert_eq!(
        refusal(lab.root().call(dry("g")).await),
        ("ResourceNotFoundException".into(), format!("Function not found: {}", arn("g")))
    );
    assert!(lab.seen.invoked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn reserved_concurrency_throttles() {
    let lab = Arc::new(lab().await);
    lab.function("f").await;
    let reserve = |executions| PutFunctionConcurrency {
        function_name: "f".into(),
        reserved_concurrent_executions: executions,
    };
    lab.root().call(reserve(0)).await.unwrap();
    let error = lab.invoke("f", "{}").await.unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.status, error.message.as_str()),
        ("TooManyRequestsException", 429, "Rate Exceeded.")
    );
    let reason = error.members.iter().find(|(name, _)| *name == "Reason").unwrap();
    assert_eq!(reason.1.as_str(), Some("ReservedFunctionConcurrentInvocationLimitExceeded"));
    lab.root().call(reserve(1)).await.unwrap();
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    *lab.seen.gate.lock().unwrap() = Some(Arc::clone(&gate));
    let first = tokio::spawn({
        let lab = Arc::clone(&lab);
        async move { lab.invoke("f", "{}").await }
    });
    lab.cloud
        .until("the first runs", async || (lab.seen.inside.load(Ordering::SeqCst) == 1).then_some(()))
        .await;
    assert_eq!(lab.invoke("f", "{}").await.unwrap_err().status, 429);
    gate.add_permits(2);
    first.await.unwrap().unwrap();
    lab.invoke("f", "{}").await.unwrap();
}

#[tokio::test]
async fn two_at_once_have_an_environment_each() {
    let lab = Arc::new(lab().await);
    lab.function("f").await;
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    *lab.seen.gate.lock().unwrap() = Some(Arc::clone(&gate));
    let run = || {
        let lab = Arc::clone(&lab);
        tokio::spawn(async move { lab.invoke("f", "{}").await })
    };
    let both = [run(), run()];
    lab.cloud.until("both run", async || (lab.seen.inside.load(Ordering::SeqCst) == 2).then_some(())).await;
    gate.add_permits(2);
    for one in both {
        one.await.unwrap().unwrap();
    }
    assert_eq!(lab.seen.started.lock().unwrap().len(), 2);
    assert_ne!(lab.told("log")[0].to, lab.told("log")[1].to);
}

#[tokio::test]
async fn who_gives_up_waiting_does_not_stop_the_function() {
    let lab = Arc::new(lab().await);
    lab.function("f").await;
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    *lab.seen.gate.lock().unwrap() = Some(Arc::clone(&gate));
    let waiting = tokio::spawn({
        let lab = Arc::clone(&lab);
        async move { lab.invoke("f", "{}").await }
    });
    lab.cloud.until("it runs", async || (lab.seen.inside.load(Ordering::SeqCst) == 1).then_some(())).await;
    waiting.abort();
    gate.add_permits(1);
    lab.cloud.until("its log is written", async || (lab.told("log").len() == 1).then_some(())).await;
    assert_eq!(lab.seen.alive.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn without_permission_to_log_there_is_no_log() {
    let lab = lab().await;
    lab.role("mute", "lambda.amazonaws.com", &[]);
    lab.root()
        .call(CreateFunction { role: format!("arn:aws:iam::{ACCOUNT}:role/mute"), ..create("f") })
        .await
        .unwrap();
    lab.invoke("f", "{}").await.unwrap();
    assert!(lab.told("log").is_empty());
    // What the role may not make must be there already.
    let put = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}}"#;
    lab.role("mute", "lambda.amazonaws.com", &[put]);
    lab.invoke("f", "{}").await.unwrap();
    assert!(lab.told("log").is_empty());
    let group = api_logs::CreateLogGroup { log_group_name: "/aws/lambda/f".into(), ..Default::default() };
    lab.root().call(group).await.unwrap();
    lab.invoke("f", "{}").await.unwrap();
    assert_eq!(lab.told("log").len(), 1);
}

#[tokio::test]
async fn a_role_that_is_gone_stops_the_function() {
    let lab = lab().await;
    lab.function("f").await;
    lab.forget_role("worker");
    let error = lab.invoke("f", "{}").await.unwrap_err();
    assert_eq!((error.code.as_str(), error.status), ("AccessDeniedException", 403));
    assert_eq!(error.message, "The role defined for the function cannot be assumed by Lambda.");
}

#[tokio::test]
async fn a_machine_that_cannot_run_functions_says_why() {
    let runtime = lambda::Unavailable("python3 was not found: install it or name one with --python".into());
    let lab = with_runtime(Arc::new(runtime), Arc::default()).await;
    lab.function("f").await;
    let error = lab.invoke("f", "{}").await.unwrap_err();
    assert_eq!((error.code.as_str(), error.status), ("ServiceException", 500));
    assert!(error.message.contains("python3 was not found: install it"), "{}", error.message);
}

#[tokio::test]
async fn json_logs_have_json_reports() {
    let lab = lab().await;
    let logging = LoggingConfig {
        log_format: Some(LogFormat::Json),
        log_group: Some("shared".into()),
        ..Default::default()
    };
    lab.root().call(CreateFunction { logging_config: Some(logging), ..create("f") }).await.unwrap();
    lab.invoke("f", "{}").await.unwrap();
    let texts = lab.told("log")[0].texts.clone();
    assert_eq!(texts.len(), 5, "{texts:?}");
    let start = wire::Document::parse(&texts[1]).unwrap();
    assert_eq!(start.get("type").unwrap().as_str(), Some("platform.start"));
    let report = wire::Document::parse(&texts[4]).unwrap();
    assert_eq!(report.at(&["record", "metrics", "durationMs"]).unwrap().as_f64(), Some(1.23));
    assert_eq!(report.at(&["record", "status"]).unwrap().as_str(), Some("success"));
    let spec = lab.seen.started.lock().unwrap()[0].clone();
    assert!(lab.told("log")[0].to.starts_with("shared:2026/11/21/f[$LATEST]"), "{}", lab.told("log")[0].to);
    assert_eq!(
        (spec.env["AWS_LAMBDA_LOG_FORMAT"].as_str(), spec.env["AWS_LAMBDA_LOG_LEVEL"].as_str()),
        ("JSON", "INFO")
    );
}

#[tokio::test]
async fn a_function_that_calls_itself_is_stopped_after_sixteen_runs() {
    let lab = lab().await;
    lab.function("f").await;
    let mut trace = None;
    let call = async |trace: Option<String>| {
        let chain = contract::Chain::traced(trace);
        let caller = lab.cloud.context().caller(lab.root().principal().clone(), lab.cloud.scope(), chain);
        caller.call(invoke("f", "{}")).await
    };
    for _ in 0..16 {
        call(trace.clone()).await.unwrap();
        // What the SDK sends on with the function's own calls.
        trace = lab.seen.invoked.lock().unwrap().last().unwrap().trace_id.clone();
    }
    let (code, message) = refusal(call(trace.clone()).await);
    assert_eq!(code, "RecursiveInvocationException");
    assert_eq!(
        message,
        "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your \
         function's invocation."
    );
    lab.invoke("f", "{}").await.unwrap();
    let allow =
        PutFunctionRecursionConfig { function_name: "f".into(), recursive_loop: RecursiveLoop::Allow };
    lab.root().call(allow).await.unwrap();
    call(trace).await.unwrap();
}
