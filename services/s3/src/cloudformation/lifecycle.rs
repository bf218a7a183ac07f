//! `LifecycleConfiguration` of a template, as the request that puts it.

use super::wanted::value;
use api_s3::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, LifecycleExpiration, LifecycleRule,
    LifecycleRuleAndOperator, LifecycleRuleFilter, NoncurrentVersionExpiration, Tag,
};
use contract::{HandlerFailure, Properties};
use names::Timestamp;

pub(super) fn lifecycle(
    properties: &Properties,
) -> Result<Option<BucketLifecycleConfiguration>, HandlerFailure> {
    let Some(wanted) = properties.object("LifecycleConfiguration")? else { return Ok(None) };
    wanted.only(&["Rules"])?;
    let rules = wanted.objects("Rules")?.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(BucketLifecycleConfiguration { rules }))
}

fn number(properties: &Properties, name: &str) -> Result<Option<i32>, HandlerFailure> {
    let Some(number) = properties.integer(name)? else { return Ok(None) };
    i32::try_from(number).map(Some).map_err(|_| {
        HandlerFailure::invalid(format!("{}/{name}: {number} is out of range", properties.path()))
    })
}

fn rule(given: &Properties) -> Result<LifecycleRule, HandlerFailure> {
    given.only(&[
        "Id",
        "Status",
        "Prefix",
        "TagFilters",
        "ObjectSizeGreaterThan",
        "ObjectSizeLessThan",
        "ExpirationInDays",
        "ExpirationDate",
        "ExpiredObjectDeleteMarker",
        "NoncurrentVersionExpiration",
        "NoncurrentVersionExpirationInDays",
        "AbortIncompleteMultipartUpload",
    ])?;
    let days = number(given, "ExpirationInDays")?;
    let date = given.string("ExpirationDate")?.map(|date| {
        Timestamp::parse_iso(&date).map_err(|_| {
            HandlerFailure::invalid(format!("{}/ExpirationDate: {date} is no date", given.path()))
        })
    });
    let date = date.transpose()?;
    let expired_object_delete_marker = given.boolean("ExpiredObjectDeleteMarker")?;
    let expires = days.is_some() || date.is_some() || expired_object_delete_marker.is_some();
    let noncurrent = match given.object("NoncurrentVersionExpiration")? {
        Some(noncurrent) => {
            noncurrent.only(&["NoncurrentDays", "NewerNoncurrentVersions"])?;
            Some(NoncurrentVersionExpiration {
                noncurrent_days: number(&noncurrent, "NoncurrentDays")?,
                newer_noncurrent_versions: number(&noncurrent, "NewerNoncurrentVersions")?,
            })
        }
        None => number(given, "NoncurrentVersionExpirationInDays")?.map(|days| NoncurrentVersionExpiration {
            noncurrent_days: Some(days),
            newer_noncurrent_versions: None,
        }),
    };
    let abort = given.object("AbortIncompleteMultipartUpload")?.map(|abort| {
        abort.only(&["DaysAfterInitiation"])?;
        let days_after_initiation = number(&abort, "DaysAfterInitiation")?;
        Ok::<_, HandlerFailure>(AbortIncompleteMultipartUpload { days_after_initiation })
    });
    Ok(LifecycleRule {
        id: given.string("Id")?,
        status: value(given, "Status")?.ok_or_else(|| given.missing("Status"))?,
        filter: Some(filter(given)?),
        expiration: expires.then_some(LifecycleExpiration { date, days, expired_object_delete_marker }),
        noncurrent_version_expiration: noncurrent,
        abort_incomplete_multipart_upload: abort.transpose()?,
        ..Default::default()
    })
}

fn filter(given: &Properties) -> Result<LifecycleRuleFilter, HandlerFailure> {
    let prefix = given.string("Prefix")?;
    let tags = given.tags("TagFilters")?;
    let greater = given.integer("ObjectSizeGreaterThan")?;
    let less = given.integer("ObjectSizeLessThan")?;
    let tags: Vec<Tag> = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
    if tags.is_empty() && greater.is_none() && less.is_none() {
        return Ok(LifecycleRuleFilter { prefix: Some(prefix.unwrap_or_default()), ..Default::default() });
    }
    Ok(LifecycleRuleFilter {
        and: Some(LifecycleRuleAndOperator {
            prefix,
            tags: (!tags.is_empty()).then_some(tags),
            object_size_greater_than: greater,
            object_size_less_than: less,
        }),
        ..Default::default()
    })
}
