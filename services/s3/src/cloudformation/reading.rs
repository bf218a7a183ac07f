//! A bucket's settings in the form of a template. Lists, lifecycles and notifications are not told: they are not compared.

use contract::{Actual, HandlerContext, HandlerFailure, Properties};
use wire::{Document, ErrorResponse, document};

/// Reads those of the settings that a template gave.
pub(super) async fn read(
    bucket: &str,
    properties: &Properties,
    context: &HandlerContext,
) -> Result<Actual, HandlerFailure> {
    let ask = || document!({ "Bucket": bucket });
    if context.ask("s3", "HeadBucket", ask(), |error| error.status == 404).await?.is_none() {
        return Ok(Actual::Gone);
    }
    let mut actual = document!({ "BucketName": bucket });
    for (property, operation, in_template) in SETTINGS {
        if properties.get(property).is_none() {
            continue;
        }
        // What is not set is answered as 404, under a code of each setting's own.
        let missing = |error: &ErrorResponse| error.status == 404;
        let answer = context.ask("s3", operation, ask(), missing).await?;
        actual.set(*property, answer.map(|answer| in_template(&answer)).unwrap_or_default());
    }
    if let Some(versioning) = actual.get("VersioningConfiguration")
        && versioning.get("Status").is_none_or(Document::is_null)
    {
        actual.set("VersioningConfiguration", Document::Null);
    }
    Ok(Actual::Properties(actual))
}

/// Properties, what tells of them, and how an answer is written in a template.
type Setting = (&'static str, &'static str, fn(&Document) -> Document);

const SETTINGS: &[Setting] = &[
    ("BucketEncryption", "GetBucketEncryption", encryption),
    ("LoggingConfiguration", "GetBucketLogging", logging),
    ("OwnershipControls", "GetBucketOwnershipControls", |answer| {
        answer.get("OwnershipControls").cloned().unwrap_or_default()
    }),
    ("PublicAccessBlockConfiguration", "GetPublicAccessBlock", |answer| {
        answer.get("PublicAccessBlockConfiguration").cloned().unwrap_or_default()
    }),
    ("Tags", "GetBucketTagging", |answer| answer.get("TagSet").cloned().unwrap_or_default()),
    ("VersioningConfiguration", "GetBucketVersioning", |answer| Actual::picked(answer, &["Status"])),
];

fn encryption(answer: &Document) -> Document {
    let rules = answer.at(&["ServerSideEncryptionConfiguration", "Rules"]).and_then(Document::as_array);
    let rules = rules.unwrap_or_default().iter().map(|rule| {
        let mut told = Actual::picked(rule, &["BucketKeyEnabled", "BlockedEncryptionTypes"]);
        let default = rule.get("ApplyServerSideEncryptionByDefault").cloned();
        told.set("ServerSideEncryptionByDefault", default.unwrap_or_default());
        told
    });
    document!({ "ServerSideEncryptionConfiguration": (Document::Array(rules.collect())) })
}

fn logging(answer: &Document) -> Document {
    let Some(enabled) = answer.get("LoggingEnabled") else { return Document::Null };
    let mut told = Actual::picked(enabled, &["TargetObjectKeyFormat"]);
    told.set("DestinationBucketName", enabled.get("TargetBucket").cloned().unwrap_or_default());
    told.set("LogFilePrefix", enabled.get("TargetPrefix").cloned().unwrap_or_default());
    told
}
