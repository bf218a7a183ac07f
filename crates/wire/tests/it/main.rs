//! The codecs against the published protocol test vectors, against malformed input, and against themselves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy takes only functions with #[test] for tests"
)]

mod dynamic;
mod hostile;
mod model;
mod protocols;
mod round_trips;
mod sample;
mod server;
