use crate::ShapeError;
use std::borrow::Cow;

/// A place in a JSON text.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

/// Nesting beyond this is refused: no shape of AWS's comes near it, and readers recurse.
const DEEPEST: usize = 128;

/// The kinds of a JSON value, told by its first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, depth: 0 }
    }

    /// The error of a text that is no JSON.
    pub(crate) fn malformed(&self, what: &str) -> ShapeError {
        let message = format!("Unable to parse the request body as JSON: {what} at offset {}", self.at);
        ShapeError { code: "SerializationException", message }
    }

    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    /// Takes the next character if it is this one.
    pub(crate) fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect(&mut self, wanted: u8) -> Result<(), ShapeError> {
        if self.take(wanted) {
            Ok(())
        } else {
            Err(self.malformed(&format!("expected {:?}", char::from(wanted))))
        }
    }

    /// What comes next.
    pub(crate) fn token(&mut self) -> Result<Token, ShapeError> {
        match self.peek() {
            Some(b'{') => Ok(Token::Object),
            Some(b'[') => Ok(Token::Array),
            Some(b'"') => Ok(Token::String),
            Some(b'-' | b'0'..=b'9') => Ok(Token::Number),
            Some(b't') => Ok(Token::True),
            Some(b'f') => Ok(Token::False),
            Some(b'n') => Ok(Token::Null),
            Some(_) => Err(self.malformed("unexpected character")),
            None => Err(self.malformed("unexpected end")),
        }
    }

    /// Takes `true`, `false` or `null`.
    pub(crate) fn word(&mut self, word: &str) -> Result<(), ShapeError> {
        self.peek();
        if self.bytes.get(self.at..self.at + word.len()) == Some(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.malformed("unknown word"))
    }

    /// Goes into an object or array.
    pub(crate) fn open(&mut self, bracket: u8) -> Result<(), ShapeError> {
        self.expect(bracket)?;
        self.depth += 1;
        if self.depth > DEEPEST { Err(self.malformed("nested too deeply")) } else { Ok(()) }
    }

    /// Takes what stands between the elements; false at the end.
    pub(crate) fn next(&mut self, first: bool, close: u8) -> Result<bool, ShapeError> {
        if self.take(close) {
            self.depth -= 1;
            return Ok(false);
        }
        if !first {
            self.expect(b',')?;
        }
        Ok(true)
    }

    /// Takes a member's name and the colon.
    pub(crate) fn key(&mut self) -> Result<Cow<'a, str>, ShapeError> {
        if self.peek() != Some(b'"') {
            return Err(self.malformed("expected a name"));
        }
        let key = self.string()?;
        self.expect(b':')?;
        Ok(key)
    }

    /// Takes a string.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, ShapeError> {
        self.expect(b'"')?;
        let start = self.at;
        let plain = self.plain_run();
        let run = self.utf8(start, plain)?;
        if self.bytes.get(self.at) == Some(&b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(run));
        }
        let mut text = run.to_owned();
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => {
                    self.at += 1;
                    let letter = self.escape()?;
                    text.push(letter);
                }
                Some(_) => return Err(self.malformed("a control character in a string")),
                None => return Err(self.malformed("an unfinished string")),
            }
            let start = self.at;
            let end = self.plain_run();
            text.push_str(self.utf8(start, end)?);
        }
    }

    /// Goes over characters that stand for themselves.
    fn plain_run(&mut self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let run = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
        self.at += run.unwrap_or(rest.len());
        self.at
    }

    fn utf8(&self, start: usize, end: usize) -> Result<&'a str, ShapeError> {
        let bytes = self.bytes.get(start..end).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| self.malformed("invalid UTF-8"))
    }

    fn escape(&mut self) -> Result<char, ShapeError> {
        let letter = self.bytes.get(self.at).copied();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.malformed("an unknown escape")),
        })
    }

    fn unicode(&mut self) -> Result<char, ShapeError> {
        let high = self.hex()?;
        if !(0xD800..0xDC00).contains(&high) {
            return char::from_u32(high).ok_or_else(|| self.malformed("half of a surrogate pair"));
        }
        if self.bytes.get(self.at..self.at + 2) != Some(b"\\u") {
            return Err(self.malformed("half of a surrogate pair"));
        }
        self.at += 2;
        let low = self.hex()?;
        if !(0xDC00..0xE000).contains(&low) {
            return Err(self.malformed("half of a surrogate pair"));
        }
        char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            .ok_or_else(|| self.malformed("no character"))
    }

    fn hex(&mut self) -> Result<u32, ShapeError> {
        let digits =
            self.bytes.get(self.at..self.at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let value = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let value = value.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        value.ok_or_else(|| self.malformed("a bad \\u escape"))
    }

    /// Takes a number as it is written.
    pub(crate) fn number(&mut self) -> Result<&'a str, ShapeError> {
        self.peek();
        let start = self.at;
        self.take_byte(b'-');
        if !self.take_byte(b'0') {
            self.digits()?;
        }
        if self.take_byte(b'.') {
            self.digits()?;
        }
        if self.take_byte(b'e') || self.take_byte(b'E') {
            let _ = self.take_byte(b'-') || self.take_byte(b'+');
            self.digits()?;
        }
        self.utf8(start, self.at)
    }

    fn take_byte(&mut self, wanted: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&wanted);
        self.at += usize::from(found);
        found
    }

    fn digits(&mut self) -> Result<(), ShapeError> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start { Err(self.malformed("a bad number")) } else { Ok(()) }
    }

    /// Goes over a value, whatever it is.
    pub(crate) fn skip(&mut self) -> Result<(), ShapeError> {
        match self.token()? {
            Token::String => self.string().map(drop),
            Token::Number => self.number().map(drop),
            Token::True => self.word("true"),
            Token::False => self.word("false"),
            Token::Null => self.word("null"),
            Token::Object => {
                self.open(b'{')?;
                let mut first = true;
                while self.next(first, b'}')? {
                    first = false;
                    self.key()?;
                    self.skip()?;
                }
                Ok(())
            }
            Token::Array => {
                self.open(b'[')?;
                let mut first = true;
                while self.next(first, b']')? {
                    first = false;
                    self.skip()?;
                }
                Ok(())
            }
        }
    }

    /// Goes over a value and gives its text.
    pub(crate) fn raw(&mut self) -> Result<&'a [u8], ShapeError> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(self.bytes.get(start..self.at).unwrap_or_default())
    }

    /// Nothing but white space is left.
    pub(crate) fn finish(&mut self) -> Result<(), ShapeError> {
        if self.peek().is_none() { Ok(()) } else { Err(self.malformed("something after the value")) }
    }
}
