//! GetMetricStatistics and GetMetricData.

use crate::metrics_cloud::{Cloud, datum, expression, stat};
use api_cloudwatch::{
    Datapoint, GetMetricData, GetMetricStatistics, MetricDataQuery, MetricDatum, StandardUnit, Statistic,
    StatusCode,
};
use std::time::Duration;
use wire::ErrorResponse;

/// `m` at each of the last ten minutes: 10 ten minutes ago, until 1 a minute ago.
async fn measured() -> Cloud {
    let cloud = Cloud::start();
    let at = |minutes: i64| MetricDatum { timestamp: Some(cloud.ago(minutes)), ..datum("m", minutes as f64) };
    cloud.put((1..=10).map(at).collect()).await.unwrap();
    cloud
}

fn statistics(cloud: &Cloud) -> GetMetricStatistics {
    GetMetricStatistics {
        namespace: "App".into(),
        metric_name: "m".into(),
        start_time: cloud.ago(10),
        end_time: cloud.now(),
        period: 300,
        statistics: Some(vec![Statistic::Sum]),
        ..Default::default()
    }
}

async fn refusal(cloud: &Cloud, change: impl Fn(&mut GetMetricStatistics)) -> ErrorResponse {
    let mut get = statistics(cloud);
    change(&mut get);
    cloud.root.call(get).await.unwrap_err()
}

#[tokio::test]
async fn statistics_are_of_periods_from_the_start() {
    let cloud = measured().await;
    let answer = cloud.root.call(statistics(&cloud)).await.unwrap();
    assert_eq!(answer.label.as_deref(), Some("m"));
    let point = |minutes, sum| Datapoint {
        timestamp: Some(cloud.ago(minutes)),
        sum: Some(sum),
        unit: Some(StandardUnit::None),
        ..Default::default()
    };
    assert_eq!(answer.datapoints.unwrap(), [point(10, 40.0), point(5, 15.0)]);
    let odd = GetMetricStatistics {
        start_time: cloud.ago(9).plus(Duration::from_secs(30)),
        statistics: Some(vec![Statistic::Minimum, Statistic::SampleCount]),
        ..statistics(&cloud)
    };
    let points = cloud.root.call(odd).await.unwrap().datapoints.unwrap();
    let told: Vec<_> =
        points.iter().map(|it| (it.timestamp.unwrap(), it.minimum, it.sample_count, it.sum)).collect();
    assert_eq!(
        told,
        [(cloud.ago(9), Some(5.0), Some(5.0), None), (cloud.ago(4), Some(1.0), Some(4.0), None)]
    );
    let extended = GetMetricStatistics {
        statistics: None,
        extended_statistics: Some(vec!["p90".into(), "TM(2:4)".into()]),
        period: 600,
        ..statistics(&cloud)
    };
    let points = cloud.root.call(extended).await.unwrap().datapoints.unwrap();
    let values = points[0].extended_statistics.clone().unwrap();
    assert_eq!((values["p90"], values["TM(2:4)"]), (9.0, 3.5));
}

