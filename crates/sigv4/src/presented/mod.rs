mod header;
mod query;

use crate::{AuthError, Options, Place, Request, TERMINATOR, WrongScope};
use names::{Region, Timestamp};
use std::fmt;
use subtle::ConstantTimeEq;

/// More names than any client signs; what is longer is refused before it costs anything.
const MAX_SIGNED_HEADERS: usize = 200;

/// Where, when and for what a signature holds: `20261121/us-east-1/s3/aws4_request`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CredentialScope {
    /// The UTC date in eight digits, which is the signing key's date.
    pub date: String,
    /// The region as the client wrote it; [`Presented::check`] verifies that it could be one.
    pub region: String,
    /// The signing name of the service, such as `monitoring` for CloudWatch.
    pub service: String,
    pub(crate) terminator: String,
}

impl fmt::Display for CredentialScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.date, self.region, self.service, self.terminator)
    }
}

impl CredentialScope {
    /// The scope of a key.
    #[must_use]
    pub fn new(date: &str, region: &str, service: &str) -> Self {
        Self {
            date: date.into(),
            region: region.into(),
            service: service.into(),
            terminator: TERMINATOR.into(),
        }
    }

    /// Splits `AKID/date/region/service/aws4_request`. A date, region, service or terminator that is empty or wrong is
    /// found by [`Presented::check`].
    pub(crate) fn split(credential: &str, place: Place) -> Result<(String, Self), AuthError> {
        let fail = || AuthError::MalformedCredential { credential: credential.to_owned(), place };
        let mut parts = credential.split('/');
        let mut next = || parts.next().map(str::to_owned).ok_or_else(fail);
        let access_key_id = next()?;
        let scope = Self { date: next()?, region: next()?, service: next()?, terminator: next()? };
        if parts.next().is_some() || access_key_id.is_empty() {
            return Err(fail());
        }
        Ok((access_key_id, scope))
    }

    /// What of the scope is not what a request of this moment to this endpoint has to have.
    pub(crate) fn fault(&self, amz_date: &str, options: &Options<'_>) -> Option<WrongScope> {
        let day = amz_date.get(..8).unwrap_or_default();
        let region_fits = match options.region {
            Some(expected) => self.region == expected,
            // The scope of global services' rows is no region: what is made there would be in none.
            None => self.region.parse::<Region>().is_ok_and(|region| region != Region::GLOBAL),
        };
        let service_fits = self.service == options.service;
        let terminator_fits = self.terminator == TERMINATOR;
        let date_fits = self.date == day && !day.is_empty();
        if region_fits && service_fits && terminator_fits && date_fits {
            return None;
        }
        let unless = |right: bool, text: &str| (!right).then(|| text.to_owned());
        Some(WrongScope {
            region: unless(region_fits, &self.region),
            expected_region: options.region.map(str::to_owned),
            service: unless(service_fits, &self.service),
            expected_service: options.service.to_owned(),
            terminator: unless(terminator_fits, &self.terminator),
            date: unless(date_fits, &self.date),
            request_date: day.to_owned(),
        })
    }
}

/// What `x-amz-content-sha256` says of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentSha256 {
    /// Its hash.
    Hash([u8; 32]),
    /// `UNSIGNED-PAYLOAD`.
    Unsigned,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: signed chunks.
    StreamingSigned,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`: signed chunks and a signed trailer.
    StreamingSignedTrailer,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: chunks and a trailer, not signed.
    StreamingUnsignedTrailer,
}

impl ContentSha256 {
    /// Reads the header; `None` where it is neither a hash nor one of the words.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "UNSIGNED-PAYLOAD" => Some(Self::Unsigned),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => Some(Self::StreamingSigned),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => Some(Self::StreamingSignedTrailer),
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => Some(Self::StreamingUnsignedTrailer),
            _ => crate::digest::from_hex(text).map(Self::Hash),
        }
    }
}

/// A signature as a request presents it: read, not yet believed. `Debug` prints neither signature nor token.
#[derive(Clone)]
#[non_exhaustive]
pub struct Presented {
    /// Who is said to have signed.
    pub access_key_id: String,
    /// Where, when and for what.
    pub scope: CredentialScope,
    /// The names of the signed headers as they were sent, separated by semicolons.
    pub signed_headers: String,
    /// When it was signed, in the form `20261121T093000Z`.
    pub amz_date: String,
    /// The same moment.
    pub signed_at: Timestamp,
    /// A presigned request's lifetime in seconds, at most a week; `None` for a signed header.
    pub expires: Option<u32>,
    /// The token of temporary credentials, which the caller compares ([`Presented::session_token_is`]).
    pub session_token: Option<String>,
    /// `x-amz-content-sha256`, as it was sent.
    pub content_sha256: Option<String>,
    pub(crate) signature: String,
}

impl Presented {
    /// Where the request carries its signature.
    #[must_use]
    pub fn place(&self) -> Place {
        if self.expires.is_some() { Place::Query } else { Place::Header }
    }

    /// Compares the session token in constant time. A request without a token has the empty one.
    #[must_use]
    pub fn session_token_is(&self, expected: &str) -> bool {
        self.session_token.as_deref().unwrap_or_default().as_bytes().ct_eq(expected.as_bytes()).into()
    }
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented")
            .field("access_key_id", &self.access_key_id)
            .field("scope", &self.scope)
            .field("signed_headers", &self.signed_headers)
            .field("amz_date", &self.amz_date)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Finds how a request is signed. `Ok(None)` is an anonymous request, which carries no credential at all.
///
/// # Errors
/// An [`AuthError`] where a credential is there and cannot be read, is of a retired or unsupported kind, or where there
/// are two of them.
pub fn parse(request: &Request<'_>) -> Result<Option<Presented>, AuthError> {
    let parameters = query::Parameters::find(request.query);
    let mut headers = request.headers.get_all("authorization").iter();
    let Some(header) = headers.next() else {
        return match (parameters.algorithm.is_some(), parameters.version_2) {
            (true, true) => Err(AuthError::SeveralMechanisms { authorization: None }),
            (true, false) => query::parse(request, parameters).map(Some),
            (false, true) => Err(AuthError::SignatureVersion2),
            (false, false) => Ok(None),
        };
    };
    let text = String::from_utf8_lossy(header.as_bytes());
    if headers.next().is_some() || parameters.algorithm.is_some() || parameters.version_2 {
        return Err(AuthError::SeveralMechanisms { authorization: Some(text.into_owned()) });
    }
    header::parse(request, &text).map(Some)
}

/// SigV4's own form, strictly: `20261121T093000Z`.
pub(crate) fn parse_amz_date(text: &str) -> Option<Timestamp> {
    let shaped = text.len() == 16
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
    if shaped { Timestamp::parse_compact(text).ok() } else { None }
}

fn too_many(signed_headers: &str) -> bool {
    signed_headers.bytes().filter(|byte| *byte == b';').count() >= MAX_SIGNED_HEADERS
}

#[cfg(test)]
mod tests;
