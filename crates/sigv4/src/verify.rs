use crate::canonical::{Form, canonical_request, string_to_sign};
use crate::chunked::{ChunkSigner, ChunkedDecoder, ChunkedError, Mode};
use crate::digest::same_digest;
use crate::{
    AuthError, BodyCheck, ContentSha256, Flavor, Mismatch, Place, Presented, Request, SigningKey,
    UNSIGNED_PAYLOAD,
};
use http::HeaderMap;
use names::Timestamp;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// How far a request's date may be from the server's.
const WINDOW: Duration = Duration::from_mins(15);

/// What the endpoint expects of a request.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Which family of protocols the endpoint speaks; S3 canonicalizes, expires and words otherwise than the others.
    pub flavor: Flavor,
    /// The signing name of the service that is called, such as `s3` or `monitoring`.
    pub service: &'a str,
    /// The region that the scope has to name; `None` takes every name that could be a region's.
    pub region: Option<&'a str>,
    /// Whether `UNSIGNED-PAYLOAD` will do outside S3, as it does for operations whose model says `v4-unsigned-body`.
    pub unsigned_payload: bool,
}

impl<'a> Options<'a> {
    /// Every region, and every body signed.
    #[must_use]
    pub fn new(flavor: Flavor, service: &'a str) -> Self {
        Self { flavor, service, region: None, unsigned_payload: false }
    }
}

/// What is known of the body when the signature is verified.
#[derive(Debug, Clone, Copy)]
pub enum Payload<'a> {
    /// The caller has read and hashed it.
    Sha256(&'a [u8; 32]),
    /// It has not been read: what `x-amz-content-sha256` declares is taken, and [`Verified::body`] says what is still to
    /// be checked. S3's way; elsewhere it needs the header.
    Declared,
}

/// What the signature promises of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// It has been hashed and is the one that was signed.
    Checked,
    /// Nothing: `UNSIGNED-PAYLOAD`.
    Unsigned,
    /// It has this hash: run it through [`Verified::body_check`].
    Sha256([u8; 32]),
    /// It is in chunks: run it through [`Verified::decoder`].
    Chunked(Mode),
}

/// A request whose signature is right.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Verified {
    /// What is still to be checked of the body. A caller that takes the body in must not acknowledge it before it has.
    pub body: Body,
    seed: Option<Box<ChunkSigner>>,
}

impl Verified {
    /// The check of a body that is known by its hash; `None` where there is nothing to check.
    #[must_use]
    pub fn body_check(&self) -> Option<BodyCheck> {
        match self.body {
            Body::Sha256(expected) => Some(BodyCheck::new(expected)),
            _ => None,
        }
    }

    /// The decoder of an `aws-chunked` body; `None` where the body is not in chunks.
    ///
    /// # Errors
    /// [`ChunkedError`] where `x-amz-decoded-content-length` or `x-amz-trailer` is missing or unusable.
    pub fn decoder(&self, headers: &HeaderMap) -> Result<Option<ChunkedDecoder>, ChunkedError> {
        match (self.body, &self.seed) {
            (Body::Chunked(mode), Some(seed)) => {
                ChunkedDecoder::new(mode, seed.as_ref().clone(), headers).map(Some)
            }
            _ => Ok(None),
        }
    }
}

impl Presented {
    /// Checks all but the signature: date, scope, and that whatever has to be signed is. Needs no key; [`Presented::verify`]
    /// does it too.
    ///
    /// # Errors
    /// The first fault, in AWS's order.
    pub fn check(
        &self,
        request: &Request<'_>,
        now: Timestamp,
        options: &Options<'_>,
    ) -> Result<(), AuthError> {
        if options.flavor == Flavor::S3 {
            self.check_declared_hash()?;
        }
        self.check_time(now, options.flavor)?;
        self.check_scope(options)?;
        self.check_signed_headers(request, options.flavor)
    }

    /// Verifies the signature, in constant time. `key` is derived from the secret of [`Presented::access_key_id`] and from
    /// [`Presented::scope`]; a key of another scope does not match.
    ///
    /// # Errors
    /// What [`Presented::check`] finds; [`AuthError::SignatureMismatch`]; [`AuthError::ContentSha256Mismatch`] where the body
    /// that was read is not the one declared.
    pub fn verify(
        &self,
        request: &Request<'_>,
        key: &SigningKey,
        payload: Payload<'_>,
        now: Timestamp,
        options: &Options<'_>,
    ) -> Result<Verified, AuthError> {
        self.check(request, now, options)?;
        let (line, body) = self.payload_line(payload, options)?;
        let form = Form {
            s3: options.flavor == Flavor::S3,
            signed_headers: &self.signed_headers,
            payload: &line,
            presigned: self.place() == Place::Query,
        };
        let canonical = canonical_request(request, form);
        let scope = self.scope.to_string();
        let to_sign = string_to_sign(&self.amz_date, &scope, &canonical);
        let computed = key.sign(&[to_sign.as_bytes()]);
        if !bool::from(computed.as_slice().ct_eq(self.signature.as_bytes())) {
            return Err(AuthError::SignatureMismatch(Box::new(Mismatch {
                access_key_id: self.access_key_id.clone(),
                string_to_sign: to_sign,
                signature_provided: self.signature.clone(),
                canonical_request: Some(String::from_utf8_lossy(&canonical).into_owned()),
            })));
        }
        if let (Payload::Sha256(computed), Body::Sha256(claimed)) = (payload, body) {
            same_digest(&claimed, computed)?;
            return Ok(Verified { body: Body::Checked, seed: None });
        }
        let chunked = matches!(body, Body::Chunked(_));
        let seed = chunked.then(|| Box::new(ChunkSigner::new(key.clone(), &self.amz_date, &scope, computed)));
        Ok(Verified { body, seed })
    }

