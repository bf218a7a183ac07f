//! Single statements.

use super::*;

fn fits(statement: &str, action: &str, resource: &str, context: &Context) -> bool {
    let policies = Policies { identity: vec![identity(statement)], ..Policies::default() };
    ask_for(&user(), action, resource, context, &policies).is_allowed()
}

#[test]
fn actions_ignore_case_and_take_wildcards() {
    let none = Context::new();
    for (pattern, expected) in [
        ("ec2:RunInstances", true),
        ("EC2:runinstances", true),
        ("ec2:Run*", true),
        ("ec2:???Instances", true),
        ("ec2:*", true),
        ("*", true),
        ("ec2:Run", false),
        ("ec2:RunInstance?", true),
        ("ec2:?RunInstances", false),
        ("s3:*", false),
    ] {
        assert_eq!(fits(&all("Allow", pattern), "ec2:RunInstances", "*", &none), expected, "{pattern}");
    }
    let not = r#"{"Effect":"Allow","NotAction":["iam:*","sts:AssumeRole"],"Resource":"*"}"#;
    assert!(fits(not, "ec2:RunInstances", "*", &none));
    assert!(!fits(not, "IAM:CreateUser", "*", &none));
    assert!(!fits(not, "sts:AssumeRole", "*", &none));
}

#[test]
fn not_resource_and_variables() {
    let mut context = Context::new();
    let queue = format!("arn:aws:sqs:us-east-1:{A}:ann-q");
    let own = r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:sqs:*:*:${aws:username}-*"}"#;
    let not_own = r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:sqs:*:*:${aws:username}-*"}"#;
    assert!(!fits(own, "sqs:SendMessage", &queue, &context), "no username");
    assert!(!fits(not_own, "sqs:SendMessage", &queue, &context), "no username: not granted either");
    context.insert("aws:username", "ann");
    assert!(fits(own, "sqs:SendMessage", &queue, &context));
    assert!(!fits(not_own, "sqs:SendMessage", &queue, &context));
    context.insert("aws:username", "bob");
    assert!(!fits(own, "sqs:SendMessage", &queue, &context));
    assert!(fits(not_own, "sqs:SendMessage", &queue, &context));
    context.insert("aws:username", "*");
    assert!(!fits(own, "sqs:SendMessage", &queue, &context), "a user named * is no wildcard");
}

#[test]
fn a_deny_with_a_variable_without_value() {
    let outcome = |deny: &str| {
        let policies =
            Policies { identity: vec![identity(&all("Allow", "*")), identity(deny)], ..Policies::default() };
        send(&user(), A, &policies).outcome
    };
    assert_eq!(
        outcome(r#"{"Effect":"Deny","Action":"*","Resource":"arn:aws:sqs:*:*:${aws:userid}"}"#),
        Outcome::Allowed
    );
    assert_eq!(
        outcome(r#"{"Effect":"Deny","Action":"*","NotResource":"arn:aws:sqs:*:*:${aws:userid}"}"#),
        Outcome::ExplicitDeny
    );
}

#[test]
fn an_operator_that_does_not_exist() {
    let none = Context::new();
    let unknown = r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Imaginary":{}}}"#;
    assert!(!fits(unknown, "s3:GetObject", "*", &none));
    let deny = r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Imaginary":{}}}"#;
    let policies =
        Policies { identity: vec![identity(&all("Allow", "*")), identity(deny)], ..Policies::default() };
    assert_eq!(send(&user(), A, &policies).outcome, Outcome::ExplicitDeny);
}

#[test]
fn a_denial_tells_the_conditions_that_failed() {
    let statement = r#"{"Sid":"Tls","Effect":"Allow","Action":"sqs:*","Resource":"*","Condition":{
        "Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:RequestedRegion":["eu-west-1"]}}}"#;
    let policies = Policies {
        identity: vec![identity(&all("Allow", "s3:*")), identity(statement)],
        ..Policies::default()
    };
    let mut context = Context::new();
    context.insert("aws:SecureTransport", "false");
    let decision =
        ask_for(&user(), "sqs:SendMessage", &format!("arn:aws:sqs:us-east-1:{A}:q"), &context, &policies);
    assert_eq!(missing(&decision), [PolicyType::Identity]);
    let [miss] = decision.near_misses.as_slice() else { panic!("{decision:?}") };
    assert_eq!(miss.reason.sid.as_deref(), Some("Tls"));
    let [tls, region] = miss.conditions.as_slice() else { panic!("{miss:?}") };
    assert_eq!((tls.key.as_str(), &tls.actual), ("aws:SecureTransport", &Some(vec!["false".to_owned()])));
    assert_eq!((region.operator.as_str(), &region.actual), ("StringEquals", &None));
    context.insert("aws:SecureTransport", "true");
    context.insert("aws:RequestedRegion", "eu-west-1");
    assert!(
        ask_for(&user(), "sqs:SendMessage", &format!("arn:aws:sqs:us-east-1:{A}:q"), &context, &policies)
            .is_allowed()
    );
}
