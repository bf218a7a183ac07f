//! Functions of values, a file for each kind:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html>

mod network;
mod numeric;
mod text;

use super::evaluate::moment;
use super::value::Value;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Ceil,
    Floor,
    Greatest,
    Least,
    Log,
    Sqrt,
    FromMillis,
    ToMillis,
    Now,
    IsPresent,
    Coalesce,
    If,
    IsValidIp,
    IsValidIpv4,
    IsValidIpv6,
    IsIpInSubnet,
    IsIpv4InSubnet,
    IsIpv6InSubnet,
    IsEmpty,
    IsBlank,
    Concat,
    Ltrim,
    Rtrim,
    Trim,
    Strlen,
    ToUpper,
    ToLower,
    Substr,
    Replace,
    StrContains,
}

const MANY: usize = 100;

/// Names in small letters, and how many arguments they take.
const FUNCTIONS: [(&str, Function, usize, usize); 31] = [
    ("abs", Function::Abs, 1, 1),
    ("ceil", Function::Ceil, 1, 1),
    ("floor", Function::Floor, 1, 1),
    ("greatest", Function::Greatest, 1, MANY),
    ("least", Function::Least, 1, MANY),
    ("log", Function::Log, 1, 1),
    ("sqrt", Function::Sqrt, 1, 1),
    ("frommillis", Function::FromMillis, 1, 1),
    ("tomillis", Function::ToMillis, 1, 1),
    ("now", Function::Now, 0, 0),
    ("ispresent", Function::IsPresent, 1, 1),
    ("coalesce", Function::Coalesce, 1, MANY),
    ("if", Function::If, 3, 3),
    ("isvalidip", Function::IsValidIp, 1, 1),
    ("isvalidipv4", Function::IsValidIpv4, 1, 1),
    ("isvalidipv6", Function::IsValidIpv6, 1, 1),
    ("isipinsubnet", Function::IsIpInSubnet, 2, 2),
    ("isipv4insubnet", Function::IsIpv4InSubnet, 2, 2),
    ("isipv6insubnet", Function::IsIpv6InSubnet, 2, 2),
    ("isempty", Function::IsEmpty, 1, 1),
    ("isblank", Function::IsBlank, 1, 1),
    ("concat", Function::Concat, 1, MANY),
    ("ltrim", Function::Ltrim, 1, 2),
    ("rtrim", Function::Rtrim, 1, 2),
    ("trim", Function::Trim, 1, 2),
    ("strlen", Function::Strlen, 1, 1),
    ("toupper", Function::ToUpper, 1, 1),
    ("tolower", Function::ToLower, 1, 1),
    ("substr", Function::Substr, 2, 3),
    ("replace", Function::Replace, 3, 3),
    ("strcontains", Function::StrContains, 2, 2),
];

impl Function {
    /// By its name, in letters of any case, with the least and the most arguments.
    pub(super) fn named(name: &str) -> Option<(Self, usize, usize)> {
        let found = FUNCTIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
        found.map(|(_, function, least, most)| (*function, *least, *most))
    }

    /// The bytes that it looks at, at most: its arguments' or, where characters of one are looked for in another, as many as there are pairs.
    pub(super) fn cost(self, arguments: &[Option<Value>]) -> usize {
        let sizes = || arguments.iter().flatten().map(Value::size);
        match self {
            Self::Ltrim | Self::Rtrim | Self::Trim => sizes().fold(1, usize::saturating_mul),
            _ => sizes().fold(0, usize::saturating_add),
        }
    }

    /// What it gives; None where an argument that it needs is missing or of another kind. `now` is in milliseconds.
    pub(super) fn apply(self, arguments: &[Option<Value>], now: i64) -> Option<Value> {
        let value = |number: usize| arguments.get(number).and_then(Option::as_ref);
        match self {
            // Seconds, as AWS says.
            #[expect(clippy::cast_precision_loss, reason = "moments have fewer digits than it holds")]
            Self::Now => Some(Value::Number(now.div_euclid(1000) as f64)),
            Self::FromMillis => moment(value(0)?).map(Value::Time),
            Self::ToMillis => match value(0)? {
                time @ Value::Time(_) => time.number().map(Value::Number),
                _ => None,
            },
            Self::IsPresent => Some(Value::Boolean(value(0).is_some())),
            Self::Coalesce => arguments.iter().flatten().next().cloned(),
            Self::If => if value(0).is_some_and(Value::is_true) { value(1) } else { value(2) }.cloned(),
            Self::Abs | Self::Ceil | Self::Floor | Self::Log | Self::Sqrt | Self::Greatest | Self::Least => {
                let numbers = arguments.iter().map(|value| value.as_ref()?.number());
                numeric::apply(self, &numbers.collect::<Option<Vec<f64>>>()?).map(Value::Number)
            }
            Self::IsValidIp
            | Self::IsValidIpv4
            | Self::IsValidIpv6
            | Self::IsIpInSubnet
            | Self::IsIpv4InSubnet
            | Self::IsIpv6InSubnet => {
                let subnet = value(1).map(Value::print).unwrap_or_default();
                Some(Value::Boolean(
                    value(0).is_some_and(|value| network::apply(self, &value.print(), &subnet)),
                ))
            }
            _ => text::apply(self, arguments),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(name: &str, arguments: &[Option<Value>]) -> Option<Value> {
        let (function, least, most) = Function::named(name).unwrap();
        assert!((least..=most).contains(&arguments.len()), "{name}");
        function.apply(arguments, 1_795_253_400_900)
    }

    #[test]
    fn moments_and_numbers_are_turned_into_each_other() {
        let time = Value::Time(1_795_253_400_123);
        assert_eq!(apply("toMillis", &[Some(time.clone())]), Some(Value::Number(1_795_253_400_123.0)));
        assert_eq!(apply("fromMillis", &[Some(Value::text("1795253400123"))]), Some(time));
        assert_eq!(apply("toMillis", &[Some(Value::text("x"))]), None);
        assert_eq!(apply("NOW", &[]), Some(Value::Number(1_795_253_400.0)));
    }

    #[test]
    fn what_is_missing_can_be_asked_for() {
        let one = || Some(Value::Number(1.0));
        assert_eq!(apply("isPresent", &[None]), Some(Value::Boolean(false)));
        assert_eq!(apply("ispresent", &[one()]), Some(Value::Boolean(true)));
        assert_eq!(apply("coalesce", &[None, one(), None]), one());
        assert_eq!(apply("coalesce", &[None]), None);
        assert_eq!(apply("if", &[one(), Some(Value::text("a")), None]), Some(Value::text("a")));
        assert_eq!(apply("if", &[None, one(), Some(Value::text("b"))]), Some(Value::text("b")));
        assert!(Function::named("jsonParse").is_none());
    }
}
