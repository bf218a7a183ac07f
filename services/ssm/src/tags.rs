//! Tags.

use crate::errors::validation;
use api_ssm::{Error, Tag, TooManyTagsError};
use names::Tags;
use std::collections::BTreeSet;

const LIMIT: usize = 50;

/// Pairs for [`contract::Access::with_request_tags`].
pub(crate) fn pairs(tags: Option<&[Tag]>) -> impl Iterator<Item = (&str, &str)> {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// Adds tags to those that are there.
pub(crate) fn add(tags: &mut Tags, new: Vec<Tag>) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for Tag { key, value } in new {
        if !seen.insert(key.clone()) {
            return Err(validation("Duplicate tag keys are not allowed."));
        }
        if key.to_lowercase().starts_with("aws:") {
            return Err(validation("Tag keys starting with 'aws:' are reserved for system use"));
        }
        tags.insert(key, value);
    }
    if tags.len() > LIMIT {
        let message = "The Targets parameter includes too many tags. Remove one or more tags and try the command again.";
        return Err(TooManyTagsError::new(message).into());
    }
    Ok(())
}

/// As listed.
pub(crate) fn list(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect()
}
