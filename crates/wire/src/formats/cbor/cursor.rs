use crate::ShapeError;
use std::borrow::Cow;

/// A place in CBOR bytes.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

const DEEPEST: usize = 128;

/// A data item's head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Head {
    /// 0 and up.
    Unsigned(u64),
    /// -1 minus this.
    Negative(u64),
    /// Length, or indefinite.
    Bytes(Option<u64>),
    /// Length, or indefinite.
    Text(Option<u64>),
    /// Elements, or indefinite.
    Array(Option<u64>),
    /// Entries, or indefinite.
    Map(Option<u64>),
    /// A tag before another item.
    Tag(u64),
    /// `true` or `false`.
    Boolean(bool),
    /// `null` or `undefined`.
    Null,
    /// 16, 32 or 64 bits.
    Float(f64),
    /// Another simple value.
    Simple,
    /// The end of an indefinite item.
    Break,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, depth: 0 }
    }

    pub(crate) fn malformed(&self, what: &str) -> ShapeError {
        let message = format!("Unable to parse the request body as CBOR: {what} at offset {}", self.at);
        ShapeError { code: "SerializationException", message }
    }

    fn bytes(&mut self, count: u64) -> Result<&'a [u8], ShapeError> {
        let end = usize::try_from(count).ok().and_then(|count| self.at.checked_add(count));
        let taken = end.and_then(|end| Some((end, self.bytes.get(self.at..end)?)));
        let Some((end, taken)) = taken else { return Err(self.malformed("unexpected end")) };
        self.at = end;
        Ok(taken)
    }

    fn number(&mut self, width: u64) -> Result<u64, ShapeError> {
        Ok(self.bytes(width)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// What comes next, without taking it.
    pub(crate) fn peek(&mut self) -> Result<Head, ShapeError> {
        let at = self.at;
        let head = self.head();
        self.at = at;
        head
    }

    /// Takes a head.
    pub(crate) fn head(&mut self) -> Result<Head, ShapeError> {
        let first = self.number(1)?;
        let (major, info) = (first >> 5, first & 0x1f);
        if major == 7 {
            return Ok(match info {
                20 => Head::Boolean(false),
                21 => Head::Boolean(true),
                22 | 23 => Head::Null,
                24 => {
                    self.number(1)?;
                    Head::Simple
                }
                25 => Head::Float(half(self.number(2)?)),
                #[expect(clippy::cast_possible_truncation, reason = "four bytes were taken")]
                26 => Head::Float(f64::from(f32::from_bits(self.number(4)? as u32))),
                27 => Head::Float(f64::from_bits(self.number(8)?)),
                31 => Head::Break,
                0..20 => Head::Simple,
                _ => return Err(self.malformed("a reserved value")),
            });
        }
        let argument = match info {
            0..24 => Some(info),
            24 => Some(self.number(1)?),
            25 => Some(self.number(2)?),
            26 => Some(self.number(4)?),
            27 => Some(self.number(8)?),
            31 if (2..6).contains(&major) => None,
            _ => return Err(self.malformed("a reserved length")),
        };
        Ok(match (major, argument) {
            (0, Some(value)) => Head::Unsigned(value),
            (1, Some(value)) => Head::Negative(value),
            (2, length) => Head::Bytes(length),
            (3, length) => Head::Text(length),
            (4, length) => Head::Array(length),
            (5, length) => Head::Map(length),
            (_, Some(tag)) => Head::Tag(tag),
            (_, None) => return Err(self.malformed("a reserved length")),
        })
    }

    /// Takes the bytes of a string whose head has been taken; `text` of a text string.
    pub(crate) fn string(&mut self, length: Option<u64>, text: bool) -> Result<Cow<'a, [u8]>, ShapeError> {
        if let Some(length) = length {
            return self.bytes(length).map(Cow::Borrowed);
        }
        let mut joined = Vec::new();
        loop {
            match self.head()? {
                Head::Break => return Ok(Cow::Owned(joined)),
                Head::Bytes(Some(length)) if !text => joined.extend_from_slice(self.bytes(length)?),
                Head::Text(Some(length)) if text => joined.extend_from_slice(self.bytes(length)?),
                _ => return Err(self.malformed("a bad chunk of a string")),
            }
        }
    }

    /// As [`Cursor::string`], of a text string.
    pub(crate) fn text(&mut self, length: Option<u64>) -> Result<Cow<'a, str>, ShapeError> {
        match self.string(length, true)? {
            Cow::Borrowed(bytes) => {
                std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| self.malformed("invalid UTF-8"))
            }
            Cow::Owned(bytes) => {
                String::from_utf8(bytes).map(Cow::Owned).map_err(|_| self.malformed("invalid UTF-8"))
            }
        }
    }

    /// Takes a map's key.
    pub(crate) fn key(&mut self) -> Result<Cow<'a, str>, ShapeError> {
        match self.head()? {
            Head::Text(length) => self.text(length),
            _ => Err(self.malformed("a key that is not text")),
        }
    }

    /// Goes into an array or map.
    pub(crate) fn open(&mut self) -> Result<(), ShapeError> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(self.malformed("nested too deeply")) } else { Ok(()) }
    }

    /// Whether another element follows; counts `left` down.
    pub(crate) fn next(&mut self, left: &mut Option<u64>) -> Result<bool, ShapeError> {
        let more = match left {
            Some(0) => false,
            Some(count) => {
                *count -= 1;
                true
            }
            None if self.peek()? == Head::Break => {
                self.head()?;
                false
            }
            None => true,
        };
        if !more {
            self.depth -= 1;
        }
        Ok(more)
    }

    /// Goes over an item, whatever it is.
    pub(crate) fn skip(&mut self) -> Result<(), ShapeError> {
        match self.head()? {
            Head::Bytes(length) => self.string(length, false).map(drop),
            Head::Text(length) => self.string(length, true).map(drop),
            Head::Array(mut left) => {
                self.open()?;
                while self.next(&mut left)? {
                    self.skip()?;
                }
                Ok(())
            }
            Head::Map(mut left) => {
                self.open()?;
                while self.next(&mut left)? {
                    self.skip()?;
                    self.skip()?;
                }
                Ok(())
            }
            Head::Tag(_) => {
                self.open()?;
                self.skip()?;
                self.depth -= 1;
                Ok(())
            }
            Head::Break => Err(self.malformed("an unexpected break")),
            _ => Ok(()),
        }
    }

    /// Nothing is left.
    pub(crate) fn finish(&self) -> Result<(), ShapeError> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.malformed("something after the value")) }
    }
}

/// A half-precision float's value.
fn half(bits: u64) -> f64 {
    let exponent = i32::try_from(bits >> 10 & 0x1f).unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "ten bits")]
    let mantissa = (bits & 0x3ff) as f64;
    let value = match exponent {
        0 => mantissa * 2_f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (mantissa + 1024.0) * 2_f64.powi(exponent - 25),
    };
    if bits & 0x8000 == 0 { value } else { -value }
}
