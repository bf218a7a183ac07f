//! Work that takes its time: items that end, records that grow old, what is left of deleted tables.

mod expire;
mod forget;
mod purge;
mod trim;

pub(crate) use expire::Expire;
pub(crate) use forget::Forget;
pub(crate) use purge::Purge;
pub(crate) use trim::Trim;
