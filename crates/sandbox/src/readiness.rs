//! Waiting until a descriptor can be read.

#![allow(
    unsafe_code,
    reason = "tokio cannot know that a descriptor stays what it is; for an owned one it does"
)]

use std::io;
use std::os::fd::OwnedFd;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Lets the runtime watch a descriptor. To be called inside a tokio runtime.
pub(crate) fn watch(descriptor: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: an `OwnedFd` is open and refers to the same thing until it is dropped, which the `AsyncFd` does last, and it
    // gives the same number every time.
    unsafe { AsyncFd::register_with_interest(descriptor, Interest::READABLE) }.map_err(io::Error::from)
}
