//! KMS against a cloud in memory.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod access;
mod aliases;
mod cloud;
mod cloudformation;
mod encryption;
mod grants;
mod keys;
mod lifetimes;
mod macs;
mod managed;
mod policies;
