use crate::S3;
use crate::access::{self, Target, decided, key};
use crate::body::send;
use crate::checksums;
use crate::conditions::Read;
use crate::encryption;
use crate::error::{self, error, invalid_request};
use crate::operations::put_object::checksum_type;
use crate::range::{Part, part};
use crate::state::{Bucket, Object, StoredChecksum};
use crate::versions;
use api_s3::{ChecksumMode, Error, GetObject, GetObjectOutput, HeadObject, HeadObjectOutput};
use contract::{Access, Call, Context, Orchestrate, Principal};
use store::View;

/// What reading an object, or of it, needs.
pub(crate) fn read_access(
    view: &View,
    call: &Call,
    bucket: &str,
    object_key: &str,
    version: Option<&str>,
    actions: &[(&str, &str)],
) -> Access {
    decided(Target::find(view, call, bucket).and_then(|target| {
        let object = target.version(view, object_key, version)?;
        let mut access = Access::default();
        for (of_current, of_version) in actions {
            let action = if version.is_some() { of_version } else { of_current };
            let mut check = target.object(action, object_key, object.as_ref())?;
            key(&mut check, "s3:VersionId", version);
            access = access.and(check);
        }
        target.list_if_missing(access, object.as_ref())
    }))
}

const READ: &[(&str, &str)] = &[("s3:GetObject", "s3:GetObjectVersion")];

/// The version that a read names.
///
/// # Errors
/// `NoSuchKey`, `NoSuchVersion`, or what a delete marker answers.
pub(crate) fn found(
    view: &View,
    bucket: &Bucket,
    key: &str,
    version: Option<&str>,
    method: &str,
) -> Result<Object, Error> {
    version.map(versions::check_id).transpose()?;
    let object = Object::find(view, bucket.scope, &bucket.name, key, version)?;
    match (object, version) {
        (Some(marker), None) if marker.is_delete_marker() => Err(error::deleted(&marker)),
        (Some(marker), Some(_)) if marker.is_delete_marker() => Err(error::is_delete_marker(&marker, method)),
        (Some(object), _) => Ok(object),
        (None, None) => Err(error::no_such_key(key)),
        (None, Some(version)) => Err(error::no_such_version(key, version)),
    }
}

/// What GetObject and HeadObject check and choose alike, by the input's fields: the bucket, the object, and the part of it.
macro_rules! chosen {
    ($input:expr, $call:expr, $view:expr, $method:literal) => {{
        let overrides = $input.response_cache_control.is_some()
            || $input.response_content_disposition.is_some()
            || $input.response_content_encoding.is_some()
            || $input.response_content_language.is_some()
            || $input.response_content_type.is_some()
            || $input.response_expires.is_some();
        if overrides && $call.principal == Principal::Anonymous {
            return Err(invalid_request(
                "Request specific response headers cannot be used for anonymous GET requests.",
            ));
        }
        let bucket = access::bucket($view, $call, &$input.bucket, $input.expected_bucket_owner.as_deref())?;
        let object = found($view, &bucket, &$input.key, $input.version_id.as_deref(), $method)?;
        Read {
            if_match: $input.if_match.as_deref(),
            if_none_match: $input.if_none_match.as_deref(),
            if_modified_since: $input.if_modified_since,
            if_unmodified_since: $input.if_unmodified_since,
        }
        .check(&object)?;
        let part = part(&object, $input.range.as_deref(), $input.part_number)?;
        (bucket, object, part)
    }};
}

