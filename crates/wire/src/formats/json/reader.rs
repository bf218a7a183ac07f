use super::cursor::{Cursor, Token};
use crate::formats::{moment, text};
use crate::{Body, Document, Kind, Location, Member, Reader, Schema, ShapeError};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use bytes::Bytes;
use names::Timestamp;

/// Reads the value at the cursor. Unknown members are gone over, `null` counts as absent, of two equal names the last wins.
pub(crate) struct JsonReader<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    /// Of an HTTP-bound structure: only members that travel in the body.
    bound: bool,
}

impl<'c, 'a> JsonReader<'c, 'a> {
    pub(crate) fn new(cursor: &'c mut Cursor<'a>) -> Self {
        Self { cursor, bound: false }
    }

    pub(crate) fn bound(cursor: &'c mut Cursor<'a>) -> Self {
        Self { cursor, bound: true }
    }

    /// The error of a value of another type, as AWS words it.
    fn mismatch(&mut self, token: Token, schema: &Schema) -> ShapeError {
        let found = match token {
            Token::String => "STRING_VALUE",
            Token::Number => "NUMBER_VALUE",
            Token::True => "TRUE_VALUE",
            Token::False => "FALSE_VALUE",
            Token::Null => "NULL_VALUE",
            Token::Object => "",
            Token::Array => "",
        };
        let message = match (schema.kind_is_list(), token) {
            (true, _) => "Expected list or null".to_owned(),
            (false, Token::Object) => "Start of structure or map found where not expected.".to_owned(),
            (false, Token::Array) => "Start of list found where not expected".to_owned(),
            (false, _) if !schema.is_scalar() => "Unexpected field type".to_owned(),
            (false, _) => format!(
                "{found} can not be converted to {} {}",
                text::article(schema),
                text::type_name(schema)
            ),
        };
        ShapeError { code: "SerializationException", message }
    }

    fn wants(&mut self, wanted: Token, schema: &Schema) -> Result<(), ShapeError> {
        let token = self.cursor.token()?;
        if token == wanted { Ok(()) } else { Err(self.mismatch(token, schema)) }
    }
}

impl Schema {
    const fn kind_is_list(&self) -> bool {
        matches!(self.kind, Kind::List { .. })
    }
}

impl Reader for JsonReader<'_, '_> {
    fn boolean(&mut self, schema: &'static Schema) -> Result<bool, ShapeError> {
        match self.cursor.token()? {
            Token::True => self.cursor.word("true").map(|()| true),
            Token::False => self.cursor.word("false").map(|()| false),
            token => Err(self.mismatch(token, schema)),
        }
    }

    fn integer(&mut self, schema: &'static Schema) -> Result<i64, ShapeError> {
        self.wants(Token::Number, schema)?;
        let number = self.cursor.number()?;
        let whole = number.parse::<i64>().ok().or_else(|| {
            // 5.0 and 1e3 are whole, too.
            let value = number.parse::<f64>().ok()?;
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
            (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i64)
        });
        whole.filter(|value| text::fits(*value, schema)).ok_or_else(|| ShapeError {
            code: "SerializationException",
            message: format!(
                "NUMBER_VALUE can not be converted to {} {}",
                text::article(schema),
                text::type_name(schema)
            ),
        })
    }

    fn double(&mut self, schema: &'static Schema) -> Result<f64, ShapeError> {
        match self.cursor.token()? {
            Token::Number => {
                let number = self.cursor.number()?;
                number.parse().map_err(|_| self.cursor.malformed("a bad number"))
            }
            Token::String => match &*self.cursor.string()? {
                "NaN" => Ok(f64::NAN),
                "Infinity" => Ok(f64::INFINITY),
                "-Infinity" => Ok(f64::NEG_INFINITY),
                _ => Err(self.mismatch(Token::String, schema)),
            },
            token => Err(self.mismatch(token, schema)),
        }
    }

    fn string(&mut self, schema: &'static Schema) -> Result<String, ShapeError> {
        self.wants(Token::String, schema)?;
        self.cursor.string().map(std::borrow::Cow::into_owned)
    }

    fn blob(&mut self, schema: &'static Schema) -> Result<Bytes, ShapeError> {
        self.wants(Token::String, schema)?;
        let encoded = self.cursor.string()?;
        let decoded =
            STANDARD.decode(encoded.as_bytes()).or_else(|_| STANDARD_NO_PAD.decode(encoded.as_bytes()));
        decoded.map(Bytes::from).map_err(|_| self.mismatch(Token::String, schema))
    }

    fn body(&mut self, schema: &'static Schema) -> Result<Body, ShapeError> {
        self.blob(schema).map(Body::from)
    }

    fn timestamp(&mut self, schema: &'static Schema) -> Result<Timestamp, ShapeError> {
        let token = self.cursor.token()?;
        let moment = match token {
            Token::Number => moment::parse(self.cursor.number()?),
            Token::String => moment::parse(&self.cursor.string()?),
            _ => None,
        };
        moment.ok_or_else(|| self.mismatch(token, schema))
    }

    fn document(&mut self, _: &'static Schema) -> Result<Document, ShapeError> {
        let raw = self.cursor.raw()?;
        Document::parse_bytes(raw).map_err(|error| self.cursor.malformed(&error.message))
    }

    fn structure(
        &mut self,
        schema: &'static Schema,
        member: &mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.wants(Token::Object, schema)?;
        self.cursor.open(b'{')?;
        let members = schema.members();
        let bound = std::mem::take(&mut self.bound);
        let known = |table: &Member, key: &str| {
            table.wire_name == key && (!bound || table.location == Location::Body)
        };
        let (mut first, mut guess) = (true, 0);
        while self.cursor.next(first, b'}')? {
            first = false;
            let key = self.cursor.key()?;
            // Clients mostly keep the model's order, so the search begins behind the last find.
            let ahead = members.iter().enumerate().skip(guess).find(|(_, table)| known(table, &key));
            let found = ahead
                .or_else(|| members.iter().enumerate().take(guess).find(|(_, table)| known(table, &key)));
            match found {
                Some((index, table)) if self.cursor.token()? != Token::Null => {
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
        self.wants(Token::Array, schema)?;
        self.cursor.open(b'[')?;
        let mut first = true;
        while self.cursor.next(first, b']')? {
            first = false;
            if self.cursor.token()? == Token::Null { self.cursor.skip()? } else { element(self)? }
        }
        Ok(())
    }

    fn map(
        &mut self,
        schema: &'static Schema,
        entry: &mut dyn FnMut(String, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        self.wants(Token::Object, schema)?;
        self.cursor.open(b'{')?;
        let mut first = true;
        while self.cursor.next(first, b'}')? {
            first = false;
            let key = self.cursor.key()?;
            if self.cursor.token()? == Token::Null {
                self.cursor.skip()?
            } else {
                entry(key.into_owned(), self)?
            }
        }
        Ok(())
    }
}
