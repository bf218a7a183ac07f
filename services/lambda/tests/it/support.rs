//! A cloud with Lambda, and stand-ins for the services that it calls.

use api_lambda::{CreateFunction, FunctionCode, Invoke, InvokeOutput, Runtime as Name};
use bytes::Bytes;
use contract::{Access, Call, Caller, Registration, Transact};
use lambda::{Environment, Runtime, Settings, StartFailure};
use names::Scope;
use sandbox::{EnvironmentSpec, Invocation, InvocationResult, LogLine, Logs, Outcome};
use std::io::{Cursor, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Row, Tx, View};
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

// --- stand-ins

/// A role and its trust policy.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct TestRole {
    pub(crate) scope: Scope,
    pub(crate) arn: String,
    pub(crate) trust: String,
}

impl Row for TestRole {
    const TABLE: &'static str = "test.roles";
    type Key = String;
    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.arn.clone()
    }
}

/// Whatever the stand-ins were told, in order.
#[derive(Clone, serde::Serialize, serde::Deserialize, Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) scope: Scope,
    pub(crate) number: u64,
    pub(crate) who: String,
    pub(crate) kind: String,
    pub(crate) to: String,
    pub(crate) texts: Vec<String>,
}

impl Row for Told {
    const TABLE: &'static str = "test.told";
    type Key = u64;
    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> u64 {
        self.number
    }
}

fn tell(tx: &mut Tx, call: &Call, kind: &str, to: &str, texts: Vec<String>) -> Result<(), store::StoreError> {
    let number = u64::try_from(tx.list_all::<Told>()?.len()).unwrap();
    let (scope, who) = (call.scope(), call.principal.arn());
    tx.insert(Told { scope, number, who, kind: kind.into(), to: to.into(), texts })
}

pub(crate) struct Sts;

impl Transact<api_sts::AssumeRole> for Sts {
    fn access(input: &api_sts::AssumeRole, call: &Call, view: &View) -> Access {
        let mut access = Access::on("sts:AssumeRole", &input.role_arn);
        let role = view.get::<TestRole>(Scope::global(call.account), input.role_arn.as_str()).unwrap();
        for check in &mut access.checks {
            check.resource_account = Some(call.account);
            match &role {
                Some(role) => {
                    let trust = policy::parse(&role.trust, policy::Kind::Trust).unwrap();
                    check.resource_policy = Some(policy::ResourcePolicy::new(&role.arn, trust));
                }
                None => check.no_resource_policy = Some(policy::Authority::Trust),
            }
        }
        access
    }

    fn run(input: api_sts::AssumeRole, call: &Call, _: &mut Tx) -> Result<api_sts::AssumeRoleOutput, api_sts::Error> {
        let credentials = api_sts::Credentials {
            access_key_id: "ASIATEST".into(),
            secret_access_key: "secret".into(),
            session_token: format!("token of {}", input.role_session_name),
            expiration: call.now.plus(Duration::from_secs(3600)),
        };
        Ok(api_sts::AssumeRoleOutput { credentials: Some(credentials), ..Default::default() })
    }
}

/// A group or stream.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Place {
    scope: Scope,
    name: String,
}

impl Row for Place {
    const TABLE: &'static str = "test.places";
    type Key = String;
    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.name.clone()
    }
}

pub(crate) struct CloudWatchLogs;

fn place(tx: &mut Tx, call: &Call, name: String) -> Result<(), api_logs::Error> {
    if tx.exists::<Place>(call.scope(), name.as_str())? {
        return Err(api_logs::Error::sender("ResourceAlreadyExistsException", "it exists"));
    }
    Ok(tx.insert(Place { scope: call.scope(), name })?)
}

fn needs(tx: &Tx, call: &Call, name: &str) -> Result<(), api_logs::Error> {
    match tx.exists::<Place>(call.scope(), name)? {
        true => Ok(()),
        false => Err(api_logs::Error::sender("ResourceNotFoundException", format!("no {name}"))),
    }
}

impl Transact<api_logs::CreateLogGroup> for CloudWatchLogs {
    fn access(_: &api_logs::CreateLogGroup, _: &Call, _: &View) -> Access {
        Access::to("logs:CreateLogGroup")
    }
    fn run(input: api_logs::CreateLogGroup, call: &Call, tx: &mut Tx) -> Result<api_logs::CreateLogGroupOutput, api_logs::Error> {
        place(tx, call, input.log_group_name)?;
        Ok(api_logs::CreateLogGroupOutput {})
    }
}

