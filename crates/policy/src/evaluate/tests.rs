use super::evaluate;
use crate::{
    Attached, Authority, Context, Decision, Flavour, Kind, Outcome, Policies, PolicyType, Principal, Request, ResourcePolicy,
    parse,
};

const A: &str = "111122223333";
const B: &str = "444455556666";

fn attached(text: &str, kind: Kind) -> Attached {
    Attached::inline("test", parse(text, kind).unwrap_or_else(|error| panic!("{error}: {text}")))
}

fn policy(statements: &str, kind: Kind) -> Attached {
    attached(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#), kind)
}

fn identity(statements: &str) -> Attached {
    policy(statements, Kind::Identity)
}

/// A statement on everything.
fn all(effect: &str, action: &str) -> String {
    format!(r#"{{"Effect":"{effect}","Action":"{action}","Resource":"*"}}"#)
}

fn queue_policy(effect: &str, principal: &str) -> ResourcePolicy {
    let statement = format!(r#"{{"Effect":"{effect}","Principal":{principal},"Action":"sqs:*","Resource":"*"}}"#);
    ResourcePolicy::new("q", policy(&statement, Kind::Resource(Flavour::Sqs)).document)
}

fn key_policy(principal: &str) -> ResourcePolicy {
    let statement = format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"kms:*","Resource":"*"}}"#);
    ResourcePolicy::new("key", policy(&statement, Kind::Resource(Flavour::Kms)).document)
}

fn trust_policy(principal: &str) -> ResourcePolicy {
    let statement = format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole*"}}"#);
    ResourcePolicy::new("role", policy(&statement, Kind::Trust).document)
}

fn user() -> Principal {
    Principal::user(&format!("arn:aws:iam::{A}:user/ann").parse().unwrap()).unwrap()
}

fn session() -> Principal {
    Principal::session(&format!("arn:aws:iam::{A}:role/R").parse().unwrap(), "s").unwrap()
}

fn federated() -> Principal {
    Principal::FederatedUser {
        account: A.parse().unwrap(),
        arn: format!("arn:aws:sts::{A}:federated-user/f").into(),
        issuer: format!("arn:aws:iam::{A}:user/ann").into(),
    }
}

fn ask_for(principal: &Principal, action: &str, resource: &str, context: &Context, policies: &Policies) -> Decision {
    let request =
        Request { principal, action, resource, resource_account: None, context, canonical_user: None };
    evaluate(&request, policies)
}

/// Sends a message to a queue of an account.
fn send(principal: &Principal, account: &str, policies: &Policies) -> Decision {
    let queue = format!("arn:aws:sqs:us-east-1:{account}:q");
    ask_for(principal, "sqs:SendMessage", &queue, &Context::new(), policies)
}

fn missing(decision: &Decision) -> &[PolicyType] {
    assert_eq!(decision.outcome, Outcome::ImplicitDeny, "{decision:?}");
    assert!(!decision.missing.is_empty());
    &decision.missing
}

#[test]
fn nothing_is_allowed_by_default() {
    for principal in [user(), session()] {
        assert_eq!(missing(&send(&principal, A, &Policies::default())), [PolicyType::Identity]);
    }
    for principal in [Principal::service("s3.amazonaws.com"), Principal::Anonymous] {
        assert_eq!(missing(&send(&principal, A, &Policies::default())), [PolicyType::Resource]);
    }
    assert_eq!(missing(&send(&federated(), A, &Policies::default())), [PolicyType::Identity, PolicyType::Session]);
}

#[test]
fn an_identity_policy_allows_and_any_deny_denies() {
    let allow = identity(&all("Allow", "sqs:*"));
    let deny = identity(&all("Deny", "sqs:Send*"));
    let with = |policies: Policies| send(&user(), A, &policies);
    let allowed = with(Policies { identity: vec![allow.clone()], ..Policies::default() });
    assert!(allowed.is_allowed());
    assert_eq!(allowed.deciding[0].policy_type, PolicyType::Identity);
    assert!(with(Policies { identity: vec![identity(&all("Allow", "s3:*")), allow.clone()], ..Policies::default() }).is_allowed());
    let cases = [
        (Policies { identity: vec![allow.clone(), deny.clone()], ..Policies::default() }, PolicyType::Identity),
        (Policies { identity: vec![deny.clone(), allow.clone()], ..Policies::default() }, PolicyType::Identity),
        (Policies { identity: vec![allow.clone()], boundary: Some(deny.clone()), ..Policies::default() }, PolicyType::Boundary),
        (Policies { identity: vec![allow.clone()], session: Some(vec![allow.clone(), deny.clone()]), ..Policies::default() }, PolicyType::Session),
        (Policies { identity: vec![allow.clone()], resource: Some(queue_policy("Deny", r#""*""#)), ..Policies::default() }, PolicyType::Resource),
        (Policies { identity: vec![allow.clone()], service_control: Some(vec![vec![allow.clone(), deny.clone()]]), ..Policies::default() }, PolicyType::ServiceControl),
    ];
    for (policies, policy_type) in cases {
        let decision = with(policies);
        assert_eq!(decision.outcome, Outcome::ExplicitDeny);
        assert_eq!(decision.deciding[0].policy_type, policy_type);
    }
}

#[test]
fn a_boundary_a_session_policy_and_a_service_control_policy_limit() {
    let allow = identity(&all("Allow", "sqs:*"));
    let other = identity(&all("Allow", "s3:*"));
    let base = Policies { identity: vec![allow.clone()], ..Policies::default() };
    for (policies, lacking) in [
        (Policies { boundary: Some(other.clone()), ..base.clone() }, PolicyType::Boundary),
        (Policies { session: Some(vec![other.clone()]), ..base.clone() }, PolicyType::Session),
        (Policies { session: Some(vec![]), ..base.clone() }, PolicyType::Session),
        (Policies { service_control: Some(vec![vec![allow.clone()], vec![other.clone()]]), ..base.clone() }, PolicyType::ServiceControl),
        (Policies { service_control: Some(vec![vec![]]), ..base.clone() }, PolicyType::ServiceControl),
        (Policies { resource_control: Some(vec![vec![]]), ..base.clone() }, PolicyType::ResourceControl),
    ] {
        assert_eq!(missing(&send(&session(), A, &policies)), [lacking]);
    }
    let everything = Policies {
        boundary: Some(allow.clone()),
        session: Some(vec![other.clone(), allow.clone()]),
        service_control: Some(vec![vec![other, allow.clone()], vec![allow]]),
        ..base
    };
    assert!(send(&session(), A, &everything).is_allowed());
}

#[test]
fn a_boundary_grants_nothing_by_itself() {
    let allow = identity(&all("Allow", "*"));
    let policies = Policies { boundary: Some(allow.clone()), session: Some(vec![allow]), ..Policies::default() };
    assert_eq!(missing(&send(&session(), A, &policies)), [PolicyType::Identity]);
}

#[test]
fn a_resource_policy_in_the_same_account() {
    let narrow = identity(&all("Allow", "s3:*"));
    let user_arn = format!(r#"{{"AWS":"arn:aws:iam::{A}:user/ann"}}"#);
    let role_arn = format!(r#"{{"AWS":"arn:aws:iam::{A}:role/R"}}"#);
    let session_arn = format!(r#"{{"AWS":"arn:aws:sts::{A}:assumed-role/R/s"}}"#);
    let federated_arn = format!(r#"{{"AWS":"arn:aws:sts::{A}:federated-user/f"}}"#);
    let account = format!(r#"{{"AWS":"{A}"}}"#);
    let everyone = r#"{"AWS":"*"}"#.to_owned();
    // What is granted, to whom, and what limits it when nothing else allows: boundary and session policies allow only s3.
    for (principal, named, lacking) in [
        (user(), &user_arn, None),
        (user(), &everyone, None),
        (user(), &account, Some(&[PolicyType::Identity, PolicyType::Boundary, PolicyType::Session][..])),
        (user(), &role_arn, Some(&[PolicyType::Identity, PolicyType::Boundary, PolicyType::Session][..])),
        (session(), &session_arn, None),
        (session(), &everyone, None),
        (session(), &role_arn, Some(&[PolicyType::Boundary, PolicyType::Session][..])),
        (session(), &account, Some(&[PolicyType::Identity, PolicyType::Boundary, PolicyType::Session][..])),
        (federated(), &federated_arn, None),
        (federated(), &user_arn, Some(&[PolicyType::Boundary, PolicyType::Session][..])),
    ] {
        let policies = Policies {
            boundary: Some(narrow.clone()),
            session: Some(vec![narrow.clone()]),
            resource: Some(queue_policy("Allow", named)),
            ..Policies::default()
        };
        let decision = send(&principal, A, &policies);
        match lacking {
            None => assert!(decision.is_allowed(), "{principal:?} {named} {decision:?}"),
            Some(lacking) => assert_eq!(missing(&decision), lacking, "{principal:?} {named}"),
        }
    }
    let policies = Policies { resource: Some(queue_policy("Allow", &role_arn)), ..Policies::default() };
    assert!(send(&session(), A, &policies).is_allowed(), "a grant to the role alone suffices");
    let policies = Policies { resource: Some(queue_policy("Allow", &account)), ..Policies::default() };
    assert_eq!(missing(&send(&user(), A, &policies)), [PolicyType::Identity], "the account is delegated to, not granted");
}

#[test]
fn deny_by_every_name_of_the_principal() {
    let allow = identity(&all("Allow", "*"));
    for named in [
        format!("arn:aws:iam::{A}:role/R"),
        format!("arn:aws:sts::{A}:assumed-role/R/s"),
        format!("arn:aws:iam::{A}:root"),
        A.to_owned(),
        "*".to_owned(),
    ] {
        let policies = Policies {
            identity: vec![allow.clone()],
            resource: Some(queue_policy("Deny", &format!(r#"{{"AWS":"{named}"}}"#))),
            ..Policies::default()
        };
        assert_eq!(send(&session(), A, &policies).outcome, Outcome::ExplicitDeny, "{named}");
    }
    for named in [format!("arn:aws:iam::{A}:role/S"), format!("arn:aws:sts::{A}:assumed-role/R/t"), B.to_owned()] {
        let policies = Policies {
            identity: vec![allow.clone()],
            resource: Some(queue_policy("Deny", &format!(r#"{{"AWS":"{named}"}}"#))),
            ..Policies::default()
        };
        assert!(send(&session(), A, &policies).is_allowed(), "{named}");
    }
}

#[test]
fn across_accounts_both_must_allow() {
    let allow = identity(&all("Allow", "sqs:*"));
    let narrow = identity(&all("Allow", "s3:*"));
    let direct = queue_policy("Allow", &format!(r#"{{"AWS":"arn:aws:iam::{A}:user/ann"}}"#));
    let account = queue_policy("Allow", &format!(r#"{{"AWS":"{A}"}}"#));
    let foreign = queue_policy("Allow", &format!(r#"{{"AWS":"{B}"}}"#));
    let with = |identity: &[Attached], resource: Option<&ResourcePolicy>, boundary: Option<&Attached>| {
        let policies = Policies {
            identity: identity.to_vec(),
            resource: resource.cloned(),
            boundary: boundary.cloned(),
            ..Policies::default()
        };
        send(&user(), B, &policies)
    };
    let allowing = std::slice::from_ref(&allow);
    assert!(with(allowing, Some(&direct), None).is_allowed());
    assert!(with(allowing, Some(&account), None).is_allowed());
    assert!(with(allowing, Some(&account), Some(&allow)).is_allowed());
    assert_eq!(missing(&with(allowing, None, None)), [PolicyType::Resource]);
    assert_eq!(missing(&with(allowing, Some(&foreign), None)), [PolicyType::Resource]);
    assert_eq!(missing(&with(&[], Some(&direct), None)), [PolicyType::Identity], "even a direct grant");
    assert_eq!(missing(&with(&[], None, None)), [PolicyType::Resource, PolicyType::Identity]);
    assert_eq!(missing(&with(allowing, Some(&direct), Some(&narrow))), [PolicyType::Boundary]);
    assert!(with(allowing, Some(&account), None).cross_account);
}

#[test]
fn whose_resource_it_is() {
    let context = Context::new();
    let allow = Policies { identity: vec![identity(&all("Allow", "*"))], ..Policies::default() };
    let user = user();
    let ask = |resource: &str, owner: Option<&str>| {
        let resource_account = owner.map(|owner| owner.parse().unwrap());
        let request = Request { principal: &user, action: "x:y", resource, resource_account, context: &context, canonical_user: None };
        evaluate(&request, &allow).is_allowed()
    };
    assert!(ask("*", None));
    assert!(ask("arn:aws:sqs:us-east-1:111122223333:q", None));
    assert!(!ask("arn:aws:sqs:us-east-1:444455556666:q", None));
    assert!(!ask("arn:aws:sqs:us-east-1:111122223333:q", Some(B)), "the owner outdoes the ARN");
    assert!(ask("arn:aws:iam::aws:policy/P", None), "AWS's own");
    assert!(ask("arn:aws:ec2:us-east-1::image/ami-1", None));
    assert!(!ask("arn:aws:s3:::bucket/key", None), "a bucket of nobody knows whom");
    assert!(ask("arn:aws:s3:::bucket/key", Some(A)));
    assert!(!ask("arn:aws:s3:::bucket/key", Some(B)));
}

#[test]
fn root_may_all_in_its_account_that_nothing_denies() {
    let root = Principal::root(A.parse().unwrap());
    let decision = send(&root, A, &Policies::default());
    assert!(decision.is_allowed() && decision.deciding.is_empty());
    let denied = Policies { resource: Some(queue_policy("Deny", r#""*""#)), ..Policies::default() };
    assert_eq!(send(&root, A, &denied).outcome, Outcome::ExplicitDeny);
    let limited = Policies { service_control: Some(vec![vec![identity(&all("Allow", "s3:*"))]]), ..Policies::default() };
    assert_eq!(missing(&send(&root, A, &limited)), [PolicyType::ServiceControl]);
    assert_eq!(missing(&send(&root, B, &Policies::default())), [PolicyType::Resource]);
    let invited = Policies { resource: Some(queue_policy("Allow", &format!(r#"{{"AWS":"{A}"}}"#))), ..Policies::default() };
    assert!(send(&root, B, &invited).is_allowed());
}

#[test]
fn services_and_anonymous_callers_live_by_resource_policies_alone() {
    let s3 = Principal::service("s3.amazonaws.com");
    let named = |principal: &str| Policies {
        identity: vec![identity(&all("Allow", "*"))],
        resource: Some(queue_policy("Allow", principal)),
        ..Policies::default()
    };
    assert!(send(&s3, A, &named(r#"{"Service":"s3.amazonaws.com"}"#)).is_allowed());
    assert!(send(&s3, A, &named(r#""*""#)).is_allowed());
    assert_eq!(missing(&send(&s3, A, &named(r#"{"Service":"sns.amazonaws.com"}"#))), [PolicyType::Resource]);
    assert_eq!(missing(&send(&s3, A, &named(&format!(r#"{{"AWS":"{A}"}}"#)))), [PolicyType::Resource]);
    assert!(send(&Principal::Anonymous, A, &named(r#""*""#)).is_allowed());
    assert_eq!(missing(&send(&Principal::Anonymous, A, &named(r#"{"Service":"s3.amazonaws.com"}"#))), [PolicyType::Resource]);
    let deny = Policies { resource_control: Some(vec![vec![identity(&all("Deny", "*"))]]), ..named(r#""*""#) };
    assert_eq!(send(&s3, A, &deny).outcome, Outcome::ExplicitDeny);
}

fn assume(principal: &Principal, trust: Option<&str>, identity: &[Attached]) -> Decision {
    let policies = Policies {
        identity: identity.to_vec(),
        resource: trust.map(trust_policy),
        no_resource_policy: Some(Authority::Trust),
        ..Policies::default()
    };
    ask_for(principal, "sts:AssumeRole", &format!("arn:aws:iam::{A}:role/Target"), &Context::new(), &policies)
}

#[test]
fn a_role_is_assumed_by_consent_of_its_trust_policy() {
    let allow = [identity(&all("Allow", "sts:AssumeRole"))];
    let user_arn = format!(r#"{{"AWS":"arn:aws:iam::{A}:user/ann"}}"#);
    let account = format!(r#"{{"AWS":"{A}"}}"#);
    assert!(assume(&user(), Some(&user_arn), &[]).is_allowed(), "named: no identity policy needed");
    assert!(assume(&user(), Some(r#"{"AWS":"*"}"#), &[]).is_allowed());
    assert_eq!(missing(&assume(&user(), Some(&account), &[])), [PolicyType::Identity]);
    assert!(assume(&user(), Some(&account), &allow).is_allowed());
    assert_eq!(missing(&assume(&user(), Some(r#"{"Service":"ec2.amazonaws.com"}"#), &allow)), [PolicyType::Trust]);
    assert_eq!(missing(&assume(&user(), None, &allow)), [PolicyType::Trust]);
    assert!(assume(&session(), Some(&format!(r#"{{"AWS":"arn:aws:iam::{A}:role/R"}}"#)), &[]).is_allowed());
    assert_eq!(missing(&assume(&Principal::root(A.parse().unwrap()), None, &[])), [PolicyType::Trust]);
}

#[test]
fn a_trust_policy_and_those_outside_of_accounts() {
    let lambda = Principal::service("lambda.amazonaws.com");
    assert!(assume(&lambda, Some(r#"{"Service":"lambda.amazonaws.com"}"#), &[]).is_allowed());
    assert_eq!(missing(&assume(&lambda, Some(r#"{"Service":"ec2.amazonaws.com"}"#), &[])), [PolicyType::Trust]);
    let visitor = Principal::Federated { provider: "cognito-identity.amazonaws.com".into() };
    assert!(assume(&visitor, Some(r#"{"Federated":"cognito-identity.amazonaws.com"}"#), &[]).is_allowed());
    for principal in [visitor, Principal::Anonymous] {
        assert_eq!(missing(&assume(&principal, Some(r#"{"AWS":"*"}"#), &[])), [PolicyType::Trust], "{principal:?}");
    }
}

#[test]
fn a_trust_policy_of_another_account() {
    let foreign = Principal::user(&format!("arn:aws:iam::{B}:user/bob").parse().unwrap()).unwrap();
    let allow = [identity(&all("Allow", "sts:AssumeRole"))];
    let named = format!(r#"{{"AWS":"arn:aws:iam::{B}:user/bob"}}"#);
    assert!(assume(&foreign, Some(&named), &allow).is_allowed());
    assert_eq!(missing(&assume(&foreign, Some(&named), &[])), [PolicyType::Identity]);
    assert_eq!(missing(&assume(&foreign, Some(r#"{"AWS":"*"}"#), &[])), [PolicyType::Identity]);
    assert_eq!(missing(&assume(&foreign, Some(&format!(r#"{{"AWS":"{A}"}}"#)), &allow)), [PolicyType::Trust]);
}

#[test]
fn a_key_obeys_its_policy() {
    let decrypt = |principal: &Principal, key: Option<ResourcePolicy>, identity: Vec<Attached>| {
        let policies = Policies { identity, resource: key, no_resource_policy: Some(Authority::Key), ..Policies::default() };
        ask_for(principal, "kms:Decrypt", &format!("arn:aws:kms:us-east-1:{A}:key/k"), &Context::new(), &policies)
    };
    let allow = || vec![identity(&all("Allow", "kms:*"))];
    let root = Principal::root(A.parse().unwrap());
    let to_account = || Some(key_policy(&format!(r#"{{"AWS":"arn:aws:iam::{A}:root"}}"#)));
    let to_role = || Some(key_policy(&format!(r#"{{"AWS":"arn:aws:iam::{A}:role/R"}}"#)));
    assert!(decrypt(&user(), to_account(), allow()).is_allowed());
    assert_eq!(missing(&decrypt(&user(), to_account(), vec![])), [PolicyType::Identity]);
    assert_eq!(missing(&decrypt(&user(), to_role(), allow())), [PolicyType::Resource], "identity policies alone do not open a key");
    assert!(decrypt(&session(), to_role(), vec![]).is_allowed());
    assert_eq!(missing(&decrypt(&user(), None, allow())), [PolicyType::Resource]);
    assert!(decrypt(&root, to_account(), vec![]).is_allowed());
    assert_eq!(missing(&decrypt(&root, to_role(), vec![])), [PolicyType::Resource], "not even root");
}

#[test]
fn not_principal_exempts_whom_it_names_in_full() {
    let allow = identity(&all("Allow", "*"));
    let deny = |listed: &str| {
        let statement = format!(r#"{{"Effect":"Deny","NotPrincipal":{{"AWS":[{listed}]}},"Action":"sqs:*","Resource":"*"}}"#);
        ResourcePolicy::new("q", policy(&statement, Kind::Resource(Flavour::Sqs)).document)
    };
    let ask = |principal: &Principal, listed: &str, boundary: Option<&Attached>| {
        let policies = Policies {
            identity: vec![allow.clone()],
            boundary: boundary.cloned(),
            resource: Some(deny(listed)),
            ..Policies::default()
        };
        send(principal, A, &policies).is_allowed()
    };
    let user_listed = format!(r#""arn:aws:iam::{A}:user/ann","{A}""#);
    assert!(ask(&user(), &user_listed, None));
    assert!(!ask(&user(), &format!(r#""{A}""#), None));
    assert!(!ask(&user(), &user_listed, Some(&allow)), "a boundary ends the exemption");
    assert!(!ask(&session(), &user_listed, None));
    let role = format!(r#""arn:aws:iam::{A}:role/R","{A}""#);
    assert!(!ask(&session(), &role, None));
    assert!(ask(&session(), &format!(r#""arn:aws:sts::{A}:assumed-role/R/s",{role}"#), None));
    assert!(!ask(&Principal::Anonymous, &user_listed, None));
}

#[test]
fn a_deleted_principal_s_id_matches_only_that_id() {
    let policies = Policies { resource: Some(queue_policy("Allow", r#"{"AWS":"AROAEXAMPLEEXAMPLE12"}"#)), ..Policies::default() };
    let ask = |user_id: &str, principal: &Principal| {
        let mut context = Context::new();
        context.insert("aws:userid", user_id);
        ask_for(principal, "sqs:SendMessage", &format!("arn:aws:sqs:us-east-1:{A}:q"), &context, &policies).is_allowed()
    };
    assert!(ask("AROAEXAMPLEEXAMPLE12:s", &session()));
    assert!(!ask("AROAOTHEROTHEROTHER1:s", &session()));
    assert!(!ask("AROAEXAMPLEEXAMPLE12:s", &federated()));
    assert!(!send(&session(), A, &policies).is_allowed(), "no aws:userid, no match");
}

#[test]
fn a_canonical_user_matches_only_that_user() {
    let id = "ab".repeat(32);
    let statement = format!(r#"{{"Effect":"Allow","Principal":{{"CanonicalUser":"{id}"}},"Action":"s3:*","Resource":"arn:aws:s3:::b/*"}}"#);
    let bucket = ResourcePolicy::new("b", policy(&statement, Kind::Resource(Flavour::S3)).document);
    let policies = Policies { resource: Some(bucket), ..Policies::default() };
    let (user, context) = (user(), Context::new());
    let ask = |canonical_user: Option<&str>| {
        let resource_account = Some(A.parse().unwrap());
        let request =
            Request { principal: &user, action: "s3:GetObject", resource: "arn:aws:s3:::b/k", resource_account, context: &context, canonical_user };
        evaluate(&request, &policies).is_allowed()
    };
    assert!(ask(Some(&id)));
    assert!(!ask(Some(&"cd".repeat(32))));
    assert!(!ask(None));
}

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
        let policies = Policies { identity: vec![identity(&all("Allow", "*")), identity(deny)], ..Policies::default() };
        send(&user(), A, &policies).outcome
    };
    assert_eq!(outcome(r#"{"Effect":"Deny","Action":"*","Resource":"arn:aws:sqs:*:*:${aws:userid}"}"#), Outcome::Allowed);
    assert_eq!(outcome(r#"{"Effect":"Deny","Action":"*","NotResource":"arn:aws:sqs:*:*:${aws:userid}"}"#), Outcome::ExplicitDeny);
}

#[test]
fn an_operator_that_does_not_exist() {
    let none = Context::new();
    let unknown = r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Imaginary":{}}}"#;
    assert!(!fits(unknown, "s3:GetObject", "*", &none));
    let deny = r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Imaginary":{}}}"#;
    let policies = Policies { identity: vec![identity(&all("Allow", "*")), identity(deny)], ..Policies::default() };
    assert_eq!(send(&user(), A, &policies).outcome, Outcome::ExplicitDeny);
}

#[test]
fn a_denial_tells_the_conditions_that_failed() {
    let statement = r#"{"Sid":"Tls","Effect":"Allow","Action":"sqs:*","Resource":"*","Condition":{
        "Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:RequestedRegion":["eu-west-1"]}}}"#;
    let policies = Policies { identity: vec![identity(&all("Allow", "s3:*")), identity(statement)], ..Policies::default() };
    let mut context = Context::new();
    context.insert("aws:SecureTransport", "false");
    let decision = ask_for(&user(), "sqs:SendMessage", &format!("arn:aws:sqs:us-east-1:{A}:q"), &context, &policies);
    assert_eq!(missing(&decision), [PolicyType::Identity]);
    let [miss] = decision.near_misses.as_slice() else { panic!("{decision:?}") };
    assert_eq!(miss.reason.sid.as_deref(), Some("Tls"));
    let [tls, region] = miss.conditions.as_slice() else { panic!("{miss:?}") };
    assert_eq!((tls.key.as_str(), &tls.actual), ("aws:SecureTransport", &Some(vec!["false".to_owned()])));
    assert_eq!((region.operator.as_str(), &region.actual), ("StringEquals", &None));
    context.insert("aws:SecureTransport", "true");
    context.insert("aws:RequestedRegion", "eu-west-1");
    assert!(ask_for(&user(), "sqs:SendMessage", &format!("arn:aws:sqs:us-east-1:{A}:q"), &context, &policies).is_allowed());
}
