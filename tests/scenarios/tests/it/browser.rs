//! The console in Chromium: each script of console/tests against a server of its own.

use super::{here, python, server};
use std::process::Command;

/// Runs a script of console/tests; pictures of failures stay in target/browser.
fn click_through(script: &str) {
    let output = Command::new("node")
        .arg(here().join("../../console/tests/run.mjs"))
        .arg(script)
        .env("CLOUDCHAMBER_BIN", server())
        .env("CLOUDCHAMBER_PYTHON", python())
        .output()
        .unwrap();
    let told =
        format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script} failed:\n{told}");
}

#[test]
fn signing_in_and_switching_roles() {
    click_through("pages/session");
}

#[test]
fn pages_of_cloudformation() {
    click_through("pages/cloudformation");
}

#[test]
fn pages_of_lambda_and_logs() {
    click_through("pages/lambda");
}
