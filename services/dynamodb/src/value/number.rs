//! DynamoDB's numbers: up to 38 significant digits, magnitudes from 1E-130 to 9.9…E+125, exact.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number>

use std::cmp::Ordering;
use std::fmt;

/// A decimal number in its only form: no zeros at the coefficient's end, and zero without sign or exponent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Number {
    negative: bool,
    /// Below 10^38.
    coefficient: u128,
    /// The value is `coefficient * 10^exponent`.
    exponent: i16,
}

/// Why a text is no number, in AWS's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NumberError {
    #[error("The parameter cannot be converted to a numeric value")]
    Empty,
    #[error("The parameter cannot be converted to a numeric value: {0}")]
    Malformed(String),
    #[error("Attempting to store more than 38 significant digits in a Number")]
    Precision,
    #[error("Number overflow. Attempting to store a number with magnitude larger than supported range")]
    Overflow,
    #[error("Number underflow. Attempting to store a number with magnitude smaller than supported range")]
    Underflow,
}

const DIGITS: usize = 38;
/// Longer texts cannot be numbers in range, but for zeros.
const LONGEST: usize = 1024;

impl Number {
    pub(crate) const ZERO: Self = Self { negative: false, coefficient: 0, exponent: 0 };

    /// Digits, most significant first, without zeros at either end; `exponent` is that of the last digit.
    fn from_digits(negative: bool, digits: &[u8], mut exponent: i64) -> Result<Self, NumberError> {
        let start = digits.iter().position(|digit| *digit != 0).unwrap_or(digits.len());
        let end = digits.iter().rposition(|digit| *digit != 0).map_or(start, |last| last + 1);
        let significant = digits.get(start..end).unwrap_or_default();
        if significant.is_empty() {
            return Ok(Self::ZERO);
        }
        exponent += i64::try_from(digits.len() - end).unwrap_or(i64::MAX / 2);
        if significant.len() > DIGITS {
            return Err(NumberError::Precision);
        }
        let coefficient = significant.iter().fold(0_u128, |sum, digit| sum * 10 + u128::from(*digit));
        let magnitude = exponent + i64::try_from(significant.len()).unwrap_or(0) - 1;
        if magnitude > 125 {
            return Err(NumberError::Overflow);
        }
        if magnitude < -130 {
            return Err(NumberError::Underflow);
        }
        let exponent = i16::try_from(exponent).map_err(|_| NumberError::Underflow)?;
        Ok(Self { negative, coefficient, exponent })
    }

