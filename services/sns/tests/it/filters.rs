use crate::cloud::{Cloud, TOPIC, refusal, text};
use api_sns::{GetSubscriptionAttributes, MessageAttributeValue, Publish, SetSubscriptionAttributes};
use std::collections::BTreeMap;

#[tokio::test]
async fn each_gets_what_its_filter_lets_through() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let body = [
        ("FilterPolicyScope", "MessageBody"),
        (
            "FilterPolicy",
            r#"{"messageType":["ComplianceChangeNotification"],"new":{"type":["NON_COMPLIANT"]}}"#,
        ),
    ];
    cloud.subscribe_mail("body@example.com", &body).await;
    cloud.subscribe_mail("attributes@example.com", &[("FilterPolicy", r#"{"store":["shop"]}"#)]).await;
    cloud.subscribe_mail("all@example.com", &[]).await;
    cloud.mailbox("DELETE", "", &[]).await;
    cloud.publish("plain").await;
    cloud.publish(r#"{"messageType":"ComplianceChangeNotification","new":{"type":"NON_COMPLIANT"}}"#).await;
    cloud.publish(r#"{"messageType":"ComplianceChangeNotification","new":{"type":"COMPLIANT"}}"#).await;
    let shop = MessageAttributeValue {
        data_type: "String".into(),
        string_value: Some("shop".into()),
        binary_value: None,
    };
    let attributes = BTreeMap::from([("store".to_owned(), shop)]);
    let publish = Publish {
        topic_arn: Some(TOPIC.into()),
        message: "tagged".into(),
        message_attributes: Some(attributes),
        ..Default::default()
    };
    cloud.root.call(publish).await.unwrap();
    let mail = cloud.settled_mail().await;
    let count = |to: &str| mail.iter().filter(|mail| text(mail, "to") == to).count();
    assert_eq!(
        (count("body@example.com"), count("attributes@example.com"), count("all@example.com")),
        (1, 1, 4)
    );
}

#[tokio::test]
async fn a_filter_is_checked_when_it_is_set() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let nested = [("FilterPolicy", r#"{"a":{"b":["c"]}}"#)];
    assert_eq!(
        refusal(cloud.subscribe("email", "ann@example.com", &nested).await).1,
        "Invalid parameter: Attributes Reason: FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy"
    );
    let scope = [("FilterPolicyScope", "Message")];
    assert_eq!(
        refusal(cloud.subscribe("email", "ann@example.com", &scope).await).1,
        "Invalid parameter: Attributes Reason: FilterPolicyScope: Invalid value [Message]. Please use either MessageBody or MessageAttributes"
    );
    let arn = cloud.subscribe_mail("ann@example.com", &[]).await;
    let set = |name: &str, value: &str| SetSubscriptionAttributes {
        subscription_arn: arn.clone(),
        attribute_name: name.into(),
        attribute_value: Some(value.into()),
    };
    assert_eq!(
        refusal(cloud.root.call(set("FilterPolicy", r#"{"a":[{"like":"x"}]}"#)).await).1,
        "Invalid parameter: FilterPolicy: Unrecognized match type like"
    );
    cloud.root.call(set("FilterPolicy", r#"{"a":["x"]}"#)).await.unwrap();
    let get = GetSubscriptionAttributes { subscription_arn: arn.clone() };
    let shown = cloud.root.call(get.clone()).await.unwrap().attributes.unwrap();
    assert_eq!(
        (shown["FilterPolicy"].as_str(), shown["FilterPolicyScope"].as_str()),
        (r#"{"a":["x"]}"#, "MessageAttributes")
    );
    cloud.root.call(set("FilterPolicy", "{}")).await.unwrap();
    assert!(!cloud.root.call(get).await.unwrap().attributes.unwrap().contains_key("FilterPolicy"));
}
