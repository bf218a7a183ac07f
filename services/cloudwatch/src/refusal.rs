//! The errors of CloudWatch, as AWS words them.

use api_cloudwatch::{
    Error, InvalidParameterCombinationException, InvalidParameterValueException, LimitExceededFault,
    MissingRequiredParameterException,
};

/// `InvalidParameterValue`.
pub(crate) fn invalid(message: impl Into<String>) -> Error {
    InvalidParameterValueException::new(message).into()
}

/// `InvalidParameterCombination`.
pub(crate) fn combination(message: impl Into<String>) -> Error {
    InvalidParameterCombinationException::new(message).into()
}

/// `MissingParameter`.
pub(crate) fn missing(message: impl Into<String>) -> Error {
    MissingRequiredParameterException::new(message).into()
}

/// `ValidationError`, which the model does not list.
pub(crate) fn validation(message: impl Into<String>) -> Error {
    Error::sender("ValidationError", message)
}

/// `LimitExceeded`.
pub(crate) fn limit_exceeded(message: impl Into<String>) -> Error {
    LimitExceededFault::new(message).into()
}
