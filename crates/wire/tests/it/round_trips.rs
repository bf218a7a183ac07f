//! What one side writes the other reads, in every protocol and both ways.

use crate::dynamic::Value;
use crate::sample::{PROTOCOLS, operation, value};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wire::{Incoming, OperationSchema, Protocol, Shape};

fn request(protocol: Protocol, operation: &'static OperationSchema, value: &Value) -> Result<Value, String> {
    let request = wire::encode_request_with(protocol, operation, &|writer| value.write(operation.input, writer))
        .map_err(|error| error.to_string())?;
    let incoming = Incoming { headers: &request.headers, query: &request.query, labels: &[], body: &request.body };
    let mut read = None;
    wire::decode_with(protocol, operation, &incoming, &String::new, &mut |reader| {
        read = Some(Value::read(operation.input, reader)?);
        Ok(())
    })
    .map_err(|error| error.to_string())?;
    Ok(read.unwrap())
}

fn response(protocol: Protocol, operation: &'static OperationSchema, value: &Value) -> Result<Value, String> {
    let id = names::RequestId([1; 16]);
    let response = wire::encode_response(protocol, operation, id, &|writer| value.write(operation.output, writer))
        .map_err(|error| error.to_string())?;
    let mut read = None;
    wire::decode_response_with(protocol, operation, &response, &mut |reader| {
        read = Some(Value::read(operation.output, reader)?);
        Ok(())
    })
    .map_err(|error| error.to_string())?;
    Ok(read.unwrap())
}

fn check(protocol: Protocol) {
    let operation = operation(protocol);
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    runner
        .run(&value(operation.input, false), |value| {
            prop_assert_eq!(request(protocol, operation, &value), Ok(value.clone()));
            prop_assert_eq!(response(protocol, operation, &value), Ok(value.clone()));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{protocol:?}: {error}"));
}

#[test]
fn every_protocol_carries_every_value() {
    for (protocol, ..) in PROTOCOLS {
        check(protocol);
    }
}
