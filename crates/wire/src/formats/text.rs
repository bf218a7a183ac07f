//! Single texts: headers, labels, query parameters, status codes.

use crate::formats::moment;
use crate::{Body, Document, Kind, Location, Member, Reader, Schema, ShapeError, TimestampFormat};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use names::Timestamp;

/// Parses a truth value.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Parses a whole number that fits the shape.
pub(crate) fn integer(text: &str, schema: &Schema) -> Option<i64> {
    let value: i64 = text.trim().parse().ok()?;
    fits(value, schema).then_some(value)
}

/// A whole number is within its shape's width.
pub(crate) fn fits(value: i64, schema: &Schema) -> bool {
    !matches!(schema.kind, Kind::Integer) || i32::try_from(value).is_ok()
}

/// Parses a number, `NaN` and the infinities among them.
pub(crate) fn double(text: &str) -> Option<f64> {
    match text.trim() {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        text if text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E')) =>
        {
            text.parse().ok()
        }
        _ => None,
    }
}

/// Prints a number as texts and XML hold it: as few digits as tell it apart at its shape's width.
pub(crate) fn print_double(value: f64, schema: &Schema) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    #[expect(clippy::cast_possible_truncation, reason = "a 32-bit float that was widened")]
    let text =
        if matches!(schema.kind, Kind::Float) { format!("{:?}", value as f32) } else { format!("{value:?}") };
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// What a JSON type's name is in AWS's sentences.
pub(crate) fn type_name(schema: &Schema) -> &'static str {
    match schema.kind {
        Kind::Boolean => "Boolean",
        Kind::Integer => "Integer",
        Kind::Long => "Long",
        Kind::Float => "Float",
        Kind::Double => "Double",
        Kind::String { .. } => "String",
        Kind::Blob { .. } => "Blob",
        Kind::Timestamp { .. } => "Timestamp",
        Kind::List { .. } => "List",
        Kind::Map { .. } => "Map",
        Kind::Structure { .. } => "Structure",
        Kind::Document => "Document",
    }
}

/// The article that goes before [`type_name`].
pub(crate) fn article(schema: &Schema) -> &'static str {
    if matches!(schema.kind, Kind::Integer) { "an" } else { "a" }
}

/// The error of a text that is no such value.
pub(crate) fn unconvertible(code: &'static str, schema: &Schema) -> ShapeError {
    ShapeError {
        code,
        message: format!("STRING_VALUE can not be converted to {} {}", article(schema), type_name(schema)),
    }
}

/// Reads one value from one text.
pub(crate) struct TextReader<'a> {
    text: &'a str,
    location: Location,
    format: Option<TimestampFormat>,
    code: &'static str,
}

impl<'a> TextReader<'a> {
    pub(crate) fn new(text: &'a str, location: Location, format: Option<TimestampFormat>) -> Self {
        Self { text, location, format, code: "SerializationException" }
    }

    /// The error code for texts that are no such value.
    pub(crate) fn blame(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    fn fail<T>(&self, schema: &Schema) -> Result<T, ShapeError> {
        Err(unconvertible(self.code, schema))
    }
}

impl Reader for TextReader<'_> {
    fn boolean(&mut self, schema: &'static Schema) -> Result<bool, ShapeError> {
        boolean(self.text).map_or_else(|| self.fail(schema), Ok)
    }

    fn integer(&mut self, schema: &'static Schema) -> Result<i64, ShapeError> {
        integer(self.text, schema).map_or_else(|| self.fail(schema), Ok)
    }

    fn double(&mut self, schema: &'static Schema) -> Result<f64, ShapeError> {
        double(self.text).map_or_else(|| self.fail(schema), Ok)
    }

    fn string(&mut self, schema: &'static Schema) -> Result<String, ShapeError> {
        let json = matches!(schema.kind, Kind::String { json: true, .. });
        if json && matches!(self.location, Location::Header) {
            let decoded = STANDARD.decode(self.text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            return decoded.map_or_else(|| self.fail(schema), Ok);
        }
        Ok(self.text.to_owned())
    }

    fn blob(&mut self, schema: &'static Schema) -> Result<Bytes, ShapeError> {
        STANDARD.decode(self.text).map(Bytes::from).or_else(|_| self.fail(schema))
    }

    fn body(&mut self, schema: &'static Schema) -> Result<Body, ShapeError> {
        self.fail(schema)
    }

    fn timestamp(&mut self, schema: &'static Schema) -> Result<Timestamp, ShapeError> {
        // Formats are told apart by their look; only digits need to know whether they are seconds, and those always are.
        let _ = self.format;
        moment::parse(self.text).map_or_else(|| self.fail(schema), Ok)
    }

    fn document(&mut self, schema: &'static Schema) -> Result<Document, ShapeError> {
        Document::parse(self.text).or_else(|_| self.fail(schema))
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        _: &mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.fail(schema)
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        element: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Kind::List { member, .. } = schema.kind else { return self.fail(schema) };
        let dates = matches!(member.schema.kind, Kind::Timestamp { .. });
        for part in split(self.text, dates).iter().filter(|part| !part.is_empty()) {
            element(&mut TextReader { text: part, location: self.location, format: None, code: self.code })?;
        }
        Ok(())
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        _: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.fail(schema)
    }
}

/// Splits a header's list at commas that stand outside of quotes and, among HTTP dates (which hold a comma each), at every second one.
fn split(text: &str, dates: bool) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped, mut commas) = (false, false, 0_u32);
    let dates = dates && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    for letter in text.chars() {
        let Some(part) = parts.last_mut() else { break };
        match letter {
            _ if escaped => {
                part.push(letter);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' if quoted || part.trim().is_empty() => quoted = !quoted,
            ',' if !quoted => {
                commas += 1;
                if dates && commas % 2 == 1 { part.push(',') } else { parts.push(String::new()) }
            }
            ' ' | '\t' if part.is_empty() && !quoted => {}
            _ => part.push(letter),
        }
    }
    parts.into_iter().map(|part| part.trim_end().to_owned()).collect()
}
