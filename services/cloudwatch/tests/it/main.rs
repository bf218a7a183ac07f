//! CloudWatch against a cloud in memory.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod alarms;
mod alarms_cloud;
mod alarms_cloudformation;
mod alarms_composite;
mod alarms_refusals;
mod dashboards;
mod metrics_access;
mod metrics_cloud;
mod metrics_kept;
mod metrics_putting;
mod metrics_reading;
