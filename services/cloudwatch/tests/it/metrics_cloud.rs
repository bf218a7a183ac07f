//! A cloud with CloudWatch, and what tests do with its metrics.

use api_cloudwatch::{
    Dimension, GetMetricData, GetMetricDataOutput, ListMetrics, Metric, MetricDataQuery, MetricDatum,
    MetricStat, PutMetricData, ScanBy,
};
use contract::Caller;
use names::Timestamp;
use std::time::Duration;
use testkit::TestCloud;
use wire::ErrorResponse;

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    pub(crate) root: Caller,
    _running: Box<dyn std::any::Any + Send>,
}

impl Cloud {
    pub(crate) fn start() -> Self {
        let cloud = TestCloud::new(vec![cloudwatch::registration()]);
        let root = cloud.root();
        let running = Box::new(cloud.start_work());
        Self { cloud, root, _running: running }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.cloud.now()
    }

    /// Some minutes before now (after, where negative).
    pub(crate) fn ago(&self, minutes: i64) -> Timestamp {
        Timestamp::from_millis(self.now().millis() - minutes * 60_000)
    }

    pub(crate) async fn put(&self, data: Vec<MetricDatum>) -> Result<(), ErrorResponse> {
        let put = PutMetricData { namespace: "App".into(), metric_data: Some(data), ..Default::default() };
        self.root.call(put).await.map(drop)
    }

    /// The code and sentence with which a datum is refused.
    pub(crate) async fn refusal(&self, datum: MetricDatum) -> String {
        self.put(vec![datum]).await.unwrap_err().to_string()
    }

    /// The values of queries over the last minutes, ascending: `id label: value value`.
    pub(crate) async fn values(&self, minutes: i64, queries: Vec<MetricDataQuery>) -> Vec<String> {
        let answer = self.data(minutes, queries).await.unwrap();
        let shown = |result: api_cloudwatch::MetricDataResult| {
            let values = result.values.unwrap().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            format!("{} {}: {values}", result.id.unwrap(), result.label.unwrap())
        };
        answer.metric_data_results.unwrap().into_iter().map(shown).collect()
    }

    pub(crate) async fn data(
        &self,
        minutes: i64,
        queries: Vec<MetricDataQuery>,
    ) -> Result<GetMetricDataOutput, ErrorResponse> {
        let get = GetMetricData {
            metric_data_queries: queries,
            start_time: self.ago(minutes),
            end_time: self.ago(-1),
            scan_by: Some(ScanBy::TimestampAscending),
            ..Default::default()
        };
        self.root.call(get).await
    }

    /// `Name{dimension=value}` of what is listed.
    pub(crate) async fn listed(&self, list: ListMetrics) -> Vec<String> {
        let answer = self.root.call(list).await.unwrap();
        let shown = |metric: Metric| {
            let dimensions = metric.dimensions.unwrap();
            let pairs: Vec<String> =
                dimensions.iter().map(|Dimension { name, value }| format!("{name}={value}")).collect();
            format!("{}{{{}}}", metric.metric_name.unwrap(), pairs.join(","))
        };
        answer.metrics.unwrap().into_iter().map(shown).collect()
    }

    pub(crate) async fn advance(&self, by: Duration) {
        self.cloud.advance(by).await;
    }
}

pub(crate) fn datum(name: &str, value: f64) -> MetricDatum {
    MetricDatum { metric_name: name.into(), value: Some(value), ..Default::default() }
}

pub(crate) fn dimension(name: &str, value: &str) -> Dimension {
    Dimension { name: name.into(), value: value.into() }
}

pub(crate) fn stat(id: &str, name: &str, stat: &str, period: i32) -> MetricDataQuery {
    let metric = Metric { namespace: Some("App".into()), metric_name: Some(name.into()), dimensions: None };
    let metric_stat = Some(MetricStat { metric, period, stat: stat.into(), unit: None });
    MetricDataQuery { id: id.into(), metric_stat, ..Default::default() }
}

pub(crate) fn expression(id: &str, text: &str) -> MetricDataQuery {
    MetricDataQuery { id: id.into(), expression: Some(text.into()), ..Default::default() }
}
