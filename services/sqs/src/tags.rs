//! Tags of queues.

use crate::refusal::invalid;
use api_sqs::Error;
use contract::Call;
use names::Tags;
use std::collections::BTreeMap;

const LIMIT: usize = 50;

/// Pairs for [`contract::Access::with_request_tags`].
pub(crate) fn pairs(tags: Option<&BTreeMap<String, String>>) -> impl Iterator<Item = (&str, &str)> {
    tags.into_iter().flatten().map(|(key, value)| (key.as_str(), value.as_str()))
}

/// Adds tags to those that are there.
pub(crate) fn add(tags: &mut Tags, new: BTreeMap<String, String>, call: &Call) -> Result<(), Error> {
    for (key, value) in new {
        reserved(&key, call)?;
        if key.is_empty() || key.chars().count() > 128 {
            return Err(invalid(format!(
                "Tag keys must be between 1 and 128 characters in length, and '{key}' is not."
            )));
        }
        if value.chars().count() > 256 {
            return Err(invalid("Tag values must be between 0 and 256 characters in length."));
        }
        tags.insert(key, value);
    }
    let own = tags.keys().filter(|key| !is_reserved(key)).count();
    if own > LIMIT {
        return Err(invalid(format!("Too many tags added for queue: a queue has at most {LIMIT} tags.")));
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

fn is_reserved(key: &str) -> bool {
    key.to_lowercase().starts_with("aws:")
}

/// Only CloudFormation writes `aws:` tags, and only when it calls for a stack: a chain is made inside and cannot be forged.
fn reserved(key: &str, call: &Call) -> Result<(), Error> {
    let by_stack = call.chain.via.last().is_some_and(|service| service == "cloudformation.amazonaws.com");
    if is_reserved(key) && !by_stack {
        return Err(invalid("Tag keys beginning with 'aws:' are reserved for system use."));
    }
    Ok(())
}
