use crate::cloud::{BUCKET, Cloud, text};
use api_cloudtrail::{CreateTrail, GetTrailStatus, StartLogging, StopLogging};
use std::time::Duration;

async fn trail(cloud: &Cloud) {
    cloud.bucket().await;
    let create = CreateTrail {
        name: "audit".into(),
        s3_bucket_name: BUCKET.into(),
        s3_key_prefix: Some("logs".into()),
        is_multi_region_trail: Some(true),
        ..Default::default()
    };
    cloud.root.call(create).await.unwrap();
}

async fn names(cloud: &Cloud) -> Vec<String> {
    let mut names = Vec::new();
    for (_, file) in cloud.files().await {
        for record in file.get("Records").unwrap().as_array().unwrap() {
            if text(record, &["eventName"]) == "CreateTopic" {
                names.push(text(record, &["requestParameters", "name"]).to_owned());
            }
        }
    }
    names.sort();
    names
}

#[tokio::test]
async fn calls_since_the_start_are_delivered_once_and_the_trail_then_rests() {
    let cloud = Cloud::start();
    trail(&cloud).await;
    cloud.topic("before").await;
    cloud.root.call(StartLogging { name: "audit".into() }).await.unwrap();
    for name in ["a", "b"] {
        cloud.topic(name).await;
    }
    let create = api_sns::CreateTopic { name: "c".into(), ..Default::default() };
    cloud.in_region("eu-west-1").call(create).await.unwrap();
    cloud.gathered(async || (names(&cloud).await.len() >= 3).then_some(())).await;
    cloud.topic("d").await;
    cloud.gathered(async || (names(&cloud).await.len() >= 4).then_some(())).await;
    assert_eq!(names(&cloud).await, ["a", "b", "c", "d"]);
    let keys: Vec<String> = cloud.files().await.into_iter().map(|(key, _)| key).collect();
    let east = "logs/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/21/111122223333_CloudTrail_us-east-1_20261121T09";
    assert!(keys.iter().any(|key| key.starts_with(east) && key.ends_with(".json.gz")), "{keys:?}");
    assert!(keys.iter().any(|key| key.contains("/CloudTrail/eu-west-1/2026/")), "{keys:?}");
    // Nothing further happens: no task is left, and deliveries have made no deliveries.
    let tasks = || {
        let tasks = cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap();
        tasks.into_iter().filter(|task| task.kind == "cloudtrail.delivery").count()
    };
    cloud.gathered(async || (tasks() == 0).then_some(())).await;
    let status = cloud.root.call(GetTrailStatus { name: "audit".into() }).await.unwrap();
    assert!(status.latest_delivery_time.is_some());
    assert_eq!(status.latest_delivery_error, None);
    cloud.root.call(StopLogging { name: "audit".into() }).await.unwrap();
    cloud.topic("after").await;
    cloud.gathered(async || (tasks() == 0).then_some(())).await;
    assert_eq!(names(&cloud).await, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn a_bucket_that_refuses_is_tried_again_and_nothing_is_lost() {
    let cloud = Cloud::start();
    trail(&cloud).await;
    cloud.root.call(StartLogging { name: "audit".into() }).await.unwrap();
    cloud.bucket_policy("arn:aws:cloudtrail:us-east-1:111122223333:trail/other").await;
    cloud.topic("a").await;
    let status = async || cloud.root.call(GetTrailStatus { name: "audit".into() }).await.unwrap();
    cloud.gathered(async || status().await.latest_delivery_error).await;
    assert_eq!(status().await.latest_delivery_error.as_deref(), Some("AccessDenied"));
    assert!(names(&cloud).await.is_empty());
    cloud.bucket_policy("arn:aws:cloudtrail:us-east-1:111122223333:trail/*").await;
    cloud.cloud.clock.advance(Duration::from_secs(300));
    cloud.gathered(async || (!names(&cloud).await.is_empty()).then_some(())).await;
    assert_eq!(names(&cloud).await, ["a"]);
    assert_eq!(status().await.latest_delivery_error, None);
}
