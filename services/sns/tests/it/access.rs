use crate::cloud::{Cloud, TOPIC, refusal};
use api_sns::{ListTopics, Publish, SetTopicAttributes, Subscribe};
use contract::{Caller, Principal};
use wire::ErrorResponse;

async fn publish(caller: &Caller) -> Result<(), ErrorResponse> {
    let publish = Publish { topic_arn: Some(TOPIC.into()), message: "m".into(), ..Default::default() };
    caller.call(publish).await.map(drop)
}

async fn policy(cloud: &Cloud, statement: &str) {
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{{{statement},"Resource":"{TOPIC}"}}]}}"#);
    let set = SetTopicAttributes {
        topic_arn: TOPIC.into(),
        attribute_name: "Policy".into(),
        attribute_value: Some(policy),
    };
    cloud.root.call(set).await.unwrap();
}

fn service(cloud: &Cloud, name: &str, account: &str) -> Caller {
    cloud.cloud.caller(Principal::service(name, account.parse().unwrap(), None))
}

#[tokio::test]
async fn denials_are_worded_as_aws_words_them() {
    let cloud = Cloud::start().await;
    let sentence = "User: arn:aws:iam::111122223333:user/nobody is not authorized to perform: SNS:Publish on resource: \
                    arn:aws:sns:us-east-1:111122223333:alarms because no identity-based policy allows the SNS:Publish action";
    let nobody = cloud.cloud.user("nobody", &[]);
    assert_eq!(
        refusal(publish(&nobody).await),
        ("AuthorizationError".into(), sentence.into()),
        "whether there is a topic is not told"
    );
    cloud.topic().await;
    assert_eq!(
        refusal(publish(&nobody).await),
        ("AuthorizationError".into(), sentence.into()),
        "a default policy lets in no user of the account"
    );
    let list = refusal(nobody.call(ListTopics { next_token: None }).await).1;
    assert!(
        list.contains("SNS:ListTopics on resource: arn:aws:sns:us-east-1:111122223333:* because"),
        "{list}"
    );
}

#[tokio::test]
async fn services_need_the_topic_s_policy() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let config = service(&cloud, "config.amazonaws.com", "111122223333");
    assert_eq!(refusal(publish(&config).await).0, "AuthorizationError");
    publish(&service(&cloud, "cloudwatch.amazonaws.com", "111122223333")).await.unwrap();
    assert!(
        publish(&service(&cloud, "cloudwatch.amazonaws.com", "444455556666")).await.is_err(),
        "SourceOwner is another"
    );
    policy(
        &cloud,
        r#""Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"sns:Publish","Condition":{"StringEquals":{"AWS:SourceAccount":"111122223333"}}"#,
    )
    .await;
    publish(&config).await.unwrap();
    assert!(
        publish(&service(&cloud, "config.amazonaws.com", "444455556666")).await.is_err(),
        "the confused deputy is stopped"
    );
    assert!(publish(&cloud.anonymous()).await.is_err());
}

#[tokio::test]
async fn another_account_needs_both_sides() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    assert_eq!(refusal(publish(&cloud.stranger()).await).0, "AuthorizationError");
    policy(
        &cloud,
        r#""Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":["sns:Publish","sns:Subscribe"]"#,
    )
    .await;
    publish(&cloud.stranger()).await.unwrap();
    let subscribe = Subscribe {
        topic_arn: TOPIC.into(),
        protocol: "email".into(),
        endpoint: Some("eve@example.com".into()),
        ..Default::default()
    };
    cloud.stranger().call(subscribe).await.unwrap();
    let listed = cloud
        .stranger()
        .call(api_sns::ListSubscriptions { next_token: None })
        .await
        .unwrap()
        .subscriptions
        .unwrap();
    assert_eq!(listed[0].owner.as_deref(), Some("444455556666"));
}

#[tokio::test]
async fn an_open_topic_takes_messages_from_anyone() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    policy(&cloud, r#""Effect":"Allow","Principal":"*","Action":"sns:Publish""#).await;
    publish(&cloud.anonymous()).await.unwrap();
    policy(&cloud, r#""Effect":"Deny","Principal":"*","Action":"sns:Publish""#).await;
    assert!(publish(&cloud.anonymous()).await.is_err());
    let allowed = cloud.cloud.user(
        "ann",
        &[r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:*","Resource":"*"}]}"#],
    );
    assert!(refusal(publish(&allowed).await).1.contains("with an explicit deny in a resource-based policy"));
}

#[tokio::test]
async fn who_may_subscribe_what_is_a_condition() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let limited = cloud.cloud.user(
        "ann",
        &[r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Subscribe","Resource":"*","Condition":{"StringEquals":{"sns:Protocol":"email"},"StringLike":{"sns:Endpoint":"*@example.com"}}}]}"#],
    );
    let subscribe = |protocol: &str, endpoint: &str| Subscribe {
        topic_arn: TOPIC.into(),
        protocol: protocol.into(),
        endpoint: Some(endpoint.into()),
        ..Default::default()
    };
    limited.call(subscribe("email", "ann@example.com")).await.unwrap();
    assert!(limited.call(subscribe("email", "ann@example.org")).await.is_err());
    assert!(limited.call(subscribe("http", "http://localhost/@example.com")).await.is_err());
}
