//! Signature Version 2 of presigned S3 requests and of S3's forms.
//!
//! AWS calls it retired, but S3 takes it still, and botocore presigns with it unless told `signature_version="s3v4"` in every
//! region that is old enough (`us-east-1`, `eu-west-1` …): a boto3 user's `generate_presigned_url` and
//! `generate_presigned_post` give this. So it is here for S3 alone, apart, and only for a caller that asks: [`crate::parse`]
//! and [`crate::post::parse`] refuse it with [`AuthError::SignatureVersion2`], upon which S3 may call [`parse`] or
//! [`parse_form`]. A signed Authorization header (`AWS AKID:…`) stays refused: no client of today sends one.
//!
//! Unlike Version 4 it signs neither host nor region nor most of the query.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html>

use crate::encode::{Plus, decode_query, decoded};
use crate::post::{Field, Policy, PostError};
use crate::{AuthError, Mismatch, Request, SecretKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use names::Timestamp;
use std::collections::BTreeMap;
use std::fmt;
use subtle::ConstantTimeEq;

/// The query's parameters that are part of the resource.
const SUBRESOURCES: [&str; 35] = [
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "delete",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "select",
    "select-type",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

/// What is wrong with a Version 2 query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// `Signature`, `Expires` or `AWSAccessKeyId` is missing, or one comes twice.
    Incomplete,
    /// `Expires` is no number of seconds.
    BadExpires {
        /// What was sent.
        value: String,
    },
    /// It is past `Expires`.
    Expired {
        /// Until when it was good.
        expires: Timestamp,
        /// Now.
        now: Timestamp,
    },
}

/// A presigned request's Version 2 signature: read, not yet believed. `Debug` prints neither signature nor token.
#[derive(Clone)]
#[non_exhaustive]
pub struct Presented {
    /// Who is said to have signed.
    pub access_key_id: String,
    /// Until when the request is good.
    pub expires: Timestamp,
    /// The token of temporary credentials, which the caller compares ([`Presented::session_token_is`]).
    pub session_token: Option<String>,
    expires_text: String,
    signature: String,
}

/// Reads a presigned S3 request's Version 2 signature.
///
/// # Errors
/// [`AuthError::Version2`] where parameters are missing; [`AuthError::SignatureVersion2`] where the signature is in the
/// Authorization header.
pub fn parse(request: &Request<'_>) -> Result<Presented, AuthError> {
    if request.headers.contains_key("authorization") {
        return Err(AuthError::SignatureVersion2);
    }
    let (mut key, mut expires, mut signature, mut token) = (None, None, None, None);
    for (name, value) in pairs(request.query) {
        let slot = match name.as_str() {
            "AWSAccessKeyId" => &mut key,
            "Expires" => &mut expires,
            "Signature" => &mut signature,
            _ if name.eq_ignore_ascii_case("x-amz-security-token") => &mut token,
            _ => continue,
        };
        if slot.replace(decode_query(value).unwrap_or_default()).is_some() {
            return Err(AuthError::Version2(Fault::Incomplete));
        }
    }
    let (Some(access_key_id), Some(expires_text), Some(signature)) = (key, expires, signature) else {
        return Err(AuthError::Version2(Fault::Incomplete));
    };
    let seconds: i32 = expires_text
        .parse()
        .map_err(|_| AuthError::Version2(Fault::BadExpires { value: expires_text.clone() }))?;
    Ok(Presented {
        access_key_id,
        expires: Timestamp::from_seconds(seconds.into()),
        session_token: token.or_else(|| request.header("x-amz-security-token").map(str::to_owned)),
        expires_text,
        signature,
    })
}

/// The query's parameters: names decoded, values as they are.
fn pairs(query: &str) -> impl Iterator<Item = (String, &str)> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter_map(|(name, value)| decode_query(name).map(|name| (name, value)))
}

impl Presented {
    /// Compares the session token in constant time. A request without a token has the empty one.
    #[must_use]
    pub fn session_token_is(&self, expected: &str) -> bool {
        same(self.session_token.as_deref().unwrap_or_default(), expected)
    }

    /// Verifies the signature, in constant time, and that it has not expired. `bucket` is the bucket of a virtual-hosted
    /// request, whose path does not name it.
    ///
    /// # Errors
    /// [`AuthError::Version2`], [`AuthError::SignatureMismatch`].
    pub fn verify(
        &self,
        request: &Request<'_>,
        bucket: Option<&str>,
        secret: &SecretKey,
        now: Timestamp,
    ) -> Result<(), AuthError> {
        if now > self.expires {
            return Err(AuthError::Version2(Fault::Expired { expires: self.expires, now }));
        }
        let to_sign = self.string_to_sign(request, bucket);
        check(secret, &to_sign, &self.signature, &self.access_key_id)
    }

