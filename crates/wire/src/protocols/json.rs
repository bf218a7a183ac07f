//! JSON over POST with `X-Amz-Target`: Config, Logs, and the new protocols of SQS, KMS …

use crate::codec::{Codec, Read, Write};
use crate::formats::json::{Cursor, JsonReader, JsonWriter, quote};
use crate::message::{ErrorContext, HttpRequest, HttpResponse, Incoming, set};
use crate::{Body, Document, ErrorResponse, Fault, OperationSchema, ServiceSchema, ShapeError};
use http::HeaderMap;
use names::RequestId;

/// Its two versions differ in nothing but the media type.
pub(crate) struct Json {
    pub(crate) version: &'static str,
}

impl Codec for Json {
    fn decode_request(
        &self,
        _: &'static OperationSchema,
        incoming: &Incoming<'_>,
        read: Read<'_>,
    ) -> Result<(), ShapeError> {
        read_body(incoming.body, read)
    }

    fn encode_response(
        &self,
        _: &'static OperationSchema,
        request_id: RequestId,
        write: Write<'_>,
    ) -> Result<HttpResponse, ShapeError> {
        let mut out = Vec::with_capacity(256);
        write(&mut JsonWriter::new(&mut out))?;
        let mut headers = HeaderMap::with_capacity(4);
        set(&mut headers, "content-type", self.version);
        set(&mut headers, "x-amzn-requestid", &request_id.to_string());
        Ok(HttpResponse { status: 200, headers, body: Body::Whole(out.into()) })
    }

    fn encode_error(
        &self,
        _: &ServiceSchema,
        error: &ErrorResponse,
        context: &ErrorContext<'_>,
    ) -> HttpResponse {
        error_response(error, context, self.version)
    }

    fn encode_request(
        &self,
        operation: &'static OperationSchema,
        write: Write<'_>,
    ) -> Result<HttpRequest, ShapeError> {
        let mut out = Vec::with_capacity(256);
        write(&mut JsonWriter::new(&mut out))?;
        let mut headers = HeaderMap::with_capacity(4);
        set(&mut headers, "content-type", self.version);
        let prefix = operation.service.target_prefix.unwrap_or_default();
        set(&mut headers, "x-amz-target", &format!("{prefix}.{}", operation.name));
        Ok(HttpRequest {
            method: "POST",
            path: "/".into(),
            query: String::new(),
            host_labels: super::host_labels(operation, write)?,
            headers,
            body: Body::Whole(out.into()),
        })
    }

    fn decode_response(
        &self,
        _: &'static OperationSchema,
        response: &HttpResponse,
        read: Read<'_>,
    ) -> Result<(), ShapeError> {
        read_body(&response.body, read)
    }

    fn decode_error(&self, response: &HttpResponse) -> ErrorResponse {
        read_error(response)
    }
}

/// A body that is one object; an empty one is an empty object.
fn read_body(body: &Body, read: Read<'_>) -> Result<(), ShapeError> {
    let bytes = super::whole(body)?;
    let bytes = if bytes.iter().all(u8::is_ascii_whitespace) { b"{}" } else { bytes };
    let mut cursor = Cursor::new(bytes);
    read(&mut JsonReader::new(&mut cursor))?;
    cursor.finish()
}

fn error_response(error: &ErrorResponse, context: &ErrorContext<'_>, media: &'static str) -> HttpResponse {
    self::error(error, context, media, true)
}

/// An error as JSON; `typed` adds `__type`.
pub(crate) fn error(
    error: &ErrorResponse,
    context: &ErrorContext<'_>,
    media: &'static str,
    typed: bool,
) -> HttpResponse {
    let mut out = b"{".to_vec();
    let mut write = |name: &str, value: &Document| {
        if out.len() > 1 {
            out.push(b',');
        }
        quote(name, &mut out);
        out.push(b':');
        // Writing into memory does not fail.
        let _ = serde_json::to_writer(&mut out, value);
    };
    if typed {
        write("__type", &Document::String(error.code.clone()));
    }
    for (name, value) in &error.members {
        write(name, value);
    }
    if !super::says_message(error) {
        write("message", &Document::String(error.message.clone()));
    }
    out.push(b'}');
    let mut headers = HeaderMap::with_capacity(4);
    set(&mut headers, "content-type", media);
    set(&mut headers, "x-amzn-requestid", &context.request_id.to_string());
    query_error(error, &mut headers);
    let body = if context.head { Body::default() } else { Body::Whole(out.into()) };
    HttpResponse { status: error.status, headers, body }
}

/// `x-amzn-query-error: Code;Sender`, from which SDKs of query-compatible services take the code.
pub(crate) fn query_error(error: &ErrorResponse, headers: &mut HeaderMap) {
    if let Some(code) = error.query_code {
        let fault = if error.fault == Fault::Sender { "Sender" } else { "Receiver" };
        set(headers, "x-amzn-query-error", &format!("{code};{fault}"));
    }
}

/// Reads an error of either JSON protocol.
pub(crate) fn read_error(response: &HttpResponse) -> ErrorResponse {
    let bytes = super::whole(&response.body).unwrap_or_default();
    let document = Document::parse_bytes(bytes).unwrap_or_default();
    let text = |names: &[&str]| names.iter().find_map(|name| document.get(name)?.as_str().map(str::to_owned));
    let header =
        response.headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let code =
        header.or_else(|| text(&["__type", "code", "Code"])).unwrap_or_else(|| response.status.to_string());
    let message = text(&["message", "Message", "errorMessage"]).unwrap_or_default();
    let mut error = ErrorResponse::new(bare(&code), message, response.status);
    super::query_fault(response, &mut error);
    error
}

/// `aws.protocoltests#FooError:http://…` is `FooError`.
pub(crate) fn bare(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default().trim()
}
