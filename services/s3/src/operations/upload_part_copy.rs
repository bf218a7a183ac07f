//! A part of a multipart upload whose bytes are those of an object, or of a range of one.

use super::multipart_upload::upload;
use super::upload_part::{algorithm, part_key, part_number};
use crate::S3;
use crate::access::{self, Target, decided, key};
use crate::body::{LARGEST_PUT, receive, send};
use crate::checksums::{self, Promise};
use crate::conditions::Read;
use crate::copy_source::{self, Source};
use crate::encryption::{customer, key_of, source_customer, tell};
use crate::error::{BodyFault, invalid_argument, invalid_request};
use crate::state::{Bucket, Part, Upload, Versioning};
use crate::versions;
use api_s3::{CopyPartResult, Error, UploadPartCopy, UploadPartCopyOutput};
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
        let number = part_number(input.part_number)?;
        let source = Source::parse(&input.copy_source)?;
        let found = |view: &View| -> Result<(Bucket, Upload), Error> {
            let bucket = access::bucket(view, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
            let upload = upload(view, &bucket, &input.key, &input.upload_id)?;
            Ok((bucket, upload))
        };
        let view = context.store.view();
        let (bucket, begun) = found(&view)?;
        let promise = Promise::to_compute(algorithm(&begun));
        part_key(&begun.sealing, customer!(input))?;
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
        let key = key_of(&original.sealing, source_customer!(input), &from, call, context).await?;
        let body = send(&context.blobs, &view, &original, key.as_ref(), start, length).await?;
        drop(view);
        let key = key_of(&begun.sealing, customer!(input), &bucket, call, context).await?;
        let arrived = receive(&context.blobs, Some(body), &promise, false, key.as_ref(), false).await?;
        let blobs::Body::Blob(body) = arrived.body else {
            return Err(BodyFault(blobs::BlobError::Broken).into());
        };
        let checksum = checksums::stored(promise.algorithm, arrived.checksum);
        let modified = versions::whole_seconds(call.now);
        let chosen = context
            .transact(call, |_, tx| -> Result<bool, Error> {
                let (_, upload) = found(tx)?;
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
        let mut output = UploadPartCopyOutput {
            copy_source_version_id: (from.versioning != Versioning::Off).then_some(original.version),
            copy_part_result: Some(result),
            ..Default::default()
        };
        tell!(output, &begun.sealing, customer!(input));
        Ok(output)
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
