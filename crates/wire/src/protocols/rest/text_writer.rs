use crate::formats::{moment, text};
use crate::{Body, Document, Kind, Location, Member, Schema, ShapeError, TimestampFormat, Writer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use names::Timestamp;

/// Prints a member that travels in a header, parameter or label; a list is several texts, a map has names.
pub(super) struct TextWriter {
    location: Location,
    format: Option<TimestampFormat>,
    key: Option<String>,
    pub(super) texts: Vec<(Option<String>, String)>,
    /// Elements of a header's list, which are quoted where a comma would split them.
    listed: bool,
}

impl TextWriter {
    pub(super) fn new(member: &Member) -> Self {
        Self {
            location: member.location,
            format: member.timestamp_format,
            key: None,
            texts: Vec::new(),
            listed: false,
        }
    }

    fn text(&mut self, text: String) -> Result<(), ShapeError> {
        self.texts.push((self.key.clone(), text));
        Ok(())
    }

    fn refuse(&self, schema: &Schema) -> Result<(), ShapeError> {
        let message = format!("{} can not travel in a {:?}", schema.name, self.location);
        Err(ShapeError { code: "InternalFailure", message })
    }
}

impl Writer for TextWriter {
    fn boolean(&mut self, _: &'static Schema, value: bool) -> Result<(), ShapeError> {
        self.text(value.to_string())
    }

    fn integer(&mut self, _: &'static Schema, value: i64) -> Result<(), ShapeError> {
        self.text(value.to_string())
    }

    fn double(&mut self, schema: &'static Schema, value: f64) -> Result<(), ShapeError> {
        self.text(text::print_double(value, schema))
    }

    fn string(&mut self, schema: &'static Schema, value: &str) -> Result<(), ShapeError> {
        let header = self.location == Location::Header;
        if header && matches!(schema.kind, Kind::String { json: true, .. }) {
            return self.text(STANDARD.encode(value));
        }
        if header && self.listed && value.contains([',', '"']) {
            return self.text(format!("\"{}\"", value.replace('\\', r"\\").replace('"', "\\\"")));
        }
        self.text(value.to_owned())
    }

    fn blob(&mut self, _: &'static Schema, value: &Bytes) -> Result<(), ShapeError> {
        self.text(STANDARD.encode(value))
    }

    fn body(&mut self, schema: &'static Schema, _: &Body) -> Result<(), ShapeError> {
        self.refuse(schema)
    }

    fn timestamp(&mut self, schema: &'static Schema, value: Timestamp) -> Result<(), ShapeError> {
        let own = if let Kind::Timestamp { format } = schema.kind { format } else { None };
        let usual = match self.location {
            Location::Header | Location::Headers => TimestampFormat::Rfc822,
            _ => TimestampFormat::Iso8601,
        };
        self.text(moment::print(value, self.format.or(own).unwrap_or(usual)))
    }

    fn document(&mut self, schema: &'static Schema, _: &Document) -> Result<(), ShapeError> {
        self.refuse(schema)
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        _: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.refuse(schema)
    }

    fn member(
        &mut self,
        member: &'static Member,
        _: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.refuse(member.schema)
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        length: usize,
        element: &mut dyn FnMut(usize, &mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.listed = true;
        if let Kind::List { member, .. } = schema.kind {
            self.format = member.timestamp_format;
        }
        (0..length).try_for_each(|index| element(index, self))
    }

    fn map(
        &mut self,
        _: &'static Schema,
        _: usize,
        entries: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        entries(self)
    }

    fn entry(
        &mut self,
        key: &str,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.key = Some(key.to_owned());
        value(self)?;
        self.key = None;
        Ok(())
    }
}
