//! Smithy's RPC v2 with CBOR: CloudWatch.

use crate::codec::{Codec, Read, Write};
use crate::formats::cbor::{CborReader, CborWriter, Cursor};
use crate::message::{ErrorContext, HttpRequest, HttpResponse, Incoming, set};
use crate::{Body, Document, ErrorResponse, OperationSchema, Reader, ServiceSchema, ShapeError};
use http::HeaderMap;
use names::RequestId;

pub(crate) struct Cbor;

const MEDIA: &str = "application/cbor";

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(4);
    set(&mut headers, "smithy-protocol", "rpc-v2-cbor");
    set(&mut headers, "content-type", MEDIA);
    headers
}

/// A body that is one map; an empty one is an empty map.
fn read_body(body: &Body, read: Read<'_>) -> Result<(), ShapeError> {
    let bytes = super::whole(body)?;
    let bytes = if bytes.is_empty() { &[0xa0] } else { bytes };
    let mut cursor = Cursor::new(bytes);
    read(&mut CborReader::new(&mut cursor))?;
    cursor.finish()
}

impl Codec for Cbor {
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
        write(&mut CborWriter::new(&mut out))?;
        let mut headers = headers();
        set(&mut headers, "x-amzn-requestid", &request_id.to_string());
        Ok(HttpResponse { status: 200, headers, body: Body::Whole(out.into()) })
    }

    fn encode_error(
        &self,
        _: &ServiceSchema,
        error: &ErrorResponse,
        context: &ErrorContext<'_>,
    ) -> HttpResponse {
        let mut out = Vec::new();
        let mut writer = CborWriter::new(&mut out);
        writer.open();
        writer.text("__type");
        writer.text(&error.code);
        if !super::says_message(error) {
            writer.text("message");
            writer.text(&error.message);
        }
        for (name, value) in &error.members {
            writer.text(name);
            writer.any(value);
        }
        writer.close();
        let mut headers = headers();
        set(&mut headers, "x-amzn-requestid", &context.request_id.to_string());
        super::json::query_error(error, &mut headers);
        let body = if context.head { Body::default() } else { Body::Whole(out.into()) };
        HttpResponse { status: error.status, headers, body }
    }

    fn encode_request(
        &self,
        operation: &'static OperationSchema,
        write: Write<'_>,
    ) -> Result<HttpRequest, ShapeError> {
        let mut headers = headers();
        set(&mut headers, "accept", MEDIA);
        let mut out = Vec::with_capacity(256);
        if operation.input.members().is_empty() {
            headers.remove("content-type");
        } else {
            write(&mut CborWriter::new(&mut out))?;
        }
        let prefix = operation.service.target_prefix.unwrap_or(operation.service.service_id);
        Ok(HttpRequest {
            method: "POST",
            path: format!("/service/{prefix}/operation/{}", operation.name),
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
        let bytes = super::whole(&response.body).unwrap_or_default();
        let mut cursor = Cursor::new(bytes);
        let document = CborReader::new(&mut cursor).document(&ANY).unwrap_or_default();
        let text = |name: &str| document.get(name).and_then(Document::as_str).map(str::to_owned);
        let code = text("__type").unwrap_or_else(|| response.status.to_string());
        let message = text("message").or_else(|| text("Message")).unwrap_or_default();
        let mut error = ErrorResponse::new(super::json::bare(&code), message, response.status);
        super::query_fault(response, &mut error);
        error
    }
}

static ANY: crate::Schema = crate::Schema::new("Error", crate::Kind::Document);
