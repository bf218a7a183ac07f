use super::{CredentialScope, Presented, parse_amz_date, too_many};
use crate::encode::decode_query;
use crate::{ALGORITHM, AuthError, BadExpires, Place, Request};

const WEEK: u32 = 604_800;

/// The parameters of a query that sign it.
#[derive(Default)]
pub(super) struct Parameters {
    pub(super) algorithm: Option<String>,
    /// `Signature` is there, Signature Version 2's.
    pub(super) version_2: bool,
    credential: Option<String>,
    signature: Option<String>,
    date: Option<String>,
    signed_headers: Option<String>,
    expires: Option<String>,
    token: Option<String>,
    content_sha256: Option<String>,
    /// A parameter that came a second time, or that is no UTF-8.
    spoilt: Option<&'static str>,
}

impl Parameters {
    pub(super) fn find(query: &str) -> Self {
        let mut found = Self::default();
        // Most queries have none of them, and then nothing need be split.
        if !query.contains("X-Amz-") && !query.contains("Signature") && !query.contains('%') {
            return found;
        }
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = if name.contains(['%', '+']) {
                decode_query(name).unwrap_or_default()
            } else {
                name.to_owned()
            };
            found.take(&name, value);
        }
        found
    }

    fn take(&mut self, name: &str, value: &str) {
        let (slot, known) = match name {
            "X-Amz-Algorithm" => (&mut self.algorithm, "X-Amz-Algorithm"),
            "X-Amz-Credential" => (&mut self.credential, "X-Amz-Credential"),
            "X-Amz-Signature" => (&mut self.signature, "X-Amz-Signature"),
            "X-Amz-Date" => (&mut self.date, "X-Amz-Date"),
            "X-Amz-SignedHeaders" => (&mut self.signed_headers, "X-Amz-SignedHeaders"),
            "X-Amz-Expires" => (&mut self.expires, "X-Amz-Expires"),
            "X-Amz-Content-Sha256" => (&mut self.content_sha256, "X-Amz-Content-Sha256"),
            "X-Amz-Security-Token" => (&mut self.token, "X-Amz-Security-Token"),
            "Signature" => {
                self.version_2 = true;
                return;
            }
            _ => return,
        };
        let value = decode_query(value);
        if slot.is_some() || value.is_none() {
            self.spoilt = Some(known);
        }
        *slot = Some(value.unwrap_or_default());
    }
}

/// Reads a presigned request.
pub(super) fn parse(request: &Request<'_>, found: Parameters) -> Result<Presented, AuthError> {
    match found.algorithm.as_deref() {
        Some(ALGORITHM) => {}
        Some("AWS4-ECDSA-P256-SHA256") => return Err(AuthError::Asymmetric),
        other => {
            return Err(AuthError::UnsupportedAlgorithm {
                algorithm: other.unwrap_or_default().to_owned(),
                authorization: String::new(),
                place: Place::Query,
            });
        }
    }
    if let Some(name) = found.spoilt {
        return Err(AuthError::IncompleteQuery { missing: vec![name] });
    }
    let (Some(credential), Some(signature), Some(date), Some(signed_headers), Some(expires)) =
        (&found.credential, &found.signature, &found.date, &found.signed_headers, &found.expires)
    else {
        let parameters = [
            ("X-Amz-Credential", &found.credential),
            ("X-Amz-Signature", &found.signature),
            ("X-Amz-Date", &found.date),
            ("X-Amz-SignedHeaders", &found.signed_headers),
            ("X-Amz-Expires", &found.expires),
        ];
        let missing = parameters.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
        return Err(AuthError::IncompleteQuery { missing });
    };
    let bad_date = || AuthError::BadDate { date: date.clone(), place: Place::Query };
    let signed_at = parse_amz_date(date).ok_or_else(bad_date)?;
    let expires = lifetime(expires).map_err(AuthError::BadExpires)?;
    if too_many(signed_headers) {
        return Err(AuthError::IncompleteQuery { missing: vec!["X-Amz-SignedHeaders"] });
    }
    let (access_key_id, scope) = CredentialScope::split(credential, Place::Query)?;
    let token = found.token.or_else(|| request.header("x-amz-security-token").map(str::to_owned));
    // Presigners that hoist headers into the query (the SDK for JavaScript's) hoist this one too.
    let content_sha256 = request.header("x-amz-content-sha256").map(str::to_owned).or(found.content_sha256);
    Ok(Presented {
        access_key_id,
        scope,
        signed_headers: signed_headers.clone(),
        amz_date: date.clone(),
        signed_at,
        expires: Some(expires),
        session_token: token,
        content_sha256,
        signature: signature.clone(),
    })
}

/// From 0 seconds, with which a request has expired as it is made, to a week.
fn lifetime(text: &str) -> Result<u32, BadExpires> {
    match text.parse::<i64>().map_err(|_| BadExpires::NotANumber)? {
        ..0 => Err(BadExpires::Negative),
        seconds => u32::try_from(seconds).ok().filter(|seconds| *seconds <= WEEK).ok_or(BadExpires::TooLong),
    }
}
