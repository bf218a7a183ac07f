use crate::codec::{Codec, Read, Write};
use crate::message::{ErrorContext, HttpRequest, HttpResponse, Incoming};
use crate::{ErrorResponse, OperationSchema, ServiceSchema, ShapeError};
use names::RequestId;

pub(crate) struct RestJson;

const LATER: ShapeError = ShapeError { code: "NotImplemented", message: String::new() };

impl Codec for RestJson {
    fn decode_request(&self, _: &'static OperationSchema, _: &Incoming<'_>, _: Read<'_>) -> Result<(), ShapeError> {
        Err(LATER)
    }
    fn encode_response(&self, _: &'static OperationSchema, _: RequestId, _: Write<'_>) -> Result<HttpResponse, ShapeError> {
        Err(LATER)
    }
    fn encode_error(&self, _: &ServiceSchema, error: &ErrorResponse, _: &ErrorContext<'_>) -> HttpResponse {
        HttpResponse { status: error.status, headers: http::HeaderMap::new(), body: crate::Body::default() }
    }
    fn encode_request(&self, _: &'static OperationSchema, _: Write<'_>) -> Result<HttpRequest, ShapeError> {
        Err(LATER)
    }
    fn decode_response(&self, _: &'static OperationSchema, _: &HttpResponse, _: Read<'_>) -> Result<(), ShapeError> {
        Err(LATER)
    }
    fn decode_error(&self, response: &HttpResponse) -> ErrorResponse {
        ErrorResponse::new("UnknownError", "", response.status)
    }
}
