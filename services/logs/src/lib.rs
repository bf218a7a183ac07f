//! Amazon CloudWatch Logs: groups, streams, events, and the search over them.
//!
//! What it is: the owner of log groups, streams and events, with retention, tags, deletion protection and the whole language of filter patterns
//! ([`pattern`]); resource policies, which let services write; metric filters (`metric`), which measure what is put; subscription filters
//! (`delivery`), which send it to functions; and Logs Insights: its query language (`insights`) and the queries at work (`running`).
//! What it is not: subscriptions of streams and logical destinations, transformers, field indexes, data protection and encryption by KMS keys are
//! not built, Insights speaks neither SQL nor PPL, entities of events are judged and not kept, and no account monitors others.

mod cloudformation;
mod delivery;
mod insights;
mod metric;
mod metrics;
mod operations;
pub mod pattern;
mod pointer;
mod running;
mod state;

use contract::Registration;
use std::sync::Arc;

/// The service whose operations this crate serves.
pub struct Logs;

/// The table of contents.
#[must_use]
pub fn registration() -> Registration {
    Registration::new(&api_logs::SERVICE)
        .transact::<Logs, api_logs::CreateLogGroup>()
        .transact::<Logs, api_logs::DeleteLogGroup>()
        .transact::<Logs, api_logs::DescribeLogGroups>()
        .transact::<Logs, api_logs::ListLogGroups>()
        .transact::<Logs, api_logs::PutRetentionPolicy>()
        .transact::<Logs, api_logs::DeleteRetentionPolicy>()
        .transact::<Logs, api_logs::PutLogGroupDeletionProtection>()
        .transact::<Logs, api_logs::CreateLogStream>()
        .transact::<Logs, api_logs::DeleteLogStream>()
        .transact::<Logs, api_logs::DescribeLogStreams>()
        .transact_data::<Logs, api_logs::PutLogEvents>()
        .transact_data::<Logs, api_logs::GetLogEvents>()
        .transact_data::<Logs, api_logs::FilterLogEvents>()
        .transact::<Logs, api_logs::PutMetricFilter>()
        .transact::<Logs, api_logs::DescribeMetricFilters>()
        .transact::<Logs, api_logs::DeleteMetricFilter>()
        .transact::<Logs, api_logs::TestMetricFilter>()
        .orchestrate::<Logs, api_logs::PutSubscriptionFilter>(&Arc::new(Logs))
        .transact::<Logs, api_logs::DescribeSubscriptionFilters>()
        .transact::<Logs, api_logs::DeleteSubscriptionFilter>()
        .transact::<Logs, api_logs::StartQuery>()
        .transact::<Logs, api_logs::StopQuery>()
        .transact::<Logs, api_logs::DescribeQueries>()
        .transact::<Logs, api_logs::GetQueryResults>()
        .transact::<Logs, api_logs::GetLogRecord>()
        .transact::<Logs, api_logs::GetLogGroupFields>()
        .transact::<Logs, api_logs::PutQueryDefinition>()
        .transact::<Logs, api_logs::DescribeQueryDefinitions>()
        .transact::<Logs, api_logs::DeleteQueryDefinition>()
        .transact::<Logs, api_logs::PutResourcePolicy>()
        .transact::<Logs, api_logs::DescribeResourcePolicies>()
        .transact::<Logs, api_logs::DeleteResourcePolicy>()
        .transact::<Logs, api_logs::TagResource>()
        .transact::<Logs, api_logs::UntagResource>()
        .transact::<Logs, api_logs::ListTagsForResource>()
        .transact::<Logs, api_logs::TagLogGroup>()
        .transact::<Logs, api_logs::UntagLogGroup>()
        .transact::<Logs, api_logs::ListTagsLogGroup>()
        .task(delivery::Deliver)
        .task(running::Run::default())
        .resource::<state::group::LogGroup>()
        .handler(cloudformation::log_group::LogGroupHandler)
        .handler(cloudformation::log_stream::LogStreamHandler)
        .handler(cloudformation::metric_filter::MetricFilterHandler)
        .handler(cloudformation::subscription_filter::SubscriptionFilterHandler)
}
