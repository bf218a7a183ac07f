//! The canonical request and the string to sign.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use crate::encode::{Plus, decoded, push};
use crate::{ALGORITHM, Request, Sha256};

/// What, besides the request itself, decides how it is canonicalized.
#[derive(Clone, Copy)]
pub(crate) struct Form<'a> {
    /// S3 takes the path as it is; every other service's is normalized and encoded once more.
    pub(crate) s3: bool,
    /// The names as they stand in `SignedHeaders`, separated by semicolons.
    pub(crate) signed_headers: &'a str,
    /// The last line: the payload's hash, or one of the words that stand for it.
    pub(crate) payload: &'a str,
    /// In a presigned request `X-Amz-Signature` is not part of what is signed.
    pub(crate) presigned: bool,
}

/// The canonical request's bytes.
pub(crate) fn canonical_request(request: &Request<'_>, form: Form<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    out.extend_from_slice(request.method.as_bytes());
    out.push(b'\n');
    if form.s3 {
        s3_path(&mut out, request.path)
    } else {
        service_path(&mut out, request.path)
    }
    out.push(b'\n');
    query(&mut out, request.query, form.presigned);
    out.push(b'\n');
    headers(&mut out, request, form.signed_headers);
    out.push(b'\n');
    out.extend_from_slice(form.signed_headers.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(form.payload.as_bytes());
    out
}

/// `AWS4-HMAC-SHA256`, the moment, the scope and the canonical request's hash.
pub(crate) fn string_to_sign(amz_date: &str, scope: &str, canonical: &[u8]) -> String {
    let hash = crate::digest::to_hex(&Sha256::of(canonical));
    let mut out = String::with_capacity(160);
    for line in [ALGORITHM, amz_date, scope] {
        out.push_str(line);
        out.push('\n');
    }
    out.extend(hash.iter().map(|digit| char::from(*digit)));
    out
}

/// The path once decoded and encoded, so that it does not matter which unreserved characters a client escapes.
/// Neither dot segments nor double slashes are touched: they are part of an object's key.
fn s3_path(out: &mut Vec<u8>, path: &str) {
    if path.is_empty() {
        out.push(b'/');
    }
    decoded(path.as_bytes(), Plus::Literal).for_each(|byte| push(out, byte, true));
}

/// The path without dot segments and double slashes, its escapes escaped once more.
fn service_path(out: &mut Vec<u8>, path: &str) {
    let mut encode = |text: &str| text.bytes().for_each(|byte| push(out, byte, true));
    if !path.is_empty() && !path.contains("//") && !path.contains("/.") {
        return encode(path);
    }
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    if segments.is_empty() || path.starts_with('/') {
        encode("/");
    }
    encode(&segments.join("/"));
    if path.ends_with('/') && !segments.is_empty() {
        encode("/");
    }
}

/// The parameters, decoded, encoded and sorted by name, then by value. Repeated parameters all stand.
fn query(out: &mut Vec<u8>, text: &str, presigned: bool) {
    if text.is_empty() {
        return;
    }
    let encode = |text: &str| {
        let mut out = Vec::with_capacity(text.len() + 8);
        decoded(text.as_bytes(), Plus::Space).for_each(|byte| push(&mut out, byte, false));
        out
    };
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = text
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode(name), encode(value)))
        .filter(|(name, _)| !(presigned && name == b"X-Amz-Signature"))
        .collect();
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push(b'&');
        }
        out.extend_from_slice(name);
        out.push(b'=');
        out.extend_from_slice(value);
    }
}

/// A line for each signed header: `name:value,value`. A header that the request does not have has an empty value,
/// as with AWS: the signature then does not match, unless that is what was signed.
fn headers(out: &mut Vec<u8>, request: &Request<'_>, signed_headers: &str) {
    for name in signed_headers.split(';') {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        let mut values = request.headers.get_all(name).iter().peekable();
        if name == "host" && values.peek().is_none() {
            push_value(out, request.authority.unwrap_or_default().as_bytes());
        }
        for (index, value) in values.enumerate() {
            if index > 0 {
                out.push(b',');
            }
            push_value(out, value.as_bytes());
        }
        out.push(b'\n');
    }
}

/// The value without blanks at its ends, and with one blank for each run of blanks.
fn push_value(out: &mut Vec<u8>, value: &[u8]) {
    let blank = |byte: u8| matches!(byte, b' ' | b'\t');
    let mut before = true;
    let squeezed = !value.iter().any(|byte| {
        let twice = *byte == b'\t' || (before && *byte == b' ');
        before = *byte == b' ';
        twice
    });
    if squeezed && value.last().is_none_or(|last| !blank(*last)) {
        return out.extend_from_slice(value);
    }
    let words = value.split(|byte| blank(*byte)).filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn service_paths_are_normalized_and_encoded_again() {
        for (path, canonical) in [
            ("", "/"),
            ("/", "/"),
            ("//", "/"),
            ("/.", "/"),
            ("/..", "/"),
            ("/../..", "/"),
            ("/a/./b/../c", "/a/c"),
            ("/a//b/", "/a/b/"),
            ("/a/..", "/"),
            ("/a/../", "/"),
            ("/.hidden/x", "/.hidden/x"),
            ("/example%20space", "/example%2520space"),
            ("/ü", "/%C3%BC"),
            ("/arn:aws/x*y~", "/arn%3Aaws/x%2Ay~"),
        ] {
            assert_eq!(written(|out| service_path(out, path)), canonical, "{path}");
        }
    }

    #[test]
    fn s3_paths_are_encoded_once_and_never_normalized() {
        for (path, canonical) in [
            ("", "/"),
            ("/bucket//a/../b/./c", "/bucket//a/../b/./c"),
            ("/test$file.text", "/test%24file.text"),
            ("/test%24file.text", "/test%24file.text"),
            ("/%7ea%2fb%c3%bc", "/~a/b%C3%BC"),
            ("/a+b", "/a%2Bb"),
            ("/100%", "/100%25"),
        ] {
            assert_eq!(written(|out| s3_path(out, path)), canonical, "{path}");
        }
    }

    #[test]
    fn queries_are_sorted_by_name_and_then_value() {
        for (text, canonical) in [
            ("", ""),
            ("b=1&a=2", "a=2&b=1"),
            ("a=b&a=a&a=", "a=&a=a&a=b"),
            ("acl", "acl="),
            ("a-b=1&a=1", "a=1&a-b=1"),
            ("k=a/b&K=~", "K=~&k=a%2Fb"),
            ("q=a+b&r=%2B&s=%c3%a9&t=a=b", "q=a%20b&r=%2B&s=%C3%A9&t=a%3Db"),
            ("&&a=1&", "a=1"),
            ("X-Amz-Signature=1&a=2", "X-Amz-Signature=1&a=2"),
        ] {
            assert_eq!(written(|out| query(out, text, false)), canonical, "{text}");
        }
        assert_eq!(written(|out| query(out, "X-Amz-Signature=1&X%2DAmz-Signature=2&a=2", true)), "a=2");
    }

    #[test]
    fn header_values_are_trimmed_and_joined() {
        let mut map = http::HeaderMap::new();
        map.append("my-header1", "  a   b \t c  ".parse().unwrap());
        map.append("my-header1", "\"d  e\"".parse().unwrap());
        let request = Request::new("GET", "/", "", &map).with_authority(Some("example.com:8443"));
        assert_eq!(
            written(|out| headers(out, &request, "absent;host;my-header1")),
            "absent:\nhost:example.com:8443\nmy-header1:a b c,\"d e\"\n"
        );
    }
}
