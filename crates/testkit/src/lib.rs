//! A cloud in memory, for tests of services: the real pipeline, the memory store and a clock that tests move.
//!
//! What it is: [`TestCloud`] over any registrations, with identities that the test gives policies to ([`Identity`]). What it is not: it opens no
//! socket, and its identities are not IAM's (tests of IAM itself give their own).

mod cloud;
mod identities;

pub use cloud::{ACCOUNT, REGION, START, TestCloud};
pub use identities::{Identity, TestIdentities};
