//! Tags: AWS's limits for them.

use crate::errors::validation;
use api_config::{Error, Tag, TooManyTagsException};
use names::Tags;

/// The most that a resource may have.
const MOST: usize = 50;

/// A request's tags, checked.
pub(crate) fn read(tags: &[Tag]) -> Result<Tags, Error> {
    let mut read = Tags::new();
    for tag in tags {
        let key = tag.key.clone().unwrap_or_default();
        if key.is_empty() || key.chars().count() > 128 {
            return Err(validation("A tag key must have 1 to 128 characters."));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(validation("Tag keys that begin with aws: are reserved for system use."));
        }
        let value = tag.value.clone().unwrap_or_default();
        if value.chars().count() > 256 {
            return Err(validation("A tag value must have at most 256 characters."));
        }
        if read.insert(key.clone(), value).is_some() {
            return Err(validation(format!("The tag key {key} is given twice.")));
        }
    }
    Ok(read)
}

/// Adds tags to those of a resource.
pub(crate) fn add(known: &mut Tags, tags: Tags) -> Result<(), Error> {
    let mut all = known.clone();
    all.extend(tags);
    if all.len() > MOST {
        let message = format!(
            "You have reached the limit of the number of tags you can use. You can have up to {MOST} tags."
        );
        return Err(TooManyTagsException::new(message).into());
    }
    *known = all;
    Ok(())
}

/// A request's tags for authorization.
pub(crate) fn pairs(tags: Option<&Vec<Tag>>) -> impl Iterator<Item = (&str, &str)> {
    tags.into_iter()
        .flatten()
        .map(|tag| (tag.key.as_deref().unwrap_or_default(), tag.value.as_deref().unwrap_or_default()))
}
