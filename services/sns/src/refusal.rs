//! The errors of SNS, as AWS words them.

use api_sns::{
    AuthorizationErrorException, Error, InvalidParameterException, InvalidParameterValueException,
    NotFoundException,
};

/// `Invalid parameter: …`
pub(crate) fn invalid(what: impl std::fmt::Display) -> Error {
    InvalidParameterException::new(format!("Invalid parameter: {what}")).into()
}

/// A value of a message attribute.
pub(crate) fn invalid_value(message: impl Into<String>) -> Error {
    InvalidParameterValueException::new(message).into()
}

/// What AWS has and this cloud does not.
pub(crate) fn not_built(parameter: &str, what: &str) -> Error {
    invalid(format!("{parameter} Reason: {what} not built in Cloudchamber."))
}

pub(crate) fn no_topic() -> Error {
    NotFoundException::new("Topic does not exist").into()
}

pub(crate) fn no_subscription() -> Error {
    NotFoundException::new("Subscription does not exist").into()
}

pub(crate) fn not_owner() -> Error {
    AuthorizationErrorException::new("Account is not the owner of the subscription or of its topic").into()
}
