//! What of a service's model is kept: the operations that we serve, the shapes that they reach, and no prose.

use crate::operations::check_exist;
use crate::problem::Problem;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Members of the model that say nothing a server needs: prose, and how clients find endpoints.
const DROPPED: &[&str] = &[
    "contextParam",
    "deprecated",
    "deprecatedMessage",
    "deprecatedSince",
    "documentation",
    "documentationUrl",
    "endpointdiscovery",
    "endpointoperation",
    "operationContextParams",
    "staticContextParams",
];

/// The compact file: one line an operation or shape, shapes sorted by name, members in the model's order.
pub(crate) fn compact(service: &str, model: &Value, wanted: &[String]) -> Result<String, Problem> {
    let operations = object(service, model, "operations")?;
    let shapes = object(service, model, "shapes")?;
    check_exist(service, wanted, operations.keys().map(String::as_str))?;
    let mut wanted: Vec<&String> = wanted.iter().collect();
    wanted.sort();

    let mut reached = BTreeSet::new();
    let mut kept_operations = Vec::new();
    for name in wanted {
        if let Some(operation) = operations.get(name) {
            let operation = strip(operation);
            reach(&operation, shapes, &mut reached);
            kept_operations.push((name.as_str(), operation));
        }
    }
    let kept_shapes: Vec<(&str, Value)> =
        reached.iter().filter_map(|name| Some((name.as_str(), strip_shape(shapes.get(name)?)))).collect();
    let mut all: Vec<&str> = operations.keys().map(String::as_str).collect();
    all.sort_unstable();

    let mut text = String::from("{\n");
    let _ = writeln!(text, "\"metadata\":{},", sorted(object(service, model, "metadata")?));
    let _ = writeln!(text, "\"allOperations\":{},", Value::from(all));
    section(&mut text, "operations", &kept_operations, ",\n");
    section(&mut text, "shapes", &kept_shapes, "\n");
    text.push_str("}\n");
    Ok(text)
}

/// A member of the model that is an object.
fn object<'a>(service: &str, model: &'a Value, name: &str) -> Result<&'a Map<String, Value>, Problem> {
    model
        .get(name)
        .and_then(Value::as_object)
        .ok_or_else(|| Problem::new(format!("{service}: the model has no {name}")))
}

/// An object with its members sorted: botocore's order of metadata changes without a reason.
fn sorted(object: &Map<String, Value>) -> Value {
    let mut members: Vec<(String, Value)> =
        object.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    members.sort_by(|one, two| one.0.cmp(&two.0));
    Value::Object(members.into_iter().collect())
}

fn section(text: &mut String, name: &str, entries: &[(&str, Value)], end: &str) {
    let lines: Vec<String> =
        entries.iter().map(|(name, value)| format!("{}:{value}", Value::from(*name))).collect();
    let _ = write!(text, "\"{name}\":{{\n{}\n}}{end}", lines.join(",\n"));
}

/// An operation, or the traits of a member, without what is dropped.
fn strip(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(name, _)| !DROPPED.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), strip(value)))
                .collect(),
        ),
        Value::Array(values) => Value::Array(values.iter().map(strip).collect()),
        other => other.clone(),
    }
}

/// A shape without what is dropped. Its members keep their names, also where one is called `documentation` or `deprecated`.
fn strip_shape(shape: &Value) -> Value {
    let Value::Object(traits) = shape else { return shape.clone() };
    let kept = traits.iter().filter(|(name, _)| !DROPPED.contains(&name.as_str())).map(|(name, value)| {
        let value = match (name.as_str(), value) {
            ("members", Value::Object(members)) => {
                Value::Object(members.iter().map(|(name, member)| (name.clone(), strip(member))).collect())
            }
            _ => strip(value),
        };
        (name.clone(), value)
    });
    Value::Object(kept.collect())
}

/// Adds the shapes that a value refers to, and those that they refer to.
fn reach(value: &Value, shapes: &Map<String, Value>, reached: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("shape", Value::String(shape)) => {
                        if reached.insert(shape.clone())
                            && let Some(shape) = shapes.get(shape)
                        {
                            reach_shape(shape, shapes, reached);
                        }
                    }
                    _ => reach(value, shapes, reached),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| reach(value, shapes, reached)),
        _ => {}
    }
}

/// As [`reach`]: a shape may have a member that is called `shape`.
fn reach_shape(shape: &Value, shapes: &Map<String, Value>, reached: &mut BTreeSet<String>) {
    for name in ["member", "key", "value"] {
        if let Some(value) = shape.get(name) {
            reach(value, shapes, reached);
        }
    }
    if let Some(Value::Object(members)) = shape.get("members") {
        members.values().for_each(|member| reach(member, shapes, reached));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model() -> Value {
        json!({
            "metadata": {"uid": "x", "apiVersion": "1"},
            "operations": {
                "PutThing": {"name": "PutThing", "documentation": "<p>prose</p>", "http": {"method": "POST", "requestUri": "/"},
                             "input": {"shape": "PutThingRequest"}, "errors": [{"shape": "Gone"}]},
                "GetThing": {"name": "GetThing", "input": {"shape": "GetThingRequest"}},
            },
            "shapes": {
                "PutThingRequest": {"type": "structure", "documentation": "prose", "members": {
                    "documentation": {"shape": "Text", "documentation": "prose"},
                    "Next": {"shape": "PutThingRequest"}}},
                "Text": {"type": "string", "max": 5},
                "Gone": {"type": "structure", "members": {}, "exception": true},
                "GetThingRequest": {"type": "structure", "members": {}},
            },
        })
    }

    #[test]
    fn keeps_what_is_reached_and_no_prose() {
        let text = compact("things", &model(), &["PutThing".to_owned()]).unwrap();
        assert_eq!(
            text,
            r#"{
"metadata":{"apiVersion":"1","uid":"x"},
"allOperations":["GetThing","PutThing"],
"operations":{
"PutThing":{"name":"PutThing","http":{"method":"POST","requestUri":"/"},"input":{"shape":"PutThingRequest"},"errors":[{"shape":"Gone"}]}
},
"shapes":{
"Gone":{"type":"structure","members":{},"exception":true},
"PutThingRequest":{"type":"structure","members":{"documentation":{"shape":"Text"},"Next":{"shape":"PutThingRequest"}}},
"Text":{"type":"string","max":5}
}
}
"#
        );
    }

    #[test]
    fn refuses_an_unknown_operation() {
        let problem = compact("things", &model(), &["PutThings".to_owned()]).unwrap_err().to_string();
        assert!(problem.contains("nearest: PutThing"), "{problem}");
    }
}
