//! The generator on a small model that has what AWS's have: shared outputs, recursion, collisions, keywords, events, uses that change a table.

use super::model::Model;
use super::{files, patch};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn model() -> Value {
    json!({
        "metadata": {
            "apiVersion": "2020-01-02", "endpointPrefix": "things-host", "signingName": "things", "serviceId": "Things",
            "protocols": ["json"], "jsonVersion": "1.0", "targetPrefix": "Things_2020", "uid": "unused",
        },
        "allOperations": ["DeleteThing", "GetThing", "PutThing", "Unserved"],
        "operations": {
            "PutThing": {
                "name": "PutThing", "http": {"method": "PUT", "requestUri": "/things/{Name}", "responseCode": 201},
                "input": {"shape": "PutThingRequest", "locationName": "Put", "xmlNamespace": {"uri": "urn:things"}},
                "output": {"shape": "Thing"}, "errors": [{"shape": "Gone"}], "httpChecksumRequired": true,
            },
            "GetThing": {
                "name": "GetThing", "http": {"method": "GET", "requestUri": "/things/{Name}"}, "authtype": "none",
                "input": {"shape": "GetThingRequest"}, "output": {"shape": "Thing", "resultWrapper": "GetThingResult"},
            },
            "DeleteThing": {
                "name": "DeleteThing", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "DeleteThingRequest"},
                "httpChecksum": {"requestChecksumRequired": true},
            },
        },
        "shapes": {
            "PutThingRequest": {"type": "structure", "required": ["Name", "Type"], "payload": "Body", "members": {
                "Name": {"shape": "Name", "location": "uri", "locationName": "Name"},
                "Type": {"shape": "kindType", "location": "header", "locationName": "x-type"},
                "Body": {"shape": "Data", "streaming": true},
                "Token": {"shape": "Name", "idempotencyToken": true, "location": "querystring", "locationName": "token"},
                "Events": {"shape": "Stream"},
            }},
            "GetThingRequest": {"type": "structure", "members": {"Name": {"shape": "Name"}, "Secret": {"shape": "Secret"}}},
            "DeleteThingRequest": {"type": "structure", "members": {"GetThing": {"shape": "GetThing"}, "Raw": {"shape": "Data"}}},
            "GetThing": {"type": "structure", "members": {"Big": {"shape": "Big"}}},
            "Thing": {"type": "structure", "members": {
                "Parent": {"shape": "Thing"}, "Children": {"shape": "Things"}, "Labels": {"shape": "Labels"},
                "At": {"shape": "Moment", "timestampFormat": "rfc822"}, "Flat": {"shape": "Things", "flattened": true},
                "Any": {"shape": "Anything"}, "Count": {"shape": "Count"},
            }},
            "Things": {"type": "list", "member": {"shape": "Thing", "locationName": "item"}, "max": 50},
            "Labels": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Name"}},
            "Moment": {"type": "timestamp", "timestampFormat": "iso8601"},
            "Anything": {"type": "structure", "members": {}, "document": true},
            "Count": {"type": "integer", "min": 1, "max": 9},
            "Data": {"type": "blob"},
            "Name": {"type": "string", "min": 1, "pattern": "[\\w]+"},
            "Secret": {"type": "string", "sensitive": true},
            "kindType": {"type": "string", "enum": ["one-way", "ONE_WAY", "two"]},
            "Big": {"type": "string", "enum": (0..61).map(|number| format!("v{number}")).collect::<Vec<_>>()},
            "Stream": {"type": "structure", "members": {}, "eventstream": true},
            "Gone": {"type": "structure", "exception": true, "error": {"code": "ThingGone", "httpStatusCode": 410},
                     "members": {"message": {"shape": "Name"}, "Reason": {"shape": "Name"}}},
        },
    })
}

