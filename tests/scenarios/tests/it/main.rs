//! Runs each scenario's script against a server of its own.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking, in their helpers too")]

mod browser;

use std::path::{Path, PathBuf};
use std::process::Command;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The server: the one that is named, or the one that was built beside this test.
fn server() -> PathBuf {
    if let Some(named) = std::env::var_os("CLOUDCHAMBER_BIN") {
        return named.into();
    }
    let test = std::env::current_exe().unwrap();
    let built = test.parent().and_then(Path::parent).unwrap().join("cloudchamber");
    assert!(built.exists(), "{} is not there: run `cargo build -p cloudchamber` first", built.display());
    built
}

/// The Python with boto3 and the AWS CLI: the one that is named, or the one that `cargo xtask test` made.
fn python() -> PathBuf {
    if let Some(named) = std::env::var_os("CLOUDCHAMBER_PYTHON") {
        return named.into();
    }
    let made = here().join("../../target/venv/bin/python3");
    assert!(made.exists(), "{} is not there: run `cargo xtask test` once, which makes it", made.display());
    made
}

fn run(script: &str, arguments: &[&str]) {
    let data = tempfile::tempdir().unwrap();
    let output = Command::new(python())
        .arg(here().join(script))
        .args(arguments)
        .env("CLOUDCHAMBER_BIN", server())
        .env("CLOUDCHAMBER_PYTHON", python())
        .env("CLOUDCHAMBER_SCRATCH", data.path())
        .env("PYTHONPATH", here().join("common"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .unwrap();
    let told =
        format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script} {arguments:?} failed:\n{told}");
}

#[test]
fn remediation_by_boto3() {
    run("remediation/remediation.py", &["boto3"]);
}

#[test]
fn remediation_by_the_aws_cli() {
    run("remediation/remediation.py", &["cli"]);
}

#[test]
fn remediation_when_things_fail() {
    run("remediation/faults.py", &[]);
}

#[test]
fn remediation_happens_after_kill_9() {
    run("remediation/killed.py", &[]);
}

#[test]
fn pipeline_by_boto3() {
    run("pipeline/pipeline.py", &["boto3"]);
}

#[test]
fn pipeline_by_the_aws_cli() {
    run("pipeline/pipeline.py", &["cli"]);
}

#[test]
fn every_acknowledged_write_survives_kill_9() {
    let rounds = std::env::var("CLOUDCHAMBER_CRASH_ROUNDS").unwrap_or_else(|_| "10".into());
    run("crash/crash.py", &[&rounds]);
}

#[test]
fn remediation_by_cloudtrail_and_eventbridge() {
    run("cloudtrail/remediation.py", &[]);
}

#[test]
fn metrics_by_boto3() {
    run("cloudwatch/metrics.py", &["json"]);
}

#[test]
fn metrics_in_cbor() {
    run("cloudwatch/metrics.py", &["cbor"]);
}

#[test]
fn metrics_by_the_aws_cli() {
    run("cloudwatch/metrics.py", &["cli"]);
}

#[test]
fn logs_by_boto3() {
    run("logs/logs.py", &["boto3"]);
}

#[test]
fn logs_by_the_aws_cli() {
    run("logs/logs.py", &["cli"]);
}

#[test]
fn log_files_are_validated_by_the_aws_cli() {
    run("cloudtrail/validation.py", &[]);
}

#[test]
fn runbooks_run_scripts() {
    run("runbooks/runbooks.py", &[]);
}

#[test]
fn managed_rules_judge_what_changes() {
    run("managed_rules/managed_rules.py", &[]);
}

#[test]
fn alarms_act_and_survive_kill_9() {
    run("alarms/alarms.py", &[]);
}

#[test]
fn signatures_are_verified() {
    run("signatures/signatures.py", &[]);
}

#[test]
fn bad_input_changes_nothing() {
    run("input/input.py", &[]);
}

#[test]
fn a_hostile_function_reaches_nothing_that_its_role_may_not() {
    run("sandbox/sandbox.py", &[]);
}

#[test]
fn the_command_line_says_what_is_wrong() {
    run("cli/cli.py", &[]);
}

#[test]
fn every_acknowledged_upload_has_its_row_after_kills() {
    let uploads = std::env::var("CLOUDCHAMBER_FLOOD_UPLOADS").unwrap_or_else(|_| "200".into());
    run("pipeline/flood.py", &[&uploads]);
}

#[test]
fn strange_names_of_objects_stay_as_they_are() {
    run("pipeline/names.py", &[]);
}

#[test]
fn large_objects_need_little_memory() {
    let mebibytes = std::env::var("CLOUDCHAMBER_LARGE_MIB").unwrap_or_else(|_| "256".into());
    run("pipeline/large.py", &[&mebibytes]);
}

#[test]
fn labs_are_started_graded_kept_and_closed() {
    run("labs/labs.py", &[]);
}

#[test]
fn a_class_has_limits_and_closed_accounts_go_away() {
    run("labs/limits.py", &[]);
}

/// The untouched start earns nothing, the solution everything, each mistake loses exactly its points.
fn prove(lab: &str) {
    let output = Command::new(server())
        .args(["lab", "verify", lab])
        .env("CLOUDCHAMBER_PYTHON", python())
        .output()
        .unwrap();
    let told =
        format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{lab} does not keep its promise:\n{told}");
}

#[test]
fn the_remediation_lab_is_proved() {
    prove("remediate-with-config");
}

#[test]
fn the_pipeline_lab_is_proved() {
    prove("secure-file-pipeline");
}
