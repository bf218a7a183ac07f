use super::address::Network;
use super::moment::Moment;
use super::number::Decimal;
use super::operator::{Order, Test};
use crate::Context;
use crate::text::Match;
use crate::text::arn::ArnCondition;
use crate::text::pattern::Piece;
use crate::text::template::{Part, Syntax, Template, parts, resolve};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A value of a condition, compiled for its operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operand {
    Text(Template),
    /// Compared in lower case.
    Folded(Box<[Part]>),
    Number(Order, Decimal),
    Date(Order, Moment),
    Bool(bool),
    /// A variable that should resolve to `true` or `false`.
    BoolVariable(Box<[Part]>),
    Binary(Vec<u8>),
    Ip(Network),
    Arn(ArnCondition),
    /// True: the key must be absent.
    Null(bool),
}

impl Operand {
    /// Compiles a value; None where it is not of the operator's type.
    pub(crate) fn new(test: Test, text: &str, variables: bool) -> Option<Self> {
        let plain = Syntax { wildcards: false, variables };
        Some(match test {
            Test::Equals => Self::Text(Template::new(text, plain)),
            Test::EqualsIgnoreCase => Self::Folded(parts(text, plain).into()),
            Test::Like => Self::Text(Template::new(text, Syntax { wildcards: true, variables })),
            Test::Number(order) => Self::Number(order, Decimal::new(text)?),
            Test::Date(order) => Self::Date(order, Moment::new(text)?),
            Test::Bool => match truth(text) {
                Some(truth) => Self::Bool(truth),
                None if variables && text.contains("${") => Self::BoolVariable(parts(text, plain).into()),
                None => return None,
            },
            Test::Binary => Self::Binary(STANDARD.decode(text).ok()?),
            Test::Ip => Self::Ip(Network::new(text)?),
            Test::Arn => Self::Arn(ArnCondition::new(text, variables)),
            Test::Null => Self::Null(truth(text)?),
        })
    }

    /// Whether a value of the request matches (for a negated operator: is one of those that must not).
    pub(crate) fn matches(&self, value: &str, context: &Context) -> Match {
        let typed = |matches: Option<bool>| matches.map_or(Match::Unresolved, Match::from);
        match self {
            Self::Text(template) => template.matches(value, context),
            Self::Folded(parts) => typed(
                resolve(parts, context).map(|pieces| written(&pieces).to_lowercase() == value.to_lowercase()),
            ),
            Self::Number(order, number) => {
                typed(Decimal::new(value).map(|value| order.admits(value.cmp(number))))
            }
            Self::Date(order, moment) => {
                typed(Moment::new(value).map(|value| order.admits(value.cmp(moment))))
            }
            Self::Bool(wanted) => typed(truth(value).map(|value| value == *wanted)),
            Self::BoolVariable(parts) => {
                let wanted = resolve(parts, context).and_then(|pieces| truth(&written(&pieces)));
                typed(wanted.zip(truth(value)).map(|(wanted, value)| wanted == value))
            }
            Self::Binary(bytes) => typed(STANDARD.decode(value).ok().map(|value| value == *bytes)),
            Self::Ip(network) => typed(network.contains(value)),
            Self::Arn(arn) => arn.matches(value, context),
            Self::Null(_) => Match::No,
        }
    }
}

fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

fn written(pieces: &[Piece]) -> String {
    let character = |piece: &Piece| match piece {
        Piece::Char(character) => *character,
        Piece::One => '?',
        Piece::Many => '*',
    };
    pieces.iter().map(character).collect()
}
