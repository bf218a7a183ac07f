use crate::cloud::{Cloud, TOPIC, refusal};
use api_sns::{
    DeleteTopic, GetSubscriptionAttributes, GetTopicAttributes, ListSubscriptions, ListSubscriptionsByTopic,
    SetSubscriptionAttributes, Unsubscribe,
};

#[tokio::test]
async fn what_cannot_be_delivered_to_is_refused() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    for (protocol, endpoint, sentence) in [
        ("email", "ann", "Email address"),
        ("pigeon", "coop", "Amazon SNS does not support this protocol string: pigeon"),
        ("sqs", "arn:aws:sns:us-east-1:111122223333:q", "SQS endpoint ARN"),
        ("sms", "+15550100", "Protocol Reason: delivery by SMS is not built in Cloudchamber."),
        (
            "https",
            "https://example.com",
            "Protocol Reason: delivery over https (use http to a loopback address) is not built in Cloudchamber.",
        ),
        ("lambda", "f", "Lambda endpoint ARN"),
        (
            "http",
            "http://169.254.169.254/",
            "Endpoint Reason: Cloudchamber delivers over http only to loopback addresses (127.0.0.1, [::1], localhost).",
        ),
    ] {
        let refused = refusal(cloud.subscribe(protocol, endpoint, &[]).await);
        assert_eq!(
            refused,
            ("InvalidParameter".into(), format!("Invalid parameter: {sentence}")),
            "{protocol}"
        );
    }
    for (name, value, sentence) in [
        (
            "RawMessageDelivery",
            "true",
            "Attributes Reason: Delivery protocol [email] does not support raw message delivery.",
        ),
        (
            "RawMessageDelivery",
            "yes",
            "Attributes Reason: RawMessageDelivery: Invalid value [yes]. Must be true or false.",
        ),
        ("RedrivePolicy", "{}x", "RedrivePolicy: failed to parse JSON."),
        ("Colour", "red", "AttributeName"),
    ] {
        let refused = refusal(cloud.subscribe("email", "ann@example.com", &[(name, value)]).await);
        assert_eq!(refused.1, format!("Invalid parameter: {sentence}"), "{name}");
    }
    let list = ListSubscriptions { next_token: None };
    assert_eq!(cloud.root.call(list).await.unwrap().subscriptions.unwrap(), []);
}

#[tokio::test]
async fn an_endpoint_is_subscribed_once() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let arn = cloud.subscribe_mail("ann@example.com", &[]).await;
    assert_eq!(cloud.subscribe("email", "ann@example.com", &[]).await.unwrap(), arn);
    let different = cloud.subscribe("email", "ann@example.com", &[("FilterPolicy", r#"{"a":["x"]}"#)]).await;
    assert_eq!(
        refusal(different).1,
        "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"
    );
    let pending = cloud.subscribe("email", "bob@example.com", &[]).await.unwrap();
    assert_eq!(cloud.subscribe("email", "bob@example.com", &[]).await.unwrap(), pending);
    cloud.mail_to("bob@example.com", 2).await;
    let listed = cloud
        .root
        .call(ListSubscriptionsByTopic { topic_arn: TOPIC.into(), next_token: None })
        .await
        .unwrap();
    let mut listed: Vec<_> = listed
        .subscriptions
        .unwrap()
        .into_iter()
        .map(|it| (it.endpoint.unwrap(), it.subscription_arn.unwrap()))
        .collect();
    listed.sort();
    assert_eq!(
        listed,
        [
            ("ann@example.com".to_owned(), arn),
            ("bob@example.com".to_owned(), "PendingConfirmation".to_owned())
        ]
    );
}

#[tokio::test]
async fn subscriptions_are_counted_and_end() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let arn = cloud.subscribe_mail("ann@example.com", &[]).await;
    let pending = cloud.subscribe("email", "bob@example.com", &[]).await.unwrap();
    let counts = async || {
        let shown = cloud
            .root
            .call(GetTopicAttributes { topic_arn: TOPIC.into() })
            .await
            .unwrap()
            .attributes
            .unwrap();
        ["SubscriptionsConfirmed", "SubscriptionsPending", "SubscriptionsDeleted"]
            .map(|name| shown[name].clone())
    };
    assert_eq!(counts().await, ["1", "1", "0"]);
    let shown = cloud
        .root
        .call(GetSubscriptionAttributes { subscription_arn: pending.clone() })
        .await
        .unwrap()
        .attributes
        .unwrap();
    assert_eq!((shown["PendingConfirmation"].as_str(), shown["Owner"].as_str()), ("true", "111122223333"));
    assert_eq!(
        refusal(cloud.root.call(Unsubscribe { subscription_arn: pending }).await).0,
        "InvalidParameter"
    );
    cloud.root.call(Unsubscribe { subscription_arn: arn.clone() }).await.unwrap();
    assert_eq!(counts().await, ["0", "1", "1"]);
    let gone = cloud.root.call(Unsubscribe { subscription_arn: arn.clone() }).await;
    assert_eq!(refusal(gone), ("NotFound".into(), "Subscription does not exist".into()));
    cloud.root.call(DeleteTopic { topic_arn: TOPIC.into() }).await.unwrap();
    let list = ListSubscriptions { next_token: None };
    assert_eq!(cloud.root.call(list).await.unwrap().subscriptions.unwrap(), []);
}

#[tokio::test]
async fn a_stranger_neither_reads_nor_changes_nor_ends_a_subscription() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let arn = cloud.subscribe_mail("ann@example.com", &[]).await;
    let stranger = cloud.stranger();
    let set = SetSubscriptionAttributes {
        subscription_arn: arn.clone(),
        attribute_name: "FilterPolicy".into(),
        attribute_value: None,
    };
    assert_eq!(refusal(stranger.call(set).await).0, "AuthorizationError");
    assert_eq!(
        refusal(stranger.call(GetSubscriptionAttributes { subscription_arn: arn.clone() }).await).0,
        "AuthorizationError"
    );
    assert_eq!(refusal(stranger.call(Unsubscribe { subscription_arn: arn }).await).0, "AuthorizationError");
}
