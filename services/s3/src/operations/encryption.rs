use crate::error::{invalid_argument, malformed_xml, not_implemented};
use crate::state::Encryption;
use api_s3::{
    BlockedEncryptionTypes, DeleteBucketEncryptionOutput, EncryptionType, GetBucketEncryptionOutput,
    PutBucketEncryptionOutput, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};

on_bucket! {
    PutBucketEncryption => PutBucketEncryptionOutput, "s3:PutEncryptionConfiguration",
    |input, bucket, call, tx| {
        let [rule] = input.server_side_encryption_configuration.rules.as_slice() else {
            return Err(malformed_xml());
        };
        if let Some(default) = &rule.apply_server_side_encryption_by_default {
            if default.sse_algorithm != ServerSideEncryption::Aes256 {
                return Err(not_implemented(&format!("Default encryption by {}", default.sse_algorithm)));
            }
            if let Some(key) = &default.kms_master_key_id {
                return Err(invalid_argument(
                    "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
                    "ApplyServerSideEncryptionByDefault",
                    key.as_str(),
                ));
            }
        } else if rule.blocked_encryption_types.is_none() && rule.bucket_key_enabled.is_none() {
            return Err(malformed_xml());
        }
        let blocked = rule.blocked_encryption_types.iter().flat_map(|it| it.encryption_type.iter().flatten());
        bucket.encryption = Encryption {
            bucket_key_enabled: rule.bucket_key_enabled.unwrap_or_default(),
            blocked: blocked.map(|kind| kind.as_str().to_owned()).collect(),
        };
        tx.put(bucket)?;
        Ok(PutBucketEncryptionOutput {})
    }
}

on_bucket! {
    GetBucketEncryption => GetBucketEncryptionOutput, "s3:GetEncryptionConfiguration",
    |input, bucket, call, tx| {
        let blocked: Vec<EncryptionType> =
            bucket.encryption.blocked.iter().filter_map(|kind| kind.parse().ok()).collect();
        let rule = ServerSideEncryptionRule {
            apply_server_side_encryption_by_default: Some(ServerSideEncryptionByDefault {
                sse_algorithm: ServerSideEncryption::Aes256,
                kms_master_key_id: None,
            }),
            bucket_key_enabled: Some(bucket.encryption.bucket_key_enabled),
            blocked_encryption_types: (!blocked.is_empty())
                .then_some(BlockedEncryptionTypes { encryption_type: Some(blocked) }),
        };
        Ok(GetBucketEncryptionOutput {
            server_side_encryption_configuration: Some(ServerSideEncryptionConfiguration { rules: vec![rule] }),
        })
    }
}

on_bucket! {
    DeleteBucketEncryption => DeleteBucketEncryptionOutput, "s3:PutEncryptionConfiguration",
    |input, bucket, call, tx| {
        // Back to the default that every bucket has since January 2023.
        bucket.encryption = Encryption::default();
        tx.put(bucket)?;
        Ok(DeleteBucketEncryptionOutput {})
    }
}
