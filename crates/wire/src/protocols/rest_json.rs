//! REST JSON: Lambda.

use super::json;
use super::rest::{self, Content, RestReader, Source, Style};
use crate::codec::{Codec, Read, Write};
use crate::formats::json::{Cursor, JsonReader, JsonWriter};
use crate::message::{ErrorContext, HttpRequest, HttpResponse, Incoming, set};
use crate::{ErrorResponse, Member, OperationSchema, Reader, Schema, ServiceSchema, ShapeError, Writer};
use names::RequestId;

pub(crate) struct RestJson;

const MEDIA: &str = "application/json";

struct JsonContent;

impl Content for JsonContent {
    fn document(
        &mut self,
        body: &[u8],
        schema: &'static Schema,
        member: &mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let mut cursor = Cursor::new(body);
        JsonReader::bound(&mut cursor).structure(schema, member)?;
        cursor.finish()
    }

    fn payload(
        &mut self,
        body: &[u8],
        _: &'static Member,
        read: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let mut cursor = Cursor::new(body);
        read(&mut JsonReader::new(&mut cursor))?;
        cursor.finish()
    }

    fn code(&self) -> &'static str {
        "SerializationException"
    }
}

fn payload(
    _: &'static Member,
    out: &mut Vec<u8>,
    value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
) -> Result<(), ShapeError> {
    value(&mut JsonWriter::new(out))
}

impl Codec for RestJson {
    fn decode_request(
        &self,
        _: &'static OperationSchema,
        incoming: &Incoming<'_>,
        read: Read<'_>,
    ) -> Result<(), ShapeError> {
        let Incoming { headers, query, labels, body } = *incoming;
        read(&mut RestReader::new(Source { headers, query, labels, status: 0, body }, &mut JsonContent))
    }

    fn encode_response(
        &self,
        operation: &'static OperationSchema,
        request_id: RequestId,
        write: Write<'_>,
    ) -> Result<HttpResponse, ShapeError> {
        let style = Style {
            media: MEDIA,
            bytes: "application/octet-stream",
            payload: &payload,
            document: &|out| write(&mut JsonWriter::bound(out)),
            absent: b"",
        };
        let mut response = rest::response(operation, write, &style)?;
        set(&mut response.headers, "x-amzn-requestid", &request_id.to_string());
        Ok(response)
    }

    fn encode_error(
        &self,
        _: &ServiceSchema,
        error: &ErrorResponse,
        context: &ErrorContext<'_>,
    ) -> HttpResponse {
        let mut response = json::error(error, context, MEDIA, false);
        set(&mut response.headers, "x-amzn-errortype", &error.code);
        response
    }

    fn encode_request(
        &self,
        operation: &'static OperationSchema,
        write: Write<'_>,
    ) -> Result<HttpRequest, ShapeError> {
        let style = Style {
            media: MEDIA,
            bytes: "application/octet-stream",
            payload: &payload,
            document: &|out| write(&mut JsonWriter::bound(out)),
            absent: b"{}",
        };
        rest::request(operation, write, &style)
    }

    fn decode_response(
        &self,
        _: &'static OperationSchema,
        response: &HttpResponse,
        read: Read<'_>,
    ) -> Result<(), ShapeError> {
        let HttpResponse { status, headers, body } = response;
        let source = Source { headers, query: "", labels: &[], status: *status, body };
        read(&mut RestReader::new(source, &mut JsonContent))
    }

    fn decode_error(&self, response: &HttpResponse) -> ErrorResponse {
        json::read_error(response)
    }
}
