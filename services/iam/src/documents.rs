//! Policy documents: parsed once, percent-encoded where AWS answers them so.

use parking_lot::RwLock;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use policy::{Document, Kind, ParseError};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// Texts that are kept parsed, and their bytes in all; beyond either everything is forgotten and parsed anew.
const KEPT: usize = 1024;
const KEPT_BYTES: usize = 2 << 20;

/// Parsed documents by their whole text: a changed policy is another text, and so takes effect at once.
#[derive(Default)]
struct Parsed {
    by_kind: HashMap<Kind, HashMap<Box<str>, Arc<Document>>>,
    count: usize,
    bytes: usize,
}

static PARSED: LazyLock<RwLock<Parsed>> = LazyLock::new(RwLock::default);

/// A document, parsed now or before.
///
/// # Errors
/// As [`policy::parse`].
pub(crate) fn parsed(text: &str, kind: Kind) -> Result<Arc<Document>, ParseError> {
    if let Some(document) = PARSED.read().by_kind.get(&kind).and_then(|texts| texts.get(text)) {
        return Ok(Arc::clone(document));
    }
    let document = policy::parse(text, kind)?;
    let mut kept = PARSED.write();
    if kept.count >= KEPT || kept.bytes.saturating_add(text.len()) > KEPT_BYTES {
        *kept = Parsed::default();
    }
    if kept.by_kind.entry(kind).or_default().insert(text.into(), Arc::clone(&document)).is_none() {
        kept.count += 1;
        kept.bytes += text.len();
    }
    Ok(document)
}

/// All but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// As IAM answers documents.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// The size that IAM's quotas count: characters, white space apart
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>).
pub(crate) fn size(text: &str) -> usize {
    text.chars().filter(|character| !character.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;

    #[test]
    fn a_text_is_parsed_once_per_kind() {
        let first = parsed(TEXT, Kind::Identity).unwrap();
        assert!(Arc::ptr_eq(&first, &parsed(TEXT, Kind::Identity).unwrap()));
        assert!(!Arc::ptr_eq(&first, &parsed(TEXT, Kind::Managed).unwrap()));
        assert!(parsed("{", Kind::Identity).is_err());
    }

    #[test]
    fn encodes_as_aws_does_and_counts_without_white_space() {
        assert_eq!(encoded("{\"a b\": \"*~\"}"), "%7B%22a%20b%22%3A%20%22%2A~%22%7D");
        assert_eq!(size("{ \"a\":\n1 }"), 7);
    }
}
