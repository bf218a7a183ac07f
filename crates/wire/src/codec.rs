//! The server's side of the codecs, and the choice of one by protocol. All of it is `dyn` inside: an operation costs one call of its `read` or `write`.

use crate::check::{self, CheckedReader, Findings, Violation};
use crate::message::{ErrorContext, HttpRequest, HttpResponse, Incoming};
use crate::protocols;
use crate::{
    ErrorResponse, Operation, OperationSchema, Protocol, Reader, ServiceSchema, Shape, ShapeError, Writer,
};
use names::RequestId;

/// Builds a value from a reader.
pub type Read<'a> = &'a mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>;
/// Describes a value to a writer.
pub type Write<'a> = &'a dyn Fn(&mut dyn Writer) -> Result<(), ShapeError>;

/// One protocol, in both directions.
pub(crate) trait Codec: Sync {
    fn decode_request(
        &self,
        operation: &'static OperationSchema,
        incoming: &Incoming<'_>,
        read: Read<'_>,
    ) -> Result<(), ShapeError>;
    fn encode_response(
        &self,
        operation: &'static OperationSchema,
        request_id: RequestId,
        write: Write<'_>,
    ) -> Result<HttpResponse, ShapeError>;
    fn encode_error(
        &self,
        service: &ServiceSchema,
        error: &ErrorResponse,
        context: &ErrorContext<'_>,
    ) -> HttpResponse;
    fn encode_request(
        &self,
        operation: &'static OperationSchema,
        write: Write<'_>,
    ) -> Result<HttpRequest, ShapeError>;
    fn decode_response(
        &self,
        operation: &'static OperationSchema,
        response: &HttpResponse,
        read: Read<'_>,
    ) -> Result<(), ShapeError>;
    fn decode_error(&self, response: &HttpResponse) -> ErrorResponse;
}

pub(crate) fn codec(protocol: Protocol) -> &'static dyn Codec {
    match protocol {
        Protocol::Json10 => &protocols::json::Json { version: "application/x-amz-json-1.0" },
        Protocol::Json11 => &protocols::json::Json { version: "application/x-amz-json-1.1" },
        Protocol::Query => &protocols::query::Query,
        Protocol::Ec2 => &protocols::ec2::Ec2,
        Protocol::RestJson => &protocols::rest_json::RestJson,
        Protocol::RestXml => &protocols::rest_xml::RestXml,
        Protocol::Cbor => &protocols::cbor::Cbor,
    }
}

/// Decodes a request into its operation's input, fills idempotency tokens that are absent with `fresh` UUIDs and checks the model's constraints.
///
/// # Errors
/// The protocol family's error for malformed input (`SerializationException`, `MalformedQueryString`, `MalformedXML` …) and for violated constraints.
pub fn decode<I: Operation>(
    protocol: Protocol,
    incoming: &Incoming<'_>,
    fresh: &dyn Fn() -> String,
) -> Result<I, ErrorResponse> {
    let mut decoded = None;
    decode_with(protocol, I::SCHEMA, incoming, fresh, &mut |reader| {
        decoded = Some(I::read(I::SCHEMA.input, reader)?);
        Ok(())
    })?;
    decoded.ok_or_else(|| ErrorResponse::new("InternalFailure", "The codec did not read the request.", 500))
}

/// As [`decode`], for inputs whose type is known to `read` only.
///
/// # Errors
/// As [`decode`].
pub fn decode_with(
    protocol: Protocol,
    operation: &'static OperationSchema,
    incoming: &Incoming<'_>,
    fresh: &dyn Fn() -> String,
    read: Read<'_>,
) -> Result<(), ErrorResponse> {
    let mut findings = Findings::default();
    let decoded = codec(protocol).decode_request(operation, incoming, &mut |reader| {
        read(&mut CheckedReader::root(reader, &mut findings, fresh))
    });
    if let Err(error) = decoded {
        return Err(malformed(&error));
    }
    refuse(protocol, operation, &findings.violations)
}

/// Checks an input that did not come over the wire (a call of one service to another) as [`decode`] would have.
///
/// # Errors
/// The protocol family's error for violated constraints.
pub fn check_input<I: Operation>(protocol: Protocol, input: &I) -> Result<(), ErrorResponse> {
    refuse(protocol, I::SCHEMA, &check::check(input, I::SCHEMA.input))
}

/// As [`check_input`], for inputs whose type is known to `write` only.
///
/// # Errors
/// As [`check_input`].
pub fn check_input_with(
    protocol: Protocol,
    operation: &'static OperationSchema,
    write: Write<'_>,
) -> Result<(), ErrorResponse> {
    refuse(protocol, operation, &check::check_written(write))
}

