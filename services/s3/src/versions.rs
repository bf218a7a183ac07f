//! Versions of a key: how a new one takes its place, and what a removal leaves.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html>

use crate::notifications::{Event, tell};
use crate::state::{Bucket, Content, InlineBody, NULL_VERSION, Noncurrent, Object, Sealing, Versioning};
use api_s3::Error;
use bytes::Bytes;
use contract::Call;
use store::{StoreError, Tx};

/// Who removes: what is told of it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Request,
    Lifecycle,
}

impl By {
    fn deleted(self) -> Event {
        match self {
            Self::Request => Event::Delete,
            Self::Lifecycle => Event::Expired,
        }
    }

    fn marked(self) -> Event {
        match self {
            Self::Request => Event::DeleteMarkerCreated,
            Self::Lifecycle => Event::ExpiredToMarker,
        }
    }
}

/// A version that is to be removed was not there, or what it was.
pub(crate) struct Removed {
    pub(crate) version: String,
    pub(crate) was_delete_marker: bool,
}

/// Makes `object` the current version of its key; its version id and generation are chosen here. Answers it as stored.
pub(crate) fn put(
    tx: &mut Tx,
    call: &Call,
    bucket: &Bucket,
    mut object: Object,
    inline: Option<Bytes>,
) -> Result<Object, StoreError> {
    let current: Option<Object> = tx.get(bucket.scope, (bucket.name.as_str(), object.key.as_str()))?;
    object.generation = current.as_ref().map_or(0, |current| current.generation.saturating_add(1));
    object.version = match bucket.versioning {
        Versioning::Enabled => call.entropy.alphanumeric(32),
        Versioning::Off | Versioning::Suspended => NULL_VERSION.to_owned(),
    };
    if let Some(current) = current {
        if object.version == NULL_VERSION && current.version == NULL_VERSION {
            object.generation = current.generation;
            if object.content != Content::Inline {
                current.remove_inline(tx)?;
            }
        } else {
            if object.version == NULL_VERSION {
                remove_noncurrent_null(tx, bucket, &object.key)?;
            }
            tx.put(Noncurrent(current))?;
        }
    }
    if let Some(bytes) = inline {
        tx.put(InlineBody {
            scope: object.scope,
            bucket: object.bucket.clone(),
            key: object.key.clone(),
            generation: object.generation,
            bytes,
        })?;
    }
    tx.put(object.clone())?;
    Ok(object)
}

fn remove_noncurrent_null(tx: &mut Tx, bucket: &Bucket, key: &str) -> Result<(), StoreError> {
    if let Some(row) = Noncurrent::find(tx, bucket.scope, &bucket.name, key, NULL_VERSION)? {
        row.0.remove_inline(tx)?;
        tx.remove::<Noncurrent>(bucket.scope, store::Row::key(&row))?;
    }
    Ok(())
}

/// Deletes an object without naming a version: leaves a delete marker where versions are kept. Answers the marker.
pub(crate) fn delete(
    tx: &mut Tx,
    call: &Call,
    bucket: &Bucket,
    key: &str,
    by: By,
) -> Result<Option<Removed>, StoreError> {
    if bucket.versioning == Versioning::Off {
        if let Some(object) = tx.remove::<Object>(bucket.scope, (bucket.name.as_str(), key))? {
            object.remove_inline(tx)?;
            tell(tx, call, bucket, by.deleted(), &object)?;
        }
        return Ok(None);
    }
    let marker = Object {
        scope: bucket.scope,
        bucket: bucket.name.clone(),
        key: key.to_owned(),
        version: String::new(),
        generation: 0,
        modified: whole_seconds(call.now),
        size: 0,
        etag: String::new(),
        content: Content::DeleteMarker,
        storage_class: "STANDARD".into(),
        checksum: None,
        headers: Default::default(),
        metadata: Default::default(),
        tags: Default::default(),
        owner: bucket.scope.account,
        acl: None,
        sealing: Sealing::Plain,
    };
    let marker = put(tx, call, bucket, marker, None)?;
    tell(tx, call, bucket, by.marked(), &marker)?;
    Ok(Some(Removed { version: marker.version, was_delete_marker: true }))
}

/// Removes one version for good; the newest that is left becomes the current one.
pub(crate) fn delete_version(
    tx: &mut Tx,
    call: &Call,
    bucket: &Bucket,
    key: &str,
    version: &str,
    by: By,
) -> Result<Removed, Error> {
    crate::versions::check_id(version)?;
    let mut removed = Removed { version: version.to_owned(), was_delete_marker: false };
    let Some(object) = Object::find(tx, bucket.scope, &bucket.name, key, Some(version))? else {
        return Ok(removed);
    };
    removed.was_delete_marker = object.is_delete_marker();
    object.remove_inline(tx)?;
    tell(tx, call, bucket, by.deleted(), &object)?;
    let noncurrent = Noncurrent(object);
    let was_noncurrent = tx.remove::<Noncurrent>(bucket.scope, store::Row::key(&noncurrent))?.is_some();
    if was_noncurrent {
        return Ok(removed);
    }
    match tx.scan::<Noncurrent>(bucket.scope, (bucket.name.as_str(), key)).first()? {
        Some(newest) => {
            tx.remove::<Noncurrent>(bucket.scope, store::Row::key(&newest))?;
            tx.put(newest.0)?;
        }
        None => {
            tx.remove::<Object>(bucket.scope, (bucket.name.as_str(), key))?;
        }
    }
    Ok(removed)
}

/// A version id is `null` or what [`put`] makes.
pub(crate) fn check_id(version: &str) -> Result<(), Error> {
    let made = version.len() == 32 && version.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if version == NULL_VERSION || made {
        return Ok(());
    }
    if version.is_empty() {
        return Err(crate::error::invalid_argument("Version id cannot be the empty string", "versionId", ""));
    }
    Err(crate::error::invalid_argument("Invalid version id specified", "versionId", version))
}

/// S3 keeps moments of modification to the second.
pub(crate) fn whole_seconds(now: names::Timestamp) -> names::Timestamp {
    names::Timestamp::from_seconds(now.seconds())
}

/// The version id as answers tell it: not where versions were never kept.
pub(crate) fn told(bucket: &Bucket, object: &Object) -> Option<String> {
    (bucket.versioning != Versioning::Off).then(|| object.version.clone())
}
