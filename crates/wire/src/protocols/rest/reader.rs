use crate::formats::text::TextReader;
use crate::{Body, Document, Kind, Location, Member, Reader, Schema, ShapeError, uri};
use bytes::Bytes;
use http::HeaderMap;
use names::Timestamp;
use std::borrow::Cow;

type MemberCall<'m> = &'m mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>;

/// The body in the protocol's syntax.
pub(crate) trait Content {
    /// Reads the members that travel in the document.
    fn document(
        &mut self,
        body: &[u8],
        schema: &'static Schema,
        member: MemberCall<'_>,
    ) -> Result<(), ShapeError>;
    /// Reads the member that is the document.
    fn payload(
        &mut self,
        body: &[u8],
        member: &'static Member,
        read: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError>;
    /// The code for texts that are not what they should be.
    fn code(&self) -> &'static str;
}

/// What an HTTP message holds besides the body's syntax.
pub(crate) struct Source<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: &'a str,
    pub(crate) labels: &'a [(&'static str, String)],
    pub(crate) status: u16,
    pub(crate) body: &'a Body,
}

/// Reads an HTTP-bound structure.
pub(crate) struct RestReader<'a, 'c> {
    source: Source<'a>,
    content: &'c mut dyn Content,
}

impl<'a, 'c> RestReader<'a, 'c> {
    pub(crate) fn new(source: Source<'a>, content: &'c mut dyn Content) -> Self {
        Self { source, content }
    }

    /// The body, which must be in memory.
    fn bytes(&self) -> Result<&'a [u8], ShapeError> {
        match self.source.body {
            Body::Whole(bytes) => Ok(bytes),
            Body::Stream(..) => Err(only_root("a body that was not collected")),
        }
    }

    fn text<'t>(&self, text: &'t str, member: &Member) -> TextReader<'t> {
        TextReader::new(text, member.location, member.timestamp_format).blame(self.content.code())
    }

    fn header(&self, index: usize, table: &'static Member, member: MemberCall<'_>) -> Result<(), ShapeError> {
        let mut values =
            self.source.headers.get_all(table.wire_name).iter().map(|value| text_of(value.as_bytes()));
        let Some(first) = values.next() else { return Ok(()) };
        let joined = values.fold(first, |joined, value| Cow::Owned(format!("{joined}, {value}")));
        // Of what can be empty, an empty header is an empty text or list; otherwise it is as good as absent.
        if joined.is_empty() && !matches!(table.schema.kind, Kind::String { .. } | Kind::List { .. }) {
            return Ok(());
        }
        member(index, table, &mut self.text(&joined, table))
    }

    fn query(
        &self,
        index: usize,
        table: &'static Member,
        members: &'static [Member],
        member: MemberCall<'_>,
    ) -> Result<(), ShapeError> {
        let all = uri::parameters(self.source.query);
        match table.schema.kind {
            Kind::Map { .. } => {
                let named = members
                    .iter()
                    .filter(|other| other.location == Location::Query && other.name != table.name);
                let free = all.filter(|(name, _)| !named.clone().any(|other| other.wire_name == name));
                let pairs: Vec<_> =
                    free.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
                if pairs.is_empty() {
                    Ok(())
                } else {
                    member(index, table, &mut Pairs { pairs, code: self.content.code() })
                }
            }
            Kind::List { .. } => {
                let mine = all.filter(|(name, _)| name == table.wire_name);
                let pairs: Vec<_> =
                    mine.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
                if pairs.is_empty() {
                    Ok(())
                } else {
                    member(index, table, &mut Pairs { pairs, code: self.content.code() })
                }
            }
            _ => match { all }.find(|(name, _)| name == table.wire_name) {
                Some((_, value)) => member(index, table, &mut self.text(&value, table)),
                None => Ok(()),
            },
        }
    }

    fn headers(
        &self,
        index: usize,
        table: &'static Member,
        member: MemberCall<'_>,
    ) -> Result<(), ShapeError> {
        let prefix = table.wire_name.to_ascii_lowercase();
        let pairs: Vec<_> = self
            .source
            .headers
            .iter()
            .filter_map(|(name, value)| {
                let rest = name.as_str().strip_prefix(prefix.as_str())?;
                Some((rest.to_owned(), text_of(value.as_bytes()).into_owned()))
            })
            .collect();
        if pairs.is_empty() {
            Ok(())
        } else {
            member(index, table, &mut Pairs { pairs, code: self.content.code() })
        }
    }

    fn payload(
        &mut self,
        index: usize,
        table: &'static Member,
        member: MemberCall<'_>,
    ) -> Result<(), ShapeError> {
        if table.schema.is_streaming() {
            return member(index, table, &mut Whole { body: self.source.body, code: self.content.code() });
        }
        let bytes = self.bytes()?;
        if bytes.is_empty() {
            return Ok(());
        }
        match table.schema.kind {
            Kind::Blob { .. } | Kind::String { .. } => {
                member(index, table, &mut Whole { body: self.source.body, code: self.content.code() })
            }
            _ => self.content.payload(bytes, table, &mut |reader| member(index, table, reader)),
        }
    }
}

/// Headers are ASCII, or UTF-8 where a client is careless; other bytes are taken for Latin-1.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

fn only_root(what: &str) -> ShapeError {
    ShapeError { code: "InternalFailure", message: format!("An HTTP message was asked for {what}.") }
}

impl Reader for RestReader<'_, '_> {
    fn boolean(&mut self, _: &'static Schema) -> Result<bool, ShapeError> {
        Err(only_root("a boolean"))
    }

