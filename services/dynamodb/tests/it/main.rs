//! DynamoDB against a cloud in memory.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod access;
mod backups;
mod batches;
mod cloud;
mod cloudformation;
mod items;
mod metrics;
mod reads;
mod streams;
mod tables;
