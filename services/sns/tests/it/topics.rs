use crate::cloud::{Cloud, TOPIC, map, refusal};
use api_sns::{
    AddPermission, CreateTopic, DeleteTopic, GetTopicAttributes, ListTagsForResource, ListTopics,
    RemovePermission, SetTopicAttributes, Tag, TagResource, UntagResource,
};
use wire::Document;

fn create(name: &str, attributes: &[(&str, &str)]) -> CreateTopic {
    CreateTopic { name: name.into(), attributes: Some(map(attributes)), ..Default::default() }
}

fn invalid(sentence: &str) -> (String, String) {
    ("InvalidParameter".into(), format!("Invalid parameter: {sentence}"))
}

async fn attribute(cloud: &Cloud, name: &str) -> String {
    let attributes =
        cloud.root.call(GetTopicAttributes { topic_arn: TOPIC.into() }).await.unwrap().attributes.unwrap();
    attributes.get(name).unwrap_or_else(|| panic!("{name} in {attributes:?}")).clone()
}

#[tokio::test]
async fn a_topic_is_made_once() {
    let cloud = Cloud::start().await;
    assert_eq!(cloud.topic().await, TOPIC);
    assert_eq!(cloud.topic().await, TOPIC);
    let different = cloud.root.call(create("alarms", &[("DisplayName", "x")])).await;
    assert_eq!(
        refusal(different),
        invalid("Attributes Reason: Topic already exists with different attributes")
    );
    let tagged =
        CreateTopic { tags: Some(vec![Tag { key: "a".into(), value: "1".into() }]), ..create("alarms", &[]) };
    assert_eq!(
        refusal(cloud.root.call(tagged).await),
        invalid("Tags Reason: Topic already exists with different tags")
    );
    for _ in 0..2 {
        cloud.root.call(DeleteTopic { topic_arn: TOPIC.into() }).await.unwrap();
    }
    let gone = cloud.root.call(GetTopicAttributes { topic_arn: TOPIC.into() }).await;
    assert_eq!(refusal(gone), ("NotFound".into(), "Topic does not exist".into()));
}

#[tokio::test]
async fn names_and_attributes_are_checked() {
    let cloud = Cloud::start().await;
    for name in ["a b", "a.b", "ä", &"x".repeat(257)] {
        assert_eq!(refusal(cloud.root.call(create(name, &[])).await), invalid("Topic Name"), "{name}");
    }
    for (name, value) in [
        ("FifoTopic", "true"),
        ("KmsMasterKeyId", &"k".repeat(2049)),
        ("TracingConfig", "Active"),
        ("Colour", "red"),
    ] {
        assert_eq!(
            refusal(cloud.root.call(create("alarms", &[(name, value)])).await).0,
            "InvalidParameter",
            "{name}"
        );
    }
    assert_eq!(cloud.root.call(ListTopics { next_token: None }).await.unwrap().topics.unwrap(), []);
}

#[tokio::test]
async fn a_new_topic_has_aws_s_default_policy() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let policy = Document::parse(&attribute(&cloud, "Policy").await).unwrap();
    assert_eq!(policy.get("Id").unwrap().as_str(), Some("__default_policy_ID"));
    let statement = &policy.get("Statement").unwrap().as_array().unwrap()[0];
    assert_eq!(
        statement.at(&["Condition", "StringEquals", "AWS:SourceOwner"]).unwrap().as_str(),
        Some("111122223333")
    );
    assert_eq!(attribute(&cloud, "Owner").await, "111122223333");
    assert_eq!(attribute(&cloud, "SubscriptionsConfirmed").await, "0");
    let delivery = Document::parse(&attribute(&cloud, "EffectiveDeliveryPolicy").await).unwrap();
    assert_eq!(delivery.at(&["http", "defaultHealthyRetryPolicy", "numRetries"]).unwrap().as_i64(), Some(3));
}

