//! Drives every registered operation through the real gateway.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod changes;
mod cloud;
mod console;
mod forms;
mod gateway;
mod hostile;
mod table;

use cloud::{Cloud, Who};
use std::collections::BTreeSet;

const DENIED: [&str; 5] = [
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "AccessDeniedFault",
];
const UNSIGNED: [&str; 4] = [
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "AccessDenied",
    "AuthorizationError",
];
const WRONG: [&str; 3] = ["SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure"];

#[test]
fn every_registered_operation_is_in_the_table_and_nothing_else_is() {
    let registered: BTreeSet<String> =
        cloud::registered().into_iter().map(|(service, name)| format!("{service}:{name}")).collect();
    let listed: BTreeSet<String> = table::rows().into_keys().collect();
    let missing: Vec<_> = registered.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&registered).collect();
    assert!(missing.is_empty(), "add these operations to tests/authorization/operations.toml: {missing:#?}");
    assert!(
        stale.is_empty(),
        "these rows of tests/authorization/operations.toml name no registered operation: {stale:#?}"
    );
}

macro_rules! services {
    ($($name:ident),*) => { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $name() { drive(stringify!($name)).await; })* };
}
services!(
    accessanalyzer,
    dynamodb,
    dynamodbstreams,
    kms,
    iam,
    sts,
    ec2,
    lambda,
    logs,
    sns,
    sqs,
    ssm,
    s3,
    s3control,
    config,
    events,
    cloudtrail,
    cloudwatch,
    cloudformation
);

#[test]
fn every_service_is_driven() {
    let driven = [
        "accessanalyzer",
        "dynamodb",
        "dynamodbstreams",
        "kms",
        "iam",
        "sts",
        "ec2",
        "lambda",
        "logs",
        "sns",
        "sqs",
        "ssm",
        "s3",
        "s3control",
        "config",
        "events",
        "cloudtrail",
        "cloudwatch",
        "cloudformation",
    ];
    for (service, _) in cloud::registered() {
        assert!(driven.contains(&service), "add {service} to the services that this test drives");
    }
}

async fn drive(service: &str) {
    let cloud = Cloud::start().await;
    let mut failures = Vec::new();
    for (name, row) in table::rows() {
        let Some(operation) = name.strip_prefix(service).and_then(|rest| rest.strip_prefix(':')) else {
            continue;
        };
        if let Err(failure) = judge(&cloud, service, operation, &row).await {
            failures.push(format!("{name}: {failure}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The error's code, or nothing where there is none.
async fn sent(cloud: &Cloud, service: &str, operation: &str, row: &table::Row, who: &Who) -> String {
    let code = cloud.send(service, operation, &row.input, who).await;
    if !(row.each && code.is_empty()) {
        return code;
    }
    let answer = cloud.last_message();
    let error = answer.split_once("<Error>").and_then(|(_, rest)| rest.split_once("<Code>"));
    error.and_then(|(_, rest)| rest.split_once("</Code>")).map_or(String::new(), |(code, _)| code.to_owned())
}

async fn judge(cloud: &Cloud, service: &str, operation: &str, row: &table::Row) -> Result<(), String> {
    let expect = |what: &str, code: &str, codes: &[&str]| {
        if codes.contains(&code) {
            Ok(())
        } else {
            Err(format!("{what}: answered {code:?}, not one of {codes:?}"))
        }
    };
    if !row.unsigned {
        let code = sent(cloud, service, operation, row, &Who::Anonymous).await;
        // EC2 misses the access key as it misses any parameter.
        if code != "MissingParameter"
            || !cloud.last_message().contains("must contain the parameter AWSAccessKeyId")
        {
            expect("anonymous", &code, &UNSIGNED)?;
        }
        let code = sent(cloud, service, operation, row, &Who::WrongSignature).await;
        // HEAD has no body that could say more than 403.
        if !(operation.starts_with("Head") && code == "AccessDenied") {
            expect("wrong signature", &code, &WRONG)?;
        }
    }
    let nobody = sent(cloud, service, operation, row, &Who::Nobody).await;
    if row.unconditional {
        return if DENIED.contains(&nobody.as_str()) {
            Err("needs no permission, and was denied".into())
        } else {
            Ok(())
        };
    }
    expect("no policy", &nobody, &DENIED)?;
    // Each action counts: denying it alone denies, and so does allowing all but it.
    for action in &row.actions {
        let denied = sent(cloud, service, operation, row, &Who::Denied(vec![action.clone()])).await;
        expect(&format!("explicit deny of {action}"), &denied, &DENIED)?;
        let others: Vec<String> = row.actions.iter().filter(|it| *it != action).cloned().collect();
        if !others.is_empty() {
            let without = sent(cloud, service, operation, row, &Who::Allowed(others)).await;
            expect(&format!("allowed all but {action}"), &without, &DENIED)?;
        }
    }
    let allowed = sent(cloud, service, operation, row, &Who::Allowed(row.actions.clone())).await;
    if DENIED.contains(&allowed.as_str()) {
        return Err(format!("allowed {:?} and yet denied: {}", row.actions, cloud.last_message()));
    }
    if allowed.contains("InternalFailure")
        || allowed.contains("NotImplemented")
        || allowed.contains("Serialization")
    {
        return Err(format!("allowed, and answered {allowed}: {}", cloud.last_message()));
    }
    Ok(())
}
