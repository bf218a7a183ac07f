//! PutMetricData and ListMetrics.

use crate::metrics_cloud::{Cloud, datum, dimension, stat};
use api_cloudwatch::{
    DimensionFilter, EntityMetricData, ListMetrics, MetricDatum, PutMetricData, RecentlyActive, StandardUnit,
    StatisticSet,
};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn measurements_of_a_minute_are_one_datapoint() {
    let cloud = Cloud::start();
    cloud.put(vec![datum("Latency", 4.0), datum("Latency", 8.0)]).await.unwrap();
    let values = MetricDatum {
        metric_name: "Latency".into(),
        values: Some(vec![1.0, 3.0]),
        counts: Some(vec![2.0, 1.0]),
        ..Default::default()
    };
    cloud.put(vec![values]).await.unwrap();
    let of = |statistic| stat("m1", "Latency", statistic, 60);
    for (statistic, expected) in [
        ("SampleCount", "5"),
        ("Sum", "17"),
        ("Average", "3.4"),
        ("Minimum", "1"),
        ("Maximum", "8"),
        ("p50", "3"),
        ("tm80", "2.25"),
        ("PR(:3)", "60"),
    ] {
        let expected = format!("m1 Latency: {expected}");
        assert_eq!(cloud.values(5, vec![of(statistic)]).await, [expected], "{statistic}");
    }
    // What is told in sums has no percentiles any more.
    let sums = StatisticSet { sample_count: 2.0, sum: 6.0, minimum: 1.0, maximum: 5.0 };
    let sums =
        MetricDatum { metric_name: "Latency".into(), statistic_values: Some(sums), ..Default::default() };
    cloud.put(vec![sums]).await.unwrap();
    assert_eq!(cloud.values(5, vec![of("Sum")]).await, ["m1 Latency: 23"]);
    assert_eq!(cloud.values(5, vec![of("p50")]).await, ["m1 Latency: "]);
}

