//! Tags of trails.

use api_cloudtrail::{Error, InvalidTagParameterException, Tag, TagsLimitExceededException};
use contract::Call;
use names::Tags;
use std::collections::BTreeSet;

const LIMIT: usize = 50;

fn invalid(message: &str) -> Error {
    InvalidTagParameterException::new(message).into()
}

/// Pairs for [`contract::Access::with_request_tags`].
pub(crate) fn pairs(tags: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_deref().unwrap_or_default()))
}

/// Adds tags to those that are there.
pub(crate) fn add(tags: &mut Tags, new: Vec<Tag>, call: &Call) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for Tag { key, value } in new {
        let value = value.unwrap_or_default();
        if !seen.insert(key.clone()) {
            return Err(invalid("Duplicate tag keys are not allowed."));
        }
        reserved(&key, call)?;
        if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
            return Err(invalid("A tag key has 1 to 128 characters, a tag value at most 256."));
        }
        tags.insert(key, value);
    }
    if tags.keys().filter(|key| !is_reserved(key)).count() > LIMIT {
        return Err(TagsLimitExceededException::new("The number of tags per trail is limited to 50.").into());
    }
    Ok(())
}

/// Takes tags away: those of the same value, or of any where none is given. What is not there is none to take.
pub(crate) fn remove(tags: &mut Tags, stale: Vec<Tag>, call: &Call) -> Result<(), Error> {
    for Tag { key, value } in stale {
        reserved(&key, call)?;
        if value.is_none_or(|value| tags.get(&key) == Some(&value)) {
            tags.remove(&key);
        }
    }
    Ok(())
}

/// As listed.
pub(crate) fn list(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: Some(value.clone()) }).collect()
}

fn is_reserved(key: &str) -> bool {
    key.to_lowercase().starts_with("aws:")
}

/// Only CloudFormation writes `aws:` tags, and only when it calls for a stack: a chain is made inside and cannot be forged.
fn reserved(key: &str, call: &Call) -> Result<(), Error> {
    let by_stack = call.chain.via.last().is_some_and(|service| service == "cloudformation.amazonaws.com");
    if is_reserved(key) && !by_stack {
        return Err(invalid("Tag keys that begin with aws: are reserved."));
    }
    Ok(())
}
