//! SQS against a cloud in memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod access;
mod cloud;
mod cloudformation;
mod dead_letters;
mod encryption;
mod fifo;
mod gateway;
mod messages;
mod metrics;
mod queues;
mod wire_protocols;
