//! The six protocols: how each puts syntaxes and HTTP together, in both directions.

pub(crate) mod cbor;
pub(crate) mod ec2;
pub(crate) mod json;
pub(crate) mod query;
pub(crate) mod rest;
pub(crate) mod rest_json;
pub(crate) mod rest_xml;

use crate::codec::Write;
use crate::message::HttpResponse;
use crate::{Body, ErrorResponse, Fault, Labels, OperationSchema, ShapeError};

/// The bytes of a body that must have been collected.
fn whole(body: &Body) -> Result<&[u8], ShapeError> {
    match body {
        Body::Whole(bytes) => Ok(bytes),
        Body::Stream(..) => Err(ShapeError {
            code: "InternalFailure",
            message: "The body was not collected, though the operation streams none.".to_owned(),
        }),
    }
}

/// One of the error's own members is its message.
fn says_message(error: &ErrorResponse) -> bool {
    error.members.iter().any(|(name, _)| name.eq_ignore_ascii_case("message"))
}

/// The members that go into the host name; a second walk, and only where the input has some.
fn host_labels(operation: &'static OperationSchema, write: Write<'_>) -> Result<Labels, ShapeError> {
    if !operation.input.members().iter().any(|member| member.host_label) {
        return Ok(Labels::new());
    }
    let mut written = rest::Written::default();
    write(&mut rest::RestWriter::new(operation.input, &mut written, &|_, _, _| Ok(())))?;
    Ok(written.host_labels)
}

/// Takes the fault from `x-amzn-query-error`, and the code, as SDKs do.
fn query_fault(response: &HttpResponse, error: &mut ErrorResponse) {
    let header = response.headers.get("x-amzn-query-error").and_then(|value| value.to_str().ok());
    if let Some((code, fault)) = header.and_then(|text| text.split_once(';')) {
        code.clone_into(&mut error.code);
        error.fault = if fault == "Sender" { Fault::Sender } else { Fault::Receiver };
    }
}
