use crate::error::{error, header_not_implemented, not_implemented};
use crate::state::Versioning;
use api_s3::{BucketVersioningStatus, GetBucketVersioningOutput, MFADelete, PutBucketVersioningOutput};

on_bucket! {
    PutBucketVersioning => PutBucketVersioningOutput, "s3:PutBucketVersioning",
    |input, bucket, call, tx| {
        if input.mfa.is_some() {
            return Err(header_not_implemented("x-amz-mfa"));
        }
        if input.versioning_configuration.mfa_delete == Some(MFADelete::Enabled) {
            return Err(not_implemented("MFA delete"));
        }
        bucket.versioning = match input.versioning_configuration.status {
            Some(BucketVersioningStatus::Enabled) => Versioning::Enabled,
            Some(BucketVersioningStatus::Suspended) => Versioning::Suspended,
            None => {
                return Err(error(
                    400,
                    "IllegalVersioningConfigurationException",
                    "The Versioning element must be specified",
                    [],
                ));
            }
        };
        tx.put(bucket)?;
        Ok(PutBucketVersioningOutput {})
    }
}

on_bucket! {
    GetBucketVersioning => GetBucketVersioningOutput, "s3:GetBucketVersioning",
    |input, bucket, call, tx| {
        let status = match bucket.versioning {
            Versioning::Off => None,
            Versioning::Enabled => Some(BucketVersioningStatus::Enabled),
            Versioning::Suspended => Some(BucketVersioningStatus::Suspended),
        };
        Ok(GetBucketVersioningOutput { status, mfa_delete: None })
    }
}
