//! Rows.

pub(crate) mod changes;
pub(crate) mod drift;
pub(crate) mod event;
pub(crate) mod export;
pub(crate) mod recorded;
pub(crate) mod request;
pub(crate) mod resource;
pub(crate) mod stack;
