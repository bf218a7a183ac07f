//! SNS against a cloud in memory.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod access;
mod cloud;
mod cloudformation;
mod deliveries;
mod encryption;
mod filters;
mod links;
mod mail;
mod metrics;
mod publishing;
mod queues;
mod subscriptions;
mod topics;
