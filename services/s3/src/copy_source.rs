//! `x-amz-copy-source`: `bucket/key`, escaped, perhaps with `?versionId=`.

use crate::access::{Target, Undecidable, bucket, key};
use crate::error::{error, invalid_argument, invalid_request, not_implemented};
use crate::operations::found;
use crate::state::{Bucket, Object};
use crate::tags;
use api_s3::{Error, Tag};
use contract::{Access, Call};
use store::View;

/// What is to be copied.
pub(crate) struct Source {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) version: Option<String>,
}

impl Source {
    pub(crate) fn parse(header: &str) -> Result<Self, Error> {
        let invalid = || {
            invalid_argument(
                "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
                "x-amz-copy-source",
                header,
            )
        };
        let (path, version) = match header.rsplit_once("?versionId=") {
            Some((path, version)) => (path, Some(version.to_owned())),
            None => (header, None),
        };
        let path = percent_encoding::percent_decode_str(path).decode_utf8().map_err(|_| invalid())?;
        if path.starts_with("arn:") {
            return Err(not_implemented("A copy from an access point"));
        }
        let (bucket, key) = path.trim_start_matches('/').split_once('/').ok_or_else(invalid)?;
        if bucket.is_empty() || key.is_empty() {
            return Err(invalid());
        }
        Ok(Self { bucket: bucket.to_owned(), key: key.to_owned(), version })
    }

    /// The bucket and the object that are copied from.
    pub(crate) fn original(
        &self,
        view: &View,
        call: &Call,
        expected_owner: Option<&str>,
    ) -> Result<(Bucket, Object), Error> {
        let mut here = call.again();
        if let Some(from) = Bucket::named(view, &self.bucket)? {
            // A copy may come from another region.
            here.region = from.scope.region;
        }
        let from = bucket(view, &here, &self.bucket, expected_owner)?;
        let original = found(view, &from, &self.key, self.version.as_deref(), "GET");
        let original = original.map_err(|error| match &error {
            Error::Common(response) if response.status == 405 => invalid_request(
                "The source of a copy request may not specifically refer to a delete marker by version id.",
            ),
            _ => error,
        })?;
        if matches!(original.storage_class.as_str(), "GLACIER" | "DEEP_ARCHIVE") {
            let message = "The operation is not valid for the object's storage class";
            return Err(error(403, "InvalidObjectState", message, []));
        }
        Ok((from, original))
    }
}

/// What reading the source needs, and the tags that a copy of it has where `with_tags`.
pub(crate) fn access(
    header: &str,
    view: &View,
    call: &Call,
    with_tags: bool,
) -> Result<(Access, Vec<Tag>), Undecidable> {
    let mut access = Access::default();
    // A source that cannot be read as one is refused by the operation, before anything is looked at.
    let Ok(source) = Source::parse(header) else { return Ok((access, Vec::new())) };
    let target = Target::find(view, call, &source.bucket)?;
    let version = source.version.as_deref();
    let object = target.version(view, &source.key, version)?;
    let suffix = if version.is_some() { "Version" } else { "" };
    let mut actions = vec![format!("s3:GetObject{suffix}")];
    let mut copied = Vec::new();
    if let Some(object) = object.as_ref().filter(|object| with_tags && !object.tags.is_empty()) {
        actions.push(format!("s3:GetObject{suffix}Tagging"));
        copied = tags::listed(object.tags.clone());
    }
    for action in actions {
        let mut check = target.object(&action, &source.key, object.as_ref())?;
        key(&mut check, "s3:VersionId", version);
        access = access.and(check);
    }
    Ok((target.list_if_missing(access, object.as_ref())?, copied))
}
