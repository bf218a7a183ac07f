//! Input that is meant to hurt: every codec answers with its family's error, and none panics or runs away.

use crate::dynamic::Value;
use crate::sample::{PROTOCOLS, operation};
use http::HeaderMap;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wire::{Body, Bytes, ErrorResponse, HttpResponse, Incoming, Protocol, Shape};

fn decode(protocol: Protocol, body: &[u8], query: &str) -> Result<Value, ErrorResponse> {
    let operation = operation(protocol);
    let body = Body::from(Bytes::copy_from_slice(body));
    let incoming = Incoming { headers: &HeaderMap::new(), query, labels: &[], body: &body };
    let mut read = None;
    wire::decode_with(protocol, operation, &incoming, &String::new, &mut |reader| {
        read = Some(Value::read(operation.input, reader)?);
        Ok(())
    })?;
    Ok(read.unwrap())
}

fn code(protocol: Protocol, body: &[u8]) -> String {
    decode(protocol, body, "").map_or_else(|error| error.code, |value| panic!("{protocol:?} took {value:?}"))
}

fn message(protocol: Protocol, body: &str) -> String {
    decode(protocol, body.as_bytes(), "")
        .map_or_else(|error| error.message, |value| panic!("{body} was {value:?}"))
}

#[test]
fn random_bytes_never_panic() {
    // Bytes that mean something in one syntax or another, so that the walk gets somewhere.
    let words: Vec<&[u8]> = vec![
        b"{",
        b"}",
        b"[",
        b"]",
        b"\"Inner\":",
        b"\"Texts\":",
        b",",
        b"null",
        b"1e9",
        b"\"\\ud800\"",
        b"&",
        b"=",
        b"Texts.member.",
        b"Inner.Self.",
        b"1",
        b".",
        b"%ff",
        b"+",
        b"<a>",
        b"</a>",
        b"<Inner>",
        b"</Inner>",
        b"<![CDATA[",
        b"]]>",
        b"&amp;",
        b"&#0;",
        b"<?xml",
        b"\xbf",
        b"\xff",
        b"\x9f",
        b"\x65Inner",
        b"\x65Texts",
        b"\xc1",
        b"\xf9\x7c\x00",
        b"\x1b",
        b"\x5f",
        b"Labels.entry.1.key",
    ];
    let piece = prop_oneof![
        3 => (0..words.len()).prop_map(move |index| words[index].to_vec()),
        1 => vec(any::<u8>(), 0..6),
    ];
    let body = vec(piece, 0..40).prop_map(|pieces| pieces.concat());
    let mut runner = TestRunner::new(Config { cases: 2000, failure_persistence: None, ..Config::default() });
    let operations: Vec<_> =
        PROTOCOLS.iter().map(|(protocol, ..)| (*protocol, operation(*protocol))).collect();
    runner
        .run(&body, |body| {
            for (protocol, operation) in &operations {
                let body = Body::from(Bytes::from(body.clone()));
                let incoming = Incoming { headers: &HeaderMap::new(), query: "", labels: &[], body: &body };
                let _ = wire::decode_with(*protocol, operation, &incoming, &String::new, &mut |reader| {
                    Value::read(operation.input, reader).map(drop)
                });
                for status in [200, 500] {
                    let response = HttpResponse { status, headers: HeaderMap::new(), body: body.clone() };
                    let _ = wire::decode_response_with(*protocol, operation, &response, &mut |reader| {
                        Value::read(operation.output, reader).map(drop)
                    });
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn random_labels_and_queries_never_panic() {
    let mut runner = TestRunner::new(Config { cases: 2000, failure_persistence: None, ..Config::default() });
    let template = wire::uri::Template::parse("/{Bucket}/a/{Key+}?versioning&list-type=2");
    runner
        .run(&("[/a%+&=é0-9.-]{0,30}", "[/a%+&=é0-9.-]{0,30}"), |(path, query)| {
            let _ = template.matches(&path, &query);
            let _ = decode(Protocol::Ec2, query.as_bytes(), &path);
            Ok(())
        })
        .unwrap();
}

#[test]
fn nesting_has_a_floor() {
    for depth in [200, 100_000] {
        for (protocol, ..) in PROTOCOLS {
            let (expected, body) = match protocol {
                Protocol::Json10 | Protocol::Json11 | Protocol::RestJson => {
                    ("SerializationException", format!("{{\"Unknown\":{}", "[".repeat(depth)).into_bytes())
                }
                Protocol::Cbor => {
                    ("SerializationException", [&[0xa1, 0x61, b'u'][..], &vec![0x9f; depth]].concat())
                }
                Protocol::RestXml => ("MalformedXML", "<a>".repeat(depth).into_bytes()),
                Protocol::Query | Protocol::Ec2 => continue,
            };
            assert_eq!(code(protocol, &body), expected, "{protocol:?} at {depth}");
        }
    }
    // Shapes that know each other without end, too.
    let body = format!("{{\"Inner\":{}", "{\"Self\":".repeat(100_000));
    assert_eq!(code(Protocol::Json11, body.as_bytes()), "SerializationException");
    // A form's depth is its schema's; names beyond it are nobody's.
    let body = format!("Inner{}=x", ".Self".repeat(10_000));
    assert!(decode(Protocol::Query, body.as_bytes(), "").is_ok());
    assert_eq!(code(Protocol::Ec2, body.as_bytes()), "UnknownParameter");
}

#[test]
fn lengths_that_lie_are_not_believed() {
    // An array, a map, a text and bytes of 2^62 each.
    for head in [0x9b, 0xbb, 0x7b, 0x5b_u8] {
        let body = [&[0xa1, 0x65][..], b"Texts", &[head, 0x40, 0, 0, 0, 0, 0, 0, 0]].concat();
        assert_eq!(code(Protocol::Cbor, &body), "SerializationException");
    }
}

#[test]
fn xml_has_no_document_types_entities_or_second_roots() {
    for body in [
        "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<a>&undeclared;</a>",
        "<a/><b/>",
        "<a></b>",
        "<a",
        "text",
        "<a>&#xFFFFFFFF;</a>",
        "<a b='1' b='2'/>",
    ] {
        assert_eq!(code(Protocol::RestXml, body.as_bytes()), "MalformedXML", "{body}");
    }
}

#[test]
fn text_must_be_utf_8() {
    assert_eq!(code(Protocol::Json11, b"{\"Text\":\"\xff\"}"), "SerializationException");
    assert_eq!(code(Protocol::Json11, b"{\"Text\":\"\\udc00\"}"), "SerializationException");
    assert_eq!(code(Protocol::Cbor, b"\xa1\x64Text\x61\xff"), "SerializationException");
    assert_eq!(code(Protocol::RestXml, b"<a><Text>\xff</Text></a>"), "MalformedXML");
    assert_eq!(code(Protocol::Query, b"Text=%ff"), "MalformedQueryString");
    assert_eq!(code(Protocol::Query, b"Text=%4"), "MalformedQueryString");
    assert_eq!(code(Protocol::Query, b"Text=\xff"), "MalformedQueryString");
}

#[test]
fn uris_must_be_decodable() {
    let refused = decode(Protocol::RestXml, b"", "a=%f").unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.message.as_str()),
        ("InvalidURI", "Couldn't parse the specified URI.")
    );
    assert_eq!(decode(Protocol::RestJson, b"", "%ff=1").unwrap_err().code, "InvalidURI");
}

#[test]
fn json_of_another_type_is_refused_in_awss_words() {
    let json = |body: &str| message(Protocol::Json11, body);
    assert_eq!(json(r#"{"Whole":"1"}"#), "STRING_VALUE can not be converted to an Integer");
    assert_eq!(json(r#"{"Text":1}"#), "NUMBER_VALUE can not be converted to a String");
    assert_eq!(json(r#"{"Flag":"true"}"#), "STRING_VALUE can not be converted to a Boolean");
    assert_eq!(json(r#"{"Text":{"a":1}}"#), "Start of structure or map found where not expected.");
    assert_eq!(json(r#"{"Texts":"a"}"#), "Expected list or null");
    assert_eq!(json(r#"{"Whole":2147483648}"#), "NUMBER_VALUE can not be converted to an Integer");
    assert_eq!(json(r#"{"Whole":1.5}"#), "NUMBER_VALUE can not be converted to an Integer");
    for body in [
        "{",
        "[]",
        "1",
        "{\"Text\"}",
        "{\"Text\":\"a\"} x",
        "{'Text':1}",
        "{\"Whole\":01}",
        "{\"Text\":\"\n\"}",
        "{,}",
    ] {
        assert_eq!(code(Protocol::Json11, body.as_bytes()), "SerializationException", "{body}");
    }
}

#[test]
fn forms_of_another_type_are_refused() {
    assert_eq!(message(Protocol::Query, "Whole=a"), "STRING_VALUE can not be converted to an Integer");
    assert_eq!(code(Protocol::Query, b"Whole=a"), "MalformedInput");
    assert_eq!(code(Protocol::Ec2, b"Whole=a"), "InvalidParameterValue");
    assert_eq!(message(Protocol::Ec2, "Colour=red&Action=Sample"), "The parameter Colour is not recognized");
    assert_eq!(code(Protocol::Query, b"Texts=a"), "MalformedInput");
}

#[test]
fn json_is_read_leniently_where_aws_is_lenient() {
    let read = |body: &str| decode(Protocol::Json11, body.as_bytes(), "").unwrap();
    let text = |value: &str| Value::Structure([(0, Value::String(value.into()))].into());
    assert_eq!(read(""), Value::Structure(Default::default()));
    assert_eq!(read(" {\n} "), Value::Structure(Default::default()));
    assert_eq!(read(r#"{"Text":"a","Text":"b"}"#), text("b"));
    assert_eq!(read(r#"{"Unknown":{"a":[1,{"b":null}]},"Text":"a","Whole":null}"#), text("a"));
    assert_eq!(read(r#"{"Text":"\u00e4\ud83d\ude39\n\/"}"#), text("ä😹\n/"));
    assert_eq!(read(r#"{"Whole":5.0}"#), Value::Structure([(1, Value::Integer(5))].into()));
}
