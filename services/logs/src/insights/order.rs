//! The order of `sort`: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html>

use std::cmp::Ordering;

/// Compares texts that are no numbers: digits in a row are compared by their length and then by value, others by Unicode.
pub(super) fn natural(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left, right);
    loop {
        let (own, own_rest) = chunk(left);
        let (other, other_rest) = chunk(right);
        let digits = |chunk: &str| chunk.starts_with(|character: char| character.is_ascii_digit());
        let order = match (own.is_empty(), other.is_empty()) {
            (true, true) => return Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ if digits(own) && digits(other) => own.len().cmp(&other.len()).then_with(|| own.cmp(other)),
            _ => own.cmp(other),
        };
        if order.is_ne() {
            return order;
        }
        (left, right) = (own_rest, other_rest);
    }
}

/// The first digits in a row, or what is before the first digit.
fn chunk(text: &str) -> (&str, &str) {
    let digits = text.starts_with(|character: char| character.is_ascii_digit());
    let end = text.find(|character: char| character.is_ascii_digit() != digits).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::super::value::Value;

    #[test]
    fn the_order_is_that_of_awss_example() {
        let expected = [
            "!",
            "#",
            "*%04",
            "0#",
            "5A",
            "111A",
            "2345_",
            "@",
            "@_",
            "A",
            "A9876fghj",
            "a12345hfh",
            "0",
            "01",
            "1",
            "2",
            "3",
        ];
        let mut sorted = expected.to_vec();
        sorted.reverse();
        sorted.sort_by(|left, right| {
            Value::text(left).sorts(&Value::text(right)).then_with(|| left.cmp(right))
        });
        assert_eq!(sorted, expected);
    }
}