#[tokio::test]
async fn units_are_told_apart() {
    let cloud = Cloud::start();
    let of = |unit, value| MetricDatum { unit: Some(unit), ..datum("m", value) };
    cloud.put(vec![of(StandardUnit::Seconds, 1.0), of(StandardUnit::Bytes, 100.0)]).await.unwrap();
    let all = GetMetricStatistics { end_time: cloud.ago(-1), ..statistics(&cloud) };
    let points = cloud.root.call(all.clone()).await.unwrap().datapoints.unwrap();
    let told: Vec<_> = points.iter().map(|it| (it.unit.unwrap(), it.sum.unwrap())).collect();
    assert_eq!(told, [(StandardUnit::Bytes, 100.0), (StandardUnit::Seconds, 1.0)]);
    let one = GetMetricStatistics { unit: Some(StandardUnit::Seconds), ..all };
    assert_eq!(cloud.root.call(one).await.unwrap().datapoints.unwrap().len(), 1);
    let mut query = stat("m1", "m", "Sum", 60);
    assert_eq!(cloud.values(1, vec![query.clone()]).await, ["m1 m: 101"]);
    query.metric_stat.as_mut().unwrap().unit = Some(StandardUnit::Bytes);
    assert_eq!(cloud.values(1, vec![query]).await, ["m1 m: 100"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_told() {
    let cloud = measured().await;
    let told = async |change: &dyn Fn(&mut GetMetricStatistics)| {
        let error = refusal(&cloud, change).await;
        format!("{}: {}", error.query_code.unwrap(), error.message)
    };
    assert_eq!(
        told(&|it| (it.start_time, it.period) = (cloud.ago(1441), 60)).await,
        "InvalidParameterCombination: You have requested up to 1441 datapoints, which exceeds the limit of 1440. You may reduce the \
         datapoints requested by increasing Period, or decreasing the time range."
    );
    assert_eq!(
        told(&|it| it.end_time = it.start_time).await,
        "InvalidParameterCombination: The parameter StartTime must be less than the parameter EndTime."
    );
    assert_eq!(
        told(&|it| it.period = 90).await,
        "InvalidParameterValue: The parameter Period must be one of 1, 5, 10, 20, 30 or any multiple of 60."
    );
    assert_eq!(
        told(&|it| it.statistics = None).await,
        "MissingParameter: At least one of the parameters Statistics or ExtendedStatistics must be specified."
    );
    assert_eq!(
        told(&|it| it.extended_statistics = Some(vec!["p50".into()])).await,
        "InvalidParameterCombination: The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both."
    );
    assert_eq!(
        told(&|it| (it.statistics, it.extended_statistics) = (None, Some(vec!["p101".into()]))).await,
        "InvalidParameterValue: The value p101 for parameter ExtendedStatistics.member.1 is not supported."
    );
}

#[tokio::test]
async fn expressions_and_hidden_metrics() {
    let cloud = measured().await;
    let hidden = MetricDataQuery { return_data: Some(false), ..stat("m1", "m", "Sum", 300) };
    let rate =
        MetricDataQuery { label: Some("Rate, at most ${MAX}".into()), ..expression("e1", "m1 / PERIOD(m1)") };
    let answered =
        cloud.values(10, vec![hidden, rate, expression("total", "SUM(m1) + TIME_SERIES(0)")]).await;
    assert_eq!(answered[0], format!("e1 Rate, at most {}: {} 0.05", 40.0 / 300.0, 40.0 / 300.0));
    assert_eq!(answered[1], "total total: 55 55 55");
}

#[tokio::test]
async fn lists_of_queries_are_checked() {
    let cloud = measured().await;
    let told = async |queries| cloud.data(10, queries).await.unwrap_err().to_string();
    let both = MetricDataQuery { expression: Some("1".into()), ..stat("m1", "m", "Sum", 60) };
    for (queries, expected) in [
        (Vec::new(), "MissingRequiredParameterException: The parameter MetricDataQueries is required."),
        (
            vec![stat("M1", "m", "Sum", 60)],
            "ValidationError: The value for parameter MetricDataQueries.member.1.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.",
        ),
        (
            vec![stat("m1", "m", "Sum", 60), stat("m1", "m", "Sum", 60)],
            "ValidationError: The values for parameter id in MetricDataQueries are not unique.",
        ),
        (
            vec![both],
            "ValidationError: The parameters MetricDataQueries.member.1.Expression and MetricDataQueries.member.1.MetricStat are mutually exclusive and you have specified both.",
        ),
        (
            vec![MetricDataQuery { period: Some(60), ..stat("m1", "m", "Sum", 60) }],
            "ValidationError: The parameters MetricDataQueries.member.1.Period and MetricDataQueries.member.1.MetricStat are mutually exclusive and you have specified both.",
        ),
        (
            vec![stat("m1", "m", "Mean", 60)],
            "ValidationError: The value Mean for parameter MetricDataQueries.member.1.MetricStat.Stat is not a valid statistic.",
        ),
        (
            vec![stat("m1", "m", "Sum", 61)],
            "ValidationError: The parameter MetricDataQueries.member.1.MetricStat.Period must be one of 1, 5, 10, 20, 30 or any multiple of 60.",
        ),
    ] {
        assert_eq!(told(queries).await, expected);
    }
    let foreign = MetricDataQuery { account_id: Some("444455556666".into()), ..stat("m1", "m", "Sum", 60) };
    assert!(told(vec![foreign]).await.contains("AccountId"));
    let many = (0..501).map(|n| stat(&format!("m{n}"), "m", "Sum", 60)).collect();
    assert_eq!(
        told(many).await,
        "ValidationError: The collection MetricDataQueries must not have a size greater than 500."
    );
}

#[tokio::test]
async fn datapoints_come_by_pages_newest_first() {
    let cloud = measured().await;
    let get = |token: Option<String>, end| GetMetricData {
        metric_data_queries: vec![stat("m1", "m", "Sum", 60), expression("e1", "m1 * 10")],
        start_time: cloud.ago(10),
        end_time: end,
        max_datapoints: Some(8),
        next_token: token,
        ..Default::default()
    };
    let mut token = None;
    let mut pages = Vec::new();
    loop {
        let answer = cloud.root.call(get(token, cloud.now())).await.unwrap();
        let results = answer.metric_data_results.unwrap();
        let shown = |it: api_cloudwatch::MetricDataResult| {
            (it.id.unwrap(), it.values.unwrap(), it.status_code == Some(StatusCode::PartialData))
        };
        pages.push(results.into_iter().map(shown).collect::<Vec<_>>());
        token = answer.next_token;
        if token.is_none() {
            break;
        }
        let other = get(token.clone(), cloud.ago(1));
        assert_eq!(cloud.root.call(other).await.unwrap_err().query_code, Some("InvalidNextToken"));
    }
    assert_eq!(pages.len(), 3);
    let ascending =
        |from: i32, until: i32, by: f64| (from..=until).map(|n| f64::from(n) * by).collect::<Vec<_>>();
    assert_eq!(pages[0], [("m1".to_owned(), ascending(1, 8, 1.0), true)]);
    assert_eq!(pages[1][0], ("m1".to_owned(), ascending(9, 10, 1.0), false));
    assert_eq!(pages[1][1], ("e1".to_owned(), ascending(1, 6, 10.0), true));
    assert_eq!(pages[2], [("e1".to_owned(), ascending(7, 10, 10.0), false)]);
    for most in [0, -1, 100_801] {
        let wrong = GetMetricData { max_datapoints: Some(most), ..get(None, cloud.now()) };
        assert_eq!(cloud.root.call(wrong).await.unwrap_err().code, "ValidationError");
    }
}
