//! IAM and STS on the real pipeline, the memory store and a clock that tests move.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests are tests; clippy's exceptions know only functions with #[test]"
)]

mod accounts;
mod assume_role;
mod authorization;
mod boundaries;
mod groups;
mod identities;
mod items;
mod last_access;
mod login;
mod managed;
mod policies;
mod roles;
mod service_linked;
mod session;
mod signin;
mod simulation;
mod stacks;
mod support;
mod users;
mod validation;
