//! A cloud with Lambda, and stand-ins for the services that it calls.

use crate::stand_ins::{CloudWatchLogs, S3, Sns, Sts, TestRole, Told};
use crate::stream_stand_in::Streams;
use api_lambda::{CreateFunction, FunctionCode, Invoke, InvokeOutput, Runtime as Name};
use bytes::Bytes;
use contract::{Caller, Registration};
use lambda::{Environment, Runtime, Settings, StartFailure};
use names::Scope;
use sandbox::{EnvironmentSpec, Invocation, InvocationResult, LogLine, Logs, Outcome};
use std::io::{Cursor, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::TestCloud;
use wire::ErrorResponse;

pub(crate) const ACCOUNT: &str = testkit::ACCOUNT;
pub(crate) const ROLE: &str = "arn:aws:iam::111122223333:role/worker";
/// What `AWSLambdaBasicExecutionRole` allows.
pub(crate) const BASIC: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"#;

pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}")
}

// --- the scripted runtime

type Script = dyn Fn(&EnvironmentSpec, &Invocation) -> InvocationResult + Send + Sync;

/// What the scripted runtime has seen.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) started: Mutex<Vec<EnvironmentSpec>>,
    pub(crate) invoked: Mutex<Vec<Invocation>>,
    pub(crate) alive: AtomicUsize,
    /// Holds invocations back until it gives permits; None lets them through.
    pub(crate) gate: Mutex<Option<Arc<tokio::sync::Semaphore>>>,
    pub(crate) inside: AtomicUsize,
}

pub(crate) struct Scripted {
    pub(crate) seen: Arc<Seen>,
    script: Arc<Script>,
}

struct ScriptedEnvironment {
    spec: EnvironmentSpec,
    seen: Arc<Seen>,
    script: Arc<Script>,
    fresh: bool,
    usable: bool,
}

impl Drop for ScriptedEnvironment {
    fn drop(&mut self) {
        self.seen.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait::async_trait]
impl Runtime for Scripted {
    async fn start(&self, spec: EnvironmentSpec) -> Result<Box<dyn Environment>, StartFailure> {
        assert!(spec.code_dir.join("index.py").is_file(), "the code is unpacked");
        self.seen.started.lock().unwrap().push(spec.clone());
        self.seen.alive.fetch_add(1, Ordering::SeqCst);
        let (seen, script) = (Arc::clone(&self.seen), Arc::clone(&self.script));
        Ok(Box::new(ScriptedEnvironment { spec, seen, script, fresh: true, usable: true }))
    }

    async fn warm_up(&self) {}
}

#[async_trait::async_trait]
impl Environment for ScriptedEnvironment {
    async fn invoke(&mut self, invocation: Invocation) -> Outcome {
        self.seen.inside.fetch_add(1, Ordering::SeqCst);
        let gate = self.seen.gate.lock().unwrap().clone();
        if let Some(gate) = gate {
            gate.acquire().await.unwrap().forget();
        }
        let result = (self.script)(&self.spec, &invocation);
        self.seen.invoked.lock().unwrap().push(invocation);
        self.usable = !matches!(result, InvocationResult::TimedOut { .. } | InvocationResult::Exited { .. });
        let line = |offset, text: &str| LogLine { offset: Duration::from_millis(offset), text: text.into() };
        let mut lines = vec![line(1, "hello"), line(2, "world")];
        if self.fresh {
            lines.insert(0, line(0, "importing"));
        }
        let init_duration = std::mem::take(&mut self.fresh).then_some(Duration::from_micros(100_500));
        self.seen.inside.fetch_sub(1, Ordering::SeqCst);
        Outcome {
            result,
            logs: Logs { lines, dropped: 0, tail: String::new() },
            init_duration,
            duration: Duration::from_micros(1_230),
            max_memory_used_mb: 30,
            platform_line: None,
        }
    }

