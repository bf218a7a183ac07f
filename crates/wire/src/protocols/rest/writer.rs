use super::text_writer::TextWriter;
use crate::formats::percent;
use crate::{Body, Document, Kind, Location, Member, Schema, ShapeError, Writer};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use names::Timestamp;

/// What an HTTP-bound structure consists of besides the body's document.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) labels: Vec<(&'static str, String)>,
    pub(crate) host_labels: Vec<(&'static str, String)>,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) status: Option<u16>,
    /// A payload of bytes or text, with its usual media type.
    pub(crate) raw: Option<(Body, &'static str)>,
    /// A payload that is a document was present.
    pub(crate) payload: bool,
    /// The document of such a payload.
    pub(crate) document: Vec<u8>,
}

/// Describes a value to a writer.
type Value<'v> = &'v mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>;

/// Writes a payload that is a document, in the protocol's syntax.
pub(crate) type Payload<'a> = &'a dyn Fn(&'static Member, &mut Vec<u8>, Value<'_>) -> Result<(), ShapeError>;

/// Writes all members that do not travel in the document; the codec writes those in a second walk.
pub(crate) struct RestWriter<'a> {
    written: &'a mut Written,
    payload: Payload<'a>,
    /// Query parameters that are members; a map of further ones does not repeat them.
    named: Vec<&'static str>,
}

impl<'a> RestWriter<'a> {
    pub(crate) fn new(schema: &'static Schema, written: &'a mut Written, payload: Payload<'a>) -> Self {
        let named = schema.members().iter();
        let named = named.filter(|member| {
            member.location == Location::Query && !matches!(member.schema.kind, Kind::Map { .. })
        });
        Self { written, payload, named: named.map(|member| member.wire_name).collect() }
    }

    fn header(&mut self, name: &str, value: &str) -> Result<(), ShapeError> {
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| ShapeError {
            code: "InternalFailure",
            message: format!("{name:?} is no header's name"),
        })?;
        // Text beyond ASCII goes out as UTF-8 bytes, as clients that send it expect.
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| ShapeError {
            code: "InternalFailure",
            message: format!("The header {name} cannot hold its value: HTTP forbids control characters"),
        })?;
        self.written.headers.insert(key, value);
        Ok(())
    }

    fn parameter(&mut self, name: &str, value: &str) {
        let query = &mut self.written.query;
        if !query.is_empty() {
            query.push('&');
        }
        percent::encode(name, query);
        query.push('=');
        percent::encode(value, query);
    }

    fn payload(
        &mut self,
        member: &'static Member,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        if matches!(member.schema.kind, Kind::Blob { .. } | Kind::String { .. }) {
            return value(self);
        }
        self.written.payload = true;
        (self.payload)(member, &mut self.written.document, value)
    }
}

impl Writer for RestWriter<'_> {
    fn boolean(&mut self, schema: &'static Schema, _: bool) -> Result<(), ShapeError> {
        refuse(schema)
    }

    fn integer(&mut self, schema: &'static Schema, _: i64) -> Result<(), ShapeError> {
        refuse(schema)
    }

    fn double(&mut self, schema: &'static Schema, _: f64) -> Result<(), ShapeError> {
        refuse(schema)
    }

    fn string(&mut self, _: &'static Schema, value: &str) -> Result<(), ShapeError> {
        self.written.raw = Some((Body::Whole(Bytes::copy_from_slice(value.as_bytes())), "text/plain"));
        Ok(())
    }

    fn blob(&mut self, _: &'static Schema, value: &Bytes) -> Result<(), ShapeError> {
        self.written.raw = Some((Body::Whole(value.clone()), "application/octet-stream"));
        Ok(())
    }

    fn body(&mut self, _: &'static Schema, value: &Body) -> Result<(), ShapeError> {
        self.written.raw = Some((value.clone(), "application/octet-stream"));
        Ok(())
    }

    fn timestamp(&mut self, schema: &'static Schema, _: Timestamp) -> Result<(), ShapeError> {
        refuse(schema)
    }

    fn document(&mut self, schema: &'static Schema, _: &Document) -> Result<(), ShapeError> {
        refuse(schema)
    }

    fn structure(
        &mut self,
        _: &'static Schema,
        members: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        members(self)
    }

    fn member(
        &mut self,
        member: &'static Member,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        if matches!(member.location, Location::Body | Location::Payload) {
            if member.host_label {
                let mut texts = TextWriter::new(member);
                value(&mut texts)?;
                self.written.host_labels.extend(texts.texts.into_iter().map(|(_, text)| (member.name, text)));
            }
            return if member.location == Location::Payload { self.payload(member, value) } else { Ok(()) };
        }
        let mut texts = TextWriter::new(member);
        value(&mut texts)?;
        let texts = texts.texts;
        let name = member.wire_name;
        match member.location {
            Location::Header => {
                let joined = texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ");
                self.header(name, &joined)
            }
            Location::Headers => texts.iter().try_for_each(|(key, text)| {
                self.header(&format!("{name}{}", key.as_deref().unwrap_or_default()), text)
            }),
            Location::Query => {
                for (key, text) in &texts {
                    match key {
                        Some(key) if self.named.contains(&key.as_str()) => {}
                        Some(key) => self.parameter(key, text),
                        None => self.parameter(name, text),
                    }
                }
                Ok(())
            }
            Location::Uri => {
                self.written.labels.extend(texts.into_iter().next().map(|(_, text)| (name, text)));
                Ok(())
            }
            Location::StatusCode => {
                self.written.status = texts.first().and_then(|(_, text)| text.parse().ok());
                Ok(())
            }
            Location::Body | Location::Payload => Ok(()),
        }
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        _: usize,
        _: &mut dyn FnMut(usize, &mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        refuse(schema)
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        _: usize,
        _: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        refuse(schema)
    }

    fn entry(
        &mut self,
        _: &str,
        _: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        Ok(())
    }
}

fn refuse(schema: &Schema) -> Result<(), ShapeError> {
    Err(ShapeError {
        code: "InternalFailure",
        message: format!("{} is neither a member nor a payload", schema.name),
    })
}
