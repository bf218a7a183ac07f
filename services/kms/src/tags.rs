//! Tags of keys.

use crate::refusal::invalid;
use api_kms::{Error, LimitExceededException, Tag, TagException};
use contract::Call;
use names::Tags;
use std::collections::BTreeSet;

const LIMIT: usize = 50;

/// Under which a stack's step says its token, so that a step that is run again finds what it made; it is kept beside the tags and never shown.
pub(crate) const STEP: &str = "cloudchamber:step";

/// Pairs for [`contract::Access::with_request_tags`].
pub(crate) fn pairs(tags: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|tag| (tag.tag_key.as_str(), tag.tag_value.as_str())).filter(|(key, _)| *key != STEP)
}

/// Takes the token of a stack's step out of the tags of CreateKey.
pub(crate) fn take_step(tags: &mut Vec<Tag>, call: &Call) -> Option<String> {
    if !by_stack(call) {
        return None;
    }
    let at = tags.iter().position(|tag| tag.tag_key == STEP)?;
    Some(tags.remove(at).tag_value)
}

/// Adds tags to those that are there.
pub(crate) fn add(tags: &mut Tags, new: Vec<Tag>, call: &Call) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for Tag { tag_key, tag_value } in new {
        if !seen.insert(tag_key.clone()) {
            return Err(TagException::new("Duplicate tag keys").into());
        }
        reserved(&tag_key, call)?;
        if tag_key.is_empty() || tag_key.chars().count() > 128 || tag_value.chars().count() > 256 {
            return Err(invalid("A tag key has 1 to 128 characters, and a tag value at most 256."));
        }
        if !tag_key.chars().chain(tag_value.chars()).all(allowed) {
            return Err(TagException::new(
                "Tag keys and values may hold letters, digits, white space and _ . : / = + @ -",
            )
            .into());
        }
        tags.insert(tag_key, tag_value);
    }
    if tags.keys().filter(|key| !is_reserved(key)).count() > LIMIT {
        return Err(LimitExceededException::new("Number of tags for this key exceeds the limit.").into());
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

fn allowed(character: char) -> bool {
    character.is_alphanumeric() || character.is_whitespace() || "_.:/=+@-".contains(character)
}

fn is_reserved(key: &str) -> bool {
    key.to_lowercase().starts_with("aws:")
}

/// CloudFormation calls for a stack: a chain is made inside and cannot be forged.
fn by_stack(call: &Call) -> bool {
    call.chain.via.last().is_some_and(|service| service == "cloudformation.amazonaws.com")
}

fn reserved(key: &str, call: &Call) -> Result<(), Error> {
    if is_reserved(key) && !by_stack(call) {
        return Err(TagException::new("Tags beginning with aws: are reserved").into());
    }
    Ok(())
}
