//! What the server sends, to the letter: SDKs of every language read it.

use crate::dynamic::Value;
use crate::model;
use http::HeaderMap;
use serde_json::{Value as Json, json};
use wire::{
    Body, Bytes, Document, ErrorContext, ErrorResponse, HttpResponse, Incoming, OperationSchema, Protocol,
    ServiceSchema, Shape,
};

const ID: names::RequestId = names::RequestId([
    0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0,
]);
const UUID: &str = "12345678-9abc-def0-1234-56789abcdef0";

fn operation(
    protocol: &str,
    shapes: &Json,
    given: &Json,
    wrapper: Option<&'static str>,
) -> &'static OperationSchema {
    let suite = json!({ "metadata": { "protocol": protocol, "apiVersion": "2026-11-21" }, "shapes": shapes });
    let built = model::operation(&suite, given);
    let service = Box::leak(Box::new(ServiceSchema {
        signing_name: if protocol == "rest-xml" { "s3" } else { "test" },
        xml_namespace: Some("http://aws/doc/"),
        name: "test",
        endpoint_prefix: "test",
        action_prefix: "test",
        service_id: "test",
        version: "2026-11-21",
        target_prefix: Some("Target"),
        protocols: &[],
        global: false,
        constraint_code: None,
        all_operations: &[],
    }));
    Box::leak(Box::new(OperationSchema {
        name: built.name,
        service,
        http: wire::HttpBinding { method: built.http.method, uri: built.http.uri, status: built.http.status },
        input: built.input,
        output: built.output,
        result_wrapper: wrapper.or(built.result_wrapper),
        input_element: built.input_element,
        checksum_required: false,
        unsigned: false,
    }))
}

fn things(protocol: &str) -> &'static OperationSchema {
    let shapes = json!({
        "Things": { "type": "structure", "members": {
            "Names": { "shape": "Names", "locationName": "nameSet" },
            "Token": { "shape": "Text", "locationName": "nextToken" },
        } },
        "Names": { "type": "list", "member": { "shape": "Text", "locationName": "item" } },
        "Text": { "type": "string" },
    });
    operation(
        protocol,
        &shapes,
        &json!({ "name": "ListThings", "http": {}, "output": { "shape": "Things" } }),
        None,
    )
}

fn answer(protocol: Protocol, operation: &'static OperationSchema, result: &Json) -> HttpResponse {
    let value = Value::from_json(operation.output, result).unwrap();
    wire::encode_response(protocol, operation, ID, &|writer| value.write(operation.output, writer)).unwrap()
}

fn text(response: &HttpResponse) -> String {
    let Body::Whole(bytes) = &response.body else { panic!("a stream") };
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn header<'a>(response: &'a HttpResponse, name: &str) -> &'a str {
    response.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn answers_are_wrapped_as_each_protocol_wraps() {
    let result = json!({ "Names": ["a", "<&>\"'\r\n\u{1}"], "Token": "" });
    let query = answer(Protocol::Query, things("query"), &result);
    assert_eq!(
        text(&query),
        format!(
            "<ListThingsResponse xmlns=\"http://aws/doc/\"><ListThingsResult><nameSet><item>a</item>\
             <item>&lt;&amp;&gt;&quot;'&#xD;\n&#x1;</item></nameSet><nextToken></nextToken></ListThingsResult>\
             <ResponseMetadata><RequestId>{UUID}</RequestId></ResponseMetadata></ListThingsResponse>"
        )
    );
    assert_eq!(header(&query, "content-type"), "text/xml");
    assert_eq!(header(&query, "x-amzn-requestid"), UUID);
    let ec2 = answer(Protocol::Ec2, things("ec2"), &json!({ "Names": [] }));
    assert_eq!(
        text(&ec2),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListThingsResponse xmlns=\"http://aws/doc/\">\
             <requestId>{UUID}</requestId><nameSet></nameSet></ListThingsResponse>"
        )
    );
    let json = answer(Protocol::Json11, things("json"), &result);
    assert_eq!(text(&json), r#"{"nameSet":["a","<&>\"'\r\n\u0001"],"nextToken":""}"#);
    assert_eq!(header(&json, "content-type"), "application/x-amz-json-1.1");
    let nothing = operation("query", &json!({}), &json!({ "name": "Do", "http": {} }), Some("DoResult"));
    assert_eq!(
        text(&answer(Protocol::Query, nothing, &json!({}))),
        format!(
            "<DoResponse xmlns=\"http://aws/doc/\"><DoResult></DoResult><ResponseMetadata><RequestId>{UUID}</RequestId></ResponseMetadata></DoResponse>"
        )
    );
}

