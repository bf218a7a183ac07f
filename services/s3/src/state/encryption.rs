//! How bytes are kept secret on the disk.

use blobs::WrappedKey;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A bucket's default encryption.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Encryption {
    pub(crate) bucket_key_enabled: bool,
    /// Such as `SSE-C`.
    #[serde(default)]
    pub(crate) blocked: Vec<String>,
    #[serde(default)]
    pub(crate) default: DefaultEncryption,
}

/// What happens to objects whose writer says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum DefaultEncryption {
    /// SSE-S3, as always since January 2023.
    #[default]
    S3,
    /// SSE-KMS; without a key, by the one that AWS manages.
    Kms(Option<String>),
    /// Nothing, as before January 2023.
    None,
}

/// How an object's bytes are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Sealing {
    /// They are not.
    #[default]
    Plain,
    /// SSE-S3: with a key of its own, which the data directory's key wraps.
    S3(WrappedKey),
    /// SSE-KMS: with a key of its own, which a KMS key encrypts.
    Kms(KmsSealing),
    /// SSE-C: with the customer's key, which is not kept. What is kept opens with that key and no other, and holds nothing.
    Customer(Bytes),
}

/// What decrypting an object's key by KMS needs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KmsSealing {
    /// The KMS key's ARN.
    pub(crate) key: String,
    /// The object's key, encrypted.
    pub(crate) ciphertext: Bytes,
    pub(crate) context: BTreeMap<String, String>,
    pub(crate) bucket_key: bool,
}

impl std::fmt::Debug for KmsSealing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KmsSealing(by {})", self.key)
    }
}

impl Sealing {
    pub(crate) fn is_plain(&self) -> bool {
        *self == Self::Plain
    }

    /// How many bytes of plaintext a blob of the object has.
    pub(crate) fn plain_length(&self, blob: &blobs::BlobId) -> u64 {
        if self.is_plain() { blob.length } else { blobs::plain_length(blob.length).unwrap_or(0) }
    }
}
