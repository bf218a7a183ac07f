//! Numbers as CloudWatch prints them in sentences: as Java does.

/// `5.0`, `0.05`, `1.0E7`.
pub(crate) fn print(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{value:?}");
    }
    // Rust's shortest digits, with Java's mantissa that always has a fraction and its capital E.
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0E{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::print;

    #[test]
    fn numbers_look_as_java_writes_them() {
        for (value, text) in [
            (5.0, "5.0"),
            (0.0, "0.0"),
            (-3.25, "-3.25"),
            (99.501_602_296_934_34, "99.50160229693434"),
            (0.001, "0.001"),
            (0.000_5, "5.0E-4"),
            (9_999_999.0, "9999999.0"),
            (10_000_000.0, "1.0E7"),
            (-12_345_678.5, "-1.23456785E7"),
        ] {
            assert_eq!(print(value), text);
        }
    }
}
