//! When objects go by themselves: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html>.

use crate::error::{error, invalid_argument, invalid_request, malformed_xml, not_implemented};
use crate::lifecycle::schedule;
use crate::state::{self, Expiration, FilterForm, LifecycleFilter, NoncurrentExpiration};
use api_s3::{
    AbortIncompleteMultipartUpload, DeleteBucketLifecycleOutput, Error, ExpirationStatus,
    GetBucketLifecycleConfigurationOutput, LifecycleExpiration, LifecycleRule, LifecycleRuleAndOperator,
    LifecycleRuleFilter, NoncurrentVersionExpiration, PutBucketLifecycleConfigurationOutput, Tag,
    TransitionDefaultMinimumObjectSize,
};
use contract::Call;
use std::collections::BTreeSet;

on_bucket! {
    PutBucketLifecycleConfiguration => PutBucketLifecycleConfigurationOutput, "s3:PutLifecycleConfiguration",
    |input, bucket, call, tx| {
        let given = input.lifecycle_configuration.map(|given| given.rules).unwrap_or_default();
        if given.is_empty() || given.len() > 1000 {
            return Err(malformed_xml());
        }
        let rules: Vec<state::LifecycleRule> = given.iter().map(|given| rule(given, call)).collect::<Result<_, _>>()?;
        let mut ids = BTreeSet::new();
        if let Some(twice) = rules.iter().find(|rule| !ids.insert(rule.id.as_str())) {
            let message = "Rule ID must be unique. Found same ID for more than one rule";
            return Err(invalid_argument(message, "ID", twice.id.as_str()));
        }
        bucket.lifecycle = rules;
        schedule(&bucket, call.now, tx)?;
        tx.put(bucket)?;
        Ok(PutBucketLifecycleConfigurationOutput {
            transition_default_minimum_object_size: Some(TransitionDefaultMinimumObjectSize::AllStorageClasses128k),
        })
    }
}

on_bucket! {
    GetBucketLifecycleConfiguration => GetBucketLifecycleConfigurationOutput, "s3:GetLifecycleConfiguration",
    |input, bucket, call, tx| {
        if bucket.lifecycle.is_empty() {
            return Err(error(
                404,
                "NoSuchLifecycleConfiguration",
                "The lifecycle configuration does not exist",
                [("BucketName", bucket.name)],
            ));
        }
        Ok(GetBucketLifecycleConfigurationOutput {
            rules: Some(bucket.lifecycle.iter().map(told).collect()),
            transition_default_minimum_object_size: Some(TransitionDefaultMinimumObjectSize::AllStorageClasses128k),
        })
    }
}

on_bucket! {
    DeleteBucketLifecycle => DeleteBucketLifecycleOutput, "s3:PutLifecycleConfiguration",
    |input, bucket, call, tx| {
        bucket.lifecycle.clear();
        tx.put(bucket)?;
        Ok(DeleteBucketLifecycleOutput {})
    }
}

fn rule(given: &LifecycleRule, call: &Call) -> Result<state::LifecycleRule, Error> {
    if given.transitions.as_ref().is_some_and(|list| !list.is_empty())
        || given.noncurrent_version_transitions.as_ref().is_some_and(|list| !list.is_empty())
    {
        return Err(not_implemented("A transition to another storage class"));
    }
    if let Some(id) = given.id.as_ref().filter(|id| id.len() > 255) {
        return Err(invalid_argument("ID length should not exceed allowed limit of 255", "ID", id.as_str()));
    }
    let expiration = given.expiration.as_ref().map(expiration).transpose()?;
    let noncurrent = given.noncurrent_version_expiration.as_ref().map(noncurrent).transpose()?;
    let abort = given.abort_incomplete_multipart_upload.as_ref().map(|abort| {
        positive(
            abort.days_after_initiation,
            "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer",
        )
    });
    let abort_uploads = abort.transpose()?;
    if expiration.is_none() && noncurrent.is_none() && abort_uploads.is_none() {
        return Err(invalid_request("At least one action needs to be specified in a rule"));
    }
    let filter = filter(given)?;
    if abort_uploads.is_some()
        && (!filter.tags.is_empty() || filter.larger_than.is_some() || filter.smaller_than.is_some())
    {
        return Err(invalid_request(
            "AbortIncompleteMultipartUpload cannot be specified with Tags or ObjectSize.",
        ));
    }
    Ok(state::LifecycleRule {
        id: given.id.clone().filter(|id| !id.is_empty()).unwrap_or_else(|| call.entropy.uuid()),
        enabled: given.status == ExpirationStatus::Enabled,
        filter,
        expiration,
        noncurrent,
        abort_uploads,
    })
}

fn positive(days: Option<i32>, message: &str) -> Result<u32, Error> {
    let days = days.ok_or_else(malformed_xml)?;
    u32::try_from(days)
        .ok()
        .filter(|days| *days > 0)
        .ok_or_else(|| invalid_argument(message, "Days", days.to_string()))
}

