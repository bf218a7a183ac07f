//! The tags of alarms and dashboards in stacks: the stack's and the template's.

use api_cloudwatch::{Tag, TagResource, UntagResource};
use contract::{HandlerContext, HandlerFailure, Properties};
use names::Tags;

/// The stack's tags, and over them those of the template.
pub(super) fn wanted_tags(properties: &Properties, stack_tags: &Tags) -> Result<Tags, HandlerFailure> {
    let mut tags = stack_tags.clone();
    tags.extend(properties.tags("Tags")?);
    Ok(tags)
}

/// Makes the tags of an alarm what they are to be now.
pub(super) async fn retag(
    name: &str,
    old: &Properties,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let resource_arn = crate::state::arn(context.caller.scope(), name).to_string();
    retag_resource(resource_arn, old, new, context).await
}

/// Makes the tags of what an ARN names what they are to be now.
pub(super) async fn retag_resource(
    resource_arn: String,
    old: &Properties,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let before = wanted_tags(old, &context.previous_stack_tags)?;
    let after = wanted_tags(new, &context.stack_tags)?;
    let tag_keys: Vec<String> = before.keys().filter(|key| !after.contains_key(*key)).cloned().collect();
    if !tag_keys.is_empty() {
        context.caller.call(UntagResource { resource_arn: resource_arn.clone(), tag_keys }).await?;
    }
    let changed = after.into_iter().filter(|(key, value)| before.get(key) != Some(value));
    let tags: Vec<Tag> = changed.map(|(key, value)| Tag { key, value }).collect();
    if !tags.is_empty() {
        context.caller.call(TagResource { resource_arn, tags }).await?;
    }
    Ok(())
}
