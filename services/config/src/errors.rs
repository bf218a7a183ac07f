//! AWS's sentences, where several operations print them.

use api_config::{
    Error, InvalidParameterValueException, NoSuchConfigRuleException, NoSuchConfigurationRecorderException,
    NoSuchDeliveryChannelException, ResourceInUseException, ValidationException,
};
use wire::ErrorResponse;

/// A value that is not one.
pub(crate) fn invalid(message: impl Into<String>) -> Error {
    InvalidParameterValueException::new(message).into()
}

/// A value that is not one, of the operations that answer so.
pub(crate) fn validation(message: impl Into<String>) -> Error {
    ValidationException::new(message).into()
}

/// What AWS has and this cloud has not.
pub(crate) fn not_built(message: impl Into<String>) -> Error {
    Error::Common(ErrorResponse::new("NotImplemented", message, 501))
}

/// There is no such rule.
pub(crate) fn no_such_rule(name: &str) -> Error {
    NoSuchConfigRuleException::new(format!(
        "The ConfigRule '{name}' provided in the request is invalid. Please check the configRule name"
    ))
    .into()
}

/// The rule is going away.
pub(crate) fn rule_in_use(name: &str) -> Error {
    ResourceInUseException::new(format!(
        "The rule {name} is currently being deleted or its evaluation results are being deleted. Please retry later"
    ))
    .into()
}

/// There is no such recorder.
pub(crate) fn no_such_recorder(name: &str) -> Error {
    NoSuchConfigurationRecorderException::new(format!(
        "Cannot find configuration recorder with the specified name '{name}'."
    ))
    .into()
}

/// There is no such channel.
pub(crate) fn no_such_channel(name: &str) -> Error {
    NoSuchDeliveryChannelException::new(format!("Cannot find delivery channel with specified name '{name}'."))
        .into()
}