    fn is_usable(&self) -> bool {
        self.usable
    }
}

pub(crate) fn failure(error: &str) -> InvocationResult {
    let payload = format!(r#"{{"errorMessage":"{error}","errorType":"ValueError"}}"#);
    InvocationResult::FunctionError { error_type: "ValueError".into(), payload: payload.into() }
}

// --- the cloud

pub(crate) struct Lab {
    pub(crate) cloud: TestCloud,
    pub(crate) seen: Arc<Seen>,
    _cache: tempfile::TempDir,
}

pub(crate) fn package(text: &str) -> Bytes {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("index.py", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(text.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner().into()
}

/// As [`lab`], with a runtime that answers by a script.
pub(crate) async fn scripted(
    script: impl Fn(&EnvironmentSpec, &Invocation) -> InvocationResult + Send + Sync + 'static,
) -> Lab {
    let seen = Arc::new(Seen::default());
    let runtime = Scripted { seen: Arc::clone(&seen), script: Arc::new(script) };
    with_runtime(Arc::new(runtime), seen).await
}

/// A cloud whose functions answer their event.
pub(crate) async fn lab() -> Lab {
    scripted(|_, invocation| InvocationResult::Response(invocation.payload.clone())).await
}

pub(crate) async fn with_runtime(runtime: Arc<dyn Runtime>, seen: Arc<Seen>) -> Lab {
    let cache = tempfile::tempdir().unwrap();
    let settings = Settings::new(runtime, cache.path().join("code"));
    let cloud = TestCloud::new(vec![
        lambda::registration(settings),
        sqs::registration(),
        Registration::new(&api_sts::SERVICE).transact::<Sts, api_sts::AssumeRole>(),
        Registration::new(&api_logs::SERVICE)
            .transact::<CloudWatchLogs, api_logs::CreateLogGroup>()
            .transact::<CloudWatchLogs, api_logs::CreateLogStream>()
            .transact::<CloudWatchLogs, api_logs::PutLogEvents>(),
        Registration::new(&api_sns::SERVICE).transact::<Sns, api_sns::Publish>(),
        Registration::new(&api_dynamodbstreams::SERVICE)
            .transact::<Streams, api_dynamodbstreams::DescribeStream>()
            .transact::<Streams, api_dynamodbstreams::GetShardIterator>()
            .transact::<Streams, api_dynamodbstreams::GetRecords>(),
        Registration::new(&api_s3::SERVICE).transact::<S3, api_s3::GetObject>(),
    ]);
    let lab = Lab { cloud, seen, _cache: cache };
    lab.role("worker", "lambda.amazonaws.com", &[BASIC]);
    lab
}

impl Lab {
    /// A role that a service may assume.
    pub(crate) fn role(&self, name: &str, service: &str, policies: &[&str]) {
        let _ = self.cloud.role(name, policies);
        let trust = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"{service}"}},"Action":"sts:AssumeRole"}}]}}"#
        );
        let scope = Scope::global(self.cloud.scope().account);
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{name}");
        self.cloud
            .context()
            .store
            .transact(None, |tx| tx.put(TestRole { scope, arn: arn.clone(), trust: trust.clone() }))
            .unwrap();
    }

    pub(crate) fn forget_role(&self, name: &str) {
        let scope = Scope::global(self.cloud.scope().account);
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{name}");
        self.cloud.context().store.transact(None, |tx| tx.remove::<TestRole>(scope, arn.as_str())).unwrap();
    }

    pub(crate) fn root(&self) -> Caller {
        self.cloud.root()
    }

    pub(crate) async fn function(&self, name: &str) {
        self.root().call(create(name)).await.unwrap();
    }

    pub(crate) async fn invoke(
        &self,
        name: &str,
        payload: &'static str,
    ) -> Result<InvokeOutput, ErrorResponse> {
        self.root().call(invoke(name, payload)).await
    }

    pub(crate) fn told(&self, kind: &str) -> Vec<Told> {
        let all = self.cloud.context().store.view().list_all::<Told>().unwrap();
        all.into_iter().filter(|told| told.kind == kind).collect()
    }
}

pub(crate) fn create(name: &str) -> CreateFunction {
    CreateFunction {
        function_name: name.into(),
        runtime: Some(Name::Python312),
        role: ROLE.into(),
        handler: Some("index.handler".into()),
        code: FunctionCode {
            zip_file: Some(package("def handler(event, context): return event")),
            ..Default::default()
        },
        ..Default::default()
    }
}

pub(crate) fn invoke(name: &str, payload: &'static str) -> Invoke {
    Invoke {
        function_name: name.into(),
        payload: Some(Bytes::from_static(payload.as_bytes())),
        ..Default::default()
    }
}

/// Code and sentence of a refusal.
pub(crate) fn refusal<T>(result: Result<T, ErrorResponse>) -> (String, String) {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(error) => (error.code, error.message),
    }
}
