use super::put_object::Keys;
use crate::S3;
use crate::access::{self, Target, Undecidable, decided, key};
use crate::acls::{self, Requested};
use crate::body::{LARGEST_PUT, receive, send};
use crate::checksums::{self, Promise};
use crate::conditions::{Read, check_write};
use crate::copy_source::{self, Source};
use crate::error::{error, invalid_request};
use crate::grammar::check_key;
use crate::new_object::{check_headers, check_metadata, refuse_lock, storage_class, system_headers};
use crate::notifications::{Event, tell};
use crate::state::{Acl, Bucket, Content, Object, Sealing, SystemHeaders, Versioning};
use crate::{encryption, tags, versions};
use api_s3::{CopyObject, CopyObjectOutput, CopyObjectResult, Error, MetadataDirective, TaggingDirective};
use bytes::Bytes;
use contract::{Access, Call, Context, Orchestrate};
use names::AccountId;
use store::View;

fn needs(input: &CopyObject, call: &Call, view: &View) -> Result<Access, Undecidable> {
    let replaced = input.tagging_directive == Some(TaggingDirective::Replace);
    let mut given = Vec::new();
    if replaced {
        given = input.tagging.as_deref().map(tags::pairs).and_then(Result::ok).unwrap_or_default();
    }
    let (mut reading, copied) = copy_source::access(&input.copy_source, view, call, !replaced)?;
    if !replaced {
        given = copied;
    }
    let keys = Keys {
        acl: acls::of_object!(input),
        encryption: &encryption::headers!(input),
        storage_class: input.storage_class.as_deref(),
        redirect: input.website_redirect_location.as_deref(),
        tags: &given,
        if_match: input.if_match.as_deref(),
        if_none_match: input.if_none_match.as_deref(),
    };
    let mut writing = keys.access(&Target::find(view, call, &input.bucket)?, &input.key)?;
    for check in &mut writing.checks {
        key(check, "s3:x-amz-copy-source", Some(&input.copy_source));
        let directive = input.metadata_directive.unwrap_or_default();
        key(check, "s3:x-amz-metadata-directive", Some(directive.as_str()));
    }
    reading.checks.extend(writing.checks);
    Ok(reading)
}

/// What a copy is made of, read in one view.
struct Plan {
    from: Bucket,
    original: Object,
    bucket: Bucket,
    owner: AccountId,
    acl: Option<Acl>,
}

fn plan(input: &CopyObject, source: &Source, call: &Call, view: &View) -> Result<Plan, Error> {
    let bucket = access::bucket(view, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let expected = input.expected_source_bucket_owner.as_deref();
    let (from, original) = source.original(view, call, expected)?;
    Read {
        if_match: input.copy_source_if_match.as_deref(),
        if_none_match: input.copy_source_if_none_match.as_deref(),
        if_modified_since: input.copy_source_if_modified_since,
        if_unmodified_since: input.copy_source_if_unmodified_since,
    }
    .check_source(&original)?;
    if original.size > LARGEST_PUT {
        return Err(invalid_request(format!(
            "The specified copy source is larger than the maximum allowable size for a copy source: {LARGEST_PUT}"
        )));
    }
    let same = source.bucket == input.bucket && source.key == input.key && source.version.is_none();
    let changes = input.metadata_directive == Some(MetadataDirective::Replace)
        || input.storage_class.is_some()
        || input.website_redirect_location.is_some()
        || input.server_side_encryption.is_some()
        || input.sse_customer_algorithm.is_some()
        || input.checksum_algorithm.is_some();
    if same && !changes {
        return Err(invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's \
             metadata, storage class, website redirect location or encryption attributes.",
        ));
    }
    let resource = format!("{}/{}", bucket.arn(), input.key);
    let requested: Requested<'_> = acls::of_object!(input);
    let (owner, acl) = requested.of_new_object(&bucket, call, "s3:PutObject", &resource)?;
    if input.if_match.is_some() || input.if_none_match.is_some() {
        let current = view.get::<Object>(bucket.scope, (bucket.name.as_str(), input.key.as_str()))?;
        check_write(current.as_ref(), &input.key, input.if_match.as_deref(), input.if_none_match.as_deref())?;
    }
    Ok(Plan { from, original, bucket, owner, acl })
}

/// The bytes of a copy that had to be read and written anew.
#[derive(Clone)]
struct Rewritten {
    /// Of which version they are.
    original: Object,
    etag: String,
    checksum: crate::state::StoredChecksum,
    content: Content,
    inline: Option<Bytes>,
    sealing: Sealing,
}

