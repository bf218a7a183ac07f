//! One file a resource type.

pub(crate) mod log_group;
pub(crate) mod log_stream;
