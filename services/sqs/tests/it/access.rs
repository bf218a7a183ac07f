//! Who may do what: identity policies, queue policies, other accounts, services, nobody.

use crate::cloud::{Cloud, OTHER, map, refusal};
use api_sqs::{
    AddPermission, DeleteQueue, GetQueueAttributes, ReceiveMessage, RemovePermission, SendMessage,
    SetQueueAttributes,
};
use contract::{Caller, Principal};
use wire::ErrorResponse;

const URL: &str = "http://127.0.0.1:4566/111122223333/q";
const ARN: &str = "arn:aws:sqs:us-east-1:111122223333:q";

async fn send(caller: &Caller) -> Result<(), ErrorResponse> {
    let send = SendMessage { queue_url: URL.into(), message_body: "m".into(), ..Default::default() };
    caller.call(send).await.map(drop)
}

async fn put_policy(cloud: &Cloud, statement: &str) {
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    let set = SetQueueAttributes { queue_url: URL.into(), attributes: map(&[("Policy", &policy)]) };
    cloud.root.call(set).await.unwrap();
}

#[tokio::test]
async fn users_need_a_policy_and_learn_nothing_without_it() {
    let cloud = Cloud::start();
    let ann = cloud.cloud.user("ann", &[]);
    let gone = refusal(send(&ann).await);
    cloud.queue("q", &[]).await;
    let there = refusal(send(&ann).await);
    assert_eq!(gone, there);
    assert_eq!(
        there,
        (
            "AccessDenied".into(),
            "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:us-east-1:111122223333:q because no identity-based policy allows the sqs:sendmessage action".into()
        )
    );
    let allow = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"{ARN}"}}}}"#
    );
    let bob = cloud.cloud.user("bob", &[&allow]);
    send(&bob).await.unwrap();
    let receive = ReceiveMessage { queue_url: URL.into(), ..Default::default() };
    assert_eq!(refusal(bob.call(receive).await).0, "AccessDenied");
    put_policy(
        &cloud,
        &format!(r#"{{"Effect":"Deny","Principal":"*","Action":"SQS:SendMessage","Resource":"{ARN}"}}"#),
    )
    .await;
    assert!(refusal(send(&bob).await).1.contains("with an explicit deny in a resource-based policy"));
}

#[tokio::test]
async fn another_account_sends_by_permission_and_never_deletes() {
    let cloud = Cloud::start();
    let stranger = cloud.stranger();
    assert_eq!(refusal(send(&stranger).await).0, "AccessDenied", "not whether it exists");
    cloud.queue("q", &[]).await;
    assert_eq!(refusal(send(&stranger).await).0, "AccessDenied");
    let add = |label: &str, action: &str| AddPermission {
        queue_url: URL.into(),
        label: label.into(),
        aws_account_ids: vec![OTHER.into()],
        actions: vec![action.into()],
    };
    cloud.root.call(add("them", "SendMessage")).await.unwrap();
    send(&stranger).await.unwrap();
    let (_, why) = refusal(cloud.root.call(add("them", "*")).await);
    assert_eq!(why, "Value them for parameter Label is invalid. Reason: Already exists.");
    cloud.root.call(add("x", "DeleteQueue")).await.unwrap_err();
    let get = GetQueueAttributes { queue_url: URL.into(), attribute_names: Some(vec!["All".into()]) };
    assert_eq!(refusal(stranger.call(get.clone()).await).0, "AccessDenied");
    cloud.root.call(add("all", "*")).await.unwrap();
    stranger.call(get).await.unwrap();
    let delete = DeleteQueue { queue_url: URL.into() };
    assert_eq!(refusal(stranger.call(delete).await).0, "AccessDenied", "no policy gives that away");
    for label in ["all", "them"] {
        cloud.root.call(RemovePermission { queue_url: URL.into(), label: label.into() }).await.unwrap();
    }
    assert_eq!(refusal(send(&stranger).await).0, "AccessDenied");
    assert!(!cloud.attributes(URL).await.contains_key("Policy"));
    let (_, why) =
        refusal(cloud.root.call(RemovePermission { queue_url: URL.into(), label: "all".into() }).await);
    assert_eq!(why, "Value all for parameter Label is invalid. Reason: can't find label on existing policy.");
}

