use crate::error::{MALFORMED_CREDENTIAL, scope_fault};
use crate::{Answer, AuthError, Flavor, WrongScope};
use http::StatusCode;
use std::fmt;

/// Why a form upload is refused. These are S3's errors.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PostError {
    /// The signature is wrong, or of another kind.
    Auth(AuthError),
    /// A field is missing.
    MissingField {
        /// Which.
        field: &'static str,
    },
    /// A field comes more than once, so that it would not be clear which one the policy is about.
    FieldTwice {
        /// Which.
        field: String,
    },
    /// The fields before the file have more than 20 KB.
    FieldsTooLong,
    /// `x-amz-algorithm` is none of AWS's.
    Algorithm {
        /// What was sent.
        algorithm: String,
    },
    /// `x-amz-date` is none.
    Date {
        /// What was sent.
        date: String,
    },
    /// `x-amz-credential` does not have its five parts.
    MalformedCredential {
        /// What was sent.
        credential: String,
    },
    /// `x-amz-credential` is of another scope.
    WrongScope {
        /// What was sent.
        credential: String,
        /// What is wrong with it.
        scope: Box<WrongScope>,
    },
    /// The policy document is malformed.
    InvalidPolicy {
        /// How, as a sentence.
        reason: String,
    },
    /// The form is not as the policy demands, or the policy has expired.
    Refused {
        /// Why, as a sentence.
        reason: String,
    },
    /// The file is larger than `content-length-range` allows.
    TooLarge {
        /// The file's bytes.
        proposed: u64,
        /// The most that is allowed.
        maximum: u64,
    },
    /// The file is smaller than `content-length-range` allows.
    TooSmall {
        /// The file's bytes.
        proposed: u64,
        /// The least that is allowed.
        minimum: u64,
    },
}

impl PostError {
    pub(super) fn policy(reason: impl fmt::Display) -> Self {
        Self::InvalidPolicy { reason: format!("Invalid Policy: {reason}") }
    }

    pub(super) fn refused(reason: impl fmt::Display) -> Self {
        Self::Refused { reason: format!("Invalid according to Policy: {reason}") }
    }

    /// S3's code, sentence, status and further elements.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let bad = StatusCode::BAD_REQUEST;
        let argument = |message: &str, name: &str, value: &str| {
            Answer::new(bad, "InvalidArgument", message)
                .with("ArgumentName", name)
                .with("ArgumentValue", value)
        };
        match self {
            Self::Auth(error) => error.answer(Flavor::S3),
            Self::MissingField { field } => argument(
                &format!(
                    "Bucket POST must contain a field named '{field}'.  If it is specified, please check the order of \
                     the fields."
                ),
                field,
                "",
            ),
            Self::FieldTwice { field } => {
                argument(&format!("Bucket POST must contain only one field named '{field}'."), field, "")
            }
            Self::FieldsTooLong => Answer::new(
                bad,
                "MaxPostPreDataLengthExceededError",
                "Your POST request fields preceding the upload file were too large.",
            )
            .with("MaxPostPreDataLengthBytes", "20480"),
            Self::Algorithm { algorithm } => argument(
                "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"",
                "x-amz-algorithm",
                algorithm,
            ),
            Self::Date { date } => {
                argument("X-Amz-Date must be formatted via ISO8601 Long format.", "x-amz-date", date)
            }
            Self::MalformedCredential { credential } => {
                argument(MALFORMED_CREDENTIAL, "x-amz-credential", credential)
            }
            Self::WrongScope { credential, scope } => {
                argument(&Self::wrong_scope(scope), "x-amz-credential", credential)
            }
            Self::InvalidPolicy { reason } => Answer::new(bad, "InvalidPolicyDocument", reason),
            Self::Refused { reason } => Answer::new(StatusCode::FORBIDDEN, "AccessDenied", reason),
            Self::TooLarge { proposed, maximum } => {
                Answer::new(bad, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
                    .with("ProposedSize", proposed.to_string())
                    .with("MaxSizeAllowed", maximum.to_string())
            }
            Self::TooSmall { proposed, minimum } => Answer::new(
                bad,
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
            )
            .with("ProposedSize", proposed.to_string())
            .with("MinSizeAllowed", minimum.to_string()),
        }
    }

    fn wrong_scope(scope: &WrongScope) -> String {
        let others = scope.region.is_some() || scope.service.is_some() || scope.terminator.is_some();
        match &scope.date {
            Some(date) if !others && date.len() == 8 => format!(
                "Invalid credential date \"{date}\". This date is not the same as X-Amz-Date: \"{}\".",
                scope.request_date
            ),
            _ => scope_fault(scope).0,
        }
    }
}

impl fmt::Display for PostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = self.answer();
        write!(f, "{}: {}", answer.code, answer.message)
    }
}

impl std::error::Error for PostError {}
