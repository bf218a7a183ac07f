//! JSON text to a [`Document`], refusing what a plain JSON reader lets pass: a name given twice.

use super::error::TemplateError;
use indexmap::IndexMap;
use indexmap::map::Entry;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;
use wire::{Document, Number};

/// Reads a JSON template; nesting is limited to 128 by the reader.
pub(crate) fn parse(text: &str) -> Result<Document, TemplateError> {
    serde_json::from_str::<Node>(text).map(|node| node.0).map_err(|error| {
        TemplateError::format(format!(
            "JSON not well-formed. (line {}, column {})",
            error.line().max(1),
            error.column().max(1)
        ))
    })
}

struct Node(Document);

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor).map(Node)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Document, E> {
        Ok(Document::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Document, E> {
        Ok(value.into())
    }

    /// Beyond 63 bits the digits are kept as text: a rounded number would be another number.
    fn visit_u64<E>(self, value: u64) -> Result<Document, E> {
        Ok(i64::try_from(value).map_or_else(|_| Document::from(value.to_string()), Document::from))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Document, E> {
        Ok(Document::Number(Number::Float(value)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Document, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Document, E> {
        Ok(Document::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Document, A::Error> {
        let mut elements = Vec::new();
        while let Some(Node(element)) = access.next_element()? {
            elements.push(element);
        }
        Ok(Document::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Document, A::Error> {
        let mut members = IndexMap::new();
        while let Some(name) = access.next_key::<String>()? {
            match members.entry(name) {
                Entry::Occupied(taken) => {
                    return Err(A::Error::custom(format!("duplicate name {}", taken.key())));
                }
                Entry::Vacant(free) => {
                    free.insert(access.next_value::<Node>()?.0);
                }
            }
        }
        Ok(Document::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn says_where() {
        assert_eq!(error("{"), "Template format error: JSON not well-formed. (line 1, column 1)");
        assert_eq!(
            error("{\n  \"Resources\": {,\n}"),
            "Template format error: JSON not well-formed. (line 2, column 17)"
        );
        assert_eq!(error("{} {}"), "Template format error: JSON not well-formed. (line 1, column 4)");
    }

    #[test]
    fn a_name_given_twice_is_refused() {
        assert!(
            error("{\"a\":1,\n\"a\":2}").starts_with("Template format error: JSON not well-formed. (line 2")
        );
        assert!(
            error("{\"a\":{\"b\":1,\"b\":2}}")
                .starts_with("Template format error: JSON not well-formed. (line 1")
        );
    }

    #[test]
    fn depth_is_limited() {
        assert!(parse(&("{\"a\":".repeat(5000) + "1" + &"}".repeat(5000))).is_err());
        assert!(parse(&("[".repeat(100) + &"]".repeat(100))).is_ok());
    }

    #[test]
    fn large_numbers_keep_their_digits() {
        assert_eq!(parse("[18446744073709551615]").unwrap().to_string(), r#"["18446744073709551615"]"#);
        assert_eq!(parse("[1, -2, 1.5]").unwrap().to_string(), "[1,-2,1.5]");
    }
}