/// The members that GetObject and HeadObject answer alike.
macro_rules! answered {
    ($output:ident, $input:expr, $bucket:expr, $object:expr, $part:expr) => {{
        let checksum =
            told_checksum(&$object, &$part).filter(|_| $input.checksum_mode == Some(ChecksumMode::Enabled));
        let headers = $object.headers;
        let mut output = $output {
            accept_ranges: Some("bytes".into()),
            last_modified: Some($object.modified),
            content_length: i64::try_from($part.length).ok(),
            content_range: $part.header($object.size),
            e_tag: Some(format!("\"{}\"", $object.etag)),
            checksum_type: checksum.as_ref().map(checksum_type),
            version_id: ($bucket.versioning != crate::state::Versioning::Off).then_some($object.version),
            cache_control: $input.response_cache_control.or(headers.cache_control),
            content_disposition: $input.response_content_disposition.or(headers.content_disposition),
            content_encoding: $input.response_content_encoding.or(headers.content_encoding),
            content_language: $input.response_content_language.or(headers.content_language),
            content_type: Some(
                $input
                    .response_content_type
                    .or(headers.content_type)
                    .unwrap_or_else(|| "binary/octet-stream".into()),
            ),
            expires: $input.response_expires.map(|moment| moment.http_date()).or(headers.expires),
            website_redirect_location: headers.website_redirect,
            metadata: Some($object.metadata).filter(|metadata| !metadata.is_empty()),
            storage_class: Some($object.storage_class).filter(|class| class != "STANDARD"),
            parts_count: $part.parts_count,
            ..Default::default()
        };
        encryption::tell!(output, &$object.sealing, encryption::customer!($input));
        checksums::tell!(output, &checksum);
        output
    }};
}

/// The checksum of what is answered: of the whole object, or of one of its parts; of no other range.
fn told_checksum(object: &Object, part: &Part) -> Option<StoredChecksum> {
    let whole = object.checksum.as_ref()?;
    match &part.piece_checksum {
        Some(value) => {
            Some(StoredChecksum { value: value.clone(), composite: whole.composite, ..whole.clone() })
        }
        None => (part.length == object.size).then(|| whole.clone()),
    }
}

#[async_trait::async_trait]
impl Orchestrate<GetObject> for S3 {
    fn access(&self, input: &GetObject, call: &Call, view: &View) -> Access {
        read_access(view, call, &input.bucket, &input.key, input.version_id.as_deref(), READ)
    }

    async fn run(&self, input: GetObject, call: &Call, context: &Context) -> Result<GetObjectOutput, Error> {
        let view = context.store.view();
        let (bucket, object, part) = chosen!(input, call, &view, "GET");
        if matches!(object.storage_class.as_str(), "GLACIER" | "DEEP_ARCHIVE") {
            return Err(error(
                403,
                "InvalidObjectState",
                "The operation is not valid for the object's storage class",
                [("StorageClass", object.storage_class)],
            ));
        }
        let customer = encryption::customer!(input);
        let key = encryption::key_of(&object.sealing, customer, &bucket, call, context).await?;
        let body = send(&context.blobs, &view, &object, key.as_ref(), part.start, part.length).await?;
        let mut output = answered!(GetObjectOutput, input, bucket, object, part);
        output.body = Some(body);
        Ok(output)
    }
}

/// Asynchronous, for who asks for the checksum of what KMS encrypts must be allowed to decrypt it.
#[async_trait::async_trait]
impl Orchestrate<HeadObject> for S3 {
    fn access(&self, input: &HeadObject, call: &Call, view: &View) -> Access {
        read_access(view, call, &input.bucket, &input.key, input.version_id.as_deref(), READ)
    }

    async fn run(
        &self,
        input: HeadObject,
        call: &Call,
        context: &Context,
    ) -> Result<HeadObjectOutput, Error> {
        let (bucket, object, part) = {
            let view = context.store.view();
            chosen!(input, call, &view, "HEAD")
        };
        let customer = encryption::customer!(input);
        if input.checksum_mode == Some(ChecksumMode::Enabled) {
            encryption::key_of(&object.sealing, customer, &bucket, call, context).await?;
        } else {
            encryption::check_customer(&object.sealing, customer)?;
        }
        Ok(answered!(HeadObjectOutput, input, bucket, object, part))
    }
}
