//! The words of S3. <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>

use super::{Answer, AuthError, Mismatch, Place, WrongScope};
use crate::version2::Fault;
use http::StatusCode;
use names::Timestamp;
use std::time::Duration;

pub(super) const ONE_MECHANISM: &str = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, \
    Signature query string parameter or the Authorization header should be specified";
pub(crate) const MALFORMED_CREDENTIAL: &str =
    "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";

fn malformed(place: Place, detail: &str) -> Answer {
    if place.is_query() {
        query(format!("Error parsing the X-Amz-Credential parameter; {detail}"))
    } else {
        let message = format!("The authorization header is malformed; {detail}");
        Answer::new(StatusCode::BAD_REQUEST, "AuthorizationHeaderMalformed", message)
    }
}

fn query(message: impl Into<String>) -> Answer {
    Answer::new(StatusCode::BAD_REQUEST, "AuthorizationQueryParametersError", message)
}

fn denied(message: &str) -> Answer {
    Answer::new(StatusCode::FORBIDDEN, "AccessDenied", message)
}

fn argument(message: &str, name: &str, value: &str) -> Answer {
    Answer::new(StatusCode::BAD_REQUEST, "InvalidArgument", message)
        .with("ArgumentName", name)
        .with("ArgumentValue", value)
}

fn invalid_request(message: &str) -> Answer {
    Answer::new(StatusCode::BAD_REQUEST, "InvalidRequest", message)
}

