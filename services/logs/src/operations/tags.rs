//! Tags of log groups, by ARN and, as before 2022, by name.

use super::{from_arn, group, on_arn, on_group, with_group_tags};
use crate::Logs;
use api_logs::{
    Error, InvalidParameterException, ListTagsForResource, ListTagsForResourceOutput, ListTagsLogGroup,
    ListTagsLogGroupOutput, ResourceNotFoundException, TagLogGroup, TagLogGroupOutput, TagResource,
    TagResourceOutput, TooManyTagsException, UntagLogGroup, UntagLogGroupOutput, UntagResource,
    UntagResourceOutput,
};
use contract::{Access, Call, Transact};
use names::{Arn, Scope, Tags};
use store::{Tx, View};

const MOST: usize = 50;
const TOO_MANY: &str = "A resource can have no more than 50 tags.";

/// Refuses keys that only AWS may set and remove; CloudFormation does, for its stacks. Lengths and characters are in the model.
pub(super) fn check<'a>(mut keys: impl Iterator<Item = &'a String>, call: &Call) -> Result<(), Error> {
    let by_stack = call.chain.via.last().is_some_and(|service| service == "cloudformation.amazonaws.com");
    if !by_stack && keys.any(|key| is_system(key)) {
        return Err(InvalidParameterException::new(
            "Tag keys starting with 'aws:' are reserved for system use",
        )
        .into());
    }
    Ok(())
}

fn is_system(key: &str) -> bool {
    key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
}

/// Tags as conditions see them.
pub(super) fn pairs<'a>(
    tags: impl Iterator<Item = (&'a String, &'a String)>,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    tags.map(|(key, value)| (key.as_str(), value.as_str()))
}

/// The group whose tags an ARN names. Only groups have tags here: destinations are not built.
fn resource(call: &Call, text: &str) -> Result<(Scope, String), Error> {
    let invalid = || InvalidParameterException::new("The specified resource ARN is not valid.");
    let arn: Arn = text.parse().map_err(|_| invalid())?;
    if arn.service != "logs" || arn.scope().is_none_or(|scope| scope.region != call.region) {
        return Err(invalid().into());
    }
    from_arn(text)
        .ok_or_else(|| ResourceNotFoundException::new("The specified resource does not exist.").into())
}

/// Tagging by ARN is checked on `log-group:NAME`, without what other actions have after it:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html>
fn on_resource(action: &str, call: &Call, view: &View, text: &str) -> Access {
    match resource(call, text) {
        Ok((scope, name)) => {
            with_group_tags(on_arn(action, scope, format!("log-group:{name}")), view, scope, &name)
        }
        Err(_) => on_arn(action, call.scope(), "log-group:".into()),
    }
}

fn with_keys(access: Access, keys: &[String]) -> Access {
    if keys.is_empty() { access } else { access.with("aws:TagKeys", keys) }
}

fn add(tx: &mut Tx, call: &Call, scope: Scope, name: &str, tags: Tags) -> Result<bool, Error> {
    let mut group = group(tx, scope, name)?;
    check(tags.keys(), call)?;
    group.tags.extend(tags);
    // AWS does not count its own.
    if group.tags.keys().filter(|key| !is_system(key)).count() > MOST {
        return Ok(false);
    }
    tx.update(group)?;
    Ok(true)
}

fn remove(tx: &mut Tx, call: &Call, scope: Scope, name: &str, keys: &[String]) -> Result<(), Error> {
    let mut group = group(tx, scope, name)?;
    check(keys.iter(), call)?;
    group.tags.retain(|key, _| !keys.contains(key));
    tx.update(group)?;
    Ok(())
}

impl Transact<TagResource> for Logs {
    fn access(input: &TagResource, call: &Call, view: &View) -> Access {
        on_resource("TagResource", call, view, &input.resource_arn)
            .with_request_tags(pairs(input.tags.iter()))
    }

    fn run(input: TagResource, call: &Call, tx: &mut Tx) -> Result<TagResourceOutput, Error> {
        let (scope, name) = resource(call, &input.resource_arn)?;
        if add(tx, call, scope, &name, input.tags)? {
            return Ok(TagResourceOutput {});
        }
        Err(TooManyTagsException { message: TOO_MANY.into(), resource_name: Some(input.resource_arn) }.into())
    }
}

impl Transact<UntagResource> for Logs {
    fn access(input: &UntagResource, call: &Call, view: &View) -> Access {
        with_keys(on_resource("UntagResource", call, view, &input.resource_arn), &input.tag_keys)
    }

    fn run(input: UntagResource, call: &Call, tx: &mut Tx) -> Result<UntagResourceOutput, Error> {
        let (scope, name) = resource(call, &input.resource_arn)?;
        remove(tx, call, scope, &name, &input.tag_keys)?;
        Ok(UntagResourceOutput {})
    }
}

impl Transact<ListTagsForResource> for Logs {
    fn access(input: &ListTagsForResource, call: &Call, view: &View) -> Access {
        on_resource("ListTagsForResource", call, view, &input.resource_arn)
    }

    fn run(input: ListTagsForResource, call: &Call, tx: &mut Tx) -> Result<ListTagsForResourceOutput, Error> {
        let (scope, name) = resource(call, &input.resource_arn)?;
        Ok(ListTagsForResourceOutput { tags: Some(group(tx, scope, &name)?.tags) })
    }
}

impl Transact<TagLogGroup> for Logs {
    fn access(input: &TagLogGroup, call: &Call, view: &View) -> Access {
        on_group("TagLogGroup", view, call.scope(), &input.log_group_name)
            .with_request_tags(pairs(input.tags.iter()))
    }

    fn run(input: TagLogGroup, call: &Call, tx: &mut Tx) -> Result<TagLogGroupOutput, Error> {
        if add(tx, call, call.scope(), &input.log_group_name, input.tags)? {
            return Ok(TagLogGroupOutput {});
        }
        Err(InvalidParameterException::new(TOO_MANY).into())
    }
}

impl Transact<UntagLogGroup> for Logs {
    fn access(input: &UntagLogGroup, call: &Call, view: &View) -> Access {
        with_keys(on_group("UntagLogGroup", view, call.scope(), &input.log_group_name), &input.tags)
    }

    fn run(input: UntagLogGroup, call: &Call, tx: &mut Tx) -> Result<UntagLogGroupOutput, Error> {
        remove(tx, call, call.scope(), &input.log_group_name, &input.tags)?;
        Ok(UntagLogGroupOutput {})
    }
}

impl Transact<ListTagsLogGroup> for Logs {
    fn access(input: &ListTagsLogGroup, call: &Call, view: &View) -> Access {
        on_group("ListTagsLogGroup", view, call.scope(), &input.log_group_name)
    }

    fn run(input: ListTagsLogGroup, call: &Call, tx: &mut Tx) -> Result<ListTagsLogGroupOutput, Error> {
        Ok(ListTagsLogGroupOutput { tags: Some(group(tx, call.scope(), &input.log_group_name)?.tags) })
    }
}
