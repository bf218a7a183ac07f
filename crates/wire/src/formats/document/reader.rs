use crate::formats::{moment, text};
use crate::{Body, Document, Member, Number, Reader, Schema, ShapeError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use names::Timestamp;

/// Reads a document as boto3 takes it: a member that the shape has not, or a value of another type, is refused in boto3's words. `null` counts
/// as absent. Bytes may be plain text, as Python's `str` may stand for them.
pub(crate) struct DocumentReader<'a> {
    at: &'a Document,
    /// The member that is being read, for messages.
    name: String,
}

impl<'a> DocumentReader<'a> {
    pub(crate) fn new(at: &'a Document) -> Self {
        Self { at, name: String::new() }
    }

    fn nested(&self, name: &str, at: &'a Document) -> Self {
        let name = if self.name.is_empty() { name.to_owned() } else { format!("{}.{name}", self.name) };
        Self { at, name }
    }

    fn wrong<T>(&self, valid: &str) -> Result<T, ShapeError> {
        let found = match self.at {
            Document::Null => "NoneType",
            Document::Boolean(_) => "bool",
            Document::Number(Number::Integer(_)) => "int",
            Document::Number(Number::Float(_)) => "float",
            Document::String(_) => "str",
            Document::Array(_) => "list",
            Document::Object(_) => "dict",
        };
        Err(refused(format!(
            "Invalid type for parameter {}, value: {}, type: <class '{found}'>, valid types: <class '{valid}'>",
            self.name, self.at
        )))
    }
}

fn refused(message: String) -> ShapeError {
    ShapeError { code: "ParamValidationError", message: format!("Parameter validation failed: {message}") }
}

impl Reader for DocumentReader<'_> {
    fn boolean(&mut self, _: &'static Schema) -> Result<bool, ShapeError> {
        self.at.as_bool().map_or_else(|| self.wrong("bool"), Ok)
    }

    fn integer(&mut self, schema: &'static Schema) -> Result<i64, ShapeError> {
        let value = self.at.as_i64().filter(|value| text::fits(*value, schema));
        value.map_or_else(|| self.wrong("int"), Ok)
    }

    fn double(&mut self, _: &'static Schema) -> Result<f64, ShapeError> {
        self.at.as_f64().map_or_else(|| self.wrong("float"), Ok)
    }

    fn string(&mut self, _: &'static Schema) -> Result<String, ShapeError> {
        self.at.as_str().map_or_else(|| self.wrong("str"), |text| Ok(text.to_owned()))
    }

    fn blob(&mut self, _: &'static Schema) -> Result<Bytes, ShapeError> {
        match self.at.as_str() {
            Some(text) => Ok(Bytes::copy_from_slice(text.as_bytes())),
            None => self.wrong("bytes"),
        }
    }

    fn body(&mut self, schema: &'static Schema) -> Result<Body, ShapeError> {
        self.blob(schema).map(Body::from)
    }

    fn timestamp(&mut self, _: &'static Schema) -> Result<Timestamp, ShapeError> {
        let moment = match self.at {
            Document::Number(_) => self.at.as_f64().and_then(moment::from_seconds),
            Document::String(text) => moment::parse(text),
            _ => None,
        };
        moment.map_or_else(|| self.wrong("datetime.datetime"), Ok)
    }

    fn document(&mut self, _: &'static Schema) -> Result<Document, ShapeError> {
        Ok(self.at.clone())
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        member: &mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Document::Object(members) = self.at else { return self.wrong("dict") };
        for (name, value) in members {
            let found = schema.members().iter().enumerate().find(|(_, known)| known.name == name);
            let Some((index, known)) = found else {
                let names: Vec<&str> = schema.members().iter().map(|known| known.name).collect();
                let at = if self.name.is_empty() { "input" } else { &self.name };
                return Err(refused(format!(
                    "Unknown parameter in {at}: \"{name}\", must be one of: {}",
                    names.join(", ")
                )));
            };
            if !value.is_null() {
                member(index, known, &mut self.nested(name, value))?;
            }
        }
        Ok(())
    }

    fn list(
        &mut self,
        _: &'static Schema,
        element: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Document::Array(elements) = self.at else { return self.wrong("list") };
        for (index, value) in elements.iter().enumerate() {
            element(&mut Self { at: value, name: format!("{}[{index}]", self.name) })?;
        }
        Ok(())
    }

    fn map(
        &mut self,
        _: &'static Schema,
        entry: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Document::Object(members) = self.at else { return self.wrong("dict") };
        for (name, value) in members {
            entry(name.clone(), &mut self.nested(name, value))?;
        }
        Ok(())
    }
}

/// Bytes as documents carry them.
pub(super) fn encoded(bytes: &Bytes) -> Document {
    match std::str::from_utf8(bytes) {
        Ok(text) => Document::from(text),
        Err(_) => Document::from(STANDARD.encode(bytes)),
    }
}
