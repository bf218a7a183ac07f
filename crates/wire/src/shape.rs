//! One walk per shape: generated types describe themselves to a [`Writer`] and are built from a [`Reader`]; each codec is one of either.

use crate::{Body, Document, Member, Schema};
use bytes::Bytes;
use names::Timestamp;

/// A type that the generator wrote (or a scalar, list or map that such types are made of).
pub trait Shape: Sized {
    /// Describes the value: for a structure, each member that is present, in order.
    ///
    /// # Errors
    /// [`ShapeError`] where the codec cannot carry the value.
    fn write(&self, schema: &'static Schema, writer: &mut dyn Writer) -> Result<(), ShapeError>;

    /// Builds the value from what the reader holds.
    ///
    /// # Errors
    /// [`ShapeError`] where the input is not such a value.
    fn read(schema: &'static Schema, reader: &mut dyn Reader) -> Result<Self, ShapeError>;

    /// Whether a member of this type is written at all: `false` for `None`.
    fn present(&self) -> bool {
        true
    }
}

/// Receives a value. One method a kind; a structure, list or map calls back for its parts.
pub trait Writer {
    /// `true` or `false`.
    ///
    /// # Errors
    /// As [`Shape::write`], like all methods below.
    fn boolean(&mut self, schema: &'static Schema, value: bool) -> Result<(), ShapeError>;
    /// Integer and long.
    fn integer(&mut self, schema: &'static Schema, value: i64) -> Result<(), ShapeError>;
    /// Float and double.
    fn double(&mut self, schema: &'static Schema, value: f64) -> Result<(), ShapeError>;
    /// Text and enums.
    fn string(&mut self, schema: &'static Schema, value: &str) -> Result<(), ShapeError>;
    /// Bytes.
    fn blob(&mut self, schema: &'static Schema, value: &Bytes) -> Result<(), ShapeError>;
    /// The streamed body.
    fn body(&mut self, schema: &'static Schema, value: &Body) -> Result<(), ShapeError>;
    /// A moment.
    fn timestamp(&mut self, schema: &'static Schema, value: Timestamp) -> Result<(), ShapeError>;
    /// Any JSON.
    fn document(&mut self, schema: &'static Schema, value: &Document) -> Result<(), ShapeError>;
    /// A structure: `members` calls [`Writer::member`] for each member that is present.
    fn structure(
        &mut self,
        schema: &'static Schema,
        members: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError>;
    /// A member of the structure that is being written: `value` writes it.
    fn member(
        &mut self,
        member: &'static Member,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError>;
    /// A list of `length` elements: `element` writes the one at an index.
    fn list(
        &mut self,
        schema: &'static Schema,
        length: usize,
        element: &mut dyn FnMut(usize, &mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError>;
    /// A map: `entries` calls [`Writer::entry`] for each.
    fn map(
        &mut self,
        schema: &'static Schema,
        length: usize,
        entries: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError>;
    /// An entry of the map that is being written.
    fn entry(
        &mut self,
        key: &str,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError>;
}

/// Gives a value. The codec knows where it stands; shapes ask for what they are.
pub trait Reader {
    /// `true` or `false`.
    ///
    /// # Errors
    /// As [`Shape::read`], like all methods below.
    fn boolean(&mut self, schema: &'static Schema) -> Result<bool, ShapeError>;
    /// Integer and long.
    fn integer(&mut self, schema: &'static Schema) -> Result<i64, ShapeError>;
    /// Float and double.
    fn double(&mut self, schema: &'static Schema) -> Result<f64, ShapeError>;
    /// Text and enums.
    fn string(&mut self, schema: &'static Schema) -> Result<String, ShapeError>;
    /// Bytes.
    fn blob(&mut self, schema: &'static Schema) -> Result<Bytes, ShapeError>;
    /// The streamed body.
    fn body(&mut self, schema: &'static Schema) -> Result<Body, ShapeError>;
    /// A moment.
    fn timestamp(&mut self, schema: &'static Schema) -> Result<Timestamp, ShapeError>;
    /// Any JSON.
    fn document(&mut self, schema: &'static Schema) -> Result<Document, ShapeError>;
    /// A structure: `member` is called for each member that is present and known, with its index in the table.
    #[expect(clippy::type_complexity, reason = "an alias would hide what the callback is given")]
    fn structure(
        &mut self,
        schema: &'static Schema,
        member: &mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError>;
    /// A list: `element` is called for each element.
    fn list(
        &mut self,
        schema: &'static Schema,
        element: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError>;
    /// A map: `entry` is called for each entry with its key.
    fn map(
        &mut self,
        schema: &'static Schema,
        entry: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError>;
}

/// Why a value could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ShapeError {
    /// AWS's error code for it; each codec chooses its family's (`SerializationException`, `MalformedQueryString`, `MalformedXML` …).
    pub code: &'static str,
    /// The sentence.
    pub message: String,
}
