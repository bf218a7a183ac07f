use super::Element;
use crate::formats::text::TextReader;
use crate::{Body, Document, Kind, Location, Member, Reader, Schema, ShapeError};
use bytes::Bytes;
use names::Timestamp;

/// Reads from one element, or from all of a name where a list or map is flattened.
pub(crate) struct XmlReader<'a> {
    elements: Vec<&'a Element>,
    /// Of an HTTP-bound structure: only members that travel in the body.
    bound: bool,
    /// A flattened member: the elements are its own.
    flattened: bool,
    /// Elements go by their query names, where they have one.
    query: bool,
    /// The protocol's code and sentence for documents that are not as they should be.
    blame: (&'static str, &'static str),
}

impl<'a> XmlReader<'a> {
    pub(crate) fn new(element: &'a Element, blame: (&'static str, &'static str)) -> Self {
        Self { elements: vec![element], bound: false, flattened: false, query: false, blame }
    }

    pub(crate) fn bound(element: &'a Element, blame: (&'static str, &'static str)) -> Self {
        Self { bound: true, ..Self::new(element, blame) }
    }

    /// By query names.
    pub(crate) fn query(self) -> Self {
        Self { query: true, ..self }
    }

    fn name_of(&self, member: &Member) -> &'static str {
        member.query_name.filter(|_| self.query).unwrap_or(member.wire_name)
    }

    fn fail<T>(&self) -> Result<T, ShapeError> {
        Err(ShapeError { code: self.blame.0, message: self.blame.1.to_owned() })
    }

    fn element(&self) -> Result<&'a Element, ShapeError> {
        self.elements.last().copied().map_or_else(|| self.fail(), Ok)
    }

    fn under(&self, element: &'a Element) -> Self {
        Self { elements: vec![element], bound: false, flattened: false, query: self.query, blame: self.blame }
    }

    fn scalar<T>(
        &self,
        trim: bool,
        read: impl FnOnce(&mut TextReader<'_>) -> Result<T, ShapeError>,
    ) -> Result<T, ShapeError> {
        let text = self.element()?.text.as_str();
        let mut reader = TextReader::new(if trim { text.trim() } else { text }, Location::Body, None);
        read(&mut reader).or_else(|_| self.fail())
    }

    /// The elements of a member of a structure.
    fn find(&self, parent: &'a Element, member: &Member) -> Self {
        let flattened = matches!(
            member.schema.kind,
            Kind::List { flattened: true, .. } | Kind::Map { flattened: true, .. }
        );
        let name = self.name_of(member);
        let name = name.rsplit(':').next().unwrap_or(name);
        let mut found = parent.children.iter().filter(|child| child.name == name);
        let elements = if flattened { found.collect() } else { found.next_back().into_iter().collect() };
        Self { elements, bound: false, flattened, query: self.query, blame: self.blame }
    }
}

impl Reader for XmlReader<'_> {
    fn boolean(&mut self, schema: &'static Schema) -> Result<bool, ShapeError> {
        self.scalar(true, |text| text.boolean(schema))
    }

    fn integer(&mut self, schema: &'static Schema) -> Result<i64, ShapeError> {
        self.scalar(true, |text| text.integer(schema))
    }

    fn double(&mut self, schema: &'static Schema) -> Result<f64, ShapeError> {
        self.scalar(true, |text| text.double(schema))
    }

    fn string(&mut self, schema: &'static Schema) -> Result<String, ShapeError> {
        self.scalar(false, |text| text.string(schema))
    }

    fn blob(&mut self, schema: &'static Schema) -> Result<Bytes, ShapeError> {
        self.scalar(true, |text| text.blob(schema))
    }

    fn body(&mut self, schema: &'static Schema) -> Result<Body, ShapeError> {
        self.blob(schema).map(Body::from)
    }

    fn timestamp(&mut self, schema: &'static Schema) -> Result<Timestamp, ShapeError> {
        self.scalar(true, |text| text.timestamp(schema))
    }

    fn document(&mut self, schema: &'static Schema) -> Result<Document, ShapeError> {
        self.scalar(true, |text| text.document(schema))
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        member: &mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let element = self.element()?;
        for (index, table) in schema.members().iter().enumerate() {
            if self.bound && table.location != Location::Body {
                continue;
            }
            if table.xml_attribute {
                if let Some(text) = element.attribute(table.wire_name) {
                    member(
                        index,
                        table,
                        &mut TextReader::new(text, Location::Body, None).blame(self.blame.0),
                    )?;
                }
                continue;
            }
            let mut found = self.find(element, table);
            if !found.elements.is_empty() {
                member(index, table, &mut found)?;
            }
        }
        Ok(())
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        element: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Kind::List { member, .. } = schema.kind else { return self.fail() };
        if self.flattened {
            return self.elements.iter().try_for_each(|found| element(&mut self.under(found)));
        }
        let parent = self.element()?;
        let named = parent.children.iter().filter(|child| child.name == member.wire_name);
        named.into_iter().try_for_each(|child| element(&mut self.under(child)))
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        entry: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Kind::Map { key, value, .. } = schema.kind else { return self.fail() };
        let entries: Vec<&Element> = if self.flattened {
            self.elements.clone()
        } else {
            self.element()?.children.iter().filter(|child| child.name == "entry").collect()
        };
        for found in entries {
            let Some(name) = found.child(self.name_of(key)) else { return self.fail() };
            if let Some(there) = found.child(self.name_of(value)) {
                entry(name.text.clone(), &mut self.under(there))?;
            }
        }
        Ok(())
    }
}
