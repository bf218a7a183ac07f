//! What the handlers share: a step's tags and token, and what a step that is run again made before.
//!
//! A step may be cut off by `kill -9` after its call and before its end is noted, and is then run again with the same token. Things with tags
//! are made with the token among them ([`crate::tags::STEP`]): the operation keeps it beside the thing, in the same transaction, and
//! the step finds the thing by it. What has no tags is noted as begun before the call: only a step that had begun before may take
//! what it finds for its own.

use crate::state::Noun;
use crate::state::creation::Creation;
use crate::tags::{self, STEP};
use api_ec2::{CreateTags, DeleteTags, Tag, TagSpecification};
use contract::{HandlerContext, HandlerFailure, Properties};
use names::{Scope, Tags};
use std::collections::BTreeMap;
use store::{StoreError, Tx};
use wire::{Document, ErrorResponse};

/// What `Fn::GetAtt` answers.
pub(crate) type Attributes = BTreeMap<String, Document>;

/// Attributes of names and values.
pub(crate) fn attributes<const N: usize>(pairs: [(&str, Document); N]) -> Attributes {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// One step of a stack.
pub(crate) struct Step<'a> {
    context: &'a HandlerContext,
    scope: Scope,
    /// Unlike the token alone, one of all stacks.
    token: String,
}

fn fault(error: &StoreError) -> HandlerFailure {
    HandlerFailure::new("InternalFailure", error.to_string())
}

impl<'a> Step<'a> {
    /// The step of a context.
    pub(crate) fn of(context: &'a HandlerContext) -> Self {
        let token = format!("{}/{}/{}", context.stack_id, context.logical_id, context.token);
        // Tags hold 256 characters; what tells steps apart is at the end.
        let cut = token.char_indices().rev().nth(255).map_or(0, |(index, _)| index);
        let token = token.get(cut..).unwrap_or_default().to_owned();
        Self { context, scope: context.caller.scope(), token }
    }

    /// The tags for a new thing: the stack's, the template's over them, and the step's token.
    pub(crate) fn tag_specifications(
        &self,
        noun: &str,
        properties: &Properties,
    ) -> Result<Option<Vec<TagSpecification>>, HandlerFailure> {
        let mut tags = self.wanted_tags(properties)?;
        tags.insert(STEP.to_owned(), self.token.clone());
        Ok(Some(vec![TagSpecification { resource_type: Some(noun.to_owned()), tags: tags::listed(&tags) }]))
    }

    /// As [`Step::tag_specifications`], for rules of security groups: they carry none of the stack's tags.
    pub(crate) fn token_only(&self, noun: &str) -> Option<Vec<TagSpecification>> {
        let tags = Tags::from([(STEP.to_owned(), self.token.clone())]);
        Some(vec![TagSpecification { resource_type: Some(noun.to_owned()), tags: tags::listed(&tags) }])
    }

    fn wanted_tags(&self, properties: &Properties) -> Result<Tags, HandlerFailure> {
        let own = properties.tags("Tags")?;
        if let Some(key) = own.keys().find(|key| tags::is_reserved(key)) {
            let reason = format!("Tag keys starting with 'aws:' are reserved for internal use ({key})");
            return Err(HandlerFailure::invalid(reason));
        }
        let mut tags = self.context.stack_tags.clone();
        tags.extend(own);
        Ok(tags)
    }

    /// The id of what the step made before it was cut off, where that is still there.
    pub(crate) fn made<T: Noun>(&self) -> Result<Option<String>, HandlerFailure> {
        let view = self.context.context.store.view();
        let find = || match Creation::step(&view, self.scope, &self.token)? {
            Some(id) if view.exists::<T>(self.scope, id.as_str())? => Ok(Some(id)),
            _ => Ok(None),
        };
        find().map_err(|error| fault(&error))
    }

    /// The id that the step noted before it was cut off; empty where it has only begun, None where it has not.
    pub(crate) fn noted(&self) -> Result<Option<String>, HandlerFailure> {
        let view = self.context.context.store.view();
        Creation::step(&view, self.scope, &self.token).map_err(|error| fault(&error))
    }

    /// Whether an earlier step of the same resource of the same stack noted an id.
    pub(crate) fn owns(&self, id: &str) -> Result<bool, HandlerFailure> {
        let beginning = format!("{}/{}/", self.context.stack_id, self.context.logical_id);
        let view = self.context.context.store.view();
        Creation::noted_by(&view, self.scope, &beginning, id).map_err(|error| fault(&error))
    }

