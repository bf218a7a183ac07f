//! Queues: names, attributes, tags, deleting and purging.

use crate::cloud::{Cloud, map, refusal};
use api_sqs::{
    CreateQueue, DeleteQueue, GetQueueUrl, ListQueueTags, ListQueues, PurgeQueue, SetQueueAttributes,
    TagQueue, UntagQueue,
};

const URL: &str = "http://127.0.0.1:4566/111122223333/orders";

#[tokio::test]
async fn a_queue_is_made_once_and_found_by_its_name() {
    let cloud = Cloud::start();
    assert_eq!(cloud.queue("orders", &[("DelaySeconds", "5")]).await, URL);
    assert_eq!(cloud.queue("orders", &[("DelaySeconds", "5"), ("VisibilityTimeout", "30")]).await, URL);
    assert_eq!(cloud.queue("orders", &[]).await, URL);
    assert_eq!(
        refusal(cloud.try_queue("orders", &[("DelaySeconds", "6")]).await),
        (
            "QueueAlreadyExists".into(),
            "A queue already exists with the same name and a different value for attribute DelaySeconds"
                .into()
        )
    );
    let ask = |name: &str| GetQueueUrl { queue_name: name.into(), queue_owner_aws_account_id: None };
    assert_eq!(cloud.root.call(ask("orders")).await.unwrap().queue_url.unwrap(), URL);
    assert_eq!(
        refusal(cloud.root.call(ask("gone")).await),
        ("AWS.SimpleQueueService.NonExistentQueue".into(), "The specified queue does not exist.".into())
    );
    let attributes = cloud.attributes(URL).await;
    assert_eq!(attributes["QueueArn"], "arn:aws:sqs:us-east-1:111122223333:orders");
    assert_eq!(attributes["MaximumMessageSize"], "1048576");
    assert_eq!(attributes["SqsManagedSseEnabled"], "true");
    assert!(!attributes.contains_key("FifoQueue") && !attributes.contains_key("Policy"));
}

