use crate::canonical::{Form, canonical_request, string_to_sign};
use crate::chunked::ChunkSigner;
use crate::encode::encode_query;
use crate::{ALGORITHM, CredentialScope, Credentials, EMPTY_SHA256, Request, SigningKey, UNSIGNED_PAYLOAD};
use http::{HeaderMap, HeaderName, HeaderValue, header::InvalidHeaderValue};
use names::Timestamp;
use std::fmt;

/// Headers that are not signed: whoever stands between client and server may change them. As with botocore.
const NEVER_SIGNED: [&str; 12] = [
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// Signs requests to one service in one region.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// Whose requests.
    pub credentials: &'a Credentials,
    /// The region, such as `us-east-1`.
    pub region: &'a str,
    /// The signing name, such as `s3`. S3's way of canonicalizing goes with this name.
    pub service: &'a str,
}

/// A value that cannot stand in a header: the access key id, the token or the payload's hash has a control character.
#[derive(Debug)]
pub struct SignError(InvalidHeaderValue);

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the credentials cannot stand in a header: {}", self.0)
    }
}

impl std::error::Error for SignError {}

impl From<InvalidHeaderValue> for SignError {
    fn from(error: InvalidHeaderValue) -> Self {
        Self(error)
    }
}

/// A signed request: what is to be added to it.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The headers to set, each in the place of a former one: `x-amz-date`, `authorization` …
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What signs a chunked body.
    pub chunks: ChunkSigner,
}

impl Signed {
    /// Sets the headers.
    pub fn apply(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
    }
}

impl Signer<'_> {
    fn is_s3(&self) -> bool {
        self.service == "s3"
    }

    fn scope(&self, amz_date: &str) -> CredentialScope {
        CredentialScope::new(amz_date.get(..8).unwrap_or_default(), self.region, self.service)
    }

    fn key(&self, scope: &CredentialScope) -> SigningKey {
        SigningKey::derive(&self.credentials.secret, &scope.date, &scope.region, &scope.service)
    }

    /// Signs with the Authorization header: all headers but those that change on the way. The request has a `Host` header
    /// or an authority. `payload` is the body's SHA-256 in hexadecimal ([`crate::hex_sha256`]), `UNSIGNED-PAYLOAD` or one of
    /// the words for chunked bodies; anything but a hash, and everything for S3, is sent in `x-amz-content-sha256` as well.
    ///
    /// # Errors
    /// [`SignError`] where the credentials cannot stand in a header.
    pub fn sign(&self, request: &Request<'_>, payload: &str, now: Timestamp) -> Result<Signed, SignError> {
        let amz_date = now.compact();
        let mut added = vec![(HeaderName::from_static("x-amz-date"), HeaderValue::from_str(&amz_date)?)];
        if let Some(token) = &self.credentials.session_token {
            let mut value = HeaderValue::from_str(token)?;
            value.set_sensitive(true);
            added.push((HeaderName::from_static("x-amz-security-token"), value));
        }
        if self.is_s3() || crate::digest::from_hex(payload).is_none() {
            added.push((HeaderName::from_static("x-amz-content-sha256"), HeaderValue::from_str(payload)?));
        }
        let mut headers = request.headers.clone();
        for (name, value) in &added {
            headers.insert(name.clone(), value.clone());
        }
        let signed_headers = signed_headers(&headers);
        let request = Request { headers: &headers, ..*request };
        let form = Form { s3: self.is_s3(), signed_headers: &signed_headers, payload, presigned: false };
        let scope = self.scope(&amz_date);
        let (key, scope_text) = (self.key(&scope), scope.to_string());
        let to_sign = string_to_sign(&amz_date, &scope_text, &canonical_request(&request, form));
        let signature = key.sign(&[to_sign.as_bytes()]);
        let authorization = format!(
            "{ALGORITHM} Credential={}/{scope_text}, SignedHeaders={signed_headers}, Signature={}",
            self.credentials.access_key_id,
            String::from_utf8_lossy(&signature)
        );
        added.push((http::header::AUTHORIZATION, HeaderValue::from_str(&authorization)?));
        Ok(Signed { headers: added, chunks: ChunkSigner::new(key, &amz_date, &scope_text, signature) })
    }

    /// Presigns: the query string, without its `?`, with which the request can be made for `expires` seconds (at most
    /// 604800). The request's headers, if any, are signed and then have to be sent. S3 takes any body; other services'
    /// presigned requests have none.
    #[must_use]
    pub fn presign(&self, request: &Request<'_>, expires: u32, now: Timestamp) -> String {
        let amz_date = now.compact();
        let scope = self.scope(&amz_date);
        let signed_headers = signed_headers(request.headers);
        let scope_text = scope.to_string();
        let credential = format!("{}/{scope_text}", self.credentials.access_key_id);
        let mut query = request.query.to_owned();
        let mut add = |name: &str, value: &str| {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(&format!("{name}={}", encode_query(value)));
        };
        add("X-Amz-Algorithm", ALGORITHM);
        add("X-Amz-Credential", &credential);
        add("X-Amz-Date", &amz_date);
        add("X-Amz-Expires", &expires.to_string());
        add("X-Amz-SignedHeaders", &signed_headers);
        if let Some(token) = &self.credentials.session_token {
            add("X-Amz-Security-Token", token);
        }
        let default = if self.is_s3() { UNSIGNED_PAYLOAD } else { EMPTY_SHA256 };
        let payload = request.header("x-amz-content-sha256").unwrap_or(default);
        let form = Form { s3: self.is_s3(), signed_headers: &signed_headers, payload, presigned: true };
        let canonical = canonical_request(&Request { query: &query, ..*request }, form);
        let to_sign = string_to_sign(&amz_date, &scope_text, &canonical);
        let signature = self.key(&scope).sign(&[to_sign.as_bytes()]);
        query + "&X-Amz-Signature=" + &String::from_utf8_lossy(&signature)
    }

    /// Signs a POST policy, in base64 as it will stand in the form: the value of the field `x-amz-signature`. The form's
    /// `x-amz-credential` and `x-amz-date` are of the same `now`.
    #[must_use]
    pub fn sign_policy(&self, policy: &str, now: Timestamp) -> String {
        let signature = self.key(&self.scope(&now.compact())).sign(&[policy.as_bytes()]);
        String::from_utf8_lossy(&signature).into_owned()
    }
}

/// The sorted names, separated by semicolons. `host` is always among them.
fn signed_headers(headers: &HeaderMap) -> String {
    let names =
        headers.keys().map(HeaderName::as_str).filter(|name| !NEVER_SIGNED.contains(name) && *name != "host");
    let mut names: Vec<&str> = names.chain(std::iter::once("host")).collect();
    names.sort_unstable();
    names.join(";")
}
