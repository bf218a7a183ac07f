//! CloudTrail against a cloud in memory.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod bridge;
mod cloud;
mod cloudformation;
mod deliveries;
mod destinations;
mod digests;
mod lookup;
mod trails;
