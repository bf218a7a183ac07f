//! Operations, by noun.

mod account;
mod alias;
mod concurrency;
mod event_invoke;
mod event_source_create;
mod event_source_mapping;
mod event_source_settings;
mod event_source_update;
mod function_code;
mod function_configuration;
mod function_create;
mod function_delete;
mod function_read;
mod invoke;
mod invoke_async;
mod layer;
mod layer_permission;
mod layer_read;
mod permission;
mod provisioned;
mod recursion;
mod runtime_management;
mod tag;
mod version;

pub(crate) use function_read::{Found, find};
pub(crate) use version::publish;
