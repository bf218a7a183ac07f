//! Rules on trails.
//!
//! They look at trails as they are, not at what was recorded of them: whether a trail logs is no part of its configuration.

use super::parameters::{Parameter, boolean, choice, integer, list, text};
use super::s3::acls::{no_public_read, no_public_write};
use super::{Inventory, ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use names::Timestamp;
use std::time::Duration;
use store::StoreError;
use wire::Document;

const TRAIL: &str = "AWS::CloudTrail::Trail";
const BUCKET: &str = "AWS::S3::Bucket";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

const DESTINATIONS: &[Parameter] =
    &[text("s3BucketName"), text("snsTopicArn"), text("cloudWatchLogsLogGroupArn")];

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::account("CLOUDTRAIL_ALL_READ_S3_DATA_EVENT_CHECK", all_reads),
    ManagedRule::account("CLOUDTRAIL_ALL_WRITE_S3_DATA_EVENT_CHECK", all_writes),
    ManagedRule::related("CLOUDTRAIL_S3_BUCKET_ACCESS_LOGGING", &[TRAIL], bucket_logs).only_periodic(),
    ManagedRule::related("CLOUDTRAIL_S3_BUCKET_PUBLIC_ACCESS_PROHIBITED", &[TRAIL], bucket_is_private)
        .only_periodic(),
    ManagedRule::account("CLOUDTRAIL_S3_DATAEVENTS_ENABLED", data_events).with(&[list("S3BucketNames")]),
    ManagedRule::account("CLOUDTRAIL_SECURITY_TRAIL_ENABLED", security_trail),
    ManagedRule::related("CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED", &[TRAIL], log_group)
        .only_periodic()
        .with(&[integer("expectedDeliveryWindowAge")]),
    ManagedRule::account("CLOUD_TRAIL_ENABLED", enabled).with(DESTINATIONS),
    ManagedRule::item("CLOUD_TRAIL_ENCRYPTION_ENABLED", &[TRAIL], encrypted).only_periodic(),
    ManagedRule::item("CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED", &[TRAIL], validated).only_periodic(),
    ManagedRule::account("MULTI_REGION_CLOUD_TRAIL_ENABLED", multi_region).with(&[
        text("s3BucketName"),
        text("snsTopicArn"),
        text("cloudWatchLogsLogGroupArn"),
        boolean("includeManagementEvents"),
        choice("readWriteType", &["ReadOnly", "WriteOnly", "ALL"]),
    ]),
];

/// What a trail tells of calls of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Told {
    reads: bool,
    writes: bool,
}

impl Told {
    fn of(read_write: &str) -> Self {
        Self { reads: read_write != "WriteOnly", writes: read_write != "ReadOnly" }
    }

    fn and(self, other: Self) -> Self {
        Self { reads: self.reads || other.reads, writes: self.writes || other.writes }
    }

    fn all(self) -> bool {
        self.reads && self.writes
    }
}

/// The trails that log in the rule's region.
fn logging(others: &dyn Inventory) -> Result<Vec<Item>, StoreError> {
    let mut trails = Vec::new();
    let region = others.region();
    others.each_everywhere(TRAIL, &mut |trail| {
        let is_here = is_on(trail, "isMultiRegionTrail") || trail.region == region.as_str();
        if is_here && read::is_true(read::in_part(trail, "TrailStatus", &["isLogging"]).as_ref()) {
            trails.push(trail.clone());
        }
    })?;
    Ok(trails)
}

fn is_on(trail: &Item, setting: &str) -> bool {
    read::is_true(read::setting(trail, &[setting]))
}

/// Some trail is as it is wanted.
fn some(others: &dyn Inventory, reason: &str, wanted: impl Fn(&Item) -> bool) -> Result<Verdict, StoreError> {
    Ok(Verdict::require(logging(others)?.iter().any(wanted), reason))
}

/// A trail goes where the parameters say.
fn goes_to(trail: &Item, parameters: &Parameters) -> bool {
    let is = |parameter: &str, setting: &str| {
        parameters.text(parameter).is_none_or(|wanted| read::text(trail, &[setting]) == Some(wanted))
    };
    is("s3BucketName", "s3BucketName")
        && is("snsTopicArn", "snsTopicARN")
        && is("cloudWatchLogsLogGroupArn", "cloudWatchLogsLogGroupArn")
}

fn enabled(parameters: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    some(others, "No trail that fits the rule's parameters is logging.", |trail| goes_to(trail, parameters))
}