/// Reads an input from a document whose members go by the model's names, as boto3 takes it, and checks it as [`decode_with`] does.
///
/// # Errors
/// `ParamValidationError` in boto3's words for members and types that the model has not; else as [`decode`].
pub fn from_document(
    protocol: Protocol,
    operation: &'static OperationSchema,
    document: &crate::Document,
    fresh: &dyn Fn() -> String,
    read: Read<'_>,
) -> Result<(), ErrorResponse> {
    let mut findings = Findings::default();
    let mut reader = crate::formats::document::DocumentReader::new(document);
    read(&mut CheckedReader::root(&mut reader, &mut findings, fresh)).map_err(|error| malformed(&error))?;
    refuse(protocol, operation, &findings.violations)
}

/// A value as a document whose members go by the model's names, as boto3 answers it: moments in ISO 8601, bytes as text or base64, streams `null`.
///
/// # Errors
/// Where `write` fails.
pub fn to_document(write: Write<'_>) -> Result<crate::Document, ShapeError> {
    let mut writer = crate::formats::document::DocumentWriter::default();
    write(&mut writer)?;
    Ok(writer.value)
}

/// JSON text of a value for the record of a call: sensitive members are hidden, bodies are told by their length.
///
/// # Errors
/// Where `write` fails.
pub fn record_json(write: Write<'_>) -> Result<String, ShapeError> {
    let mut out = Vec::new();
    write(&mut crate::formats::json::JsonWriter::for_record(&mut out))?;
    String::from_utf8(out).map_err(|error| ShapeError { code: "InternalFailure", message: error.to_string() })
}

fn refuse(
    protocol: Protocol,
    operation: &'static OperationSchema,
    violations: &[Violation],
) -> Result<(), ErrorResponse> {
    if violations.is_empty() {
        Ok(())
    } else {
        Err(check::sentence::refusal(protocol, operation, violations))
    }
}

fn malformed(error: &ShapeError) -> ErrorResponse {
    // What the codecs call InternalFailure is a mistake of ours, such as a body that was not collected.
    let status = if error.code == "InternalFailure" { 500 } else { 400 };
    ErrorResponse::new(error.code, error.message.clone(), status)
}

/// Encodes an operation's output.
///
/// # Errors
/// [`ShapeError`] where the protocol cannot carry the value (a header with a line break): the service's fault.
pub fn encode<I: Operation>(
    protocol: Protocol,
    output: &I::Output,
    request_id: RequestId,
) -> Result<HttpResponse, ShapeError> {
    encode_response(protocol, I::SCHEMA, request_id, &|writer| output.write(I::SCHEMA.output, writer))
}

/// As [`encode`], for outputs whose type is known to `write` only; `write` may be called more than once.
///
/// # Errors
/// As [`encode`].
pub fn encode_response(
    protocol: Protocol,
    operation: &'static OperationSchema,
    request_id: RequestId,
    write: Write<'_>,
) -> Result<HttpResponse, ShapeError> {
    codec(protocol).encode_response(operation, request_id, write)
}

/// Encodes an error as SDKs expect it. `error.message` is sent as `message` (`Message` in XML) unless `error.members` already holds a member of
/// that name in either case, which then is the one that is sent.
#[must_use]
pub fn encode_error(
    protocol: Protocol,
    service: &ServiceSchema,
    error: &ErrorResponse,
    context: &ErrorContext<'_>,
) -> HttpResponse {
    codec(protocol).encode_error(service, error, context)
}

/// Client: encodes an operation's input as a request, without host and signature.
///
/// # Errors
/// [`ShapeError`] where the protocol cannot carry the value (an empty label).
pub fn encode_request<I: Operation>(protocol: Protocol, input: &I) -> Result<HttpRequest, ShapeError> {
    encode_request_with(protocol, I::SCHEMA, &|writer| input.write(I::SCHEMA.input, writer))
}

/// As [`encode_request`], for inputs whose type is known to `write` only.
///
/// # Errors
/// As [`encode_request`].
pub fn encode_request_with(
    protocol: Protocol,
    operation: &'static OperationSchema,
    write: Write<'_>,
) -> Result<HttpRequest, ShapeError> {
    codec(protocol).encode_request(operation, write)
}

/// Client: decodes an answer into the operation's output.
///
/// # Errors
/// The service's error where the status says so; `SerializationException` where the answer cannot be read.
pub fn decode_response<I: Operation>(
    protocol: Protocol,
    response: &HttpResponse,
) -> Result<I::Output, ErrorResponse> {
    let mut decoded = None;
    decode_response_with(protocol, I::SCHEMA, response, &mut |reader| {
        decoded = Some(I::Output::read(I::SCHEMA.output, reader)?);
        Ok(())
    })?;
    decoded.ok_or_else(|| ErrorResponse::new("InternalFailure", "The codec did not read the response.", 500))
}

/// As [`decode_response`], for outputs whose type is known to `read` only.
///
/// # Errors
/// As [`decode_response`].
pub fn decode_response_with(
    protocol: Protocol,
    operation: &'static OperationSchema,
    response: &HttpResponse,
    read: Read<'_>,
) -> Result<(), ErrorResponse> {
    if response.status >= 300 && response.status != operation.http.status {
        return Err(codec(protocol).decode_error(response));
    }
    codec(protocol).decode_response(operation, response, read).map_err(|error| malformed(&error))
}
