//! Percent-encoding as AWS means it: everything but letters, digits and `-_.~`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// Encodes a parameter or a label.
pub(crate) fn encode(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, UNRESERVED));
}

/// Encodes a greedy label: slashes stay.
pub(crate) fn encode_path(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, PATH));
}

/// Decodes `%XX`; None where the bytes are not UTF-8 or an escape is cut short.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let bytes = text.as_bytes();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%') {
        if !bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return None;
        }
    }
    percent_decode_str(text).decode_utf8().ok()
}

/// Decodes a form's name or value: `+` is a space, too.
pub(crate) fn decode_form(text: &str) -> Option<Cow<'_, str>> {
    if text.contains('+') {
        decode(&text.replace('+', " ")).map(|text| Cow::Owned(text.into_owned()))
    } else {
        decode(text)
    }
}
