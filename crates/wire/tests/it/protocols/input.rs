//! Requests: encode the parameters and compare; decode what the vector says and compare.

use super::compare;
use crate::dynamic::Value;
use crate::model;
use base64::Engine as _;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value as Json;
use wire::uri::Template;
use wire::{Body, Bytes, Incoming, Kind, Location, OperationSchema, Protocol, Schema, Shape};

pub(super) fn run(suite: &Json, case: &Json) -> Vec<(&'static str, Result<(), String>)> {
    let operation = model::operation(suite, &case["given"]);
    let protocol = model::protocol(suite);
    let params =
        Value::from_json(operation.input, &case["params"]).unwrap_or(Value::Structure(Default::default()));
    let encoded = encode(protocol, operation, &params, &case["serialized"]);
    let decoded = decode(protocol, operation, &params, &case["serialized"]);
    vec![("encode", encoded), ("decode", decoded)]
}

/// A vector's body; CBOR is printed in base64.
pub(super) fn body(protocol: Protocol, message: &Json) -> Vec<u8> {
    let text = message.get("body").and_then(Json::as_str).unwrap_or_default();
    if protocol == Protocol::Cbor {
        return base64::engine::general_purpose::STANDARD.decode(text).unwrap();
    }
    text.as_bytes().to_vec()
}

pub(super) fn headers(message: &Json) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in message.get("headers").and_then(Json::as_object).into_iter().flatten() {
        let value = HeaderValue::from_str(value.as_str().unwrap()).unwrap();
        headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value);
    }
    headers
}

/// A CBOR body as a value of a schema.
pub(super) fn cbor(schema: &'static Schema, bytes: &[u8]) -> Result<Value, String> {
    let operation = Box::leak(Box::new(OperationSchema { input: schema, ..copy(model::nothing()) }));
    let incoming = Incoming {
        headers: &HeaderMap::new(),
        query: "",
        labels: &[],
        body: &Body::from(Bytes::copy_from_slice(bytes)),
    };
    read(Protocol::Cbor, operation, &incoming)
}

fn copy(operation: &'static OperationSchema) -> OperationSchema {
    OperationSchema {
        name: operation.name,
        service: operation.service,
        http: wire::HttpBinding { method: "POST", uri: "/", status: 200 },
        input: operation.input,
        output: operation.output,
        result_wrapper: None,
        input_element: None,
        checksum_required: false,
        unsigned: false,
    }
}

fn read(
    protocol: Protocol,
    operation: &'static OperationSchema,
    incoming: &Incoming<'_>,
) -> Result<Value, String> {
    let mut value = None;
    let fresh = || "00000000-0000-4000-8000-000000000000".to_owned();
    wire::decode_with(protocol, operation, incoming, &fresh, &mut |reader| {
        value = Some(Value::read(operation.input, reader)?);
        Ok(())
    })
    .map_err(|error| format!("refused: {error}"))?;
    Ok(value.unwrap())
}

fn encode(
    protocol: Protocol,
    operation: &'static OperationSchema,
    params: &Value,
    expected: &Json,
) -> Result<(), String> {
    let mut params = params.clone();
    // Tokens are the caller's matter.
    if let Value::Structure(members) = &mut params {
        for (index, member) in
            operation.input.members().iter().enumerate().filter(|(_, member)| member.idempotency_token)
        {
            let _ = member;
            members
                .entry(index)
                .or_insert_with(|| Value::String("00000000-0000-4000-8000-000000000000".into()));
        }
    }
    let request =
        wire::encode_request_with(protocol, operation, &|writer| params.write(operation.input, writer))
            .map_err(|error| format!("not encoded: {error}"))?;
    let Body::Whole(actual) = &request.body else { return Err("a stream".into()) };
    if expected.get("body").is_some() {
        compare::bodies(protocol, &body(protocol, expected), actual, Some(operation.input))?;
    }
    if let Some(method) = expected.get("method").and_then(Json::as_str)
        && method != request.method
    {
        return Err(format!("method {}", request.method));
    }
    let uri = if request.query.is_empty() {
        request.path.clone()
    } else {
        format!("{}?{}", request.path, request.query)
    };
    let wanted = expected["uri"].as_str().unwrap_or_default();
    if uri != wanted {
        return Err(format!("uri\n  expected {wanted}\n  actual   {uri}"));
    }
    let listed = |name: &str| {
        let members = operation.input.members().iter();
        members
            .filter(|member| {
                member.location == Location::Header && member.wire_name.eq_ignore_ascii_case(name)
            })
            .any(|member| matches!(member.schema.kind, Kind::List { .. }))
    };
    for (name, value) in &headers(expected) {
        let found = request.headers.get(name).ok_or_else(|| format!("no header {name}"))?;
        let squeeze = |value: &HeaderValue| value.to_str().unwrap().replace(", ", ",");
        let form = name == "content-type" && matches!(protocol, Protocol::Query | Protocol::Ec2);
        let same = if form {
            found.to_str().unwrap().starts_with(value.to_str().unwrap())
        } else {
            found == value || listed(name.as_str()) && squeeze(found) == squeeze(value)
        };
        if !same {
            return Err(format!("header {name}\n  expected {value:?}\n  actual   {found:?}"));
        }
    }
    for name in expected.get("forbidHeaders").and_then(Json::as_array).into_iter().flatten() {
        let name = name.as_str().unwrap();
        if request.headers.contains_key(name) {
            return Err(format!("forbidden header {name}"));
        }
    }
    Ok(())
}

fn decode(
    protocol: Protocol,
    operation: &'static OperationSchema,
    params: &Value,
    message: &Json,
) -> Result<(), String> {
    let uri = message["uri"].as_str().unwrap();
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let rest = matches!(protocol, Protocol::RestJson | Protocol::RestXml);
    let template = Template::of(operation);
    let labels =
        if rest { template.matches(path, query).ok_or("the template does not match")? } else { Vec::new() };
    let incoming = Incoming {
        headers: &headers(message),
        query,
        labels: &labels,
        body: &Body::from(Bytes::from(body(protocol, message))),
    };
    let mut expected = params.clone();
    if let Value::Structure(members) = &mut expected {
        for (index, _) in
            operation.input.members().iter().enumerate().filter(|(_, member)| member.idempotency_token)
        {
            members
                .entry(index)
                .or_insert_with(|| Value::String("00000000-0000-4000-8000-000000000000".into()));
        }
    }
    compare::values(&expected, &read(protocol, operation, &incoming)?)
}
