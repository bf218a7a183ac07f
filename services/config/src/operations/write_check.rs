//! Whether a delivery channel can write to its bucket: an empty object is written, as AWS does.

use crate::engine::deliver;
use crate::engine::task::PRINCIPAL;
use crate::state::{Channel, Recorder};
use api_config::{Error, InsufficientDeliveryPolicyException, NoSuchBucketException};
use bytes::Bytes;
use contract::{Call, Context, Principal};
use wire::ErrorResponse;

/// Writes the check file, as the recorder's role or the service.
///
/// # Errors
/// AWS's, where the bucket is not there or may not be written to.
pub(crate) async fn check(
    channel: &Channel,
    recorder: &Recorder,
    call: &Call,
    context: &Context,
) -> Result<(), Error> {
    let principal = Principal::service(PRINCIPAL, call.account, None);
    let service = context.caller(principal, call.scope(), call.chain.through(PRINCIPAL));
    let key = format!("{}ConfigWritabilityCheckFile", channel.root());
    match deliver::put_object(&service, &recorder.role_arn, channel, &key, Bytes::new()).await {
        Ok(()) => Ok(()),
        Err(error) => Err(refusal(channel, error)),
    }
}

fn refusal(channel: &Channel, error: ErrorResponse) -> Error {
    let bucket = &channel.bucket;
    if error.code == "NoSuchBucket" {
        let message = format!("Cannot find a S3 bucket with name '{bucket}'.");
        return NoSuchBucketException::new(message).into();
    }
    if error.status >= 500 && error.status != 501 {
        return Error::Common(error);
    }
    let or_null = |value: Option<&String>| value.cloned().unwrap_or_else(|| "null".into());
    InsufficientDeliveryPolicyException::new(format!(
        "Insufficient delivery policy to s3 bucket: {bucket}, unable to write to bucket, provided s3 key prefix is '{}', provided kms key is '{}'.",
        or_null(channel.prefix.as_ref()),
        or_null(channel.kms_key.as_ref()),
    ))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use names::{AccountId, Region, Scope};

    #[test]
    fn refusals_are_worded_as_aws_words_them() {
        let channel = Channel {
            scope: Scope::new(AccountId::DEFAULT, Region::US_EAST_1),
            name: "default".into(),
            bucket: "b".into(),
            prefix: None,
            kms_key: None,
            topic: None,
            frequency: None,
        };
        let denied = refusal(&channel, ErrorResponse::new("AccessDenied", "Access Denied", 403));
        assert_eq!(
            denied.to_string(),
            "InsufficientDeliveryPolicyException: Insufficient delivery policy to s3 bucket: b, unable to write to bucket, provided s3 key prefix is 'null', provided kms key is 'null'."
        );
        let missing = refusal(&channel, ErrorResponse::new("NoSuchBucket", "", 404));
        assert!(missing.to_string().starts_with("NoSuchBucketException: "));
    }
}
