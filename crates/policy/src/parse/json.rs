//! JSON with positions: what a policy's author needs to find the mistake. Refuses duplicate keys, deep nesting and long texts.

/// Texts longer than this are refused unread: ten times AWS's largest policy.
const LONGEST: usize = 256 * 1024;
/// A policy needs six levels.
const DEEPEST: usize = 24;

/// Where something stands in the text: both count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// The position of a byte offset.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let last = before.rsplit('\n').next().unwrap_or_default();
        Self { line, column: last.chars().count() + 1 }
    }
}

/// A JSON value and where it stands in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The byte offset of its first character.
    pub at: usize,
    /// The byte offset behind its last character.
    pub end: usize,
    /// What it is.
    pub value: Value,
}

/// What a [`Node`] is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// As written.
    Number(String),
    /// Unescaped.
    Text(String),
    /// `[…]`
    List(Vec<Node>),
    /// `{…}`, in order; names are different.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// The byte offset of the name's first quote.
    pub at: usize,
    /// The byte offset behind the name's last quote.
    pub end: usize,
    /// Its value.
    pub node: Node,
}

/// Why the text is no JSON that we read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// A byte offset.
    pub at: usize,
    /// For the text's author.
    pub detail: String,
}

/// Reads one JSON value and nothing after it.
///
/// # Errors
/// [`JsonError`] where the text is not JSON, has a field twice, is deeper than 24 levels or longer than 256 KiB.
pub fn read(text: &str) -> Result<Node, JsonError> {
    if text.len() > LONGEST {
        return Err(JsonError { at: 0, detail: format!("the document is longer than {LONGEST} bytes") });
    }
    let mut reader = Reader { text, at: 0 };
    let node = reader.value(0)?;
    reader.blank();
    if reader.rest().is_empty() {
        Ok(node)
    } else {
        Err(reader.fail("something follows the end of the document"))
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn fail(&self, detail: impl Into<String>) -> JsonError {
        JsonError { at: self.at, detail: detail.into() }
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Node, JsonError> {
        if depth > DEEPEST {
            return Err(self.fail(format!("nested deeper than {DEEPEST} levels")));
        }
        self.blank();
        let at = self.at;
        let value = match self.peek() {
            Some('{') => self.object(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Value::Text(self.text()?),
            Some('-' | '0'..='9') => Value::Number(self.number()?),
            _ => self.word()?,
        };
        Ok(Node { at, end: self.at, value })
    }

    fn word(&mut self) -> Result<Value, JsonError> {
        for (word, value) in
            [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)]
        {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.fail("a value was expected"))
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.take('{');
        let mut members: Vec<Member> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        self.blank();
        if self.take('}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.blank();
            let at = self.at;
            if self.peek() != Some('"') {
                return Err(self.fail("a field's name in double quotes was expected"));
            }
            let name = self.text()?;
            let end = self.at;
            if !seen.insert(name.clone()) {
                return Err(JsonError { at, detail: format!("the field {name:?} occurs twice") });
            }
            self.blank();
            if !self.take(':') {
                return Err(self.fail("a colon was expected"));
            }
            let node = self.value(depth + 1)?;
            members.push(Member { name, at, end, node });
            self.blank();
            if self.take('}') {
                return Ok(Value::Object(members));
            }
            if !self.take(',') {
                return Err(self.fail("a comma or a closing brace was expected"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.take('[');
        let mut items = Vec::new();
        self.blank();
        if self.take(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blank();
            if self.take(']') {
                return Ok(Value::List(items));
            }
            if !self.take(',') {
                return Err(self.fail("a comma or a closing bracket was expected"));
            }
        }
    }

    fn number(&mut self) -> Result<String, JsonError> {
        let start = self.at;
        self.take('-');
        if !self.take('0') && self.digits() == 0 {
            return Err(self.fail("a digit was expected"));
        }
        if self.take('.') && self.digits() == 0 {
            return Err(self.fail("a digit was expected"));
        }
        if self.take('e') || self.take('E') {
            let _ = self.take('+') || self.take('-');
            if self.digits() == 0 {
                return Err(self.fail("a digit was expected"));
            }
        }
        Ok(self.text.get(start..self.at).unwrap_or_default().to_owned())
    }

    fn digits(&mut self) -> usize {
        let rest = self.rest();
        let count = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        self.at += count;
        count
    }

    fn text(&mut self) -> Result<String, JsonError> {
        self.take('"');
        let mut text = String::new();
        loop {
            let Some(next) = self.peek() else { return Err(self.fail("the text is not closed by a quote")) };
            match next {
                '"' => {
                    self.at += 1;
                    return Ok(text);
                }
                '\\' => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                control if control < ' ' => return Err(self.fail("a control character must be escaped")),
                plain => {
                    self.at += plain.len_utf8();
                    text.push(plain);
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let plain = match self.peek() {
            Some(same @ ('"' | '\\' | '/')) => same,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode(),
            _ => return Err(self.fail("no such escape")),
        };
        self.at += 1;
        Ok(plain)
    }

    fn unicode(&mut self) -> Result<char, JsonError> {
        let first = self.unit()?;
        let code = match first {
            0xD800..=0xDBFF => {
                if !(self.take('\\') && self.peek() == Some('u')) {
                    return Err(self.fail("half of a surrogate pair"));
                }
                let second = self.unit()?;
                if !(0xDC00..=0xDFFF).contains(&second) {
                    return Err(self.fail("half of a surrogate pair"));
                }
                0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            other => other,
        };
        char::from_u32(code).ok_or_else(|| self.fail("half of a surrogate pair"))
    }

    fn unit(&mut self) -> Result<u32, JsonError> {
        let digits =
            self.rest().get(1..5).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.fail("four hexadecimal digits were expected"))?;
        self.at += 5;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_kind_of_value() {
        let node = read(" {\"a\": [1, -2.5e3, true, false, null, \"x\\u00e9\\ud83d\\ude00\\n\"]} ").unwrap();
        let Value::Object(members) = node.value else { panic!("an object") };
        let Value::List(items) = &members[0].node.value else { panic!("a list") };
        let values: Vec<_> = items.iter().map(|item| item.value.clone()).collect();
        assert_eq!(
            values,
            [
                Value::Number("1".into()),
                Value::Number("-2.5e3".into()),
                Value::Bool(true),
                Value::Bool(false),
                Value::Null,
                Value::Text("xé😀\n".into()),
            ]
        );
    }

    #[test]
    fn refuses_what_is_not_json() {
        let deep = "[".repeat(100);
        let long = format!("\"{}\"", "x".repeat(LONGEST));
        for bad in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "01",
            "1.",
            "1e",
            "-",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\\udc00\"",
            "\"\\u12\"",
            "\"a\nb\"",
            "tru",
            "{} {}",
            "'a'",
            "{\"a\" 1}",
            "[1 2]",
            "\u{feff}{}",
            &deep,
            &long,
        ] {
            assert!(read(bad).is_err(), "{:?}", bad.get(..20));
        }
    }

    #[test]
    fn refuses_a_field_that_occurs_twice_and_says_where() {
        let text = "{\"a\": 1,\n \"é\": 2, \"a\": 3}";
        let error = read(text).unwrap_err();
        assert_eq!(Position::of(text, error.at), Position { line: 2, column: 10 });
        assert!(error.detail.contains("\"a\" occurs twice"), "{}", error.detail);
    }
}