fn multi_region(parameters: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let fits = |trail: &Item| {
        let (told, left_out) = management(trail);
        let wanted = match parameters.text("readWriteType") {
            Some(kind) if kind.eq_ignore_ascii_case("ReadOnly") => told.reads,
            Some(kind) if kind.eq_ignore_ascii_case("WriteOnly") => told.writes,
            Some(_) => told.all(),
            None => true,
        };
        let includes = told.reads || told.writes;
        is_on(trail, "isMultiRegionTrail")
            && goes_to(trail, parameters)
            && parameters.flag("includeManagementEvents").is_none_or(|wanted| wanted == includes)
            && wanted
            && !left_out
    };
    some(others, "No trail of all regions that fits the rule's parameters is logging.", fits)
}

fn security_trail(_: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let reason = "No logging trail tells of all management events of all regions and global services, with validated and encrypted log files.";
    some(others, reason, |trail| {
        let (told, left_out) = management(trail);
        is_on(trail, "includeGlobalServiceEvents")
            && is_on(trail, "isMultiRegionTrail")
            && is_on(trail, "logFileValidationEnabled")
            && read::text(trail, &["kmsKeyId"]).is_some()
            && told.all()
            && !left_out
    })
}

/// Of which management events a trail tells, and whether some sources are left out.
fn management(trail: &Item) -> (Told, bool) {
    let mut told = Told::default();
    let mut left_out = false;
    let basic = read::part(trail, "EventSelectors");
    for selector in read::elements(basic.as_deref()) {
        if read::is_true(read::member(selector, "includeManagementEvents")) {
            told = told.and(read_write(selector));
            left_out |= !read::elements(read::member(selector, "excludeManagementEventSources")).is_empty();
        }
    }
    let advanced = read::part(trail, "AdvancedEventSelectors");
    for selector in read::elements(advanced.as_deref()) {
        let fields = Fields(read::elements(read::member(selector, "fieldSelectors")));
        if !fields.is("eventCategory", "Management") {
            continue;
        }
        told = told.and(fields.read_write());
        // A selector by anything else tells of some events only.
        left_out |= fields.others(&["eventCategory", "readOnly"]);
    }
    (told, left_out)
}

fn read_write(selector: &Document) -> Told {
    Told::of(read::member(selector, "readWriteType").and_then(Document::as_str).unwrap_or("All"))
}

/// The fields of an advanced selector.
struct Fields<'a>(Vec<&'a Document>);

impl<'a> Fields<'a> {
    fn named(&self, name: &str) -> impl Iterator<Item = &'a Document> {
        let own = |field: &&&Document| read::member(field, "field").and_then(Document::as_str) == Some(name);
        self.0.iter().filter(own).copied().collect::<Vec<_>>().into_iter()
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.named(name).any(|field| read::texts(read::member(field, "equals")).contains(&value))
    }

    fn others(&self, known: &[&str]) -> bool {
        self.0.iter().any(|field| {
            let name = read::member(field, "field").and_then(Document::as_str);
            name.is_none_or(|name| !known.contains(&name))
        })
    }

    fn read_write(&self) -> Told {
        let is = |value: &str| {
            self.named("readOnly").all(|field| read::texts(read::member(field, "equals")).contains(&value))
        };
        Told { reads: is("true"), writes: is("false") }
    }
}

/// Of which calls on the objects of a bucket a trail tells; None: of those on all objects of all buckets.
fn objects(trail: &Item, bucket: Option<&str>) -> Told {
    let all = |value: &str| value == "arn:aws:s3" || value == "arn:aws:s3:::";
    let own = |value: &str| {
        bucket.is_some_and(|bucket| {
            value == format!("arn:aws:s3:::{bucket}/") || value == format!("arn:aws:s3:::{bucket}")
        })
    };
    let mut told = Told::default();
    let basic = read::part(trail, "EventSelectors");
    for selector in read::elements(basic.as_deref()) {
        let is_told = read::elements(read::member(selector, "dataResources")).into_iter().any(|data| {
            read::member(data, "type").and_then(Document::as_str) == Some("AWS::S3::Object")
                && read::texts(read::member(data, "values")).iter().any(|value| all(value) || own(value))
        });
        if is_told {
            told = told.and(read_write(selector));
        }
    }
    let advanced = read::part(trail, "AdvancedEventSelectors");
    for selector in read::elements(advanced.as_deref()) {
        let fields = Fields(read::elements(read::member(selector, "fieldSelectors")));
        let by_bucket = fields.named("resources.ARN").all(|field| {
            read::texts(read::member(field, "startsWith")).iter().any(|value| all(value) || own(value))
                && read::elements(Some(field)).len() == 2
        });
        let known = ["eventCategory", "resources.type", "readOnly", "resources.ARN"];
        if fields.is("eventCategory", "Data")
            && fields.is("resources.type", "AWS::S3::Object")
            && by_bucket
            && !fields.others(&known)
        {
            told = told.and(fields.read_write());
        }
    }
    told
}