    fn string_to_sign(&self, request: &Request<'_>, bucket: Option<&str>) -> String {
        // What a client signed as a header and could not be sure to be able to send, stands in the query.
        let in_query = |sought: &str| {
            pairs(request.query)
                .find(|(name, _)| name.eq_ignore_ascii_case(sought))
                .and_then(|(_, value)| decode_query(value))
        };
        let standard =
            |name: &str| request.header(name).map(|value| value.trim().to_owned()).or_else(|| in_query(name));
        let mut out = format!(
            "{}\n{}\n{}\n{}\n",
            request.method,
            standard("content-md5").unwrap_or_default(),
            standard("content-type").unwrap_or_default(),
            self.expires_text
        );
        for (name, values) in amz_headers(request) {
            out.push_str(&format!("{name}:{}\n", values.join(",")));
        }
        if let Some(bucket) = bucket {
            out.push('/');
            out.push_str(bucket);
        }
        out.push_str(if request.path.is_empty() { "/" } else { request.path });
        let mut resources: Vec<(String, &str, bool)> = request
            .query
            .split('&')
            .map(|pair| pair.split_once('=').map_or((pair, "", false), |(name, value)| (name, value, true)))
            .filter_map(|(name, value, valued)| Some((decode_query(name)?, value, valued)))
            .filter(|(name, ..)| SUBRESOURCES.contains(&name.as_str()))
            .collect();
        resources.sort_by(|one, other| one.0.cmp(&other.0));
        for (index, (name, value, valued)) in resources.iter().enumerate() {
            out.push(if index == 0 { '?' } else { '&' });
            out.push_str(name);
            if *valued {
                let value: Vec<u8> = decoded(value.as_bytes(), Plus::Literal).collect();
                out.push('=');
                out.push_str(&String::from_utf8_lossy(&value));
            }
        }
        out
    }
}

/// Every `x-amz-*` header, and every parameter of such a name, which stands for one; sorted.
fn amz_headers(request: &Request<'_>) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in request.headers {
        if name.as_str().starts_with("x-amz-") {
            let value = String::from_utf8_lossy(value.as_bytes()).trim().to_owned();
            found.entry(name.to_string()).or_default().push(value);
        }
    }
    for (name, value) in pairs(request.query) {
        let name = name.to_ascii_lowercase();
        if name.starts_with("x-amz-") {
            found.entry(name).or_default().push(decode_query(value).unwrap_or_default());
        }
    }
    found
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented")
            .field("access_key_id", &self.access_key_id)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// A form's Version 2 signature: read, not yet believed.
#[derive(Clone)]
#[non_exhaustive]
pub struct PresentedForm {
    /// Who is said to have signed.
    pub access_key_id: String,
    /// The token of temporary credentials, which the caller compares ([`PresentedForm::session_token_is`]).
    pub session_token: Option<String>,
    policy: String,
    signature: String,
}

/// Reads a form's Version 2 signature: the fields `AWSAccessKeyId`, `policy` and `signature`.
///
/// # Errors
/// What [`crate::post::parse`] finds, and [`PostError::MissingField`].
pub fn parse_form(fields: &[Field]) -> Result<PresentedForm, PostError> {
    match crate::post::parse(fields) {
        Err(PostError::Auth(AuthError::SignatureVersion2)) => {}
        Err(error) => return Err(error),
        Ok(_) => return Err(PostError::MissingField { field: "AWSAccessKeyId" }),
    }
    let need = |name: &str, field| {
        crate::post::value(fields, name).map(str::to_owned).ok_or(PostError::MissingField { field })
    };
    Ok(PresentedForm {
        access_key_id: need("awsaccesskeyid", "AWSAccessKeyId")?,
        session_token: need("x-amz-security-token", "").ok(),
        policy: need("policy", "policy")?,
        signature: need("signature", "signature")?,
    })
}

impl PresentedForm {
    /// Compares the session token in constant time. A form without a token has the empty one.
    #[must_use]
    pub fn session_token_is(&self, expected: &str) -> bool {
        same(self.session_token.as_deref().unwrap_or_default(), expected)
    }

    /// Verifies the signature, in constant time, and reads the policy that it signs.
    ///
    /// # Errors
    /// [`PostError`] where the signature is another one, or the policy is malformed or has expired.
    pub fn verify(&self, secret: &SecretKey, now: Timestamp) -> Result<Policy, PostError> {
        check(secret, &self.policy, &self.signature, &self.access_key_id).map_err(PostError::Auth)?;
        Policy::read_current(&self.policy, now)
    }
}

impl fmt::Debug for PresentedForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresentedForm").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Compares a signature: base64 of the HMAC-SHA1 under the secret itself.
fn check(secret: &SecretKey, to_sign: &str, signature: &str, access_key_id: &str) -> Result<(), AuthError> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104)")]
    let mut mac =
        Hmac::<sha1::Sha1>::new_from_slice(secret.bytes()).expect("HMAC takes keys of every length");
    mac.update(to_sign.as_bytes());
    let computed = STANDARD.encode(mac.finalize().into_bytes());
    if same(&computed, signature) {
        return Ok(());
    }
    Err(AuthError::SignatureMismatch(Box::new(Mismatch {
        access_key_id: access_key_id.to_owned(),
        string_to_sign: to_sign.to_owned(),
        signature_provided: signature.to_owned(),
        canonical_request: None,
    })))
}

#[cfg(test)]
mod tests;
