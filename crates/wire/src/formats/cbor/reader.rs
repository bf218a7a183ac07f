use super::cursor::{Cursor, Head};
use crate::formats::{moment, text};
use crate::{Body, Document, Member, Number, Reader, Schema, ShapeError};
use bytes::Bytes;
use names::Timestamp;

/// Reads the item at the cursor. Unknown members are gone over, `null` counts as absent, of two equal names the last wins.
pub(crate) struct CborReader<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
}

impl<'c, 'a> CborReader<'c, 'a> {
    pub(crate) fn new(cursor: &'c mut Cursor<'a>) -> Self {
        Self { cursor }
    }

    fn mismatch<T>(&self, schema: &Schema) -> Result<T, ShapeError> {
        let message = format!(
            "Unexpected CBOR type: it can not be converted to {} {}",
            text::article(schema),
            text::type_name(schema)
        );
        Err(ShapeError { code: "SerializationException", message })
    }

    /// A number, whole or not, behind any tag.
    fn number(&mut self, schema: &Schema) -> Result<Head, ShapeError> {
        loop {
            match self.cursor.head()? {
                Head::Tag(_) => {}
                head @ (Head::Unsigned(_) | Head::Negative(_) | Head::Float(_)) => return Ok(head),
                _ => return self.mismatch(schema),
            }
        }
    }

    fn any(&mut self) -> Result<Document, ShapeError> {
        Ok(match self.cursor.head()? {
            Head::Tag(_) => {
                self.cursor.open()?;
                let value = self.any()?;
                self.cursor.next(&mut Some(0))?;
                value
            }
            Head::Unsigned(value) => number(whole(Head::Unsigned(value)), float(Head::Unsigned(value))),
            Head::Negative(value) => number(whole(Head::Negative(value)), float(Head::Negative(value))),
            Head::Float(value) => Document::Number(Number::Float(value)),
            Head::Boolean(value) => Document::Boolean(value),
            Head::Text(length) => Document::String(self.cursor.text(length)?.into_owned()),
            Head::Array(mut left) => {
                self.cursor.open()?;
                let mut elements = Vec::new();
                while self.cursor.next(&mut left)? {
                    elements.push(self.any()?);
                }
                Document::Array(elements)
            }
            Head::Map(mut left) => {
                self.cursor.open()?;
                let mut object = Document::object();
                while self.cursor.next(&mut left)? {
                    let key = self.cursor.key()?.into_owned();
                    object.set(key, self.any()?);
                }
                object
            }
            Head::Null | Head::Simple => Document::Null,
            Head::Bytes(_) => return Err(self.cursor.malformed("bytes in a document")),
            Head::Break => return Err(self.cursor.malformed("an unexpected break")),
        })
    }
}

fn number(whole: Option<i64>, float: f64) -> Document {
    Document::Number(whole.map_or(Number::Float(float), Number::Integer))
}

/// The whole number of a head, where it is one of 64 bits.
fn whole(head: Head) -> Option<i64> {
    match head {
        Head::Unsigned(value) => i64::try_from(value).ok(),
        Head::Negative(value) => i64::try_from(value).ok().map(|value| -1 - value),
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        Head::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(value as i64),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "asked for as a float")]
fn float(head: Head) -> f64 {
    match head {
        Head::Unsigned(value) => value as f64,
        Head::Negative(value) => -1.0 - value as f64,
        Head::Float(value) => value,
        _ => f64::NAN,
    }
}

impl Reader for CborReader<'_, '_> {
    fn boolean(&mut self, schema: &'static Schema) -> Result<bool, ShapeError> {
        match self.cursor.head()? {
            Head::Boolean(value) => Ok(value),
            _ => self.mismatch(schema),
        }
    }

    fn integer(&mut self, schema: &'static Schema) -> Result<i64, ShapeError> {
        let head = self.number(schema)?;
        match whole(head).filter(|value| text::fits(*value, schema)) {
            Some(value) => Ok(value),
            None => self.mismatch(schema),
        }
    }

    fn double(&mut self, schema: &'static Schema) -> Result<f64, ShapeError> {
        self.number(schema).map(float)
    }

    fn string(&mut self, schema: &'static Schema) -> Result<String, ShapeError> {
        match self.cursor.head()? {
            Head::Text(length) => self.cursor.text(length).map(std::borrow::Cow::into_owned),
            _ => self.mismatch(schema),
        }
    }

    fn blob(&mut self, schema: &'static Schema) -> Result<Bytes, ShapeError> {
        match self.cursor.head()? {
            Head::Bytes(length) => Ok(Bytes::from(self.cursor.string(length, false)?.into_owned())),
            _ => self.mismatch(schema),
        }
    }

    fn body(&mut self, schema: &'static Schema) -> Result<Body, ShapeError> {
        self.blob(schema).map(Body::from)
    }

    fn timestamp(&mut self, schema: &'static Schema) -> Result<Timestamp, ShapeError> {
        let seconds = float(self.number(schema)?);
        match moment::from_seconds(seconds) {
            Some(moment) => Ok(moment),
            None => self.mismatch(schema),
        }
    }

    fn document(&mut self, _: &'static Schema) -> Result<Document, ShapeError> {
        self.any()
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        member: &mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Head::Map(mut left) = self.cursor.head()? else { return self.mismatch(schema) };
        self.cursor.open()?;
        let members = schema.members();
        let mut guess = 0;
        while self.cursor.next(&mut left)? {
            let key = self.cursor.key()?;
            let ahead = members.iter().enumerate().skip(guess).find(|(_, table)| table.wire_name == key);
            match ahead
                .or_else(|| members.iter().enumerate().take(guess).find(|(_, table)| table.wire_name == key))
            {
                Some((index, table)) if self.cursor.peek()? != Head::Null => {
                    guess = index + 1;
                    member(index, table, self)?;
                }
                _ => self.cursor.skip()?,
            }
        }
        Ok(())
    }

    fn list(
        &mut self,
        schema: &'static Schema,
        element: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Head::Array(mut left) = self.cursor.head()? else { return self.mismatch(schema) };
        self.cursor.open()?;
        while self.cursor.next(&mut left)? {
            if self.cursor.peek()? == Head::Null { self.cursor.skip()? } else { element(self)? }
        }
        Ok(())
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        entry: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let Head::Map(mut left) = self.cursor.head()? else { return self.mismatch(schema) };
        self.cursor.open()?;
        while self.cursor.next(&mut left)? {
            let key = self.cursor.key()?.into_owned();
            if self.cursor.peek()? == Head::Null { self.cursor.skip()? } else { entry(key, self)? }
        }
        Ok(())
    }
}
