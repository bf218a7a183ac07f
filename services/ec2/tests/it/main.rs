//! EC2 on a cloud in memory: the real pipeline, authorization and store.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails should stop there"
)]

mod cloudformation;
mod config_items;
mod defaults;
mod network_acls;
mod network_interfaces;
mod permissions;
mod prefix_lists;
mod routes;
mod rule_changes;
mod rules;
mod security_groups;
mod support;
mod tags;
mod vpcs;
