//! Code that takes more than it may.

use crate::bench::{Bench, OutcomeExt, REQUEST, handler, invocation};
use sandbox::InvocationResult;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_timeout_ends_the_environment() {
    let bench = Bench::new().await;
    let code = handler("print('before')\nsubprocess.Popen(['/bin/sleep', '1000'])\nwhile True: pass");
    let mut environment = bench.start(&code).await;
    let mut call = invocation("{}");
    call.deadline = Duration::from_millis(1000);
    let outcome = environment.invoke(call).await;
    assert!(matches!(outcome.result, InvocationResult::TimedOut { .. }), "{outcome:?}");
    let message = format!("RequestId: {REQUEST} Error: Task timed out after 1.00 seconds");
    assert_eq!(outcome.error(), json!({ "errorType": "Sandbox.Timedout", "errorMessage": message }));
    assert_eq!(outcome.lines(), ["before"]);
    let line = outcome.platform_line.unwrap();
    assert!(line.ends_with(&format!("Z {REQUEST} Task timed out after 1.00 seconds\n\n")), "{line:?}");
    assert!(outcome.duration >= Duration::from_secs(1) && !environment.is_usable());
    assert_eq!(environment.invoke(invocation("{}")).await.result.error_type(), Some("Runtime.ExitError"));
}

#[tokio::test]
async fn loading_for_too_long_counts_as_part_of_the_invocation() {
    let bench = Bench::new().await;
    let mut spec = bench.spec(&[("index.py", "while True: pass\n")]);
    spec.timeout_init = Duration::from_millis(200);
    let mut call = invocation("{}");
    call.deadline = Duration::from_millis(300);
    let outcome = bench.sandbox.start(spec).await.unwrap().invoke(call).await;
    assert_eq!(outcome.result.error_type(), Some("Sandbox.Timedout"));
    assert_eq!(outcome.init_duration, None);
}

#[tokio::test]
async fn a_memory_bomb_is_ended() {
    let bench = Bench::new().await;
    // In one step, in small steps, and in a child process: whoever looks has to see all three.
    let bombs = [
        "x = bytearray(1 << 30)\nreturn len(x)",
        "x = []\nwhile True: x.append(bytearray(1 << 20)); time.sleep(0.001)",
        "code = 'x = []\\nwhile True: x.append(bytearray(1 << 20))'\n\
         subprocess.run([sys.executable, '-c', code])\nreturn 'survived'",
    ];
    for bomb in bombs {
        let mut environment = bench.start(&handler(bomb)).await;
        let outcome = environment.invoke(invocation("{}")).await;
        match &outcome.result {
            InvocationResult::OutOfMemory { .. } => {
                let message =
                    format!("RequestId: {REQUEST} Error: Runtime exited with error: signal: killed");
                assert_eq!(
                    outcome.error(),
                    json!({ "errorType": "Runtime.ExitError", "errorMessage": message })
                );
                assert_eq!(outcome.result.error_type(), Some("Runtime.OutOfMemory"));
                assert!(!environment.is_usable());
                assert!(outcome.max_memory_used_mb >= 100, "{}", outcome.max_memory_used_mb);
            }
            // Without cgroups one big step meets the resource limit before anyone sees it.
            InvocationResult::FunctionError { error_type, .. } => assert_eq!(error_type, "MemoryError"),
            InvocationResult::Response(value) => assert_eq!(value, "\"survived\""),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn memory_within_the_limit_is_usable() {
    let bench = Bench::new().await;
    let value = bench
        .evaluate("x = bytearray(150 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\nreturn len(x)")
        .await;
    assert_eq!(value, json!(150 << 20));
}

#[tokio::test]
async fn a_fork_bomb_stays_small_and_ends_with_its_environment() {
    let bench = Bench::new().await;
    let body = "
made = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(1000)
            os._exit(0)
        made += 1
except OSError as error:
    return [made, errno.errorcode[error.errno]]
";
    let mut spec = bench.spec(&[("index.py", &handler(body))]);
    spec.memory_mb = 3008;
    let mut environment = bench.sandbox.start(spec).await.unwrap();
    let value = environment.invoke(invocation("{}")).await.value();
    let made = value[0].as_u64().unwrap();
    assert!((900..=1024).contains(&made) && value[1] == "EAGAIN", "{value}");
    // `kill` comes back when all of them have gone.
    environment.kill().await;
}

#[tokio::test]
async fn tmp_is_as_large_as_configured_and_nothing_else_can_be_written() {
    let bench = Bench::new().await;
    let body = "
written = 0
try:
    with open('/tmp/a', 'wb') as one, open('/tmp/b', 'wb') as two:
        while True:
            for file in (one, two):
                written += os.write(file.fileno(), b'x' * (1 << 20))
except OSError as error:
    full = errno.errorcode[error.errno]
refused = []
for path in ('/var/task/x', '/opt/x', '/x', '/usr/x', '/var/runtime/x', '/etc/x', '/dev/x', '/proc/sys/kernel/hostname'):
    try:
        open(path, 'w')
    except OSError as error:
        refused.append(errno.errorcode[error.errno])
try:
    os.chmod('/var/task/index.py', 0o777)
except OSError as error:
    refused.append(errno.errorcode[error.errno])
return [written >> 20, full, sorted(set(refused)), len(refused)]
";
    let value = bench.evaluate(body).await;
    assert!((62..=64).contains(&value[0].as_u64().unwrap()), "{value}");
    assert_eq!(value[1], "ENOSPC");
    assert_eq!(value[3], 9, "{value}");
    for refused in value[2].as_array().unwrap() {
        assert!(["EROFS", "EACCES", "EPERM"].contains(&refused.as_str().unwrap()), "{value}");
    }
}

#[tokio::test]
async fn a_log_without_end_is_bounded() {
    let bench = Bench::new().await;
    let outcome =
        bench.run(&handler("for i in range(100000): print('x' * 99)\nprint('the end')"), "{}").await;
    let kept: usize = outcome.lines().iter().map(|line| line.len()).sum();
    assert!(kept <= 1 << 20 && outcome.logs.dropped > 8_000_000, "{kept} {}", outcome.logs.dropped);
    assert!(outcome.logs.tail.ends_with("\nthe end\n") && outcome.logs.tail.len() <= 4096);
}

#[tokio::test]
async fn limits_of_files_and_cores_are_lambdas() {
    let bench = Bench::new().await;
    let value = bench
        .evaluate(
            "import resource\n\
             limits = [resource.getrlimit(getattr(resource, name)) for name in ('RLIMIT_NOFILE', 'RLIMIT_CORE')]\n\
             try: resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))\n\
             except (ValueError, OSError): limits.append('refused')\n\
             return limits",
        )
        .await;
    assert_eq!(value, json!([[1024, 1024], [0, 0], "refused"]));
}
