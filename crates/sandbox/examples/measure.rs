//! Measures cold and warm starts: `cargo run -p sandbox --example measure [python]`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a program that prints times"
)]

use sandbox::{Configuration, EnvironmentSpec, Invocation, Runtime, Sandbox};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

const PLAIN: &str = "def handler(event, context):\n    return {'n': event['n'] + 1}\n";
const SDK: &str = "\
import boto3
client = boto3.client('sts')
def handler(event, context):
    return {'n': event['n'] + 1}
";
const EC2: &str = "\
import boto3
client = boto3.client('ec2')
config = boto3.client('config')
def handler(event, context):
    return {'n': event['n'] + 1}
";
const BOOTSTRAP: &str = "\
#!/bin/bash
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while true; do
  curl -s -D /tmp/headers -o /tmp/event $api/next
  id=$(grep -i request-id /tmp/headers | tr -d '\\r' | cut -d' ' -f2)
  curl -s -d @/tmp/event $api/$id/response > /dev/null
done
";

#[tokio::main]
async fn main() {
    let mut configuration = Configuration::new("127.0.0.1:4566".parse().unwrap());
    if let Some(python) = std::env::args().nth(1) {
        configuration.python = python.into();
    }
    let begun = Instant::now();
    let sandbox = Sandbox::new(configuration).await.unwrap();
    println!("probe {:?}, strict {}", begun.elapsed(), sandbox.is_strict());
    let begun = Instant::now();
    sandbox.warm_up().await.unwrap();
    println!("zygote {:?}, boto3 {:?}", begun.elapsed(), sandbox.boto3_version().await);
    let folder = tempfile::tempdir().unwrap();
    for (name, file, code) in [
        ("plain python", "index.py", PLAIN),
        ("python with an sts client", "index.py", SDK),
        ("python with ec2 and config clients", "index.py", EC2),
        ("bash and curl", "bootstrap", BOOTSTRAP),
    ] {
        if code.contains("boto3") && sandbox.boto3_version().await.is_none() {
            continue;
        }
        measure(&sandbox, folder.path(), name, file, code).await;
    }
}

async fn measure(sandbox: &Sandbox, folder: &Path, name: &str, file: &str, code: &str) {
    use std::os::unix::fs::PermissionsExt;
    let code_dir = folder.join(name.replace(' ', "-"));
    std::fs::create_dir(&code_dir).unwrap();
    std::fs::write(code_dir.join(file), code).unwrap();
    std::fs::set_permissions(code_dir.join(file), std::fs::Permissions::from_mode(0o755)).unwrap();
    let runtime =
        if file == "bootstrap" { Runtime::Provided } else { Runtime::Python { version: "3.12".to_owned() } };
    let spec = EnvironmentSpec {
        id: name.to_owned(),
        function: name.to_owned(),
        runtime,
        handler: "index.handler".to_owned(),
        code_dir,
        layers: Vec::new(),
        env: BTreeMap::from([("AWS_DEFAULT_REGION".to_owned(), "eu-central-1".to_owned())]),
        memory_mb: 256,
        tmp_mb: 64,
        timeout_init: Duration::from_secs(10),
    };
    let invocation = || Invocation {
        request_id: "00000000-0000-4000-8000-000000000000".to_owned(),
        payload: "{\"n\": 1}".into(),
        deadline: Duration::from_secs(5),
        function_arn: "arn:aws:lambda:eu-central-1:123456789012:function:f".to_owned(),
        client_context: None,
        cognito_identity: None,
        trace_id: None,
    };
    let (mut stands, mut cold, mut warm, mut memory) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..20 {
        let begun = Instant::now();
        let mut environment = sandbox.start(spec.clone()).await.unwrap();
        stands.push(begun.elapsed());
        let outcome = environment.invoke(invocation()).await;
        cold.push(begun.elapsed());
        assert!(outcome.result.error_type().is_none(), "{outcome:?}");
        for _ in 0..20 {
            let begun = Instant::now();
            memory = environment.invoke(invocation()).await.max_memory_used_mb;
            warm.push(begun.elapsed());
        }
    }
    let show = |times: &mut Vec<Duration>| {
        times.sort();
        let (median, worst) = (times.get(times.len() / 2), times.last());
        format!("median {:.2?}, worst {:.2?}", median.unwrap(), worst.unwrap())
    };
    println!("{name}: {memory} MB");
    println!("  sandbox stands after {}", show(&mut stands));
    println!("  cold, with the first result, {}", show(&mut cold));
    println!("  warm {}", show(&mut warm));
}
