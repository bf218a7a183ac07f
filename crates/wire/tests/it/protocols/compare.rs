//! Equality of messages, as far as protocols define it.

use crate::dynamic::Value;
use serde_json::Value as Json;
use wire::{Protocol, Schema};

/// The bodies mean the same.
pub(super) fn bodies(
    protocol: Protocol,
    expected: &[u8],
    actual: &[u8],
    payload: Option<&'static Schema>,
) -> Result<(), String> {
    let print = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let different = || Err(format!("body\n  expected {}\n  actual   {}", print(expected), print(actual)));
    if expected == actual {
        return Ok(());
    }
    if expected.is_empty() || actual.is_empty() {
        return different();
    }
    let same = match protocol {
        Protocol::Json10 | Protocol::Json11 | Protocol::RestJson => {
            match (serde_json::from_slice::<Json>(expected), serde_json::from_slice::<Json>(actual)) {
                (Ok(one), Ok(two)) => numbers(&one) == numbers(&two),
                _ => false,
            }
        }
        Protocol::RestXml => match (tree(expected), tree(actual)) {
            (Some(one), Some(two)) => one == two,
            _ => false,
        },
        Protocol::Query | Protocol::Ec2 => pairs(expected) == pairs(actual),
        Protocol::Cbor => {
            let read = |bytes: &[u8]| payload.map(|schema| super::input::cbor(schema, bytes));
            read(expected) == read(actual)
        }
    };
    if same { Ok(()) } else { different() }
}

/// 1 and 1.0 are one number.
fn numbers(json: &Json) -> Json {
    match json {
        Json::Number(number) => Json::String(format!("{:?}", number.as_f64())),
        Json::Array(elements) => Json::Array(elements.iter().map(numbers).collect()),
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), numbers(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn pairs(form: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(form).unwrap();
    let mut pairs: Vec<_> =
        wire::uri::parameters(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    pairs.sort();
    pairs
}

/// An element as a comparable text: attributes sorted, white space between elements dropped, children in order.
fn tree(xml: &[u8]) -> Option<String> {
    use quick_xml::events::Event;
    let text = std::str::from_utf8(xml).ok()?;
    let mut reader = quick_xml::Reader::from_str(text);
    let mut out = String::new();
    let start = |start: &quick_xml::events::BytesStart<'_>, out: &mut String| {
        let mut attributes: Vec<String> = start
            .attributes()
            .map(|attribute| attribute.unwrap())
            .map(|attribute| format!("{}={}", attribute.key.as_ref(), &*attribute.value))
            .collect();
        attributes.sort();
        out.push_str(&format!("<{} {attributes:?}>", start.name().as_ref()));
    };
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => start(&element, &mut out),
            Event::Empty(element) => {
                start(&element, &mut out);
                out.push_str("</>");
            }
            Event::End(_) => out.push_str("</>"),
            Event::Text(text) => out.push_str(text.xml10_content().trim()),
            Event::CData(text) => out.push_str(&text.xml10_content()),
            Event::GeneralRef(name) => out.push_str(&format!("&{};", name.xml10_content())),
            Event::Eof => return Some(out),
            _ => {}
        }
    }
}

/// The values are equal.
pub(super) fn values(expected: &Value, actual: &Value) -> Result<(), String> {
    if expected == actual {
        Ok(())
    } else {
        Err(format!("value\n  expected {expected:?}\n  actual   {actual:?}"))
    }
}
