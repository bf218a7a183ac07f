//! What a Python function finds.

use crate::bench::{Bench, OutcomeExt, REQUEST, handler, invocation, variables};
use sandbox::InvocationResult;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_function_gets_its_event_variables_and_context() {
    let bench = Bench::new().await;
    let code = "
import os, sys
def handler(event, context):
    return {
        'event': event,
        'own': os.environ['AWS_ACCESS_KEY_ID'],
        'task': os.environ['LAMBDA_TASK_ROOT'],
        'api': os.environ['AWS_LAMBDA_RUNTIME_API'],
        'trace': os.environ.get('_X_AMZN_TRACE_ID'),
        'here': os.getcwd(),
        'path': sys.path[:3],
        'id': context.aws_request_id,
        'names': [context.function_name, context.function_version, context.memory_limit_in_mb],
        'arn': context.invoked_function_arn,
        'log': [context.log_group_name, context.log_stream_name],
        'left': context.get_remaining_time_in_millis(),
        'custom': context.client_context.custom,
        'app': context.client_context.client.app_title,
        'identity': context.identity.cognito_identity_id,
        'inherited': sorted(set(os.environ) - set(event['expected'])),
    }
";
    let mut expected: Vec<String> = variables().into_keys().collect();
    let set = "PATH LD_LIBRARY_PATH LANG TZ SHLVL PYTHONPATH LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR AWS_LAMBDA_RUNTIME_API \
               _HANDLER _X_AMZN_TRACE_ID";
    expected.extend(set.split_whitespace().map(str::to_owned));
    let event = json!({ "expected": expected, "text": "ä€" });
    let mut call = invocation(&event.to_string());
    call.client_context =
        Some("{\"custom\":\n{\"key\":\"wört\"},\"client\":{\"app_title\":\"app\"}}".to_owned());
    call.cognito_identity =
        Some(json!({"cognitoIdentityId": "c-1", "cognitoIdentityPoolId": "p-1"}).to_string());
    call.trace_id = Some("Root=1-2-3".to_owned());
    let outcome = bench.start(code).await.invoke(call).await;
    let mut value = outcome.value();
    let left = value.as_object_mut().unwrap().remove("left").unwrap().as_u64().unwrap();
    assert!((20_000..=30_000).contains(&left), "{left}");
    assert_eq!(
        value,
        json!({
            "event": event,
            "own": "ASIAXMPL",
            "task": "/var/task",
            "api": "127.0.0.1:9001",
            "trace": "Root=1-2-3",
            "here": "/var/task",
            "path": ["/var/task", "/opt/python/lib/python3.12/site-packages", value["path"][2]],
            "id": REQUEST,
            "names": ["function", "$LATEST", "256"],
            "arn": "arn:aws:lambda:eu-central-1:123456789012:function:function",
            "log": ["/aws/lambda/function", "2026/01/01/[$LATEST]0123"],
            "custom": {"key": "wört"},
            "app": "app",
            "identity": "c-1",
            "inherited": [],
        })
    );
    assert!(outcome.init_duration.is_some() && outcome.max_memory_used_mb > 0);
    println!("cold: init {:?}, duration {:?}", outcome.init_duration, outcome.duration);
}

#[tokio::test]
async fn output_comes_in_order_and_belongs_to_its_invocation() {
    let bench = Bench::new().await;
    let code = "
import logging, os, sys, subprocess
print('while loading')
log = logging.getLogger()
log.setLevel(logging.INFO)
def handler(event, context):
    print('first')
    log.info('second\\nline')
    sys.stderr.write('third\\n')
    subprocess.run(['/bin/sh', '-c', 'echo fourth'])
    os.write(1, b'fifth')
    log.debug('not shown')
";
    let mut environment = bench.start(code).await;
    let outcome = environment.invoke(invocation("{}")).await;
    assert_eq!(outcome.result, InvocationResult::Response("null".into()));
    let lines = outcome.lines();
    assert_eq!(lines.len(), 6, "{lines:?}");
    assert_eq!((lines[0], lines[1]), ("while loading", "first"));
    let parts: Vec<&str> = lines[2].split('\t').collect();
    assert_eq!((parts[0], parts[2], parts[3]), ("[INFO]", REQUEST, "second\nline"));
    assert!(parts[1].len() == 24 && parts[1].ends_with('Z'), "{}", parts[1]);
    assert_eq!(lines[3..], ["third", "fourth", "fifth"]);
    assert!(outcome.logs.tail.ends_with("third\nfourth\nfifth\n"));
    assert_eq!(outcome.logs.lines[0].offset, Duration::ZERO);

    let again = environment.invoke(invocation("{}")).await;
    assert_eq!(again.lines()[0], "first");
    assert_eq!(again.init_duration, None);
    println!("warm: {:?}", again.duration);
}

#[tokio::test]
async fn records_are_json_if_the_function_asks_for_it() {
    let bench = Bench::new().await;
    let code = "
import logging
def handler(event, context):
    logging.getLogger('app').info('hello', extra={'order': 7})
    raise KeyError('x')
";
    let mut spec = bench.spec(&[("index.py", code)]);
    spec.env.insert("AWS_LAMBDA_LOG_FORMAT".to_owned(), "JSON".to_owned());
    spec.env.insert("AWS_LAMBDA_LOG_LEVEL".to_owned(), "INFO".to_owned());
    let outcome = bench.sandbox.start(spec).await.unwrap().invoke(invocation("{}")).await;
    let record: serde_json::Value = serde_json::from_str(outcome.lines()[0]).unwrap();
    assert_eq!(
        (&record["level"], &record["message"], &record["logger"], &record["requestId"], &record["order"]),
        (&json!("INFO"), &json!("hello"), &json!("app"), &json!(REQUEST), &json!(7))
    );
    let error: serde_json::Value = serde_json::from_str(outcome.lines()[1]).unwrap();
    assert_eq!((&error["level"], &error["errorType"]), (&json!("ERROR"), &json!("KeyError")));
}

