//! Rows.

pub(crate) mod event;
pub(crate) mod group;
pub(crate) mod policy;
pub(crate) mod stream;
