//! Settings that no bucket here can have: they are answered as S3 answers for a bucket without them.

use crate::error::error;
use api_s3::{
    Error, GetBucketAccelerateConfigurationOutput, GetBucketCorsOutput, GetBucketReplicationOutput,
    GetBucketRequestPaymentOutput, GetBucketWebsiteOutput, GetObjectLockConfigurationOutput, Payer,
};

fn absent<T>(code: &str, message: &str, bucket: String) -> Result<T, Error> {
    Err(error(404, code, message, [("BucketName", bucket)]))
}

on_bucket! {
    GetBucketCors => GetBucketCorsOutput, "s3:GetBucketCORS",
    |input, bucket, call, tx| {
        absent("NoSuchCORSConfiguration", "The CORS configuration does not exist", bucket.name)
    }
}

on_bucket! {
    GetBucketReplication => GetBucketReplicationOutput, "s3:GetReplicationConfiguration",
    |input, bucket, call, tx| {
        absent("ReplicationConfigurationNotFoundError", "The replication configuration was not found", bucket.name)
    }
}

on_bucket! {
    GetBucketWebsite => GetBucketWebsiteOutput, "s3:GetBucketWebsite",
    |input, bucket, call, tx| {
        absent(
            "NoSuchWebsiteConfiguration",
            "The specified bucket does not have a website configuration",
            bucket.name,
        )
    }
}

on_bucket! {
    GetBucketAccelerateConfiguration => GetBucketAccelerateConfigurationOutput, "s3:GetAccelerateConfiguration",
    |input, bucket, call, tx| {
        let _ = bucket;
        Ok(GetBucketAccelerateConfigurationOutput::default())
    }
}

on_bucket! {
    GetBucketRequestPayment => GetBucketRequestPaymentOutput, "s3:GetBucketRequestPayment",
    |input, bucket, call, tx| {
        let _ = bucket;
        Ok(GetBucketRequestPaymentOutput { payer: Some(Payer::BucketOwner) })
    }
}

on_bucket! {
    GetObjectLockConfiguration => GetObjectLockConfigurationOutput, "s3:GetBucketObjectLockConfiguration",
    |input, bucket, call, tx| {
        absent(
            "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket",
            bucket.name,
        )
    }
}
