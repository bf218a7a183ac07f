use crate::error::{error, malformed_xml};
use crate::state::PublicAccessBlock;
use api_s3::{
    DeletePublicAccessBlockOutput, GetPublicAccessBlockOutput, PublicAccessBlockConfiguration,
    PutPublicAccessBlockOutput,
};

on_bucket! {
    PutPublicAccessBlock => PutPublicAccessBlockOutput, "s3:PutBucketPublicAccessBlock",
    |input, bucket, call, tx| {
        let given = input.public_access_block_configuration;
        if given == PublicAccessBlockConfiguration::default() {
            return Err(malformed_xml());
        }
        // Settings that are not given are off.
        bucket.public_access_block = Some(PublicAccessBlock {
            block_public_acls: given.block_public_acls.unwrap_or_default(),
            ignore_public_acls: given.ignore_public_acls.unwrap_or_default(),
            block_public_policy: given.block_public_policy.unwrap_or_default(),
            restrict_public_buckets: given.restrict_public_buckets.unwrap_or_default(),
        });
        tx.put(bucket)?;
        Ok(PutPublicAccessBlockOutput {})
    }
}

on_bucket! {
    GetPublicAccessBlock => GetPublicAccessBlockOutput, "s3:GetBucketPublicAccessBlock",
    |input, bucket, call, tx| {
        let Some(block) = bucket.public_access_block else {
            return Err(error(
                404,
                "NoSuchPublicAccessBlockConfiguration",
                "The public access block configuration was not found",
                [("BucketName", bucket.name)],
            ));
        };
        Ok(GetPublicAccessBlockOutput {
            public_access_block_configuration: Some(PublicAccessBlockConfiguration {
                block_public_acls: Some(block.block_public_acls),
                ignore_public_acls: Some(block.ignore_public_acls),
                block_public_policy: Some(block.block_public_policy),
                restrict_public_buckets: Some(block.restrict_public_buckets),
            }),
        })
    }
}

on_bucket! {
    DeletePublicAccessBlock => DeletePublicAccessBlockOutput, "s3:PutBucketPublicAccessBlock",
    |input, bucket, call, tx| {
        bucket.public_access_block = None;
        tx.put(bucket)?;
        Ok(DeletePublicAccessBlockOutput {})
    }
}