    /// Reads `-12.5e3`.
    pub(crate) fn parse(text: &str) -> Result<Self, NumberError> {
        let malformed = || NumberError::Malformed(text.chars().take(200).collect());
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        if text.len() > LONGEST {
            return Err(malformed());
        }
        let (negative, rest) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let split = rest.iter().position(|byte| matches!(byte, b'e' | b'E'));
        let (mantissa, power) = match split {
            Some(at) => (rest.get(..at).unwrap_or_default(), rest.get(at + 1..)),
            None => (rest, None),
        };
        let mut digits = Vec::with_capacity(mantissa.len());
        let mut fraction = None;
        for byte in mantissa {
            match byte {
                b'0'..=b'9' => {
                    digits.push(byte - b'0');
                    if let Some(places) = &mut fraction {
                        *places += 1;
                    }
                }
                b'.' if fraction.is_none() => fraction = Some(0_i64),
                _ => return Err(malformed()),
            }
        }
        if digits.is_empty() {
            return Err(malformed());
        }
        let power = match power {
            None => 0,
            Some(power) => {
                let power = std::str::from_utf8(power).map_err(|_| malformed())?;
                let bare = power.strip_prefix(['+', '-']).unwrap_or(power);
                if bare.is_empty() || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(malformed());
                }
                // What does not fit is far out of range.
                power.parse::<i64>().unwrap_or(if power.starts_with('-') { -1_000_000 } else { 1_000_000 })
            }
        };
        let power = power.clamp(-1_000_000, 1_000_000);
        Self::from_digits(negative, &digits, power - fraction.unwrap_or(0))
    }

    /// A whole number.
    pub(crate) fn from_i64(value: i64) -> Self {
        let digits: Vec<u8> = value.unsigned_abs().to_string().bytes().map(|byte| byte - b'0').collect();
        Self::from_digits(value < 0, &digits, 0).unwrap_or(Self::ZERO)
    }

    /// Its whole part, where it fits.
    pub(crate) fn whole(&self) -> Option<i64> {
        let power = u32::from(self.exponent.unsigned_abs());
        let magnitude = if self.exponent >= 0 {
            self.coefficient.checked_mul(10_u128.checked_pow(power)?)?
        } else {
            10_u128.checked_pow(power).map_or(0, |divisor| self.coefficient / divisor)
        };
        let magnitude = i64::try_from(magnitude).ok()?;
        Some(if self.negative { -magnitude } else { magnitude })
    }

    fn digits(&self) -> Vec<u8> {
        self.coefficient.to_string().bytes().map(|byte| byte - b'0').collect()
    }

    /// The power of ten of the first digit, plus one: 0.d1d2… times ten to this.
    fn scale(&self, digits: usize) -> i16 {
        self.exponent.saturating_add(i16::try_from(digits).unwrap_or(i16::MAX))
    }

    /// The exact sum; an error where it has more digits or magnitude than a number may have.
    pub(crate) fn plus(&self, other: &Self) -> Result<Self, NumberError> {
        if other.coefficient == 0 {
            return Ok(*self);
        }
        if self.coefficient == 0 {
            return Ok(*other);
        }
        let exponent = self.exponent.min(other.exponent);
        let aligned = |number: &Self| {
            let mut digits = number.digits();
            let zeros = usize::try_from(number.exponent - exponent).unwrap_or(0);
            digits.resize(digits.len() + zeros, 0);
            digits.reverse();
            digits
        };
        let (left, right) = (aligned(self), aligned(other));
        let (negative, mut digits) = if self.negative == other.negative {
            (self.negative, add(&left, &right))
        } else if compare(&left, &right).is_ge() {
            (self.negative, subtract(&left, &right))
        } else {
            (other.negative, subtract(&right, &left))
        };
        digits.reverse();
        Self::from_digits(negative, &digits, i64::from(exponent))
    }

    /// As [`Number::plus`] of the other with its sign turned.
    pub(crate) fn minus(&self, other: &Self) -> Result<Self, NumberError> {
        self.plus(&Self { negative: !other.negative && other.coefficient != 0, ..*other })
    }

    /// Bytes that sort as the numbers do, and read back.
    pub(crate) fn ordered(&self, out: &mut Vec<u8>) {
        if self.coefficient == 0 {
            out.push(1);
            return;
        }
        let digits = self.digits();
        let scale = (i32::from(self.scale(digits.len())) + 1000).unsigned_abs();
        let mask = if self.negative { 0xFF } else { 0 };
        out.push(if self.negative { 0 } else { 2 });
        out.extend(u16::try_from(scale).unwrap_or(0).to_be_bytes().map(|byte| byte ^ mask));
        for pair in digits.chunks(2) {
            let first = pair.first().copied().unwrap_or(0);
            out.push((first * 10 + pair.get(1).copied().unwrap_or(0) + 1) ^ mask);
        }
        out.push(mask);
    }

    /// Reads [`Number::ordered`] back, and what follows it.
    pub(crate) fn from_ordered(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (tag, rest) = bytes.split_first()?;
        let mask = match tag {
            1 => return Some((Self::ZERO, rest)),
            0 => 0xFF,
            2 => 0,
            _ => return None,
        };
        let (scale, rest) = rest.split_first_chunk::<2>()?;
        let scale = i64::from(u16::from_be_bytes(scale.map(|byte| byte ^ mask))) - 1000;
        let end = rest.iter().position(|byte| *byte == mask)?;
        let mut digits = Vec::with_capacity(end * 2);
        for pair in rest.get(..end)? {
            let pair = (pair ^ mask).checked_sub(1)?;
            digits.extend([pair / 10, pair % 10]);
        }
        let exponent = scale - i64::try_from(digits.len()).ok()?;
        let number = Self::from_digits(*tag == 0, &digits, exponent).ok()?;
        Some((number, rest.get(end + 1..)?))
    }

    /// What it counts for in an item's size: a byte for two digits, one for the exponent, one for a sign.
    pub(crate) fn size(&self) -> usize {
        if self.coefficient == 0 {
            1
        } else {
            self.digits().len().div_ceil(2) + 1 + usize::from(self.negative)
        }
    }
}

/// Digits are least significant first.
fn add(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut sum = Vec::with_capacity(left.len().max(right.len()) + 1);
    let mut carry = 0;
    for place in 0..left.len().max(right.len()) {
        let digit = left.get(place).copied().unwrap_or(0) + right.get(place).copied().unwrap_or(0) + carry;
        sum.push(digit % 10);
        carry = digit / 10;
    }
    sum.push(carry);
    sum
}

/// The first is not the smaller one.
fn subtract(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut difference = Vec::with_capacity(left.len());
    let mut borrow = 0;
    for (place, digit) in left.iter().enumerate() {
        let less = right.get(place).copied().unwrap_or(0) + borrow;
        borrow = u8::from(*digit < less);
        difference.push(digit + borrow * 10 - less);
    }
    difference
}

