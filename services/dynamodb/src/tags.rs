//! Tags of tables.

use crate::refusal::{invalid, validation};
use api_dynamodb::{Error, Tag};
use contract::Call;
use names::Tags;
use std::collections::BTreeSet;

const LIMIT: usize = 50;

/// Pairs for [`contract::Access::with_request_tags`].
pub(crate) fn pairs(tags: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// Adds tags to those that are there.
pub(crate) fn add(tags: &mut Tags, new: Vec<Tag>, call: &Call) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for Tag { key, value } in new {
        if !seen.insert(key.clone()) {
            return Err(invalid(format!("Duplicate tag key: {key}")));
        }
        check_reserved(&key, call)?;
        tags.insert(key, value);
    }
    if tags.keys().filter(|key| !is_reserved(key)).count() > LIMIT {
        return Err(validation(format!("Too many tags: a table has at most {LIMIT} tags")));
    }
    Ok(())
}

/// Takes tags away; keys that are not there are none to take.
pub(crate) fn remove(tags: &mut Tags, keys: &[String], call: &Call) -> Result<(), Error> {
    for key in keys {
        check_reserved(key, call)?;
        tags.remove(key);
    }
    Ok(())
}

fn is_reserved(key: &str) -> bool {
    key.to_lowercase().starts_with("aws:")
}

/// Only CloudFormation writes `aws:` tags, and only when it calls for a stack: a chain is made inside and cannot be forged.
fn check_reserved(key: &str, call: &Call) -> Result<(), Error> {
    let by_stack = call.chain.via.last().is_some_and(|service| service == "cloudformation.amazonaws.com");
    if is_reserved(key) && !by_stack {
        return Err(invalid(format!("Tag keys starting with 'aws:' are reserved for system use: {key}")));
    }
    Ok(())
}
