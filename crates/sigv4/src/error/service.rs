//! The words of every service but S3.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html>

use super::{Answer, AuthError, BadExpires, Flavor, Place, WrongScope};
use crate::Sha256;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::StatusCode;
use names::Timestamp;
use std::time::Duration;

/// What kind of fault it is; each protocol has its own code for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Missing,
    Incomplete,
    Mismatch,
    UnknownKey,
    Expired,
    Skewed,
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check your AWS \
    Secret Access Key and signing method. Consult the service documentation for details.";

pub(super) fn answer(error: &AuthError, flavor: Flavor) -> Answer {
    let (kind, message) = fault(error, flavor);
    if flavor == Flavor::Ec2 && matches!(kind, Kind::Mismatch | Kind::UnknownKey) {
        return Answer::new(
            StatusCode::UNAUTHORIZED,
            "AuthFailure",
            "AWS was not able to validate the provided access credentials",
        );
    }
    if flavor == Flavor::Ec2 && matches!(kind, Kind::Skewed | Kind::Expired) {
        return Answer::new(StatusCode::BAD_REQUEST, "RequestExpired", "Request has expired.");
    }
    if flavor == Flavor::Ec2 && kind == Kind::Missing {
        let message = "The request must contain the parameter AWSAccessKeyId";
        return Answer::new(StatusCode::BAD_REQUEST, "MissingParameter", message);
    }
    let json = matches!(flavor, Flavor::Json | Flavor::RestJson);
    let code = match (kind, json) {
        (Kind::Missing, false) => "MissingAuthenticationToken",
        (Kind::Missing, true) => "MissingAuthenticationTokenException",
        (Kind::Incomplete, false) => "IncompleteSignature",
        (Kind::Incomplete, true) => "IncompleteSignatureException",
        (Kind::Mismatch | Kind::Skewed, false) => "SignatureDoesNotMatch",
        (Kind::Mismatch | Kind::Skewed, true) => "InvalidSignatureException",
        (Kind::UnknownKey, false) => "InvalidClientTokenId",
        (Kind::UnknownKey, true) => "UnrecognizedClientException",
        (Kind::Expired, false) => "ExpiredToken",
        (Kind::Expired, true) => "ExpiredTokenException",
    };
    let status = match (flavor, kind) {
        (Flavor::Json, _) | (Flavor::Query | Flavor::Ec2, Kind::Incomplete) => StatusCode::BAD_REQUEST,
        _ => StatusCode::FORBIDDEN,
    };
    Answer::new(status, code, message)
}

