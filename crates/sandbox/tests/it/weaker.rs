//! Kernels that forbid namespaces. A user namespace in which no further namespace may be made stands in for one.

use crate::bench::{Bench, OutcomeExt, configuration, exists, handler, invocation};
use sandbox::{Sandbox, StartError};
use serde_json::json;
use std::process::Command;

const INSIDE: &str = "SANDBOX_TEST_NO_NAMESPACES";

/// Runs one test of this program again where namespaces are forbidden; false in that second run.
fn again_without_namespaces(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return false;
    }
    let program = std::env::current_exe().unwrap();
    let forbid = "for kind in user mnt pid; do echo 0 > /proc/sys/user/max_${kind}_namespaces || exit 9; done; exec \"$@\"";
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "/bin/sh", "-c", forbid, "sh"])
        .arg("setpriv")
        .args(["--bounding-set=-all", "--inh-caps=-all"])
        .arg(program)
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    true
}

#[tokio::test]
async fn a_strict_server_refuses_and_says_what_is_missing() {
    if again_without_namespaces("weaker::a_strict_server_refuses_and_says_what_is_missing") {
        return;
    }
    let Err(error) = Sandbox::new(configuration()).await else { panic!("it started") };
    assert!(matches!(error, StartError::Unsupported { .. }), "{error}");
    let said = error.to_string();
    assert!(said.contains("user namespaces: make a user namespace: No space left on device"), "{said}");
    assert!(said.contains("accept the weaker mode by switching strictness off"), "{said}");
}

#[tokio::test]
async fn the_weaker_mode_still_hides_files_and_ports() {
    if again_without_namespaces("weaker::the_weaker_mode_still_hides_files_and_ports") {
        return;
    }
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut settings = configuration();
    settings.strict = false;
    let bench = Bench::with(settings).await;
    assert!(!bench.sandbox.is_strict());
    let data = bench.folder.path().join("data");
    std::fs::write(&data, "secret").unwrap();
    assert!(exists("/etc/hostname"));
    let body = format!(
        "
def attempt(what):
    try: return what() or 'OK'
    except OSError as error: return errno.errorcode[error.errno]
import tempfile
libc = ctypes.CDLL(None, use_errno=True)
return [
    attempt(lambda: open(event['data']).read()),
    attempt(lambda: open('/etc/hostname').read()),
    attempt(lambda: os.listdir('/')),
    attempt(lambda: os.listdir('/proc')),
    attempt(lambda: socket.create_connection(('127.0.0.1', {port}))),
    attempt(lambda: open(os.environ['LAMBDA_TASK_ROOT'] + '/x', 'w')),
    attempt(lambda: os.kill(event['server'], 0)),
    libc.ptrace(16, event['server'], 0, 0),
    os.path.exists(tempfile.gettempdir()) and attempt(lambda: open(tempfile.gettempdir() + '/mine', 'w').write('x')),
    len(os.listdir(os.environ['LAMBDA_TASK_ROOT'])),
]",
        port = other.local_addr().unwrap().port()
    );
    let event = json!({ "data": data, "server": std::process::id() }).to_string();
    let mut environment = bench.start(&handler(&body)).await;
    let value = environment.invoke(invocation(&event)).await.value();
    let refused = json!(["EACCES", "EACCES", "EACCES", "EACCES", "EACCES", "EACCES", "EPERM", -1, 1, 1]);
    assert_eq!(value, refused);
    assert!(environment.is_usable());
    environment.kill().await;
}
