//! EC2's errors: its codes and sentences as it prints them.

use api_ec2::Error;

/// A client's error.
pub(crate) fn refuse(code: &str, message: impl Into<String>) -> Error {
    Error::sender(code, message)
}

/// `InvalidParameterValue` with a sentence.
pub(crate) fn invalid_value(message: impl Into<String>) -> Error {
    refuse("InvalidParameterValue", message)
}

/// `Value (x) for parameter y is invalid. Why.`
pub(crate) fn invalid_parameter(value: impl std::fmt::Display, parameter: &str, why: &str) -> Error {
    let space = if why.is_empty() { "" } else { " " };
    invalid_value(format!("Value ({value}) for parameter {parameter} is invalid.{space}{why}"))
}

/// A text that is no CIDR block, in a parameter that takes one.
pub(crate) fn not_a_cidr(value: &str, parameter: &str) -> Error {
    invalid_parameter(value, parameter, "This is not a valid CIDR block.")
}

/// Parameters that exclude each other.
pub(crate) fn combination(message: impl Into<String>) -> Error {
    refuse("InvalidParameterCombination", message)
}

/// A parameter that must be there.
pub(crate) fn missing(parameter: &str) -> Error {
    refuse("MissingParameter", format!("The request must contain the parameter {parameter}"))
}

/// `The vpc 'vpc-1' has dependencies and cannot be deleted.`
pub(crate) fn has_dependencies(noun: &str, id: &str) -> Error {
    refuse("DependencyViolation", format!("The {noun} '{id}' has dependencies and cannot be deleted."))
}

/// What is not built, or is of a kind that does not exist here.
pub(crate) fn unsupported(message: impl Into<String>) -> Error {
    refuse("UnsupportedOperation", message)
}
