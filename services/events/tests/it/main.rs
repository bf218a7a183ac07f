//! EventBridge against a cloud in memory.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod access;
mod buses;
mod cloud;
mod cloudformation;
mod deliveries;
mod forwarding;
mod metrics;
mod peers;
mod putting;
mod rules;
mod schedules;
mod targets;
