use crate::error::not_implemented;
use api_s3::{GetBucketLoggingOutput, PutBucketLoggingOutput};

on_bucket! {
    PutBucketLogging => PutBucketLoggingOutput, "s3:PutBucketLogging",
    |input, bucket, call, tx| {
        let _ = bucket;
        // Logs would not be delivered, so none are promised.
        match input.bucket_logging_status.logging_enabled {
            Some(_) => Err(not_implemented("Delivery of server access logs")),
            None => Ok(PutBucketLoggingOutput {}),
        }
    }
}

on_bucket! {
    GetBucketLogging => GetBucketLoggingOutput, "s3:GetBucketLogging",
    |input, bucket, call, tx| {
        let _ = bucket;
        Ok(GetBucketLoggingOutput::default())
    }
}
