use crate::formats::{moment, text};
use crate::{Body, Document, Kind, Member, Schema, ShapeError, TimestampFormat, Writer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use names::Timestamp;

/// What documents begin with.
pub(crate) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

type Namespace = Option<(&'static str, &'static str)>;

/// Appends a value as an element of a name.
pub(crate) struct XmlWriter<'a> {
    out: &'a mut Vec<u8>,
    /// The element that the next value is.
    name: &'static str,
    namespace: Namespace,
    format: Option<TimestampFormat>,
    map: Option<&'static Schema>,
    /// Only members of the body: the structure is HTTP-bound.
    bound: bool,
    /// The structure at the root has no element of its own.
    bare: bool,
    /// Elements go by their query names, where they have one.
    query: bool,
    pass: Pass,
}

/// Attributes stand in the start tag, wherever the model has them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Elements,
    Attributes,
}

impl<'a> XmlWriter<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>, name: &'static str, namespace: Namespace) -> Self {
        Self {
            out,
            name,
            namespace,
            format: None,
            map: None,
            bound: false,
            bare: false,
            query: false,
            pass: Pass::Elements,
        }
    }

    /// As [`XmlWriter::new`], for a structure of which only the body's members are written.
    pub(crate) fn bound(out: &'a mut Vec<u8>, name: &'static str, namespace: Namespace) -> Self {
        Self { bound: true, ..Self::new(out, name, namespace) }
    }

    /// Writes a structure's members without an element around them.
    pub(crate) fn bare(out: &'a mut Vec<u8>) -> Self {
        Self { bare: true, ..Self::new(out, "", None) }
    }

    /// By query names.
    pub(crate) fn query(mut self) -> Self {
        self.query = true;
        self
    }

    fn name_of(&self, member: &Member) -> &'static str {
        member.query_name.filter(|_| self.query).unwrap_or(member.wire_name)
    }

    fn start(&mut self, name: &str, namespace: Namespace) {
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        declare(namespace, self.out);
    }

    fn end(&mut self, name: &str) {
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
    }

    fn text(&mut self, value: &str) {
        let name = self.name;
        if self.pass == Pass::Attributes {
            self.out.push(b' ');
            self.out.extend_from_slice(name.as_bytes());
            self.out.extend_from_slice(b"=\"");
            escape(value, self.out);
            self.out.push(b'"');
            return;
        }
        self.start(name, self.namespace);
        self.out.push(b'>');
        escape(value, self.out);
        self.end(name);
    }
}

/// ` xmlns="…"` or ` xmlns:prefix="…"`.
fn declare(namespace: Namespace, out: &mut Vec<u8>) {
    if let Some((prefix, uri)) = namespace {
        out.extend_from_slice(b" xmlns");
        if !prefix.is_empty() {
            out.push(b':');
            out.extend_from_slice(prefix.as_bytes());
        }
        out.extend_from_slice(b"=\"");
        escape(uri, out);
        out.push(b'"');
    }
}

/// Appends a text, escaped. Control characters, which XML 1.0 has no way to hold, are written as references, as S3 writes them.
pub(crate) fn escape(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let reference: &[u8] = match byte {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'"' => b"&quot;",
            b'\t' | b'\n' => continue,
            0..0x20 => b"",
            _ => continue,
        };
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        from = at + 1;
        if reference.is_empty() {
            out.extend_from_slice(format!("&#x{byte:X};").as_bytes());
        } else {
            out.extend_from_slice(reference);
        }
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
}

