//! Lambda's errors: its codes and sentences as it prints them.

use api_lambda::{
    Error, InvalidParameterValueException, PreconditionFailedException, RecursiveInvocationException,
    ResourceConflictException, ResourceInUseException, ResourceNotFoundException, ServiceException,
    TooManyRequestsException,
};
use wire::ErrorResponse;

const USER: &str = "User";

/// `InvalidParameterValueException` with a sentence.
pub(crate) fn invalid(message: impl Into<String>) -> Error {
    InvalidParameterValueException { message: message.into(), r#type: Some(USER.into()) }.into()
}

/// What AWS has and this cloud does not.
pub(crate) fn not_built(what: &str) -> Error {
    invalid(format!("{what} is not built in Cloudchamber. Leave it out."))
}

/// `ResourceNotFoundException` with a sentence.
pub(crate) fn not_found(message: impl Into<String>) -> Error {
    ResourceNotFoundException { message: message.into(), r#type: Some(USER.into()) }.into()
}

/// `Function not found: arn:…`
pub(crate) fn function_not_found(arn: impl std::fmt::Display) -> Error {
    not_found(format!("Function not found: {arn}"))
}

/// `ResourceConflictException` with a sentence.
pub(crate) fn conflict(message: impl Into<String>) -> Error {
    ResourceConflictException { message: message.into(), r#type: Some(USER.into()) }.into()
}

/// `ResourceInUseException`: the event source mapping is on its way out.
pub(crate) fn mapping_in_use() -> Error {
    ResourceInUseException {
        message: "Cannot update the event source mapping because it is in use.".into(),
        r#type: Some(USER.into()),
    }
    .into()
}

/// The revision that the caller knows is not the present one; `api` is the call that answers it.
pub(crate) fn stale_revision(api: &str) -> Error {
    let message = format!(
        "The Revision Id provided does not match the latest Revision Id. Call the {api} API to retrieve the latest Revision Id"
    );
    PreconditionFailedException { message, r#type: Some(USER.into()) }.into()
}

/// Our own failure that its user can do something about (no Python …): status 500 with its sentence.
pub(crate) fn service_failure(message: impl Into<String>) -> Error {
    ServiceException { message: message.into(), r#type: Some("Service".into()) }.into()
}

/// A denial that is not the caller's own.
pub(crate) fn access_denied(message: impl Into<String>) -> Error {
    Error::Common(ErrorResponse::new("AccessDeniedException", message, 403))
}

/// The function was run too often in one chain of calls.
pub(crate) fn recursive_loop() -> Error {
    let message = "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped \
                   your function's invocation.";
    RecursiveInvocationException { message: message.into(), r#type: Some(USER.into()) }.into()
}

/// Why an invocation is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Throttle {
    /// The function's reserved concurrency is used up, or zero.
    Reserved,
    /// The account's concurrency is used up.
    Account,
}

/// `TooManyRequestsException`, status 429.
pub(crate) fn throttled(throttle: Throttle) -> Error {
    let reason = match throttle {
        Throttle::Reserved => "ReservedFunctionConcurrentInvocationLimitExceeded",
        Throttle::Account => "ConcurrentInvocationLimitExceeded",
    };
    TooManyRequestsException {
        message: "Rate Exceeded.".into(),
        r#type: Some(USER.into()),
        reason: Some(reason.into()),
    }
    .into()
}
