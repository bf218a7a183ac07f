use crate::{BlobError, BlobId, BlobStream, Blobs};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// Bodies of at most so many bytes are kept in rows.
pub const INLINE_LIMIT: u64 = 16 * 1024;

/// A body as a row keeps it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// The bytes themselves.
    Inline(Bytes),
    /// Where the bytes are.
    Blob(BlobId),
}

/// Without the bytes: they are whatever users store.
impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Inline(bytes) => write!(f, "Inline({} bytes)", bytes.len()),
            Self::Blob(id) => write!(f, "Blob({id})"),
        }
    }
}

impl Body {
    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::Inline(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::Blob(id) => id.length,
        }
    }

    /// The blob that the row refers to, for garbage collection.
    #[must_use]
    pub fn blob(&self) -> Option<&BlobId> {
        match self {
            Self::Inline(_) => None,
            Self::Blob(id) => Some(id),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Inline(Bytes::new())
    }
}

impl Blobs {
    /// Streams a body.
    ///
    /// # Errors
    /// See [`Blobs::read`].
    pub async fn read_body(&self, body: &Body) -> Result<BlobStream, BlobError> {
        self.read_body_range(body, 0, body.length()).await
    }

    /// Streams a part of a body.
    ///
    /// # Errors
    /// See [`Blobs::read_range`].
    pub async fn read_body_range(
        &self,
        body: &Body,
        start: u64,
        length: u64,
    ) -> Result<BlobStream, BlobError> {
        match body {
            Body::Inline(bytes) => BlobStream::of_bytes(bytes, start, length),
            Body::Blob(id) => self.read_range(id, start, length).await,
        }
    }

    /// A whole body of at most `limit` bytes.
    ///
    /// # Errors
    /// See [`Blobs::read_to_bytes`].
    pub async fn body_to_bytes(&self, body: &Body, limit: u64) -> Result<Bytes, BlobError> {
        match body {
            Body::Inline(bytes) if body.length() <= limit => Ok(bytes.clone()),
            Body::Inline(_) => Err(BlobError::TooLarge { length: body.length(), limit }),
            Body::Blob(id) => self.read_to_bytes(id, limit).await,
        }
    }
}
