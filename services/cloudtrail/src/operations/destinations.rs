//! Whether CloudTrail can deliver to where a trail wants it: each destination is tried, as AWS does.

use crate::delivery::{self, Failed, PRINCIPAL};
use crate::state::Trail;
use api_cloudtrail::{
    Error, InsufficientEncryptionPolicyException, InsufficientS3BucketPolicyException,
    InsufficientSnsTopicPolicyException, InvalidCloudWatchLogsLogGroupArnException,
    InvalidCloudWatchLogsRoleArnException, KmsException, KmsKeyNotFoundException,
    S3BucketDoesNotExistException,
};
use api_kms::DescribeKey;
use api_s3::{GetBucketAcl, HeadBucket};
use bytes::Bytes;
use contract::{Call, Caller, Context};
use names::Arn;
use wire::ErrorResponse;

/// Tries all destinations of a trail.
pub(super) async fn check(trail: &Trail, call: &Call, context: &Context) -> Result<(), Error> {
    let service = delivery::caller(trail, context, call.chain.through(PRINCIPAL));
    let own = context.caller(call.principal.clone(), call.scope(), call.chain.through(PRINCIPAL));
    bucket(trail, &service, &own).await?;
    if trail.topic.is_some() {
        topic(trail, &service).await?;
    }
    if trail.log_group.is_some() {
        logs(trail, &service).await?;
    }
    Ok(())
}

/// The ARN of a trail's key, which may be named by its id or an alias. The key must let CloudTrail look at it.
pub(super) async fn key(trail: &Trail, call: &Call, context: &Context) -> Result<Option<String>, Error> {
    let Some(named) = &trail.kms_key else { return Ok(None) };
    let arn: Option<Arn> = named.parse().ok();
    let service = delivery::caller(trail, context, call.chain.through(PRINCIPAL));
    let service = service.in_region(arn.and_then(|arn| arn.region).unwrap_or(trail.scope.region));
    let describe = DescribeKey { key_id: named.clone(), grant_tokens: None };
    let key = match service.call(describe.clone()).await {
        Ok(found) => found.key_metadata.unwrap_or_default(),
        Err(error) if ours(&error) => return Err(Error::Common(error)),
        // The service is denied what is not there, too. Whether it is, is told to callers who may ask for it.
        Err(_) => {
            let own = context.caller(call.principal.clone(), service.scope(), call.chain.through(PRINCIPAL));
            return Err(match own.call(describe).await {
                Err(error) if error.code == "NotFoundException" => {
                    KmsKeyNotFoundException::new(error.message).into()
                }
                _ => insufficient_encryption(trail, named),
            });
        }
    };
    if key.enabled != Some(true) {
        let state = key.key_state.map(|state| state.as_str().to_owned()).unwrap_or_default();
        return Err(
            KmsException::new(format!("The KMS key {named} cannot be used: its state is {state}.")).into()
        );
    }
    Ok(key.arn)
}

fn insufficient_encryption(trail: &Trail, key: &str) -> Error {
    let bucket = &trail.bucket;
    let message = format!("Insufficient permissions to access S3 bucket {bucket} or KMS key {key}.");
    InsufficientEncryptionPolicyException::new(message).into()
}

/// A failure of ours is told as it is; what else is the bucket's.
fn ours(error: &ErrorResponse) -> bool {
    error.status >= 500 && error.status != 501
}

async fn bucket(trail: &Trail, service: &Caller, own: &Caller) -> Result<(), Error> {
    let bucket = &trail.bucket;
    let insufficient = || -> Error {
        let message = format!("Incorrect S3 bucket policy is detected for bucket: {bucket}");
        InsufficientS3BucketPolicyException::new(message).into()
    };
    let acl = GetBucketAcl { bucket: bucket.clone(), ..GetBucketAcl::default() };
    match service.call(acl).await {
        Ok(_) => {}
        Err(error) if ours(&error) => return Err(Error::Common(error)),
        // The service is denied what is not there, too. Whether it is, is told to callers who may ask for it.
        Err(_) => {
            let head = HeadBucket { bucket: bucket.clone(), ..HeadBucket::default() };
            return Err(match own.call(head).await {
                Err(error) if error.status == 404 => {
                    S3BucketDoesNotExistException::new(format!("S3 bucket {bucket} does not exist!")).into()
                }
                _ => insufficient(),
            });
        }
    }
    // Without the key first: a policy that does not let CloudTrail write is the bucket's fault.
    let plain = Trail { kms_key: None, ..trail.clone() };
    let key = format!("{}CloudTrail/", trail.root());
    match delivery::put_object(&plain, service, &key, Bytes::new()).await {
        Ok(()) => {}
        Err(error) if ours(&error) => return Err(Error::Common(error)),
        Err(_) => return Err(insufficient()),
    }
    let Some(kms_key) = &trail.kms_key else { return Ok(()) };
    match delivery::put_object(trail, service, &key, Bytes::new()).await {
        Ok(()) => Ok(()),
        Err(error) if ours(&error) => Err(Error::Common(error)),
        Err(_) => Err(insufficient_encryption(trail, kms_key)),
    }
}

async fn topic(trail: &Trail, service: &Caller) -> Result<(), Error> {
    match delivery::publish(trail, service, "CloudTrail validation message.").await {
        Ok(()) => Ok(()),
        Err(error) if ours(&error) => Err(Error::Common(error)),
        Err(_) => {
            let message = "SNS Topic does not exist or the topic policy is incorrect!";
            Err(InsufficientSnsTopicPolicyException::new(message).into())
        }
    }
}

async fn logs(trail: &Trail, service: &Caller) -> Result<(), Error> {
    let group = || -> Error {
        let message = "CloudTrail cannot validate the specified log group ARN.";
        InvalidCloudWatchLogsLogGroupArnException::new(message).into()
    };
    let role = |message: &str| -> Error { InvalidCloudWatchLogsRoleArnException::new(message).into() };
    match delivery::create_stream(trail, service).await {
        Ok(_) => Ok(()),
        Err(Failed::Arn) => Err(group()),
        Err(Failed::Role(_)) => Err(role("Access denied. Check the trust relationships for your role.")),
        Err(Failed::Call(error)) if ours(&error) => Err(Error::Common(error)),
        Err(Failed::Call(error)) if error.code == "ResourceNotFoundException" => Err(group()),
        Err(Failed::Call(_)) => Err(role("Access denied. Check the permissions for your role.")),
    }
}
