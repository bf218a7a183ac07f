use crate::cloud::{Cloud, OTHER, RULE, entry, refusal, sent, to};
use crate::peers::QUEUE;
use api_events::{ListRules, PutEventsRequestEntry, PutRule, PutTargets, Target};
use contract::{Caller, Principal};

const DEFAULT: &str = "arn:aws:events:us-east-1:111122223333:event-bus/default";

fn service(cloud: &Cloud, name: &str, account: &str) -> Caller {
    cloud.cloud.caller(Principal::service(name, account.parse().unwrap(), None))
}

fn from(source: &str) -> PutEventsRequestEntry {
    PutEventsRequestEntry { source: Some(source.into()), ..entry("{}") }
}

fn allow(statement: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{statement}}}]}}"#)
}

fn rule(pattern: &str) -> PutRule {
    PutRule { name: "rule".into(), event_pattern: Some(pattern.into()), ..Default::default() }
}

#[tokio::test]
async fn denials_are_worded_as_aws_words_them() {
    let cloud = Cloud::start().await;
    let nobody = cloud.cloud.user("nobody", &[]);
    let user = "User: arn:aws:iam::111122223333:user/nobody is not authorized to perform:";
    let because = |action: &str| format!("because no identity-based policy allows the {action} action");
    let put = sent(&nobody, entry("{}")).await.unwrap_err();
    let expected = format!("{user} events:PutEvents on resource: {DEFAULT} {}", because("events:PutEvents"));
    assert_eq!(put, ("AccessDeniedException".into(), expected));
    let rule = refusal(nobody.call(rule(r#"{"source":["x"]}"#)).await).1;
    assert_eq!(rule, format!("{user} events:PutRule on resource: {RULE} {}", because("events:PutRule")));
    assert_eq!(refusal(nobody.call(ListRules::default()).await).0, "AccessDeniedException");
}

#[tokio::test]
async fn only_services_send_what_begins_with_aws() {
    let cloud = Cloud::start().await;
    let admin = cloud.cloud.user("admin", &[&allow(r#""Action":"*","Resource":"*""#)]);
    let role = cloud.cloud.role("admin", &[&allow(r#""Action":"*","Resource":"*""#)]);
    for caller in [&cloud.root, &admin, &role] {
        for source in ["aws.config", "aws.", "aws.anything"] {
            let refused = sent(caller, from(source)).await.unwrap_err();
            assert_eq!(refused.0, "NotAuthorizedForSourceException", "{source}");
        }
        sent(caller, from("awsome.app")).await.unwrap();
    }
    sent(&service(&cloud, "config.amazonaws.com", testkit::ACCOUNT), from("aws.config")).await.unwrap();
}

#[tokio::test]
async fn services_send_only_aws_s_events_of_the_account_to_its_default_bus() {
    let cloud = Cloud::start().await;
    cloud.bus("orders").await;
    let config = service(&cloud, "config.amazonaws.com", testkit::ACCOUNT);
    let denied = async |caller: &Caller, entry: PutEventsRequestEntry| {
        assert_eq!(sent(caller, entry).await.unwrap_err().0, "AccessDeniedException");
    };
    denied(&config, from("my.app")).await;
    denied(&service(&cloud, "config.amazonaws.com", OTHER), from("aws.config")).await;
    denied(&service(&cloud, "stranger.amazonaws.com", testkit::ACCOUNT), from("aws.config")).await;
    denied(&config, PutEventsRequestEntry { event_bus_name: Some("orders".into()), ..from("aws.config") })
        .await;
    sent(&config, from("aws.config")).await.unwrap();
    // The bus's own policy goes on top, and may deny.
    cloud
        .policy(
            "default",
            &format!(
                r#"{{"Effect":"Deny","Principal":{{"Service":"config.amazonaws.com"}},"Action":"events:PutEvents","Resource":"{DEFAULT}"}}"#
            ),
        )
        .await;
    denied(&config, from("aws.config")).await;
}

#[tokio::test]
async fn another_account_needs_both_sides() {
    let cloud = Cloud::start().await;
    let there = PutEventsRequestEntry { event_bus_name: Some(DEFAULT.into()), ..entry("{}") };
    assert_eq!(sent(&cloud.stranger(), there.clone()).await.unwrap_err().0, "AccessDeniedException");
    cloud
        .policy(
            "default",
            &format!(
                r#"{{"Effect":"Allow","Principal":{{"AWS":"{OTHER}"}},"Action":"events:PutEvents","Resource":"{DEFAULT}","Condition":{{"StringEquals":{{"events:source":"my.app","events:detail-type":"order"}}}}}}"#
            ),
        )
        .await;
    cloud.rule(r#"{"account":["444455556666"]}"#).await;
    cloud.target(to(QUEUE)).await.unwrap();
    sent(&cloud.stranger(), there.clone()).await.unwrap();
    assert_eq!(cloud.arrived().await.len(), 1);
    let other_source = PutEventsRequestEntry { source: Some("other".into()), ..there.clone() };
    assert_eq!(sent(&cloud.stranger(), other_source).await.unwrap_err().0, "AccessDeniedException");
    let other_type = PutEventsRequestEntry { detail_type: Some("other".into()), ..there };
    assert_eq!(sent(&cloud.stranger(), other_type).await.unwrap_err().0, "AccessDeniedException");
}

#[tokio::test]
async fn conditions_hold_of_each_entry() {
    let cloud = Cloud::start().await;
    let limited = cloud.cloud.user(
        "ann",
        &[&allow(
            r#""Action":"events:PutEvents","Resource":"*","Condition":{"StringEquals":{"events:source":"my.app"}}"#,
        )],
    );
    let put = |sources: &[&str]| {
        let entries = sources.iter().map(|source| from(source)).collect();
        limited.call(api_events::PutEvents { entries, endpoint_id: None })
    };
    put(&["my.app", "my.app"]).await.unwrap();
    assert_eq!(refusal(put(&["my.app", "other"]).await).0, "AccessDeniedException");
    assert_eq!(refusal(put(&["other", "my.app"]).await).0, "AccessDeniedException");
}

#[tokio::test]
async fn what_a_rule_may_watch_and_reach_is_a_condition() {
    let cloud = Cloud::start().await;
    let watcher = cloud.cloud.user(
        "watcher",
        &[
            &allow(
                r#""Action":"events:PutRule","Resource":"*","Condition":{"ForAllValues:StringEquals":{"events:source":["my.app"]},"Null":{"events:source":"false"}}"#,
            ),
            &allow(
                r#""Action":"events:PutTargets","Resource":"*","Condition":{"ForAllValues:StringEquals":{"events:TargetArn":["arn:aws:sqs:us-east-1:111122223333:work"]}}"#,
            ),
        ],
    );
    watcher.call(rule(r#"{"source":["my.app"]}"#)).await.unwrap();
    assert!(watcher.call(rule(r#"{"source":["my.app","other"]}"#)).await.is_err());
    assert!(watcher.call(rule(r#"{"detail-type":["t"]}"#)).await.is_err());
    let put = |arn: &str| PutTargets { rule: "rule".into(), event_bus_name: None, targets: vec![to(arn)] };
    watcher.call(put(QUEUE)).await.unwrap();
    assert!(watcher.call(put("arn:aws:sqs:us-east-1:111122223333:other")).await.is_err());
}

#[tokio::test]
async fn roles_must_be_passed() {
    let cloud = Cloud::start().await;
    let user = cloud.cloud.user("ann", &[&allow(r#""Action":"events:*","Resource":"*""#)]);
    let role = Some("arn:aws:iam::111122223333:role/r".to_owned());
    user.call(rule(r#"{"source":["x"]}"#)).await.unwrap();
    let (_, message) =
        refusal(user.call(PutRule { role_arn: role.clone(), ..rule(r#"{"source":["x"]}"#) }).await);
    assert!(message.contains("iam:PassRole on resource: arn:aws:iam::111122223333:role/r"), "{message}");
    let targets = vec![Target { role_arn: role, ..to(QUEUE) }];
    let put = PutTargets { rule: "rule".into(), event_bus_name: None, targets };
    assert!(refusal(user.call(put.clone()).await).1.contains("iam:PassRole"));
    let passer = cloud.cloud.user(
        "passer",
        &[
            &allow(r#""Action":"events:*","Resource":"*""#),
            &allow(
                r#""Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"events.amazonaws.com"}}"#,
            ),
        ],
    );
    passer.call(put).await.unwrap();
}
