//! CloudFormation's types of S3.

mod bucket;
mod bucket_policy;
mod lifecycle;
mod reading;
mod wanted;

pub(crate) use bucket::BucketHandler;
pub(crate) use bucket_policy::BucketPolicyHandler;

use wire::ErrorResponse;

/// What is gone needs no deletion.
fn gone_is_done<T>(result: Result<T, ErrorResponse>) -> Result<(), ErrorResponse> {
    match result {
        Err(error) if !matches!(error.code.as_str(), "NoSuchBucket" | "NoSuchBucketPolicy") => Err(error),
        _ => Ok(()),
    }
}
