//! Tags: of requests, and their rules.

use crate::error::{invalid_value, refuse};
use api_ec2::{Error, Tag, TagSpecification};
use contract::{Call, Principal};
use names::Tags;

/// The most tags that a resource may have; AWS's own are not counted.
pub(crate) const MOST: usize = 50;

/// Under this key CloudFormation's handlers send the step's token; it is kept beside the resource and is no tag of it.
pub(crate) const STEP: &str = "aws:cloudchamber:step";

/// The service that may give tags of the reserved prefix.
pub(crate) const CLOUDFORMATION: &str = "cloudformation.amazonaws.com";

/// The tags that a resource is to be made with.
#[derive(Debug, Default, Clone)]
pub(crate) struct NewTags {
    /// The tags.
    pub(crate) tags: Tags,
    /// The token of the CloudFormation step that makes it.
    pub(crate) step: Option<String>,
}

/// Whether the call is CloudFormation's own, which may set tags under `aws:`.
fn is_cloudformation(call: &Call) -> bool {
    let principal = matches!(&call.principal, Principal::Service(service) if service.name == CLOUDFORMATION);
    principal || call.chain.via.last().is_some_and(|service| service == CLOUDFORMATION)
}

/// Whether AWS set the tag: no permission is needed for it, and it does not count.
pub(crate) fn is_reserved(key: &str) -> bool {
    key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

/// The tags of a list as they are, for authorization.
pub(crate) fn asked(tags: Option<&Vec<Tag>>) -> Vec<(&str, &str)> {
    tags.into_iter().flatten().map(asked_one).filter(|(key, _)| !is_reserved(key)).collect()
}

fn asked_one(tag: &Tag) -> (&str, &str) {
    (tag.key.as_deref().unwrap_or_default(), tag.value.as_deref().unwrap_or_default())
}

/// The tags of the specifications as they are, for authorization.
pub(crate) fn specified(specifications: Option<&Vec<TagSpecification>>) -> Vec<(&str, &str)> {
    specifications
        .into_iter()
        .flatten()
        .flat_map(|specification| asked(specification.tags.as_ref()))
        .collect()
}

/// Checks a list of tags by AWS's rules.
pub(crate) fn checked(call: &Call, list: Vec<Tag>) -> Result<Tags, Error> {
    let mut tags = Tags::new();
    for tag in list {
        let (key, value) = (tag.key.unwrap_or_default(), tag.value.unwrap_or_default());
        if key.is_empty() {
            return Err(invalid_value("Tag key cannot be empty."));
        }
        if is_reserved(&key) && !is_cloudformation(call) {
            return Err(invalid_value("Tag keys starting with 'aws:' are reserved for internal use"));
        }
        if key.chars().count() > 128 {
            return Err(invalid_value("Tag key exceeds the maximum length of 128 characters"));
        }
        if value.chars().count() > 256 {
            return Err(invalid_value("Tag value exceeds the maximum length of 256 characters"));
        }
        if tags.contains_key(&key) {
            return Err(invalid_value(format!("Duplicate tag key '{key}' specified.")));
        }
        tags.insert(key, value);
    }
    within_limit(&tags)?;
    Ok(tags)
}

/// Refuses more tags than a resource may have.
pub(crate) fn within_limit(tags: &Tags) -> Result<(), Error> {
    if tags.keys().filter(|key| !is_reserved(key)).count() > MOST {
        return Err(refuse(
            "TagLimitExceeded",
            "The maximum number of Tags for a resource has been reached.",
        ));
    }
    Ok(())
}

/// The tags for the resource that an operation makes, of the given kind; specifications of other kinds are refused.
pub(crate) fn for_new(
    call: &Call,
    specifications: Option<Vec<TagSpecification>>,
    noun: &str,
) -> Result<NewTags, Error> {
    let mut list = Vec::new();
    for TagSpecification { resource_type, tags } in specifications.unwrap_or_default() {
        match resource_type.as_deref() {
            None | Some("") => {
                return Err(invalid_value("Tag specification resource type must have a value"));
            }
            Some(other) if other != noun => {
                let message = format!("'{other}' is not a valid taggable resource type for this operation.");
                return Err(invalid_value(message));
            }
            Some(_) => {}
        }
        let tags = tags.unwrap_or_default();
        if tags.is_empty() {
            return Err(invalid_value("Tag specification must have at least one tag"));
        }
        list.extend(tags);
    }
    let mut tags = checked(call, list)?;
    let step = tags.remove(STEP);
    Ok(NewTags { tags, step })
}

/// As an answer lists them; None where there are none.
pub(crate) fn listed(tags: &Tags) -> Option<Vec<Tag>> {
    let list = tags.iter().map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) });
    (!tags.is_empty()).then(|| list.collect())
}
