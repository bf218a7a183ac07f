//! IAM and STS on the real pipeline, the memory store and a clock that tests move.

mod accounts;
mod assume_role;
mod authorization;
mod boundaries;
mod groups;
mod identities;
mod items;
mod login;
mod managed;
mod policies;
mod roles;
mod service_linked;
mod session;
mod support;
mod users;
