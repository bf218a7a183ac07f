//! Verification and signing through the public interface: published vectors, botocore, tampering.

mod botocore;
mod speed;
mod support;
mod tampering;
mod vectors;
