//! Functions and what belongs to them, for CloudFormation: each handler sends the service's own operations as the stack's principal.

mod alias;
mod event_invoke_config;
mod event_source_mapping;
mod function;
mod function_properties;
mod layer_version;
mod layer_version_permission;
mod package;
mod permission;
mod version;

use contract::{HandlerFailure, Registration};
use wire::ErrorResponse;

/// The types.
pub(crate) fn handlers(registration: Registration) -> Registration {
    registration
        .handler(function::Function)
        .handler(version::Version)
        .handler(alias::Alias)
        .handler(permission::Permission)
        .handler(event_invoke_config::EventInvokeConfig)
        .handler(event_source_mapping::EventSourceMapping)
        .handler(layer_version::LayerVersion)
        .handler(layer_version_permission::LayerVersionPermission)
}

/// What is gone already is deleted.
fn gone<T>(deleted: Result<T, ErrorResponse>) -> Result<(), HandlerFailure> {
    match deleted {
        Err(error) if error.code.contains("NotFound") => Ok(()),
        other => other.map(drop).map_err(HandlerFailure::from),
    }
}

/// A value of an enum, or CloudFormation's sentence.
fn value<T: std::str::FromStr>(
    properties: &contract::Properties,
    name: &str,
) -> Result<Option<T>, HandlerFailure> {
    let Some(text) = properties.string(name)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        HandlerFailure::invalid(format!("{}/{name}: {text} is not a valid enum value", properties.path()))
    })
}

/// A whole number that fits the API.
fn number(properties: &contract::Properties, name: &str) -> Result<Option<i32>, HandlerFailure> {
    let Some(number) = properties.integer(name)? else { return Ok(None) };
    i32::try_from(number).map(Some).map_err(|_| {
        HandlerFailure::invalid(format!("{}/{name}: {number} is out of range", properties.path()))
    })
}
