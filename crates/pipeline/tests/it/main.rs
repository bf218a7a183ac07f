//! The one path of a call: authorized in the transaction that it writes, recorded whatever becomes of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking, in their helpers too")]

use api_logs::{CreateLogGroup, DescribeLogGroups};
use contract::{Access, Call, Chain, Principal, Registration, Transact};
use pipeline::CallOutcome;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Tx, View};
use testkit::{REGION, TestCloud};

fn group(name: &str) -> CreateLogGroup {
    CreateLogGroup { log_group_name: name.into(), ..Default::default() }
}

fn policy(effect: &str, action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Action":"{action}","Resource":"*"}}]}}"#
    )
}

#[tokio::test]
async fn what_no_policy_allows_is_denied_changes_nothing_and_is_recorded() {
    let cloud = TestCloud::new(vec![logs::registration()]);
    let ann = cloud.user("ann", &[]);
    let error = ann.call(group("g")).await.unwrap_err();
    assert_eq!(error.code, "AccessDeniedException");
    assert_eq!(
        error.message,
        "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: logs:CreateLogGroup on resource: \
         arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream: because no identity-based policy allows the \
         logs:CreateLogGroup action"
    );
    let groups = cloud.root().call(DescribeLogGroups::default()).await.unwrap().log_groups.unwrap();
    assert!(groups.is_empty());
    let denied = cloud.records().into_iter().find(|record| record.operation == "CreateLogGroup").unwrap();
    assert!(matches!(&denied.outcome, CallOutcome::Denied(code, _) if code == "AccessDeniedException"));
    assert_eq!(denied.parameters.as_deref(), Some(r#"{"logGroupName":"g"}"#));
    assert_eq!(denied.caller.arn(), "arn:aws:iam::111122223333:user/ann");
}

#[tokio::test]
async fn an_explicit_deny_wins() {
    let cloud = TestCloud::new(vec![logs::registration()]);
    let ann = cloud.user("ann", &[&policy("Allow", "*"), &policy("Deny", "logs:Create*")]);
    ann.call(DescribeLogGroups::default()).await.unwrap();
    let error = ann.call(group("g")).await.unwrap_err();
    assert!(
        error.message.ends_with("with an explicit deny in an identity-based policy"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn calls_that_write_and_calls_that_read_are_recorded() {
    let cloud = TestCloud::new(vec![logs::registration()]);
    let root = cloud.root();
    root.call(group("g")).await.unwrap();
    root.call(group("g")).await.unwrap_err();
    root.call(DescribeLogGroups::default()).await.unwrap();
    let outcomes: Vec<(String, bool)> =
        cloud.records().into_iter().map(|it| (it.operation, it.outcome == CallOutcome::Allowed)).collect();
    assert_eq!(outcomes.iter().filter(|(name, allowed)| name == "CreateLogGroup" && *allowed).count(), 1);
    assert_eq!(outcomes.iter().filter(|(name, allowed)| name == "CreateLogGroup" && !*allowed).count(), 1);
    assert!(outcomes.contains(&("DescribeLogGroups".into(), true)));
}

#[tokio::test]
async fn service_principals_and_strangers_are_allowed_nothing_without_a_resource_policy() {
    let cloud = TestCloud::new(vec![logs::registration()]);
    let account = cloud.scope().account;
    for principal in [Principal::service("config.amazonaws.com", account, None), Principal::Anonymous] {
        let error = cloud.caller(principal.clone()).call(group("g")).await.unwrap_err();
        assert_eq!(error.code, "AccessDeniedException", "{principal:?}");
    }
}

#[tokio::test]
async fn loops_of_services_end() {
    let cloud = TestCloud::new(vec![logs::registration()]);
    let mut chain = Chain::default();
    for _ in 0..=Chain::MAX_DEPTH {
        chain = chain.through("sns.amazonaws.com");
    }
    let root = Principal::Root(cloud.scope().account);
    let caller = cloud.context().caller(root, cloud.scope(), chain);
    let error = caller.call(DescribeLogGroups::default()).await.unwrap_err();
    assert_eq!(error.code, "RecursiveInvocationException");
}

#[tokio::test]
async fn input_from_inside_is_checked_like_input_from_outside() {
    let cloud = TestCloud::new(vec![logs::registration()]);
    let error = cloud.root().call(group("not a name!")).await.unwrap_err();
    assert!(error.message.contains("logGroupName"), "{error}");
}

#[tokio::test]
async fn what_is_not_registered_is_not_implemented() {
    let cloud = TestCloud::new(vec![]);
    let error = cloud.root().call(group("g")).await.unwrap_err();
    assert_eq!((error.status, error.code.as_str()), (501, "NotImplemented"));
    assert!(error.message.contains("logs:CreateLogGroup"));
}

/// Says nothing of what it needs.
struct Silent;

impl Transact<CreateLogGroup> for Silent {
    fn access(_: &CreateLogGroup, _: &Call, _: &View) -> Access {
        Access::default()
    }
    fn run(
        _: CreateLogGroup,
        _: &Call,
        _: &mut Tx,
    ) -> Result<api_logs::CreateLogGroupOutput, api_logs::Error> {
        unreachable!("nothing authorized it")
    }
}

#[tokio::test]
async fn an_operation_that_says_nothing_of_its_permission_is_denied_to_root_too() {
    let registration = Registration::new(&api_logs::SERVICE).transact::<Silent, CreateLogGroup>();
    let cloud = TestCloud::new(vec![registration]);
    assert_eq!(cloud.root().call(group("g")).await.unwrap_err().status, 403);
}

/// Says what it does, and to nothing.
struct Aimless;

impl Transact<CreateLogGroup> for Aimless {
    fn access(_: &CreateLogGroup, _: &Call, _: &View) -> Access {
        let mut access = Access::to("logs:CreateLogGroup");
        access.checks.iter_mut().for_each(|check| check.resources.clear());
        access
    }
    fn run(
        _: CreateLogGroup,
        _: &Call,
        _: &mut Tx,
    ) -> Result<api_logs::CreateLogGroupOutput, api_logs::Error> {
        unreachable!("nothing authorized it")
    }
}

#[tokio::test]
async fn an_action_on_no_resource_is_denied() {
    let registration = Registration::new(&api_logs::SERVICE).transact::<Aimless, CreateLogGroup>();
    let cloud = TestCloud::new(vec![registration]);
    assert_eq!(cloud.user("ann", &[]).call(group("g")).await.unwrap_err().status, 403);
    assert_eq!(cloud.root().call(group("g")).await.unwrap_err().status, 403);
}

static SEEDED: AtomicUsize = AtomicUsize::new(0);

#[tokio::test]
async fn an_account_and_a_region_are_seeded_once_each() {
    let registration = logs::registration().seed(|_, _, _| {
        SEEDED.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    let cloud = TestCloud::new(vec![registration]);
    for _ in 0..3 {
        cloud.root().call(DescribeLogGroups::default()).await.unwrap();
    }
    assert_eq!(SEEDED.load(Ordering::Relaxed), 2, "the account, and {REGION}");
    cloud.root().in_region("eu-west-1".parse().unwrap()).call(DescribeLogGroups::default()).await.unwrap();
    assert_eq!(SEEDED.load(Ordering::Relaxed), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_make_the_same_thing_at_once_one_does() {
    let cloud = std::sync::Arc::new(TestCloud::new(vec![logs::registration()]));
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let root = cloud.root();
            tokio::spawn(async move { root.call(group("same")).await.is_ok() })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap());
    }
    assert_eq!(made, 1);
}

/// Draws a secret before anything else.
struct Drawing;

impl Transact<CreateLogGroup> for Drawing {
    fn access(_: &CreateLogGroup, _: &Call, _: &View) -> Access {
        Access::unconditional()
    }
    fn run(
        _: CreateLogGroup,
        call: &Call,
        _: &mut Tx,
    ) -> Result<api_logs::CreateLogGroupOutput, api_logs::Error> {
        let secret = call.entropy.uuid();
        assert_ne!(
            secret,
            call.id.to_string(),
            "the public request id is the beginning of the call's secrets"
        );
        Ok(api_logs::CreateLogGroupOutput {})
    }
}

#[tokio::test]
async fn the_request_id_tells_nothing_of_a_call_s_secrets() {
    let registration = Registration::new(&api_logs::SERVICE).transact::<Drawing, CreateLogGroup>();
    let cloud = TestCloud::new(vec![registration]);
    cloud.root().call(group("g")).await.unwrap();
}

/// A principal acts in its own account, wherever the caller was that assumed its role.
#[tokio::test]
async fn a_call_acts_in_its_principals_account() {
    let cloud = TestCloud::new(vec![logs::registration()]);
    let elsewhere = cloud.scope().account;
    let stranger = "999988887777".parse().unwrap();
    let scope = names::Scope::new(elsewhere, REGION);
    let caller = cloud.context().caller(Principal::Root(stranger), scope, Chain::default());
    caller.call(group("g")).await.unwrap();
    let groups = cloud.root().call(DescribeLogGroups::default()).await.unwrap().log_groups.unwrap();
    assert!(groups.is_empty(), "the root of {stranger} made a group in {elsewhere}");
}

/// Denied calls must not fill a disk with their inputs.
#[tokio::test]
async fn a_record_leaves_an_input_out_that_is_too_long() {
    let cloud = TestCloud::new(vec![logs::registration()]);
    let event = api_logs::InputLogEvent { timestamp: 1, message: "x".repeat(200_000) };
    let put = api_logs::PutLogEvents {
        log_group_name: "g".into(),
        log_stream_name: "s".into(),
        log_events: vec![event],
        ..Default::default()
    };
    cloud.user("ann", &[]).call(put).await.unwrap_err();
    let denied = cloud.records().into_iter().find(|record| record.operation == "PutLogEvents").unwrap();
    assert!(matches!(denied.outcome, CallOutcome::Denied(..)));
    assert_eq!(denied.parameters, None);
}
