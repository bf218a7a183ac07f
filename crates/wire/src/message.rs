//! HTTP messages as the codecs see them.

use crate::{Body, OperationSchema};
use http::{HeaderMap, HeaderName, HeaderValue};
use names::RequestId;

/// The labels of a path, decoded: `Bucket`, `Key` …
pub type Labels = Vec<(&'static str, String)>;

/// What a request gives to its codec, after the gateway has recognized and authenticated it.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The raw query string, without `?`.
    pub query: &'a str,
    /// The labels that [`crate::uri::Template::matches`] found; empty for RPC protocols.
    pub labels: &'a [(&'static str, String)],
    /// The body: in memory unless [`streams_input`] holds. The gateway limits its size.
    pub body: &'a Body,
}

/// A request that a client would send: what [`crate::encode_request`] makes.
#[derive(Debug, Clone)]
pub struct HttpRequest {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// The raw path, percent-encoded.
    pub path: String,
    /// The raw query string, without `?`.
    pub query: String,
    /// What goes before the endpoint's host name (`endpoint.hostPrefix`'s labels, by member name).
    pub host_labels: Labels,
    /// The headers; neither `Host` nor the signature.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct HttpResponse {
    /// Its status.
    pub status: u16,
    /// Its headers; not `Content-Length`, which the gateway writes.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Body,
}

/// What an error is an answer to.
#[derive(Debug, Clone, Copy)]
pub struct ErrorContext<'a> {
    /// The id of the call.
    pub request_id: RequestId,
    /// The request was a HEAD: no body is sent.
    pub head: bool,
    /// The decoded path, which S3 repeats as `<Resource>`.
    pub resource: &'a str,
}

/// The operation's input holds a streamed body, which must not be collected before decoding.
#[must_use]
pub fn streams_input(operation: &OperationSchema) -> bool {
    operation.input.members().iter().any(|member| member.schema.is_streaming())
}

/// The operation's output holds a streamed body.
#[must_use]
pub fn streams_output(operation: &OperationSchema) -> bool {
    operation.output.members().iter().any(|member| member.schema.is_streaming())
}

/// S3's second request id, of the same entropy as the first: opaque base64 of 76 characters.
#[must_use]
pub fn extended_request_id(id: RequestId) -> String {
    use base64::Engine as _;
    let mut bytes = Vec::with_capacity(56);
    for round in 0..4_u8 {
        bytes.extend(
            id.0.iter().map(|byte| byte.rotate_left(u32::from(round) * 3) ^ (round.wrapping_mul(0x5b))),
        );
    }
    bytes.truncate(56);
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// S3's request id: sixteen digits and capitals.
#[must_use]
pub fn short_request_id(id: RequestId) -> String {
    id.0.iter().take(8).map(|byte| format!("{byte:02X}")).collect()
}

/// Sets a header of a static name; a value that HTTP forbids is left out.
pub(crate) fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
