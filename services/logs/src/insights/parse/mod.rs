//! Queries are read: commands here, expressions beside.

mod expression;
mod stats;

use super::aggregate::Aggregate;
use super::command::{Segment, Sink, SortKey, Step};
use super::expression::{Expression, Pattern};
use super::extract::Extract;
use super::regex::Regex;
use super::scanner::{Scanner, Span, Token};
use super::{MOST_ROWS, Malformed, Query};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Commands of a query.
const MOST_COMMANDS: usize = 50;
/// Regular expressions of a query: there is no quicker way to spend time.
const MOST_REGEXES: usize = 20;
/// `stats` commands of a query.
const MOST_STATS: usize = 2;
/// AWS's commands that are not built.
const NOT_BUILT: [&str; 9] =
    ["pattern", "diff", "anomaly", "unmask", "unnest", "filterindex", "source", "join", "lookup"];

pub(super) fn query(text: &str) -> Result<Query, Malformed> {
    let mut parser = Parser::new(text);
    parser.commands()?;
    parser.finish()
}

struct Parser<'q> {
    scanner: Scanner<'q>,
    segments: Vec<Segment>,
    steps: Vec<Step>,
    /// The columns that `fields` and `parse` have asked for, or all of `display` and `stats`.
    shown: Vec<Arc<str>>,
    /// After `stats`: the fields that there are.
    known: Option<BTreeSet<Arc<str>>>,
    /// Aggregates of the `stats` that is being read.
    aggregates: Option<Vec<Aggregate>>,
    depth: usize,
    operators: usize,
    commands: usize,
    regexes: usize,
    stats: usize,
    /// Where the first `sort` or `limit` stood.
    ordered: Option<Span>,
    deduplicated: bool,
}

impl<'q> Parser<'q> {
    fn new(text: &'q str) -> Self {
        Self {
            scanner: Scanner::new(text),
            segments: Vec::new(),
            steps: Vec::new(),
            shown: Vec::new(),
            known: None,
            aggregates: None,
            depth: 0,
            operators: 0,
            commands: 0,
            regexes: 0,
            stats: 0,
            ordered: None,
            deduplicated: false,
        }
    }

    fn commands(&mut self) -> Result<(), Malformed> {
        // A query of nothing shows all events, and a `|` at its beginning is passed over.
        self.eat("|")?;
        if self.scanner.peek()?.0 == Token::End {
            return Ok(());
        }
        loop {
            self.command()?;
            let (token, span) = self.scanner.next()?;
            match token {
                Token::Symbol("|") => {}
                Token::End => return Ok(()),
                _ => return Err(self.scanner.unexpected(span)),
            }
        }
    }

    fn command(&mut self) -> Result<(), Malformed> {
        let (token, span) = self.scanner.next()?;
        let Token::Word(word) = token else { return Err(self.scanner.unexpected(span)) };
        self.commands += 1;
        if self.commands > MOST_COMMANDS {
            let message = format!("a query has no more than {MOST_COMMANDS} commands");
            return Err(self.scanner.malformed(message, span));
        }
        let name = word.to_ascii_lowercase();
        if self.deduplicated && name != "limit" {
            return Err(self.scanner.malformed("only limit can be used after dedup", span));
        }
        match name.as_str() {
            "fields" => self.fields(),
            "display" => self.display(),
            "filter" => {
                let condition = self.expression()?;
                self.steps.push(Step::Filter(condition));
                Ok(())
            }
            "parse" => self.parse(),
            "stats" => self.stats(span),
            "sort" => self.sort(span),
            "order" => {
                self.keyword("by")?;
                self.sort(span)
            }
            "dedup" => self.dedup(),
            "limit" => self.limit(span),
            not_built if NOT_BUILT.contains(&not_built) => Err(self
                .scanner
                .malformed(format!("{word}: this command is not built in Cloudchamber"), span)),
            _ => Err(self.scanner.unexpected(span)),
        }
    }

