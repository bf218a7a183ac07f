use super::Malformed;

/// A piece of a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A keyword, or the name of a field or function: `fields`, `@message`, `items.0.x`.
    Word(String),
    /// A name that stands between backticks, in part or whole.
    Name(String),
    /// Text between quotes.
    Text(String),
    Number(f64),
    /// A count and a unit: `5m`.
    Period(i64, String),
    /// `|`, `<=` and the like.
    Symbol(&'static str),
    End,
}

/// Where something stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Longer ones first.
const SYMBOLS: [&str; 18] =
    ["!=", "<=", ">=", "=~", "|", "(", ")", "[", "]", ",", "=", "<", ">", "+", "-", "*", "/", "^"];

/// Reads a query from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scanner<'q> {
    text: &'q str,
    at: usize,
}

impl<'q> Scanner<'q> {
    pub(super) fn new(text: &'q str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'q str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes over spaces and comments, which go from `#` to the end of their line.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            if !self.rest().starts_with('#') {
                return;
            }
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    /// The text at a place.
    pub(super) fn source(&self, start: usize, end: usize) -> &'q str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The next token, which is not taken.
    pub(super) fn peek(&self) -> Result<(Token, Span), Malformed> {
        let mut ahead = *self;
        ahead.next()
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Result<(Token, Span), Malformed> {
        self.skip();
        let start = self.at;
        let token = match self.rest().chars().next() {
            None => Token::End,
            Some(quote @ ('"' | '\'')) => Token::Text(self.quoted(quote)?),
            Some(first) if first.is_ascii_digit() => self.number()?,
            Some('.') if self.rest().as_bytes().get(1).is_some_and(u8::is_ascii_digit) => self.number()?,
            Some(first) if is_name(first) || first == '`' => self.name()?,
            Some('%') => {
                self.at += 1;
                Token::Symbol("%")
            }
            Some(other) => {
                let symbol = SYMBOLS.into_iter().find(|symbol| self.rest().starts_with(symbol));
                self.at += symbol.map_or(other.len_utf8(), str::len);
                match symbol {
                    Some(symbol) => Token::Symbol(symbol),
                    None => return Err(self.unexpected(Span { start, end: self.at })),
                }
            }
        };
        Ok((token, Span { start, end: self.at }))
    }

    /// A backslash keeps the quote and itself.
    fn quoted(&mut self, quote: char) -> Result<String, Malformed> {
        let start = self.at;
        let mut characters = self.rest().char_indices().skip(1);
        let mut text = String::new();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some((_, kept)) if kept == quote || kept == '\\' => text.push(kept),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                end if end == quote => {
                    self.at += at + end.len_utf8();
                    return Ok(text);
                }
                other => text.push(other),
            }
        }
        Err(self.malformed("a text has no closing quote", Span { start, end: self.text.len() }))
    }

    fn number(&mut self) -> Result<Token, Malformed> {
        let start = self.at;
        let digits = self.take(|character| character.is_ascii_digit() || character == '.');
        let unit = self.take(|character| character.is_ascii_alphabetic());
        let span = Span { start, end: self.at };
        if unit.is_empty() {
            return digits.parse().map(Token::Number).map_err(|_| self.unexpected(span));
        }
        digits.parse().map(|count| Token::Period(count, unit.to_owned())).map_err(|_| self.unexpected(span))
    }

    /// Words and names between backticks, joined by dots.
    fn name(&mut self) -> Result<Token, Malformed> {
        let (mut name, mut quoted) = (String::new(), false);
        loop {
            if let Some(inside) = self.rest().strip_prefix('`') {
                let start = self.at;
                let Some((text, _)) = inside.split_once('`') else {
                    let span = Span { start, end: self.text.len() };
                    return Err(self.malformed("a name has no closing backtick", span));
                };
                self.at += text.len() + 2;
                name.push_str(text);
                quoted = true;
            } else {
                name.push_str(self.take(is_name));
            }
            // `a.` and then a backtick go together; `a` and then one do not.
            if !(name.ends_with('.') && self.rest().starts_with('`')
                || quoted && self.rest().starts_with('.'))
            {
                return Ok(if quoted { Token::Name(name) } else { Token::Word(name) });
            }
        }
    }

    fn take(&mut self, is: impl Fn(char) -> bool) -> &'q str {
        let rest = self.rest();
        let end = rest.find(|character| !is(character)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// Takes what stands between slashes, if that is next.
    pub(super) fn regex(&mut self) -> Result<Option<(&'q str, Span)>, Malformed> {
        self.skip();
        let Some(inside) = self.rest().strip_prefix('/') else { return Ok(None) };
        let start = self.at;
        let mut escaped = false;
        for (at, character) in inside.char_indices() {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '/' => {
                    self.at += at + 2;
                    return Ok(Some((inside.get(..at).unwrap_or_default(), Span { start, end: self.at })));
                }
                _ => {}
            }
        }
        Err(self.malformed("a regular expression has no closing slash", Span { start, end: self.text.len() }))
    }

    /// A failure at a place.
    pub(super) fn malformed(&self, message: impl Into<String>, span: Span) -> Malformed {
        let characters = |at: usize| self.text.get(..at).unwrap_or(self.text).chars().count();
        Malformed { message: message.into(), start: characters(span.start), end: characters(span.end) }
    }

    /// The failure of what may not stand where it does, in AWS's words.
    pub(super) fn unexpected(&self, span: Span) -> Malformed {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let position = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let symbol = self.source(span.start, span.end);
        let what = if symbol.is_empty() {
            "unexpected end of the query".to_owned()
        } else {
            format!("unexpected symbol found {symbol}")
        };
        self.malformed(format!("{what} at line {line} and position {position}"), span)
    }
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || "_@.".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Result<Vec<Token>, Malformed> {
        let mut scanner = Scanner::new(text);
        let mut tokens = Vec::new();
        loop {
            match scanner.next()?.0 {
                Token::End => return Ok(tokens),
                token => tokens.push(token),
            }
        }
    }

    #[test]
    fn tokens_are_told_apart() {
        let word = |text: &str| Token::Word(text.into());
        let name = |text: &str| Token::Name(text.into());
        assert_eq!(
            tokens("fields @a.b.0,x # all\n|bin(5m)>=.5%2").unwrap(),
            [
                word("fields"),
                word("@a.b.0"),
                Token::Symbol(","),
                word("x"),
                Token::Symbol("|"),
                word("bin"),
                Token::Symbol("("),
                Token::Period(5, "m".into()),
                Token::Symbol(")"),
                Token::Symbol(">="),
                Token::Number(0.5),
                Token::Symbol("%"),
                Token::Number(2.0),
            ]
        );
        assert_eq!(tokens("`a-b`.c x.`y z`.`w` `if`").unwrap(), [name("a-b.c"), name("x.y z.w"), name("if")]);
        assert_eq!(
            tokens(r#""a\"b\d" 'it\'s'"#).unwrap(),
            [Token::Text("a\"b\\d".into()), Token::Text("it's".into())]
        );
    }

    #[test]
    fn what_is_no_token_is_told_with_its_place() {
        let malformed = tokens("fields é,\n  ?").unwrap_err();
        assert_eq!(malformed.message, "unexpected symbol found ? at line 2 and position 3");
        assert_eq!((malformed.start, malformed.end), (12, 13));
        for open in ["\"a", "'a\\'", "`a", "1.2.3", "99999999999999999999m"] {
            assert!(tokens(open).is_err(), "{open}");
        }
    }
}
