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
        members.insert("Header".into(), json!({ "shape": "Text", "location": "header", "locationName": "x-header" }));
        members.insert("When".into(), json!({ "shape": "Moment", "location": "header", "locationName": "x-when" }));
        members.insert("Count".into(), json!({ "shape": "Whole", "location": "header", "locationName": "x-count" }));
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
    prop_oneof![Just("x".to_owned()), "[ -~]{0,12}[!-~]", "[a-zäöü€😹<>&\"']{1,8}"].prop_map(|text| text.trim().to_owned())
}

/// Any value of a schema. Lists and maps are not empty: not all protocols can tell those from absent ones.
pub(crate) fn value(schema: &'static Schema, header: bool) -> BoxedStrategy<Value> {
    match schema.kind {
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Integer => any::<i32>().prop_map(|value| Value::Integer(value.into())).boxed(),
        Kind::Long => any::<i64>().prop_map(Value::Integer).boxed(),
        Kind::Float => any::<f32>().prop_map(|value| Value::Double(format!("{:?}", f64::from(value)))).boxed(),
        Kind::Double => any::<f64>().prop_map(|value| Value::Double(format!("{value:?}"))).boxed(),
        Kind::String { .. } if header => "[!-~]{1,12}".prop_map(Value::String).boxed(),
        Kind::String { .. } => text().prop_map(Value::String).boxed(),
        Kind::Blob { .. } => vec(any::<u8>(), 0..9).prop_map(|bytes| Value::Blob(Bytes::from(bytes))).boxed(),
        Kind::Timestamp { .. } => {
            (-2_000_000_000_000_i64..9_000_000_000_000).prop_map(|millis| Value::Timestamp(Timestamp::from_millis(millis))).boxed()
        }
        Kind::Document => Just(Value::Document(wire::document!({ "a": 1 }))).boxed(),
        Kind::List { member, .. } => vec(value(member.schema, false), 1..4).prop_map(Value::List).boxed(),
        Kind::Map { value: member, .. } => btree_map(text(), value(member.schema, false), 1..4)
            .prop_map(|entries| Value::Map(Entries(entries.into_iter().collect())))
            .boxed(),
        Kind::Structure { members, .. } => {
            let all: Vec<_> = members
                .iter()
                .map(|member| option::weighted(0.4, value(member.schema, member.location == wire::Location::Header)))
                .collect();
            all.prop_map(|values| {
                let present = values.into_iter().enumerate().filter_map(|(index, value)| Some((index, value?)));
                let mut present: std::collections::BTreeMap<_, _> = present.collect();
                if schema.name == "Inner" && present.is_empty() {
                    // Forms cannot tell an empty structure from none.
                    present.insert(0, Value::String("x".into()));
                }
                Value::Structure(present)
            })
            .boxed()
        }
    }
}
