use super::Parser;
use crate::insights::Malformed;
use crate::insights::aggregate::Aggregation;
use crate::insights::expression::{Arithmetic, Comparison, Expression};
use crate::insights::functions::Function;
use crate::insights::period::Period;
use crate::insights::scanner::{Span, Token};
use crate::insights::value::Value;
use std::sync::Arc;

/// The deepest nesting of an expression.
const DEEPEST: usize = 64;
/// The arithmetic operators of a query, each of which may be a level too.
const MOST_OPERATORS: usize = 256;

impl Parser<'_> {
    /// `or` binds less than `and`, that less than `not`, comparisons, sums, products, powers.
    pub(super) fn expression(&mut self) -> Result<Expression, Malformed> {
        let span = self.scanner.peek()?.1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.scanner.malformed("the query is nested too deeply", span));
        }
        let mut any = vec![self.conjunction()?];
        while self.eat_keyword("or")? {
            any.push(self.conjunction()?);
        }
        self.depth -= 1;
        Ok(joined(any, Expression::Or))
    }

    fn conjunction(&mut self) -> Result<Expression, Malformed> {
        let mut all = vec![self.negation()?];
        while self.eat_keyword("and")? {
            all.push(self.negation()?);
        }
        Ok(joined(all, Expression::And))
    }

    fn negation(&mut self) -> Result<Expression, Malformed> {
        let mut negated = false;
        while self.eat_keyword("not")? {
            negated = !negated;
        }
        let one = self.comparison()?;
        Ok(if negated { Expression::Not(Box::new(one)) } else { one })
    }

    fn comparison(&mut self) -> Result<Expression, Malformed> {
        let left = self.sum()?;
        let comparison = match self.scanner.peek()?.0 {
            Token::Symbol("=") => Comparison::Equal,
            Token::Symbol("!=") => Comparison::NotEqual,
            Token::Symbol("<") => Comparison::Less,
            Token::Symbol("<=") => Comparison::AtMost,
            Token::Symbol(">") => Comparison::Greater,
            Token::Symbol(">=") => Comparison::AtLeast,
            Token::Symbol("=~") => {
                self.scanner.next()?;
                return Ok(Expression::Like(Box::new(left), self.pattern()?.0));
            }
            Token::Word(word) => return self.wordy(&word, left),
            _ => return Ok(left),
        };
        self.scanner.next()?;
        let right = self.sum()?;
        Ok(Expression::Compare(comparison, Box::new(left), Box::new(right)))
    }

    /// `like`, `not like`, `in`, `not in`.
    fn wordy(&mut self, word: &str, left: Expression) -> Result<Expression, Malformed> {
        let is = |wanted: &str| word.eq_ignore_ascii_case(wanted);
        if !is("like") && !is("in") && !is("not") {
            return Ok(left);
        }
        self.scanner.next()?;
        let negated = is("not");
        // What is missing is neither like something nor unlike it.
        let present = negated.then(|| Expression::Call(Function::IsPresent, vec![left.clone()]));
        let found = if is("like") || (negated && self.eat_keyword("like")?) {
            Expression::Like(Box::new(left), self.pattern()?.0)
        } else {
            if negated {
                self.keyword("in")?;
            }
            Expression::In(Box::new(left), self.list()?)
        };
        Ok(match present {
            Some(present) => Expression::And(vec![present, Expression::Not(Box::new(found))]),
            None => found,
        })
    }

    /// `["a", 1]`
    fn list(&mut self) -> Result<Vec<Value>, Malformed> {
        self.expect("[")?;
        let mut values = Vec::new();
        loop {
            let negative = self.eat("-")?;
            values.push(match self.scanner.next()? {
                (Token::Text(text), _) if !negative => Value::text(&text),
                (Token::Number(number), _) => Value::Number(if negative { 0.0 - number } else { number }),
                (_, span) => return Err(self.scanner.unexpected(span)),
            });
            if !self.eat(",")? {
                break;
            }
        }
        self.expect("]")?;
        Ok(values)
    }

    fn sum(&mut self) -> Result<Expression, Malformed> {
        let mut left = self.product()?;
        loop {
            let operator = match self.scanner.peek()?.0 {
                Token::Symbol("+") => Arithmetic::Add,
                Token::Symbol("-") => Arithmetic::Subtract,
                _ => return Ok(left),
            };
            let span = self.scanner.next()?.1;
            let right = self.product()?;
            left = self.arithmetic(operator, left, right, span)?;
        }
    }

    fn product(&mut self) -> Result<Expression, Malformed> {
        let mut left = self.power()?;
        loop {
            let operator = match self.scanner.peek()?.0 {
                Token::Symbol("*") => Arithmetic::Multiply,
                Token::Symbol("/") => Arithmetic::Divide,
                Token::Symbol("%") => Arithmetic::Remainder,
                _ => return Ok(left),
            };
            let span = self.scanner.next()?.1;
            let right = self.power()?;
            left = self.arithmetic(operator, left, right, span)?;
        }
    }

    fn power(&mut self) -> Result<Expression, Malformed> {
        let mut left = self.signed()?;
        while let (Token::Symbol("^"), span) = self.scanner.peek()? {
            self.scanner.next()?;
            let right = self.signed()?;
            left = self.arithmetic(Arithmetic::Power, left, right, span)?;
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Expression, Malformed> {
        let span = self.scanner.peek()?.1;
        let mut negative = false;
        while self.eat("-")? {
            negative = !negative;
        }
        let one = self.primary()?;
        if !negative {
            return Ok(one);
        }
        let zero = Expression::Literal(Value::Number(0.0));
        self.arithmetic(Arithmetic::Subtract, zero, one, span)
    }

    fn arithmetic(
        &mut self,
        operator: Arithmetic,
        left: Expression,
        right: Expression,
        span: Span,
    ) -> Result<Expression, Malformed> {
        self.operators += 1;
        if self.operators > MOST_OPERATORS {
            let message = format!("a query has no more than {MOST_OPERATORS} arithmetic operators");
            return Err(self.scanner.malformed(message, span));
        }
        Ok(Expression::Arithmetic(operator, Box::new(left), Box::new(right)))
    }

    /// A literal, a field, a call, or an expression in parentheses.
    pub(super) fn primary(&mut self) -> Result<Expression, Malformed> {
        let (token, span) = self.scanner.next()?;
        match token {
            Token::Text(text) => Ok(Expression::Literal(Value::text(&text))),
            Token::Number(number) => Ok(Expression::Literal(Value::Number(number))),
            Token::Name(name) => self.known_field(name.into(), span),
            Token::Symbol("(") => {
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Word(word) if self.eat("(")? => self.call(&word, span),
            Token::Word(word) if word.eq_ignore_ascii_case("true") => {
                Ok(Expression::Literal(Value::Boolean(true)))
            }
            Token::Word(word) if word.eq_ignore_ascii_case("false") => {
                Ok(Expression::Literal(Value::Boolean(false)))
            }
            Token::Word(word) if !is_keyword(&word) => self.known_field(word.into(), span),
            _ => Err(self.scanner.unexpected(span)),
        }
    }

    /// A field; after `stats` one that there is.
    pub(super) fn known_field(&self, name: Arc<str>, span: Span) -> Result<Expression, Malformed> {
        // What stands in `stats` itself is judged once its groups are known.
        let checked = self.aggregates.is_none();
        match &self.known {
            Some(known) if checked && !known.contains(&name) => Err(self.unknown(&name, span)),
            _ => Ok(Expression::Field(name)),
        }
    }

    /// A function's arguments, its name and `(` being taken.
    fn call(&mut self, name: &str, span: Span) -> Result<Expression, Malformed> {
        match name.to_ascii_lowercase().as_str() {
            "bin" => {
                let period = self.period()?;
                self.expect(")")?;
                return Ok(Expression::Floor(Box::new(self.known_field("@timestamp".into(), span)?), period));
            }
            rounding @ ("datefloor" | "dateceil") => {
                let of = Box::new(self.expression()?);
                self.expect(",")?;
                let period = self.period()?;
                self.expect(")")?;
                return Ok(if rounding == "datefloor" {
                    Expression::Floor(of, period)
                } else {
                    Expression::Ceil(of, period)
                });
            }
            _ => {}
        }
        if let Some(function) = Aggregation::named(name) {
            return self.aggregate(function, name, span.start);
        }
        let Some((function, least, most)) = Function::named(name) else {
            let message = format!("{name}: there is no such function, or it is not built in Cloudchamber");
            return Err(self.scanner.malformed(message, span));
        };
        let mut arguments = Vec::new();
        if !self.eat(")")? {
            loop {
                arguments.push(self.expression()?);
                if !self.eat(",")? {
                    break;
                }
            }
            self.expect(")")?;
        }
        if !(least..=most).contains(&arguments.len()) {
            let message = format!("{name}: the function does not take {} arguments", arguments.len());
            return Err(self.scanner.malformed(message, span));
        }
        Ok(Expression::Call(function, arguments))
    }

    /// `5m`, `5 m`
    fn period(&mut self) -> Result<Period, Malformed> {
        let (token, span) = self.scanner.next()?;
        let (count, unit, end) = match token {
            Token::Period(count, unit) => (count, unit, span.end),
            Token::Number(number) if number.fract() == 0.0 => match self.scanner.next()? {
                #[expect(clippy::cast_possible_truncation, reason = "it is whole, and saturates")]
                (Token::Word(unit), place) => (number as i64, unit, place.end),
                (_, place) => return Err(self.scanner.unexpected(place)),
            },
            _ => return Err(self.scanner.unexpected(span)),
        };
        let span = Span { start: span.start, end };
        Period::new(count, &unit).ok_or_else(|| self.scanner.unexpected(span))
    }
}

/// Words that name no field unless they stand between backticks.
fn is_keyword(word: &str) -> bool {
    ["and", "or", "not", "like", "in", "as", "by", "asc", "desc"]
        .iter()
        .any(|keyword| word.eq_ignore_ascii_case(keyword))
}

fn joined(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}
