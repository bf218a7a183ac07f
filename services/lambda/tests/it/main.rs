//! Lambda on a cloud in memory, with a runtime that the test scripts, and with the real sandbox where the machine has one.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod accounts;
mod asynchronous;
mod cloudformation;
mod collection;
mod configuration;
mod event_source_settings;
mod event_sources;
mod functions;
mod invocations;
mod layers;
mod metrics;
mod permissions;
mod real;
mod refusals;
mod stand_ins;
mod stream_stand_in;
mod streams;
mod support;
mod versions;
