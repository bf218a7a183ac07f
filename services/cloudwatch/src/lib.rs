//! CloudWatch: metrics, alarms and dashboards.
//!
//! What it is: datapoints by minute (and second) with AWS's retention, their statistics and percentiles, metric mathematics ([`math`]), the collector of
//! what the platform measures itself ([`metrics::collect`]), alarms that evaluate metrics and act ([`mod@alarms`]), and dashboards as documents.
//!
//! What it is not: it has no anomaly detectors, metric streams, Metrics Insights, PromQL, contributor insights, synthetics and pictures of widgets, and
//! no metrics of other accounts; alarms act on topics and functions only. Each of these is refused where it is asked for.

mod alarms;
mod cloudformation;
mod dashboard;
mod math;
mod metrics;
mod operations;
mod refusal;
mod state;
mod tags;

use api_cloudwatch::{
    DeleteDashboards, GetDashboard, GetMetricData, GetMetricStatistics, ListDashboards, ListMetrics,
    ListTagsForResource, PutDashboard, PutMetricData, TagResource, UntagResource,
};
use contract::Registration;
use metrics::collect::{Collect, Collector};
use std::sync::Arc;

/// The service, whose operations are transactions.
pub(crate) struct CloudWatch;

/// Its service principal.
pub(crate) const PRINCIPAL: &str = "cloudwatch.amazonaws.com";

/// CloudWatch's table of contents.
#[must_use]
pub fn registration() -> Registration {
    let collector = Arc::new(Collector::default());
    let reading = Arc::new(operations::Reading(Arc::clone(&collector)));
    let registration = Registration::new(&api_cloudwatch::SERVICE)
        .transact_data::<CloudWatch, PutMetricData>()
        .orchestrate_data::<_, ListMetrics>(&reading)
        .orchestrate_data::<_, GetMetricStatistics>(&reading)
        .orchestrate_data::<_, GetMetricData>(&reading)
        .transact::<CloudWatch, PutDashboard>()
        .transact::<CloudWatch, GetDashboard>()
        .transact::<CloudWatch, ListDashboards>()
        .transact::<CloudWatch, DeleteDashboards>()
        .transact::<CloudWatch, TagResource>()
        .transact::<CloudWatch, UntagResource>()
        .transact::<CloudWatch, ListTagsForResource>()
        .handler(cloudformation::DashboardHandler)
        .task(Collect(Arc::clone(&collector)))
        .task(metrics::retention::Retain);
    alarms::register(registration, &collector)
}
