use crate::{Body, Document, Kind, Member, Number, Schema, ShapeError, Writer};
use bytes::Bytes;
use names::Timestamp;

/// Appends a value to a buffer. Structures are maps of indefinite length, as AWS's own are.
pub(crate) struct CborWriter<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> CborWriter<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out }
    }

    fn head(&mut self, major: u8, argument: u64) {
        let major = major << 5;
        let bytes = argument.to_be_bytes();
        let (info, width) = match argument {
            0..24 => {
                self.out.push(major | bytes[7]);
                return;
            }
            24..0x100 => (24, 1),
            0x100..0x1_0000 => (25, 2),
            0x1_0000..0x1_0000_0000 => (26, 4),
            _ => (27, 8),
        };
        self.out.push(major | info);
        self.out.extend_from_slice(bytes.get(8 - width..).unwrap_or_default());
    }

    fn whole(&mut self, value: i64) {
        if value < 0 { self.head(1, (-1 - value).unsigned_abs()) } else { self.head(0, value.unsigned_abs()) }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.head(3, text.len() as u64);
        self.out.extend_from_slice(text.as_bytes());
    }

    fn float(&mut self, value: f64) {
        self.out.push(0xfb);
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    /// Begins a structure by hand.
    pub(crate) fn open(&mut self) {
        self.out.push(0xbf);
    }

    pub(crate) fn close(&mut self) {
        self.out.push(0xff);
    }

    /// Any JSON value.
    pub(crate) fn any(&mut self, value: &Document) {
        match value {
            Document::Null => self.out.push(0xf6),
            Document::Boolean(value) => self.out.push(if *value { 0xf5 } else { 0xf4 }),
            Document::Number(Number::Integer(value)) => self.whole(*value),
            Document::Number(Number::Float(value)) => self.float(*value),
            Document::String(text) => self.text(text),
            Document::Array(elements) => {
                self.head(4, elements.len() as u64);
                for element in elements {
                    self.any(element);
                }
            }
            Document::Object(members) => {
                self.head(5, members.len() as u64);
                for (name, value) in members {
                    self.text(name);
                    self.any(value);
                }
            }
        }
    }
}

impl Writer for CborWriter<'_> {
    fn boolean(&mut self, _: &'static Schema, value: bool) -> Result<(), ShapeError> {
        self.out.push(if value { 0xf5 } else { 0xf4 });
        Ok(())
    }

    fn integer(&mut self, _: &'static Schema, value: i64) -> Result<(), ShapeError> {
        self.whole(value);
        Ok(())
    }

    fn double(&mut self, schema: &'static Schema, value: f64) -> Result<(), ShapeError> {
        if matches!(schema.kind, Kind::Float) {
            #[expect(clippy::cast_possible_truncation, reason = "the shape is a 32-bit float")]
            let narrow = value as f32;
            self.out.push(0xfa);
            self.out.extend_from_slice(&narrow.to_be_bytes());
        } else {
            self.float(value);
        }
        Ok(())
    }

    fn string(&mut self, _: &'static Schema, value: &str) -> Result<(), ShapeError> {
        self.text(value);
        Ok(())
    }

    fn blob(&mut self, _: &'static Schema, value: &Bytes) -> Result<(), ShapeError> {
        self.head(2, value.len() as u64);
        self.out.extend_from_slice(value);
        Ok(())
    }

    fn body(&mut self, schema: &'static Schema, value: &Body) -> Result<(), ShapeError> {
        match value {
            Body::Whole(bytes) => self.blob(schema, bytes),
            Body::Stream(..) => Err(ShapeError {
                code: "InternalFailure",
                message: format!("{} is streamed but stands inside of a document", schema.name),
            }),
        }
    }

    fn timestamp(&mut self, _: &'static Schema, value: Timestamp) -> Result<(), ShapeError> {
        self.head(6, 1);
        if value.millis() % 1000 == 0 {
            self.whole(value.millis() / 1000);
        } else {
            #[expect(
                clippy::cast_precision_loss,
                reason = "milliseconds of any calendar's year fit 53 bits"
            )]
            self.float(value.millis() as f64 / 1000.0);
        }
        Ok(())
    }

    fn document(&mut self, _: &'static Schema, value: &Document) -> Result<(), ShapeError> {
        self.any(value);
        Ok(())
    }

    fn structure(
        &mut self,
        _: &'static Schema,
        members: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
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
        self.text(member.wire_name);
        value(self)
    }

    fn list(
        &mut self,
        _: &'static Schema,
        length: usize,
        element: &mut dyn FnMut(usize, &mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.head(4, length as u64);
        (0..length).try_for_each(|index| element(index, self))
    }

    fn map(
        &mut self,
        _: &'static Schema,
        length: usize,
        entries: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.head(5, length as u64);
        entries(self)
    }

    fn entry(
        &mut self,
        key: &str,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.text(key);
        value(self)
    }
}
