//! Percent encoding as SigV4 has it: everything but `A-Z a-z 0-9 - . _ ~` becomes `%XX`, in upper case.

/// Whether a `+` is a space, as in a query string, or itself, as in a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plus {
    Space,
    Literal,
}

fn nibble(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The bytes that a percent-encoded text stands for. A `%` without two hexadecimal digits stands for itself.
pub(crate) fn decoded(text: &[u8], plus: Plus) -> impl Iterator<Item = u8> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (&first, tail) = rest.split_first()?;
        if first == b'%'
            && let [high, low, after @ ..] = tail
            && let (Some(high), Some(low)) = (nibble(*high), nibble(*low))
        {
            rest = after;
            return Some(high << 4 | low);
        }
        rest = tail;
        Some(if first == b'+' && plus == Plus::Space { b' ' } else { first })
    })
}

/// Decodes a query string's name or value; `None` where it is not UTF-8.
pub(crate) fn decode_query(text: &str) -> Option<String> {
    String::from_utf8(decoded(text.as_bytes(), Plus::Space).collect()).ok()
}

const fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Appends one byte, encoded unless it is unreserved (or a slash that is to be kept).
pub(crate) fn push(out: &mut Vec<u8>, byte: u8, keep_slash: bool) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    if unreserved(byte) || (keep_slash && byte == b'/') {
        out.push(byte);
    } else {
        let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'0');
        out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
    }
}

/// Percent-encodes a name or value for a query string.
pub(crate) fn encode_query(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    text.bytes().for_each(|byte| push(&mut out, byte, false));
    String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_and_encodes() {
        assert_eq!(decode_query("a%20b+c%2b%C3%A9").unwrap(), "a b c+é");
        assert_eq!(decode_query("100%").unwrap(), "100%");
        assert_eq!(decode_query("%zz%4").unwrap(), "%zz%4");
        assert_eq!(decode_query("%ff"), None);
        assert_eq!(encode_query("a b/é~*"), "a%20b%2F%C3%A9~%2A");
        assert_eq!(decoded(b"a+b", Plus::Literal).collect::<Vec<_>>(), b"a+b");
    }
}
