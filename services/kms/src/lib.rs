//! KMS: keys, aliases, grants, and cryptography with them.
//!
//! What it is: symmetric encryption keys (AES-256-GCM) and HMAC keys with real cryptography; key policies without whose consent nobody uses a
//! key; grants; rotation; deletion after a waiting time; AWS managed keys of services.
//!
//! What it is not: asymmetric keys, multi-Region keys, imported material, custom key stores and attested recipients are refused
//! (`UnsupportedOperationException`). That the principals of a key policy exist is not checked. Key material is stored as it is, in rows of its
//! own that no call, item, change or log shows: it is safe from whoever only has the API, and not from whoever reads the data directory. This is
//! a laboratory, not a hardware security module.
//!
//! # How other services use keys
//!
//! A service sends the public operations, through a [`contract::Caller`], **as the principal that called it**, with its own name at the end of
//! the chain: that is what AWS calls a forward access session.
//!
//! ```ignore
//! let kms = context.caller(call.principal.clone(), scope, call.chain.through("s3.amazonaws.com"));
//! let made = kms.call(api_kms::GenerateDataKey { key_id: "alias/aws/s3".into(), key_spec: Some(Aes256), encryption_context, ..Default::default() }).await?;
//! // later, as whoever asks then:
//! let opened = kms.call(api_kms::Decrypt { ciphertext_blob: Some(blob), encryption_context, ..Default::default() }).await?;
//! ```
//!
//! - `kms:ViaService` is then `s3.us-east-1.amazonaws.com`, `kms:CallerAccount` the principal's account, and `aws:CalledVia` the chain.
//! - The scope's region must be the resource's; its account does not matter (a call acts where its principal is from). So name keys of the
//!   resource's owner by ARN (`arn:aws:kms:REGION:OWNER:alias/aws/s3`), or another account's caller would use its own key of that alias.
//! - `alias/aws/s3`, `sqs`, `dynamodb`, `sns`, `lambda`, `ssm` and `secretsmanager` are made by the first such call. Their policies let in whoever
//!   of the account the service let in, and only through that service.
//! - A service that acts for itself (a delivery, a log) calls as [`contract::Principal::service`]; the key policy must name it.
//! - Encryption contexts as on AWS: S3 `{"aws:s3:arn": bucket or object ARN}`, SQS `{"aws:sqs:arn": queue ARN}`, SNS `{"aws:sns:topicArn": …}`,
//!   DynamoDB `{"aws:dynamodb:tableName": …, "aws:dynamodb:subscriberId": account}`.
//! - Answer KMS's errors as the service does: S3 passes `AccessDenied` with KMS's sentence, SQS `KmsAccessDenied` and its like.

mod access;
mod cipher;
mod cloudformation;
mod key_policy;
mod mac;
mod managed;
mod operations;
mod page;
mod reference;
mod refusal;
mod state;
mod tags;
mod tasks;

use api_kms::{
    CancelKeyDeletion, CreateAlias, CreateGrant, CreateKey, Decrypt, DeleteAlias, DescribeKey, DisableKey,
    DisableKeyRotation, EnableKey, EnableKeyRotation, Encrypt, GenerateDataKey,
    GenerateDataKeyWithoutPlaintext, GenerateMac, GenerateRandom, GetKeyPolicy, GetKeyRotationStatus,
    ListAliases, ListGrants, ListKeyPolicies, ListKeyRotations, ListKeys, ListResourceTags,
    ListRetirableGrants, PutKeyPolicy, ReEncrypt, RetireGrant, RevokeGrant, RotateKeyOnDemand,
    ScheduleKeyDeletion, TagResource, UntagResource, UpdateAlias, UpdateKeyDescription, VerifyMac,
};
use contract::Registration;

/// The service, whose operations are transactions.
pub(crate) struct Kms;

/// KMS's table of contents. All operations are management events, cryptography too:
/// <https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html>
#[must_use]
pub fn registration() -> Registration {
    Registration::new(&api_kms::SERVICE)
        .transact::<Kms, CreateKey>()
        .transact::<Kms, DescribeKey>()
        .transact::<Kms, ListKeys>()
        .transact::<Kms, UpdateKeyDescription>()
        .transact::<Kms, EnableKey>()
        .transact::<Kms, DisableKey>()
        .transact::<Kms, ScheduleKeyDeletion>()
        .transact::<Kms, CancelKeyDeletion>()
        .transact::<Kms, CreateAlias>()
        .transact::<Kms, UpdateAlias>()
        .transact::<Kms, DeleteAlias>()
        .transact::<Kms, ListAliases>()
        .transact::<Kms, GetKeyPolicy>()
        .transact::<Kms, PutKeyPolicy>()
        .transact::<Kms, ListKeyPolicies>()
        .transact::<Kms, Encrypt>()
        .transact::<Kms, Decrypt>()
        .transact::<Kms, ReEncrypt>()
        .transact::<Kms, GenerateDataKey>()
        .transact::<Kms, GenerateDataKeyWithoutPlaintext>()
        .transact::<Kms, GenerateRandom>()
        .transact::<Kms, GenerateMac>()
        .transact::<Kms, VerifyMac>()
        .transact::<Kms, CreateGrant>()
        .transact::<Kms, ListGrants>()
        .transact::<Kms, ListRetirableGrants>()
        .transact::<Kms, RetireGrant>()
        .transact::<Kms, RevokeGrant>()
        .transact::<Kms, EnableKeyRotation>()
        .transact::<Kms, DisableKeyRotation>()
        .transact::<Kms, GetKeyRotationStatus>()
        .transact::<Kms, RotateKeyOnDemand>()
        .transact::<Kms, ListKeyRotations>()
        .transact::<Kms, TagResource>()
        .transact::<Kms, UntagResource>()
        .transact::<Kms, ListResourceTags>()
        .resource::<state::Key>()
        .resource::<state::Alias>()
        .handler(cloudformation::KeyHandler)
        .handler(cloudformation::AliasHandler)
        .task(tasks::DeleteKey)
        .task(tasks::RotateKey)
}
