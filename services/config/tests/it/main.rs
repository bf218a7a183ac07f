//! AWS Config against a cloud in memory, with stand-ins for what it calls.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests: what is not there fails them"
)]

mod cloud;
mod cloudformation;
mod compliance;
mod conformance;
mod delivery;
mod evaluation;
mod event_bridge;
mod managed;
mod peers;
mod recorders;
mod recording;
mod resources;
mod rules;
mod schedule;
mod settling;
mod tokens;
