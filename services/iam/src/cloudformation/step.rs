//! What the handlers share: failures, tags, and what a step that is run again made before.

use crate::state::Step;
use api_iam::Tag;
use contract::{HandlerContext, HandlerFailure, Properties};
use names::{Scope, Tags};
use std::collections::BTreeMap;
use store::StoreError;
use wire::{Document, ErrorResponse};

/// What `Fn::GetAtt` answers.
pub(super) type Attributes = BTreeMap<String, Document>;

pub(super) fn attributes<const N: usize>(pairs: [(&str, String); N]) -> Attributes {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), Document::String(value))).collect()
}

/// What is gone already is deleted.
pub(super) fn gone<T>(result: Result<T, ErrorResponse>) -> Result<(), HandlerFailure> {
    match result {
        Ok(_) => Ok(()),
        Err(error) if error.code == "NoSuchEntity" => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// A policy document, as compact text.
pub(super) fn document(properties: &Properties, name: &str) -> Result<String, HandlerFailure> {
    let document = properties.json(name)?.ok_or_else(|| properties.missing(name))?;
    Ok(document.to_string())
}

/// The template's tags over the stack's.
pub(super) fn wanted_tags(properties: &Properties, context: &HandlerContext) -> Result<Tags, HandlerFailure> {
    let own = properties.tags("Tags")?;
    if own.keys().any(|key| key.to_lowercase().starts_with("aws:")) {
        return Err(HandlerFailure::invalid("#/Tags: keys with the prefix aws: are reserved"));
    }
    let mut tags = context.stack_tags.clone();
    tags.extend(own);
    Ok(tags)
}

pub(super) fn listed(tags: &Tags) -> Option<Vec<Tag>> {
    let list: Vec<Tag> = crate::tags::list(tags).collect();
    (!list.is_empty()).then_some(list)
}

/// The keys that an update takes away.
pub(super) fn gone_tags(
    old: &Properties,
    wanted: &Tags,
    context: &HandlerContext,
) -> Result<Vec<String>, HandlerFailure> {
    let mut before = context.previous_stack_tags.clone();
    before.extend(old.tags("Tags")?);
    Ok(before.into_keys().filter(|key| !wanted.contains_key(key)).collect())
}

/// Whether what is in the way of a new thing is what an earlier try of this step made: it has a name that only this step gives, or its tags.
pub(super) fn is_ours(
    error: &ErrorResponse,
    name: &str,
    tags: Option<&[Tag]>,
    context: &HandlerContext,
) -> bool {
    if error.code != "EntityAlreadyExists" {
        return false;
    }
    let has = |key: &str, value: &str| {
        tags.unwrap_or_default().iter().any(|tag| tag.key == key && tag.value == value)
    };
    name.ends_with(&format!("-{}", context.token))
        || (has("aws:cloudformation:stack-id", &context.stack_id)
            && has("aws:cloudformation:logical-id", &context.logical_id))
}

fn fault(error: &StoreError) -> HandlerFailure {
    HandlerFailure::new("InternalFailure", error.to_string())
}

/// Notes that a step begins to make what has no tags. Some where it had begun before: what was there before it then.
pub(super) async fn begin(
    context: &HandlerContext,
    before: Vec<String>,
) -> Result<Option<Vec<String>>, HandlerFailure> {
    let scope = Scope::global(context.caller.scope().account);
    let id = format!("{}/{}/{}", context.stack_id, context.logical_id, context.token);
    let begun =
        context.context.store.view().get::<Step>(scope, id.as_str()).map_err(|error| fault(&error))?;
    if let Some(step) = begun {
        return Ok(Some(step.before));
    }
    let step = Step { scope, id, before };
    let write = async {
        let principal = context.caller.principal().clone();
        let call = context.context.own_call("iam", "NoteStep", principal, scope)?;
        context.context.transact(&call, |_, tx| tx.put(step.clone())).await
    };
    write.await.map_err(|error: StoreError| fault(&error))?;
    Ok(None)
}
