//! How long datapoints are kept, and what the platform measures itself.

use crate::metrics_cloud::{Cloud, datum, stat};
use api_cloudwatch::{ListMetrics, MetricDatum};
use std::time::Duration;
use store::Measurement;

const DAY: i64 = 24 * 60;

/// The values of a metric over the last days.
async fn values(cloud: &Cloud, days: i64, period: i32) -> String {
    cloud.values(days * DAY, vec![stat("m1", "m", "Sum", period)]).await.remove(0)
}

#[tokio::test]
async fn what_grows_old_is_coarser_and_then_gone() {
    let cloud = Cloud::start();
    // 09:30 to 09:39, and so five minutes twice, one hour.
    let at = |minute: i64| MetricDatum { timestamp: Some(cloud.ago(-minute)), ..datum("m", 1.0) };
    cloud.put((0..10).map(at).collect()).await.unwrap();
    let days = |days: u64| Duration::from_secs(days * 24 * 3600);
    let task_ran = async |what: &str, condition: &dyn Fn() -> bool| {
        cloud.cloud.until(what, async || condition().then_some(())).await;
    };
    let marks = || {
        let tasks = cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap();
        tasks.iter().find(|task| task.kind == "cloudwatch.retention").map(|task| task.due)
    };

    cloud.advance(days(14)).await;
    assert_eq!(values(&cloud, 15, 60).await, "m1 m: 1 1 1 1 1 1 1 1 1 1");

    cloud.advance(days(2)).await;
    task_ran("minutes were looked after", &|| marks().is_some_and(|due| due > cloud.now())).await;
    assert_eq!(values(&cloud, 17, 60).await, "m1 m: ", "minutes are kept for 15 days");
    assert_eq!(values(&cloud, 17, 300).await, "m1 m: 5 5");

    cloud.advance(days(48)).await;
    task_ran("five minutes were looked after", &|| marks().is_some_and(|due| due > cloud.now())).await;
    assert_eq!(values(&cloud, 65, 300).await, "m1 m: ", "five minutes are kept for 63 days");
    assert_eq!(values(&cloud, 65, 3600).await, "m1 m: 10");

    cloud.advance(days(392)).await;
    task_ran("hours were looked after", &|| marks().is_some_and(|due| due > cloud.now())).await;
    assert_eq!(values(&cloud, 457, 3600).await, "m1 m: ", "hours are kept for 455 days");
}

#[tokio::test]
async fn what_the_platform_measures_is_read_at_once() {
    let cloud = Cloud::start();
    let store = &cloud.cloud.context().store;
    cloud
        .cloud
        .until("somebody collects", async || {
            store.measure(Measurement::new(cloud.cloud.scope(), cloud.now(), "App", "m", 2.0).unit("Count"));
            let listed = cloud.listed(ListMetrics::default()).await;
            (listed == ["m{}"]).then_some(())
        })
        .await;
    let before: f64 = values(&cloud, 1, 60).await.rsplit(' ').next().unwrap().parse().unwrap();
    store.measure(Measurement::new(cloud.cloud.scope(), cloud.now(), "App", "m", 5.0).unit("Count"));
    let after: f64 = values(&cloud, 1, 60).await.rsplit(' ').next().unwrap().parse().unwrap();
    assert!((after - before - 5.0).abs() < 1e-9, "{before} {after}");
}

#[tokio::test]
async fn what_is_measured_while_nobody_reads_is_written_after_some_seconds() {
    let cloud = Cloud::start();
    let store = &cloud.cloud.context().store;
    cloud.listed(ListMetrics::default()).await;
    let measurement =
        Measurement::new(cloud.cloud.scope(), cloud.now(), "AWS/SQS", "NumberOfMessagesSent", 1.0);
    store.measure(measurement.unit("Count").dimension("QueueName", "orders"));
    // Nobody reads through CloudWatch here, which would write it first: a commit is what tells that it was written.
    let before = store.view().sequence();
    cloud
        .cloud
        .until("it is written", async || {
            cloud.advance(Duration::from_secs(5)).await;
            (store.view().sequence() > before).then_some(())
        })
        .await;
    let list = ListMetrics { namespace: Some("AWS/SQS".into()), ..Default::default() };
    assert_eq!(cloud.listed(list).await, ["NumberOfMessagesSent{QueueName=orders}"]);
}
