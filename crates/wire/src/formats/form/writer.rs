use super::Dialect;
use crate::formats::{moment, percent, text};
use crate::{Body, Document, Kind, Member, Schema, ShapeError, TimestampFormat, Writer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use names::Timestamp;

/// Appends a value's pairs to a form.
pub(crate) struct FormWriter<'a> {
    dialect: Dialect,
    out: &'a mut String,
    /// The name of what is being written.
    path: String,
    format: Option<TimestampFormat>,
    /// The map that is being written, and its entries so far.
    map: Option<(&'static Schema, usize)>,
}

impl<'a> FormWriter<'a> {
    pub(crate) fn new(dialect: Dialect, out: &'a mut String) -> Self {
        Self { dialect, out, path: String::new(), format: None, map: None }
    }

    fn pair(&mut self, value: &str) {
        if !self.out.is_empty() {
            self.out.push('&');
        }
        percent::encode(&self.path, self.out);
        self.out.push('=');
        percent::encode(value, self.out);
    }

    fn step(&mut self, name: std::fmt::Arguments<'_>) -> usize {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        let _ = std::fmt::Write::write_fmt(&mut self.path, name);
        length
    }
}

impl Writer for FormWriter<'_> {
    fn boolean(&mut self, _: &'static Schema, value: bool) -> Result<(), ShapeError> {
        self.pair(if value { "true" } else { "false" });
        Ok(())
    }

    fn integer(&mut self, _: &'static Schema, value: i64) -> Result<(), ShapeError> {
        self.pair(&value.to_string());
        Ok(())
    }

    fn double(&mut self, schema: &'static Schema, value: f64) -> Result<(), ShapeError> {
        self.pair(&text::print_double(value, schema));
        Ok(())
    }

    fn string(&mut self, _: &'static Schema, value: &str) -> Result<(), ShapeError> {
        self.pair(value);
        Ok(())
    }

    fn blob(&mut self, _: &'static Schema, value: &Bytes) -> Result<(), ShapeError> {
        self.pair(&STANDARD.encode(value));
        Ok(())
    }

    fn body(&mut self, schema: &'static Schema, value: &Body) -> Result<(), ShapeError> {
        match value {
            Body::Whole(bytes) => self.blob(schema, bytes),
            Body::Stream(..) => Err(ShapeError {
                code: "InternalFailure",
                message: format!("{} is streamed but stands inside of a form", schema.name),
            }),
        }
    }

    fn timestamp(&mut self, schema: &'static Schema, value: Timestamp) -> Result<(), ShapeError> {
        let own = if let Kind::Timestamp { format } = schema.kind { format } else { None };
        self.pair(&moment::print(value, self.format.or(own).unwrap_or(TimestampFormat::Iso8601)));
        Ok(())
    }

    fn document(&mut self, _: &'static Schema, value: &Document) -> Result<(), ShapeError> {
        self.pair(&value.to_string());
        Ok(())
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
        let name = self.dialect.name(member);
        let length = self.step(format_args!("{name}"));
        self.format = member.timestamp_format;
        value(self)?;
        self.path.truncate(length);
        Ok(())
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        length: usize,
        element: &mut dyn FnMut(usize, &mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Kind::List { member, flattened } = schema.kind else { return Ok(()) };
        if length == 0 && self.dialect == Dialect::Query {
            self.pair("");
        }
        for index in 0..length {
            let number = index + 1;
            let step = if flattened || self.dialect == Dialect::Ec2 {
                self.step(format_args!("{number}"))
            } else {
                self.step(format_args!("{}.{number}", member.wire_name))
            };
            self.format = member.timestamp_format;
            element(index, self)?;
            self.path.truncate(step);
        }
        Ok(())
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        _: usize,
        entries: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let outer = self.map.replace((schema, 0));
        entries(self)?;
        self.map = outer;
        Ok(())
    }

    fn entry(
        &mut self,
        key: &str,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Some((schema, count)) = self.map.take() else { return Ok(()) };
        let Kind::Map { key: key_member, value: value_member, flattened } = schema.kind else {
            return Ok(());
        };
        let number = count + 1;
        let step = if flattened {
            self.step(format_args!("{number}"))
        } else {
            self.step(format_args!("entry.{number}"))
        };
        let inner = self.step(format_args!("{}", self.dialect.name_in_entry(key_member)));
        self.pair(key);
        self.path.truncate(inner);
        self.step(format_args!("{}", self.dialect.name_in_entry(value_member)));
        self.format = value_member.timestamp_format;
        value(self)?;
        self.path.truncate(step);
        self.map = Some((schema, number));
        Ok(())
    }
}