    fn check_declared_hash(&self) -> Result<(), AuthError> {
        match self.content_sha256.as_deref() {
            Some(value) if ContentSha256::parse(value).is_none() => {
                Err(AuthError::ContentSha256Invalid { value: value.to_owned() })
            }
            None if self.place() == Place::Header => Err(AuthError::ContentSha256Missing),
            _ => Ok(()),
        }
    }

    fn check_time(&self, now: Timestamp, flavor: Flavor) -> Result<(), AuthError> {
        let (signed, lifetime) =
            (self.signed_at, Duration::from_secs(self.expires.unwrap_or_default().into()));
        if let (Flavor::S3, Some(expires)) = (flavor, self.expires) {
            let outside = expires == 0 || now > signed.plus(lifetime) || signed > now.plus(WINDOW);
            return if outside { Err(AuthError::OutsideLifetime { signed, expires, now }) } else { Ok(()) };
        }
        // Outside S3 a presigned request is good for 15 minutes whatever it says (so `aws eks get-token` with its
        // X-Amz-Expires=60 works), and longer where it asks for longer.
        let window = WINDOW.max(lifetime);
        if now > signed.plus(window) || signed > now.plus(WINDOW) {
            let window = if signed > now { WINDOW } else { window };
            return Err(AuthError::Skewed { date: self.amz_date.clone(), signed, now, window });
        }
        Ok(())
    }

    fn check_scope(&self, options: &Options<'_>) -> Result<(), AuthError> {
        match self.scope.fault(&self.amz_date, options) {
            Some(wrong) => Err(AuthError::WrongScope(Box::new(wrong), self.place())),
            None => Ok(()),
        }
    }

    /// `host` and every `x-amz-*` header have to be signed, with S3 also `Content-MD5`. `x-amz-content-sha256` need not: it
    /// is the canonical request's last line.
    fn check_signed_headers(&self, request: &Request<'_>, flavor: Flavor) -> Result<(), AuthError> {
        let signed = |name: &str| self.signed_headers.split(';').any(|signed| signed == name);
        let needed = |name: &str| {
            (name.starts_with("x-amz-") && name != "x-amz-content-sha256")
                || (flavor == Flavor::S3 && name == "content-md5")
        };
        let host = (!signed("host")).then_some("host");
        let others =
            request.headers.keys().map(http::HeaderName::as_str).filter(|name| needed(name) && !signed(name));
        let mut names: Vec<String> = host.into_iter().chain(others).map(str::to_owned).collect();
        if names.is_empty() {
            return Ok(());
        }
        names.sort_unstable();
        Err(AuthError::UnsignedHeaders { names })
    }

    /// The canonical request's last line, and what then is promised of the body.
    fn payload_line(&self, payload: Payload<'_>, options: &Options<'_>) -> Result<(String, Body), AuthError> {
        let declared = self.content_sha256.as_deref();
        let parsed = match declared {
            Some(value) => Some(
                ContentSha256::parse(value)
                    .ok_or_else(|| AuthError::ContentSha256Invalid { value: value.to_owned() })?,
            ),
            None => None,
        };
        let line = declared.unwrap_or(UNSIGNED_PAYLOAD).to_owned();
        let s3 = options.flavor == Flavor::S3;
        match (parsed, payload) {
            (Some(ContentSha256::Hash(hash)), _) => Ok((line, Body::Sha256(hash))),
            (Some(ContentSha256::Unsigned), _) if s3 || options.unsigned_payload => {
                Ok((line, Body::Unsigned))
            }
            (None, _) if s3 => Ok((line, Body::Unsigned)),
            (Some(ContentSha256::StreamingSigned), _) if s3 => Ok((line, Body::Chunked(Mode::Signed))),
            (Some(ContentSha256::StreamingSignedTrailer), _) if s3 => {
                Ok((line, Body::Chunked(Mode::SignedTrailer)))
            }
            (Some(ContentSha256::StreamingUnsignedTrailer), _) if s3 => {
                Ok((line, Body::Chunked(Mode::UnsignedTrailer)))
            }
            (None, Payload::Sha256(hash)) => Ok((hex::encode(hash), Body::Sha256(*hash))),
            (None, Payload::Declared) => Err(AuthError::ContentSha256Missing),
            (Some(_), _) => Err(AuthError::ContentSha256Invalid { value: line }),
        }
    }
}

#[cfg(test)]
mod tests;
