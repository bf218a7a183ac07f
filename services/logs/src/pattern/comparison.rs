use super::InvalidPattern;
use super::regex::Regex;
use super::scanner::Scanner;
use std::cmp::Ordering;

/// What a value is compared with, and how: `= "x*"`, `>= 5`, `!= %re%`.
#[derive(Debug, Clone)]
pub(super) struct Comparison {
    operator: Operator,
    operand: Operand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    Greater,
    AtMost,
    AtLeast,
}

#[derive(Debug, Clone)]
enum Operand {
    /// Quoted, or not a number.
    Text(Glob),
    /// An unquoted number: numbers are compared with its value, texts with what is written.
    Number(Decimal, Glob),
    Regex(Regex),
}

/// A number. Whole ones are compared exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Decimal {
    Whole(i64),
    Fraction(f64),
}

/// What an event holds in the place that a pattern asks for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'v> {
    Text(&'v str),
    /// A number and how it is written.
    Number(Decimal, &'v str),
}

impl Comparison {
    /// Reads operator and operand; None where no operator is next.
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Option<Self>, InvalidPattern> {
        const OPERATORS: [(&str, Operator); 6] = [
            ("!=", Operator::NotEqual),
            (">=", Operator::AtLeast),
            ("<=", Operator::AtMost),
            ("=", Operator::Equal),
            (">", Operator::Greater),
            ("<", Operator::Less),
        ];
        let Some((_, operator)) = OPERATORS.into_iter().find(|(text, _)| scanner.eat(text)) else {
            return Ok(None);
        };
        scanner.skip_spaces();
        let (operand, written) = Operand::parse(scanner)?;
        let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
        if ordered && !matches!(operand, Operand::Number(..)) {
            return Err(InvalidPattern::Characters(written));
        }
        Ok(Some(Self { operator, operand }))
    }

    pub(super) fn holds(&self, value: Value<'_>) -> bool {
        let order = match (&self.operand, value) {
            (Operand::Number(wanted, _), Value::Number(found, _)) => found.compare(*wanted),
            _ => None,
        };
        match self.operator {
            Operator::Equal => self.operand.equals(value),
            Operator::NotEqual => !self.operand.equals(value),
            Operator::Less => order == Some(Ordering::Less),
            Operator::Greater => order == Some(Ordering::Greater),
            Operator::AtMost => order.is_some_and(Ordering::is_le),
            Operator::AtLeast => order.is_some_and(Ordering::is_ge),
        }
    }
}

impl Operand {
    /// The operand, and how it is written.
    fn parse(scanner: &mut Scanner<'_>) -> Result<(Self, String), InvalidPattern> {
        if scanner.eat("\"") {
            let text = scanner.quoted('"')?;
            return Ok((Self::Text(Glob::new(&text)), format!("{text:?}")));
        }
        if scanner.eat("%") {
            return Ok((Self::Regex(scanner.regex()?), "%".into()));
        }
        let word = scanner.take_while(|character| character.is_alphanumeric() || "_.*+-".contains(character));
        if word.is_empty() {
            return Err(scanner.unexpected());
        }
        let glob = Glob::new(word);
        let operand = match Decimal::parse(word) {
            Some(number) => Self::Number(number, glob),
            None => Self::Text(glob),
        };
        Ok((operand, word.to_owned()))
    }

    fn equals(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Number(wanted, _), Value::Number(found, _)) => {
                found.compare(*wanted) == Some(Ordering::Equal)
            }
            (Self::Number(_, glob) | Self::Text(glob), Value::Text(text) | Value::Number(_, text)) => {
                glob.matches(text)
            }
            (Self::Regex(regex), Value::Text(text) | Value::Number(_, text)) => regex.matches(text),
        }
    }
}

impl Decimal {
    /// Digits with a sign, a fraction or an exponent; not `inf` and the like.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        if !plain || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if let Ok(whole) = text.parse() {
            return Some(Self::Whole(whole));
        }
        text.parse().ok().filter(|fraction: &f64| fraction.is_finite()).map(Self::Fraction)
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(own), Self::Whole(other)) => Some(own.cmp(&other)),
            _ => self.fraction().partial_cmp(&other.fraction()),
        }
    }

    fn fraction(self) -> f64 {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "compared with a fraction, which has no more digits"
            )]
            Self::Whole(whole) => whole as f64,
            Self::Fraction(fraction) => fraction,
        }
    }
}

/// Text with `*` at its start, its end or both; elsewhere a star is a star, as AWS says of `Ev*ent`.
#[derive(Debug, Clone)]
struct Glob {
    any_start: bool,
    text: String,
    any_end: bool,
}

impl Glob {
    fn new(text: &str) -> Self {
        let (any_start, text) = text.strip_prefix('*').map_or((false, text), |rest| (true, rest));
        let (any_end, text) = text.strip_suffix('*').map_or((false, text), |rest| (true, rest));
        Self { any_start, text: text.to_owned(), any_end }
    }

    fn matches(&self, text: &str) -> bool {
        match (self.any_start, self.any_end) {
            (false, false) => text == self.text,
            (true, false) => text.ends_with(&self.text),
            (false, true) => text.starts_with(&self.text),
            (true, true) => text.contains(&self.text),
        }
    }
}
