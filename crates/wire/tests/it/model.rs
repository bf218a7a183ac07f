//! Tables from botocore's JSON, leaked: they live as long as the test.

use serde_json::Value as Json;
use wire::{
    Constraints, HttpBinding, Kind, Location, Member, OperationSchema, Protocol, Schema, ServiceSchema,
    TimestampFormat,
};

fn text(json: &Json, name: &str) -> Option<&'static str> {
    json.get(name)?.as_str().map(|text| &*text.to_owned().leak())
}

fn flag(json: &Json, name: &str) -> bool {
    json.get(name).and_then(Json::as_bool).unwrap_or(false)
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn format(json: &Json) -> Option<TimestampFormat> {
    match json.get("timestampFormat")?.as_str()? {
        "iso8601" => Some(TimestampFormat::Iso8601),
        "unixTimestamp" => Some(TimestampFormat::UnixTimestamp),
        "rfc822" => Some(TimestampFormat::Rfc822),
        other => panic!("unknown timestamp format {other}"),
    }
}

fn namespace(json: &Json) -> Option<(&'static str, &'static str)> {
    let found = json.get("xmlNamespace")?;
    match found.as_str() {
        Some(uri) => Some(("", uri.to_owned().leak())),
        None => Some((text(found, "prefix").unwrap_or(""), text(found, "uri").unwrap())),
    }
}

/// A recursive shape keeps only its scalars after so many rounds: leaked tables can have no cycles.
const ROUNDS: usize = 5;

/// A shape, as a reference uses it. `below` are the shapes around it.
fn schema(shapes: &Json, reference: &Json, below: &mut Vec<String>) -> &'static Schema {
    let name = reference["shape"].as_str().unwrap();
    let shape = &shapes[name];
    let kind = match shape["type"].as_str().unwrap() {
        "boolean" => Kind::Boolean,
        "integer" => Kind::Integer,
        "long" => Kind::Long,
        "float" => Kind::Float,
        "double" => Kind::Double,
        "string" | "character" => {
            let values: Vec<&'static str> =
                shape.get("enum").and_then(Json::as_array).map_or(Vec::new(), |values| {
                    values.iter().map(|value| &*value.as_str().unwrap().to_owned().leak()).collect()
                });
            Kind::String {
                values: values.leak(),
                json: flag(reference, "jsonvalue") || flag(shape, "jsonvalue"),
            }
        }
        "blob" => Kind::Blob { streaming: flag(reference, "streaming") || flag(shape, "streaming") },
        "timestamp" => Kind::Timestamp { format: format(shape) },
        "structure" if flag(shape, "document") => Kind::Document,
        kind => {
            let flattened = flag(reference, "flattened") || flag(shape, "flattened");
            below.push(name.to_owned());
            let deep = below.iter().filter(|other| *other == name).count() > ROUNDS;
            let built = match kind {
                "list" => Kind::List {
                    member: leak(member(shapes, "member", &shape["member"], &Json::Null, below)),
                    flattened,
                },
                "map" => Kind::Map {
                    key: leak(member(shapes, "key", &shape["key"], &Json::Null, below)),
                    value: leak(member(shapes, "value", &shape["value"], &Json::Null, below)),
                    flattened,
                },
                "structure" => {
                    let members = shape["members"].as_object().unwrap().iter().filter(|(_, reference)| {
                        let kind = shapes[reference["shape"].as_str().unwrap()]["type"].as_str().unwrap();
                        !deep || !matches!(kind, "structure" | "list" | "map")
                    });
                    let members: Vec<Member> = members
                        .map(|(name, reference)| member(shapes, name, reference, shape, below))
                        .collect();
                    Kind::Structure { members: members.leak(), union: flag(shape, "union") }
                }
                other => panic!("unknown type {other}"),
            };
            below.pop();
            built
        }
    };
    leak(Schema { name: name.to_owned().leak(), kind, constraints: Constraints::NONE, sensitive: false })
}

