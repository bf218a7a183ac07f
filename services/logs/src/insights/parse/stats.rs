use super::Parser;
use crate::insights::Malformed;
use crate::insights::aggregate::{Aggregate, Aggregation};
use crate::insights::command::{Sink, Stats};
use crate::insights::expression::Expression;
use crate::insights::scanner::{Span, Token};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Parser<'_> {
    /// `stats count(*) as calls, avg(x) / 2 by bin(5m), user`
    pub(super) fn stats(&mut self, span: Span) -> Result<(), Malformed> {
        self.stats += 1;
        if self.stats > super::MOST_STATS {
            return Err(self.scanner.malformed("a query has no more than two stats commands", span));
        }
        if self.stats > 1
            && let Some(ordered) = self.ordered
        {
            return Err(self.scanner.malformed("sort and limit must stand behind the second stats", ordered));
        }
        let mut outputs = Vec::new();
        // Where each output stands, for telling of those that read what is no group.
        let mut places = Vec::new();
        self.aggregates = Some(Vec::new());
        loop {
            let start = self.scanner.peek()?.1;
            let (expression, name, _) = self.named()?;
            places.push(Span { start: start.start, end: self.scanner.peek()?.1.start });
            outputs.push((name, expression));
            if !self.eat(",")? {
                break;
            }
        }
        let aggregates = self.aggregates.take().unwrap_or_default();
        let mut groups: Vec<(Arc<str>, Expression)> = Vec::new();
        if self.eat_keyword("by")? {
            loop {
                let (expression, name, _) = self.named()?;
                groups.push((name, expression));
                if !self.eat(",")? {
                    break;
                }
            }
        }
        // An output may stand on groups and on outputs before it.
        for (number, ((_, expression), place)) in outputs.iter().zip(places).enumerate() {
            let there = |field: &Arc<str>| {
                groups.iter().chain(outputs.iter().take(number)).any(|(name, _)| name == field)
            };
            let mut unknown = None;
            expression.fields(&mut |field| {
                if !there(field) {
                    unknown.get_or_insert_with(|| Arc::clone(field));
                }
            });
            if let Some(field) = unknown {
                return Err(self.unknown(&field, place));
            }
        }
        self.shown.clear();
        let names: Vec<Arc<str>> = groups.iter().chain(&outputs).map(|(name, _)| Arc::clone(name)).collect();
        self.known = Some(names.iter().cloned().collect::<BTreeSet<_>>());
        for name in names {
            self.show(name);
        }
        self.end(Sink::Stats(Stats { groups, aggregates, outputs }));
        Ok(())
    }

    /// An aggregate, its name and `(` being taken.
    pub(super) fn aggregate(
        &mut self,
        function: Aggregation,
        name: &str,
        start: usize,
    ) -> Result<Expression, Malformed> {
        // None stands in another.
        let outer = self.aggregates.take();
        let of = self.aggregated(function)?;
        let function = match function {
            Aggregation::Percentile(_) if !name.eq_ignore_ascii_case("median") => {
                self.expect(",")?;
                let (token, span) = self.scanner.next()?;
                match token {
                    Token::Number(percent) if percent <= 100.0 => Aggregation::Percentile(percent),
                    _ => return Err(self.scanner.unexpected(span)),
                }
            }
            other => other,
        };
        let close = self.scanner.peek()?.1;
        self.expect(")")?;
        let span = Span { start, end: close.end };
        match outer {
            Some(mut aggregates) => {
                aggregates.push(Aggregate { function, of });
                let number = aggregates.len() - 1;
                self.aggregates = Some(aggregates);
                Ok(Expression::Aggregate(number))
            }
            // Behind `stats`, a column may be named as it is written there.
            None => {
                let written: Arc<str> = self.scanner.source(span.start, span.end).into();
                match &self.known {
                    Some(known) if known.contains(&written) => Ok(Expression::Field(written)),
                    _ => Err(self.scanner.malformed(
                        format!("{name}: aggregates stand in stats, and not in one another"),
                        span,
                    )),
                }
            }
        }
    }

    /// What is aggregated: nothing for `count()` and `count(*)`.
    fn aggregated(&mut self, function: Aggregation) -> Result<Option<Expression>, Malformed> {
        let counts = function == Aggregation::Count;
        if counts && (self.eat("*")? || matches!(self.scanner.peek()?.0, Token::Symbol(")"))) {
            return Ok(None);
        }
        self.expression().map(Some)
    }

    /// The failure of a field that there is not after `stats`, in AWS's words.
    pub(super) fn unknown(&self, field: &str, span: Span) -> Malformed {
        self.scanner.malformed(format!("Unknown symbols found in or after stats: {field}"), span)
    }
}