#[test]
fn s3_answers_as_s3_does() {
    let shapes = json!({
        "Location": { "type": "structure", "members": { "LocationConstraint": { "shape": "Text" } } },
        "Acl": { "type": "structure", "members": { "Grants": { "shape": "Grants", "locationName": "AccessControlList" } } },
        "Grants": { "type": "list", "member": { "shape": "Grant", "locationName": "Grant" } },
        "Grant": { "type": "structure", "members": { "Grantee": { "shape": "Grantee" }, "Permission": { "shape": "Text" } } },
        "Grantee": {
            "type": "structure",
            "members": { "ID": { "shape": "Text" }, "Type": { "shape": "Text", "locationName": "xsi:type", "xmlAttribute": true } },
            "xmlNamespace": { "prefix": "xsi", "uri": "http://www.w3.org/2001/XMLSchema-instance" },
        },
        "Object": {
            "type": "structure",
            "payload": "Body",
            "members": {
                "Body": { "shape": "Stream", "streaming": true },
                "ETag": { "shape": "Text", "location": "header", "locationName": "ETag" },
                "Metadata": { "shape": "Map", "location": "headers", "locationName": "x-amz-meta-" },
                "Modified": { "shape": "Moment", "location": "header", "locationName": "Last-Modified" },
            },
        },
        "Stream": { "type": "blob" },
        "Moment": { "type": "timestamp" },
        "Map": { "type": "map", "key": { "shape": "Text" }, "value": { "shape": "Text" } },
        "Text": { "type": "string" },
    });
    let given = |output: &str| json!({ "name": "Get", "http": { "method": "GET", "requestUri": "/{Bucket}" }, "output": { "shape": output } });
    let location = operation("rest-xml", &shapes, &given("Location"), Some("LocationConstraint"));
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    assert_eq!(
        text(&answer(Protocol::RestXml, location, &json!({ "LocationConstraint": "eu-west-1" }))),
        format!("{declaration}<LocationConstraint xmlns=\"http://aws/doc/\">eu-west-1</LocationConstraint>")
    );
    assert_eq!(
        text(&answer(Protocol::RestXml, location, &json!({}))),
        format!("{declaration}<LocationConstraint xmlns=\"http://aws/doc/\"/>")
    );
    let acl = operation("rest-xml", &shapes, &given("Acl"), Some("AccessControlPolicy"));
    assert_eq!(
        text(&answer(
            Protocol::RestXml,
            acl,
            &json!({ "Grants": [{ "Grantee": { "ID": "me", "Type": "CanonicalUser" }, "Permission": "READ" }] })
        )),
        format!(
            "{declaration}<AccessControlPolicy xmlns=\"http://aws/doc/\"><AccessControlList><Grant>\
             <Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>me</ID></Grantee>\
             <Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>"
        )
    );
    let object = operation("rest-xml", &shapes, &given("Object"), None);
    let got = answer(
        Protocol::RestXml,
        object,
        &json!({ "Body": "hello", "ETag": "\"abc\"", "Metadata": { "colour": "red" }, "Modified": 1_398_796_238 }),
    );
    assert_eq!(text(&got), "hello");
    assert_eq!(header(&got, "etag"), "\"abc\"");
    assert_eq!(header(&got, "x-amz-meta-colour"), "red");
    assert_eq!(header(&got, "last-modified"), "Tue, 29 Apr 2014 18:30:38 GMT");
    assert_eq!(header(&got, "content-type"), "binary/octet-stream");
    assert_eq!(header(&got, "x-amz-request-id"), "123456789ABCDEF0");
    assert_eq!(header(&got, "x-amz-id-2").len(), 76);
    assert!(wire::streams_output(object) && !wire::streams_output(acl));
}