pub(super) fn answer(error: &AuthError) -> Answer {
    match error {
        AuthError::MissingToken => denied("Access Denied"),
        AuthError::UnsupportedScheme { authorization } if !authorization.trim().contains(' ') => argument(
            "Authorization header is invalid -- one and only one ' ' (space) required",
            "Authorization",
            authorization,
        ),
        AuthError::UnsupportedScheme { authorization }
        | AuthError::UnsupportedAlgorithm { authorization, place: Place::Header, .. } => {
            argument("Unsupported Authorization Type", "Authorization", authorization)
        }
        AuthError::SignatureVersion2 => invalid_request(
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        ),
        AuthError::Version2(fault) => version_2(fault),
        AuthError::SeveralMechanisms { authorization } => {
            let answer = Answer::new(StatusCode::BAD_REQUEST, "InvalidArgument", ONE_MECHANISM)
                .with("ArgumentName", "Authorization");
            match authorization {
                Some(authorization) => answer.with("ArgumentValue", authorization),
                None => answer,
            }
        }
        AuthError::Asymmetric | AuthError::UnsupportedAlgorithm { .. } => {
            query("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"")
        }
        AuthError::IncompleteHeader { no_date: true, .. }
        | AuthError::BadDate { place: Place::Header, .. } => {
            denied("AWS authentication requires a valid Date or x-amz-date header")
        }
        AuthError::NotKeyValue { .. } | AuthError::IncompleteHeader { .. } => malformed(
            Place::Header,
            "the authorization header requires three components: Credential, SignedHeaders, and Signature.",
        ),
        AuthError::IncompleteQuery { .. } => query(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, \
             X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
        ),
        AuthError::BadDate { .. } => {
            query("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
        }
        AuthError::BadExpires(bad) => query(bad.sentence()),
        AuthError::MalformedCredential { place, .. } => malformed(*place, MALFORMED_CREDENTIAL),
        AuthError::WrongScope(scope, place) => wrong_scope(scope, *place),
        AuthError::UnsignedHeaders { names } => {
            denied("There were headers present in the request which were not signed")
                .with("HeadersNotSigned", names.join(", "))
        }
        AuthError::Skewed { date, now, window, .. } => {
            let message = "The difference between the request time and the current time is too large.";
            Answer::new(StatusCode::FORBIDDEN, "RequestTimeTooSkewed", message)
                .with("RequestTime", date)
                .with("ServerTime", now.iso_seconds())
                .with("MaxAllowedSkewMilliseconds", window.as_millis().to_string())
        }
        AuthError::OutsideLifetime { signed, expires, now } => outside_lifetime(*signed, *expires, *now),
        AuthError::UnknownAccessKey { access_key_id } => Answer::new(
            StatusCode::FORBIDDEN,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        )
        .with("AWSAccessKeyId", access_key_id),
        AuthError::InvalidToken { token } => Answer::new(
            StatusCode::BAD_REQUEST,
            "InvalidToken",
            "The provided token is malformed or otherwise invalid.",
        )
        .with("Token-0", token),
        AuthError::ExpiredToken { token } => {
            Answer::new(StatusCode::BAD_REQUEST, "ExpiredToken", "The provided token has expired.")
                .with("Token-0", token)
        }
        AuthError::SignatureMismatch(mismatch) => signature_mismatch(mismatch),
        AuthError::ContentSha256Missing => {
            invalid_request("Missing required header for this request: x-amz-content-sha256")
        }
        AuthError::ContentSha256Invalid { value } => argument(
            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
             STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
             STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid \
             sha256 value.",
            "x-amz-content-sha256",
            value,
        ),
        AuthError::ContentSha256Mismatch { claimed, computed } => Answer::new(
            StatusCode::BAD_REQUEST,
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        )
        .with("ClientComputedContentSHA256", claimed)
        .with("S3ComputedContentSHA256", computed),
    }
}

/// The first fault of a scope, in S3's order: the date's form, the region, the service, the terminator, the date itself.
pub(crate) fn scope_fault(scope: &WrongScope) -> (String, Option<&str>) {
    if let Some(date) =
        scope.date.as_ref().filter(|date| date.len() != 8 || !date.bytes().all(|b| b.is_ascii_digit()))
    {
        return (
            format!(
                "incorrect date format \"{date}\". This date in the credential must be in the format \"yyyyMMdd\"."
            ),
            None,
        );
    }
    if let Some(region) = &scope.region {
        let expected = scope.expected_region.as_deref();
        return match expected {
            _ if region.is_empty() => ("a non-empty region must be provided in the credential.".into(), None),
            Some(expected) => {
                (format!("the region '{region}' is wrong; expecting '{expected}'"), Some(expected))
            }
            None => (format!("the region '{region}' is wrong"), None),
        };
    }
    if let Some(service) = &scope.service {
        let expected = &scope.expected_service;
        return (format!("incorrect service \"{service}\". This endpoint belongs to \"{expected}\"."), None);
    }
    let terminator = scope.terminator.as_deref().unwrap_or_default();
    (format!("incorrect terminal \"{terminator}\". This endpoint uses \"aws4_request\"."), None)
}

fn wrong_scope(scope: &WrongScope, place: Place) -> Answer {
    let date_only = scope.region.is_none() && scope.service.is_none() && scope.terminator.is_none();
    if let Some(date) = scope.date.as_ref().filter(|date| date_only && date.len() == 8) {
        if !place.is_query() {
            return malformed(place, "Invalid credential date. Date is not the same as X-Amz-Date.");
        }
        let request_date = &scope.request_date;
        return query(format!(
            "Invalid credential date \"{date}\". This date is not the same as X-Amz-Date: \"{request_date}\"."
        ));
    }
    let (detail, region) = scope_fault(scope);
    let answer = malformed(place, &detail);
    match region {
        Some(region) => answer.with("Region", region),
        None => answer,
    }
}

fn version_2(fault: &Fault) -> Answer {
    match fault {
        Fault::Incomplete => denied(
            "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
        ),
        Fault::BadExpires { value } => {
            denied(&format!("Invalid date (should be seconds since epoch): {value}"))
        }
        Fault::Expired { expires, now } => denied("Request has expired")
            .with("Expires", expires.iso_seconds())
            .with("ServerTime", now.iso_seconds()),
    }
}

fn outside_lifetime(signed: Timestamp, expires: u32, now: Timestamp) -> Answer {
    let end = signed.plus(Duration::from_secs(expires.into())).iso_seconds();
    let answer = if signed > now {
        denied("Request is not yet valid").with("X-Amz-Date", signed.millis().to_string())
    } else {
        denied("Request has expired").with("X-Amz-Expires", expires.to_string())
    };
    answer.with("Expires", end).with("ServerTime", now.iso_seconds())
}

fn signature_mismatch(mismatch: &Mismatch) -> Answer {
    let bytes = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    let answer = Answer::new(
        StatusCode::FORBIDDEN,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key and signing \
         method.",
    )
    .with("AWSAccessKeyId", &mismatch.access_key_id)
    .with("StringToSign", &mismatch.string_to_sign)
    .with("SignatureProvided", &mismatch.signature_provided)
    .with("StringToSignBytes", bytes(&mismatch.string_to_sign));
    match &mismatch.canonical_request {
        Some(canonical) => {
            answer.with("CanonicalRequest", canonical).with("CanonicalRequestBytes", bytes(canonical))
        }
        None => answer,
    }
}
