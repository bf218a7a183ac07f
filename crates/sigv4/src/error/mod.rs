mod s3;
mod service;

pub(crate) use s3::{MALFORMED_CREDENTIAL, scope_fault};

use http::StatusCode;
use names::Timestamp;
use std::fmt;
use std::time::Duration;

/// The family of protocols in which an error is answered: they name and word the same fault differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavor {
    /// The query protocol, and REST-XML other than S3: IAM, STS, SNS, CloudFormation …
    Query,
    /// EC2's query protocol.
    Ec2,
    /// The JSON protocols (`x-amz-target`): DynamoDB, AWS Config, CloudWatch Logs …
    Json,
    /// REST-JSON: Lambda …
    RestJson,
    /// S3.
    S3,
}

/// An error as a protocol prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The code, such as `SignatureDoesNotMatch`.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
    /// S3's further elements, in order, such as `StringToSign`; empty with other protocols.
    pub details: Vec<(&'static str, String)>,
}

/// Where a request carries its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the Authorization header.
    Header,
    /// In the query: a presigned URL.
    Query,
}

/// What is wrong with `X-Amz-Expires`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadExpires {
    /// It is no number.
    NotANumber,
    /// It is below zero.
    Negative,
    /// It is more than 604800 seconds, a week.
    TooLong,
}

/// What of a credential scope is not as it has to be; what is right is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrongScope {
    /// The region that was sent.
    pub region: Option<String>,
    /// The region that was expected, where one was.
    pub expected_region: Option<String>,
    /// The service that was sent.
    pub service: Option<String>,
    /// The service that was expected.
    pub expected_service: String,
    /// The terminator that was sent.
    pub terminator: Option<String>,
    /// The date that was sent.
    pub date: Option<String>,
    /// The date of `X-Amz-Date`, in eight digits.
    pub request_date: String,
}

/// What S3 tells about a signature that does not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Who is said to have signed.
    pub access_key_id: String,
    /// The string that should have been signed.
    pub string_to_sign: String,
    /// The signature that came.
    pub signature_provided: String,
    /// The canonical request; `None` for a form upload, which has none.
    pub canonical_request: Option<String>,
}

/// Why a request is not authentic. A fact; what AWS says of it is [`AuthError::answer`].
///
/// `Debug` and `Display` print the code and sentence of the query protocol, never a token or an Authorization header.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthError {
    /// The request is not signed, and has to be.
    MissingToken,
    /// The Authorization header is of another scheme, such as `Bearer`, or of none.
    UnsupportedScheme {
        /// The header.
        authorization: String,
    },
    /// Signature Version 2, which AWS has retired.
    SignatureVersion2,
    /// A Signature Version 2 query that [`crate::version2`] does not take.
    Version2(crate::version2::Fault),
    /// `AWS4-ECDSA-P256-SHA256` (SigV4A), which is not built.
    Asymmetric,
    /// A header and a query that both sign, or one of them twice.
    SeveralMechanisms {
        /// The header, where there is one.
        authorization: Option<String>,
    },
    /// An algorithm that is none of AWS's.
    UnsupportedAlgorithm {
        /// Its name.
        algorithm: String,
        /// The header; empty for a presigned request.
        authorization: String,
        /// Where it stood.
        place: Place,
    },
    /// A part of the Authorization header without `=`, or a part that comes twice.
    NotKeyValue {
        /// The part.
        part: String,
    },
    /// Parts of the Authorization header are missing, or the date.
    IncompleteHeader {
        /// Of `Credential`, `Signature` and `SignedHeaders`, those that are missing.
        missing: Vec<&'static str>,
        /// Whether there is neither `X-Amz-Date` nor `Date`.
        no_date: bool,
        /// The header.
        authorization: String,
    },
    /// Parameters of a presigned request are missing, or come twice.
    IncompleteQuery {
        /// Their names.
        missing: Vec<&'static str>,
    },
    /// A date that is none.
    BadDate {
        /// What was sent.
        date: String,
        /// Where.
        place: Place,
    },
    /// `X-Amz-Expires` is out of bounds.
    BadExpires(BadExpires),
    /// The credential does not have its five parts.
    MalformedCredential {
        /// What was sent.
        credential: String,
        /// Where.
        place: Place,
    },
    /// The credential scope is another request's.
    WrongScope(Box<WrongScope>, Place),
    /// Headers that have to be signed are not.
    UnsignedHeaders {
        /// Their names, in lower case.
        names: Vec<String>,
    },
    /// The request was signed too long ago, or too far ahead.
    Skewed {
        /// When it was signed, as it was sent.
        date: String,
        /// When it was signed.
        signed: Timestamp,
        /// Now.
        now: Timestamp,
        /// How far apart the two may be.
        window: Duration,
    },
    /// A presigned S3 request is past its `X-Amz-Expires`, or its `X-Amz-Date` lies ahead.
    OutsideLifetime {
        /// When it was signed.
        signed: Timestamp,
        /// For how many seconds.
        expires: u32,
        /// Now.
        now: Timestamp,
    },
    /// There is no such access key (or it is inactive, or a temporary one that came without its token).
    UnknownAccessKey {
        /// Its id.
        access_key_id: String,
    },
    /// The session token is not that of the access key.
    InvalidToken {
        /// What was sent.
        token: String,
    },
    /// The session is over.
    ExpiredToken {
        /// What was sent.
        token: String,
    },
    /// The signature is another one.
    SignatureMismatch(Box<Mismatch>),
    /// `x-amz-content-sha256` is missing, where it is needed.
    ContentSha256Missing,
    /// `x-amz-content-sha256` is neither a hash nor one of the words that stand for one (or a word that does not fit here).
    ContentSha256Invalid {
        /// What was sent.
        value: String,
    },
    /// The body is not the one of which `x-amz-content-sha256` tells.
    ContentSha256Mismatch {
        /// The hash that was sent.
        claimed: String,
        /// The body's.
        computed: String,
    },
}

impl AuthError {
    /// Code, sentence, status and further elements, as the protocol prints them.
    #[must_use]
    pub fn answer(&self, flavor: Flavor) -> Answer {
        if *self == Self::Asymmetric {
            return Answer::new(
                StatusCode::NOT_IMPLEMENTED,
                "NotImplemented",
                "AWS4-ECDSA-P256-SHA256 (SigV4A) is not implemented. Please use AWS4-HMAC-SHA256.",
            );
        }
        match flavor {
            Flavor::S3 => s3::answer(self),
            Flavor::Query | Flavor::Ec2 | Flavor::Json | Flavor::RestJson => service::answer(self, flavor),
        }
    }

    /// The code, such as `InvalidClientTokenId`.
    #[must_use]
    pub fn code(&self, flavor: Flavor) -> &'static str {
        self.answer(flavor).code
    }
}

impl Answer {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = self.answer(Flavor::Query);
        write!(f, "{}: {}", answer.code, answer.message)
    }
}

impl fmt::Debug for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthError({self})")
    }
}

impl std::error::Error for AuthError {}

#[cfg(test)]
mod tests;