    fn integer(&mut self, _: &'static Schema) -> Result<i64, ShapeError> {
        Err(only_root("a number"))
    }

    fn double(&mut self, _: &'static Schema) -> Result<f64, ShapeError> {
        Err(only_root("a number"))
    }

    fn string(&mut self, _: &'static Schema) -> Result<String, ShapeError> {
        Err(only_root("a text"))
    }

    fn blob(&mut self, _: &'static Schema) -> Result<Bytes, ShapeError> {
        Err(only_root("bytes"))
    }

    fn body(&mut self, _: &'static Schema) -> Result<Body, ShapeError> {
        Err(only_root("a body"))
    }

    fn timestamp(&mut self, _: &'static Schema) -> Result<Timestamp, ShapeError> {
        Err(only_root("a moment"))
    }

    fn document(&mut self, _: &'static Schema) -> Result<Document, ShapeError> {
        Err(only_root("a document"))
    }

    fn structure(&mut self, schema: &'static Schema, member: MemberCall<'_>) -> Result<(), ShapeError> {
        if !uri::is_decodable(self.source.query) {
            let message = "Couldn't parse the specified URI.".to_owned();
            return Err(ShapeError { code: "InvalidURI", message });
        }
        let mut document = false;
        for (index, table) in schema.members().iter().enumerate() {
            match table.location {
                Location::Body => document = true,
                Location::Header => self.header(index, table, member)?,
                Location::Headers => self.headers(index, table, member)?,
                Location::Query => self.query(index, table, schema.members(), member)?,
                Location::Uri => {
                    if let Some((_, label)) =
                        self.source.labels.iter().find(|(name, _)| *name == table.wire_name)
                    {
                        member(index, table, &mut self.text(label, table))?;
                    }
                }
                Location::StatusCode => {
                    member(index, table, &mut self.text(&self.source.status.to_string(), table))?;
                }
                Location::Payload => self.payload(index, table, member)?,
            }
        }
        if !document || super::payload(schema).is_some() {
            return Ok(());
        }
        let bytes = self.bytes()?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        self.content.document(bytes, schema, member)
    }

    fn list(
        &mut self,
        _: &'static Schema,
        _: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        Err(only_root("a list"))
    }

    fn map(
        &mut self,
        _: &'static Schema,
        _: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        Err(only_root("a map"))
    }
}

/// Everything of which only one method can be asked.
macro_rules! refuse {
    ($($method:ident -> $type:ty),*) => {
        $(fn $method(&mut self, schema: &'static Schema) -> Result<$type, ShapeError> {
            Err(crate::formats::text::unconvertible(self.code, schema))
        })*
    };
    (structure) => {
        fn structure(&mut self, schema: &'static Schema, _: MemberCall<'_>) -> Result<(), ShapeError> {
            Err(crate::formats::text::unconvertible(self.code, schema))
        }
    };
    (list) => {
        fn list(
            &mut self,
            schema: &'static Schema,
            _: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
        ) -> Result<(), ShapeError> {
            Err(crate::formats::text::unconvertible(self.code, schema))
        }
    };
    (map) => {
        fn map(
            &mut self,
            schema: &'static Schema,
            _: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
        ) -> Result<(), ShapeError> {
            Err(crate::formats::text::unconvertible(self.code, schema))
        }
    };
}

/// Headers of a prefix, or query parameters: a map, or the list of one name's values.
struct Pairs {
    pairs: Vec<(String, String)>,
    code: &'static str,
}

impl Reader for Pairs {
    refuse!(boolean -> bool, integer -> i64, double -> f64, string -> String, blob -> Bytes, body -> Body,
        timestamp -> Timestamp, document -> Document);
    refuse!(structure);

    fn list(
        &mut self,
        _: &'static Schema,
        element: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.pairs.iter().try_for_each(|(_, text)| {
            element(&mut TextReader::new(text, Location::Query, None).blame(self.code))
        })
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        entry: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let lists =
            matches!(schema.kind, Kind::Map { value, .. } if matches!(value.schema.kind, Kind::List { .. }));
        let mut seen: Vec<&str> = Vec::new();
        for (name, text) in &self.pairs {
            if seen.contains(&name.as_str()) {
                continue;
            }
            seen.push(name);
            if lists {
                let same = self.pairs.iter().filter(|(other, _)| other == name).cloned().collect();
                entry(name.clone(), &mut Self { pairs: same, code: self.code })?;
            } else {
                entry(name.clone(), &mut TextReader::new(text, Location::Query, None).blame(self.code))?;
            }
        }
        Ok(())
    }
}

/// The body as it is.
struct Whole<'a> {
    body: &'a Body,
    code: &'static str,
}

impl Reader for Whole<'_> {
    refuse!(boolean -> bool, integer -> i64, double -> f64, timestamp -> Timestamp, document -> Document);
    refuse!(structure);
    refuse!(list);
    refuse!(map);

    fn string(&mut self, schema: &'static Schema) -> Result<String, ShapeError> {
        let bytes = self.blob(schema)?;
        String::from_utf8(bytes.to_vec())
            .map_err(|_| ShapeError { code: self.code, message: "Invalid UTF-8".into() })
    }

    fn blob(&mut self, _: &'static Schema) -> Result<Bytes, ShapeError> {
        match self.body {
            Body::Whole(bytes) => Ok(bytes.clone()),
            Body::Stream(..) => Err(only_root("a body that was not collected")),
        }
    }

    fn body(&mut self, _: &'static Schema) -> Result<Body, ShapeError> {
        Ok(self.body.clone())
    }
}