fn expiration(given: &LifecycleExpiration) -> Result<Expiration, Error> {
    match (given.days, given.date, given.expired_object_delete_marker) {
        (Some(_), None, None) => {
            positive(given.days, "'Days' for Expiration action must be a positive integer")
                .map(Expiration::Days)
        }
        (None, Some(date), None) if date.millis().rem_euclid(86_400_000) == 0 => Ok(Expiration::Date(date)),
        (None, Some(date), None) => {
            Err(invalid_argument("'Date' must be at midnight GMT", "Date", date.iso_millis()))
        }
        (None, None, Some(true)) => Ok(Expiration::Markers),
        _ => Err(malformed_xml()),
    }
}

fn noncurrent(given: &NoncurrentVersionExpiration) -> Result<NoncurrentExpiration, Error> {
    let days = positive(
        given.noncurrent_days,
        "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
    )?;
    let keep = given.newer_noncurrent_versions.unwrap_or_default();
    match u32::try_from(keep) {
        Ok(keep) if keep <= 100 => Ok(NoncurrentExpiration { days, keep }),
        _ => Err(invalid_argument(
            "'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be between 1 and 100",
            "NewerNoncurrentVersions",
            keep.to_string(),
        )),
    }
}

fn size(given: Option<i64>) -> Result<Option<u64>, Error> {
    given.map(|size| u64::try_from(size).map_err(|_| malformed_xml())).transpose()
}

fn filter(given: &LifecycleRule) -> Result<LifecycleFilter, Error> {
    let tags = |tags: &[Tag]| tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect();
    match (&given.filter, &given.prefix) {
        (Some(_), Some(_)) | (None, None) => Err(malformed_xml()),
        (None, Some(prefix)) => Ok(LifecycleFilter {
            form: FilterForm::OfRule,
            prefix: Some(prefix.clone()),
            ..Default::default()
        }),
        (Some(filter), None) => {
            let LifecycleRuleFilter { prefix, tag, object_size_greater_than, object_size_less_than, and } =
                filter;
            let given = [
                prefix.is_some(),
                tag.is_some(),
                object_size_greater_than.is_some(),
                object_size_less_than.is_some(),
                and.is_some(),
            ];
            if given.iter().filter(|given| **given).count() > 1 {
                return Err(malformed_xml());
            }
            match and {
                Some(and) => Ok(LifecycleFilter {
                    form: FilterForm::And,
                    prefix: and.prefix.clone(),
                    tags: tags(and.tags.as_deref().unwrap_or_default()),
                    larger_than: size(and.object_size_greater_than)?,
                    smaller_than: size(and.object_size_less_than)?,
                }),
                None => Ok(LifecycleFilter {
                    form: FilterForm::Single,
                    prefix: prefix.clone(),
                    tags: tags(tag.as_slice()),
                    larger_than: size(*object_size_greater_than)?,
                    smaller_than: size(*object_size_less_than)?,
                }),
            }
        }
    }
}

fn told(rule: &state::LifecycleRule) -> LifecycleRule {
    let number = |number: u32| i32::try_from(number).ok();
    let size = |size: Option<u64>| size.and_then(|size| i64::try_from(size).ok());
    let filter = &rule.filter;
    let tags: Vec<Tag> =
        filter.tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect();
    let (larger, smaller) = (size(filter.larger_than), size(filter.smaller_than));
    let told = match filter.form {
        FilterForm::OfRule => None,
        FilterForm::Single => Some(LifecycleRuleFilter {
            prefix: filter.prefix.clone(),
            tag: tags.into_iter().next(),
            object_size_greater_than: larger,
            object_size_less_than: smaller,
            and: None,
        }),
        FilterForm::And => Some(LifecycleRuleFilter {
            and: Some(LifecycleRuleAndOperator {
                prefix: filter.prefix.clone(),
                tags: (!tags.is_empty()).then_some(tags),
                object_size_greater_than: larger,
                object_size_less_than: smaller,
            }),
            ..Default::default()
        }),
    };
    LifecycleRule {
        id: Some(rule.id.clone()),
        prefix: filter.prefix.clone().filter(|_| filter.form == FilterForm::OfRule),
        filter: told,
        status: if rule.enabled { ExpirationStatus::Enabled } else { ExpirationStatus::Disabled },
        expiration: rule.expiration.map(|expiration| match expiration {
            Expiration::Days(days) => LifecycleExpiration { days: number(days), ..Default::default() },
            Expiration::Date(date) => LifecycleExpiration { date: Some(date), ..Default::default() },
            Expiration::Markers => {
                LifecycleExpiration { expired_object_delete_marker: Some(true), ..Default::default() }
            }
        }),
        noncurrent_version_expiration: rule.noncurrent.map(|noncurrent| NoncurrentVersionExpiration {
            noncurrent_days: number(noncurrent.days),
            newer_noncurrent_versions: number(noncurrent.keep).filter(|keep| *keep > 0),
        }),
        abort_incomplete_multipart_upload: rule
            .abort_uploads
            .map(|days| AbortIncompleteMultipartUpload { days_after_initiation: number(days) }),
        ..Default::default()
    }
}
