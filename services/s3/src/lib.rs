//! S3: buckets and objects.
//!
//! What it is: buckets with their settings (one row each, so that a change of any setting is a change of the bucket), objects and their
//! versions, bucket policies, access control lists and public access block, all judged before an operation runs.
//! What it is not: it keeps no bytes of large objects (`blobs` does), verifies no signature and no trailing checksum (the gateway
//! does). SSE-S3 is answered as AWS answers it; bodies are not yet encrypted on disk. SSE-KMS, SSE-C, Object Lock, MFA delete, server
//! access logs and event notifications are refused.
//!
//! Where it deviates: DeleteObjects is denied as a whole where AWS denies object by object, and `x-amz-tagging-count` is never told, since
//! who may read tags is known only where `s3:GetObjectTagging` is asked for.

mod access;
mod acls;
mod body;
mod checksums;
mod cloudformation;
mod conditions;
mod copy_source;
mod error;
mod grammar;
mod listing;
mod new_object;
mod operations;
mod policies;
mod range;
mod state;
mod tags;
mod versions;

use blobs::BlobId;
use contract::Registration;
use state::{Content, Noncurrent, Object, Part};
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use store::{StoreError, View};

/// The service.
pub(crate) struct S3;

/// The blobs that objects and parts of uploads refer to: what a collection must keep.
///
/// # Errors
/// The store's failure; then nothing may be collected.
pub fn live_blobs(view: &View) -> Result<HashSet<BlobId>, StoreError> {
    let mut live = HashSet::new();
    let mut keep = |content: &Content| match content {
        Content::Blob(id) => {
            live.insert(*id);
        }
        Content::Pieces(pieces) => live.extend(pieces.iter().map(|piece| piece.body)),
        Content::DeleteMarker | Content::Inline => {}
    };
    view.scan_all::<Object>().each(|object| {
        keep(&object.content);
        ControlFlow::Continue(())
    })?;
    view.scan_all::<Noncurrent>().each(|version| {
        keep(&version.0.content);
        ControlFlow::Continue(())
    })?;
    view.scan_all::<Part>().each(|part| {
        live.insert(part.body);
        ControlFlow::Continue(())
    })?;
    Ok(live)
}

/// What S3 serves.
#[must_use]
pub fn registration() -> Registration {
    use api_s3::*;
    let s3 = Arc::new(S3);
    Registration::new(&SERVICE)
        .anonymous()
        .resource::<state::Bucket>()
        .handler(cloudformation::BucketHandler)
        .handler(cloudformation::BucketPolicyHandler)
        .transact::<S3, CreateBucket>()
        .transact::<S3, DeleteBucket>()
        .transact::<S3, HeadBucket>()
        .transact::<S3, ListBuckets>()
        .transact::<S3, GetBucketLocation>()
        .orchestrate_data::<S3, PutObject>(&s3)
        .orchestrate_data::<S3, GetObject>(&s3)
        .transact_data::<S3, HeadObject>()
        .transact_data::<S3, DeleteObject>()
        .transact_data::<S3, DeleteObjects>()
        .orchestrate_data::<S3, CopyObject>(&s3)
        .transact_data::<S3, ListObjectsV2>()
        .transact_data::<S3, ListObjects>()
        .transact_data::<S3, GetObjectAttributes>()
        .transact_data::<S3, ListObjectVersions>()
        .transact_data::<S3, PutObjectTagging>()
        .transact_data::<S3, GetObjectTagging>()
        .transact_data::<S3, DeleteObjectTagging>()
        .transact_data::<S3, GetObjectAcl>()
        .transact_data::<S3, PutObjectAcl>()
        .transact_data::<S3, CreateMultipartUpload>()
        .orchestrate_data::<S3, UploadPart>(&s3)
        .orchestrate_data::<S3, UploadPartCopy>(&s3)
        .transact_data::<S3, CompleteMultipartUpload>()
        .transact_data::<S3, AbortMultipartUpload>()
        .transact_data::<S3, ListParts>()
        .transact_data::<S3, ListMultipartUploads>()
        .transact::<S3, PutBucketPolicy>()
        .transact::<S3, GetBucketPolicy>()
        .transact::<S3, DeleteBucketPolicy>()
        .transact::<S3, GetBucketPolicyStatus>()
        .transact::<S3, PutBucketVersioning>()
        .transact::<S3, GetBucketVersioning>()
        .transact::<S3, PutPublicAccessBlock>()
        .transact::<S3, GetPublicAccessBlock>()
        .transact::<S3, DeletePublicAccessBlock>()
        .transact::<S3, PutBucketTagging>()
        .transact::<S3, GetBucketTagging>()
        .transact::<S3, DeleteBucketTagging>()
        .transact::<S3, GetBucketAcl>()
        .transact::<S3, PutBucketAcl>()
        .transact::<S3, GetBucketEncryption>()
        .transact::<S3, PutBucketEncryption>()
        .transact::<S3, DeleteBucketEncryption>()
        .transact::<S3, GetBucketOwnershipControls>()
        .transact::<S3, PutBucketOwnershipControls>()
        .transact::<S3, DeleteBucketOwnershipControls>()
        .transact::<S3, GetBucketLogging>()
        .transact::<S3, PutBucketLogging>()
        .transact::<S3, GetBucketNotificationConfiguration>()
        .transact::<S3, PutBucketNotificationConfiguration>()
        .transact::<S3, GetBucketCors>()
        .transact::<S3, GetBucketLifecycleConfiguration>()
        .transact::<S3, GetBucketReplication>()
        .transact::<S3, GetBucketWebsite>()
        .transact::<S3, GetBucketAccelerateConfiguration>()
        .transact::<S3, GetBucketRequestPayment>()
        .transact::<S3, GetObjectLockConfiguration>()
}
