//! One operation with a member of every kind, in every protocol.

use crate::dynamic::{Entries, Value};
use crate::model;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::json;
use wire::{Bytes, Kind, OperationSchema, Protocol, Schema, Timestamp};

pub(crate) const PROTOCOLS: [(Protocol, &str, &str); 7] = [
    (Protocol::Json10, "json", "1.0"),
    (Protocol::Json11, "json", "1.1"),
    (Protocol::Query, "query", ""),
    (Protocol::Ec2, "ec2", ""),
    (Protocol::RestJson, "rest-json", ""),
    (Protocol::RestXml, "rest-xml", ""),
    (Protocol::Cbor, "smithy-rpc-v2-cbor", ""),
];

/// The operation, the same shape in and out.
pub(crate) fn operation(protocol: Protocol) -> &'static OperationSchema {
    let (_, name, version) = PROTOCOLS.iter().find(|(other, ..)| *other == protocol).unwrap();
    let shapes = json!({
        "Everything": { "type": "structure", "members": {
            "Text": { "shape": "Text" },
            "Whole": { "shape": "Whole" },
            "Long": { "shape": "Long" },
            "Float": { "shape": "Float" },
            "Double": { "shape": "Double" },
            "Flag": { "shape": "Flag" },
            "Bytes": { "shape": "Bytes" },
            "Moment": { "shape": "Moment" },
            "Texts": { "shape": "Texts" },
            "Flat": { "shape": "Texts", "flattened": true },
            "Inner": { "shape": "Inner" },
            "Inners": { "shape": "Inners" },
        } },
        "Inner": { "type": "structure", "members": {
            "Name": { "shape": "Text", "locationName": "name" },
            "Deeper": { "shape": "Inners" },
            "Self": { "shape": "Inner" },
        } },
        "Inners": { "type": "list", "member": { "shape": "Inner", "locationName": "item" } },
        "Texts": { "type": "list", "member": { "shape": "Text" } },
        "Labels": { "type": "map", "key": { "shape": "Text" }, "value": { "shape": "Text" } },
        "Text": { "type": "string" },
        "Whole": { "type": "integer" },
        "Long": { "type": "long" },
        "Float": { "type": "float" },
        "Double": { "type": "double" },
        "Flag": { "type": "boolean" },
        "Bytes": { "type": "blob" },
        "Moment": { "type": "timestamp" },
    });
    let mut shapes = shapes;
    let members = shapes["Everything"]["members"].as_object_mut().unwrap();
    if protocol != Protocol::Ec2 {
        // EC2 has no maps.
        members.insert("Labels".into(), json!({ "shape": "Labels" }));
        members.insert("FlatLabels".into(), json!({ "shape": "Labels", "flattened": true }));
    }
    if matches!(protocol, Protocol::RestJson | Protocol::RestXml) {
        members.insert(
            "Header".into(),
            json!({ "shape": "Text", "location": "header", "locationName": "x-header" }),
        );
        members.insert(
            "When".into(),
            json!({ "shape": "Moment", "location": "header", "locationName": "x-when" }),
        );
        members.insert(
            "Count".into(),
            json!({ "shape": "Whole", "location": "header", "locationName": "x-count" }),
        );
    }
    let suite = json!({
        "metadata": { "protocol": name, "jsonVersion": version, "apiVersion": "2026-11-21", "targetPrefix": "Sample" },
        "shapes": shapes,
    });
    let given = json!({
        "name": "Sample",
        "http": { "method": "POST", "requestUri": "/sample" },
        "input": { "shape": "Everything" },
        "output": { "shape": "Everything" },
    });
    model::operation(&suite, &given)
}

/// Texts that each syntax can carry: XML has no control characters, headers no line breaks, and neither keeps white space at its edges.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just("x".to_owned()), "[ -~]{0,12}[!-~]", "[a-zäöü€😹<>&\"']{1,8}"]
        .prop_map(|text| text.trim().to_owned())
}

/// Any value of a schema; required members are there, enums hold one of their values. Lists, maps and inner structures are not empty: not all
/// protocols can tell those from absent ones. `plain` are texts that fit into headers and labels.
pub(crate) fn value(schema: &'static Schema, plain: bool) -> BoxedStrategy<Value> {
    structure_or(schema, plain, true)
}

fn structure_or(schema: &'static Schema, plain: bool, root: bool) -> BoxedStrategy<Value> {
    match schema.kind {
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Integer => any::<i32>().prop_map(|value| Value::Integer(value.into())).boxed(),
        Kind::Long => any::<i64>().prop_map(Value::Integer).boxed(),
        Kind::Float => {
            any::<f32>().prop_map(|value| Value::Double(format!("{:?}", f64::from(value)))).boxed()
        }
        Kind::Double => any::<f64>().prop_map(|value| Value::Double(format!("{value:?}"))).boxed(),
        Kind::String { values, .. } if !values.is_empty() => {
            proptest::sample::select(values).prop_map(|value| Value::String(value.to_owned())).boxed()
        }
        Kind::String { .. } if plain => "[!#-+.-~]{1,12}".prop_map(Value::String).boxed(),
        Kind::String { .. } => text().prop_map(Value::String).boxed(),
        Kind::Blob { streaming: false } => {
            vec(any::<u8>(), 1..9).prop_map(|bytes| Value::Blob(Bytes::from(bytes))).boxed()
        }
        Kind::Blob { streaming: true } => {
            vec(any::<u8>(), 0..9).prop_map(|bytes| Value::Body(wire::Body::from(Bytes::from(bytes)))).boxed()
        }
        Kind::Timestamp { .. } => (-2_000_000_000_000_i64..9_000_000_000_000)
            .prop_map(|millis| Value::Timestamp(Timestamp::from_millis(millis)))
            .boxed(),
        Kind::Document => Just(Value::Document(wire::document!({ "a": 1 }))).boxed(),
        Kind::List { member, .. } => {
            vec(structure_or(member.schema, plain, false), 1..4).prop_map(Value::List).boxed()
        }
        Kind::Map { key, value, .. } => {
            let keys = match key.schema.kind {
                Kind::String { values, .. } if !values.is_empty() => {
                    proptest::sample::select(values).prop_map(str::to_owned).boxed()
                }
                _ if plain => "[a-z]{1,5}".boxed(),
                _ => text().boxed(),
            };
            btree_map(keys, structure_or(value.schema, plain, false), 1..4)
                .prop_map(|entries| Value::Map(Entries(entries.into_iter().collect())))
                .boxed()
        }
        Kind::Structure { members, .. } => {
            let all: Vec<_> = members
                .iter()
                .enumerate()
                .map(|(index, member)| {
                    let plain = !matches!(member.location, wire::Location::Body | wire::Location::Payload);
                    // A body has a media type, whether or not a member says which.
                    let sure = member.wire_name == "Content-Type"
                        || member.required
                        || member.idempotency_token
                        || member.schema.is_streaming()
                        || (!root && index == 0);
                    if member.location == wire::Location::StatusCode {
                        return (200_i64..204).prop_map(|status| Some(Value::Integer(status))).boxed();
                    }
                    let inner = structure_or(member.schema, plain, false);
                    if sure { inner.prop_map(Some).boxed() } else { option::weighted(0.4, inner).boxed() }
                })
                .collect();
            all.prop_map(|values| {
                let present =
                    values.into_iter().enumerate().filter_map(|(index, value)| Some((index, value?)));
                Value::Structure(present.collect())
            })
            .boxed()
        }
    }
}
