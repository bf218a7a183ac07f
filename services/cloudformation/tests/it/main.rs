//! CloudFormation against a cloud of stand-in resource types.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails should stop there")]

mod access;
mod creation;
mod deletion;
mod failures;
mod refusals;
mod restart;
mod support;
mod timing;
mod views;
