use super::{Acl, Sealing};
use blobs::BlobId;
use bytes::Bytes;
use names::{AccountId, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, StoreError, Tx, View};

/// The version id of objects that were written while versioning was not enabled.
pub(crate) const NULL_VERSION: &str = "null";

/// The current version of a key: an object, or a delete marker. Its bytes are elsewhere, so that listing reads none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Object {
    /// The bucket's.
    pub(crate) scope: Scope,
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) version: String,
    /// Counts the versions of the key: greater is newer.
    pub(crate) generation: u64,
    /// Whole seconds, as S3 prints it.
    pub(crate) modified: Timestamp,
    pub(crate) size: u64,
    /// Without quotes; empty for a delete marker.
    pub(crate) etag: String,
    pub(crate) content: Content,
    pub(crate) storage_class: String,
    pub(crate) checksum: Option<StoredChecksum>,
    #[serde(default, skip_serializing_if = "SystemHeaders::is_empty")]
    pub(crate) headers: SystemHeaders,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) metadata: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
    /// The account that owns it: the bucket's, unless the bucket lets writers own what they write.
    pub(crate) owner: AccountId,
    /// None: private.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) acl: Option<Acl>,
    #[serde(default, skip_serializing_if = "Sealing::is_plain")]
    pub(crate) sealing: Sealing,
}

/// Where the bytes are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Content {
    /// Nowhere: a delete marker.
    DeleteMarker,
    /// In the row [`InlineBody`].
    Inline,
    Blob(BlobId),
    /// The parts of a multipart upload, in order.
    Pieces(Vec<Piece>),
}

/// A part of an object that was uploaded in parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Piece {
    pub(crate) number: u16,
    pub(crate) body: BlobId,
    pub(crate) checksum: Option<String>,
}

/// A checksum that is stored with an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredChecksum {
    /// `CRC32`, `CRC32C`, `CRC64NVME`, `SHA1` or `SHA256`.
    pub(crate) algorithm: String,
    /// Base64; with `-N` where it is a checksum of the parts' checksums.
    pub(crate) value: String,
    pub(crate) composite: bool,
}

/// Headers that are stored and answered as they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct SystemHeaders {
    pub(crate) cache_control: Option<String>,
    pub(crate) content_disposition: Option<String>,
    pub(crate) content_encoding: Option<String>,
    pub(crate) content_language: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) expires: Option<String>,
    pub(crate) website_redirect: Option<String>,
}

impl SystemHeaders {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Object {
    pub(crate) fn is_delete_marker(&self) -> bool {
        self.content == Content::DeleteMarker
    }

    pub(crate) fn quoted_etag(&self) -> String {
        format!("\"{}\"", self.etag)
    }

    /// A version of a key: the current one, or the one with an id.
    pub(crate) fn find(
        view: &View,
        scope: Scope,
        bucket: &str,
        key: &str,
        version: Option<&str>,
    ) -> Result<Option<Self>, StoreError> {
        let current: Option<Self> = view.get(scope, (bucket, key))?;
        let Some(version) = version else { return Ok(current) };
        match current {
            Some(current) if current.version == version => Ok(Some(current)),
            Some(_) => Ok(Noncurrent::find(view, scope, bucket, key, version)?.map(|found| found.0)),
            None => Ok(None),
        }
    }

    fn body_key(&self) -> (&str, &str, u64) {
        (&self.bucket, &self.key, self.generation)
    }

    /// The bytes that are kept in a row, sealed where the object is.
    pub(crate) fn inline(&self, view: &View) -> Result<Bytes, StoreError> {
        let body: Option<InlineBody> = view.get(self.scope, self.body_key())?;
        body.map(|body| body.bytes).ok_or_else(|| {
            StoreError::Corrupt(format!("the object {}/{} has no body", self.bucket, self.key))
        })
    }

    /// Removes the bytes that are kept in a row. Blobs go when nothing refers to them any more.
    pub(crate) fn remove_inline(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if self.content == Content::Inline {
            tx.remove::<InlineBody>(self.scope, self.body_key())?;
        }
        Ok(())
    }
}

impl Row for Object {
    const TABLE: &'static str = "s3.objects";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.bucket.clone(), self.key.clone())
    }
}

/// A version that is not the current one; the newest of a key comes first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Noncurrent(pub(crate) Object);

impl Noncurrent {
    pub(crate) fn find(
        view: &View,
        scope: Scope,
        bucket: &str,
        key: &str,
        version: &str,
    ) -> Result<Option<Self>, StoreError> {
        let mut found = None;
        view.scan::<Self>(scope, (bucket, key)).each(|row| {
            if row.0.version == version {
                found = Some(row);
                return std::ops::ControlFlow::Break(());
            }
            std::ops::ControlFlow::Continue(())
        })?;
        Ok(found)
    }
}

impl Row for Noncurrent {
    const TABLE: &'static str = "s3.noncurrent-versions";
    type Key = (String, String, u64);

    fn scope(&self) -> Scope {
        self.0.scope
    }

    fn key(&self) -> Self::Key {
        (self.0.bucket.clone(), self.0.key.clone(), u64::MAX - self.0.generation)
    }
}

/// The bytes of a small object.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct InlineBody {
    pub(crate) scope: Scope,
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) generation: u64,
    pub(crate) bytes: Bytes,
}

impl Row for InlineBody {
    const TABLE: &'static str = "s3.inline-bodies";
    type Key = (String, String, u64);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.bucket.clone(), self.key.clone(), self.generation)
    }
}
