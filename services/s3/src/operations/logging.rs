//! Where a bucket's access logs go.

use crate::acls;
use crate::error::{error, invalid_argument, invalid_request, malformed_xml};
use crate::state::{Acl, Bucket, Grant, KeyFormat, Logging};
use api_s3::{
    BucketLogsPermission, Error, GetBucketLoggingOutput, LoggingEnabled, PartitionDateSource,
    PartitionedPrefix, PutBucketLoggingOutput, SimplePrefix, TargetGrant, TargetObjectKeyFormat,
};
use store::View;

on_bucket! {
    PutBucketLogging => PutBucketLoggingOutput, "s3:PutBucketLogging",
    |input, bucket, call, tx| {
        bucket.logging = match &input.bucket_logging_status.logging_enabled {
            Some(enabled) => Some(logging(enabled, &bucket, tx)?),
            None => None,
        };
        tx.put(bucket)?;
        Ok(PutBucketLoggingOutput {})
    }
}

on_bucket! {
    GetBucketLogging => GetBucketLoggingOutput, "s3:GetBucketLogging",
    |input, bucket, call, tx| {
        Ok(GetBucketLoggingOutput { logging_enabled: bucket.logging.as_ref().map(told) })
    }
}

fn logging(given: &LoggingEnabled, bucket: &Bucket, view: &View) -> Result<Logging, Error> {
    let invalid = |message: &str| {
        error(400, "InvalidTargetBucketForLogging", message, [("TargetBucket", given.target_bucket.clone())])
    };
    let Some(target) = Bucket::named(view, &given.target_bucket)? else {
        return Err(invalid("The target bucket for logging does not exist"));
    };
    if target.scope.account != bucket.scope.account {
        return Err(invalid("The owner for the bucket to be logged and the target bucket must be the same."));
    }
    if target.scope.region != bucket.scope.region {
        return Err(error(
            403,
            "CrossLocationLoggingProhibited",
            "Cross S3 location logging not allowed. ",
            [("SourceBucketLocation", bucket.scope.region.to_string())],
        ));
    }
    let grants = grants(given.target_grants.as_deref().unwrap_or_default())?;
    if !grants.is_empty() && target.acls_disabled() {
        return Err(invalid_argument(
            "Bucket logging target grants cannot be specified when the target bucket has ACLs disabled",
            "TargetGrants",
            given.target_bucket.as_str(),
        ));
    }
    Ok(Logging {
        target: target.name,
        prefix: given.target_prefix.clone(),
        format: format(given.target_object_key_format.as_ref())?,
        grants,
    })
}

fn grants(given: &[TargetGrant]) -> Result<Vec<Grant>, Error> {
    let mut grants = Vec::new();
    for grant in given {
        let (Some(grantee), Some(permission)) = (&grant.grantee, grant.permission) else {
            return Err(malformed_xml());
        };
        grants.push(Grant::new(acls::grantee(grantee)?, permission.as_str()));
    }
    Ok(grants)
}

fn format(given: Option<&TargetObjectKeyFormat>) -> Result<KeyFormat, Error> {
    let Some(given) = given else { return Ok(KeyFormat::Unsaid) };
    match (&given.simple_prefix, &given.partitioned_prefix) {
        (Some(_), Some(_)) => {
            Err(invalid_request("Only one of SimplePrefix and PartitionedPrefix can be specified."))
        }
        (_, None) => Ok(KeyFormat::Simple),
        (None, Some(partitioned)) => Ok(match partitioned.partition_date_source {
            Some(PartitionDateSource::DeliveryTime) => KeyFormat::ByDeliveryTime,
            _ => KeyFormat::ByEventTime,
        }),
    }
}

fn told(logging: &Logging) -> LoggingEnabled {
    let partitioned = |source| TargetObjectKeyFormat {
        simple_prefix: None,
        partitioned_prefix: Some(PartitionedPrefix { partition_date_source: Some(source) }),
    };
    let listed = acls::listed(&Acl { grants: logging.grants.clone() });
    let grants: Vec<TargetGrant> = listed
        .into_iter()
        .map(|grant| TargetGrant {
            grantee: grant.grantee,
            permission: grant
                .permission
                .and_then(|permission| permission.as_str().parse::<BucketLogsPermission>().ok()),
        })
        .collect();
    LoggingEnabled {
        target_bucket: logging.target.clone(),
        target_prefix: logging.prefix.clone(),
        target_grants: (!grants.is_empty()).then_some(grants),
        target_object_key_format: match logging.format {
            KeyFormat::Unsaid => None,
            KeyFormat::Simple => {
                Some(TargetObjectKeyFormat { simple_prefix: Some(SimplePrefix {}), partitioned_prefix: None })
            }
            KeyFormat::ByEventTime => Some(partitioned(PartitionDateSource::EventTime)),
            KeyFormat::ByDeliveryTime => Some(partitioned(PartitionDateSource::DeliveryTime)),
        },
    }
}
