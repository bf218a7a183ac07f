use super::order;
use std::cmp::Ordering;
use std::sync::Arc;

/// What a field holds or an expression gives; what is missing is no value. Values of events are texts, also where they are numbers: texts that are
/// written as numbers count as such wherever a number is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(Arc<str>),
    Number(f64),
    Boolean(bool),
    /// Milliseconds since the epoch.
    Time(i64),
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// As a number: truth values are 1 and 0, moments milliseconds.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Text(text) => number(text),
            Self::Number(number) => Some(*number),
            Self::Boolean(truth) => Some(f64::from(u8::from(*truth))),
            #[expect(clippy::cast_precision_loss, reason = "moments have fewer digits than it holds")]
            Self::Time(millis) => Some(*millis as f64),
        }
    }

    /// As it is printed.
    pub(super) fn print(&self) -> Arc<str> {
        match self {
            Self::Text(text) => Arc::clone(text),
            Self::Number(number) => print_number(*number).into(),
            Self::Boolean(truth) => (if *truth { "1" } else { "0" }).into(),
            Self::Time(millis) => print_time(*millis).into(),
        }
    }

    /// Whether a filter lets it through.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Boolean(truth) => *truth,
            Self::Text(text) if text.eq_ignore_ascii_case("true") => true,
            other => other.number().is_some_and(|number| number != 0.0),
        }
    }

    /// Two texts must be the same; else numbers are compared, and texts where there is no number.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(own), Self::Text(other)) => own == other,
            (Self::Boolean(truth), Self::Text(text)) | (Self::Text(text), Self::Boolean(truth))
                if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") =>
            {
                text.eq_ignore_ascii_case("true") == *truth
            }
            _ => match (self.number(), other.number()) {
                (Some(own), Some(other)) => own.total_cmp(&other).is_eq(),
                _ => self.print() == other.print(),
            },
        }
    }

    /// Numbers by value; what is no number by its text.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self.number(), other.number()) {
            (Some(own), Some(other)) => own.total_cmp(&other),
            _ => self.print().cmp(&other.print()),
        }
    }

    /// The order of `sort`, `min` and `max`.
    pub(super) fn sorts(&self, other: &Self) -> Ordering {
        match (self.number(), other.number()) {
            (Some(own), Some(other)) => own.total_cmp(&other),
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (None, None) => order::natural(&self.print(), &other.print()),
        }
    }

    /// Bytes of memory, about.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len().saturating_add(32),
            _ => 32,
        }
    }
}

/// A plain decimal number, with a sign and an exponent; not `inf`, `nan` and the like.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if !plain || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // A negative zero is a zero.
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(|number| number + 0.0)
}

/// As AWS prints computed numbers: with four decimals at most.
fn print_number(number: f64) -> String {
    let text = format!("{number:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// `2026-11-21 09:30:00.000`
fn print_time(millis: i64) -> String {
    let text = names::Timestamp::from_millis(millis).iso_millis();
    text.trim_end_matches('Z').replacen('T', " ", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_printed_as_aws_does() {
        let printed = |value: Value| value.print().to_string();
        assert_eq!(printed(Value::Number(122.070_312_5)), "122.0703");
        assert_eq!(printed(Value::Number(38.147)), "38.147");
        assert_eq!(printed(Value::Number(3.0)), "3");
        assert_eq!(printed(Value::Number(1_000_000.0)), "1000000");
        assert_eq!(printed(Value::Number(-0.000_01)), "0");
        assert_eq!(printed(Value::Boolean(true)), "1");
        assert_eq!(printed(Value::Time(1_795_253_400_123)), "2026-11-21 09:30:00.123");
        assert_eq!(printed(Value::text("0.123456789")), "0.123456789", "what an event says stays as it is");
    }

    #[test]
    fn texts_that_are_numbers_are_compared_as_numbers() {
        assert!(Value::text("200").equals(&Value::Number(200.0)));
        assert!(Value::text("200.0").equals(&Value::Number(200.0)));
        assert!(!Value::text("200.0").equals(&Value::text("200")));
        assert!(
            Value::text("true").equals(&Value::Boolean(true))
                && !Value::text("x").equals(&Value::Boolean(true))
        );
        assert!(Value::Boolean(true).equals(&Value::Number(1.0)));
        assert!(Value::Time(5).equals(&Value::Number(5.0)));
        assert_eq!(Value::text("9").compare(&Value::text("10")), Ordering::Less);
        assert_eq!(Value::text("b").compare(&Value::text("a")), Ordering::Greater);
        for none in ["", " ", "inf", "NaN", "1,000", "1e999", "0x10", "e"] {
            assert_eq!(number(none), None, "{none}");
        }
    }

    #[test]
    fn only_what_is_true_passes() {
        for (value, truth) in [
            (Value::Number(1.0), true),
            (Value::Number(0.0), false),
            (Value::text("true"), true),
            (Value::text("false"), false),
            (Value::text("anything"), false),
            (Value::Boolean(false), false),
        ] {
            assert_eq!(value.is_true(), truth, "{value:?}");
        }
    }
}
