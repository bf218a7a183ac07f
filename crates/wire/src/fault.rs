//! Our own failures: what went wrong inside, for the log and never for the client.

use crate::{Document, ErrorResponse};
use std::fmt;
use std::sync::Arc;

/// Why a service failed by its own fault. `Debug` and `Display` print the chain of causes; the client gets none of it.
#[derive(Clone)]
pub struct FaultCause(Arc<dyn names::Fault>);

impl FaultCause {
    /// A fault with its cause.
    #[must_use]
    pub fn new(cause: impl names::Fault) -> Self {
        Self(Arc::new(cause))
    }

    /// The cause, with its own sources.
    #[must_use]
    pub fn cause(&self) -> &dyn names::Fault {
        &*self.0
    }
}

impl fmt::Display for FaultCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl fmt::Debug for FaultCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaultCause({self})")
    }
}

impl PartialEq for FaultCause {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What the client is told of a fault: status 500 and nothing of the cause.
#[must_use]
pub fn internal_failure(code: &'static str) -> ErrorResponse {
    ErrorResponse::new(
        code,
        "The request processing has failed because of an unknown error, exception or failure.",
        500,
    )
}

/// A further member of an error, where it is there and is text. Generated code calls it.
#[must_use]
pub fn error_member(error: &ErrorResponse, wire_name: &str) -> Option<String> {
    error_document(error, wire_name)?.as_str().map(str::to_owned)
}

/// A further member of an error, where it is there. Generated code calls it.
#[must_use]
pub fn error_document(error: &ErrorResponse, wire_name: &str) -> Option<Document> {
    error.members.iter().find(|(name, _)| *name == wire_name).map(|(_, value)| value.clone())
}

/// What macros of this crate need of crates that generated code does not import.
#[doc(hidden)]
pub mod private {
    pub use names::Fault;
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros write what API crates export")]
mod tests {
    use crate::{Document, ErrorResponse, Fault, ServiceError};

    crate::modelled_error! {
        /// `Gone`
        pub struct Gone { "Things.Gone", 410, Sender, Some("OldGone"), "message", reason = "Reason" }
    }
    crate::modelled_error! {
        /// `Busy`
        pub struct Busy { "Busy", 503, Receiver, None, "Message" }
    }
    crate::service_errors! { "InternalError", Gone, Busy }

    #[derive(Debug, thiserror::Error)]
    #[error("the disk is full")]
    struct Full(#[source] std::fmt::Error);
    impl names::Fault for Full {}

    fn failing() -> Result<(), Error> {
        Err(Full(std::fmt::Error))?
    }

    #[test]
    fn a_modelled_error_keeps_its_members_both_ways() {
        let error = Error::from(Gone { message: "It went".to_owned(), reason: Some("Age".to_owned()) });
        let response = error.clone().into_response();
        assert_eq!(
            (response.code.as_str(), response.status, response.fault),
            ("Things.Gone", 410, Fault::Sender)
        );
        assert_eq!(response.members, [("Reason", Document::String("Age".to_owned()))]);
        assert_eq!(response.query_code, Some("OldGone"));
        assert_eq!(Error::from_response(response), error);
    }

    #[test]
    fn a_message_that_the_model_names_otherwise_is_a_member() {
        let response = ErrorResponse::from(Busy::new("Later"));
        assert_eq!(response.members, [("Message", Document::String("Later".to_owned()))]);
        assert_eq!(Busy::from(response), Busy::new("Later"));
    }

    #[test]
    fn a_code_that_the_model_does_not_list_stays_common() {
        let response = ErrorResponse::sender("Odd", "It is odd");
        assert_eq!(Error::from_response(response.clone()), Error::Common(response.clone()));
        assert_eq!(Error::sender("Odd", "It is odd").into_response(), response);
    }

    #[test]
    fn a_fault_reaches_the_log_and_not_the_client() {
        let error = failing().unwrap_err();
        assert_eq!(error.fault().unwrap().to_string(), "the disk is full");
        assert!(format!("{error:?}").contains("the disk is full: an error occurred"), "{error:?}");
        let response = error.into_response();
        assert_eq!(
            (response.code.as_str(), response.status, response.fault),
            ("InternalError", 500, Fault::Receiver)
        );
        assert!(!response.message.contains("disk"));
    }

    #[test]
    fn a_modelled_error_prints_its_code_and_sentence() {
        assert_eq!(Error::from(Busy::new("Later")).to_string(), "Busy: Later");
    }
}
