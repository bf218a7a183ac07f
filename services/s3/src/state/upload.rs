use super::{Acl, Sealing, StoredChecksum, SystemHeaders};
use blobs::BlobId;
use names::{AccountId, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Row;

/// A multipart upload that is under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Upload {
    /// The bucket's.
    pub(crate) scope: Scope,
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) id: String,
    pub(crate) initiated: Timestamp,
    /// Who began it, and who will own the object.
    pub(crate) initiator: String,
    pub(crate) owner: AccountId,
    pub(crate) storage_class: String,
    pub(crate) headers: SystemHeaders,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) tags: Tags,
    pub(crate) acl: Option<Acl>,
    /// The checksum algorithm that was chosen.
    pub(crate) algorithm: Option<String>,
    /// The object's checksum will be one of its parts' checksums.
    pub(crate) composite: bool,
    /// Of all its parts.
    #[serde(default, skip_serializing_if = "Sealing::is_plain")]
    pub(crate) sealing: Sealing,
}

impl Row for Upload {
    const TABLE: &'static str = "s3.uploads";
    type Key = (String, String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.bucket.clone(), self.key.clone(), self.id.clone())
    }
}

/// A part of an upload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// The bucket's.
    pub(crate) scope: Scope,
    pub(crate) bucket: String,
    pub(crate) upload: String,
    pub(crate) number: u16,
    pub(crate) modified: Timestamp,
    pub(crate) body: BlobId,
    /// MD5, in hexadecimal.
    pub(crate) etag: String,
    /// Of the upload's algorithm; where none was chosen, of the one that the part came with, or CRC64NVME.
    pub(crate) checksum: StoredChecksum,
}

impl Row for Part {
    const TABLE: &'static str = "s3.parts";
    type Key = (String, String, u16);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.bucket.clone(), self.upload.clone(), self.number)
    }
}
