//! How the work on a resource begins in an update: what its row is compared with, and what is noted before its handler is called.

use super::policy::{Act, refusal};
use super::progress::resource_event;
use super::types::{Maker, differing};
use super::update::{Begun, Doing, Job};
use crate::state::resource::{ResourceChange, StackResource, Wanted};
use crate::state::stack::Stack;
use contract::Call;
use store::{StoreError, Tx};
use wire::Document;

/// A resource that the update brings.
pub(super) struct New<'a> {
    pub(super) logical_id: &'a str,
    pub(super) declared: &'a str,
    pub(super) properties: Document,
    pub(super) metadata: Option<Document>,
    pub(super) shown: Option<String>,
}

impl New<'_> {
    pub(super) fn begin(
        self,
        stack: &mut Stack,
        known: Option<StackResource>,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<Begun, StoreError> {
        // Begun before `kill -9`, it goes on under the same token, without a second event.
        let resumed = known.as_ref().is_some_and(|row| row.making && row.is("CREATE_IN_PROGRESS"));
        let mut row = match known {
            Some(row) if resumed => row,
            earlier => {
                let mut row =
                    StackResource::begun(stack, self.logical_id, self.declared, self.shown.clone(), call);
                // What an earlier try of the update left.
                if let Some(earlier) = earlier.filter(|row| !row.is_gone()) {
                    row.surplus.clone_from(&earlier.surplus);
                    row.surplus.extend(earlier.thing());
                }
                row
            }
        };
        row.change = Some(ResourceChange { former: None });
        row.properties = self.properties;
        row.metadata = self.metadata;
        row.shown = self.shown;
        row.making = true;
        if resumed {
            tx.put(row.clone())?;
        } else {
            resource_event(stack, &mut row, "CREATE_IN_PROGRESS", None, call, tx)?;
        }
        Ok(Begun::Run(Box::new(Job::Create(row))))
    }
}

const CREATES: &str =
    "Requested update requires the creation of a new physical resource; hence creating one.";

/// Compares what a resource is with what it is to be, and begins what that takes.
pub(super) fn known_resource(
    stack: &mut Stack,
    mut row: StackResource,
    mut wanted: Wanted,
    maker: &Maker,
    call: &Call,
    tx: &mut Tx,
) -> Result<Begun, StoreError> {
    let tags_differ =
        maker.takes_tags() && stack.update.as_ref().is_some_and(|update| update.other.tags != stack.tags);
    let differing = differing(&row.properties, &wanted.properties);
    let unfinished = row.is("UPDATE_FAILED") || row.wanted.is_some();
    // A restarted walk meets what it has changed already: its tags are then as they are to be.
    let retagged = tags_differ && row.change.is_none();
    if differing.is_empty() && !retagged && !unfinished {
        if row.metadata != wanted.metadata {
            let former = row.thing();
            row.change.get_or_insert(ResourceChange { former });
            row.metadata = wanted.metadata;
            resource_event(stack, &mut row, "UPDATE_IN_PROGRESS", None, call, tx)?;
            resource_event(stack, &mut row, "UPDATE_COMPLETE", None, call, tx)?;
        }
        return Ok(Begun::Done);
    }
    let is_certain =
        |name: &String| maker.replacement(name, &row.properties, &wanted.properties).is_certain();
    wanted.replaces = differing.iter().any(is_certain);
    let act = if wanted.replaces { Act::Replace } else { Act::Modify };
    let policy = stack.update.as_ref().and_then(|update| update.policy.as_ref()).or(stack.policy.as_ref());
    let mut refused = policy.and_then(|policy| refusal(policy, act, &row.logical_id, &row.resource_type));
    if refused.is_none() && wanted.replaces {
        refused = own_name(&row, &wanted, maker).map(|name| {
            format!(
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again."
            )
        });
    }
    if let Some(reason) = refused {
        resource_event(stack, &mut row, "UPDATE_FAILED", Some(&reason), call, tx)?;
        return Ok(Begun::Failed(Doing::Update));
    }
    let former = row.thing();
    row.change.get_or_insert(ResourceChange { former });
    let reason = wanted.replaces.then_some(CREATES);
    let replaces = wanted.replaces;
    row.wanted = Some(wanted);
    resource_event(stack, &mut row, "UPDATE_IN_PROGRESS", reason, call, tx)?;
    Ok(Begun::Run(Box::new(if replaces { Job::Replace(row) } else { Job::Change(row) })))
}

/// The name that a template gives to a resource and keeps: another thing cannot have it at the same time.
fn own_name(row: &StackResource, wanted: &Wanted, maker: &Maker) -> Option<String> {
    let Maker::Handler(handler) = maker else { return None };
    let physical_id = row.physical_id.as_deref()?;
    let kept = handler.create_only().iter().filter_map(|property| {
        let name = wanted.properties.get(property)?.as_str().filter(|name| !name.is_empty())?;
        (row.properties.get(property)?.as_str()? == name).then_some(name)
    });
    kept.into_iter()
        .find(|name| {
            physical_id
                .strip_suffix(name)
                .is_some_and(|start| start.is_empty() || start.ends_with([':', '/']))
        })
        .map(str::to_owned)
}

/// Begins to take a resource back to what it was before the update.
pub(super) fn restore(
    stack: &mut Stack,
    logical_id: &str,
    call: &Call,
    tx: &mut Tx,
) -> Result<Begun, StoreError> {
    let Some(mut row) = tx.get::<StackResource>(stack.scope, (&stack.id, logical_id))? else {
        return Ok(Begun::Done);
    };
    let former = match row.change.clone() {
        Some(ResourceChange { former: Some(former) }) => former,
        // What the update brought is deleted afterwards.
        Some(ResourceChange { former: None }) => return Ok(Begun::Done),
        None => {
            if row.is("UPDATE_FAILED") {
                // Refused before anything was done to it.
                resource_event(stack, &mut row, "UPDATE_COMPLETE", None, call, tx)?;
            }
            return Ok(Begun::Done);
        }
    };
    let skipped = stack.update.as_ref().is_some_and(|update| update.skipped.contains(&row.logical_id));
    if skipped || row.physical_id.as_ref() != Some(&former.physical_id) {
        if row.physical_id.as_ref() != Some(&former.physical_id) {
            row.surplus.extend(row.thing());
        }
        row.become_thing(former);
        row.change = None;
        row.wanted = None;
        resource_event(stack, &mut row, "UPDATE_COMPLETE", None, call, tx)?;
        return Ok(Begun::Done);
    }
    if !row.is("UPDATE_IN_PROGRESS") {
        resource_event(stack, &mut row, "UPDATE_IN_PROGRESS", None, call, tx)?;
    }
    Ok(Begun::Run(Box::new(Job::Restore(Box::new(row), former))))
}
