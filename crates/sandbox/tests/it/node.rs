//! Node.js functions. `SANDBOX_TEST_NODE` names another interpreter than `node`; `SANDBOX_TEST_NODE_MODULES` the SDK's directory.

use crate::bench::{Bench, OutcomeExt, REQUEST, configuration, invocation};
use sandbox::{Environment, EnvironmentSpec, InvocationResult, Runtime, StartError};
use serde_json::{Value, json};

async fn bench() -> Bench {
    let mut configuration = configuration();
    if let Some(node) = std::env::var_os("SANDBOX_TEST_NODE") {
        configuration.node = node.into();
    }
    Bench::with(configuration).await
}

fn spec(bench: &Bench, files: &[(&str, &str)]) -> EnvironmentSpec {
    let mut spec = bench.spec(files);
    spec.runtime = Runtime::Node { version: "20".to_owned() };
    spec.env.insert("AWS_EXECUTION_ENV".to_owned(), "AWS_Lambda_nodejs20.x".to_owned());
    spec
}

async fn start(bench: &Bench, files: &[(&str, &str)]) -> Environment {
    bench.sandbox.start(spec(bench, files)).await.unwrap()
}

async fn run(code: &str) -> sandbox::Outcome {
    let bench = bench().await;
    start(&bench, &[("index.js", code)]).await.invoke(invocation("{}")).await
}

fn error(outcome: &sandbox::Outcome) -> Value {
    serde_json::from_slice(outcome.result.payload()).unwrap()
}

