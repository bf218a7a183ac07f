//! AWS's sentences, where several operations print them.

use crate::document::Fault;
use api_ssm::{
    AutomationExecutionNotFoundException, Error, InvalidAutomationExecutionParametersException,
    InvalidDocument, InvalidDocumentContent, InvalidDocumentSchemaVersion,
};
use wire::ErrorResponse;

/// What AWS has and this cloud has not.
pub(crate) fn not_built(message: impl Into<String>) -> Error {
    Error::Common(ErrorResponse::new("NotImplemented", message, 501))
}

/// A value that the model does not speak of.
pub(crate) fn validation(message: impl Into<String>) -> Error {
    Error::Common(ErrorResponse::sender("ValidationException", message))
}

pub(crate) fn no_document(name: &str) -> Error {
    InvalidDocument::new(format!("Document with name {name} does not exist.")).into()
}

pub(crate) fn bad_parameters(message: impl Into<String>) -> Error {
    InvalidAutomationExecutionParametersException::new(message).into()
}

pub(crate) fn no_execution(id: &str) -> Error {
    AutomationExecutionNotFoundException::new(format!("Automation execution with id {id} does not exist."))
        .into()
}

/// A document that is none.
pub(crate) fn refused(fault: Fault) -> Error {
    match fault {
        Fault::Content(message) => InvalidDocumentContent::new(message).into(),
        Fault::Version(message) => InvalidDocumentSchemaVersion::new(message).into(),
        Fault::NotBuilt(message) => not_built(message),
    }
}

/// What a caller may not, as the service itself or KMS says it.
pub(crate) fn access_denied(message: impl Into<String>) -> Error {
    Error::Common(ErrorResponse::sender("AccessDeniedException", message))
}
