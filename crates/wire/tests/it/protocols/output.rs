//! Answers: decode what the vector says and compare; encode that and decode it again.

use super::{compare, input};
use crate::dynamic::Value;
use crate::model;
use serde_json::Value as Json;
use wire::{Body, Bytes, ErrorContext, ErrorResponse, HttpResponse, OperationSchema, Protocol, Shape};

const ID: names::RequestId = names::RequestId([7; 16]);

pub(super) fn run(suite: &Json, case: &Json) -> Vec<(&'static str, Result<(), String>)> {
    let operation = model::operation(suite, &case["given"]);
    let protocol = model::protocol(suite);
    let response = &case["response"];
    let response = HttpResponse {
        status: u16::try_from(response["status_code"].as_u64().unwrap()).unwrap(),
        headers: input::headers(response),
        body: Body::from(Bytes::from(input::body(protocol, response))),
    };
    if case.get("error").is_some() {
        return error(protocol, operation, case, &response);
    }
    let expected =
        Value::from_json(operation.output, &case["result"]).unwrap_or(Value::Structure(Default::default()));
    let decoded = read(protocol, operation, &response).and_then(|actual| compare::values(&expected, &actual));
    let encoded =
        wire::encode_response(protocol, operation, ID, &|writer| expected.write(operation.output, writer))
            .map_err(|error| format!("not encoded: {error}"))
            .and_then(|response| read(protocol, operation, &response))
            .and_then(|actual| compare::values(&expected, &actual));
    vec![("decode", decoded), ("encode", encoded)]
}

fn read(
    protocol: Protocol,
    operation: &'static OperationSchema,
    response: &HttpResponse,
) -> Result<Value, String> {
    let mut value = None;
    wire::decode_response_with(protocol, operation, response, &mut |reader| {
        value = Some(Value::read(operation.output, reader)?);
        Ok(())
    })
    .map_err(|error| format!("refused: {error}"))?;
    Ok(value.unwrap())
}

fn error(
    protocol: Protocol,
    operation: &'static OperationSchema,
    case: &Json,
    response: &HttpResponse,
) -> Vec<(&'static str, Result<(), String>)> {
    let failure =
        |response: &HttpResponse| match wire::decode_response_with(protocol, operation, response, &mut |_| {
            Ok(())
        }) {
            Ok(()) => Err("was taken for a success".to_owned()),
            Err(error) => Ok(error),
        };
    let code = case.get("errorCode").and_then(Json::as_str).unwrap_or_default();
    let message = case.get("errorMessage").and_then(Json::as_str).unwrap_or_default();
    let matches = |error: &ErrorResponse| {
        // Some vectors say nothing of the message.
        if error.code == code && (message.is_empty() || error.message == message) {
            Ok(())
        } else {
            Err(format!("{code}: {message}, but {error:?}"))
        }
    };
    let decoded = failure(response).and_then(|error| matches(&error));
    let original = ErrorResponse::new(code, message, response.status);
    let context = ErrorContext { request_id: ID, head: false, resource: "/" };
    let encoded = wire::encode_error(protocol, operation.service, &original, &context);
    let encoded = failure(&encoded).and_then(|error| matches(&error));
    vec![("decode", decoded), ("encode", encoded)]
}
