//! A bucket's settings.

use serde::{Deserialize, Serialize};

/// Whether overwritten and deleted objects are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Versioning {
    /// Never switched on: there is no way back to it.
    #[default]
    Off,
    Enabled,
    Suspended,
}

/// Who owns objects, and whether access control lists mean anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Ownership {
    #[default]
    BucketOwnerEnforced,
    BucketOwnerPreferred,
    ObjectWriter,
}

/// What keeps a bucket from becoming public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct PublicAccessBlock {
    pub(crate) block_public_acls: bool,
    pub(crate) ignore_public_acls: bool,
    pub(crate) block_public_policy: bool,
    pub(crate) restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// What new buckets have since April 2023.
    pub(crate) const ALL: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };
}

/// The default encryption: SSE-S3, always, since January 2023.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Encryption {
    pub(crate) bucket_key_enabled: bool,
    /// Such as `SSE-C`.
    #[serde(default)]
    pub(crate) blocked: Vec<String>,
}