impl Transact<api_logs::CreateLogStream> for CloudWatchLogs {
    fn access(_: &api_logs::CreateLogStream, _: &Call, _: &View) -> Access {
        Access::to("logs:CreateLogStream")
    }
    fn run(input: api_logs::CreateLogStream, call: &Call, tx: &mut Tx) -> Result<api_logs::CreateLogStreamOutput, api_logs::Error> {
        needs(tx, call, &input.log_group_name)?;
        place(tx, call, format!("{}:{}", input.log_group_name, input.log_stream_name))?;
        Ok(api_logs::CreateLogStreamOutput {})
    }
}

impl Transact<api_logs::PutLogEvents> for CloudWatchLogs {
    fn access(_: &api_logs::PutLogEvents, _: &Call, _: &View) -> Access {
        Access::to("logs:PutLogEvents")
    }
    fn run(input: api_logs::PutLogEvents, call: &Call, tx: &mut Tx) -> Result<api_logs::PutLogEventsOutput, api_logs::Error> {
        let to = format!("{}:{}", input.log_group_name, input.log_stream_name);
        needs(tx, call, &to)?;
        tell(tx, call, "log", &to, input.log_events.into_iter().map(|event| event.message).collect())?;
        Ok(api_logs::PutLogEventsOutput::default())
    }
}

pub(crate) struct Sns;

impl Transact<api_sns::Publish> for Sns {
    fn access(input: &api_sns::Publish, _: &Call, _: &View) -> Access {
        Access::on("sns:Publish", input.topic_arn.clone().unwrap_or_default())
    }
    fn run(input: api_sns::Publish, call: &Call, tx: &mut Tx) -> Result<api_sns::PublishOutput, api_sns::Error> {
        let mut texts = vec![input.message];
        for (name, value) in input.message_attributes.unwrap_or_default() {
            texts.push(format!("{name}={}", value.string_value.unwrap_or_default()));
        }
        tell(tx, call, "message", &input.topic_arn.unwrap_or_default(), texts)?;
        Ok(api_sns::PublishOutput::default())
    }
}

pub(crate) struct S3;

impl Transact<api_s3::GetObject> for S3 {
    fn access(input: &api_s3::GetObject, call: &Call, _: &View) -> Access {
        Access::on("s3:GetObject", format!("arn:aws:s3:::{}/{}", input.bucket, input.key)).with_policy(call.account, None)
    }
    fn run(input: api_s3::GetObject, _: &Call, _: &mut Tx) -> Result<api_s3::GetObjectOutput, api_s3::Error> {
        if input.key != "code.zip" {
            let missing = ErrorResponse::new("NoSuchKey", "The specified key does not exist.", 404);
            return Err(wire::ServiceError::from_response(missing));
        }
        Ok(api_s3::GetObjectOutput { body: Some(package("from s3").into()), ..Default::default() })
    }
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
        Registration::new(&api_sts::SERVICE).transact::<Sts, api_sts::AssumeRole>(),
        Registration::new(&api_logs::SERVICE)
            .transact::<CloudWatchLogs, api_logs::CreateLogGroup>()
            .transact::<CloudWatchLogs, api_logs::CreateLogStream>()
            .transact::<CloudWatchLogs, api_logs::PutLogEvents>(),
        Registration::new(&api_sns::SERVICE).transact::<Sns, api_sns::Publish>(),
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
        self.cloud.context().store.transact(None, |tx| tx.put(TestRole { scope, arn: arn.clone(), trust: trust.clone() })).unwrap();
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

    pub(crate) async fn invoke(&self, name: &str, payload: &'static str) -> Result<InvokeOutput, ErrorResponse> {
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
        code: FunctionCode { zip_file: Some(package("def handler(event, context): return event")), ..Default::default() },
        ..Default::default()
    }
}

pub(crate) fn invoke(name: &str, payload: &'static str) -> Invoke {
    Invoke { function_name: name.into(), payload: Some(Bytes::from_static(payload.as_bytes())), ..Default::default() }
}

/// Code and sentence of a refusal.
pub(crate) fn refusal<T>(result: Result<T, ErrorResponse>) -> (String, String) {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(error) => (error.code, error.message),
    }
}