#[tokio::test]
async fn a_function_gets_its_event_variables_and_context() {
    let bench = bench().await;
    let code = "
exports.handler = async (event, context) => ({
    event, id: context.awsRequestId, arn: context.invokedFunctionArn, names: [context.functionName, context.functionVersion, context.memoryLimitInMB],
    left: context.getRemainingTimeInMillis() > 20000, task: process.env.LAMBDA_TASK_ROOT, here: process.cwd(), key: process.env.AWS_ACCESS_KEY_ID,
    trace: process.env._X_AMZN_TRACE_ID, custom: context.clientContext.custom.key, path: process.env.NODE_PATH,
})";
    let mut environment = start(&bench, &[("index.js", code)]).await;
    let mut call = invocation(r#"{"text":"ä€"}"#);
    call.trace_id = Some("Root=1-2-3".to_owned());
    call.client_context = Some(r#"{"custom":{"key":"wört"}}"#.to_owned());
    let outcome = environment.invoke(call.clone()).await;
    let value = outcome.value();
    assert_eq!(
        value,
        json!({
            "event": {"text": "ä€"}, "id": REQUEST,
            "arn": "arn:aws:lambda:eu-central-1:123456789012:function:function",
            "names": ["function", "$LATEST", "256"], "left": true, "task": "/var/task", "here": "/var/task", "key": "ASIAXMPL",
            "trace": "Root=1-2-3", "custom": "wört",
            "path": "/opt/nodejs/node20/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task",
        })
    );
    // The second event finds the same process.
    assert_eq!(environment.invoke(call).await.value(), value);
}

#[tokio::test]
async fn handlers_may_be_callbacks_promises_and_modules() {
    let bench = bench().await;
    let callback = "
exports.handler = (event, context, callback) => { setTimeout(() => callback(null, 'late'), 20); };
exports.done = (event, context) => context.succeed({ by: 'succeed' });
exports.deep = { er: async () => [1, null] };
exports.nothing = async () => {};
exports.silent = (event, context, callback) => {};";
    for (handler, expected) in [
        ("index.handler", json!("late")),
        ("index.done", json!({ "by": "succeed" })),
        ("index.deep.er", json!([1, null])),
        ("index.nothing", json!(null)),
        ("index.silent", json!(null)),
    ] {
        let spec = EnvironmentSpec { handler: handler.into(), ..spec(&bench, &[("index.js", callback)]) };
        let outcome = bench.sandbox.start(spec).await.unwrap().invoke(invocation("{}")).await;
        assert_eq!(outcome.value(), expected, "{handler}");
    }
    let esm = "import { basename } from 'node:path'; import { two } from './two.mjs';
const one = await Promise.resolve(1);
export const handler = async () => [one, two, basename('/a/b')];";
    let two = ("two.mjs", "export const two = 2;");
    let with_type = ("package.json", r#"{"type":"module"}"#);
    for files in [vec![("index.mjs", esm), two], vec![("index.js", esm), two, with_type]] {
        let outcome = start(&bench, &files).await.invoke(invocation("{}")).await;
        assert_eq!(outcome.value(), json!([1, 2, "b"]));
    }
    let nested = EnvironmentSpec {
        handler: "src/app.handler".into(),
        ..spec(&bench, &[("src/app.cjs", "exports.handler = async () => 7")])
    };
    let outcome = bench.sandbox.start(nested).await.unwrap().invoke(invocation("{}")).await;
    assert_eq!(outcome.value(), json!(7));
}

#[tokio::test]
async fn the_console_writes_as_lambda_does() {
    let code = "console.log('loading %s', 'it');
exports.handler = async () => { console.log('a\\nb', { c: 1 }); console.error('bad'); console.debug('d'); process.stdout.write('raw\\n'); return 1; }";
    let bench = bench().await;
    let outcome = start(&bench, &[("index.js", code)]).await.invoke(invocation("{}")).await;
    let lines: Vec<Vec<String>> =
        outcome.lines().iter().map(|line| line.split('\t').skip(1).map(str::to_owned).collect()).collect();
    assert_eq!(lines[0], ["undefined", "INFO", "loading it"]);
    assert_eq!(lines[1], [REQUEST, "INFO", "a\nb { c: 1 }"]);
    assert_eq!(lines[2], [REQUEST, "ERROR", "bad"]);
    assert_eq!(lines[3], [REQUEST, "DEBUG", "d"]);
    assert_eq!(outcome.lines()[4], "raw");
    let mut json_logs = spec(
        &bench,
        &[(
            "index.js",
            "exports.handler = async () => { console.info('x'); console.debug('no'); console.warn({ a: 1 }); }",
        )],
    );
    json_logs.env.insert("AWS_LAMBDA_LOG_FORMAT".into(), "JSON".into());
    json_logs.env.insert("AWS_LAMBDA_LOG_LEVEL".into(), "INFO".into());
    let outcome = bench.sandbox.start(json_logs).await.unwrap().invoke(invocation("{}")).await;
    let entries: Vec<Value> =
        outcome.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert_eq!((&entries[0]["level"], &entries[0]["message"]), (&json!("INFO"), &json!("x")));
    assert_eq!((&entries[1]["level"], &entries[1]["message"]), (&json!("WARN"), &json!({ "a": 1 })));
    assert_eq!(entries[1]["requestId"], REQUEST);
}

#[tokio::test]
async fn errors_are_answered_as_lambda_answers_them() {
    let thrown = run("exports.handler = async () => { throw new RangeError('too far') }").await;
    let document = error(&thrown);
    assert_eq!(
        (&document["errorType"], &document["errorMessage"]),
        (&json!("RangeError"), &json!("too far"))
    );
    assert_eq!(document["trace"][0], "RangeError: too far");
    assert!(document["trace"][1].as_str().unwrap().contains("/var/task/index.js"), "{document}");
    assert!(
        thrown.lines()[0].contains("\tERROR\tInvoke Error \t{\"errorType\":\"RangeError\""),
        "{:?}",
        thrown.lines()
    );
    let passed = run("exports.handler = (event, context, callback) => callback('plain')").await;
    assert_eq!(error(&passed), json!({ "errorType": "string", "errorMessage": "plain", "trace": [] }));
    let missing = error(&run("require('nothing-like-it'); exports.handler = 1").await);
    assert_eq!(missing["errorType"], "Runtime.ImportModuleError");
    assert!(
        missing["errorMessage"].as_str().unwrap().starts_with("Error: Cannot find module 'nothing-like-it'")
    );
    let unnamed = error(&run("exports.other = 1").await);
    assert_eq!(unnamed["errorType"], "Runtime.HandlerNotFound");
    assert_eq!(unnamed["errorMessage"], "index.handler is undefined or not exported");
    assert_eq!(error(&run("exports.handler = async (").await)["errorType"], "Runtime.UserCodeSyntaxError");
    let streamed = error(&run("exports.handler = awslambda.streamifyResponse(async () => {})").await);
    assert!(streamed["errorMessage"].as_str().unwrap().contains("not built"), "{streamed}");
    let late = run("exports.handler = (event, context, callback) => { setTimeout(() => { throw new Error('late') }, 5) }").await;
    assert_eq!(error(&late)["errorMessage"], "late");
    let rejected = run("exports.handler = (e, c, callback) => { Promise.reject(new Error('lost')); setTimeout(callback, 1000) }").await;
    assert_eq!(error(&rejected)["errorType"], "Runtime.UnhandledPromiseRejection");
    assert_eq!(error(&rejected)["errorMessage"], "Error: lost");
    let left = run("exports.handler = async () => process.exit(3)").await;
    assert!(matches!(left.result, InvocationResult::Exited { .. }), "{:?}", left.result);
}

#[tokio::test]
async fn nothing_of_the_host_is_in_reach() {
    let code = "
const fs = require('fs'), net = require('net'), { execSync } = require('child_process'), dns = require('dns');
const attempt = (what) => { try { return what() } catch (error) { return error.code || 'error' } };
const connect = (port, host) => new Promise((resolve) => {
  const socket = net.connect(port, host); socket.on('connect', () => resolve('connected')); socket.on('error', (error) => resolve(error.code));
});
exports.handler = async (event) => ({
  write: attempt(() => fs.writeFileSync('/var/task/x', '')), etc: attempt(() => fs.writeFileSync('/etc/x', '')),
  runtime: attempt(() => fs.writeFileSync('/var/runtime/runtime.js', '')), tmp: attempt(() => { fs.writeFileSync('/tmp/x', 'y'); return 'ok' }),
  root: fs.readdirSync('/').includes('root') ? attempt(() => fs.readdirSync('/root')) : 'none', home: fs.existsSync('/home'), host: fs.existsSync(event.secret),
  id: process.getuid(), kill: attempt(() => process.kill(1, 'SIGKILL')), pids: fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length < 10,
  mount: attempt(() => execSync('mount -t tmpfs none /tmp 2>/dev/null') && 'mounted') !== 'mounted', unshare: attempt(() => execSync('unshare -Ur true 2>/dev/null') && 'made') !== 'made',
  loopback: await connect(22, '127.0.0.1'), outside: await connect(80, '192.0.2.1'),
})";
    let bench = bench().await;
    let secret = bench.folder.path().join("secret");
    std::fs::write(&secret, "s").unwrap();
    let mut environment = start(&bench, &[("index.js", code)]).await;
    let outcome = environment.invoke(invocation(&json!({ "secret": secret }).to_string())).await;
    let value = outcome.value();
    for place in ["write", "etc", "runtime"] {
        let code = value[place].as_str().unwrap();
        assert!(["EROFS", "EACCES", "EPERM"].contains(&code), "{place}: {value}");
    }
    assert_eq!(
        (&value["tmp"], &value["host"], &value["home"]),
        (&json!("ok"), &json!(false), &json!(false)),
        "{value}"
    );
    assert_ne!(value["id"], 0);
    assert_eq!(
        (&value["mount"], &value["unshare"], &value["pids"]),
        (&json!(true), &json!(true), &json!(true)),
        "{value}"
    );
    assert_eq!(value["loopback"], "ECONNREFUSED");
    assert_eq!(value["outside"], "ENETUNREACH");
    assert!(value["root"] == "none" || value["root"] == "EACCES", "{value}");
}

#[tokio::test]
async fn compiled_code_threads_and_web_assembly_work_inside() {
    let code = "
const { Worker } = require('worker_threads'), crypto = require('crypto'), zlib = require('zlib');
const wasm = Buffer.from('AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags=', 'base64');
exports.handler = async () => {
  let sum = 0; for (let i = 0; i < 3e6; i++) sum = (sum + i * i) % 1000003;
  const { instance } = await WebAssembly.instantiate(wasm);
  const thread = await new Promise((resolve, reject) => {
    const worker = new Worker(\"require('worker_threads').parentPort.postMessage(6 * 7)\", { eval: true }); worker.on('message', resolve); worker.on('error', reject);
  });
  return { sum, add: instance.exports.add(40, 2), thread, hash: crypto.createHash('sha256').update('x').digest('hex').slice(0, 8), zip: zlib.gunzipSync(zlib.gzipSync('z')).toString() };
}";
    let outcome = run(code).await;
    let value = outcome.value();
    assert_eq!(
        (&value["add"], &value["thread"], &value["hash"], &value["zip"]),
        (&json!(42), &json!(42), &json!("2d711642"), &json!("z"))
    );
}

#[tokio::test]
async fn a_function_that_takes_too_much_time_or_memory_is_ended() {
    let bench = bench().await;
    let mut slow = invocation("{}");
    slow.deadline = std::time::Duration::from_millis(600);
    let mut environment = start(&bench, &[("index.js", "exports.handler = async () => { for (;;); }")]).await;
    assert!(matches!(environment.invoke(slow).await.result, InvocationResult::TimedOut { .. }));
    let hungry =
        "exports.handler = async () => { const all = []; for (;;) all.push(Buffer.alloc(16 << 20, 1)); }";
    let outcome = start(&bench, &[("index.js", hungry)]).await.invoke(invocation("{}")).await;
    assert!(
        matches!(
            outcome.result,
            InvocationResult::OutOfMemory { .. }
                | InvocationResult::Exited { .. }
                | InvocationResult::FunctionError { .. }
        ),
        "{:?}",
        outcome.result
    );
    assert!(outcome.result.error_type().is_some());
}

#[tokio::test]
async fn a_machine_without_node_says_so() {
    let mut configuration = configuration();
    configuration.node = "/nowhere/node".into();
    let bench = Bench::with(configuration).await;
    match bench.sandbox.start(spec(&bench, &[("index.js", "")])).await {
        Err(error @ StartError::Node { .. }) => {
            let text = error.to_string();
            assert!(
                text.starts_with("Node.js at /nowhere/node cannot run functions: it does not start"),
                "{text}"
            );
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it started"),
    }
}

#[tokio::test]
async fn the_sdk_is_there_for_require_and_import() {
    let Some(modules) = std::env::var_os("SANDBOX_TEST_NODE_MODULES") else { return };
    let mut configuration = configuration();
    configuration.node_modules = Some(modules.into());
    let bench = Bench::with(configuration).await;
    let require =
        "const { S3Client } = require('@aws-sdk/client-s3'); exports.handler = async () => typeof S3Client";
    let import = "import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'; export const handler = async () => typeof DynamoDBDocumentClient";
    for file in [("index.js", require), ("index.mjs", import)] {
        let outcome = start(&bench, &[file]).await.invoke(invocation("{}")).await;
        assert_eq!(outcome.value(), json!("function"), "{}", file.0);
    }
}
