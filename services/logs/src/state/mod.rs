//! Rows.

pub(crate) mod event;
pub(crate) mod group;
pub(crate) mod metric_filter;
pub(crate) mod policy;
pub(crate) mod query;
pub(crate) mod query_definition;
pub(crate) mod stream;
pub(crate) mod subscription_filter;
