use super::quote;
use crate::formats::{moment, text};
use crate::{Body, Document, Kind, Location, Member, Schema, ShapeError, TimestampFormat, Writer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use names::Timestamp;
use std::io::Write as _;

/// Appends a value to a buffer.
pub(crate) struct JsonWriter<'a> {
    out: &'a mut Vec<u8>,
    /// Nothing was written since the bracket.
    first: bool,
    /// The format of the member that is being written.
    format: Option<TimestampFormat>,
    /// For records: what is sensitive and what is a body is told, not shown.
    record: bool,
    /// Of an HTTP-bound structure: only members that travel in the body.
    bound: bool,
}

/// What CloudTrail prints in place of a secret.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

impl<'a> JsonWriter<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, first: true, format: None, record: false, bound: false }
    }

    /// A writer for records of calls: sensitive values are hidden, and blobs are told by their length.
    pub(crate) fn for_record(out: &'a mut Vec<u8>) -> Self {
        Self { record: true, ..Self::new(out) }
    }

    /// As [`JsonWriter::new`], for a structure of which only the body's members are written.
    pub(crate) fn bound(out: &'a mut Vec<u8>) -> Self {
        Self { bound: true, ..Self::new(out) }
    }

    fn open(&mut self) {
        self.out.push(b'{');
        self.first = true;
    }

    fn close(&mut self) {
        self.out.push(b'}');
        self.first = false;
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
    }

    fn key(&mut self, name: &str) {
        self.separate();
        quote(name, self.out);
        self.out.push(b':');
    }

    /// Of a record: a sensitive value is hidden wherever it stands, also as an element of a list or map.
    fn hides(&mut self, schema: &Schema) -> bool {
        let hidden = self.record && schema.sensitive;
        if hidden {
            quote(HIDDEN, self.out);
        }
        hidden
    }

    fn print(&mut self, value: std::fmt::Arguments<'_>) {
        // Writing into memory does not fail.
        let _ = self.out.write_fmt(value);
    }
}

impl Writer for JsonWriter<'_> {
    fn boolean(&mut self, schema: &'static Schema, value: bool) -> Result<(), ShapeError> {
        if self.hides(schema) {
            return Ok(());
        }
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn integer(&mut self, schema: &'static Schema, value: i64) -> Result<(), ShapeError> {
        if self.hides(schema) {
            return Ok(());
        }
        self.print(format_args!("{value}"));
        Ok(())
    }

    fn double(&mut self, schema: &'static Schema, value: f64) -> Result<(), ShapeError> {
        if value.is_finite() && matches!(schema.kind, Kind::Float) {
            #[expect(clippy::cast_possible_truncation, reason = "a 32-bit float, widened")]
            let _ = serde_json::to_writer(&mut *self.out, &(value as f32));
        } else if value.is_finite() {
            let _ = serde_json::to_writer(&mut *self.out, &value);
        } else {
            quote(&text::print_double(value, schema), self.out);
        }
        Ok(())
    }

    fn string(&mut self, schema: &'static Schema, value: &str) -> Result<(), ShapeError> {
        if !self.hides(schema) {
            quote(value, self.out);
        }
        Ok(())
    }

    fn blob(&mut self, schema: &'static Schema, value: &Bytes) -> Result<(), ShapeError> {
        if self.hides(schema) {
            return Ok(());
        }
        if self.record {
            self.print(format_args!("\"{} bytes\"", value.len()));
            return Ok(());
        }
        self.out.push(b'"');
        self.out.extend_from_slice(STANDARD.encode(value).as_bytes());
        self.out.push(b'"');
        Ok(())
    }

    fn body(&mut self, schema: &'static Schema, value: &Body) -> Result<(), ShapeError> {
        match value {
            Body::Whole(bytes) => self.blob(schema, bytes),
            Body::Stream(..) if self.record => {
                self.out.extend_from_slice(b"null");
                Ok(())
            }
            Body::Stream(..) => Err(ShapeError {
                code: "InternalFailure",
                message: format!("{} is streamed but stands inside of a document", schema.name),
            }),
        }
    }

    fn timestamp(&mut self, schema: &'static Schema, value: Timestamp) -> Result<(), ShapeError> {
        let own = if let Kind::Timestamp { format } = schema.kind { format } else { None };
        match self.format.or(own) {
            None | Some(TimestampFormat::UnixTimestamp) => {
                self.out.extend_from_slice(moment::seconds(value).as_bytes())
            }
            Some(format) => quote(&moment::print(value, format), self.out),
        }
        Ok(())
    }

    fn document(&mut self, _: &'static Schema, value: &Document) -> Result<(), ShapeError> {
        let _ = serde_json::to_writer(&mut *self.out, value);
        Ok(())
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        members: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        if self.hides(schema) {
            return Ok(());
        }
        self.open();
        members(self)?;
        self.close();
        Ok(())
    }

    fn member(
        &mut self,
        member: &'static Member,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        if self.bound && member.location != Location::Body {
            return Ok(());
        }
        let bound = std::mem::take(&mut self.bound);
        self.key(if self.record { member.name } else { member.wire_name });
        if self.record && member.schema.sensitive {
            quote(HIDDEN, self.out);
            return Ok(());
        }
        self.format = member.timestamp_format;
        value(self)?;
        self.first = false;
        self.bound = bound;
        Ok(())
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        length: usize,
        element: &mut dyn FnMut(usize, &mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        if self.hides(schema) {
            return Ok(());
        }
        let format = if let Kind::List { member, .. } = schema.kind { member.timestamp_format } else { None };
        self.out.push(b'[');
        for index in 0..length {
            if index > 0 {
                self.out.push(b',');
            }
            self.format = format;
            element(index, self)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        _: usize,
        entries: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        if self.hides(schema) {
            return Ok(());
        }
        self.open();
        let outer = self.format;
        self.format = if let Kind::Map { value, .. } = schema.kind { value.timestamp_format } else { None };
        entries(self)?;
        self.format = outer;
        self.close();
        Ok(())
    }

    fn entry(
        &mut self,
        key: &str,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.key(key);
        let format = self.format;
        value(self)?;
        self.format = format;
        self.first = false;
        Ok(())
    }
}
