//! Expressions: what is read from the text of a query
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html>).

use super::functions::Function;
use super::token::{Token, tokens};

/// Deeper is no expression nested: a reader's stack is not to be used up.
const MAX_DEPTH: usize = 40;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    Number(f64),
    /// An argument of METRICS or SEARCH.
    Text(String),
    /// A query's id.
    Query(String),
    /// `REPEAT`, `ASC` …: arguments of functions.
    Word(String),
    Array(Vec<Self>),
    Call(Function, Vec<Self>),
    Negative(Box<Self>),
    Binary(Operator, Box<Self>, Box<Self>),
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    LessOrEqual,
    GreaterOrEqual,
    Less,
    Greater,
    Plus,
    Minus,
    Times,
    Divided,
    Power,
}

impl Operator {
    fn of(token: &Token) -> Option<Self> {
        Some(match token {
            Token::Name(name) if name.eq_ignore_ascii_case("or") => Self::Or,
            Token::Name(name) if name.eq_ignore_ascii_case("and") => Self::And,
            Token::Sign(sign) => match *sign {
                "||" => Self::Or,
                "&&" => Self::And,
                "==" => Self::Equal,
                "!=" => Self::NotEqual,
                "<=" => Self::LessOrEqual,
                ">=" => Self::GreaterOrEqual,
                "<" => Self::Less,
                ">" => Self::Greater,
                "+" => Self::Plus,
                "-" => Self::Minus,
                "*" => Self::Times,
                "/" => Self::Divided,
                "^" => Self::Power,
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The greater, the closer it binds.
    fn rank(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal
            | Self::NotEqual
            | Self::LessOrEqual
            | Self::GreaterOrEqual
            | Self::Less
            | Self::Greater => 3,
            Self::Plus | Self::Minus => 4,
            Self::Times | Self::Divided => 5,
            Self::Power => 7,
        }
    }

    /// Of two numbers; None where there is no such number.
    pub(crate) fn of_numbers(self, left: f64, right: f64) -> Option<f64> {
        let truth = |is_true: bool| if is_true { 1.0 } else { 0.0 };
        let is_true = |number: f64| number != 0.0;
        let value = match self {
            Self::Or => truth(is_true(left) || is_true(right)),
            Self::And => truth(is_true(left) && is_true(right)),
            Self::Equal => truth((left - right) == 0.0),
            Self::NotEqual => truth((left - right) != 0.0),
            Self::LessOrEqual => truth(left <= right),
            Self::GreaterOrEqual => truth(left >= right),
            Self::Less => truth(left < right),
            Self::Greater => truth(left > right),
            Self::Plus => left + right,
            Self::Minus => left - right,
            Self::Times => left * right,
            Self::Divided => left / right,
            Self::Power => left.powf(right),
        };
        value.is_finite().then_some(value)
    }
}

/// How closely a sign before a value binds: closer than times, not as close as a power.
const NEGATIVE: u8 = 6;

/// Reads an expression.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Expression, String> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0 };
    if let Some(Token::Name(first)) = reader.tokens.first()
        && first.eq_ignore_ascii_case("select")
    {
        return Err("Metrics Insights queries are not built in Cloudchamber".into());
    }
    let expression = reader.binary(0)?;
    match reader.next() {
        None => Ok(expression),
        Some(token) => Err(format!("Unexpected '{token}'")),
    }
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }

    /// Whether a sign follows, which is then taken.
    fn takes(&mut self, sign: &str) -> bool {
        let follows = matches!(self.peek(), Some(Token::Sign(known)) if *known == sign);
        self.at += usize::from(follows);
        follows
    }

    /// Operators that bind closer than `rank`, and their values.
    fn binary(&mut self, rank: u8) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("It is nested too deeply".into());
        }
        let mut left = self.value()?;
        while let Some(operator) = self.peek().and_then(Operator::of).filter(|it| it.rank() > rank) {
            self.at += 1;
            // Powers are reckoned from the right.
            let from_right = u8::from(operator == Operator::Power);
            let right = self.binary(operator.rank() - from_right)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn value(&mut self) -> Result<Expression, String> {
        let Some(token) = self.next() else { return Err("Unexpected end".into()) };
        match token {
            Token::Number(number) => Ok(Expression::Number(number)),
            Token::Text(text) => Ok(Expression::Text(text)),
            Token::Sign("-") => Ok(Expression::Negative(Box::new(self.binary(NEGATIVE)?))),
            Token::Sign("+") => self.binary(NEGATIVE),
            Token::Sign("(") => {
                let inner = self.binary(0)?;
                if self.takes(")") { Ok(inner) } else { Err(self.expected(")")) }
            }
            Token::Sign("[") => self.list("]").map(Expression::Array),
            Token::Sign(sign) => Err(format!("Unexpected '{sign}'")),
            Token::Name(name) if self.takes("(") => {
                let function = Function::named(&name)?;
                Ok(Expression::Call(function, self.list(")")?))
            }
            Token::Name(name) if name.starts_with(|first: char| first.is_ascii_lowercase()) => {
                Ok(Expression::Query(name))
            }
            Token::Name(name) => Ok(Expression::Word(name)),
        }
    }

    /// Values between commas, until a closing bracket.
    fn list(&mut self, end: &str) -> Result<Vec<Expression>, String> {
        let mut values = Vec::new();
        if self.takes(end) {
            return Ok(values);
        }
        loop {
            values.push(self.binary(0)?);
            if self.takes(end) {
                return Ok(values);
            }
            if !self.takes(",") {
                return Err(self.expected(end));
            }
        }
    }

    fn expected(&self, sign: &str) -> String {
        match self.peek() {
            Some(token) => format!("Expected '{sign}' before '{token}'"),
            None => format!("Expected '{sign}' at the end"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With all brackets.
    fn shown(expression: &Expression) -> String {
        let list = |all: &[Expression]| all.iter().map(shown).collect::<Vec<_>>().join(",");
        match expression {
            Expression::Number(number) => number.to_string(),
            Expression::Text(text) => format!("'{text}'"),
            Expression::Query(name) | Expression::Word(name) => name.clone(),
            Expression::Array(all) => format!("[{}]", list(all)),
            Expression::Call(function, all) => format!("{}({})", function.name(), list(all)),
            Expression::Negative(inner) => format!("(-{})", shown(inner)),
            Expression::Binary(operator, left, right) => {
                format!("({} {operator:?} {})", shown(left), shown(right))
            }
        }
    }

    fn read(text: &str) -> String {
        parse(text).map_or_else(|error| format!("! {error}"), |expression| shown(&expression))
    }

    #[test]
    fn operators_bind_as_in_arithmetic() {
        assert_eq!(read("a+b*c^2^d"), "(a Plus (b Times (c Power (2 Power d))))");
        assert_eq!(read("a-b-c"), "((a Minus b) Minus c)");
        assert_eq!(read("-a^2"), "(-(a Power 2))");
        assert_eq!(read("-a*b"), "((-a) Times b)");
        assert_eq!(read("a>1 AND b<2 || c==3"), "(((a Greater 1) And (b Less 2)) Or (c Equal 3))");
        assert_eq!(read("(a+b)/2"), "((a Plus b) Divided 2)");
    }

    #[test]
    fn functions_arrays_and_texts() {
        assert_eq!(read("SUM([m1, m2])"), "SUM([m1,m2])");
        assert_eq!(read("METRICS()"), "METRICS()");
        assert_eq!(read("FILL(METRICS(\"err\"), REPEAT)"), "FILL(METRICS('err'),REPEAT)");
        assert_eq!(read("SEARCH('{A,B} Name=\"x\"', 'Sum', 300)"), "SEARCH('{A,B} Name=\"x\"','Sum',300)");
        assert_eq!(read("if(m1>1,1,0)"), "IF((m1 Greater 1),1,0)");
    }

    #[test]
    fn what_is_no_expression_says_why() {
        for (text, why) in [
            ("", "Unexpected end"),
            ("m1 +", "Unexpected end"),
            ("m1 m2", "Unexpected 'm2'"),
            ("(m1", "Expected ')' at the end"),
            ("SUM(m1 m2)", "Expected ')' before 'm2'"),
            ("m1 % 2", "Unexpected character '%'"),
            ("1.2.3", "'1.2.3' is not a number"),
            ("\"a", "A quotation mark is not closed"),
            ("BOGUS(m1)", "Unknown function BOGUS"),
            ("SELECT AVG(x) FROM y", "Metrics Insights queries are not built in Cloudchamber"),
        ] {
            assert_eq!(read(text), format!("! {why}"), "{text}");
        }
        let deep = format!("{}1{}", "(".repeat(900), ")".repeat(900));
        assert_eq!(read(&deep), "! It is nested too deeply");
        assert_eq!(read(&"-".repeat(1500)), "! It is nested too deeply");
    }
}