    /// `fields a, strlen(b) as c`
    fn fields(&mut self) -> Result<(), Malformed> {
        for name in self.columns()? {
            self.show(name);
        }
        Ok(())
    }

    /// `display a, b`: these and no others.
    fn display(&mut self) -> Result<(), Malformed> {
        self.shown.clear();
        self.fields()
    }

    fn show(&mut self, name: Arc<str>) {
        if !self.shown.contains(&name) {
            self.shown.push(name);
        }
    }

    /// Expressions, each with the name that it has from now on.
    fn columns(&mut self) -> Result<Vec<Arc<str>>, Malformed> {
        let mut names = Vec::new();
        loop {
            let (expression, name, named) = self.named()?;
            match expression {
                Expression::Field(_) if !named => {}
                expression => {
                    self.know(&name);
                    self.steps.push(Step::Set(Arc::clone(&name), expression));
                }
            }
            names.push(name);
            if !self.eat(",")? {
                return Ok(names);
            }
        }
    }

    /// An expression with its name: what is behind `as`, or how it is written. The last says whether there was an `as`.
    fn named(&mut self) -> Result<(Expression, Arc<str>, bool), Malformed> {
        let start = self.scanner.peek()?.1.start;
        let expression = self.expression()?;
        let end = self.scanner.peek()?.1.start;
        if self.eat_keyword("as")? {
            return Ok((expression, self.name()?, true));
        }
        let written = match &expression {
            Expression::Field(name) => Arc::clone(name),
            _ => {
                // Without a comment that may stand behind it.
                let source = self.scanner.source(start, end);
                source.split('#').next().unwrap_or_default().trim_end().into()
            }
        };
        Ok((expression, written, false))
    }

    /// After `stats` there is a further field.
    fn know(&mut self, name: &Arc<str>) {
        if let Some(known) = &mut self.known {
            known.insert(Arc::clone(name));
        }
    }

    /// `parse @message "user=*, id=*" as user, id` and `parse @message /user=(?<user>\S+)/`
    fn parse(&mut self) -> Result<(), Malformed> {
        let from = match self.scanner.peek()? {
            (Token::Text(_), _) => self.known_field("@message".into(), self.scanner.peek()?.1)?,
            (Token::Symbol("/"), span) => self.known_field("@message".into(), span)?,
            _ => self.primary()?,
        };
        let (pattern, span) = self.pattern()?;
        let mut names = Vec::new();
        if self.eat_keyword("as")? {
            names.push(self.name()?);
            while self.eat(",")? {
                names.push(self.name()?);
            }
        }
        let extract = match pattern {
            Pattern::Text(glob) => Extract::glob(&glob, names),
            Pattern::Regex(regex) => Extract::regex(regex, names),
        };
        let extract = extract.map_err(|why| self.scanner.malformed(why, span))?;
        for name in extract.names() {
            self.know(&name);
            self.show(name);
        }
        self.steps.push(Step::Parse(from, extract));
        Ok(())
    }

    /// `sort a desc, b`
    fn sort(&mut self, span: Span) -> Result<(), Malformed> {
        let mut keys = Vec::new();
        loop {
            let by = self.expression()?;
            let descending = self.eat_keyword("desc")?;
            if !descending {
                self.eat_keyword("asc")?;
            }
            keys.push(SortKey { by, descending });
            if !self.eat(",")? {
                break;
            }
        }
        self.ordered.get_or_insert(span);
        self.steps.push(Step::Sort(keys));
        Ok(())
    }

    /// `dedup a, b`
    fn dedup(&mut self) -> Result<(), Malformed> {
        let mut fields = Vec::new();
        loop {
            let span = self.scanner.peek()?.1;
            let name = self.name()?;
            self.known_field(Arc::clone(&name), span)?;
            fields.push(name);
            if !self.eat(",")? {
                break;
            }
        }
        self.deduplicated = true;
        self.end(Sink::Rows { dedup: fields, limit: None });
        Ok(())
    }

