//! Real code in the real sandbox. `SANDBOX_TEST_PYTHON` names another interpreter than `python3`.

use crate::support::*;
use api_lambda::*;
use lambda::Sandboxed;
use std::sync::Arc;

async fn real() -> Lab {
    let mut configuration = sandbox::Configuration::new("127.0.0.1:4566".parse().unwrap());
    if let Some(python) = std::env::var_os("SANDBOX_TEST_PYTHON") {
        configuration.python = python.into();
    }
    with_runtime(Arc::new(Sandboxed::new(configuration)), Arc::default()).await
}

impl Lab {
    async fn code(&self, text: &str, timeout: i32) {
        let variables = [("MODE".to_owned(), "debug".to_owned())].into();
        let input = CreateFunction {
            code: FunctionCode { zip_file: Some(package(text)), ..Default::default() },
            environment: Some(Environment { variables: Some(variables) }),
            timeout: Some(timeout),
            ..create("fun")
        };
        self.root().call(input).await.unwrap();
    }
}

fn json(answer: &InvokeOutput) -> wire::Document {
    wire::Document::parse_bytes(answer.payload.as_deref().unwrap()).unwrap()
}

#[tokio::test]
async fn python_sees_its_event_context_and_variables() {
    let lab = real().await;
    lab.code(
        "import os, cfnresponse\n\
         print('loading')\n\
         def handler(event, context):\n\
         \x20   print('mode', os.environ['MODE'])\n\
         \x20   return {'event': event, 'arn': context.invoked_function_arn, 'memory': context.memory_limit_in_mb,\n\
         \x20           'key': os.environ['AWS_ACCESS_KEY_ID'], 'handler': os.environ['_HANDLER'], 'stream': context.log_stream_name}\n",
        30,
    )
    .await;
    let answer = lab.invoke("fun", r#"{"a":[1,"é"]}"#).await.unwrap();
    assert_eq!(answer.function_error, None, "{:?}", answer.payload);
    let result = json(&answer);
    assert_eq!(result.get("event").unwrap().to_string(), r#"{"a":[1,"é"]}"#);
    assert_eq!(result.get("arn").unwrap().as_str(), Some(arn("fun").as_str()));
    assert_eq!(
        (result.get("memory").unwrap().as_str(), result.get("key").unwrap().as_str()),
        (Some("128"), Some("ASIATEST"))
    );
    let told = lab.told("log").remove(0);
    assert_eq!(result.get("stream").unwrap().as_str(), told.to.split_once(':').map(|(_, stream)| stream));
    let order: Vec<&str> = told.texts.iter().map(|line| line.split([' ', '\n']).next().unwrap()).collect();
    assert_eq!(order, ["INIT_START", "loading", "START", "mode", "END", "REPORT"], "{:?}", told.texts);
    // The next event finds the environment warm.
    lab.invoke("fun", "{}").await.unwrap();
    let told = lab.told("log").remove(1);
    assert!(!told.texts.last().unwrap().contains("Init Duration"), "{:?}", told.texts);
}

#[tokio::test]
async fn an_exception_is_answered_as_lambda_answers_it() {
    let lab = real().await;
    lab.code("def handler(event, context):\n    raise KeyError('missing')\n", 30).await;
    let answer = lab.invoke("fun", "{}").await.unwrap();
    assert_eq!(answer.function_error.as_deref(), Some("Unhandled"));
    let error = json(&answer);
    assert_eq!(error.get("errorType").unwrap().as_str(), Some("KeyError"));
    assert_eq!(error.get("errorMessage").unwrap().as_str(), Some("'missing'"));
    assert!(error.get("stackTrace").is_some());
    let texts = lab.told("log").remove(0).texts;
    assert!(texts.iter().any(|line| line.starts_with("[ERROR] KeyError: 'missing'")), "{texts:?}");
}

#[tokio::test]
async fn a_handler_that_is_missing_is_named() {
    let lab = real().await;
    lab.code("x = 1\n", 30).await;
    let error = json(&lab.invoke("fun", "{}").await.unwrap());
    assert_eq!(error.get("errorType").unwrap().as_str(), Some("Runtime.HandlerNotFound"));
}

#[tokio::test]
async fn a_function_that_takes_too_long_is_ended() {
    let lab = real().await;
    lab.code("import time\ndef handler(event, context):\n    time.sleep(60)\n", 1).await;
    let answer = lab.invoke("fun", "{}").await.unwrap();
    assert_eq!(answer.function_error.as_deref(), Some("Unhandled"));
    let error = json(&answer);
    assert_eq!(error.get("errorType").unwrap().as_str(), Some("Sandbox.Timedout"));
    assert!(
        error
            .get("errorMessage")
            .unwrap()
            .as_str()
            .unwrap()
            .ends_with("Error: Task timed out after 1.00 seconds")
    );
    let texts = lab.told("log").remove(0).texts;
    assert!(texts.last().unwrap().trim_end().ends_with("Task timed out after 1.00 seconds"), "{texts:?}");
    assert!(
        texts.iter().any(|line| line.starts_with("REPORT ") && line.ends_with("Status: timeout\n")),
        "{texts:?}"
    );
}

#[tokio::test]
async fn changed_code_is_what_runs_next() {
    let lab = real().await;
    lab.code("def handler(event, context):\n    return 1\n", 30).await;
    assert_eq!(lab.invoke("fun", "{}").await.unwrap().payload.as_deref(), Some(&b"1"[..]));
    let update = UpdateFunctionCode {
        function_name: "fun".into(),
        zip_file: Some(package("def handler(event, context):\n    return 2\n")),
        ..Default::default()
    };
    lab.root().call(update).await.unwrap();
    assert_eq!(lab.invoke("fun", "{}").await.unwrap().payload.as_deref(), Some(&b"2"[..]));
}