fn all_reads(_: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let reason = "No logging trail of all regions tells of the reads of all buckets' objects.";
    some(others, reason, |trail| is_on(trail, "isMultiRegionTrail") && objects(trail, None).reads)
}

fn all_writes(_: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let reason = "No logging trail of all regions tells of the writes of all buckets' objects.";
    some(others, reason, |trail| is_on(trail, "isMultiRegionTrail") && objects(trail, None).writes)
}

fn data_events(parameters: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let trails = logging(others)?;
    let is_told = |bucket: Option<&str>| trails.iter().any(|trail| objects(trail, bucket) != Told::default());
    Ok(match parameters.list("S3BucketNames") {
        None => Verdict::require(is_told(None), "No logging trail tells of data events of all S3 buckets."),
        Some(buckets) => {
            let untold = buckets.into_iter().find(|bucket| !is_told(Some(bucket)));
            Verdict::unless(
                untold.map(|bucket| format!("No logging trail tells of data events of the bucket {bucket}.")),
            )
        }
    })
}

fn encrypted(trail: &Item, _: &Parameters) -> Verdict {
    Verdict::require(read::text(trail, &["kmsKeyId"]).is_some(), "The trail's log files have no KMS key.")
}

fn validated(trail: &Item, _: &Parameters) -> Verdict {
    Verdict::require(
        is_on(trail, "logFileValidationEnabled"),
        "Log file validation is not enabled for the trail.",
    )
}

fn log_group(trail: &Item, parameters: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    if read::text(trail, &["cloudWatchLogsLogGroupArn"]).is_none() {
        return Ok(Verdict::NonCompliant("The trail sends nothing to CloudWatch Logs.".into()));
    }
    let Some(days) = parameters.integer("expectedDeliveryWindowAge") else { return Ok(Verdict::Compliant) };
    let now = others.resource(TRAIL, &trail.resource_id)?;
    let last = now.and_then(|now| {
        let time = read::text_in_part(&now, "TrailStatus", &["latestCloudWatchLogsDeliveryTime"])?;
        Timestamp::parse_iso(&time).ok()
    });
    let window = DAY.saturating_mul(u32::try_from(days).unwrap_or(u32::MAX));
    Ok(Verdict::require(
        last.is_some_and(|last| others.now().since(last) <= window),
        format!("Nothing was delivered to the trail's log group in the last {days} days."),
    ))
}

/// The trail's bucket. Of one that is not the account's nothing is known, which does not comply.
fn bucket(trail: &Item, others: &dyn Inventory) -> Result<Result<Item, Verdict>, StoreError> {
    let name = read::text(trail, &["s3BucketName"]).unwrap_or_default();
    let found = others.resource_anywhere(BUCKET, name)?;
    Ok(found.ok_or_else(|| {
        Verdict::NonCompliant(format!("The trail's bucket {name} is not one of this account."))
    }))
}

fn bucket_logs(trail: &Item, _: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let bucket = match bucket(trail, others)? {
        Ok(bucket) => bucket,
        Err(verdict) => return Ok(verdict),
    };
    let target = read::text_in_part(&bucket, "BucketLoggingConfiguration", &["destinationBucketName"]);
    Ok(Verdict::require(
        target.is_some(),
        format!("Server access logging is not enabled for the trail's bucket {}.", bucket.resource_id),
    ))
}

fn bucket_is_private(
    trail: &Item,
    parameters: &Parameters,
    others: &dyn Inventory,
) -> Result<Verdict, StoreError> {
    let bucket = match bucket(trail, others)? {
        Ok(bucket) => bucket,
        Err(verdict) => return Ok(verdict),
    };
    match no_public_read(&bucket, parameters, others)? {
        Verdict::Compliant => no_public_write(&bucket, parameters, others),
        verdict => Ok(verdict),
    }
}

#[cfg(test)]
mod tests;
