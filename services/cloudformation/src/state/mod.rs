//! Rows.

pub(crate) mod event;
pub(crate) mod export;
pub(crate) mod resource;
pub(crate) mod stack;
