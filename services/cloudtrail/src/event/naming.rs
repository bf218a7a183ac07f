//! How CloudTrail spells services and operations.

/// Such as `ec2.amazonaws.com`.
pub(crate) fn event_source(service: &str) -> String {
    let host = match service {
        "dynamodbstreams" => "dynamodb",
        "s3control" => "s3",
        "cloudwatch" => "monitoring",
        other => other,
    };
    format!("{host}.amazonaws.com")
}

/// Lambda's operations are told with the date of their API.
/// <https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html>
const LAMBDA: &[(&str, &str)] = &[
    ("AddLayerVersionPermission", "AddLayerVersionPermission20181031"),
    ("AddPermission", "AddPermission20150331v2"),
    ("CreateAlias", "CreateAlias20150331"),
    ("CreateEventSourceMapping", "CreateEventSourceMapping20150331"),
    ("CreateFunction", "CreateFunction20150331"),
    ("DeleteAlias", "DeleteAlias20150331"),
    ("DeleteEventSourceMapping", "DeleteEventSourceMapping20150331"),
    ("DeleteFunction", "DeleteFunction20150331"),
    ("DeleteFunctionConcurrency", "DeleteFunctionConcurrency20171031"),
    ("DeleteLayerVersion", "DeleteLayerVersion20181031"),
    ("GetAccountSettings", "GetAccountSettings20160819"),
    ("GetAlias", "GetAlias20150331"),
    ("GetEventSourceMapping", "GetEventSourceMapping20150331"),
    ("GetFunction", "GetFunction20150331v2"),
    ("GetFunctionConfiguration", "GetFunctionConfiguration20150331v2"),
    ("GetLayerVersion", "GetLayerVersion20181031"),
    ("GetPolicy", "GetPolicy20150331v2"),
    ("ListAliases", "ListAliases20150331"),
    ("ListEventSourceMappings", "ListEventSourceMappings20150331"),
    ("ListFunctions", "ListFunctions20150331"),
    ("ListLayerVersions", "ListLayerVersions20181031"),
    ("ListLayers", "ListLayers20181031"),
    ("ListTags", "ListTags20170331"),
    ("ListVersionsByFunction", "ListVersionsByFunction20150331"),
    ("PublishLayerVersion", "PublishLayerVersion20181031"),
    ("PublishVersion", "PublishVersion20150331"),
    ("PutFunctionConcurrency", "PutFunctionConcurrency20171031"),
    ("RemovePermission", "RemovePermission20150331v2"),
    ("TagResource", "TagResource20170331v2"),
    ("UntagResource", "UntagResource20170331v2"),
    ("UpdateAlias", "UpdateAlias20150331"),
    ("UpdateEventSourceMapping", "UpdateEventSourceMapping20150331"),
    ("UpdateFunctionCode", "UpdateFunctionCode20150331v2"),
    ("UpdateFunctionConfiguration", "UpdateFunctionConfiguration20150331v2"),
];

/// S3's names, where they are not those of the API.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html>
const S3: &[(&str, &str)] = &[
    ("DeletePublicAccessBlock", "DeleteBucketPublicAccessBlock"),
    ("GetBucketLifecycleConfiguration", "GetBucketLifecycle"),
    ("GetBucketNotificationConfiguration", "GetBucketNotification"),
    ("GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"),
    ("GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
    ("ListObjectsV2", "ListObjects"),
    ("PutBucketLifecycleConfiguration", "PutBucketLifecycle"),
    ("PutBucketNotificationConfiguration", "PutBucketNotification"),
    ("PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"),
    ("PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
];

/// Of the account's own settings.
const S3_CONTROL: &[(&str, &str)] = &[
    ("DeletePublicAccessBlock", "DeleteAccountPublicAccessBlock"),
    ("GetPublicAccessBlock", "GetAccountPublicAccessBlock"),
    ("PutPublicAccessBlock", "PutAccountPublicAccessBlock"),
];

/// As CloudTrail spells an operation.
pub(crate) fn event_name<'a>(service: &str, operation: &'a str) -> &'a str {
    let table = match service {
        "lambda" => LAMBDA,
        "s3" => S3,
        "s3control" => S3_CONTROL,
        _ => return operation,
    };
    table.iter().find(|(name, _)| *name == operation).map_or(operation, |(_, told)| told)
}