fn member(shapes: &Json, name: &str, reference: &Json, owner: &Json, below: &mut Vec<String>) -> Member {
    let shape = &shapes[reference["shape"].as_str().unwrap()];
    let name: &'static str = name.to_owned().leak();
    let location = match reference.get("location").and_then(Json::as_str) {
        None if owner.get("payload").and_then(Json::as_str) == Some(name) => Location::Payload,
        None => Location::Body,
        Some("header") => Location::Header,
        Some("headers") => Location::Headers,
        Some("querystring") => Location::Query,
        Some("uri") => Location::Uri,
        Some("statusCode") => Location::StatusCode,
        Some(other) => panic!("unknown location {other}"),
    };
    let required = owner.get("required").and_then(Json::as_array);
    Member {
        name,
        // A shape's own name is that of its element only where it is the root of a document.
        wire_name: text(reference, "locationName")
            .or_else(|| text(shape, "locationName").filter(|_| location == Location::Payload))
            .unwrap_or(name),
        query_name: text(reference, "queryName"),
        schema: schema(shapes, reference, below),
        location,
        required: required.is_some_and(|names| names.iter().any(|required| required == name)),
        xml_attribute: flag(reference, "xmlAttribute"),
        xml_namespace: namespace(reference).or_else(|| namespace(shape)),
        timestamp_format: format(reference),
        idempotency_token: flag(reference, "idempotencyToken"),
        host_label: flag(reference, "hostLabel"),
    }
}

static NOTHING: Schema = Schema::new("Nothing", Kind::Structure { members: &[], union: false });

/// An operation that takes and answers nothing.
pub(crate) fn nothing() -> &'static OperationSchema {
    let suite = serde_json::json!({ "metadata": { "protocol": "json" }, "shapes": {} });
    operation(&suite, &serde_json::json!({ "name": "Nothing", "http": {} }))
}

/// A suite's protocol.
pub(crate) fn protocol(suite: &Json) -> Protocol {
    match (suite["metadata"]["protocol"].as_str().unwrap(), text(&suite["metadata"], "jsonVersion")) {
        ("json", Some("1.0")) => Protocol::Json10,
        ("json", _) => Protocol::Json11,
        ("query", _) => Protocol::Query,
        ("ec2", _) => Protocol::Ec2,
        ("rest-json", _) => Protocol::RestJson,
        ("rest-xml", _) => Protocol::RestXml,
        ("smithy-rpc-v2-cbor", _) => Protocol::Cbor,
        other => panic!("unknown protocol {other:?}"),
    }
}

/// The operation of a case.
pub(crate) fn operation(suite: &Json, given: &Json) -> &'static OperationSchema {
    let shapes = &suite["shapes"];
    let metadata = &suite["metadata"];
    let protocol = protocol(suite);
    let service = leak(ServiceSchema {
        name: "test",
        endpoint_prefix: "test",
        signing_name: "test",
        action_prefix: "test",
        service_id: "test",
        version: text(metadata, "apiVersion").unwrap_or_default(),
        target_prefix: text(metadata, "targetPrefix"),
        protocols: vec![protocol].leak(),
        xml_namespace: None,
        global: false,
        constraint_code: None,
        all_operations: &[],
    });
    let structure =
        |name: &str| given.get(name).map_or(&NOTHING, |reference| schema(shapes, reference, &mut Vec::new()));
    let name = text(given, "name").unwrap();
    let (input, output) = (structure("input"), structure("output"));
    let wrapper = (protocol == Protocol::Query && !output.members().is_empty())
        .then(|| &*format!("{name}Result").leak());
    let http = &given["http"];
    let element = given.get("input").map(|reference| {
        let shape = &shapes[reference["shape"].as_str().unwrap()];
        let uri = namespace(reference).or_else(|| namespace(shape)).map(|(_, uri)| uri);
        (text(reference, "locationName").or_else(|| text(shape, "locationName")).unwrap_or(input.name), uri)
    });
    leak(OperationSchema {
        name,
        service,
        http: HttpBinding {
            method: text(http, "method").unwrap_or("POST"),
            uri: text(http, "requestUri").unwrap_or("/"),
            status: http
                .get("responseCode")
                .and_then(Json::as_u64)
                .map_or(200, |status| u16::try_from(status).unwrap()),
        },
        input,
        output,
        result_wrapper: wrapper,
        input_element: element,
        checksum_required: flag(given, "httpChecksumRequired"),
        unsigned: false,
    })
}
