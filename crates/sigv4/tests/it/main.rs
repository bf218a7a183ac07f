//! Verification and signing through the public interface: published vectors, botocore, tampering.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may; clippy's own exception does not reach the functions that tests share"
)]

mod botocore;
mod speed;
mod support;
mod tampering;
mod vectors;
