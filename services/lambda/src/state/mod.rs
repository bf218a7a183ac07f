//! Rows.

pub(crate) mod alias;
pub(crate) mod configuration;
mod describe;
pub(crate) mod event_invoke;
pub(crate) mod event_source_mapping;
pub(crate) mod function;
pub(crate) mod layer;
mod live;
pub(crate) mod permission;
pub(crate) mod provisioned;
pub(crate) mod version;

pub(crate) use alias::Alias;
pub(crate) use configuration::{Code, Configuration, LayerUse, Logging, Vpc};
pub(crate) use event_invoke::EventInvoke;
pub(crate) use event_source_mapping::{EventSourceMapping, StreamPosition};
pub(crate) use function::{Function, RuntimeManagement};
pub(crate) use layer::{Layer, LayerVersion};
pub(crate) use live::live_blobs;
pub(crate) use permission::{Permissions, Statement};
pub(crate) use provisioned::Provisioned;
pub(crate) use version::Version;