/// Reads and writes the bytes where a reference to them is not enough: an object of several parts becomes one, another checksum has to be
/// computed, or the copy is to be encrypted otherwise.
async fn rewrite(
    plan: &Plan,
    input: &CopyObject,
    call: &Call,
    context: &Context,
    view: &View,
) -> Result<Option<Rewritten>, Error> {
    let original = &plan.original;
    let chosen = input.checksum_algorithm.map(checksums::algorithm).transpose()?;
    let stored =
        original.checksum.as_ref().filter(|it| !it.composite).and_then(|it| checksums::named(&it.algorithm));
    let pieces = matches!(original.content, Content::Pieces(_));
    let wanted = chosen.or(stored).unwrap_or(checksums::Algorithm::Crc64Nvme);
    let encrypted = encryption::headers!(input).wanted(&plan.bucket)?;
    let source = encryption::source_customer!(input);
    if !pieces && stored == Some(wanted) && encryption::may_share(original, &encrypted) {
        encryption::check_customer(&original.sealing, source)?;
        return Ok(None);
    }
    let key = encryption::key_of(&original.sealing, source, &plan.from, call, context).await?;
    let body = send(&context.blobs, view, original, key.as_ref(), 0, original.size).await?;
    let promise = Promise::to_compute(wanted);
    let (sealing, key) = encryption::begin(&encrypted, &plan.bucket, &input.key, call, context).await?;
    let arrived = receive(&context.blobs, Some(body), &promise, true, key.as_ref(), false).await?;
    let (content, inline) = match arrived.body {
        blobs::Body::Inline(bytes) => (Content::Inline, Some(bytes)),
        blobs::Body::Blob(id) => (Content::Blob(id), None),
    };
    let checksum = checksums::stored(wanted, arrived.checksum);
    Ok(Some(Rewritten { original: original.clone(), etag: arrived.etag, checksum, content, inline, sealing }))
}

#[async_trait::async_trait]
impl Orchestrate<CopyObject> for S3 {
    fn access(&self, input: &CopyObject, call: &Call, view: &View) -> Access {
        decided(needs(input, call, view))
    }

    async fn run(
        &self,
        input: CopyObject,
        call: &Call,
        context: &Context,
    ) -> Result<CopyObjectOutput, Error> {
        check_key(&input.key)?;
        refuse_lock!(input);
        let source = Source::parse(&input.copy_source)?;
        let replace = input.metadata_directive == Some(MetadataDirective::Replace);
        let headers: SystemHeaders = system_headers!(input);
        check_headers(&headers)?;
        check_metadata(input.metadata.as_ref().unwrap_or(&Default::default()))?;
        let class = storage_class(input.storage_class.as_deref())?;
        let given_tags = match (&input.tagging, input.tagging_directive) {
            (Some(header), Some(TaggingDirective::Replace)) => tags::of_object(tags::pairs(header)?)?,
            _ => names::Tags::new(),
        };
        let rewritten = {
            let view = context.store.view();
            let plan = plan(&input, &source, call, &view)?;
            rewrite(&plan, &input, call, context, &view).await?
        };
        let (plan, object) = context
            .transact(call, |call, tx| -> Result<_, Error> {
                let plan = plan(&input, &source, call, tx)?;
                let original = &plan.original;
                let wanted = encryption::headers!(input).wanted(&plan.bucket)?;
                let shared = |original: &Object| encryption::may_share(original, &wanted);
                let mut object = Object {
                    scope: plan.bucket.scope,
                    bucket: plan.bucket.name.clone(),
                    key: input.key.clone(),
                    modified: versions::whole_seconds(call.now),
                    storage_class: class.clone(),
                    owner: plan.owner,
                    acl: plan.acl.clone(),
                    ..original.clone()
                };
                let mut inline = None;
                match &rewritten {
                    Some(rewritten) => {
                        if rewritten.original.etag != original.etag
                            || rewritten.original.size != original.size
                        {
                            return Err(changed());
                        }
                        object.etag.clone_from(&rewritten.etag);
                        object.checksum = Some(rewritten.checksum.clone());
                        object.content = rewritten.content.clone();
                        object.sealing = rewritten.sealing.clone();
                        inline.clone_from(&rewritten.inline);
                    }
                    // The original is another one than was looked at.
                    None if !shared(original) => return Err(changed()),
                    None if original.content == Content::Inline => inline = Some(original.inline(tx)?),
                    None if matches!(original.content, Content::Pieces(_)) => return Err(changed()),
                    None => {}
                }
                if replace {
                    object.headers = headers.clone();
                    object.metadata = input.metadata.clone().unwrap_or_default();
                } else {
                    object.headers.website_redirect.clone_from(&headers.website_redirect);
                }
                if input.tagging_directive == Some(TaggingDirective::Replace) {
                    object.tags = given_tags.clone();
                }
                let object = versions::put(tx, call, &plan.bucket, object, inline)?;
                tell(tx, call, &plan.bucket, Event::Copy, &object)?;
                Ok((plan, object))
            })
            .await?;
        let mut result = CopyObjectResult {
            e_tag: Some(object.quoted_etag()),
            last_modified: Some(object.modified),
            checksum_type: object.checksum.as_ref().map(super::put_object::checksum_type),
            ..Default::default()
        };
        checksums::tell!(result, &object.checksum);
        let versioned = plan.from.versioning != Versioning::Off;
        let mut output = CopyObjectOutput {
            copy_object_result: Some(result),
            copy_source_version_id: versioned.then_some(plan.original.version),
            version_id: versions::told(&plan.bucket, &object),
            ssekms_encryption_context: input.ssekms_encryption_context.clone(),
            ..Default::default()
        };
        encryption::tell!(output, &object.sealing, encryption::customer!(input));
        Ok(output)
    }
}

/// Somebody overwrote the source while it was read.
fn changed() -> Error {
    error(
        409,
        "OperationAborted",
        "A conflicting conditional operation is currently in progress against this resource. Please try again.",
        [],
    )
}
