//! A sandbox, a directory for code, and short ways to run it.

use sandbox::{
    Configuration, Environment, EnvironmentSpec, Invocation, InvocationResult, Outcome, Runtime, Sandbox,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

pub(crate) const REQUEST: &str = "8f507cfc-xmpl-4697-b07a-ac58fc914c95";

pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: TempDir,
    number: AtomicU32,
}

impl Bench {
    /// Without the SDK, whose loading takes a second and which most tests do not need.
    pub(crate) async fn new() -> Bench {
        let folder = folder();
        let mut configuration = configuration();
        configuration.packages = vec![folder.path().join("none")];
        std::fs::create_dir(folder.path().join("none")).unwrap();
        Bench { sandbox: Sandbox::new(configuration).await.unwrap(), folder, number: AtomicU32::new(0) }
    }

    pub(crate) async fn with(configuration: Configuration) -> Bench {
        Bench {
            sandbox: Sandbox::new(configuration).await.unwrap(),
            folder: folder(),
            number: AtomicU32::new(0),
        }
    }

    /// A new directory with these files.
    pub(crate) fn files(&self, files: &[(&str, &str)]) -> PathBuf {
        let folder = self.folder.path().join(format!("code-{}", self.number.fetch_add(1, Ordering::Relaxed)));
        for (name, contents) in files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, contents).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder
    }

    pub(crate) fn spec(&self, files: &[(&str, &str)]) -> EnvironmentSpec {
        EnvironmentSpec {
            id: "test".to_owned(),
            function: "123456789012:function:$LATEST:1".to_owned(),
            runtime: Runtime::Python { version: "3.12".to_owned() },
            handler: "index.handler".to_owned(),
            code_dir: self.files(files),
            layers: Vec::new(),
            env: variables(),
            memory_mb: 256,
            tmp_mb: 64,
            timeout_init: Duration::from_secs(10),
        }
    }

    pub(crate) async fn start(&self, code: &str) -> Environment {
        self.sandbox.start(self.spec(&[("index.py", code)])).await.unwrap()
    }

    /// Runs `index.handler` once in a new environment.
    pub(crate) async fn run(&self, code: &str, event: &str) -> Outcome {
        self.start(code).await.invoke(invocation(event)).await
    }

    /// Runs the lines as a handler's body and gives what it returns.
    pub(crate) async fn evaluate(&self, body: &str) -> Value {
        self.run(&handler(body), "{}").await.value()
    }
}

/// `def handler(event, context)` with these lines as its body.
pub(crate) fn handler(body: &str) -> String {
    let lines: Vec<String> = body.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "import os, sys, time, socket, subprocess, ctypes, errno\ndef handler(event, context):\n{}",
        lines.concat()
    )
}

pub(crate) fn configuration() -> Configuration {
    let mut configuration = Configuration::new("127.0.0.1:4566".parse().unwrap());
    if let Some(python) = std::env::var_os("SANDBOX_TEST_PYTHON") {
        configuration.python = python.into();
    }
    configuration
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    // As the server's own data directory: nobody else's business.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    folder
}

pub(crate) fn variables() -> BTreeMap<String, String> {
    let pairs = [
        ("AWS_ACCESS_KEY_ID", "ASIAXMPL"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "token"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
        ("AWS_LAMBDA_FUNCTION_NAME", "function"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/function"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[$LATEST]0123"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

pub(crate) fn invocation(event: &str) -> Invocation {
    Invocation {
        request_id: REQUEST.to_owned(),
        payload: event.to_owned().into(),
        deadline: Duration::from_secs(30),
        function_arn: "arn:aws:lambda:eu-central-1:123456789012:function:function".to_owned(),
        client_context: None,
        cognito_identity: None,
        trace_id: None,
    }
}

pub(crate) trait OutcomeExt {
    /// What the function returned.
    fn value(&self) -> Value;
    /// The error document.
    fn error(&self) -> Value;
    fn lines(&self) -> Vec<&str>;
}

impl OutcomeExt for Outcome {
    #[track_caller]
    fn value(&self) -> Value {
        match &self.result {
            InvocationResult::Response(payload) => serde_json::from_slice(payload).unwrap(),
            other => panic!("{other:?}\n{}", self.lines().join("\n")),
        }
    }

    #[track_caller]
    fn error(&self) -> Value {
        assert!(self.result.error_type().is_some(), "{self:?}");
        serde_json::from_slice(self.result.payload()).unwrap()
    }

    fn lines(&self) -> Vec<&str> {
        self.logs.lines.iter().map(|line| line.text.as_str()).collect()
    }
}

/// Whether a file is there, for the code of a test that must not find it.
pub(crate) fn exists(path: &str) -> bool {
    Path::new(path).exists()
}
