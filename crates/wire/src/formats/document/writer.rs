use super::reader::encoded;
use crate::{Body, Document, Member, Number, Schema, ShapeError, TimestampFormat, Writer};
use bytes::Bytes;
use indexmap::IndexMap;
use names::Timestamp;

/// Builds a document of what is written. Moments are ISO 8601, bytes are text where they are UTF-8 and base64 otherwise.
#[derive(Default)]
pub(crate) struct DocumentWriter {
    /// The value that was written last.
    pub(crate) value: Document,
    /// The members of the structure or map that is open.
    members: IndexMap<String, Document>,
}

impl DocumentWriter {
    fn put(&mut self, value: impl Into<Document>) -> Result<(), ShapeError> {
        self.value = value.into();
        Ok(())
    }

    fn object(
        &mut self,
        members: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let outer = std::mem::take(&mut self.members);
        members(self)?;
        self.value = Document::Object(std::mem::replace(&mut self.members, outer));
        Ok(())
    }
}

impl Writer for DocumentWriter {
    fn boolean(&mut self, _: &'static Schema, value: bool) -> Result<(), ShapeError> {
        self.put(value)
    }

    fn integer(&mut self, _: &'static Schema, value: i64) -> Result<(), ShapeError> {
        self.put(value)
    }

    fn double(&mut self, _: &'static Schema, value: f64) -> Result<(), ShapeError> {
        self.put(Document::Number(Number::Float(value)))
    }

    fn string(&mut self, _: &'static Schema, value: &str) -> Result<(), ShapeError> {
        self.put(value)
    }

    fn blob(&mut self, _: &'static Schema, value: &Bytes) -> Result<(), ShapeError> {
        self.put(encoded(value))
    }

    fn body(&mut self, _: &'static Schema, value: &Body) -> Result<(), ShapeError> {
        match value {
            Body::Whole(bytes) => self.put(encoded(bytes)),
            // A stream is not read here: what comes as one is not part of the document.
            Body::Stream(..) => self.put(Document::Null),
        }
    }

    fn timestamp(&mut self, _: &'static Schema, value: Timestamp) -> Result<(), ShapeError> {
        self.put(crate::formats::moment::print(value, TimestampFormat::Iso8601))
    }

    fn document(&mut self, _: &'static Schema, value: &Document) -> Result<(), ShapeError> {
        self.put(value.clone())
    }

    fn structure(
        &mut self,
        _: &'static Schema,
        members: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.object(members)
    }

    fn member(
        &mut self,
        member: &'static Member,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.entry(member.name, value)
    }

    fn list(
        &mut self,
        _: &'static Schema,
        length: usize,
        element: &mut dyn FnMut(usize, &mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let mut elements = Vec::with_capacity(length);
        for index in 0..length {
            element(index, self)?;
            elements.push(std::mem::take(&mut self.value));
        }
        self.put(Document::Array(elements))
    }

    fn map(
        &mut self,
        _: &'static Schema,
        _: usize,
        entries: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.object(entries)
    }

    fn entry(
        &mut self,
        key: &str,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        value(self)?;
        let value = std::mem::take(&mut self.value);
        self.members.insert(key.to_owned(), value);
        Ok(())
    }
}
