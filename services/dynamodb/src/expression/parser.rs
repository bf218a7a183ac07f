//! What all expressions share: walking tokens, paths, values. Errors are AWS's sentences, without `Invalid …Expression: `.

use super::path::{Element, Path};
use super::placeholders::Placeholders;
use super::reserved::is_reserved;
use super::token::{Kind, Token, syntax_error, tokens};
use crate::value::{MAX_DEPTH, Value};

/// The most operators and functions of an expression.
const OPERATORS: usize = 300;

/// A walk over an expression's tokens.
pub(crate) struct Parser<'t, 'p> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    at: usize,
    placeholders: &'p mut Placeholders,
    operators: usize,
    pub(super) depth: usize,
}

impl<'t, 'p> Parser<'t, 'p> {
    pub(super) fn new(text: &'t str, placeholders: &'p mut Placeholders) -> Result<Self, String> {
        Ok(Self { text, tokens: tokens(text)?, at: 0, placeholders, operators: 0, depth: 0 })
    }

    fn token(&self, at: usize) -> Token<'t> {
        let end = Token { kind: Kind::End, text: "<EOF>", start: self.text.len(), end: self.text.len() };
        self.tokens.get(at).cloned().unwrap_or(end)
    }

    pub(super) fn peek(&self) -> Token<'t> {
        self.token(self.at)
    }

    pub(super) fn next(&mut self) -> Token<'t> {
        let token = self.peek();
        self.at += 1;
        token
    }

    /// The next token is this symbol: takes it.
    pub(super) fn take(&mut self, symbol: &str) -> bool {
        let token = self.peek();
        let found = token.kind == Kind::Symbol && token.text == symbol;
        self.at += usize::from(found);
        found
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Symbol && token.text == symbol
    }

    /// The token before the next one is an opening parenthesis.
    pub(super) fn encloses(&self) -> bool {
        self.at.checked_sub(1).is_some_and(|at| self.token(at).text == "(")
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), String> {
        if self.take(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The next token is this keyword, in any case.
    pub(super) fn is_word(&self, word: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    /// A function's name that is followed by `(`: takes both.
    pub(super) fn function(&mut self) -> Option<&'t str> {
        let (name, open) = (self.peek(), self.token(self.at + 1));
        if name.kind == Kind::Word && open.kind == Kind::Symbol && open.text == "(" {
            self.at += 2;
            return Some(name.text);
        }
        None
    }

    /// The error of the token that comes next.
    pub(super) fn unexpected(&self) -> String {
        syntax_error(self.text, &self.tokens, self.at)
    }

    pub(super) fn end(&self) -> Result<(), String> {
        if self.peek().kind == Kind::End { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn operator(&mut self) -> Result<(), String> {
        self.operators += 1;
        if self.operators > OPERATORS {
            return Err(format!(
                "The expression contains too many operators; operator count: {}",
                self.operators
            ));
        }
        Ok(())
    }

    /// A value placeholder, where one comes next.
    pub(super) fn value(&mut self) -> Result<Option<Value>, String> {
        let token = self.peek();
        if token.kind != Kind::ValuePlaceholder {
            return Ok(None);
        }
        self.at += 1;
        let Some(value) = self.placeholders.values.get(token.text) else {
            return Err(format!(
                "An expression attribute value used in expression is not defined; attribute value: {}",
                token.text
            ));
        };
        self.placeholders.used.insert(token.text.to_owned());
        Ok(Some(value.clone()))
    }

    fn name(&mut self) -> Result<String, String> {
        let token = self.peek();
        let name = match token.kind {
            // REMOVE is none of AWS's reserved words, but a keyword of ours all the same: see `attributes_named`.
            Kind::Word if is_reserved(token.text) || token.text.eq_ignore_ascii_case("REMOVE") => {
                return Err(format!(
                    "Attribute name is a reserved keyword; reserved keyword: {}",
                    token.text
                ));
            }
            Kind::Word => token.text.to_owned(),
            Kind::NamePlaceholder => {
                let Some(name) = self.placeholders.names.get(token.text).cloned() else {
                    return Err(format!(
                        "An expression attribute name used in the document path is not defined; attribute name: {}",
                        token.text
                    ));
                };
                self.placeholders.used.insert(token.text.to_owned());
                name
            }
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(name)
    }

    /// `a.#b[1]`
    pub(super) fn path(&mut self) -> Result<Path, String> {
        let mut path = Path::attribute(self.name()?);
        loop {
            if self.take(".") {
                path.rest.push(Element::Name(self.name()?));
            } else if self.take("[") {
                let token = self.peek();
                let index = token.text.parse().ok().filter(|_| token.kind == Kind::Number);
                let Some(index) = index else { return Err(self.unexpected()) };
                self.at += 1;
                if index >= 1_000_000 {
                    return Err(format!("List index is not within the allowable range; index: [{index}]"));
                }
                self.expect("]")?;
                path.rest.push(Element::Index(index));
            } else {
                break;
            }
        }
        if path.rest.len() > MAX_DEPTH {
            return Err(format!(
                "The document path has too many nesting elements; nesting levels: {}",
                path.rest.len() + 1
            ));
        }
        Ok(path)
    }

    /// A list of paths that is the whole expression.
    pub(super) fn whole_projection(&mut self) -> Result<Vec<Path>, String> {
        let mut paths = vec![self.path()?];
        while self.take(",") {
            paths.push(self.path()?);
        }
        self.end()?;
        Ok(paths)
    }
}
