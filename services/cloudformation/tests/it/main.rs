//! CloudFormation against a cloud of stand-in resource types.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails should stop there")]

mod access;
mod change_sets;
mod creation;
mod custom;
mod deletion;
mod drift;
mod failures;
mod nested;
mod refusals;
mod restart;
mod support;
mod timing;
mod update_rules;
mod updates;
mod views;
