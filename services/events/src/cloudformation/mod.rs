//! The types that CloudFormation makes, by EventBridge's public operations as the stack's principal.

mod event_bus;
mod event_bus_policy;
mod rule;
mod target;

pub(crate) use event_bus::EventBusHandler;
pub(crate) use event_bus_policy::EventBusPolicyHandler;
pub(crate) use rule::RuleHandler;

use api_events::{DeadLetterConfig, ListTagsForResource, Tag, TagResource, UntagResource};
use contract::{HandlerContext, HandlerFailure, Properties};
use names::Tags;
use wire::ErrorResponse;

/// Deleting what is gone already has done its work.
fn gone_is_done<T>(result: Result<T, ErrorResponse>) -> Result<(), ErrorResponse> {
    match result {
        Err(error) if error.code != "ResourceNotFoundException" => Err(error),
        _ => Ok(()),
    }
}

/// The tags of a resource of this step, those of the stack included.
fn wanted_tags(properties: &Properties, stack_tags: &Tags) -> Result<Tags, HandlerFailure> {
    let mut tags = stack_tags.clone();
    tags.extend(properties.tags("Tags")?);
    Ok(tags)
}

fn listed(tags: Tags) -> Option<Vec<Tag>> {
    Some(tags.into_iter().map(|(key, value)| Tag { key, value }).collect())
}

/// Gives a resource the new tags and takes the old ones that are not among them.
async fn retag(
    arn: &str,
    old: &Properties,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let wanted = wanted_tags(new, &context.stack_tags)?;
    let known = wanted_tags(old, &context.previous_stack_tags)?;
    let stale: Vec<String> = known.keys().filter(|key| !wanted.contains_key(*key)).cloned().collect();
    if !stale.is_empty() {
        context.caller.call(UntagResource { resource_arn: arn.into(), tag_keys: stale }).await?;
    }
    if wanted != known && !wanted.is_empty() {
        let tags = listed(wanted).unwrap_or_default();
        context.caller.call(TagResource { resource_arn: arn.into(), tags }).await?;
    }
    Ok(())
}

/// Whether something is there under an ARN that does not bear this resource's tags: CloudFormation must not adopt another's.
async fn is_another_s(arn: &str, context: &HandlerContext) -> Result<bool, HandlerFailure> {
    match context.caller.call(ListTagsForResource { resource_arn: arn.into() }).await {
        Ok(found) => {
            let found: Tags = found.tags.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect();
            let own =
                |key: &str| context.stack_tags.get(key).is_some_and(|value| found.get(key) == Some(value));
            Ok(!(own("aws:cloudformation:stack-id") && own("aws:cloudformation:logical-id")))
        }
        Err(error) if error.code == "ResourceNotFoundException" => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// One of the API's own words.
fn choice<T: std::str::FromStr>(properties: &Properties, name: &str) -> Result<Option<T>, HandlerFailure> {
    let word = properties.string(name)?.map(|word| word.parse()).transpose();
    word.map_err(|_| HandlerFailure::invalid(format!("{}/{name}: not an allowed value", properties.path())))
}

/// `DeadLetterConfig`
fn dead_letter(properties: &Properties) -> Result<Option<DeadLetterConfig>, HandlerFailure> {
    let Some(config) = properties.object("DeadLetterConfig")? else { return Ok(None) };
    config.only(&["Arn"])?;
    Ok(Some(DeadLetterConfig { arn: config.string("Arn")? }))
}