#[tokio::test]
async fn services_send_for_the_resources_that_the_policy_names() {
    let cloud = Cloud::start();
    cloud.queue("q", &[]).await;
    let topic = |name: &str| {
        let arn = format!("arn:aws:sns:us-east-1:111122223333:{name}").parse().unwrap();
        let account = "111122223333".parse().unwrap();
        cloud.cloud.caller(Principal::service("sns.amazonaws.com", account, Some(arn)))
    };
    assert_eq!(refusal(send(&topic("alarms")).await).0, "AccessDenied");
    put_policy(
        &cloud,
        &format!(
            r#"{{"Effect":"Allow","Principal":{{"Service":"sns.amazonaws.com"}},"Action":"sqs:SendMessage","Resource":"{ARN}","Condition":{{"ArnEquals":{{"aws:SourceArn":"arn:aws:sns:us-east-1:111122223333:alarms"}}}}}}"#
        ),
    )
    .await;
    send(&topic("alarms")).await.unwrap();
    assert_eq!(refusal(send(&topic("others")).await).0, "AccessDenied");
}

#[tokio::test]
async fn nobody_sends_unless_everybody_may() {
    let cloud = Cloud::start();
    cloud.queue("q", &[]).await;
    let nobody = cloud.cloud.caller(Principal::Anonymous);
    assert_eq!(refusal(send(&nobody).await).0, "AccessDenied");
    put_policy(
        &cloud,
        &format!(r#"{{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"{ARN}"}}"#),
    )
    .await;
    send(&nobody).await.unwrap();
}

#[tokio::test]
async fn a_queue_s_tags_are_condition_keys() {
    let cloud = Cloud::start();
    let create =
        api_sqs::CreateQueue { queue_name: "q".into(), attributes: None, tags: Some(map(&[("team", "a")])) };
    cloud.root.call(create).await.unwrap();
    let policy = |team: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"sqs:*","Resource":"*","Condition":{{"StringEquals":{{"aws:ResourceTag/team":"{team}"}}}}}}}}"#
        )
    };
    send(&cloud.cloud.user("ann", &[&policy("a")])).await.unwrap();
    assert_eq!(refusal(send(&cloud.cloud.user("bob", &[&policy("b")])).await).0, "AccessDenied");
}

#[tokio::test]
async fn records_show_no_message() {
    let cloud = Cloud::start();
    let url = cloud.queue("q", &[]).await;
    let nobody = cloud.cloud.user("nobody", &[]);
    let attribute = api_sqs::MessageAttributeValue {
        data_type: "String".into(),
        string_value: Some("hush".into()),
        ..Default::default()
    };
    let attributes = || Some(std::collections::BTreeMap::from([("a".to_owned(), attribute.clone())]));
    let send = api_sqs::SendMessage {
        queue_url: url.clone(),
        message_body: "hush".into(),
        message_attributes: attributes(),
        ..Default::default()
    };
    assert!(nobody.call(send).await.is_err());
    let entry = api_sqs::SendMessageBatchRequestEntry {
        id: "1".into(),
        message_body: "hush".into(),
        message_attributes: attributes(),
        ..Default::default()
    };
    let batch = api_sqs::SendMessageBatch { queue_url: url, entries: vec![entry] };
    assert!(nobody.call(batch).await.is_err());
    let records: Vec<String> =
        cloud.cloud.records().into_iter().filter_map(|record| record.parameters).collect();
    assert_eq!(records.iter().filter(|record| record.contains("HIDDEN_DUE_TO_SECURITY_REASONS")).count(), 2);
    assert!(records.iter().all(|record| !record.contains("hush")), "{records:?}");
}
