//! Blobs on disk and in memory.

#![expect(clippy::unwrap_used, reason = "a test that fails should stop there")]

mod collection;
mod disk;
mod place;
mod sealed;
mod suite;
