//! Within an account, across accounts, limits.

mod consent;
mod statements;

use super::evaluate;
use crate::{
    Attached, Authority, Context, Decision, Flavour, Kind, Outcome, Policies, PolicyType, Principal, Request,
    ResourcePolicy, parse,
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
    let statement =
        format!(r#"{{"Effect":"{effect}","Principal":{principal},"Action":"sqs:*","Resource":"*"}}"#);
    ResourcePolicy::new("q", policy(&statement, Kind::Resource(Flavour::Sqs)).document)
}

fn key_policy(principal: &str) -> ResourcePolicy {
    let statement =
        format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"kms:*","Resource":"*"}}"#);
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

fn ask_for(
    principal: &Principal,
    action: &str,
    resource: &str,
    context: &Context,
    policies: &Policies,
) -> Decision {
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
    assert_eq!(
        missing(&send(&federated(), A, &Policies::default())),
        [PolicyType::Identity, PolicyType::Session]
    );
}

#[test]
fn an_identity_policy_allows_and_any_deny_denies() {
    let allow = identity(&all("Allow", "sqs:*"));
    let deny = identity(&all("Deny", "sqs:Send*"));
    let with = |policies: Policies| send(&user(), A, &policies);
    let allowed = with(Policies { identity: vec![allow.clone()], ..Policies::default() });
    assert!(allowed.is_allowed());
    assert_eq!(allowed.deciding[0].policy_type, PolicyType::Identity);
    assert!(
        with(Policies {
            identity: vec![identity(&all("Allow", "s3:*")), allow.clone()],
            ..Policies::default()
        })
        .is_allowed()
    );
    let cases = [
        (
            Policies { identity: vec![allow.clone(), deny.clone()], ..Policies::default() },
            PolicyType::Identity,
        ),
        (
            Policies { identity: vec![deny.clone(), allow.clone()], ..Policies::default() },
            PolicyType::Identity,
        ),
        (
            Policies { identity: vec![allow.clone()], boundary: Some(deny.clone()), ..Policies::default() },
            PolicyType::Boundary,
        ),
        (
            Policies {
                identity: vec![allow.clone()],
                session: Some(vec![allow.clone(), deny.clone()]),
                ..Policies::default()
            },
            PolicyType::Session,
        ),
        (
            Policies {
                identity: vec![allow.clone()],
                resource: Some(queue_policy("Deny", r#""*""#)),
                ..Policies::default()
            },
            PolicyType::Resource,
        ),
        (
            Policies {
                identity: vec![allow.clone()],
                service_control: Some(vec![vec![allow.clone(), deny.clone()]]),
                ..Policies::default()
            },
            PolicyType::ServiceControl,
        ),
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
        (
            Policies {
                service_control: Some(vec![vec![allow.clone()], vec![other.clone()]]),
                ..base.clone()
            },
            PolicyType::ServiceControl,
        ),
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
    let policies =
        Policies { boundary: Some(allow.clone()), session: Some(vec![allow]), ..Policies::default() };
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
    assert_eq!(
        missing(&send(&user(), A, &policies)),
        [PolicyType::Identity],
        "the account is delegated to, not granted"
    );
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
    for named in
        [format!("arn:aws:iam::{A}:role/S"), format!("arn:aws:sts::{A}:assumed-role/R/t"), B.to_owned()]
    {
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
        let request = Request {
            principal: &user,
            action: "x:y",
            resource,
            resource_account,
            context: &context,
            canonical_user: None,
        };
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
    let limited = Policies {
        service_control: Some(vec![vec![identity(&all("Allow", "s3:*"))]]),
        ..Policies::default()
    };
    assert_eq!(missing(&send(&root, A, &limited)), [PolicyType::ServiceControl]);
    assert_eq!(missing(&send(&root, B, &Policies::default())), [PolicyType::Resource]);
    let invited = Policies {
        resource: Some(queue_policy("Allow", &format!(r#"{{"AWS":"{A}"}}"#))),
        ..Policies::default()
    };
    assert!(send(&root, B, &invited).is_allowed());
}
