use super::*;
use api_logs::{DeleteResourcePolicy, DescribeResourcePolicies, PolicyScope, PutResourcePolicy};
use contract::Principal;

const GROUP_ARN: &str = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/fn";
const RULE: &str = "arn:aws:events:us-east-1:111122223333:rule/all";

fn policy(service: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"{service}"}},"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"{GROUP_ARN}:*","Condition":{{"ArnEquals":{{"aws:SourceArn":"{RULE}"}}}}}}]}}"#
    )
}

fn named(name: &str, document: &str) -> PutResourcePolicy {
    PutResourcePolicy {
        policy_name: Some(name.into()),
        policy_document: Some(document.into()),
        ..Default::default()
    }
}

/// The service, acting for a rule.
fn events(cloud: &TestCloud, rule: &str) -> Caller {
    let account = testkit::ACCOUNT.parse().unwrap();
    cloud.caller(Principal::service("events.amazonaws.com", account, Some(rule.parse().unwrap())))
}

#[tokio::test]
async fn a_service_writes_where_a_policy_lets_it() {
    let (cloud, root) = cloud_with(&[]).await;
    let service = events(&cloud, RULE);
    let create = |name: &str| CreateLogStream { log_group_name: GROUP.into(), log_stream_name: name.into() };
    let write = || batch("s", [(testkit::START.millis(), "event")]);
    assert_eq!(said(service.call(create("s")).await).0, "AccessDeniedException");
    root.call(named("events", &policy("events.amazonaws.com"))).await.unwrap();
    service.call(create("s")).await.unwrap();
    service.call(write()).await.unwrap();
    let other = events(&cloud, "arn:aws:events:us-east-1:111122223333:rule/another");
    assert_eq!(said(other.call(write()).await).0, "AccessDeniedException");
    let elsewhere = CreateLogStream { log_group_name: "/other".into(), log_stream_name: "s".into() };
    assert_eq!(said(service.call(elsewhere).await).0, "AccessDeniedException");
    // A second policy is added to the first, and a denial decides.
    let deny = policy("events.amazonaws.com").replace("\"Allow\"", "\"Deny\"");
    root.call(named("deny", &deny)).await.unwrap();
    assert_eq!(said(service.call(write()).await).0, "AccessDeniedException");
    let delete = |name: &str| DeleteResourcePolicy { policy_name: Some(name.into()), ..Default::default() };
    root.call(delete("deny")).await.unwrap();
    service.call(write()).await.unwrap();
    root.call(delete("events")).await.unwrap();
    assert_eq!(said(service.call(write()).await).0, "AccessDeniedException");
    refused(
        root.call(delete("events")).await,
        "ResourceNotFoundException",
        "Policy with name [events] does not exist.",
    );
}

#[tokio::test]
async fn a_group_has_a_policy_of_its_own() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let put = |expected: Option<String>| PutResourcePolicy {
        resource_arn: Some(GROUP_ARN.into()),
        policy_document: Some(policy("events.amazonaws.com")),
        expected_revision_id: expected,
        ..Default::default()
    };
    let revision = root.call(put(None)).await.unwrap().revision_id;
    events(&cloud, RULE).call(batch("s", [(testkit::START.millis(), "event")])).await.unwrap();
    assert_eq!(said(root.call(put(Some("wrong".into()))).await).0, "OperationAbortedException");
    let next = root.call(put(revision.clone())).await.unwrap().revision_id;
    assert_ne!(next, revision);
    let list =
        |policy_scope| DescribeResourcePolicies { policy_scope: Some(policy_scope), ..Default::default() };
    let of_groups = root.call(list(PolicyScope::Resource)).await.unwrap().resource_policies.unwrap();
    assert_eq!(of_groups.len(), 1);
    assert_eq!(of_groups[0].resource_arn.as_deref(), Some(GROUP_ARN));
    assert_eq!(of_groups[0].revision_id, next);
    let of_account = root.call(list(PolicyScope::Account)).await.unwrap().resource_policies.unwrap();
    assert!(of_account.is_empty());
    root.call(api_logs::DeleteLogGroup { log_group_name: GROUP.into() }).await.unwrap();
    assert!(root.call(list(PolicyScope::Resource)).await.unwrap().resource_policies.unwrap().is_empty());
}

#[tokio::test]
async fn policies_are_limited_listed_by_page_and_checked() {
    let (_cloud, root) = cloud_with(&[]).await;
    for number in 0..10 {
        root.call(named(&format!("p{number}"), &policy("events.amazonaws.com"))).await.unwrap();
    }
    let over = root.call(named("one-more", &policy("events.amazonaws.com"))).await;
    refused(over, "LimitExceededException", "Resource limit exceeded.");
    root.call(named("p0", &policy("delivery.logs.amazonaws.com"))).await.unwrap();
    let first = DescribeResourcePolicies { limit: Some(4), ..Default::default() };
    let page = root.call(first).await.unwrap();
    let names = |policies: &[api_logs::ResourcePolicy]| {
        policies.iter().map(|policy| policy.policy_name.clone().unwrap()).collect::<Vec<_>>().join(" ")
    };
    let found = page.resource_policies.unwrap();
    assert_eq!(names(&found), "p0 p1 p2 p3");
    assert!(found[0].policy_document.as_deref().unwrap().contains("delivery.logs"));
    let rest = DescribeResourcePolicies { next_token: page.next_token, ..Default::default() };
    let rest = root.call(rest).await.unwrap();
    assert_eq!(
        (names(&rest.resource_policies.unwrap()).as_str(), rest.next_token),
        ("p4 p5 p6 p7 p8 p9", None)
    );
    for wrong in [
        named("x", "{"),
        named("x", r#"{"Version":"2012-10-17","Statement":[]}"#),
        PutResourcePolicy { policy_document: None, ..named("x", "") },
        PutResourcePolicy { policy_name: None, ..named("x", &policy("a.amazonaws.com")) },
        PutResourcePolicy { resource_arn: Some(GROUP_ARN.into()), ..named("x", &policy("a.amazonaws.com")) },
    ] {
        assert_eq!(said(root.call(wrong).await).0, "InvalidParameterException");
    }
}