/// The files with runs of white space made one space, so that rustfmt does not matter.
fn written(model: Value) -> BTreeMap<&'static str, String> {
    let model = Model::read("things", model).unwrap();
    let files = files("things", &model).unwrap();
    files
        .into_iter()
        .map(|(name, text)| (name, text.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

#[test]
fn types() {
    let types = &written(model())["types.rs"];
    has(
        types,
        &[
            "use std::collections::BTreeMap; use wire::{Body, Bytes, Document, Timestamp};",
            "/// `PutThingRequest` #[derive(Clone, Default, PartialEq)] pub struct PutThing { pub name: String, \
             pub r#type: KindType, pub body: Option<Body>, pub token: Option<String>, }",
            "pub struct Thing { pub parent: Option<Box<Thing>>, pub children: Option<Vec<Thing>>, \
             pub labels: Option<BTreeMap<String, String>>, pub at: Option<Timestamp>, pub flat: Option<Vec<Thing>>, \
             pub any: Option<Document>, pub count: Option<i32>, }",
            "pub type GetThingOutput = Thing;",
            "pub type PutThingOutput = Thing;",
            // An enum of more than 60 values stays text.
            "pub struct GetThingShape { pub big: Option<String>, }",
            "pub struct DeleteThing { pub get_thing: Option<GetThingShape>, pub raw: Option<Bytes>, }",
            "pub struct DeleteThingOutput {}",
            r#"pub enum KindType { OneWay = "one-way", OneWay2 = "ONE_WAY", Two = "two", }"#,
        ],
    );
    assert!(!types.contains("struct Gone"), "errors are in errors.rs");
    assert!(!types.contains("events"), "event streams are left out");
}

#[test]
fn shapes() {
    has(
        &written(model())["shapes.rs"],
        &[
            "shape!(PutThing, schemas::PUT_THING_REQUEST, 0 name, 1 r#type, 2 body, 3 token);",
            "shape!(DeleteThingOutput, schemas::DELETE_THING_OUTPUT);",
        ],
    );
}

#[test]
fn schemas() {
    has(
        &written(model())["schemas.rs"],
        &[
            "use crate::types; use wire::{Kind, Location, Member, Schema, TimestampFormat};",
            r#"pub static NAME: Schema = Schema::text("Name").min(1).pattern(r"[\w]+");"#,
            r#"pub static SECRET: Schema = Schema::text("Secret").sensitive();"#,
            r#"pub static KIND_TYPE: Schema = Schema::choice("kindType", types::KindType::VALUES);"#,
            r#"pub static BIG: Schema = Schema::choice("Big", &["v0", "v1","#,
            r#"pub static COUNT: Schema = Schema::new("Count", Kind::Integer).min(1).max(9);"#,
            r#"pub static DATA_STREAM: Schema = Schema::new("Data", Kind::Blob { streaming: true });"#,
            r#"pub static DATA: Schema = Schema::new("Data", Kind::Blob { streaming: false });"#,
            r#"pub static THINGS: Schema = Schema { kind: Kind::List { member: &Member::new("member", "item", &THING), flattened: false }, ..Schema::text("Things").max(50) };"#,
            "pub static THINGS_FLAT: Schema = Schema { kind: Kind::List {",
            r#"Member::new("Name", "Name", &NAME).required().at(Location::Uri),"#,
            r#"Member::new("Type", "x-type", &KIND_TYPE).required().at(Location::Header),"#,
            r#"Member::new("Body", "Body", &DATA_STREAM).at(Location::Payload),"#,
            r#"Member::new("Token", "token", &NAME).at(Location::Query).token(),"#,
            r#"Member::new("At", "At", &MOMENT).format(TimestampFormat::Rfc822),"#,
            r#"pub static MOMENT: Schema = Schema::new("Moment", Kind::Timestamp { format: Some(TimestampFormat::Iso8601) });"#,
            r#"pub static ANYTHING: Schema = Schema::new("Anything", Kind::Document);"#,
        ],
    );
}

#[test]
fn errors() {
    has(
        &written(model())["errors.rs"],
        &[
            r#"pub struct Gone { "ThingGone", 410, Sender, None, "message", reason = "Reason" }"#,
            r#"wire::service_errors! { "InternalFailure", Gone, }"#,
        ],
    );
}

#[test]
fn a_message_keeps_its_name_in_json_and_has_none_of_its_own_in_xml() {
    let mut model = model();
    model["shapes"]["Gone"]["members"] = json!({"Message": {"shape": "Name"}});
    has(&written(model.clone())["errors.rs"], &[r#"{ "ThingGone", 410, Sender, None, "Message" }"#]);
    model["metadata"]["protocols"] = json!(["query"]);
    has(&written(model)["errors.rs"], &[r#"{ "ThingGone", 410, Sender, None, "message" }"#]);
}

#[test]
fn a_service_that_was_a_query_service_keeps_its_old_codes_beside_the_new() {
    let mut model = model();
    model["metadata"]["awsQueryCompatible"] = json!({});
    has(
        &written(model)["errors.rs"],
        &[r#"pub struct Gone { "Gone", 410, Sender, Some("ThingGone"), "message", reason = "Reason" }"#],
    );
}

#[test]
fn a_service_may_have_a_code_of_its_own_for_violated_constraints() {
    let mut model = model();
    model["metadata"]["constraintCode"] = json!("InvalidParameter");
    has(&written(model)["operations.rs"], &[r#"constraint_code: Some("InvalidParameter"),"#]);
}

#[test]
fn operations() {
    has(
        &written(model())["operations.rs"],
        &[
            r#"name: "things", endpoint_prefix: "things-host", signing_name: "things", action_prefix: "things","#,
            r#"protocols: &[Protocol::Json10], xml_namespace: None, global: false, constraint_code: None, all_operations: &["DeleteThing", "GetThing", "PutThing", "Unserved"]"#,
            r#"http: HttpBinding { method: "PUT", uri: "/things/{Name}", status: 201 }, input: &schemas::PUT_THING_REQUEST, output: &schemas::THING, result_wrapper: None, input_element: Some(("Put", Some("urn:things"))), checksum_required: true, unsigned: false };"#,
            r#"status: 200 }, input: &schemas::GET_THING_REQUEST, output: &schemas::THING, result_wrapper: Some("GetThingResult"), input_element: None, checksum_required: false, unsigned: true };"#,
            "output: &schemas::DELETE_THING_OUTPUT, result_wrapper: None, input_element: None, checksum_required: true,",
            "operation!(DeleteThing => DeleteThingOutput, Error, DELETE_THING);",
            "OPERATIONS: &[&OperationSchema] = &[&DELETE_THING,&GET_THING,&PUT_THING,];",
        ],
    );
}

#[test]
fn a_trait_that_the_generator_does_not_know_is_refused() {
    let mut model = model();
    model["shapes"]["Name"]["sparkling"] = json!(true);
    let problem = Model::read("things", model).unwrap_err().to_string();
    assert!(problem.contains("sparkling"), "{problem}");
}

#[test]
fn a_bound_that_constraints_cannot_say_is_refused() {
    let mut model = model();
    model["shapes"]["Count"]["min"] = json!(0.5);
    let model = Model::read("things", model).unwrap();
    let problem = files("things", &model).unwrap_err().to_string();
    assert!(problem.contains("Count: min 0.5 is not a whole number"), "{problem}");
}

#[test]
fn two_errors_with_one_code_are_refused() {
    let mut model = model();
    model["shapes"]["Lost"] = model["shapes"]["Gone"].clone();
    model["operations"]["GetThing"]["errors"] = json!([{"shape": "Lost"}]);
    let model = Model::read("things", model).unwrap();
    let problem = files("things", &model).unwrap_err().to_string();
    assert!(problem.contains("Lost and Gone have the same code ThingGone"), "{problem}");
}

#[test]
fn a_shape_that_is_missing_is_named() {
    let mut model = model();
    model["shapes"].as_object_mut().unwrap().shift_remove("Secret");
    let model = Model::read("things", model).unwrap();
    let problem = files("things", &model).unwrap_err().to_string();
    assert!(problem.contains("no shape Secret"), "{problem}");
}

/// The committed models with the committed patches: every patch still applies, and every model generates.
#[test]
fn the_committed_models_generate() {
    let root = crate::repository::root().unwrap();
    for service in crate::operations::read(&root).unwrap().keys() {
        let path = root.join(format!("models/botocore/{service}.json"));
        let mut model: Value = serde_json::from_str(&crate::repository::read(&path).unwrap()).unwrap();
        patch::apply(&root, service, &mut model).unwrap();
        files(service, &Model::read(service, model).unwrap()).unwrap();
    }
}
