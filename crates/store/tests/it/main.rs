//! The contract of the store, on every backend; and what only the disk can get wrong.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails should stop there"
)]

mod cached;
mod closed;
mod concurrency;
mod crash;
mod disk;
mod feed;
mod history;
mod model;
mod place;
mod rows;
mod suite;
mod upkeep;
