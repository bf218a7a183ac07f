//! Policies without whose consent nothing goes: trust and key policies, callers outside of accounts, principals in detail.

use super::*;

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
    assert_eq!(
        missing(&send(&Principal::Anonymous, A, &named(r#"{"Service":"s3.amazonaws.com"}"#))),
        [PolicyType::Resource]
    );
    let deny =
        Policies { resource_control: Some(vec![vec![identity(&all("Deny", "*"))]]), ..named(r#""*""#) };
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
    assert_eq!(
        missing(&assume(&user(), Some(r#"{"Service":"ec2.amazonaws.com"}"#), &allow)),
        [PolicyType::Trust]
    );
    assert_eq!(missing(&assume(&user(), None, &allow)), [PolicyType::Trust]);
    assert!(assume(&session(), Some(&format!(r#"{{"AWS":"arn:aws:iam::{A}:role/R"}}"#)), &[]).is_allowed());
    assert_eq!(missing(&assume(&Principal::root(A.parse().unwrap()), None, &[])), [PolicyType::Trust]);
}

#[test]
fn a_trust_policy_and_those_outside_of_accounts() {
    let lambda = Principal::service("lambda.amazonaws.com");
    assert!(assume(&lambda, Some(r#"{"Service":"lambda.amazonaws.com"}"#), &[]).is_allowed());
    assert_eq!(
        missing(&assume(&lambda, Some(r#"{"Service":"ec2.amazonaws.com"}"#), &[])),
        [PolicyType::Trust]
    );
    let visitor = Principal::Federated { provider: "cognito-identity.amazonaws.com".into() };
    assert!(assume(&visitor, Some(r#"{"Federated":"cognito-identity.amazonaws.com"}"#), &[]).is_allowed());
    for principal in [visitor, lambda, Principal::Anonymous] {
        assert_eq!(
            missing(&assume(&principal, Some(r#"{"AWS":"*"}"#), &[])),
            [PolicyType::Trust],
            "{principal:?}"
        );
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
        let policies = Policies {
            identity,
            resource: key,
            no_resource_policy: Some(Authority::Key),
            ..Policies::default()
        };
        ask_for(
            principal,
            "kms:Decrypt",
            &format!("arn:aws:kms:us-east-1:{A}:key/k"),
            &Context::new(),
            &policies,
        )
    };
    let allow = || vec![identity(&all("Allow", "kms:*"))];
    let root = Principal::root(A.parse().unwrap());
    let to_account = || Some(key_policy(&format!(r#"{{"AWS":"arn:aws:iam::{A}:root"}}"#)));
    let to_role = || Some(key_policy(&format!(r#"{{"AWS":"arn:aws:iam::{A}:role/R"}}"#)));
    assert!(decrypt(&user(), to_account(), allow()).is_allowed());
    assert_eq!(missing(&decrypt(&user(), to_account(), vec![])), [PolicyType::Identity]);
    assert_eq!(
        missing(&decrypt(&user(), to_role(), allow())),
        [PolicyType::Resource],
        "identity policies alone do not open a key"
    );
    assert!(decrypt(&session(), to_role(), vec![]).is_allowed());
    assert_eq!(missing(&decrypt(&user(), None, allow())), [PolicyType::Resource]);
    assert!(decrypt(&root, to_account(), vec![]).is_allowed());
    assert_eq!(missing(&decrypt(&root, to_role(), vec![])), [PolicyType::Resource], "not even root");
}

#[test]
fn not_principal_exempts_whom_it_names_in_full() {
    let allow = identity(&all("Allow", "*"));
    let deny = |listed: &str| {
        let statement = format!(
            r#"{{"Effect":"Deny","NotPrincipal":{{"AWS":[{listed}]}},"Action":"sqs:*","Resource":"*"}}"#
        );
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
    let policies = Policies {
        resource: Some(queue_policy("Allow", r#"{"AWS":"AROAEXAMPLEEXAMPLE12"}"#)),
        ..Policies::default()
    };
    let ask = |user_id: &str, principal: &Principal| {
        let mut context = Context::new();
        context.insert("aws:userid", user_id);
        ask_for(principal, "sqs:SendMessage", &format!("arn:aws:sqs:us-east-1:{A}:q"), &context, &policies)
            .is_allowed()
    };
    assert!(ask("AROAEXAMPLEEXAMPLE12:s", &session()));
    assert!(!ask("AROAOTHEROTHEROTHER1:s", &session()));
    assert!(!ask("AROAEXAMPLEEXAMPLE12:s", &federated()));
    assert!(!send(&session(), A, &policies).is_allowed(), "no aws:userid, no match");
}

#[test]
fn a_canonical_user_matches_only_that_user() {
    let id = "ab".repeat(32);
    let statement = format!(
        r#"{{"Effect":"Allow","Principal":{{"CanonicalUser":"{id}"}},"Action":"s3:*","Resource":"arn:aws:s3:::b/*"}}"#
    );
    let bucket = ResourcePolicy::new("b", policy(&statement, Kind::Resource(Flavour::S3)).document);
    let policies = Policies { resource: Some(bucket), ..Policies::default() };
    let (user, context) = (user(), Context::new());
    let ask = |canonical_user: Option<&str>| {
        let resource_account = Some(A.parse().unwrap());
        let request = Request {
            principal: &user,
            action: "s3:GetObject",
            resource: "arn:aws:s3:::b/k",
            resource_account,
            context: &context,
            canonical_user,
        };
        evaluate(&request, &policies).is_allowed()
    };
    assert!(ask(Some(&id)));
    assert!(!ask(Some(&"cd".repeat(32))));
    assert!(!ask(None));
}