    fn limit(&mut self, span: Span) -> Result<(), Malformed> {
        let (token, place) = self.scanner.next()?;
        let Token::Number(number) = token else { return Err(self.scanner.unexpected(place)) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and small")]
        let limit = (number.fract() == 0.0 && (1.0..=10_000.0).contains(&number)).then_some(number as usize);
        let Some(limit) = limit else {
            return Err(self
                .scanner
                .malformed(format!("limit takes a whole number from 1 to {MOST_ROWS}"), place));
        };
        self.ordered.get_or_insert(span);
        if self.deduplicated
            && let Some(Segment { sink: Sink::Rows { limit: own, .. }, .. }) = self.segments.last_mut()
        {
            *own = Some(own.map_or(limit, |own| own.min(limit)));
            return Ok(());
        }
        self.end(Sink::Rows { dedup: Vec::new(), limit: Some(limit) });
        Ok(())
    }

    /// Ends a segment.
    fn end(&mut self, sink: Sink) {
        let steps = std::mem::take(&mut self.steps);
        self.segments.push(Segment { steps, sink });
    }

    fn finish(mut self) -> Result<Query, Malformed> {
        let ends = self.steps.is_empty()
            && matches!(self.segments.last(), Some(Segment { sink: Sink::Rows { .. }, .. }));
        if !ends {
            self.end(Sink::Rows { dedup: Vec::new(), limit: None });
        }
        // Rows that are events have pointers.
        if self.known.is_none() {
            if self.shown.is_empty() {
                self.shown = ["@timestamp", "@message"].map(Arc::from).to_vec();
            }
            self.show("@ptr".into());
        }
        Ok(Query { segments: self.segments, shown: self.shown })
    }

    /// A name that is given to something, or that of a field.
    fn name(&mut self) -> Result<Arc<str>, Malformed> {
        match self.scanner.next()? {
            (Token::Word(name) | Token::Name(name), _) => Ok(name.into()),
            (_, span) => Err(self.scanner.unexpected(span)),
        }
    }

    /// What `like`, `=~` and `parse` look for.
    fn pattern(&mut self) -> Result<(Pattern, Span), Malformed> {
        if let Some((text, span)) = self.scanner.regex()? {
            self.regexes += 1;
            if self.regexes > MOST_REGEXES {
                let message = format!("a query has no more than {MOST_REGEXES} regular expressions");
                return Err(self.scanner.malformed(message, span));
            }
            let regex = Regex::new(text).map_err(|why| {
                self.scanner.malformed(format!("Invalid regular expression /{text}/: {why}"), span)
            })?;
            return Ok((Pattern::Regex(regex), span));
        }
        match self.scanner.next()? {
            (Token::Text(text), span) => Ok((Pattern::Text(text.into()), span)),
            (_, span) => Err(self.scanner.unexpected(span)),
        }
    }

    /// Takes a symbol, if it is next.
    fn eat(&mut self, symbol: &str) -> Result<bool, Malformed> {
        let is = matches!(self.scanner.peek()?.0, Token::Symbol(next) if next == symbol);
        if is {
            self.scanner.next()?;
        }
        Ok(is)
    }

    /// Takes a symbol that must be next.
    fn expect(&mut self, symbol: &str) -> Result<(), Malformed> {
        let span = self.scanner.peek()?.1;
        if self.eat(symbol)? { Ok(()) } else { Err(self.scanner.unexpected(span)) }
    }

    /// Takes a word, in letters of any case, if it is next.
    fn eat_keyword(&mut self, word: &str) -> Result<bool, Malformed> {
        let is = matches!(self.scanner.peek()?.0, Token::Word(next) if next.eq_ignore_ascii_case(word));
        if is {
            self.scanner.next()?;
        }
        Ok(is)
    }

    /// Takes a word that must be next.
    fn keyword(&mut self, word: &str) -> Result<(), Malformed> {
        let span = self.scanner.peek()?.1;
        if self.eat_keyword(word)? { Ok(()) } else { Err(self.scanner.unexpected(span)) }
    }
}
