//! Rows.

pub(crate) mod event;
pub(crate) mod group;
pub(crate) mod stream;
