//! The console's files, under `/console/`. A bucket may have that name: what is signed, in a header or in the URL, is S3's.

use crate::answer::Answer;
use crate::received::Received;
use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, ETAG,
    HeaderName, IF_NONE_MATCH, LOCATION, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue};
use std::net::IpAddr;

/// Finds a file of the console by its path, such as `assets/index-Bq3.js`, or `index.html.br` for the compressed form of `index.html`.
pub type ConsoleFiles = fn(&str) -> Option<ConsoleFile>;

/// A file of the console.
#[derive(Debug, Clone)]
pub struct ConsoleFile {
    /// What is in it.
    pub bytes: Bytes,
    /// The SHA-256 of it.
    pub digest: [u8; 32],
}

const INDEX: &str = "index.html";
/// Their names change with their content.
const HASHED: &str = "assets/";

impl Received {
    /// It carries a signature of any kind, right or wrong.
    pub(crate) fn is_signed(&self) -> bool {
        let names = self.query().split('&').map(|pair| pair.split('=').next().unwrap_or_default());
        self.headers.contains_key(http::header::AUTHORIZATION)
            || names.into_iter().any(|name| {
                let marks =
                    ["X-Amz-Signature", "X-Amz-Credential", "X-Amz-Algorithm", "Signature", "AWSAccessKeyId"];
                marks.iter().any(|mark| name.eq_ignore_ascii_case(mark))
            })
    }

    /// What follows `/console/` of a request that is the console's; empty for `/console` alone.
    fn console_path(&self) -> Option<&str> {
        let rest = self.path().strip_prefix("/console")?;
        let is_below = rest.is_empty() || rest.starts_with('/');
        let reads = matches!(self.method(), "GET" | "HEAD");
        // The console runs what lies below its own path, and a policy cannot tell by the query what is an object of the bucket `console`.
        let is_ours = !self.is_signed() || self.is_for_page();
        (is_below && reads && is_ours && !self.of_function).then_some(rest)
    }
}

/// Answers a request for the console; None where it is not for it.
pub(crate) fn answer(received: &Received, files: ConsoleFiles) -> Option<Answer> {
    let path = received.console_path()?;
    let origin = match origin(received) {
        Origin::Plain(origin) => origin,
        Origin::Other if received.is_for_document() => {
            let sentence = "The console answers only at localhost or an IPv4 address: a page of another site could have this name point here, and no \
                            content security policy can name an IPv6 address.";
            return Some(Answer::plain(403, sentence));
        }
        Origin::Other | Origin::Service => return None,
    };
    let mut answer = match path.strip_prefix('/') {
        None => moved(received),
        Some(path) => file(received, files, path),
    };
    secure(&mut answer, &origin);
    if received.method() == "HEAD" {
        answer = answer.without_body();
    }
    Some(answer)
}

/// How the client named us.
enum Origin {
    /// `http://localhost:4566`, or with an IPv4 address.
    Plain(String),
    /// A host below `localhost`: an endpoint of a service or a bucket.
    Service,
    Other,
}

/// The origin as a content security policy may hold it: nothing but a known scheme, a host and a port.
fn origin(received: &Received) -> Origin {
    let host = received.host();
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let is_port = port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    if name.ends_with(".localhost") || received.bucket_of_host().is_some() {
        return Origin::Service;
    }
    if is_port && (name == "localhost" || matches!(name.parse(), Ok(IpAddr::V4(_)))) {
        return Origin::Plain(received.endpoint());
    }
    Origin::Other
}

fn moved(received: &Received) -> Answer {
    let question = if received.query().is_empty() { "" } else { "?" };
    let mut answer = Answer::new(308, "text/plain; charset=utf-8", Bytes::new());
    let place = format!("/console/{question}{}", received.query());
    // A query is of visible characters, or it would not have been read.
    let place = HeaderValue::try_from(place).unwrap_or(HeaderValue::from_static("/console/"));
    answer.0.headers_mut().insert(LOCATION, place);
    answer
}

fn file(received: &Received, files: ConsoleFiles, path: &str) -> Answer {
    if files(INDEX).is_none() {
        return Answer::plain(503, "The console was not built into this server: run `cargo xtask console`.");
    }
    let is_plain = path.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
        && !path.contains(['\\', '%', '\0'])
        && !path.ends_with(".br")
        && !path.ends_with(".gz");
    let found = is_plain.then(|| best(received, files, path)).flatten();
    match found {
        Some((file, encoding)) => sent(received, path, &file, encoding),
        // Whoever asks for a file of an older build must not get a page in its place.
        None if path.starts_with(HASHED) => Answer::plain(404, "There is no such file of the console."),
        // A deep link: the page finds its way by itself.
        None => match best(received, files, INDEX) {
            Some((file, encoding)) => sent(received, INDEX, &file, encoding),
            None => Answer::plain(404, "There is no such file of the console."),
        },
    }
}

/// The form of a file that the client likes best.
fn best(received: &Received, files: ConsoleFiles, path: &str) -> Option<(ConsoleFile, Option<&'static str>)> {
    let plain = files(path)?;
    for (name, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(&received.headers, name)
            && let Some(file) = files(&format!("{path}{ending}"))
        {
            return Some((file, Some(name)));
        }
    }
    Some((plain, None))
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let offered = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    offered.flat_map(|value| value.split(',')).any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| {
            part.strip_prefix("q=").is_some_and(|weight| weight.parse::<f32>().is_ok_and(|it| it <= 0.0))
        });
        named && !refused
    })
}

fn sent(received: &Received, path: &str, file: &ConsoleFile, encoding: Option<&'static str>) -> Answer {
    let digest: String = file.digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{digest}\"");
    let known = received.headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let known = known
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag);
    let mut answer = if known {
        Answer::new(304, content_type(path), Bytes::new())
    } else {
        Answer::new(200, content_type(path), file.bytes.clone())
    };
    let headers = answer.0.headers_mut();
    if !known {
        headers.insert(CONTENT_LENGTH, file.bytes.len().into());
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
    }
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, tag);
    }
    let kept = match path {
        INDEX => "no-store",
        _ if path.starts_with(HASHED) => "public, max-age=31536000, immutable",
        _ => "no-cache",
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    answer
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/vnd.microsoft.icon",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// What the console's pages may load and do. Scripts and styles come from its own hashed files only: the rest of this origin is what buckets serve.
/// Cloudscape sets `style` attributes.
fn secure(answer: &mut Answer, origin: &str) {
    let policy = format!(
        "default-src 'none'; script-src {origin}/console/assets/; style-src {origin}/console/assets/ 'unsafe-inline'; \
         font-src {origin}/console/assets/ data:; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; \
         manifest-src 'self'; worker-src 'none'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    let headers = answer.0.headers_mut();
    // Without it nothing is loaded at all, which is what a policy that cannot be written must come to.
    let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    for name in ["cross-origin-opener-policy", "cross-origin-resource-policy"] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static("same-origin"));
    }
}

#[cfg(test)]
mod tests;
