//! Metrics: how they are kept, read and reckoned with.

pub(crate) mod collect;
pub(crate) mod query;
pub(crate) mod read;
pub(crate) mod record;
pub(crate) mod retention;
pub(crate) mod statistic;
pub(crate) mod summary;
