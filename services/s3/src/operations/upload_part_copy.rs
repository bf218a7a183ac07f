//! A part of a multipart upload whose bytes are those of an object, or of a range of one.

use super::multipart_upload::upload;
use super::upload_part::{algorithm, part_number};
use crate::S3;
use crate::access::{self, Target, decided, key};
use crate::body::{LARGEST_PUT, receive, send};
use crate::checksums::{self, Promise};
use crate::conditions::Read;
use crate::copy_source::{self, Source};
use crate::error::{BodyFault, header_not_implemented, invalid_argument, invalid_request};
use crate::state::{Part, Upload, Versioning};
use crate::versions;
use api_s3::{CopyPartResult, Error, ServerSideEncryption, UploadPartCopy, UploadPartCopyOutput};
use contract::{Access, Call, Context, Orchestrate};
use store::View;

#[async_trait::async_trait]
impl Orchestrate<UploadPartCopy> for S3 {
    fn access(&self, input: &UploadPartCopy, call: &Call, view: &View) -> Access {
        decided(copy_source::access(&input.copy_source, view, call, false).and_then(|(reading, _)| {
            let target = Target::find(view, call, &input.bucket)?;
            let mut writing = target.new_object("s3:PutObject", &input.key)?;
            key(&mut writing, "s3:x-amz-copy-source", Some(&input.copy_source));
            Ok(reading.and(writing))
        }))
    }

    async fn run(
        &self,
        input: UploadPartCopy,
        call: &Call,
        context: &Context,
    ) -> Result<UploadPartCopyOutput, Error> {
        if input.sse_customer_algorithm.is_some()
            || input.sse_customer_key.is_some()
            || input.sse_customer_key_md5.is_some()
            || input.copy_source_sse_customer_algorithm.is_some()
            || input.copy_source_sse_customer_key.is_some()
            || input.copy_source_sse_customer_key_md5.is_some()
        {
            return Err(header_not_implemented("x-amz-server-side-encryption-customer-algorithm"));
        }
        let number = part_number(input.part_number)?;
        let source = Source::parse(&input.copy_source)?;
        let found = |view: &View| -> Result<Upload, Error> {
            let bucket = access::bucket(view, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
            upload(view, &bucket, &input.key, &input.upload_id)
        };
        let view = context.store.view();
        let promise = Promise::to_compute(algorithm(&found(&view)?));
        let (from, original) = source.original(&view, call, input.expected_source_bucket_owner.as_deref())?;
        Read {
            if_match: input.copy_source_if_match.as_deref(),
            if_none_match: input.copy_source_if_none_match.as_deref(),
            if_modified_since: input.copy_source_if_modified_since,
            if_unmodified_since: input.copy_source_if_unmodified_since,
        }
        .check_source(&original)?;
        let (start, length) = match &input.copy_source_range {
            Some(range) => in_bytes(range, original.size)?,
            None => (0, original.size),
        };
        if length > LARGEST_PUT {
            return Err(invalid_request(format!(
                "The specified copy source is larger than the maximum allowable size for a copy source: {LARGEST_PUT}"
            )));
        }
        let body = send(&context.blobs, &view, &original, start, length).await?;
        drop(view);
        let arrived = receive(&context.blobs, Some(body), &promise, false).await?;
        let blobs::Body::Blob(body) = arrived.body else {
            return Err(BodyFault(blobs::BlobError::Broken).into());
        };
        let checksum = checksums::stored(promise.algorithm, arrived.checksum);
        let modified = versions::whole_seconds(call.now);
        let chosen = context
            .transact(call, |_, tx| -> Result<bool, Error> {
                let upload = found(tx)?;
                tx.put(Part {
                    scope: upload.scope,
                    bucket: upload.bucket,
                    upload: upload.id,
                    number,
                    modified,
                    body,
                    etag: arrived.etag.clone(),
                    checksum: checksum.clone(),
                })?;
                Ok(upload.algorithm.is_some())
            })
            .await?;
        let mut result = CopyPartResult {
            e_tag: Some(format!("\"{}\"", arrived.etag)),
            last_modified: Some(modified),
            ..Default::default()
        };
        checksums::tell!(result, chosen.then_some(&checksum));
        Ok(UploadPartCopyOutput {
            copy_source_version_id: (from.versioning != Versioning::Off).then_some(original.version),
            copy_part_result: Some(result),
            server_side_encryption: Some(ServerSideEncryption::Aes256),
            ..Default::default()
        })
    }
}

/// The first byte and the number of bytes of `bytes=first-last`, which must lie within the source.
fn in_bytes(range: &str, size: u64) -> Result<(u64, u64), Error> {
    let parsed = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    let parsed =
        parsed.and_then(|(first, last)| Some((first.parse::<u64>().ok()?, last.parse::<u64>().ok()?)));
    let Some((first, last)) = parsed.filter(|(first, last)| first <= last) else {
        return Err(invalid_argument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based \
             offsets of the first and last bytes to copy",
            "x-amz-copy-source-range",
            range,
        ));
    };
    if last >= size {
        let message = format!("Range specified is not valid for source object of size: {size}");
        return Err(invalid_argument(&message, "x-amz-copy-source-range", range));
    }
    Ok((first, last - first + 1))
}
