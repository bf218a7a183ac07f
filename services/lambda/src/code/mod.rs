//! Deployment packages: where they come from, where they are kept, and how they are shown again.

mod cache;
mod link;
mod package;

pub(crate) use cache::{CodeCache, Unpacked};
pub(crate) use link::{Download, Links};
pub(crate) use package::{Given, Source, keep};

/// What a function and its layers may come to when unpacked, in bytes.
pub(crate) const LARGEST_UNPACKED: u64 = 262_144_000;
/// The largest package that comes in a request, in bytes.
pub(crate) const LARGEST_DIRECT: usize = 52_428_800;
