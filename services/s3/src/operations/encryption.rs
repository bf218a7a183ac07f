//! A bucket's default encryption.

use crate::S3;
use crate::access::{self, on_bucket};
use crate::error::{error, invalid_argument, malformed_xml, not_implemented};
use crate::state::{DefaultEncryption, Encryption};
use api_s3::{
    BlockedEncryptionTypes, DeleteBucketEncryption, DeleteBucketEncryptionOutput, EncryptionType, Error,
    GetBucketEncryptionOutput, PutBucketEncryptionOutput, ServerSideEncryption,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};
use contract::{Access, Call, Context, Orchestrate};
use store::View;

/// A KMS key's id, ARN, alias or alias's ARN.
const LONGEST_KEY_ID: usize = 2048;

fn default_of(given: &ServerSideEncryptionByDefault) -> Result<DefaultEncryption, Error> {
    match given.sse_algorithm {
        ServerSideEncryption::Aes256 => match &given.kms_master_key_id {
            None => Ok(DefaultEncryption::S3),
            Some(key) => Err(invalid_argument(
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
                "ApplyServerSideEncryptionByDefault",
                key.as_str(),
            )),
        },
        ServerSideEncryption::AwsKms => {
            let key = given.kms_master_key_id.clone().filter(|key| !key.is_empty());
            match key {
                Some(key) if key.len() > LONGEST_KEY_ID => {
                    Err(invalid_argument("Invalid KMS key identifier", "KMSMasterKeyID", key))
                }
                key => Ok(DefaultEncryption::Kms(key)),
            }
        }
        other => Err(not_implemented(&format!("Default encryption by {other}"))),
    }
}

on_bucket! {
    PutBucketEncryption => PutBucketEncryptionOutput, "s3:PutEncryptionConfiguration",
    |input, bucket, call, tx| {
        let [rule] = input.server_side_encryption_configuration.rules.as_slice() else {
            return Err(malformed_xml());
        };
        let default = match &rule.apply_server_side_encryption_by_default {
            Some(default) => default_of(default)?,
            None if rule.blocked_encryption_types.is_none() && rule.bucket_key_enabled.is_none() => {
                return Err(malformed_xml());
            }
            None => bucket.encryption.default.clone(),
        };
        let blocked = rule.blocked_encryption_types.iter().flat_map(|it| it.encryption_type.iter().flatten());
        let blocked = blocked.filter(|kind| **kind != EncryptionType::None);
        bucket.encryption = Encryption {
            default,
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
        let (sse_algorithm, kms_master_key_id) = match bucket.encryption.default.clone() {
            DefaultEncryption::S3 => (ServerSideEncryption::Aes256, None),
            DefaultEncryption::Kms(key) => (ServerSideEncryption::AwsKms, key),
            DefaultEncryption::None => {
                return Err(error(
                    404,
                    "ServerSideEncryptionConfigurationNotFoundError",
                    "The server side encryption configuration was not found",
                    [("BucketName", bucket.name)],
                ));
            }
        };
        let blocked: Vec<EncryptionType> =
            bucket.encryption.blocked.iter().filter_map(|kind| kind.parse().ok()).collect();
        let rule = ServerSideEncryptionRule {
            apply_server_side_encryption_by_default: Some(ServerSideEncryptionByDefault {
                sse_algorithm,
                kms_master_key_id,
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

/// Asynchronous only so that it knows the cloud's settings.
#[async_trait::async_trait]
impl Orchestrate<DeleteBucketEncryption> for S3 {
    fn access(&self, input: &DeleteBucketEncryption, call: &Call, view: &View) -> Access {
        on_bucket(view, call, &input.bucket, "s3:PutEncryptionConfiguration")
    }

    async fn run(
        &self,
        input: DeleteBucketEncryption,
        call: &Call,
        context: &Context,
    ) -> Result<DeleteBucketEncryptionOutput, Error> {
        let owner = input.expected_bucket_owner.as_deref();
        context
            .transact(call, |call, tx| -> Result<(), Error> {
                let mut bucket = access::bucket(tx, call, &input.bucket, owner)?;
                // Back to what a new bucket has.
                bucket.encryption = self.settings.new_encryption();
                Ok(tx.put(bucket)?)
            })
            .await?;
        Ok(DeleteBucketEncryptionOutput {})
    }
}
