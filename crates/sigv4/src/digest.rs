use crate::AuthError;
use sha2::Digest;
use subtle::ConstantTimeEq;

/// SHA-256 of no bytes, in hexadecimal.
pub const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// SHA-256 of a body that arrives in pieces.
#[derive(Clone, Default, Debug)]
pub struct Sha256(sha2::Sha256);

impl Sha256 {
    /// Nothing hashed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The digest of one piece.
    #[must_use]
    pub fn of(bytes: &[u8]) -> [u8; 32] {
        sha2::Sha256::digest(bytes).into()
    }

    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The digest of a body in lower-case hexadecimal, as it stands in `x-amz-content-sha256`.
#[must_use]
pub fn hex_sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::of(bytes))
}

/// Checks a streamed body against the hash that its signature promised.
#[derive(Clone, Debug)]
pub struct BodyCheck {
    hasher: Sha256,
    expected: [u8; 32],
}

impl BodyCheck {
    pub(crate) fn new(expected: [u8; 32]) -> Self {
        Self { hasher: Sha256::new(), expected }
    }

    /// Takes the body's next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    /// Compares, once the body has ended.
    ///
    /// # Errors
    /// [`AuthError::ContentSha256Mismatch`] (S3's `XAmzContentSHA256Mismatch`).
    pub fn finish(self) -> Result<(), AuthError> {
        same_digest(&self.expected, &self.hasher.finish())
    }
}

pub(crate) fn same_digest(claimed: &[u8; 32], computed: &[u8; 32]) -> Result<(), AuthError> {
    if bool::from(claimed.ct_eq(computed)) {
        Ok(())
    } else {
        Err(AuthError::ContentSha256Mismatch {
            claimed: hex::encode(claimed),
            computed: hex::encode(computed),
        })
    }
}

pub(crate) fn to_hex(digest: &[u8; 32]) -> [u8; 64] {
    let mut out = [b'0'; 64];
    // 32 bytes always fit into 64 digits.
    let _ = hex::encode_to_slice(digest, &mut out);
    out
}

/// Sixty-four hexadecimal digits, in either case.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    hex::decode_to_slice(text, &mut out).ok()?;
    Some(out)
}
