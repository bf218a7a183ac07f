//! Whatever is signed is verified, and nothing else.

use crate::support::{at, credentials, headers, verify};
use http::{HeaderMap, HeaderName, HeaderValue};
use names::Timestamp;
use proptest::prelude::*;
use proptest::sample::Index;
use sigv4::{AuthError, Flavor, Options, Payload, Request, Sha256, Signer, hex_sha256};

const NOW: &str = "20261121T093000Z";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

#[derive(Debug, Clone)]
struct Sent {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sent {
    fn header_map(&self) -> HeaderMap {
        headers(self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    fn verify(&self, s3: bool, now: Timestamp) -> Result<(), AuthError> {
        let map = self.header_map();
        let request = Request::new(&self.method, &self.path, &self.query, &map);
        let options = if s3 { Options::new(Flavor::S3, "s3") } else { Options::new(Flavor::Json, "config") };
        let hash = Sha256::of(&self.body);
        verify(&request, &credentials(SECRET, None).secret, Payload::Sha256(&hash), now, &options).map(|_| ())
    }

    fn sign(mut self, s3: bool, presigned: bool) -> Self {
        let credentials = credentials(SECRET, Some("to/ken+=="));
        let signer = Signer {
            credentials: &credentials,
            region: "eu-west-1",
            service: if s3 { "s3" } else { "config" },
        };
        let mut map = self.header_map();
        let request = Request::new(&self.method, &self.path, &self.query, &map);
        if presigned {
            self.query = signer.presign(&request, 600, at(NOW));
            return self;
        }
        signer.sign(&request, &hex_sha256(&self.body), at(NOW)).unwrap().apply(&mut map);
        self.headers =
            map.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        self
    }
}

fn sent() -> impl Strategy<Value = Sent> {
    let segment = "[a-zA-Z0-9._~!$'()*,;:@%+ -]{0,8}";
    let headers = proptest::collection::btree_map(
        "x-amz-meta-[a-z]{1,6}|content-type|range",
        "[!-~]([ -~]{0,12}[!-~])?",
        0..4,
    );
    (
        "[A-Z]{3,7}",
        proptest::collection::vec(segment, 0..4),
        proptest::collection::vec((segment, segment), 0..5),
        headers,
        proptest::collection::vec(any::<u8>(), 0..64),
    )
        .prop_map(|(method, segments, pairs, headers, body)| Sent {
            method,
            path: format!("/{}", segments.join("/")),
            query: pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"),
            headers: [("host".to_owned(), "example.com:4566".to_owned())]
                .into_iter()
                .chain(headers)
                .collect(),
            body,
        })
}

/// Another byte at some place of a text.
fn tamper(text: &str, at: Index, with: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = at.index(bytes.len());
    bytes[at] = with;
    String::from_utf8(bytes).unwrap()
}

/// What a path stands for: other spellings of the same are no tampering.
fn meaning_of_path(path: &str, s3: bool) -> String {
    if s3 {
        decode(path)
    } else {
        path.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/")
    }
}

fn meaning_of_query(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| decode(&text.replace('+', " "));
    let mut pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    pairs.sort();
    pairs
}

/// Percent-decodes by way of other code than the crate's.
fn decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes().peekable();
    let mut ahead = Vec::new();
    while let Some(byte) = ahead.pop().or_else(|| bytes.next()) {
        if byte == b'%' {
            let pair: Vec<u8> = (0..2).filter_map(|_| ahead.pop().or_else(|| bytes.next())).collect();
            let parsed =
                std::str::from_utf8(&pair).ok().filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
            match parsed.filter(|text| text.len() == 2).and_then(|text| u8::from_str_radix(text, 16).ok()) {
                Some(decoded) => out.push(decoded),
                None => {
                    out.push(byte);
                    ahead.extend(pair.iter().rev());
                }
            }
        } else {
            out.push(byte);
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

proptest! {
    #[test]
    fn what_is_signed_is_verified(sent in sent(), s3 in any::<bool>(), presigned in any::<bool>()) {
        let mut sent = sent;
        if presigned && !s3 {
            sent.body.clear();
        }
        // Headers of S3's own that a presigned request would carry are signed as well.
        let signed = sent.sign(s3, presigned);
        prop_assert_eq!(signed.verify(s3, at(NOW)), Ok(()));
    }

    #[test]
    fn another_method_path_or_query_is_refused(
        sent in sent(), s3 in any::<bool>(), presigned in any::<bool>(), at_byte in any::<Index>(), with in b'!'..=b'~',
    ) {
        let mut sent = sent;
        if presigned && !s3 {
            sent.body.clear();
        }
        let signed = sent.sign(s3, presigned);
        let method = Sent { method: tamper(&signed.method, at_byte, with), ..signed.clone() };
        prop_assert_eq!(method.verify(s3, at(NOW)).is_ok(), method.method == signed.method);
        let path = Sent { path: tamper(&signed.path, at_byte, with), ..signed.clone() };
        if meaning_of_path(&path.path, s3) != meaning_of_path(&signed.path, s3) && !path.path.contains("..") {
            prop_assert!(path.verify(s3, at(NOW)).is_err(), "{} for {}", path.path, signed.path);
        }
        if !signed.query.is_empty() {
            let query = Sent { query: tamper(&signed.query, at_byte, with), ..signed.clone() };
            if meaning_of_query(&query.query) != meaning_of_query(&signed.query) {
                prop_assert!(query.verify(s3, at(NOW)).is_err(), "{} for {}", query.query, signed.query);
            }
        }
        let longer = Sent { query: format!("{}&zz=1", signed.query), ..signed };
        prop_assert!(longer.verify(s3, at(NOW)).is_err());
    }

    #[test]
    fn another_header_is_refused(sent in sent(), s3 in any::<bool>(), which in any::<Index>(), at_byte in any::<Index>(), with in b'!'..=b'~') {
        let signed = sent.sign(s3, false);
        let mut other = signed.clone();
        let which = which.index(other.headers.len());
        let before = other.headers[which].1.clone();
        let after = tamper(&before, at_byte, with);
        other.headers[which].1 = after.clone();
        // Commas between the header's parts, and blanks, may be written otherwise.
        let squeeze = |text: &str| text.split([' ', ',']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let same = if other.headers[which].0 == "authorization" { squeeze(&before) == squeeze(&after) } else { before == after };
        if !same {
            prop_assert!(other.verify(s3, at(NOW)).is_err(), "{}: {} for {}", other.headers[which].0, after, before);
        }
        let mut without = signed.clone();
        let (name, value) = without.headers.remove(which);
        if !value.is_empty() {
            prop_assert!(without.verify(s3, at(NOW)).is_err(), "without {}", name);
        }
        let mut twice = signed;
        twice.headers.push((name, value));
        prop_assert!(twice.verify(s3, at(NOW)).is_err());
    }

    #[test]
    fn another_body_is_refused(sent in sent(), s3 in any::<bool>(), at_byte in any::<Index>(), change in 1u8..) {
        let mut signed = sent.sign(s3, false);
        if signed.body.is_empty() {
            signed.body.push(change);
        } else {
            let at_byte = at_byte.index(signed.body.len());
            signed.body[at_byte] ^= change;
        }
        prop_assert!(signed.verify(s3, at(NOW)).is_err());
    }

    #[test]
    fn any_text_ends_without_a_panic(
        authorization in "[ -~]{0,120}", query in "[ -~]{0,200}", path in "[ -~é]{0,60}", date in "[ -~]{0,20}",
    ) {
        let header = |text: &str| HeaderValue::from_str(text).unwrap();
        for prefix in ["", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 Credential=a/20261121/b/c/aws4_request,SignedHeaders="] {
            let mut map = HeaderMap::new();
            map.insert(HeaderName::from_static("authorization"), header(&format!("{prefix}{authorization}")));
            map.insert(HeaderName::from_static("x-amz-date"), header(&date));
            let request = Request::new("GET", &path, &query, &map);
            let options = Options::new(Flavor::S3, "s3");
            let outcome = verify(&request, &credentials(SECRET, None).secret, Payload::Declared, at(NOW), &options);
            prop_assert!(outcome.is_err());
        }
    }
}
