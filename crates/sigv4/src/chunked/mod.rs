//! `aws-chunked` bodies: chunks of which each may carry a signature, and a trailer of checksums that may too.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>

mod decoder;
mod error;
mod signer;

pub use decoder::{ChunkedDecoder, Trailers};
pub use error::ChunkedError;
pub use signer::ChunkSigner;

/// What of a chunked body is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Every chunk; there is no trailer (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD`).
    Signed,
    /// Every chunk and the trailer (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`).
    SignedTrailer,
    /// Nothing; there is a trailer (`STREAMING-UNSIGNED-PAYLOAD-TRAILER`).
    UnsignedTrailer,
}

impl Mode {
    /// The word that stands for it in `x-amz-content-sha256`.
    #[must_use]
    pub const fn content_sha256(self) -> &'static str {
        match self {
            Self::Signed => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            Self::SignedTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            Self::UnsignedTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        }
    }

    pub(crate) const fn is_signed(self) -> bool {
        matches!(self, Self::Signed | Self::SignedTrailer)
    }

    pub(crate) const fn has_trailer(self) -> bool {
        matches!(self, Self::SignedTrailer | Self::UnsignedTrailer)
    }
}

/// The smallest chunk that is not the last.
pub(crate) const SMALLEST_CHUNK: u64 = 8192;
/// The header of a signed trailer's signature.
pub(crate) const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";

#[cfg(test)]
mod tests;
