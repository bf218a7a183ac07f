use crate::error::Answer;
use http::StatusCode;
use std::fmt;

/// Why a chunked body is refused. These are S3's errors: no other service takes chunked bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChunkedError {
    /// A chunk's or the trailer's signature is another one.
    SignatureMismatch,
    /// The body ended early, or a chunk is not framed as it has to be.
    Incomplete,
    /// The body has more or fewer bytes than `x-amz-decoded-content-length` says.
    WrongLength,
    /// A chunk that is not the last has less than 8192 bytes.
    ChunkTooSmall {
        /// Which chunk, from 1 on.
        chunk: u64,
        /// Its bytes.
        size: u64,
    },
    /// The trailer is malformed, is missing a header that `x-amz-trailer` announces, or has one that it does not announce.
    MalformedTrailer,
    /// `x-amz-trailer` announces something other than checksums.
    UnsupportedTrailer,
    /// There is no `x-amz-decoded-content-length`.
    MissingDecodedLength,
    /// `x-amz-decoded-content-length` is no number.
    InvalidDecodedLength {
        /// What was sent.
        value: String,
    },
}

impl ChunkedError {
    /// S3's code, sentence and status.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::SignatureMismatch => Answer::new(
                StatusCode::FORBIDDEN,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your key and \
                 signing method.",
            ),
            Self::Incomplete => {
                Answer::new(bad, "IncompleteBody", "The request body terminated unexpectedly")
            }
            Self::WrongLength => Answer::new(
                bad,
                "IncompleteBody",
                "You did not provide the number of bytes specified by the Content-Length HTTP header",
            ),
            Self::ChunkTooSmall { chunk, size } => Answer::new(
                StatusCode::FORBIDDEN,
                "InvalidChunkSizeError",
                "Only the last chunk is allowed to have a size less than 8192 bytes",
            )
            .with("Chunk", chunk.to_string())
            .with("BadChunkSize", size.to_string()),
            Self::MalformedTrailer => Answer::new(
                bad,
                "MalformedTrailerError",
                "The request contained trailing data that was not well-formed or did not conform to our published \
                 schema.",
            ),
            Self::UnsupportedTrailer => Answer::new(
                bad,
                "InvalidRequest",
                "The value specified in the x-amz-trailer header is not supported",
            ),
            Self::MissingDecodedLength => Answer::new(
                StatusCode::LENGTH_REQUIRED,
                "MissingContentLength",
                "You must provide the Content-Length HTTP header.",
            ),
            Self::InvalidDecodedLength { value } => {
                Answer::new(bad, "InvalidArgument", "x-amz-decoded-content-length must be a valid integer.")
                    .with("ArgumentName", "x-amz-decoded-content-length")
                    .with("ArgumentValue", value)
            }
        }
    }
}

impl fmt::Display for ChunkedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = self.answer();
        write!(f, "{}: {}", answer.code, answer.message)
    }
}

impl std::error::Error for ChunkedError {}