fn fault(error: &AuthError, flavor: Flavor) -> (Kind, String) {
    match error {
        AuthError::MissingToken | AuthError::UnsupportedScheme { .. } if flavor == Flavor::RestJson => {
            (Kind::Missing, "Missing Authentication Token".into())
        }
        AuthError::MissingToken | AuthError::UnsupportedScheme { .. } => {
            (Kind::Missing, "Request is missing Authentication Token".into())
        }
        AuthError::SignatureVersion2 | AuthError::Version2(_) => {
            (Kind::Incomplete, "AWS Signature Version 2 is not supported.".into())
        }
        AuthError::Asymmetric => (Kind::Incomplete, unsupported("AWS4-ECDSA-P256-SHA256")),
        AuthError::SeveralMechanisms { .. } => (Kind::Incomplete, super::s3::ONE_MECHANISM.into()),
        AuthError::UnsupportedAlgorithm { algorithm, .. } => (Kind::Incomplete, unsupported(algorithm)),
        AuthError::NotKeyValue { part } => (
            Kind::Incomplete,
            format!(
                "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded \
                 with Base64): '{}'.",
                hashed(part)
            ),
        ),
        AuthError::IncompleteHeader { missing, no_date, authorization } => {
            (Kind::Incomplete, incomplete_header(missing, *no_date, authorization))
        }
        AuthError::IncompleteQuery { missing } => {
            let sentences =
                missing.iter().map(|name| format!("AWS query-string parameters must include '{name}'. "));
            (Kind::Incomplete, sentences.collect::<String>() + "Re-examine the query-string parameters.")
        }
        AuthError::BadDate { date, .. } => (
            Kind::Incomplete,
            format!(
                "Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601"
            ),
        ),
        AuthError::BadExpires(bad) => (Kind::Incomplete, bad.sentence().into()),
        AuthError::MalformedCredential { credential, .. } => (
            Kind::Incomplete,
            format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got \
                 '{credential}'"
            ),
        ),
        AuthError::WrongScope(scope, _) => (Kind::Mismatch, wrong_scope(scope)),
        AuthError::UnsignedHeaders { names } if names.iter().any(|name| name == "host") => (
            Kind::Mismatch,
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".into(),
        ),
        AuthError::UnsignedHeaders { names } => (
            Kind::Incomplete,
            format!(
                "The request signature does not conform to AWS standards. Header(s) not signed: {}.",
                names.join(", ")
            ),
        ),
        AuthError::Skewed { date: _, signed, now, window } => (Kind::Skewed, skewed(*signed, *now, *window)),
        AuthError::OutsideLifetime { signed, expires, now } => {
            (Kind::Skewed, skewed(*signed, *now, Duration::from_secs((*expires).into())))
        }
        AuthError::UnknownAccessKey { .. } => {
            (Kind::UnknownKey, "The security token included in the request is invalid.".into())
        }
        // Without a full stop, as measured on DynamoDB: a token that does not resolve is worded unlike an unknown key.
        AuthError::InvalidToken { .. } => {
            (Kind::UnknownKey, "The security token included in the request is invalid".into())
        }
        AuthError::ExpiredToken { .. } => {
            (Kind::Expired, "The security token included in the request is expired".into())
        }
        AuthError::SignatureMismatch(_)
        | AuthError::ContentSha256Missing
        | AuthError::ContentSha256Invalid { .. }
        | AuthError::ContentSha256Mismatch { .. } => (Kind::Mismatch, MISMATCH.into()),
    }
}

fn unsupported(algorithm: &str) -> String {
    format!("Unsupported AWS 'algorithm': '{algorithm}' (only AWS4-HMAC-SHA256 for now). ")
}

/// AWS does not repeat the header (it may be somebody's bearer token) but its hash.
fn hashed(text: &str) -> String {
    STANDARD.encode(Sha256::of(text.as_bytes()))
}

fn incomplete_header(missing: &[&str], no_date: bool, authorization: &str) -> String {
    let mut message: String =
        missing.iter().map(|name| format!("Authorization header requires '{name}' parameter. ")).collect();
    if no_date {
        message += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
    }
    message
        + &format!("(Hashed with SHA-256 and encoded with Base64) Authorization={}", hashed(authorization))
}

/// One sentence for each fault. They end in a blank: so AWS prints them.
fn wrong_scope(scope: &WrongScope) -> String {
    let mut message = String::new();
    if scope.region.is_some() {
        message += "Credential should be scoped to a valid region. ";
    }
    if scope.service.is_some() {
        message += &format!("Credential should be scoped to correct service: '{}'. ", scope.expected_service);
    }
    if scope.terminator.is_some() {
        message += "Credential should be scoped with a valid terminator: 'aws4_request'. ";
    }
    if scope.date.is_some() {
        message +=
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.";
    }
    message
}

fn skewed(signed: Timestamp, now: Timestamp, window: Duration) -> String {
    let minutes = window.as_secs() / 60;
    let (signed_text, now_text) = (signed.compact(), now.compact());
    if signed < now {
        let bound = now.minus(window).compact();
        format!("Signature expired: {signed_text} is now earlier than {bound} ({now_text} - {minutes} min.)")
    } else {
        let bound = now.plus(window).compact();
        format!(
            "Signature not yet current: {signed_text} is still later than {bound} ({now_text} + {minutes} min.)"
        )
    }
}

impl BadExpires {
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::NotANumber => "X-Amz-Expires should be a number",
            Self::Negative => "X-Amz-Expires must be non-negative",
            Self::TooLong => {
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less \
                 than 604800 seconds"
            }
        }
    }
}

impl Place {
    pub(super) const fn is_query(self) -> bool {
        matches!(self, Self::Query)
    }
}
