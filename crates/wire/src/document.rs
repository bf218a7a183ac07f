//! A JSON value: Config's configurations, templates' properties, policies and events.

use indexmap::IndexMap;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::fmt;

/// Any JSON; members keep their order.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Document {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number
    Number(Number),
    /// Text
    String(String),
    /// A list
    Array(Vec<Document>),
    /// Named members, in order
    Object(IndexMap<String, Document>),
}

/// A number: whole where it was written so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Whole.
    Integer(i64),
    /// With a fraction or exponent, or too large.
    Float(f64),
}

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line} column {column}")]
pub struct DocumentError {
    /// What is wrong.
    pub message: String,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
}

impl Document {
    /// Reads JSON text; nesting is limited to 128.
    ///
    /// # Errors
    /// [`DocumentError`] with the position.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        Self::parse_bytes(text.as_bytes())
    }

    /// As [`Document::parse`], from UTF-8 bytes.
    ///
    /// # Errors
    /// [`DocumentError`] with the position.
    pub fn parse_bytes(bytes: &[u8]) -> Result<Self, DocumentError> {
        serde_json::from_slice(bytes).map_err(|error| {
            let text = error.to_string();
            let message = text.split(" at line ").next().unwrap_or_default().to_owned();
            DocumentError { message, line: error.line(), column: error.column() }
        })
    }

    /// An object of members; those that are `None` are left out by [`Document::set`]'s callers.
    #[must_use]
    pub fn object() -> Self {
        Self::Object(IndexMap::new())
    }

    /// The member of an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(name),
            _ => None,
        }
    }

    /// The member at a path of names, such as `["Resources", "Topic"]`.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, name| value.get(name))
    }

    /// Sets a member; what is not an object becomes one.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Self>) {
        if !matches!(self, Self::Object(_)) {
            *self = Self::object();
        }
        if let Self::Object(members) = self {
            members.insert(name.into(), value.into());
        }
    }

    /// As [`Document::set`], for chains.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Self>) -> Self {
        self.set(name, value);
        self
    }

    /// The text, where it is text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, where it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The whole number, where it is one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(Number::Integer(value)) => Some(*value),
            _ => None,
        }
    }

    /// The number, where it is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "asked for as a float")]
            Self::Number(Number::Integer(value)) => Some(*value as f64),
            Self::Number(Number::Float(value)) => Some(*value),
            _ => None,
        }
    }

    /// The elements, where it is a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The members, where it is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&IndexMap<String, Self>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// `null`?
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// JSON text, indented by two spaces.
    #[must_use]
    pub fn pretty(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Compact JSON text.
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Number(Number::Integer(value)) => serializer.serialize_i64(*value),
            Self::Number(Number::Float(value)) => serializer.serialize_f64(*value),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(elements) => {
                let mut list = serializer.serialize_seq(Some(elements.len()))?;
                for element in elements {
                    list.serialize_element(element)?;
                }
                list.end()
            }
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_none<E>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Document, E> {
        Ok(Document::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Document, E> {
        #[expect(clippy::cast_precision_loss, reason = "beyond 63 bits JSON numbers are floats here")]
        Ok(i64::try_from(value).map_or(Document::Number(Number::Float(value as f64)), Document::from))
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
        while let Some(element) = access.next_element()? {
            elements.push(element);
        }
        Ok(Document::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Document, A::Error> {
        let mut members = IndexMap::new();
        while let Some((name, value)) = access.next_entry::<String, Document>()? {
            members.insert(name, value);
        }
        Ok(Document::Object(members))
    }
}

impl From<bool> for Document {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}
impl From<i64> for Document {
    fn from(value: i64) -> Self {
        Self::Number(Number::Integer(value))
    }
}
impl From<i32> for Document {
    fn from(value: i32) -> Self {
        Self::from(i64::from(value))
    }
}
impl From<u32> for Document {
    fn from(value: u32) -> Self {
        Self::from(i64::from(value))
    }
}
impl From<f64> for Document {
    fn from(value: f64) -> Self {
        Self::Number(Number::Float(value))
    }
}
impl From<&str> for Document {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}
impl From<String> for Document {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}
impl<T: Into<Document>> From<Option<T>> for Document {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
impl<T: Into<Document>> From<Vec<T>> for Document {
    fn from(elements: Vec<T>) -> Self {
        elements.into_iter().collect()
    }
}
impl<T: Into<Document>> FromIterator<T> for Document {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self::Array(elements.into_iter().map(Into::into).collect())
    }
}
impl<T: Into<Document>> FromIterator<(String, T)> for Document {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(members: I) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name, value.into())).collect())
    }
}
impl From<names::Tags> for Document {
    fn from(tags: names::Tags) -> Self {
        tags.into_iter().collect()
    }
}

/// A [`Document`] written as in JSON, with names, literals and (parenthesized) expressions for values: `document!({ "a": 1, "b": [x, (f(y))] })`.
#[macro_export]
macro_rules! document {
    ({ $($name:literal : $value:tt),* $(,)? }) => {{
        #[allow(unused_mut, reason = "an empty object sets nothing")]
        let mut object = $crate::Document::object();
        $(object.set($name, $crate::document!($value));)*
        object
    }};
    ([ $($value:tt),* $(,)? ]) => { $crate::Document::Array(vec![$($crate::document!($value)),*]) };
    (null) => { $crate::Document::Null };
    ($value:expr) => { $crate::Document::from($value) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_wholeness() {
        let text = r#"{"b":1,"a":[true,null,1.5,"x"],"c":{}}"#;
        assert_eq!(Document::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn says_where_the_text_is_wrong() {
        let error = Document::parse("{\n  \"a\": yes\n}").unwrap_err();
        assert_eq!(error.line, 2);
        assert!(Document::parse(&"[".repeat(1000)).is_err());
    }

    #[test]
    fn the_macro_writes_json() {
        let port = 443;
        let value = document!({ "port": port, "tags": { "a": "b" }, "none": null, "list": [1, "two"] });
        assert_eq!(value.to_string(), r#"{"port":443,"tags":{"a":"b"},"none":null,"list":[1,"two"]}"#);
    }
}
