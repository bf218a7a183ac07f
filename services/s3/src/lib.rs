//! S3: buckets and objects.
//!
//! What it is: buckets with their settings (one row each, so that a change of any setting is a change of the bucket), objects and their
//! versions, bucket policies, access control lists and public access block, all judged before an operation runs.
//! What it is not: it keeps no bytes of large objects (`blobs` does), verifies no signature and no trailing checksum (the gateway
//! does). Bodies are encrypted as their bucket and their writer say: SSE-S3, SSE-KMS or SSE-C. DSSE-KMS, Object Lock and MFA delete are
//! refused.
//!
//! Where it deviates: `x-amz-tagging-count` is never told, since who may read tags is known only where `s3:GetObjectTagging` is asked for.

mod access;
mod access_log;
mod acls;
mod body;
mod checksums;
mod cloudformation;
mod conditions;
mod copy_source;
mod encryption;
mod error;
mod grammar;
mod lifecycle;
mod listing;
mod metrics;
mod new_object;
mod notifications;
mod operations;
mod policies;
mod range;
mod state;
mod tags;
mod versions;

use blobs::BlobId;
use contract::Registration;
use names::AccountId;
use state::{Content, Noncurrent, Object, Part};
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use store::{StoreError, View};

/// What S3 needs to know of how the cloud was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// New buckets have SSE-S3 as their default encryption, as on AWS since January 2023. Without it they have none, as guides of before
    /// then expect: objects are then encrypted only where their writers or the bucket's owner say so.
    pub default_encryption: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { default_encryption: true }
    }
}

impl Settings {
    /// The default encryption of a new bucket.
    fn new_encryption(self) -> state::Encryption {
        let default = if self.default_encryption {
            state::DefaultEncryption::S3
        } else {
            state::DefaultEncryption::None
        };
        state::Encryption { default, ..Default::default() }
    }
}

/// The service.
pub(crate) struct S3 {
    settings: Settings,
}

/// The blobs that objects and parts of uploads refer to, of one account or of all: what a collection must keep.
///
/// # Errors
/// The store's failure; then nothing may be collected.
pub fn live_blobs(view: &View, of: Option<AccountId>) -> Result<HashSet<BlobId>, StoreError> {
    let mut live = HashSet::new();
    let mut keep = |content: &Content| match content {
        Content::Blob(id) => {
            live.insert(*id);
        }
        Content::Pieces(pieces) => live.extend(pieces.iter().map(|piece| piece.body)),
        Content::DeleteMarker | Content::Inline => {}
    };
    view.scan_of::<Object>(of).each(|object| {
        keep(&object.content);
        ControlFlow::Continue(())
    })?;
    view.scan_of::<Noncurrent>(of).each(|version| {
        keep(&version.0.content);
        ControlFlow::Continue(())
    })?;
    view.scan_of::<Part>(of).each(|part| {
        live.insert(part.body);
        ControlFlow::Continue(())
    })?;
    Ok(live)
}

/// What S3 serves.
#[must_use]
pub fn registration(settings: Settings) -> Registration {
    use api_s3::*;
    let s3 = Arc::new(S3 { settings });
    Registration::new(&SERVICE)
        .anonymous()
        .resource::<state::Bucket>()
        .resource::<state::AccountBlock>()
        .task(notifications::Deliver)
        .task(access_log::Deliver)
        .task(lifecycle::Expire)
        .task(metrics::Storage)
        .request_log(access_log::AccessLog::default())
        .live_blobs(live_blobs)
        .handler(cloudformation::BucketHandler)
        .handler(cloudformation::BucketPolicyHandler)
        .orchestrate::<S3, CreateBucket>(&s3)
        .transact::<S3, DeleteBucket>()
        .transact::<S3, HeadBucket>()
        .transact::<S3, ListBuckets>()
        .transact::<S3, GetBucketLocation>()
        .orchestrate_data::<S3, PutObject>(&s3)
        .orchestrate_data::<S3, GetObject>(&s3)
        .orchestrate_data::<S3, HeadObject>(&s3)
        .transact_data::<S3, DeleteObject>()
        .transact_each_data::<S3, DeleteObjects>()
        .orchestrate_data::<S3, CopyObject>(&s3)
        .transact_data::<S3, ListObjectsV2>()
        .transact_data::<S3, ListObjects>()
        .orchestrate_data::<S3, GetObjectAttributes>(&s3)
        .transact_data::<S3, ListObjectVersions>()
        .transact_data::<S3, PutObjectTagging>()
        .transact_data::<S3, GetObjectTagging>()
        .transact_data::<S3, DeleteObjectTagging>()
        .transact_data::<S3, GetObjectAcl>()
        .transact_data::<S3, PutObjectAcl>()
        .orchestrate_data::<S3, CreateMultipartUpload>(&s3)
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
        .orchestrate::<S3, DeleteBucketEncryption>(&s3)
        .transact::<S3, GetBucketOwnershipControls>()
        .transact::<S3, PutBucketOwnershipControls>()
        .transact::<S3, DeleteBucketOwnershipControls>()
        .transact::<S3, GetBucketLogging>()
        .transact::<S3, PutBucketLogging>()
        .transact::<S3, GetBucketNotificationConfiguration>()
        .orchestrate::<S3, PutBucketNotificationConfiguration>(&s3)
        .transact::<S3, GetBucketCors>()
        .transact::<S3, PutBucketLifecycleConfiguration>()
        .transact::<S3, GetBucketLifecycleConfiguration>()
        .transact::<S3, DeleteBucketLifecycle>()
        .transact::<S3, GetBucketReplication>()
        .transact::<S3, GetBucketWebsite>()
        .transact::<S3, GetBucketAccelerateConfiguration>()
        .transact::<S3, GetBucketRequestPayment>()
        .transact::<S3, GetObjectLockConfiguration>()
}

/// What S3 Control serves.
#[must_use]
pub fn control_registration() -> Registration {
    use api_s3control::*;
    Registration::new(&SERVICE)
        .transact::<S3, GetPublicAccessBlock>()
        .transact::<S3, PutPublicAccessBlock>()
        .transact::<S3, DeletePublicAccessBlock>()
}
