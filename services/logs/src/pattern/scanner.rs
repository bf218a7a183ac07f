use super::InvalidPattern;
use super::regex::Regex;

/// Reads a pattern from left to right.
#[derive(Debug)]
pub(super) struct Scanner<'p> {
    rest: &'p str,
    /// Regular expressions so far.
    pub(super) regexes: usize,
    /// Parentheses that are open.
    pub(super) depth: usize,
}

impl<'p> Scanner<'p> {
    pub(super) fn new(text: &'p str) -> Self {
        Self { rest: text, regexes: 0, depth: 0 }
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Takes the next character.
    pub(super) fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    /// Takes a text, if it is next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(text) else { return false };
        self.rest = rest;
        true
    }

    /// Takes a word, if it is next and ends there.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let Some((start, rest)) = self.rest.split_at_checked(word.len()) else { return false };
        let ends = !rest.starts_with(|character: char| character.is_alphanumeric() || character == '_');
        if !ends || !start.eq_ignore_ascii_case(word) {
            return false;
        }
        self.rest = rest;
        true
    }

    /// Takes what is next as long as it is of a kind.
    pub(super) fn take_while(&mut self, is: impl Fn(char) -> bool) -> &'p str {
        let end = self.rest.find(|character| !is(character)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    pub(super) fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes the text between quotes of a kind, the first of which is taken already. A backslash keeps a quote or a backslash.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String, InvalidPattern> {
        let mut text = String::new();
        loop {
            match self.next().ok_or(InvalidPattern::Syntax)? {
                '\\' => match self.next().ok_or(InvalidPattern::Syntax)? {
                    kept if kept == quote || kept == '\\' => text.push(kept),
                    other => text.extend(['\\', other]),
                },
                end if end == quote => return Ok(text),
                character => text.push(character),
            }
        }
    }

    /// Takes a regular expression up to its closing `%`; the opening one is taken already.
    pub(super) fn regex(&mut self) -> Result<Regex, InvalidPattern> {
        let text = self.take_while(|character| character != '%');
        if !self.eat("%") {
            return Err(InvalidPattern::Syntax);
        }
        self.regexes += 1;
        Regex::parse(text)
    }

    /// The failure of what is next: a character that may not stand here, or the end.
    pub(super) fn unexpected(&self) -> InvalidPattern {
        self.peek().map_or(InvalidPattern::Syntax, |character| InvalidPattern::Characters(character.into()))
    }
}