#[tokio::test]
async fn seconds_are_kept_of_what_is_measured_so_finely() {
    let cloud = Cloud::start();
    let fine = |second: u64, value| MetricDatum {
        timestamp: Some(cloud.ago(1).plus(Duration::from_secs(second))),
        storage_resolution: Some(1),
        ..datum("Fine", value)
    };
    cloud.put(vec![fine(0, 1.0), fine(3, 2.0), fine(11, 4.0), datum("Coarse", 1.0)]).await.unwrap();
    assert_eq!(cloud.values(1, vec![stat("m1", "Fine", "Sum", 5)]).await, ["m1 Fine: 3 4"]);
    assert_eq!(cloud.values(1, vec![stat("m1", "Fine", "Sum", 60)]).await, ["m1 Fine: 7"]);
    assert_eq!(cloud.values(1, vec![stat("m1", "Coarse", "Sum", 5)]).await, ["m1 Coarse: "]);
    cloud.cloud.clock.advance(4 * HOUR);
    assert_eq!(cloud.values(300, vec![stat("m1", "Fine", "Sum", 30)]).await, ["m1 Fine: "]);
    assert_eq!(cloud.values(300, vec![stat("m1", "Fine", "Sum", 60)]).await, ["m1 Fine: 7"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_datum_is_told_and_changes_nothing() {
    let cloud = Cloud::start();
    let with = |change: &dyn Fn(&mut MetricDatum)| {
        let mut datum = datum("m", 1.0);
        change(&mut datum);
        datum
    };
    let value = |value: f64| {
        format!(
            "InvalidParameterValueException: The value {value} for parameter MetricData.member.1.Value is invalid."
        )
    };
    assert_eq!(cloud.refusal(datum("m", f64::NAN)).await, value(f64::NAN));
    assert_eq!(cloud.refusal(datum("m", f64::INFINITY)).await, value(f64::INFINITY));
    assert_eq!(cloud.refusal(datum("m", -2.0_f64.powi(361))).await, value(-2.0_f64.powi(361)));
    for (datum, expected) in [
        (
            with(&|it| it.timestamp = Some(cloud.ago(15 * 24 * 60))),
            "InvalidParameterValueException: The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.",
        ),
        (
            with(&|it| it.timestamp = Some(cloud.ago(-121))),
            "InvalidParameterValueException: The parameter MetricData.member.1.Timestamp must specify a time no more than two hours in the future.",
        ),
        (
            with(&|it| it.values = Some(vec![1.0])),
            "InvalidParameterCombinationException: The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.",
        ),
        (
            with(&|it| it.statistic_values = Some(StatisticSet::default())),
            "InvalidParameterCombinationException: The parameters MetricData.member.1.Value and MetricData.member.1.StatisticValues are mutually exclusive and you have specified both.",
        ),
        (
            with(&|it| it.value = None),
            "MissingRequiredParameterException: At least one of the parameters MetricData.member.1.Value, MetricData.member.1.Values or MetricData.member.1.StatisticValues must be specified.",
        ),
        (
            with(&|it| (it.value, it.values, it.counts) = (None, Some(vec![1.0, 2.0]), Some(vec![1.0]))),
            "InvalidParameterValueException: The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.",
        ),
        (
            with(&|it| (it.value, it.values) = (None, Some(vec![1.0; 151]))),
            "InvalidParameterValueException: The collection MetricData.member.1.Values must not have a size greater than 150.",
        ),
        (
            with(&|it| it.storage_resolution = Some(5)),
            "InvalidParameterValueException: The value 5 for parameter MetricData.member.1.StorageResolution is invalid.",
        ),
        (
            with(&|it| it.dimensions = Some(vec![dimension("a", "1"), dimension("a", "2")])),
            "InvalidParameterValueException: No Metric may specify the same dimension twice.",
        ),
        (
            with(&|it| it.dimensions = Some(vec![dimension("a", "é")])),
            "InvalidParameterValueException: The value for parameter MetricData.member.1.Dimensions.member.1.Value contains non-ASCII characters.",
        ),
        (
            with(&|it| it.dimensions = Some(vec![dimension(":a", "1")])),
            "InvalidParameterValueException: The value :a for parameter MetricData.member.1.Dimensions.member.1.Name is invalid.",
        ),
    ] {
        assert_eq!(cloud.refusal(datum).await, expected);
    }
    let many: Vec<_> = (0..31).map(|n| dimension(&format!("d{n}"), "1")).collect();
    let error = cloud.refusal(with(&|it| it.dimensions = Some(many.clone()))).await;
    assert_eq!(
        error,
        "InvalidParameterValueException: The collection MetricData.member.1.Dimensions must not have a size greater than 30.",
    );
    let error = cloud.put(vec![datum("m", 1.0); 1001]).await.unwrap_err();
    assert_eq!(error.message, "The collection MetricData must not have a size greater than 1000.");
    let error = cloud.put(Vec::new()).await.unwrap_err();
    assert_eq!(
        (error.query_code, error.message.as_str()),
        (Some("MissingParameter"), "The parameter MetricData is required.")
    );
    for namespace in ["AWS/EC2", ":a", "a\u{e9}", "a$", "  "] {
        let put = PutMetricData {
            namespace: namespace.into(),
            metric_data: Some(vec![datum("m", 1.0)]),
            ..Default::default()
        };
        let error = cloud.root.call(put).await.unwrap_err();
        assert!(error.message.contains(namespace), "{error}");
    }
    // One that is wrong refuses all of its call.
    cloud.put(vec![datum("good", 1.0), datum("bad", f64::NAN)]).await.unwrap_err();
    assert!(cloud.listed(ListMetrics::default()).await.is_empty());
}

#[tokio::test]
async fn metrics_of_entities_are_taken_without_the_entities_or_refused() {
    let cloud = Cloud::start();
    let put = |strict| PutMetricData {
        namespace: "App".into(),
        entity_metric_data: Some(vec![EntityMetricData {
            metric_data: Some(vec![datum("OfEntity", 1.0)]),
            ..Default::default()
        }]),
        strict_entity_validation: strict,
        ..Default::default()
    };
    cloud.root.call(put(Some(true))).await.unwrap_err();
    assert!(cloud.listed(ListMetrics::default()).await.is_empty());
    cloud.root.call(put(None)).await.unwrap();
    assert_eq!(cloud.listed(ListMetrics::default()).await, ["OfEntity{}"]);
}

#[tokio::test]
async fn metrics_are_listed_while_they_are_measured() {
    let cloud = Cloud::start();
    let of = |name, pairs: &[(&str, &str)]| MetricDatum {
        dimensions: Some(pairs.iter().map(|(name, value)| dimension(name, value)).collect()),
        unit: Some(StandardUnit::Count),
        ..datum(name, 1.0)
    };
    // The order of dimensions tells nothing.
    cloud
        .put(vec![
            of("Errors", &[("Host", "a"), ("Zone", "1")]),
            of("Errors", &[("Zone", "1"), ("Host", "a")]),
        ])
        .await
        .unwrap();
    cloud.put(vec![of("Errors", &[("Host", "b")]), of("Requests", &[])]).await.unwrap();
    let all = || ListMetrics::default();
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all
    };
    assert_eq!(sorted(cloud.listed(all()).await), ["Errors{Host=a,Zone=1}", "Errors{Host=b}", "Requests{}"]);
    let filter = |name: &str, value: Option<&str>| DimensionFilter {
        name: name.into(),
        value: value.map(str::to_owned),
    };
    let by = |filters| ListMetrics { dimensions: Some(filters), ..Default::default() };
    assert_eq!(cloud.listed(by(vec![filter("Host", None)])).await.len(), 2);
    assert_eq!(cloud.listed(by(vec![filter("Host", Some("b"))])).await, ["Errors{Host=b}"]);
    let named = ListMetrics { metric_name: Some("Requests".into()), ..Default::default() };
    assert_eq!(cloud.listed(named).await, ["Requests{}"]);
    let elsewhere = ListMetrics { namespace: Some("Other".into()), ..Default::default() };
    assert!(cloud.listed(elsewhere).await.is_empty());
    let another_s = ListMetrics { owning_account: Some("444455556666".into()), ..Default::default() };
    assert!(cloud.listed(another_s).await.is_empty());

    let recent = || ListMetrics { recently_active: Some(RecentlyActive::Pt3h), ..Default::default() };
    assert_eq!(cloud.listed(recent()).await.len(), 3);
    cloud.cloud.clock.advance(4 * HOUR);
    cloud.put(vec![of("Requests", &[])]).await.unwrap();
    assert_eq!(cloud.listed(recent()).await, ["Requests{}"]);
    cloud.cloud.clock.advance(14 * 24 * HOUR);
    assert!(cloud.listed(all()).await.is_empty());
}

#[tokio::test]
async fn many_metrics_are_listed_by_pages() {
    let cloud = Cloud::start();
    let data = (0..700).map(|n| datum(&format!("m{n:03}"), 1.0)).collect();
    cloud.put(data).await.unwrap();
    let first = cloud.root.call(ListMetrics::default()).await.unwrap();
    assert_eq!(first.metrics.unwrap().len(), 500);
    let next = ListMetrics { next_token: first.next_token, ..Default::default() };
    let second = cloud.root.call(next).await.unwrap();
    let metrics = second.metrics.unwrap();
    assert_eq!((metrics.len(), metrics[0].metric_name.as_deref()), (200, Some("m500")));
    assert_eq!(second.next_token, None);
    let foreign = ListMetrics { next_token: Some("x".into()), ..Default::default() };
    let error = cloud.root.call(foreign).await.unwrap_err();
    assert_eq!(error.code, "InvalidParameterValueException");
}
