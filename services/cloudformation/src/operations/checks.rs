//! What CreateStack refuses before there is a stack.

use super::{invalid, source};
use crate::engine::types::Maker;
use crate::state::stack::Stack;
use crate::template::{
    DeletionPolicy, ParameterValues, Plan, Reference, Template, TemplateError, references,
};
use api_cloudformation::{Error, LimitExceededException, RollbackConfiguration, Tag};
use contract::{Call, Context};
use names::Tags;
use std::collections::BTreeSet;

/// As DescribeAccountLimits answers.
pub(super) const STACK_LIMIT: usize = 2000;

/// What AWS would honour and Cloudchamber does not.
pub(super) fn built(
    notification_arns: Option<&[String]>,
    rollback: Option<&RollbackConfiguration>,
) -> Result<(), Error> {
    if notification_arns.is_some_and(|arns| !arns.is_empty()) {
        return Err(not_built("NotificationARNs"));
    }
    let triggers = rollback.and_then(|it| it.rollback_triggers.as_ref());
    if triggers.is_some_and(|triggers| !triggers.is_empty()) {
        return Err(not_built("RollbackConfiguration with triggers"));
    }
    Ok(())
}

/// The refusal of what AWS would honour.
pub(super) fn not_built(what: &str) -> Error {
    invalid(format!("{what} is not built in Cloudchamber."))
}

/// The grammar of names, which the model leaves out.
pub(super) fn name(name: &str) -> Result<(), Error> {
    let must = |what: &str| {
        Err(invalid(format!(
            "1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must {what}"
        )))
    };
    let fits = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '-');
    match () {
        () if !fits => must("satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"),
        () if name.len() > 128 => must("have length less than or equal to 128"),
        () => Ok(()),
    }
}

/// The account's limit on stacks.
pub(super) fn room(call: &Call, context: &Context) -> Result<(), Error> {
    let stacks = context.store.view().scan_index::<Stack>(call.scope(), "by-name", ()).count()?;
    if stacks < STACK_LIMIT {
        return Ok(());
    }
    Err(LimitExceededException::new(format!("Limit for stack has been exceeded ({STACK_LIMIT}).")).into())
}

/// Every type must be one that can be made here: nothing is pretended.
pub(super) fn types(template: &Template, allowed: Option<&[String]>, context: &Context) -> Result<(), Error> {
    let mut unknown = Vec::new();
    for resource in template.resources.values() {
        let name = resource.resource_type.as_str();
        if Maker::of(name, context).is_none() && !unknown.contains(&name) {
            unknown.push(name);
        }
        let fits = |pattern: &String| {
            pattern == name || pattern.strip_suffix('*').is_some_and(|start| name.starts_with(start))
        };
        if let Some(allowed) = allowed.filter(|allowed| !allowed.iter().any(fits)) {
            let allowed = allowed.join(", ");
            return Err(invalid(format!(
                "Resource type {name} is not allowed by parameter ResourceTypes [{allowed}]"
            )));
        }
    }
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(source::refused(TemplateError::unrecognized_resource_types(&unknown)))
    }
}

/// What `Fn::GetAtt` asks for must be an attribute of the type.
pub(super) fn attributes(plan: &Plan, context: &Context) -> Result<(), Error> {
    let template = plan.template();
    let decided = |name: &str| plan.condition(name);
    let resources = plan.resources().flat_map(|(_, resource)| resource.documents());
    let present = |condition: Option<&String>| condition.is_none_or(|name| decided(name) != Some(false));
    let outputs = template
        .outputs
        .values()
        .filter(|output| present(output.condition.as_ref()))
        .map(|output| &output.value);
    for document in resources.chain(outputs) {
        for reference in references(document, &decided).map_err(source::refused)? {
            let Reference::Attribute { resource: name, attribute, .. } = reference else { continue };
            let known = template.resources.get(&name).and_then(|it| Maker::of(&it.resource_type, context));
            // An attribute whose name is a function is known when it is resolved.
            if let Some(maker) = known
                && !attribute.is_empty()
                && !maker.has_attribute(&attribute)
            {
                return Err(invalid(format!(
                    "Template error: resource {name} does not support attribute type {attribute} in Fn::GetAtt"
                )));
            }
        }
    }
    Ok(())
}

/// Values of AWS-specific parameter types must name what exists.
pub(super) async fn existing(values: &ParameterValues, call: &Call, context: &Context) -> Result<(), Error> {
    let view = context.store.view();
    let mut zones: Option<BTreeSet<String>> = None;
    for (parameter, type_name, value) in values.existing() {
        let owner = type_name.rsplit_once("::").map_or(type_name, |(owner, _)| owner);
        let found = if type_name == "AWS::EC2::AvailabilityZone::Name" {
            let zones = match &zones {
                Some(zones) => zones,
                None => zones.insert(zones_of(call, context).await?),
            };
            zones.contains(value)
        } else {
            let Some(kind) = context.catalog.resources.get(owner) else {
                return Err(invalid(format!(
                    "Parameter {parameter}: the type {type_name} is not built in Cloudchamber."
                )));
            };
            if type_name.ends_with("::Id") {
                (kind.describe)(&view, kind.scope(call.scope()), value)?.is_some()
            } else {
                let all = (kind.list)(&view, kind.scope(call.scope()))?;
                all.iter().any(|identity| identity.name.as_deref() == Some(value))
            }
        };
        if !found {
            return Err(source::refused(TemplateError::parameter_value_does_not_exist(parameter, value)));
        }
    }
    Ok(())
}

async fn zones_of(call: &Call, context: &Context) -> Result<BTreeSet<String>, Error> {
    let chain = call.chain.through(crate::engine::SERVICE_PRINCIPAL);
    let caller = context.caller(call.principal.clone(), call.scope(), chain);
    let zones = caller.call(api_ec2::DescribeAvailabilityZones::default()).await;
    let zones = zones.map_err(|error| invalid(error.message))?.availability_zones;
    Ok(zones.into_iter().flatten().filter_map(|zone| zone.zone_name).collect())
}

/// Nothing that can be made here has snapshots.
pub(super) fn snapshots(plan: &Plan) -> Result<(), Error> {
    for (name, resource) in plan.resources() {
        let policy = plan.deletion_policy(name).map_err(source::refused)?;
        if policy == DeletionPolicy::Snapshot {
            let of = &resource.resource_type;
            return Err(invalid(format!(
                "Template error: resource type {of} does not support deletion policy Snapshot"
            )));
        }
    }
    Ok(())
}

/// A name can be exported once.
pub(super) fn exports(plan: &Plan) -> Result<(), Error> {
    let mut names = BTreeSet::new();
    for (output, name) in plan.exports().map_err(source::refused)? {
        if !names.insert(name.clone()) {
            return Err(invalid(format!(
                "Template format error: Output {output} is malformed. Duplicate export name {name}."
            )));
        }
    }
    Ok(())
}

/// Tags, by name.
pub(super) fn tags(given: &[Tag]) -> Result<Tags, Error> {
    let tags: Tags = given.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect();
    if given.len() != tags.len() {
        return Err(invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
    }
    if let Some(key) = tags.keys().find(|key| key.to_ascii_lowercase().starts_with("aws:")) {
        return Err(invalid(format!(
            "Tag keys may not start with aws: ({key}); that prefix is reserved for AWS."
        )));
    }
    Ok(tags)
}
