//! All of these tests again as an ordinary user, if they run as root.

use std::process::Command;

#[test]
fn an_ordinary_user_gets_the_same() {
    if !rustix::process::geteuid().is_root() || std::env::var_os("SANDBOX_TEST_NO_NAMESPACES").is_some() {
        println!("not root: the other tests have shown it");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::chown(folder.path(), Some(65534), Some(65534)).unwrap();
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"])
        .arg(std::env::current_exe().unwrap())
        .args(["--skip", "unprivileged::", "--test-threads", "2"])
        // Somebody else's home directory is closed, and with it the Python that may be in it.
        .env("SANDBOX_TEST_PYTHON", "/usr/bin/python3")
        .env("TMPDIR", folder.path())
        .env("HOME", folder.path())
        .current_dir("/")
        .output()
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("test result: ok"), "{said}");
}
