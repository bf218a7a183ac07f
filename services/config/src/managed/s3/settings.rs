//! Settings of buckets: logging, notifications, replication, lifecycle.

use super::BUCKET;
use crate::managed::parameters::{Parameter, choice, integer, list, text};
use crate::managed::{Inventory, ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use names::Arn;
use store::StoreError;
use wire::Document;

const LIFECYCLE: &[Parameter] = &[
    integer("targetTransitionDays"),
    integer("targetExpirationDays"),
    text("targetTransitionStorageClass"),
    text("targetPrefix"),
    list("bucketNames"),
];

pub(in crate::managed) const RULES: &[ManagedRule] = &[
    ManagedRule::item("S3_BUCKET_LOGGING_ENABLED", &[BUCKET], logging)
        .with(&[text("targetBucket"), text("targetPrefix")]),
    ManagedRule::item("S3_EVENT_NOTIFICATIONS_ENABLED", &[BUCKET], notifications)
        .with(&[text("destinationArn"), list("eventTypes")]),
    ManagedRule::related("S3_BUCKET_CROSS_REGION_REPLICATION_ENABLED", &[BUCKET], cross_region),
    ManagedRule::related("S3_BUCKET_REPLICATION_ENABLED", &[BUCKET], replication)
        .with(&[choice("ReplicationType", &["CROSS-REGION", "SAME-REGION"])]),
    ManagedRule::item("S3_LIFECYCLE_POLICY_CHECK", &[BUCKET], lifecycle).with(LIFECYCLE),
    ManagedRule::item("S3_VERSION_LIFECYCLE_POLICY_CHECK", &[BUCKET], version_lifecycle)
        .with(&[list("bucketNames")]),
];

fn logging(item: &Item, parameters: &Parameters) -> Verdict {
    let path = |member: &str| read::text_in_part(item, "BucketLoggingConfiguration", &[member]);
    let Some(target) = path("destinationBucketName") else {
        return Verdict::NonCompliant("Server access logging is not enabled for the bucket.".into());
    };
    if let Some(wanted) = parameters.text("targetBucket")
        && wanted != target
    {
        return Verdict::NonCompliant(format!("The bucket logs to {target}, not to {wanted}."));
    }
    let prefix = path("logFilePrefix").unwrap_or_default();
    match parameters.text("targetPrefix") {
        Some(wanted) if wanted != prefix => Verdict::NonCompliant(format!(
            "The prefix of the bucket's logs is \"{prefix}\", not \"{wanted}\"."
        )),
        _ => Verdict::Compliant,
    }
}

fn notifications(item: &Item, parameters: &Parameters) -> Verdict {
    let configurations = read::in_part(item, "BucketNotificationConfiguration", &["configurations"]);
    let configurations = read::elements(configurations.as_ref());
    if configurations.is_empty() {
        return Verdict::NonCompliant("The bucket has no event notification.".into());
    }
    let fits = |configuration: &&Document| {
        let destination = ["queueARN", "topicARN", "functionARN"]
            .into_iter()
            .find_map(|name| read::member(configuration, name)?.as_str());
        let events = read::texts(read::member(configuration, "events"));
        let by_destination =
            parameters.text("destinationArn").is_none_or(|wanted| destination == Some(wanted));
        let by_event = parameters
            .list("eventTypes")
            .is_none_or(|wanted| wanted.iter().all(|wanted| events.iter().any(|own| own.contains(wanted))));
        by_destination && by_event
    };
    Verdict::require(
        configurations.iter().any(fits),
        "No event notification of the bucket has the destination and the event types that the rule asks for.",
    )
}

/// The buckets that enabled replication rules write to.
fn destinations(item: &Item) -> Vec<String> {
    let rules = read::in_part(item, "BucketReplicationConfiguration", &["rules"]);
    read::elements(rules.as_ref())
        .into_iter()
        .filter(|rule| {
            let status = read::member(rule, "status").and_then(Document::as_str);
            status.is_some_and(|status| status.eq_ignore_ascii_case("enabled"))
        })
        .filter_map(|rule| {
            let destination = ["destinationConfig", "destination"]
                .into_iter()
                .find_map(|name| read::member(rule, name))
                .unwrap_or(rule);
            let arn = ["bucketARN", "bucket"].into_iter().find_map(|name| read::member(destination, name))?;
            Some(arn.as_str()?.to_owned())
        })
        .collect()
}

/// Whether a destination is in another region; None where that cannot be told (another account's bucket).
fn is_elsewhere(item: &Item, arn: &str, others: &dyn Inventory) -> Result<Option<bool>, StoreError> {
    let name = arn.parse::<Arn>().map_or_else(|_| arn.to_owned(), |arn| arn.resource);
    Ok(others.region_of(BUCKET, &name)?.map(|region| region.as_str() != item.region))
}

fn replicates(item: &Item, kind: Option<bool>, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let destinations = destinations(item);
    if destinations.is_empty() {
        return Ok(Verdict::NonCompliant("The bucket has no enabled replication rule.".into()));
    }
    let Some(elsewhere) = kind else { return Ok(Verdict::Compliant) };
    for destination in &destinations {
        if is_elsewhere(item, destination, others)? == Some(elsewhere) {
            return Ok(Verdict::Compliant);
        }
    }
    let which = if elsewhere { "another region" } else { "its own region" };
    Ok(Verdict::NonCompliant(format!("The bucket is not known to replicate to {which}.")))
}

fn cross_region(item: &Item, _: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    replicates(item, Some(true), others)
}

fn replication(item: &Item, parameters: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let kind = parameters.text("ReplicationType").map(|kind| kind.eq_ignore_ascii_case("CROSS-REGION"));
    replicates(item, kind, others)
}

fn enabled_lifecycle_rules(item: &Item) -> Vec<Document> {
    let rules = read::in_part(item, "BucketLifecycleConfiguration", &["rules"]);
    let enabled = |rule: &&Document| {
        let status = read::member(rule, "status").and_then(Document::as_str);
        status.is_some_and(|status| status.eq_ignore_ascii_case("enabled"))
    };
    read::elements(rules.as_ref()).into_iter().filter(enabled).cloned().collect()
}

/// A list of buckets that leaves this one out.
fn leaves_out(item: &Item, parameters: &Parameters) -> bool {
    parameters.list("bucketNames").is_some_and(|names| !names.contains(&item.resource_id.as_str()))
}

fn lifecycle(item: &Item, parameters: &Parameters) -> Verdict {
    if leaves_out(item, parameters) {
        return Verdict::NotApplicable;
    }
    let rules = enabled_lifecycle_rules(item);
    if rules.is_empty() {
        return Verdict::NonCompliant("The bucket has no enabled lifecycle rule.".into());
    }
    Verdict::require(
        rules.iter().any(|rule| lifecycle_fits(rule, parameters)),
        "No enabled lifecycle rule of the bucket is as the rule's parameters ask for.",
    )
}

fn lifecycle_fits(rule: &Document, parameters: &Parameters) -> bool {
    let plain = |class: &str| class.replace(['_', '-'], "").to_ascii_lowercase();
    let transitions = read::elements(read::member(rule, "transitions"));
    let by_transition = |days: Option<i64>, class: Option<&str>| {
        if days.is_none() && class.is_none() {
            return true;
        }
        transitions.iter().any(|transition| {
            let own = read::member(transition, "storageClass").and_then(Document::as_str);
            days.is_none_or(|days| read::number(read::member(transition, "days")) == Some(days))
                && class.is_none_or(|class| own.is_some_and(|own| plain(own) == plain(class)))
        })
    };
    let prefix = read::at(rule, &["filter", "predicate", "prefix"])
        .or_else(|| read::member(rule, "prefix"))
        .and_then(Document::as_str)
        .unwrap_or_default();
    let expiration = read::number(read::member(rule, "expirationInDays"));
    by_transition(parameters.integer("targetTransitionDays"), parameters.text("targetTransitionStorageClass"))
        && parameters.integer("targetExpirationDays").is_none_or(|days| expiration == Some(days))
        && parameters.text("targetPrefix").is_none_or(|wanted| wanted == prefix)
}

fn version_lifecycle(item: &Item, parameters: &Parameters) -> Verdict {
    let versioning = read::text_in_part(item, "BucketVersioningConfiguration", &["status"]);
    if leaves_out(item, parameters) || versioning.as_deref() != Some("Enabled") {
        return Verdict::NotApplicable;
    }
    Verdict::require(
        !enabled_lifecycle_rules(item).is_empty(),
        "The bucket keeps versions and has no enabled lifecycle rule.",
    )
}