    /// Notes that the step begins, and answers whether it had begun before.
    pub(crate) async fn begin(&self) -> Result<bool, HandlerFailure> {
        let before = self.noted()?.is_some();
        if !before {
            self.note("").await?;
        }
        Ok(before)
    }

    /// What a call of a step that has begun answered. Where EC2 refused it nothing was made, so the note is taken back: a further try
    /// must not take for its own what somebody else made.
    pub(crate) async fn judged<T>(&self, result: Result<T, ErrorResponse>) -> Result<T, HandlerFailure> {
        if let Err(error) = &result
            && error.status < 500
        {
            self.write(|tx| Creation::withdraw(tx, self.scope, &self.token)).await?;
        }
        Ok(result?)
    }

    /// Notes the id of what the step made.
    pub(crate) async fn note(&self, id: &str) -> Result<(), HandlerFailure> {
        self.write(|tx| Creation::note(tx, self.scope, &self.token, id)).await
    }

    async fn write(&self, write: impl Fn(&mut Tx) -> Result<(), StoreError>) -> Result<(), HandlerFailure> {
        let context = &self.context.context;
        let written = async {
            let principal = self.context.caller.principal().clone();
            let call = context.own_call("ec2", "NoteStep", principal, self.scope)?;
            context.transact(&call, |_, tx| write(tx)).await
        };
        written.await.map_err(|error: StoreError| fault(&error))
    }

    /// Brings a thing's tags from the old properties to the new ones. Tags that it has already are not sent again.
    pub(crate) async fn update_tags<T: Noun>(
        &self,
        id: &str,
        old: &Properties,
        new: &Properties,
    ) -> Result<(), HandlerFailure> {
        let thing =
            self.context.context.store.view().get::<T>(self.scope, id).map_err(|error| fault(&error))?;
        let current = thing.map(|thing| thing.tags().clone()).unwrap_or_default();
        let mut before = self.context.previous_stack_tags.clone();
        before.extend(old.tags("Tags")?);
        let wanted = self.wanted_tags(new)?;
        let gone = before.keys().filter(|key| current.contains_key(*key) && !wanted.contains_key(*key));
        let gone: Vec<Tag> = gone.map(|key| Tag { key: Some(key.clone()), value: None }).collect();
        if !gone.is_empty() {
            let delete =
                DeleteTags { resources: vec![id.to_owned()], tags: Some(gone), ..Default::default() };
            self.context.caller.call(delete).await?;
        }
        let changed: Tags =
            wanted.into_iter().filter(|(key, value)| current.get(key) != Some(value)).collect();
        if let Some(tags) = tags::listed(&changed) {
            let create = CreateTags { resources: vec![id.to_owned()], tags, ..Default::default() };
            self.context.caller.call(create).await?;
        }
        Ok(())
    }
}

/// The id in an answer of an operation that always gives one.
pub(crate) fn given(id: Option<String>) -> Result<String, HandlerFailure> {
    id.ok_or_else(|| HandlerFailure::new("InternalFailure", "EC2 answered no id"))
}

/// Whether an error says that the thing is not there.
pub(crate) fn is_gone(error: &ErrorResponse) -> bool {
    error.code.ends_with(".NotFound") || error.code == "Gateway.NotAttached"
}

/// What is gone already is deleted.
pub(crate) fn deleted<T>(result: Result<T, ErrorResponse>) -> Result<(), HandlerFailure> {
    match result {
        Err(error) if !is_gone(&error) => Err(error.into()),
        _ => Ok(()),
    }
}

/// A whole number that fits EC2's integers.
pub(crate) fn number(properties: &Properties, name: &str) -> Result<Option<i32>, HandlerFailure> {
    match properties.integer(name)? {
        None => Ok(None),
        Some(value) => i32::try_from(value).map(Some).map_err(|_| {
            HandlerFailure::invalid(format!("{}/{name}: {value} is out of range", properties.path()))
        }),
    }
}

/// A filter of a Describe operation.
pub(crate) fn filter(name: &str, value: &str) -> Option<Vec<api_ec2::Filter>> {
    Some(vec![api_ec2::Filter { name: Some(name.to_owned()), values: Some(vec![value.to_owned()]) }])
}