fn error() -> ErrorResponse {
    let mut error = ErrorResponse::sender("NoSuchThing", "There is no <thing>.");
    error.members.push(("Reason", "gone".into()));
    error.query_code = Some("Old.NoSuchThing");
    error
}

fn encoded(protocol: Protocol, name: &str, error: &ErrorResponse, head: bool) -> HttpResponse {
    let context = ErrorContext { request_id: ID, head, resource: "/bucket/key" };
    wire::encode_error(protocol, things(name).service, error, &context)
}

#[test]
fn errors_are_what_sdks_look_for() {
    let json = encoded(Protocol::Json11, "json", &error(), false);
    assert_eq!(text(&json), r#"{"__type":"NoSuchThing","Reason":"gone","message":"There is no <thing>."}"#);
    assert_eq!((json.status, header(&json, "x-amzn-query-error")), (400, "Old.NoSuchThing;Sender"));
    let rest = encoded(Protocol::RestJson, "rest-json", &error(), false);
    assert_eq!(text(&rest), r#"{"Reason":"gone","message":"There is no <thing>."}"#);
    assert_eq!(
        (header(&rest, "x-amzn-errortype"), header(&rest, "content-type")),
        ("NoSuchThing", "application/json")
    );
    let query = encoded(Protocol::Query, "query", &error(), false);
    assert_eq!(
        text(&query),
        format!(
            "<ErrorResponse xmlns=\"http://aws/doc/\"><Error><Type>Sender</Type><Code>Old.NoSuchThing</Code>\
             <Message>There is no &lt;thing&gt;.</Message><Reason>gone</Reason></Error><RequestId>{UUID}</RequestId></ErrorResponse>"
        )
    );
    let ec2 =
        encoded(Protocol::Ec2, "ec2", &ErrorResponse::sender("InvalidGroup.NotFound", "No group."), false);
    assert_eq!(
        text(&ec2),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>InvalidGroup.NotFound</Code>\
             <Message>No group.</Message></Error></Errors><RequestID>{UUID}</RequestID></Response>"
        )
    );
    let s3 = encoded(Protocol::RestXml, "rest-xml", &ErrorResponse::new("NoSuchKey", "Gone.", 404), false);
    assert!(text(&s3).starts_with(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>Gone.</Message>\
         <Resource>/bucket/key</Resource><RequestId>123456789ABCDEF0</RequestId><HostId>"
    ));
    assert_eq!(
        (s3.status, text(&encoded(Protocol::RestXml, "rest-xml", &error(), true)).as_str()),
        (404, "")
    );
    for (protocol, name) in [
        (Protocol::Json10, "json"),
        (Protocol::RestJson, "rest-json"),
        (Protocol::Query, "query"),
        (Protocol::Ec2, "ec2"),
        (Protocol::RestXml, "rest-xml"),
        (Protocol::Cbor, "smithy-rpc-v2-cbor"),
    ] {
        let sent = ErrorResponse::new("InternalFailure", "Ours.", 500);
        let operation = things(name);
        let read = wire::decode_response_with(
            protocol,
            operation,
            &encoded(protocol, name, &sent, false),
            &mut |_| Ok(()),
        );
        assert_eq!(read, Err(sent), "{protocol:?}");
    }
}

#[test]
fn a_modelled_message_is_sent_as_it_is_spelt() {
    let mut error = error();
    error.members = vec![("Message", "Spelt so.".into()), ("Type", "User".into())];
    error.query_code = None;
    let rest = encoded(Protocol::RestJson, "rest-json", &error, false);
    assert_eq!(text(&rest), r#"{"Message":"Spelt so.","Type":"User"}"#);
    error.members = vec![("List", Document::Array(vec![1.into(), wire::document!({ "a": true })]))];
    let query = encoded(Protocol::Query, "query", &error, false);
    assert!(
        text(&query).contains("<List><member>1</member><member><a>true</a></member></List>"),
        "{}",
        text(&query)
    );
}

#[test]
fn headers_that_http_forbids_are_refused() {
    let shapes = json!({
        "Out": { "type": "structure", "members": { "Name": { "shape": "Text", "location": "header", "locationName": "x-name" } } },
        "Text": { "type": "string" },
    });
    let operation = operation(
        "rest-json",
        &shapes,
        &json!({ "name": "Do", "http": {}, "output": { "shape": "Out" } }),
        None,
    );
    let value = Value::from_json(operation.output, &json!({ "Name": "a\r\nx-evil: 1" })).unwrap();
    let encoded = wire::encode_response(Protocol::RestJson, operation, ID, &|writer| {
        value.write(operation.output, writer)
    });
    assert_eq!(encoded.map(|_| ()).unwrap_err().code, "InternalFailure");
}

fn form(protocol: Protocol, operation: &'static OperationSchema, body: &str) -> Result<Value, ErrorResponse> {
    let body = Body::from(Bytes::from(body.to_owned()));
    let incoming = Incoming { headers: &HeaderMap::new(), query: "", labels: &[], body: &body };
    let mut read = None;
    wire::decode_with(protocol, operation, &incoming, &|| "fresh".into(), &mut |reader| {
        read = Some(Value::read(operation.input, reader)?);
        Ok(())
    })?;
    Ok(read.unwrap())
}

#[test]
fn forms_are_read_as_clients_write_them() {
    let shapes = json!({
        "In": { "type": "structure", "members": {
            "Names": { "shape": "Names" },
            "Tags": { "shape": "Tags" },
            "Map": { "shape": "Map" },
            "Token": { "shape": "Text", "idempotencyToken": true },
        } },
        "Names": { "type": "list", "member": { "shape": "Text" } },
        "Tags": { "type": "list", "member": { "shape": "Tag" } },
        "Tag": { "type": "structure", "members": { "Key": { "shape": "Text" }, "Value": { "shape": "Text" } } },
        "Map": { "type": "map", "key": { "shape": "Text" }, "value": { "shape": "Text" } },
        "Text": { "type": "string" },
    });
    let given = json!({ "name": "Do", "http": {}, "input": { "shape": "In" } });
    let query = operation("query", &shapes, &given, None);
    let expected = |json: Json| Ok(Value::from_json(query.input, &json).unwrap());
    let read = |body: &str| form(Protocol::Query, query, body);
    // In the order of the numbers, whatever gaps there are and however they sort as texts.
    assert_eq!(
        read("Names.member.10=j&Names.member.2=b&Names.member.1=a+b%26&Token=t"),
        expected(json!({ "Names": ["a b&", "b", "j"], "Token": "t" }))
    );
    // Without the step in between, as old clients write it.
    assert_eq!(read("Names.1=a&Names.2=b&Token=t"), expected(json!({ "Names": ["a", "b"], "Token": "t" })));
    assert_eq!(read("Names=&Token=t"), expected(json!({ "Names": [], "Token": "t" })));
    assert_eq!(
        read("Tags.member.1.Key=k&Tags.member.1.Value=&Tags.member.2.Key=l&Names-x=1&Token=t"),
        expected(json!({ "Tags": [{ "Key": "k", "Value": "" }, { "Key": "l" }], "Token": "t" }))
    );
    assert_eq!(
        read("Map.entry.1.key=a&Map.entry.1.value=1&Map.entry.2.key=b&Map.entry.2.value=2&Token=t"),
        expected(json!({ "Map": { "a": "1", "b": "2" }, "Token": "t" }))
    );
    // A token that is absent is made.
    assert_eq!(read("Action=Do&Version=2026-11-21"), expected(json!({ "Token": "fresh" })));
    let ec2 = operation("ec2", &shapes, &given, None);
    assert_eq!(
        form(Protocol::Ec2, ec2, "Action=Do&Tags.1.Key=k&Tags.1.Value=v&Token=t"),
        Ok(Value::from_json(ec2.input, &json!({ "Tags": [{ "Key": "k", "Value": "v" }], "Token": "t" }))
            .unwrap())
    );
    let refused = form(Protocol::Ec2, ec2, "Tags.1.Kye=k&Tags.1.Value=v").unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.message.as_str()),
        ("UnknownParameter", "The parameter Kye is not recognized")
    );
}
