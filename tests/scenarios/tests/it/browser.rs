//! The console in Chromium: each script of console/tests against a server of its own.

use super::{here, python, server};
use std::process::Command;

/// Runs a script of console/tests; its pictures stay in target/browser.
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

/// A test for each script, and a list of them all.
macro_rules! scripts {
    ($($name:ident: $script:literal),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                click_through($script);
            }
        )+

        const SCRIPTS: &[&str] = &[$($script),+];
    };
}

scripts! {
    signing_in_and_switching_roles: "pages/session",
    who_may_little_is_told_so: "pages/denied",
    pages_of_cloudformation: "pages/cloudformation",
    stacks_of_cloudformation: "pages/cloudformation-stacks",
    pages_of_cloudtrail: "pages/cloudtrail",
    pages_of_cloudwatch: "pages/cloudwatch",
    pages_of_config: "pages/config",
    rules_and_settings_of_config: "pages/config-rules",
    pages_of_dynamodb: "pages/dynamodb",
    tables_of_dynamodb: "pages/dynamodb-tables",
    pages_of_eventbridge: "pages/eventbridge",
    rules_of_eventbridge: "pages/eventbridge-rules",
    pages_of_iam: "pages/iam",
    roles_and_policies_of_iam: "pages/iam-roles",
    users_and_groups_of_iam: "pages/iam-users",
    pages_of_kms: "pages/kms",
    pages_of_lambda_and_logs: "pages/lambda",
    pages_of_s3: "pages/s3",
    objects_and_settings_of_s3: "pages/s3-details",
    pages_of_sns_and_mail: "pages/sns",
    subscriptions_and_messages_of_sns: "pages/sns-details",
    pages_of_sqs: "pages/sqs",
    pages_of_systems_manager: "pages/systems-manager",
    documents_and_parameters_of_systems_manager: "pages/systems-manager-details",
    pages_of_vpc: "pages/vpc",
    networks_of_vpc: "pages/vpc-network",
    settings_of_vpc: "pages/vpc-settings",
    pages_follow_what_happens: "pages/live",
    pages_without_a_mouse: "pages/keyboard",
    all_pages_are_accessible: "accessibility",
    lab_of_remediation_to_full_marks: "labs/remediation",
    lab_of_the_pipeline_to_full_marks: "labs/pipeline",
    two_students_and_their_teacher: "labs/students",
    the_teachers_desk: "labs/desk",
}

/// A script that nobody runs would say nothing when it breaks.
#[test]
fn every_script_is_run() {
    for folder in ["pages", "labs"] {
        for entry in std::fs::read_dir(here().join("../../console/tests").join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let Some(name) = name.strip_suffix(".mjs").filter(|name| *name != "steps") else { continue };
            let script = format!("{folder}/{name}");
            assert!(
                SCRIPTS.contains(&script.as_str()),
                "console/tests/{script}.mjs has no test in browser.rs"
            );
        }
    }
}
