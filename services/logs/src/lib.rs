//! Amazon CloudWatch Logs: groups, streams, events, and the search over them.
//!
//! What it is: the owner of log groups, streams and events, with retention, tags, deletion protection and the whole language of filter patterns
//! ([`pattern`]), and resource policies, which let services write. What it is not: metric filters, subscriptions, Insights, data protection and encryption by KMS keys are not built, entities
//! of events are judged and not kept, and no account monitors others.

mod cloudformation;
mod operations;
pub mod pattern;
mod state;

use contract::Registration;

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
        .transact::<Logs, api_logs::TestMetricFilter>()
        .transact::<Logs, api_logs::PutResourcePolicy>()
        .transact::<Logs, api_logs::DescribeResourcePolicies>()
        .transact::<Logs, api_logs::DeleteResourcePolicy>()
        .transact::<Logs, api_logs::TagResource>()
        .transact::<Logs, api_logs::UntagResource>()
        .transact::<Logs, api_logs::ListTagsForResource>()
        .transact::<Logs, api_logs::TagLogGroup>()
        .transact::<Logs, api_logs::UntagLogGroup>()
        .transact::<Logs, api_logs::ListTagsLogGroup>()
        .handler(cloudformation::log_group::LogGroupHandler)
        .handler(cloudformation::log_stream::LogStreamHandler)
}
