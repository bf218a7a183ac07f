//! The errors of SQS, as AWS words them.

use api_sqs::{
    Error, InvalidAddress, InvalidAttributeName, InvalidAttributeValue, QueueDoesNotExist,
    ReceiptHandleIsInvalid,
};
use wire::{ErrorResponse, ServiceError};

/// `InvalidParameterValue`, which is in no model: its name in JSON is another one than in the query protocol.
pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::from_response(ErrorResponse {
        query_code: Some("InvalidParameterValue"),
        ..ErrorResponse::sender("InvalidParameterValueException", message)
    })
}

/// `Value … for parameter … is invalid. Reason: …`
pub(crate) fn invalid_value(
    value: impl std::fmt::Display,
    parameter: &str,
    reason: impl std::fmt::Display,
) -> Error {
    invalid(format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}"))
}

/// `MissingParameter`, which is in no model.
pub(crate) fn missing(parameter: &str) -> Error {
    Error::from_response(ErrorResponse {
        query_code: Some("MissingParameter"),
        ..ErrorResponse::sender(
            "MissingRequiredParameterException",
            format!("The request must contain the parameter {parameter}."),
        )
    })
}

pub(crate) fn no_queue() -> Error {
    QueueDoesNotExist::new("The specified queue does not exist.").into()
}

pub(crate) fn no_address(url: &str) -> Error {
    let shown: String = url.chars().take(256).collect();
    InvalidAddress::new(format!("The address {shown} is not valid for this endpoint.")).into()
}

pub(crate) fn unknown_attribute(name: &str) -> Error {
    let shown: String = name.chars().take(256).collect();
    InvalidAttributeName::new(format!("Unknown Attribute {shown}.")).into()
}

pub(crate) fn attribute_value(name: &str) -> Error {
    InvalidAttributeValue::new(format!("Invalid value for the parameter {name}.")).into()
}

pub(crate) fn no_receipt(handle: &str) -> Error {
    let shown: String = handle.chars().take(256).collect();
    ReceiptHandleIsInvalid::new(format!(
        "The input receipt handle \"{shown}\" is not a valid receipt handle."
    ))
    .into()
}
