//! The errors of EventBridge, as AWS words them.

use api_events::{Error, LimitExceededException, ResourceNotFoundException};

/// `ValidationException`, which the model does not list.
pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::sender("ValidationException", message)
}

/// What AWS has and this cloud does not.
pub(crate) fn not_built(parameter: &str, what: &str) -> Error {
    invalid(format!("Parameter {parameter} is not valid. Reason: {what} not built in Cloudchamber."))
}

pub(crate) fn no_bus(name: &str) -> Error {
    ResourceNotFoundException::new(format!("Event bus {name} does not exist.")).into()
}

pub(crate) fn no_rule(name: &str, bus: &str) -> Error {
    ResourceNotFoundException::new(format!("Rule {name} does not exist on EventBus {bus}.")).into()
}

pub(crate) fn limit_exceeded() -> Error {
    LimitExceededException::new("The requested resource exceeds the maximum number allowed.").into()
}