#[tokio::test]
async fn what_is_no_name_or_value_is_refused() {
    let cloud = Cloud::start();
    for (name, attributes) in [
        ("a b", &[][..]),
        ("x.fifo", &[]),
        ("x", &[("FifoQueue", "true")]),
        ("x", &[("DelaySeconds", "901")]),
        ("x", &[("VisibilityTimeout", "-1")]),
        ("x", &[("MaximumMessageSize", "1023")]),
        ("x", &[("Policy", "{}")]),
        ("x", &[("Colour", "red")]),
        ("x", &[("ContentBasedDeduplication", "true")]),
        ("x.fifo", &[("FifoQueue", "true"), ("FifoThroughputLimit", "perMessageGroupId")]),
        ("x", &[("RedriveAllowPolicy", r#"{"redrivePermission":"byQueue"}"#)]),
    ] {
        cloud.try_queue(name, attributes).await.unwrap_err();
    }
    let (code, message) = refusal(cloud.try_queue("x", &[("Colour", "red")]).await);
    assert_eq!((code.as_str(), message.as_str()), ("InvalidAttributeName", "Unknown Attribute Colour."));
    let (code, message) = refusal(cloud.try_queue("x", &[("DelaySeconds", "901")]).await);
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("InvalidAttributeValue", "Invalid value for the parameter DelaySeconds.")
    );
    assert_eq!(cloud.root.call(ListQueues::default()).await.unwrap().queue_urls, None);
}

#[tokio::test]
async fn a_deleted_queue_s_name_is_free_after_a_minute() {
    let cloud = Cloud::start();
    cloud.queue("orders", &[]).await;
    cloud.send(URL, "old").await;
    cloud.root.call(DeleteQueue { queue_url: URL.into() }).await.unwrap();
    let again = || DeleteQueue { queue_url: URL.into() };
    assert_eq!(refusal(cloud.root.call(again()).await).0, "AWS.SimpleQueueService.NonExistentQueue");
    cloud.seconds(59).await;
    assert_eq!(
        refusal(cloud.try_queue("orders", &[]).await),
        (
            "AWS.SimpleQueueService.QueueDeletedRecently".into(),
            "You must wait 60 seconds after deleting a queue before you can create another with the same name."
                .into()
        )
    );
    cloud.seconds(1).await;
    cloud.queue("orders", &[]).await;
    assert!(cloud.receive(URL).await.is_empty());
}

#[tokio::test]
async fn a_purge_empties_the_queue_once_a_minute() {
    let cloud = Cloud::start();
    cloud.queue("orders", &[]).await;
    cloud.send(URL, "one").await;
    let held = cloud.receive(URL).await;
    cloud.send(URL, "two").await;
    let purge = || PurgeQueue { queue_url: URL.into() };
    cloud.root.call(purge()).await.unwrap();
    assert_eq!(cloud.counts(URL).await, ["0", "0", "0"]);
    cloud.delete(URL, &held[0]).await.unwrap();
    assert_eq!(
        refusal(cloud.root.call(purge()).await),
        (
            "AWS.SimpleQueueService.PurgeQueueInProgress".into(),
            "Only one PurgeQueue operation on orders is allowed every 60 seconds.".into()
        )
    );
    cloud.send(URL, "three").await;
    assert_eq!(cloud.receive(URL).await.len(), 1);
    cloud.seconds(60).await;
    cloud.root.call(purge()).await.unwrap();
}

#[tokio::test]
async fn queues_are_listed_in_pages_by_prefix() {
    let cloud = Cloud::start();
    for name in ["a-1", "a-2", "a-3", "b-1"] {
        cloud.queue(name, &[]).await;
    }
    let list = |token: Option<String>| ListQueues {
        queue_name_prefix: Some("a-".into()),
        max_results: Some(2),
        next_token: token,
    };
    let first = cloud.root.call(list(None)).await.unwrap();
    assert_eq!(first.queue_urls.unwrap().len(), 2);
    let second = cloud.root.call(list(first.next_token)).await.unwrap();
    assert_eq!(second.queue_urls.unwrap(), ["http://127.0.0.1:4566/111122223333/a-3"]);
    assert_eq!(second.next_token, None);
    assert_eq!(refusal(cloud.root.call(list(Some("x".into()))).await).0, "InvalidParameterValue");
}

#[tokio::test]
async fn tags_and_attributes_change() {
    let cloud = Cloud::start();
    cloud.queue("orders", &[]).await;
    let tag = |pairs: &[(&str, &str)]| TagQueue { queue_url: URL.into(), tags: map(pairs) };
    cloud.root.call(tag(&[("team", "a"), ("cost", "1")])).await.unwrap();
    cloud.root.call(UntagQueue { queue_url: URL.into(), tag_keys: vec!["cost".into()] }).await.unwrap();
    let tags = cloud.root.call(ListQueueTags { queue_url: URL.into() }).await.unwrap().tags.unwrap();
    assert_eq!(tags, map(&[("team", "a")]));
    cloud.root.call(tag(&[("aws:x", "1")])).await.unwrap_err();
    let set = |pairs: &[(&str, &str)]| SetQueueAttributes { queue_url: URL.into(), attributes: map(pairs) };
    cloud.seconds(7).await;
    cloud.root.call(set(&[("KmsMasterKeyId", "alias/x"), ("DelaySeconds", "3")])).await.unwrap();
    let found = cloud.attributes(URL).await;
    assert_eq!(
        (
            found["KmsMasterKeyId"].as_str(),
            found["SqsManagedSseEnabled"].as_str(),
            found["DelaySeconds"].as_str()
        ),
        ("alias/x", "false", "3")
    );
    assert_eq!(found["KmsDataKeyReusePeriodSeconds"], "300");
    let at = |name: &str| found[name].parse::<i64>().unwrap();
    assert_eq!(at("LastModifiedTimestamp") - at("CreatedTimestamp"), 7);
    cloud.root.call(set(&[("SqsManagedSseEnabled", "true")])).await.unwrap();
    assert!(!cloud.attributes(URL).await.contains_key("KmsMasterKeyId"));
    cloud.root.call(set(&[("FifoQueue", "true")])).await.unwrap_err();
    let elsewhere = SetQueueAttributes {
        queue_url: "https://queue.amazonaws.com/111122223333/orders".into(),
        attributes: map(&[("DelaySeconds", "0")]),
    };
    cloud.root.call(elsewhere).await.unwrap();
    for url in ["orders", "http://x/orders", "http://x/1/orders", "ftp://x/111122223333/orders"] {
        let set = SetQueueAttributes { queue_url: url.into(), attributes: map(&[]) };
        assert_eq!(refusal(cloud.root.call(set).await).0, "InvalidAddress", "{url}");
    }
}

#[tokio::test]
async fn a_new_queue_has_its_tags_and_config_sees_it() {
    let cloud = Cloud::start();
    let create = CreateQueue {
        queue_name: "jobs.fifo".into(),
        attributes: Some(map(&[("FifoQueue", "true")])),
        tags: Some(map(&[("team", "a")])),
    };
    let url = cloud.root.call(create).await.unwrap().queue_url.unwrap();
    let context = cloud.cloud.context();
    let kind = context.catalog.resources["AWS::SQS::Queue"];
    let found = (kind.describe)(&context.store.view(), cloud.cloud.scope(), &url).unwrap().unwrap();
    assert_eq!(found.identity.name.as_deref(), Some("jobs.fifo"));
    assert_eq!(found.configuration.get("FifoThroughputLimit").unwrap().as_str(), Some("perQueue"));
    assert_eq!(found.configuration.get("VisibilityTimeout").unwrap().as_i64(), Some(30));
    assert_eq!(found.tags, map(&[("team", "a")]));
}