#[tokio::test]
async fn an_environment_keeps_its_state_and_no_other_sees_it() {
    let bench = Bench::new().await;
    let code = "
import json, os, builtins
count = 0
def handler(event, context):
    global count
    count += 1
    seen = getattr(builtins, 'left', None), os.environ.get('LEFT'), hasattr(json, 'left'), os.path.exists('/tmp/left')
    builtins.left = 'left'
    os.environ['LEFT'] = 'left'
    json.left = True
    open('/tmp/left', 'w').close()
    return [count, *seen]
";
    let mut first = bench.start(code).await;
    assert_eq!(first.invoke(invocation("{}")).await.value(), json!([1, null, null, false, false]));
    assert_eq!(first.invoke(invocation("{}")).await.value(), json!([2, "left", "left", true, true]));
    // A fork of the same zygote after the first has done what it could.
    let mut second = bench.start(code).await;
    assert_eq!(second.invoke(invocation("{}")).await.value(), json!([1, null, null, false, false]));
    assert_eq!(first.invoke(invocation("{}")).await.value(), json!([3, "left", "left", true, true]));
}

#[tokio::test]
async fn random_numbers_differ_between_environments() {
    let bench = Bench::new().await;
    let code = "import random, uuid\ndef handler(event, context):\n    return [random.random(), str(uuid.uuid4())]\n";
    let first = bench.run(code, "{}").await.value();
    let second = bench.run(code, "{}").await.value();
    assert!(first[0] != second[0] && first[1] != second[1], "{first} {second}");
}

#[tokio::test]
async fn handlers_may_be_nested_and_modules_may_come_from_layers() {
    let bench = Bench::new().await;
    let mut spec = bench
        .spec(&[("pkg/mod.py", "import lib, extra\ndef fn(e, c):\n    return [lib.NAME, extra.NAME]\n")]);
    spec.handler = "pkg/mod.fn".to_owned();
    spec.layers = vec![
        bench.files(&[("python/lib.py", "NAME = 'first layer'\n"), ("python/extra.py", "NAME = 'extra'\n")]),
        bench.files(&[("python/lib.py", "NAME = 'second layer'\n")]),
    ];
    let value = bench.sandbox.start(spec).await.unwrap().invoke(invocation("{}")).await.value();
    assert_eq!(value, json!(["second layer", "extra"]));
}

#[tokio::test]
async fn a_functions_own_modules_win_over_those_that_were_loaded_before() {
    let bench = Bench::new().await;
    let files = [
        ("index.py", "import uuid, email\ndef handler(e, c):\n    return [uuid.NAME, email.NAME]\n"),
        ("uuid.py", "NAME = 'my uuid'\n"),
        ("email/__init__.py", "NAME = 'my email'\n"),
    ];
    let mut environment = bench.sandbox.start(bench.spec(&files)).await.unwrap();
    assert_eq!(environment.invoke(invocation("{}")).await.value(), json!(["my uuid", "my email"]));
}

#[tokio::test]
async fn results_are_marshalled_as_lambda_does() {
    let bench = Bench::new().await;
    let code = "
from decimal import Decimal
def handler(event, context):
    return {'d': Decimal('1.10'), 't': (1, 2), 'big': Decimal('123456789012345678901234567890'), 'u': '\\u20ac'}
";
    let outcome = bench.run(code, "{}").await;
    let expected = r#"{"d": 1.10, "t": [1, 2], "big": 123456789012345678901234567890, "u": "\u20ac"}"#;
    assert_eq!(outcome.result, InvocationResult::Response(expected.into()));
    let bytes = bench.run("def handler(event, context):\n    return b'as it is'\n", "{}").await;
    assert_eq!(bytes.result, InvocationResult::Response("as it is".into()));
}

#[tokio::test]
async fn cfnresponse_answers_cloudformation() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let endpoint = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut configuration = crate::bench::configuration();
    configuration.endpoint = endpoint.local_addr().unwrap();
    let bench = Bench::with(configuration).await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = endpoint.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"}}") {
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "{}", String::from_utf8_lossy(&request));
            request.extend_from_slice(&buffer[..count]);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await.unwrap();
        String::from_utf8(request).unwrap()
    });
    let code = handler(
        "import cfnresponse\ncfnresponse.send(event, context, cfnresponse.SUCCESS, {'A': 1}, 'physical')",
    );
    let event = json!({
        "ResponseURL": format!("http://127.0.0.1:{}/bucket/key?signature=1", bench_port(&bench)),
        "StackId": "stack", "RequestId": "request", "LogicalResourceId": "logical",
    });
    let outcome = bench.run(&code, &event.to_string()).await;
    assert_eq!(outcome.value(), json!(null), "{:?}", outcome.lines());
    let request = server.await.unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("PUT /bucket/key?signature=1 HTTP/1.1\r\n"), "{head}");
    assert!(head.to_lowercase().contains("content-type: \r\n"), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["Status"], "SUCCESS");
    assert_eq!(body["PhysicalResourceId"], "physical");
    assert_eq!(body["Data"], json!({"A": 1}));
    assert_eq!(body["Reason"], "See the details in CloudWatch Log Stream: 2026/01/01/[$LATEST]0123");
}

fn bench_port(bench: &Bench) -> u16 {
    bench.sandbox.endpoint().port()
}
