use super::list_objects::{list_access, prefixes};
use crate::S3;
use crate::access;
use crate::error::invalid_argument;
use crate::listing::{encoded, limit, rolled_up};
use crate::state::{Bucket, Noncurrent, Object, canonical_id};
use api_s3::{
    DeleteMarkerEntry, EncodingType, Error, ListObjectVersions, ListObjectVersionsOutput, ObjectVersion,
    ObjectVersionStorageClass, Owner,
};
use contract::{Access, Call, Transact};
use std::ops::ControlFlow;
use store::{StartsWith, StoreError, Tx, View};

impl Transact<ListObjectVersions> for S3 {
    fn access(input: &ListObjectVersions, call: &Call, view: &View) -> Access {
        let keys = [("s3:prefix", input.prefix.as_deref()), ("s3:delimiter", input.delimiter.as_deref())];
        list_access(view, call, &input.bucket, "s3:ListBucketVersions", keys, ("s3:max-keys", input.max_keys))
    }

    fn run(input: ListObjectVersions, call: &Call, tx: &mut Tx) -> Result<ListObjectVersionsOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let max = limit(input.max_keys, "max-keys")?;
        let key_marker = input.key_marker.as_deref().filter(|marker| !marker.is_empty());
        let version_marker = input.version_id_marker.as_deref().filter(|marker| !marker.is_empty());
        if let (None, Some(marker)) = (key_marker, version_marker) {
            return Err(invalid_argument(
                "A version-id marker cannot be specified without a key marker.",
                "version-id-marker",
                marker,
            ));
        }
        let walk = Walk {
            view: tx,
            bucket: &bucket,
            prefix: input.prefix.as_deref().unwrap_or_default(),
            delimiter: input.delimiter.as_deref(),
            key_marker,
            version_marker,
            limit: max,
        };
        let page = walk.page()?;
        let encoding = input.encoding_type;
        let (next_key, next_version) = page.last.filter(|_| page.more).unzip();
        let mut output = ListObjectVersionsOutput {
            is_truncated: Some(page.more),
            key_marker: Some(encoded(input.key_marker.as_deref().unwrap_or_default(), encoding)),
            version_id_marker: Some(input.version_id_marker.unwrap_or_default()),
            next_key_marker: next_key.map(|key| encoded(&key, encoding)),
            next_version_id_marker: next_version.flatten(),
            name: Some(input.bucket),
            prefix: Some(encoded(input.prefix.as_deref().unwrap_or_default(), encoding)),
            delimiter: input.delimiter.as_deref().map(|delimiter| encoded(delimiter, encoding)),
            max_keys: i32::try_from(max).ok(),
            common_prefixes: prefixes(&page.prefixes, encoding),
            encoding_type: encoding,
            ..Default::default()
        };
        for (object, is_latest) in page.versions {
            if object.is_delete_marker() {
                output.delete_markers.get_or_insert_default().push(marker(object, is_latest, encoding));
            } else {
                output.versions.get_or_insert_default().push(version(object, is_latest, encoding));
            }
        }
        Ok(output)
    }
}

fn owner(object: &Object) -> Option<Owner> {
    Some(Owner { id: Some(canonical_id(object.owner)), display_name: None })
}

fn marker(object: Object, is_latest: bool, encoding: Option<EncodingType>) -> DeleteMarkerEntry {
    DeleteMarkerEntry {
        owner: owner(&object),
        key: Some(encoded(&object.key, encoding)),
        version_id: Some(object.version),
        is_latest: Some(is_latest),
        last_modified: Some(object.modified),
    }
}

fn version(object: Object, is_latest: bool, encoding: Option<EncodingType>) -> ObjectVersion {
    ObjectVersion {
        e_tag: Some(object.quoted_etag()),
        checksum_algorithm: object
            .checksum
            .as_ref()
            .and_then(|it| it.algorithm.parse().ok())
            .map(|it| vec![it]),
        checksum_type: object.checksum.as_ref().map(super::put_object::checksum_type),
        size: i64::try_from(object.size).ok(),
        // The model knows one class only, and clients read the others as text.
        storage_class: (object.storage_class == "STANDARD").then_some(ObjectVersionStorageClass::Standard),
        key: Some(encoded(&object.key, encoding)),
        is_latest: Some(is_latest),
        last_modified: Some(object.modified),
        owner: owner(&object),
        version_id: Some(object.version),
        restore_status: None,
    }
}

/// A walk over all versions: key by key, the newest first.
struct Walk<'a> {
    view: &'a View,
    bucket: &'a Bucket,
    prefix: &'a str,
    delimiter: Option<&'a str>,
    key_marker: Option<&'a str>,
    version_marker: Option<&'a str>,
    limit: usize,
}

#[derive(Default)]
struct Versions {
    versions: Vec<(Object, bool)>,
    prefixes: Vec<String>,
    /// The last key (or common prefix) and its version.
    last: Option<(String, Option<String>)>,
    more: bool,
}

impl Walk<'_> {
    fn page(&self) -> Result<Versions, StoreError> {
        let mut page = Versions::default();
        if self.limit == 0 {
            return Ok(page);
        }
        let mut from = self.key_marker.map(str::to_owned);
        let rolled = |key: &str| rolled_up(key, self.prefix, self.delimiter).map(str::to_owned);
        let mut listed = self.key_marker.filter(|marker| marker.starts_with(self.prefix)).and_then(rolled);
        // One current version at a time: its older ones are in another table.
        while let Some(current) = self.next(from.as_deref())? {
            from = Some(format!("{}\0", current.key));
            let rolled = rolled(&current.key);
            if let Some(rolled) = rolled {
                from = Some(format!("{rolled}\u{10FFFF}"));
                if listed.as_deref() == Some(&rolled) {
                    continue;
                }
                if page.is_full(self.limit) {
                    page.more = true;
                    return Ok(page);
                }
                page.last = Some((rolled.clone(), None));
                page.prefixes.push(rolled.clone());
                listed = Some(rolled);
                continue;
            }
            if self.key_marker == Some(current.key.as_str()) && self.version_marker.is_none() {
                continue;
            }
            if self.take(current, &mut page)?.is_break() {
                return Ok(page);
            }
        }
        Ok(page)
    }

    fn next(&self, from: Option<&str>) -> Result<Option<Object>, StoreError> {
        let mut scan =
            self.view.scan::<Object>(self.bucket.scope, (self.bucket.name.as_str(), StartsWith(self.prefix)));
        if let Some(from) = from {
            scan = scan.from((self.bucket.name.as_str(), from));
        }
        scan.first()
    }

    /// Takes the versions of a key, after the marker where it is of this key.
    fn take(&self, current: Object, page: &mut Versions) -> Result<ControlFlow<()>, StoreError> {
        let older = self
            .view
            .scan::<Noncurrent>(self.bucket.scope, (self.bucket.name.as_str(), current.key.as_str()));
        let older = older.rows()?;
        let marker = self.version_marker.filter(|_| self.key_marker == Some(current.key.as_str()));
        let mut skipping = marker.is_some();
        let all = std::iter::once((current, true)).chain(older.into_iter().map(|row| (row.0, false)));
        for (object, is_latest) in all {
            if skipping {
                skipping = marker != Some(object.version.as_str());
                continue;
            }
            if page.is_full(self.limit) {
                page.more = true;
                return Ok(ControlFlow::Break(()));
            }
            page.last = Some((object.key.clone(), Some(object.version.clone())));
            page.versions.push((object, is_latest));
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Versions {
    fn is_full(&self, limit: usize) -> bool {
        self.versions.len() + self.prefixes.len() >= limit
    }
}