#[tokio::test]
async fn policies_are_checked_before_they_are_kept() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let before = attribute(&cloud, "Policy").await;
    let set = |value: &str| SetTopicAttributes {
        topic_arn: TOPIC.into(),
        attribute_name: "Policy".into(),
        attribute_value: Some(value.into()),
    };
    let statement = |rest: &str| {
        format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*",{rest}}}]}}"#)
    };
    for (policy, sentence) in [
        ("{".to_owned(), "Policy Error: null"),
        (
            statement(&format!(r#""Action":"s3:GetObject","Resource":"{TOPIC}""#)),
            "Policy statement action out of service scope!",
        ),
        (
            statement(r#""Action":"sns:Publish","Resource":"arn:aws:sns:us-east-1:111122223333:other""#),
            "Policy statement resource does not match topic ARN",
        ),
    ] {
        assert_eq!(refusal(cloud.root.call(set(&policy)).await), invalid(sentence), "{policy}");
    }
    assert_eq!(attribute(&cloud, "Policy").await, before);
    let good = statement(&format!(r#""Action":"sns:Publish","Resource":"{TOPIC}""#));
    cloud.root.call(set(&good)).await.unwrap();
    assert_eq!(attribute(&cloud, "Policy").await, good);
}

#[tokio::test]
async fn permissions_are_statements_of_the_policy() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let add = AddPermission {
        topic_arn: TOPIC.into(),
        label: "friends".into(),
        aws_account_id: vec!["444455556666".into()],
        action_name: vec!["Publish".into()],
    };
    cloud.root.call(add.clone()).await.unwrap();
    assert!(attribute(&cloud, "Policy").await.contains("arn:aws:iam::444455556666:root"));
    assert_eq!(refusal(cloud.root.call(add.clone()).await), invalid("Statement already exists"));
    let odd = AddPermission { label: "odd".into(), action_name: vec!["DeleteEverything".into()], ..add };
    assert_eq!(refusal(cloud.root.call(odd).await), invalid("Policy statement action out of service scope!"));
    for label in ["friends", "__default_statement_ID"] {
        cloud.root.call(RemovePermission { topic_arn: TOPIC.into(), label: label.into() }).await.unwrap();
    }
    assert!(attribute(&cloud, "Policy").await.contains(r#""Statement":[]"#));
}

#[tokio::test]
async fn lists_have_pages_of_a_hundred() {
    let cloud = Cloud::start().await;
    for number in 0..101 {
        cloud.root.call(create(&format!("t{number:03}"), &[])).await.unwrap();
    }
    let first = cloud.root.call(ListTopics { next_token: None }).await.unwrap();
    assert_eq!(first.topics.unwrap().len(), 100);
    let second = cloud.root.call(ListTopics { next_token: first.next_token }).await.unwrap();
    assert_eq!((second.topics.unwrap().len(), second.next_token), (1, None));
    let wrong = cloud.root.call(ListTopics { next_token: Some("x".into()) }).await;
    assert_eq!(refusal(wrong), invalid("NextToken"));
}

#[tokio::test]
async fn tags_come_and_go() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let tag = |key: &str| Tag { key: key.into(), value: "v".into() };
    let put = |tags: Vec<Tag>| TagResource { resource_arn: TOPIC.into(), tags };
    cloud.root.call(put(vec![tag("a"), tag("b")])).await.unwrap();
    cloud.root.call(UntagResource { resource_arn: TOPIC.into(), tag_keys: vec!["a".into()] }).await.unwrap();
    let list = ListTagsForResource { resource_arn: TOPIC.into() };
    assert_eq!(cloud.root.call(list).await.unwrap().tags.unwrap(), [tag("b")]);
    assert_eq!(
        refusal(cloud.root.call(put(vec![tag("x"), tag("x")])).await),
        invalid("Duplicated keys are not allowed.")
    );
    assert_eq!(refusal(cloud.root.call(put(vec![tag("aws:x")])).await).0, "InvalidParameter");
    let many = (0..51).map(|number| tag(&number.to_string())).collect();
    assert_eq!(refusal(cloud.root.call(put(many)).await).0, "TagLimitExceeded");
    let gone = ListTagsForResource { resource_arn: format!("{TOPIC}x") };
    assert_eq!(
        refusal(cloud.root.call(gone).await),
        ("ResourceNotFound".into(), "Resource does not exist".into())
    );
}
