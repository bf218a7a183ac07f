//! Tags of IAM's resources (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html>).

use crate::refusal;
use api_iam::{Error, Tag};
use contract::Call;
use names::Tags;
use std::collections::BTreeSet;

const LIMIT: usize = 50;

/// `aws:RequestTag/…`: pairs for [`contract::Access::with_request_tags`].
pub(crate) fn pairs(tags: Option<&[Tag]>) -> impl Iterator<Item = (&str, &str)> {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// Adds tags to those that are there. Keys differ without regard to case; a key that is there keeps its spelling's place.
pub(crate) fn add(tags: &mut Tags, new: Option<Vec<Tag>>, call: &Call) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for Tag { key, value } in new.unwrap_or_default() {
        if !seen.insert(key.to_lowercase()) {
            return Err(refusal::invalid_input(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        reserved(&key, call)?;
        tags.retain(|known, _| known.to_lowercase() != key.to_lowercase());
        tags.insert(key, value);
    }
    if tags.keys().filter(|key| !is_reserved(key)).count() > LIMIT {
        return Err(refusal::limit_exceeded("The number of tags has reached the maximum limit."));
    }
    Ok(())
}

/// Takes tags away; keys that are not there are none to take.
pub(crate) fn remove(tags: &mut Tags, keys: &[String], call: &Call) -> Result<(), Error> {
    for key in keys {
        reserved(key, call)?;
        tags.retain(|known, _| known.to_lowercase() != key.to_lowercase());
    }
    Ok(())
}

fn is_reserved(key: &str) -> bool {
    key.to_lowercase().starts_with("aws:")
}

/// Only CloudFormation writes `aws:` tags, and only when it calls for a stack: a chain is made inside and cannot be forged.
fn reserved(key: &str, call: &Call) -> Result<(), Error> {
    let by_stack = call.chain.via.last().is_some_and(|service| service == "cloudformation.amazonaws.com");
    if is_reserved(key) && !by_stack {
        return Err(refusal::invalid_input(
            "Tag keys with the prefix 'aws:' are reserved and cannot be specified.",
        ));
    }
    Ok(())
}

/// As answered; None where there are none.
pub(crate) fn answer(tags: &Tags) -> Option<Vec<Tag>> {
    let list: Vec<Tag> = list(tags).collect();
    (!list.is_empty()).then_some(list)
}

/// As listed.
pub(crate) fn list(tags: &Tags) -> impl Iterator<Item = Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() })
}
