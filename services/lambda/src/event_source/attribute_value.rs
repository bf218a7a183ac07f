//! DynamoDB's attribute values, as events have them.

use api_dynamodbstreams::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use wire::Document;

/// `{"S": "text"}` and so on.
pub(super) fn shown(value: &AttributeValue) -> Document {
    let one = |kind: &str, value: Document| Document::object().with(kind, value);
    let texts = |all: &[String]| all.iter().map(String::as_str).collect::<Document>();
    let AttributeValue { s, n, b, ss, ns, bs, m, l, null, bool } = value;
    if let Some(text) = s {
        one("S", text.as_str().into())
    } else if let Some(number) = n {
        one("N", number.as_str().into())
    } else if let Some(bytes) = b {
        one("B", STANDARD.encode(bytes).into())
    } else if let Some(all) = ss {
        one("SS", list(texts(all)))
    } else if let Some(all) = ns {
        one("NS", list(texts(all)))
    } else if let Some(all) = bs {
        one("BS", list(all.iter().map(|bytes| STANDARD.encode(bytes)).collect()))
    } else if let Some(members) = m {
        one("M", item(members))
    } else if let Some(all) = l {
        one("L", list(all.iter().map(shown).collect()))
    } else if let Some(value) = bool {
        one("BOOL", (*value).into())
    } else {
        one("NULL", null.unwrap_or(true).into())
    }
}

/// An item: attribute values by name.
pub(super) fn item(members: &BTreeMap<String, AttributeValue>) -> Document {
    let mut item = Document::object();
    for (name, value) in members {
        item.set(name.as_str(), shown(value));
    }
    item
}

/// What is collected of nothing is a list all the same.
fn list(collected: Document) -> Document {
    if collected.is_null() { Document::Array(Vec::new()) } else { collected }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_shown() {
        let text = |text: &str| AttributeValue { s: Some(text.into()), ..AttributeValue::default() };
        let members = BTreeMap::from([
            (
                "b".to_owned(),
                AttributeValue { b: Some(bytes::Bytes::from_static(b"hi")), ..Default::default() },
            ),
            ("e".to_owned(), AttributeValue { l: Some(Vec::new()), ..Default::default() }),
            ("l".to_owned(), AttributeValue { l: Some(vec![text("x")]), ..Default::default() }),
            ("n".to_owned(), AttributeValue { n: Some("1.50".into()), ..Default::default() }),
            ("ns".to_owned(), AttributeValue { ns: Some(vec!["1".into()]), ..Default::default() }),
            ("nu".to_owned(), AttributeValue { null: Some(true), ..Default::default() }),
            ("t".to_owned(), AttributeValue { bool: Some(false), ..Default::default() }),
        ]);
        let map = AttributeValue { m: Some(members), ..AttributeValue::default() };
        assert_eq!(
            shown(&map).to_string(),
            r#"{"M":{"b":{"B":"aGk="},"e":{"L":[]},"l":{"L":[{"S":"x"}]},"n":{"N":"1.50"},"ns":{"NS":["1"]},"nu":{"NULL":true},"t":{"BOOL":false}}}"#
        );
    }
}