/// Appends `<name>text</name>`.
pub(crate) fn leaf(name: &str, text: &str, out: &mut Vec<u8>) {
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
    escape(text, out);
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

impl Writer for XmlWriter<'_> {
    fn boolean(&mut self, _: &'static Schema, value: bool) -> Result<(), ShapeError> {
        self.text(if value { "true" } else { "false" });
        Ok(())
    }

    fn integer(&mut self, _: &'static Schema, value: i64) -> Result<(), ShapeError> {
        self.text(&value.to_string());
        Ok(())
    }

    fn double(&mut self, schema: &'static Schema, value: f64) -> Result<(), ShapeError> {
        self.text(&text::print_double(value, schema));
        Ok(())
    }

    fn string(&mut self, _: &'static Schema, value: &str) -> Result<(), ShapeError> {
        self.text(value);
        Ok(())
    }

    fn blob(&mut self, _: &'static Schema, value: &Bytes) -> Result<(), ShapeError> {
        self.text(&STANDARD.encode(value));
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

    fn timestamp(&mut self, schema: &'static Schema, value: Timestamp) -> Result<(), ShapeError> {
        let own = if let Kind::Timestamp { format } = schema.kind { format } else { None };
        self.text(&moment::print(value, self.format.or(own).unwrap_or(TimestampFormat::Iso8601)));
        Ok(())
    }

    fn document(&mut self, _: &'static Schema, value: &Document) -> Result<(), ShapeError> {
        self.text(&value.to_string());
        Ok(())
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        members: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        if std::mem::take(&mut self.bare) {
            return members(self);
        }
        let (name, namespace) = (self.name, self.namespace);
        self.start(name, namespace);
        let bound = self.bound;
        if schema.members().iter().any(|member| member.xml_attribute) {
            self.pass = Pass::Attributes;
            members(self)?;
            self.pass = Pass::Elements;
            self.bound = bound;
        }
        self.out.push(b'>');
        members(self)?;
        self.bound = false;
        self.end(name);
        Ok(())
    }

    fn member(
        &mut self,
        member: &'static Member,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let bound = self.bound;
        let elsewhere = bound && member.location != crate::Location::Body;
        if elsewhere || member.xml_attribute != (self.pass == Pass::Attributes) {
            return Ok(());
        }
        self.name = self.name_of(member);
        self.namespace = member.xml_namespace;
        self.format = member.timestamp_format;
        self.bound = false;
        value(self)?;
        self.bound = bound;
        Ok(())
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        length: usize,
        element: &mut dyn FnMut(usize, &mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Kind::List { member, flattened } = schema.kind else { return Ok(()) };
        let (name, namespace) = (self.name, self.namespace);
        // A flattened list goes by its own name, whatever its element's is.
        let element_name = if flattened { name } else { member.wire_name };
        if !flattened {
            self.start(name, namespace);
            self.out.push(b'>');
        }
        for index in 0..length {
            self.name = element_name;
            self.namespace = if flattened { namespace } else { member.xml_namespace };
            self.format = member.timestamp_format;
            element(index, self)?;
        }
        if !flattened {
            self.end(name);
        }
        Ok(())
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        _: usize,
        entries: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Kind::Map { flattened, .. } = schema.kind else { return Ok(()) };
        let (name, namespace) = (self.name, self.namespace);
        let outer = self.map.replace(schema);
        if !flattened {
            self.start(name, namespace);
            self.out.push(b'>');
            self.namespace = None;
            self.name = "entry";
        }
        entries(self)?;
        if !flattened {
            self.end(name);
        }
        self.map = outer;
        Ok(())
    }

    fn entry(
        &mut self,
        key: &str,
        value: &mut dyn FnMut(&mut dyn Writer) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Some(schema) = self.map else { return Ok(()) };
        let Kind::Map { key: key_member, value: value_member, .. } = schema.kind else { return Ok(()) };
        let (name, namespace) = (self.name, self.namespace);
        self.start(name, namespace);
        self.out.push(b'>');
        self.name = self.name_of(key_member);
        self.namespace = key_member.xml_namespace;
        self.text(key);
        self.name = self.name_of(value_member);
        self.namespace = value_member.xml_namespace;
        self.format = value_member.timestamp_format;
        value(self)?;
        self.end(name);
        self.name = name;
        self.namespace = namespace;
        self.map = Some(schema);
        Ok(())
    }
}