fn compare(left: &[u8], right: &[u8]) -> Ordering {
    let digit = |digits: &[u8], place: usize| digits.get(place).copied().unwrap_or(0);
    (0..left.len().max(right.len()))
        .rev()
        .map(|place| digit(left, place).cmp(&digit(right, place)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.coefficient, number.negative) {
            (0, _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        };
        let magnitudes = || {
            let (left, right) = (self.digits(), other.digits());
            self.scale(left.len()).cmp(&other.scale(right.len())).then_with(|| left.cmp(&right))
        };
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => magnitudes(),
            _ => magnitudes().reverse(),
        })
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Without exponent, as DynamoDB answers.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        let digits = self.coefficient.to_string();
        let places = usize::from(self.exponent.unsigned_abs());
        if self.exponent >= 0 {
            return write!(f, "{digits}{:0<places$}", "");
        }
        match digits.len().checked_sub(places) {
            Some(point) if point > 0 => {
                let (whole, fraction) = digits.split_at(point);
                write!(f, "{whole}.{fraction}")
            }
            _ => write!(f, "0.{digits:0>places$}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn one_value_has_one_form() {
        for (text, canonical) in [
            ("0", "0"),
            ("-0.00", "0"),
            ("007", "7"),
            ("+1.50", "1.5"),
            ("-12.5e3", "-12500"),
            ("1E-3", "0.001"),
            (".5", "0.5"),
            ("5.", "5"),
            ("120", "120"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
            ("0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001"),
        ] {
            assert_eq!(number(text).to_string(), canonical, "{text}");
        }
    }

    #[test]
    fn limits_are_those_of_aws() {
        number("9.9999999999999999999999999999999999999E+125");
        number("1E-130");
        assert_eq!(Number::parse("1E126"), Err(NumberError::Overflow));
        assert_eq!(Number::parse("-1E126"), Err(NumberError::Overflow));
        assert_eq!(Number::parse("1E-131"), Err(NumberError::Underflow));
        assert_eq!(Number::parse("1e99999999999999999999"), Err(NumberError::Overflow));
        assert_eq!(Number::parse("123456789012345678901234567890123456789"), Err(NumberError::Precision));
        for bad in ["abc", "1.2.3", "--1", "1e", "1e1.5", ".", "NaN", "Infinity", " 1", "0x1"] {
            assert_eq!(Number::parse(bad), Err(NumberError::Malformed(bad.into())));
        }
        assert_eq!(Number::parse(""), Err(NumberError::Empty));
    }

    #[test]
    fn arithmetic_is_exact() {
        assert_eq!(number("0.1").plus(&number("0.2")), Ok(number("0.3")));
        assert_eq!(number("5").minus(&number("7.25")), Ok(number("-2.25")));
        assert_eq!(number("1e20").minus(&number("1e20")), Ok(Number::ZERO));
        assert_eq!(number("0").minus(&number("3")), Ok(number("-3")));
        assert_eq!(number("1e38").plus(&number("1")), Err(NumberError::Precision));
        assert_eq!(number("9e125").plus(&number("9e125")), Err(NumberError::Overflow));
        assert_eq!(number("-17.9").whole(), Some(-17));
        assert_eq!(number("1e30").whole(), None);
    }

    fn any_number() -> impl Strategy<Value = Number> {
        (any::<bool>(), 0_u128..100_000_000_000_000_000_000_000_000_000_000_000_000, -90_i16..80).prop_map(
            |(negative, coefficient, exponent)| {
                number(&format!("{}{coefficient}e{exponent}", if negative { "-" } else { "" }))
            },
        )
    }

    proptest! {
        #[test]
        fn bytes_sort_as_numbers_do_and_read_back(left in any_number(), right in any_number()) {
            let bytes = |number: &Number| {
                let mut out = Vec::new();
                number.ordered(&mut out);
                out
            };
            prop_assert_eq!(bytes(&left).cmp(&bytes(&right)), left.cmp(&right));
            let mut followed = bytes(&left);
            followed.push(7);
            prop_assert_eq!(Number::from_ordered(&followed), Some((left, &[7_u8][..])));
            prop_assert_eq!(number(&left.to_string()), left);
        }

        #[test]
        fn small_numbers_calculate_and_sort_as_integers_do(left in any::<i32>(), right in any::<i32>()) {
            let (a, b) = (Number::from_i64(left.into()), Number::from_i64(right.into()));
            prop_assert_eq!(a.plus(&b).unwrap().whole(), Some(i64::from(left) + i64::from(right)));
            prop_assert_eq!(a.minus(&b).unwrap().whole(), Some(i64::from(left) - i64::from(right)));
            prop_assert_eq!(a.cmp(&b), left.cmp(&right));
        }
    }
}
