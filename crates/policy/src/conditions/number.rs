use std::cmp::Ordering;

/// An exact decimal: `10`, `-0.5`, `+3`. No exponent. Not a float, so that large numbers that differ do not compare equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    /// Without leading zeros.
    whole: Box<str>,
    /// Without trailing zeros.
    fraction: Box<str>,
}

impl Decimal {
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0
            || digits.len() > 128
            || !all_digits(whole)
            || !all_digits(fraction)
        {
            return None;
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let zero = whole.is_empty() && fraction.is_empty();
        Some(Self { negative: negative && !zero, whole: whole.into(), fraction: fraction.into() })
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |a: &Self, b: &Self| {
            a.whole
                .len()
                .cmp(&b.whole.len())
                .then_with(|| a.whole.cmp(&b.whole))
                .then_with(|| a.fraction.cmp(&b.fraction))
        };
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => size(self, other),
            (true, true) => size(other, self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_exactly() {
        let ordered = [
            "-100",
            "-2.5",
            "-2.25",
            "-0.1",
            "0",
            "0.1",
            "1",
            "1.05",
            "1.5",
            "2",
            "10",
            "9007199254740992",
            "9007199254740993",
        ];
        for (index, a) in ordered.iter().enumerate() {
            for (other, b) in ordered.iter().enumerate() {
                let (a, b) = (Decimal::new(a).unwrap(), Decimal::new(b).unwrap());
                assert_eq!(a.cmp(&b), index.cmp(&other), "{a:?} {b:?}");
            }
        }
        for same in ["10", "010", "10.0", "+10", "10."] {
            assert_eq!(Decimal::new(same), Decimal::new("10"), "{same}");
        }
        assert_eq!(Decimal::new("-0"), Decimal::new("0"));
    }

    #[test]
    fn refuses_what_is_no_number() {
        for bad in ["", "-", ".", "1e3", "0x10", "1,5", "ten", "1.2.3", "--1", "١"] {
            assert_eq!(Decimal::new(bad), None, "{bad}");
        }
        assert_eq!(Decimal::new(&"9".repeat(200)), None);
    }
}
