//! Custom runtimes: a program `bootstrap` that speaks the Runtime API.

use crate::bench::{Bench, OutcomeExt, REQUEST, invocation};
use sandbox::{EnvironmentSpec, Runtime};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

const SHELL: &str = "#!/bin/bash
echo starting as $(id -un) in $PWD with $_HANDLER
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime
while true; do
  curl -s -D /tmp/headers -o /tmp/event $api/invocation/next
  id=$(grep -i aws-request-id /tmp/headers | tr -d '\\r' | cut -d' ' -f2)
  echo \"event $(cat /tmp/event)\" > /dev/stdout
  curl -s -d \"{\\\"echo\\\": $(cat /tmp/event)}\" $api/invocation/$id/response > /dev/null
done
";

fn spec(bench: &Bench, files: &[(&str, &str)]) -> EnvironmentSpec {
    EnvironmentSpec { runtime: Runtime::Provided, handler: "the.handler".to_owned(), ..bench.spec(files) }
}

#[tokio::test]
async fn a_shell_script_is_a_runtime() {
    let bench = Bench::new().await;
    let mut environment = bench.sandbox.start(spec(&bench, &[("bootstrap", SHELL)])).await.unwrap();
    let outcome = environment.invoke(invocation("[1, 2]")).await;
    assert_eq!(outcome.value(), json!({ "echo": [1, 2] }));
    assert_eq!(outcome.lines(), ["starting as sbx_user1051 in /var/task with the.handler", "event [1, 2]"]);
    assert_eq!(environment.invoke(invocation("3")).await.value(), json!({ "echo": 3 }));
}

#[tokio::test]
async fn a_runtime_may_come_from_a_layer() {
    let bench = Bench::new().await;
    let mut in_layer = spec(&bench, &[("data", "x")]);
    in_layer.layers = vec![bench.files(&[("bootstrap", SHELL)])];
    let outcome = bench.sandbox.start(in_layer).await.unwrap().invoke(invocation("1")).await;
    assert_eq!(outcome.value(), json!({ "echo": 1 }));
}

#[tokio::test]
async fn the_runtime_api_keeps_order() {
    let bench = Bench::new().await;
    let script = format!(
        "#!/bin/bash
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime
ask() {{ curl -s -w ' %{{http_code}}\\n' \"$@\"; }}
ask -d early $api/invocation/{REQUEST}/response
curl -s -o /dev/null $api/invocation/next
ask $api/invocation/next
ask -d x $api/invocation/wrong/response
ask -d x $api/init/error
ask $api/other
ask -X DELETE $api/invocation/next
ask -d '{{\"errorType\": \"Mine\", \"errorMessage\": \"broken\"}}' $api/invocation/{REQUEST}/error
ask -d x $api/invocation/{REQUEST}/response
exec sleep 1000
"
    );
    let mut environment = bench.sandbox.start(spec(&bench, &[("bootstrap", &script)])).await.unwrap();
    let outcome = environment.invoke(invocation("{}")).await;
    assert_eq!(outcome.error(), json!({ "errorType": "Mine", "errorMessage": "broken" }));
    assert_eq!(outcome.result.error_type(), Some("Mine"));
    let lines = outcome.lines().join("\n");
    let wrong = r#"{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"} 400"#;
    let turn = r#""errorType":"InvalidStateTransition","errorMessage":"State transition from"#;
    assert_eq!(lines.matches(wrong).count(), 2, "{lines}");
    assert_eq!(lines.matches(turn).count(), 2, "{lines}");
    assert!(lines.contains("404 page not found\n 404") && lines.contains(" 405"), "{lines}");
}

#[tokio::test]
async fn a_runtime_may_report_that_it_cannot_start() {
    let bench = Bench::new().await;
    let script = "#!/bin/bash
curl -s -H 'Lambda-Runtime-Function-Error-Type: Runtime.NoSuchHandler' -d '{\"errorMessage\": \"no handler\"}' \
http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/init/error
exit 1
";
    let mut environment = bench.sandbox.start(spec(&bench, &[("bootstrap", script)])).await.unwrap();
    let outcome = environment.invoke(invocation("{}")).await;
    assert_eq!(outcome.error(), json!({ "errorMessage": "no handler" }));
    assert_eq!(outcome.result.error_type(), Some("Runtime.NoSuchHandler"));
    assert!(!environment.is_usable());
}

#[tokio::test]
async fn a_runtime_that_is_not_there_or_cannot_be_run_is_named() {
    let bench = Bench::new().await;
    let closed = spec(&bench, &[("bootstrap", "#!/bin/bash\n")]);
    std::fs::set_permissions(closed.code_dir.join("bootstrap"), std::fs::Permissions::from_mode(0o644))
        .unwrap();
    let cases = [
        (
            spec(&bench, &[("other", "")]),
            "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
        ),
        (spec(&bench, &[("bootstrap", "no program\n")]), "fork/exec /var/task/bootstrap: exec format error"),
        (
            spec(&bench, &[("bootstrap", "#!/no/shell\n")]),
            "fork/exec /var/task/bootstrap: no such file or directory",
        ),
        (closed, "fork/exec /var/task/bootstrap: permission denied"),
    ];
    for (spec, why) in cases {
        let outcome = bench.sandbox.start(spec).await.unwrap().invoke(invocation("{}")).await;
        let message = format!("RequestId: {REQUEST} Error: {why}");
        assert_eq!(
            outcome.error(),
            json!({ "errorType": "Runtime.InvalidEntrypoint", "errorMessage": message })
        );
    }
}
