use super::{CredentialScope, Presented, parse_amz_date, too_many};
use crate::{ALGORITHM, AuthError, Place, Request};
use names::Timestamp;

/// Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
pub(super) fn parse(request: &Request<'_>, authorization: &str) -> Result<Presented, AuthError> {
    let trimmed = authorization.trim();
    let (scheme, parameters) = trimmed.split_once(' ').unwrap_or((trimmed, ""));
    match scheme {
        ALGORITHM => {}
        "AWS4-ECDSA-P256-SHA256" => return Err(AuthError::Asymmetric),
        "AWS" => return Err(AuthError::SignatureVersion2),
        _ if scheme.starts_with("AWS4-") => {
            return Err(AuthError::UnsupportedAlgorithm {
                algorithm: scheme.to_owned(),
                authorization: authorization.to_owned(),
                place: Place::Header,
            });
        }
        _ => return Err(AuthError::UnsupportedScheme { authorization: authorization.to_owned() }),
    }
    let (mut credential, mut signature, mut signed_headers) = (None, None, None);
    for part in parameters.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let refuse = || AuthError::NotKeyValue { part: part.to_owned() };
        let (name, value) = part.split_once('=').ok_or_else(refuse)?;
        let slot = match name {
            "Credential" => &mut credential,
            "Signature" => &mut signature,
            "SignedHeaders" => &mut signed_headers,
            _ => continue,
        };
        if slot.replace(value).is_some() {
            return Err(refuse());
        }
    }
    let date = request.header("x-amz-date").or_else(|| request.header("date"));
    let (Some(credential), Some(signature), Some(signed_headers), Some(date)) =
        (credential, signature, signed_headers, date)
    else {
        let found = [("Credential", credential), ("Signature", signature), ("SignedHeaders", signed_headers)];
        return Err(AuthError::IncompleteHeader {
            missing: found.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect(),
            no_date: date.is_none(),
            authorization: authorization.to_owned(),
        });
    };
    let bad_date = || AuthError::BadDate { date: date.to_owned(), place: Place::Header };
    let signed_at = moment(date).ok_or_else(bad_date)?;
    if too_many(signed_headers) {
        return Err(AuthError::NotKeyValue { part: "SignedHeaders".to_owned() });
    }
    let (access_key_id, scope) = CredentialScope::split(credential, Place::Header)?;
    Ok(Presented {
        access_key_id,
        scope,
        signed_headers: signed_headers.to_owned(),
        amz_date: if date.len() == 16 { date.to_owned() } else { signed_at.compact() },
        signed_at,
        expires: None,
        session_token: request.header("x-amz-security-token").map(str::to_owned),
        content_sha256: request.header("x-amz-content-sha256").map(str::to_owned),
        signature: signature.to_owned(),
    })
}

/// `X-Amz-Date` is in SigV4's form, `Date` in HTTP's. With botocore a `Date` ends in `-0000`, and the string to sign has
/// the moment in SigV4's form all the same.
fn moment(date: &str) -> Option<Timestamp> {
    parse_amz_date(date).or_else(|| {
        let zoned = date.strip_suffix("-0000").or_else(|| date.strip_suffix("+0000"));
        match zoned {
            Some(rest) => Timestamp::parse_http_date(&format!("{rest}GMT")).ok(),
            None => Timestamp::parse_http_date(date).ok(),
        }
    })
}
