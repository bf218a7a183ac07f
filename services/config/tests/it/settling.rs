//! What is judged again after an evaluation, and what is not.

use crate::cloud::{Cloud, FUNCTION, answered, group_rule, ports, put_group, report};
use crate::resources::put_group_by;
use api_config::ComplianceType as Compliance;

/// The session in which the rule's function runs.
fn function_session() -> String {
    let name = FUNCTION.rsplit(':').next().unwrap();
    format!("arn:aws:sts::{}:assumed-role/remediation/{name}", testkit::ACCOUNT)
}

/// A cloud whose rule closes groups to port 80: as the function's session, and (once) beside what `meanwhile` does.
async fn closing(verdict: Compliance, meanwhile: Option<u16>) -> Cloud {
    let cloud = Cloud::new();
    cloud.put_group("sg-1", &[22]);
    let scope = cloud.test.scope();
    let session = function_session();
    let left = std::sync::Arc::new(std::sync::Mutex::new(meanwhile));
    cloud.peers.function(move |event, context| {
        let (session, left) = (session.clone(), std::sync::Arc::clone(&left));
        async move {
            put_group_by(&context, scope, &event.resource_id(), &[80], Some(&session));
            report(&context, &event, verdict).await.unwrap();
            if let Some(port) = left.lock().unwrap().take() {
                put_group(&context, scope, &event.resource_id(), &[80, port]);
            }
            answered()
        }
    });
    cloud
}

async fn judged(cloud: &Cloud) {
    cloud.record_groups().await;
    cloud.quiet().await;
    cloud.put_rule(group_rule("groups")).await.unwrap();
    cloud.quiet().await;
}

#[tokio::test]
async fn a_rule_that_is_content_with_what_its_function_did_is_not_asked_again() {
    let cloud = closing(Compliance::Compliant, None).await;
    let _work = cloud.test.start_work();
    judged(&cloud).await;
    assert_eq!(cloud.peers.event_count(), 1);
    assert_eq!(cloud.history(crate::cloud::GROUP, "sg-1").await.len(), 2, "and yet the repair is recorded");
    assert_eq!(cloud.results("groups").await, [("sg-1".to_owned(), Compliance::Compliant)]);
}

#[tokio::test]
async fn a_rule_that_is_not_content_is_asked_again() {
    let cloud = closing(Compliance::NonCompliant, None).await;
    let _work = cloud.test.start_work();
    judged(&cloud).await;
    assert_eq!(cloud.peers.event_count(), 2);
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_judged() {
    let cloud = closing(Compliance::Compliant, Some(3389)).await;
    let _work = cloud.test.start_work();
    judged(&cloud).await;
    assert_eq!(cloud.peers.event_count(), 2, "an incident during an evaluation must not slip through");
    assert_eq!(ports(cloud.context(), cloud.test.scope(), "sg-1"), [80]);
}
