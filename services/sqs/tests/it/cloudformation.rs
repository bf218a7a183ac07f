//! What CloudFormation makes.

use crate::cloud::Cloud;
use contract::{Chain, HandlerContext, Principal, Properties, ResourceHandler};
use std::sync::Arc;
use wire::{Document, document};

fn handler(resource_type: &str) -> Arc<dyn ResourceHandler> {
    let handlers = sqs::registration().handlers;
    handlers.into_iter().find(|handler| handler.resource_type() == resource_type).unwrap()
}

fn context(cloud: &Cloud, logical_id: &str) -> HandlerContext {
    let root = Principal::Root("111122223333".parse().unwrap());
    let stack_id = "arn:aws:cloudformation:us-east-1:111122223333:stack/lab/1";
    let chain = Chain::default().through("cloudformation.amazonaws.com");
    HandlerContext {
        caller: cloud.cloud.context().caller(root, cloud.cloud.scope(), chain),
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

#[tokio::test]
async fn a_queue_is_made_changed_and_deleted() {
    let cloud = Cloud::start();
    let queues = handler("AWS::SQS::Queue");
    let context = context(&cloud, "Queue");
    let dead = cloud.queue("dead", &[]).await;
    let wanted = |document: Document| Properties::new(document);
    let first = wanted(document!({
        "DelaySeconds": "5",
        "RedrivePolicy": { "deadLetterTargetArn": "arn:aws:sqs:us-east-1:111122223333:dead", "maxReceiveCount": 3 },
        "Tags": [{ "Key": "team", "Value": "a" }]
    }));
    let made = queues.create(&first, &context).await.unwrap();
    let url = made.physical_id.clone();
    assert_eq!(url, "http://127.0.0.1:4566/111122223333/lab-Queue-ABCDEF123456");
    assert_eq!(
        made.attributes["Arn"].as_str(),
        Some("arn:aws:sqs:us-east-1:111122223333:lab-Queue-ABCDEF123456")
    );
    assert_eq!(made.attributes["QueueName"].as_str(), Some("lab-Queue-ABCDEF123456"));
    assert_eq!(queues.create(&first, &context).await.unwrap().physical_id, url, "the same step again");
    let found = cloud.attributes(&url).await;
    assert_eq!(found["DelaySeconds"], "5");
    assert!(found["RedrivePolicy"].contains(":dead"));
    let second = wanted(document!({ "VisibilityTimeout": 60, "KmsMasterKeyId": "alias/x" }));
    queues.update(&url, &first, &second, &context).await.unwrap();
    let found = cloud.attributes(&url).await;
    assert_eq!((found["DelaySeconds"].as_str(), found["VisibilityTimeout"].as_str()), ("0", "60"));
    assert!(!found.contains_key("RedrivePolicy"));
    assert_eq!(found["KmsMasterKeyId"], "alias/x");
    let tags =
        cloud.root.call(api_sqs::ListQueueTags { queue_url: url.clone() }).await.unwrap().tags.unwrap();
    assert!(!tags.contains_key("team") && tags.contains_key("aws:cloudformation:stack-id"));
    queues.delete(&url, &second, &context).await.unwrap();
    queues.delete(&url, &second, &context).await.unwrap();
    let taken = wanted(document!({ "QueueName": "dead" }));
    assert_eq!(queues.create(&taken, &context).await.unwrap_err().code, "AlreadyExists");
    assert_eq!(cloud.attributes(&dead).await["DelaySeconds"], "0");
}

#[tokio::test]
async fn a_fifo_queue_gets_a_name_that_ends_so() {
    let cloud = Cloud::start();
    let wanted = Properties::new(document!({ "FifoQueue": true, "ContentBasedDeduplication": "true" }));
    let made = handler("AWS::SQS::Queue").create(&wanted, &context(&cloud, "Jobs")).await.unwrap();
    assert_eq!(made.attributes["QueueName"].as_str(), Some("lab-Jobs-ABCDEF123456.fifo"));
    assert_eq!(cloud.attributes(&made.physical_id).await["ContentBasedDeduplication"], "true");
}

#[tokio::test]
async fn a_policy_is_put_on_queues_and_taken_away() {
    let cloud = Cloud::start();
    let (a, b) = (cloud.queue("a", &[]).await, cloud.queue("b", &[]).await);
    let policies = handler("AWS::SQS::QueuePolicy");
    let context = context(&cloud, "Policy");
    let statement = document!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*" }]
    });
    let wanted = |urls: &[&String]| {
        let urls: Vec<Document> = urls.iter().map(|url| Document::from(url.as_str())).collect();
        Properties::new(document!({ "PolicyDocument": (statement.clone()), "Queues": urls }))
    };
    let first = wanted(&[&a, &b]);
    let made = policies.create(&first, &context).await.unwrap();
    assert!(cloud.attributes(&b).await["Policy"].contains("sqs:SendMessage"));
    let second = wanted(&[&a]);
    policies.update(&made.physical_id, &first, &second, &context).await.unwrap();
    assert!(!cloud.attributes(&b).await.contains_key("Policy"));
    policies.delete(&made.physical_id, &second, &context).await.unwrap();
    assert!(!cloud.attributes(&a).await.contains_key("Policy"));
    let inline = handler("AWS::SQS::QueueInlinePolicy");
    let one = Properties::new(document!({ "PolicyDocument": (statement.clone()), "Queue": (a.as_str()) }));
    let made = inline.create(&one, &context).await.unwrap();
    assert!(cloud.attributes(&a).await.contains_key("Policy"));
    inline.delete(&made.physical_id, &one, &context).await.unwrap();
    assert!(!cloud.attributes(&a).await.contains_key("Policy"));
}
