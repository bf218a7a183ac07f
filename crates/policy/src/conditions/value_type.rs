use super::address::Network;
use super::moment::Moment;
use super::number::Decimal;
use super::operator::{Operator, Test};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What a condition key's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// Any text.
    Text,
    /// A decimal number.
    Number,
    /// A date in ISO 8601, or seconds since 1970.
    Date,
    /// `true` or `false`.
    Bool,
    /// Base64.
    Binary,
    /// An address or a range of addresses (CIDR).
    Ip,
    /// An ARN.
    Arn,
}

impl ValueType {
    /// What an operator such as `NumericEqualsIfExists` compares; None where there is no such operator. `Null` compares truth values.
    #[must_use]
    pub fn of_operator(name: &str) -> Option<Self> {
        Operator::new(name).map(|operator| match operator.test {
            Test::Equals | Test::EqualsIgnoreCase | Test::Like => Self::Text,
            Test::Number(_) => Self::Number,
            Test::Date(_) => Self::Date,
            Test::Bool | Test::Null => Self::Bool,
            Test::Binary => Self::Binary,
            Test::Ip => Self::Ip,
            Test::Arn => Self::Arn,
        })
    }

    /// Whether a text is such a value.
    #[must_use]
    pub fn admits(self, text: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Number => Decimal::new(text).is_some(),
            Self::Date => Moment::new(text).is_some(),
            Self::Bool => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
            Self::Binary => STANDARD.decode(text).is_ok(),
            Self::Ip => Network::new(text).is_some(),
            Self::Arn => crate::text::arn::segments(text).is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_of_their_type_or_not() {
        for (of, good, bad) in [
            (ValueType::Number, "-1.5", "one"),
            (ValueType::Date, "2019-04-25T11:00:00Z", "yesterday"),
            (ValueType::Bool, "True", "yes"),
            (ValueType::Binary, "aGk=", "%"),
            (ValueType::Ip, "203.0.113.0/24", "203.0.113"),
            (ValueType::Arn, "arn:aws:s3:::b", "b"),
        ] {
            assert!(of.admits(good) && !of.admits(bad), "{of:?}");
        }
        assert_eq!(ValueType::of_operator("ForAnyValue:StringLikeIfExists"), Some(ValueType::Text));
        assert_eq!(ValueType::of_operator("StringSomehow"), None);
    }
}
