//! Tags of alarms and dashboards.

use crate::refusal::invalid;
use api_cloudwatch::{Error, Tag};
use contract::Call;
use names::Tags;
use std::collections::BTreeSet;

const LIMIT: usize = 50;

/// Pairs for [`contract::Access::with_request_tags`].
pub(crate) fn pairs(tags: Option<&[Tag]>) -> impl Iterator<Item = (&str, &str)> {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// Adds tags to those that are there.
pub(crate) fn add(tags: &mut Tags, new: Vec<Tag>, call: &Call) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for Tag { key, value } in new {
        if !seen.insert(key.clone()) {
            return Err(invalid(format!("Duplicate tag keys found: {key}")));
        }
        reserved(&key, call)?;
        tags.insert(key, value);
    }
    if tags.keys().filter(|key| !is_reserved(key)).count() > LIMIT {
        return Err(invalid(format!("A resource can have at most {LIMIT} tags.")));
    }
    Ok(())
}

/// Takes tags away; keys that are not there are none to take.
pub(crate) fn remove(tags: &mut Tags, keys: &[String], call: &Call) -> Result<(), Error> {
    for key in keys {
        reserved(key, call)?;
        tags.remove(key);
    }
    Ok(())
}

/// As listed.
pub(crate) fn list(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect()
}

fn is_reserved(key: &str) -> bool {
    key.to_lowercase().starts_with("aws:")
}

/// Only CloudFormation writes `aws:` tags, and only when it calls for a stack: a chain is made inside and cannot be forged.
fn reserved(key: &str, call: &Call) -> Result<(), Error> {
    let by_stack = call.chain.via.last().is_some_and(|service| service == "cloudformation.amazonaws.com");
    if is_reserved(key) && !by_stack {
        return Err(invalid(format!("aws: prefixed tag key names are not allowed for external use: {key}")));
    }
    Ok(())
}
