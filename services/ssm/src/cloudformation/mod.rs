//! The types that CloudFormation makes, by the service's public operations as the stack's principal.

mod document;
mod parameter;

pub(crate) use document::DocumentHandler;
pub(crate) use parameter::ParameterHandler;

use api_ssm::{AddTagsToResource, ListTagsForResource, RemoveTagsFromResource, ResourceTypeForTagging, Tag};
use contract::{HandlerContext, HandlerFailure};
use names::Tags;

/// Whether this stack's resource made it, in an earlier try of the same step.
async fn is_own(
    kind: ResourceTypeForTagging,
    id: &str,
    context: &HandlerContext,
) -> Result<bool, HandlerFailure> {
    let list = ListTagsForResource { resource_type: kind, resource_id: id.to_owned() };
    let found = context.caller.call(list).await?.tag_list.unwrap_or_default();
    let own = |key: &str| {
        let wanted = context.stack_tags.get(key);
        wanted.is_some_and(|wanted| found.iter().any(|tag| tag.key == key && tag.value == *wanted))
    };
    Ok(own("aws:cloudformation:stack-id") && own("aws:cloudformation:logical-id"))
}

/// Puts the tags that are wanted, and takes away those that were.
async fn retag(
    kind: ResourceTypeForTagging,
    id: &str,
    (before, after): (Tags, Tags),
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let stale: Vec<String> = before.into_keys().filter(|key| !after.contains_key(key)).collect();
    if !stale.is_empty() {
        let remove =
            RemoveTagsFromResource { resource_type: kind, resource_id: id.to_owned(), tag_keys: stale };
        context.caller.call(remove).await?;
    }
    if !after.is_empty() {
        let add = AddTagsToResource { resource_type: kind, resource_id: id.to_owned(), tags: listed(after) };
        context.caller.call(add).await?;
    }
    Ok(())
}

fn listed(tags: Tags) -> Vec<Tag> {
    tags.into_iter().map(|(key, value)| Tag { key, value }).collect()
}
