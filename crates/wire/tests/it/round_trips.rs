//! What one side writes the other reads, in every protocol and both ways.

use crate::dynamic::Value;
use crate::model;
use crate::sample::{PROTOCOLS, operation, value};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value as Json;
use wire::uri::Template;
use wire::{Incoming, OperationSchema, Protocol, Shape};

fn request(protocol: Protocol, operation: &'static OperationSchema, value: &Value) -> Result<Value, String> {
    let request =
        wire::encode_request_with(protocol, operation, &|writer| value.write(operation.input, writer))
            .map_err(|error| error.to_string())?;
    let labels = Template::of(operation).matches(&request.path, &request.query).unwrap_or_default();
    let incoming =
        Incoming { headers: &request.headers, query: &request.query, labels: &labels, body: &request.body };
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
    let response =
        wire::encode_response(protocol, operation, id, &|writer| value.write(operation.output, writer))
            .map_err(|error| error.to_string())?;
    let mut read = None;
    wire::decode_response_with(protocol, operation, &response, &mut |reader| {
        read = Some(Value::read(operation.output, reader)?);
        Ok(())
    })
    .map_err(|error| error.to_string())?;
    Ok(read.unwrap())
}

fn check(protocol: Protocol, operation: &'static OperationSchema, cases: u32) {
    let config = || Config { cases, max_shrink_iters: 2000, failure_persistence: None, ..Config::default() };
    TestRunner::new(config())
        .run(&value(operation.input, false), |value| {
            prop_assert_eq!(request(protocol, operation, &value), Ok(value));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{} in {protocol:?}, request: {error}", operation.name));
    TestRunner::new(config())
        .run(&value(operation.output, false), |value| {
            prop_assert_eq!(response(protocol, operation, &value), Ok(value));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{} in {protocol:?}, response: {error}", operation.name));
}

#[test]
fn every_protocol_carries_every_value() {
    for (protocol, ..) in PROTOCOLS {
        check(protocol, operation(protocol), 96);
    }
}

fn models() -> Vec<Json> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/botocore");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
        .collect()
}

/// All operations of the models that we vendor, with their real names, headers, labels and namespaces.
#[test]
fn every_served_operation_carries_its_values() {
    let mut count = 0;
    for model in models() {
        for given in model["operations"].as_object().unwrap().values() {
            check(model::protocol(&model), model::operation(&model, given), 4);
            count += 1;
        }
    }
    assert!(count > 100, "only {count} operations were found");
}

/// What a client sends for an operation is taken for that operation, among all of its service.
#[test]
fn every_http_bound_operation_is_recognized() {
    let mut count = 0;
    for model in models() {
        let protocol = model::protocol(&model);
        if !matches!(protocol, Protocol::RestJson | Protocol::RestXml) {
            continue;
        }
        let operations = model["operations"].as_object().unwrap().values();
        let templates: Vec<_> =
            operations.map(|given| Template::of(model::operation(&model, given))).collect();
        for operation in templates.iter().filter_map(|template| template.operation) {
            count += 1;
            let config = Config { cases: 8, failure_persistence: None, ..Config::default() };
            let run = TestRunner::new(config).run(&value(operation.input, false), |value| {
                let sent = wire::encode_request_with(protocol, operation, &|writer| {
                    value.write(operation.input, writer)
                });
                let sent = sent.unwrap();
                let found =
                    wire::uri::recognize(&templates, sent.method, &sent.path, &sent.query, &sent.headers);
                let name = found.and_then(|(template, _)| template.operation).map(|operation| operation.name);
                prop_assert_eq!(name, Some(operation.name), "{} {}?{}", sent.method, sent.path, sent.query);
                Ok(())
            });
            run.unwrap_or_else(|error| panic!("{error}"));
        }
    }
    assert!(count > 20, "only {count} operations were found");
}
