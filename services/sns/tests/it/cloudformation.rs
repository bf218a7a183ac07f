use crate::cloud::{Cloud, text};
use api_sns::{GetSubscriptionAttributes, GetTopicAttributes, ListTagsForResource, ListTopics};
use contract::{Chain, HandlerContext, Principal, Properties, ResourceHandler};
use std::sync::Arc;
use wire::{Document, document};

fn handler(resource_type: &str) -> Arc<dyn ResourceHandler> {
    let handlers = sns::registration(sns::Settings::default()).handlers;
    handlers.into_iter().find(|handler| handler.resource_type() == resource_type).unwrap()
}

fn context(cloud: &Cloud, logical_id: &str) -> HandlerContext {
    let root = Principal::Root("111122223333".parse().unwrap());
    let stack_id = "arn:aws:cloudformation:us-east-1:111122223333:stack/lab/1";
    HandlerContext {
        caller: cloud.cloud.context().caller(
            root,
            cloud.cloud.scope(),
            Chain::default().through("cloudformation.amazonaws.com"),
        ),
        context: cloud.cloud.context().clone(),
        stack_name: "lab".into(),
        stack_id: stack_id.into(),
        logical_id: logical_id.into(),
        previous_stack_tags: Default::default(),
        stack_tags: [
            ("aws:cloudformation:stack-id", stack_id),
            ("aws:cloudformation:logical-id", logical_id),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into(),
        token: "ABCDEF123456".into(),
    }
}

fn properties(document: Document) -> Properties {
    Properties::new(document)
}

#[tokio::test]
async fn a_topic_with_policy_and_subscription_is_made_changed_and_deleted() {
    let cloud = Cloud::start().await;
    let (topics, policies, subscriptions) =
        (handler("AWS::SNS::Topic"), handler("AWS::SNS::TopicPolicy"), handler("AWS::SNS::Subscription"));
    let wanted = properties(
        document!({ "DisplayName": "Lab", "Subscription": [{ "Protocol": "email", "Endpoint": "ann@example.com" }], "Tags": [{ "Key": "a", "Value": "1" }] }),
    );
    let made = topics.create(&wanted, &context(&cloud, "Topic")).await.unwrap();
    assert_eq!(made.physical_id, "arn:aws:sns:us-east-1:111122223333:lab-Topic-ABCDEF123456");
    assert_eq!(made.attributes["TopicName"].as_str(), Some("lab-Topic-ABCDEF123456"));
    let again = topics.create(&wanted, &context(&cloud, "Topic")).await.unwrap();
    assert_eq!(again.physical_id, made.physical_id, "the same step again finds what it made");
    let mail = cloud.mail_to("ann@example.com", 1).await.remove(0);
    assert_eq!(text(&mail, "from"), "Lab <no-reply@sns.amazonaws.com>");
    let arn = made.physical_id;
    let tags =
        cloud.root.call(ListTagsForResource { resource_arn: arn.clone() }).await.unwrap().tags.unwrap();
    assert_eq!(tags.len(), 3);

    let statement = document!({ "Effect": "Allow", "Principal": { "Service": "config.amazonaws.com" }, "Action": "sns:Publish", "Resource": (arn.as_str()) });
    let policy = properties(
        document!({ "Topics": [(arn.as_str())], "PolicyDocument": { "Version": "2012-10-17", "Statement": [statement] } }),
    );
    let id = policies.create(&policy, &context(&cloud, "Policy")).await.unwrap().physical_id;
    let shown = async || {
        cloud.root.call(GetTopicAttributes { topic_arn: arn.clone() }).await.unwrap().attributes.unwrap()
    };
    assert!(shown().await["Policy"].contains("config.amazonaws.com"));

    let filtered = |kind: &str| {
        properties(document!({
            "TopicArn": (arn.as_str()), "Protocol": "email-json", "Endpoint": "bob@example.com",
            "FilterPolicyScope": "MessageBody", "FilterPolicy": { "detail": { "type": [(kind)] } },
        }))
    };
    let subscription =
        subscriptions.create(&filtered("x"), &context(&cloud, "Mail")).await.unwrap().physical_id;
    subscriptions
        .update(&subscription, &filtered("x"), &filtered("y"), &context(&cloud, "Mail"))
        .await
        .unwrap();
    let attributes = cloud
        .root
        .call(GetSubscriptionAttributes { subscription_arn: subscription.clone() })
        .await
        .unwrap()
        .attributes
        .unwrap();
    assert_eq!(attributes["FilterPolicy"], r#"{"detail":{"type":["y"]}}"#);

    let renamed = properties(document!({ "DisplayName": "Other" }));
    topics.update(&arn, &wanted, &renamed, &context(&cloud, "Topic")).await.unwrap();
    assert_eq!(shown().await["DisplayName"], "Other");

    subscriptions.delete(&subscription, &filtered("y"), &context(&cloud, "Mail")).await.unwrap();
    policies.delete(&id, &policy, &context(&cloud, "Policy")).await.unwrap();
    assert!(shown().await["Policy"].contains("__default_policy_ID"));
    for _ in 0..2 {
        topics.delete(&arn, &renamed, &context(&cloud, "Topic")).await.unwrap();
    }
    assert_eq!(cloud.root.call(ListTopics { next_token: None }).await.unwrap().topics.unwrap(), []);
}

#[tokio::test]
async fn a_topic_of_another_s_is_not_taken_over() {
    let cloud = Cloud::start().await;
    cloud.topic().await;
    let wanted = properties(document!({ "TopicName": "alarms" }));
    let refused = handler("AWS::SNS::Topic").create(&wanted, &context(&cloud, "Topic")).await.unwrap_err();
    assert_eq!(refused.code, "AlreadyExists");
    let fifo = properties(document!({ "FifoTopic": true }));
    let refused = handler("AWS::SNS::Topic").create(&fifo, &context(&cloud, "Topic")).await.unwrap_err();
    assert!(refused.reason.contains("not built in Cloudchamber"), "{}", refused.reason);
}
