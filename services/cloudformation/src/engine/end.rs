//! How the work on a resource ends in an update.

use super::handlers::{Changed, worded};
use super::progress::resource_event;
use super::update::{Doing, Job};
use crate::state::resource::{StackResource, Thing, Wanted};
use crate::state::stack::Stack;
use contract::{Call, Created, HandlerFailure};
use std::collections::BTreeMap;
use store::{StoreError, Tx};

pub(super) fn created_now(
    stack: &mut Stack,
    mut row: StackResource,
    created: &Created,
    call: &Call,
    tx: &mut Tx,
) -> Result<Option<Doing>, StoreError> {
    row.making = false;
    row.physical_id = Some(created.physical_id.clone());
    row.attributes.clone_from(&created.attributes);
    if !row.is("CREATE_IN_PROGRESS") {
        tx.put(row)?;
        return Ok(Some(Doing::Create));
    }
    resource_event(stack, &mut row, "CREATE_IN_PROGRESS", Some("Resource creation Initiated"), call, tx)?;
    resource_event(stack, &mut row, "CREATE_COMPLETE", None, call, tx)?;
    Ok(None)
}

pub(super) fn replaced_now(
    stack: &mut Stack,
    mut row: StackResource,
    created: &Created,
    call: &Call,
    tx: &mut Tx,
) -> Result<Option<Doing>, StoreError> {
    let Some(wanted) = row.wanted.take() else { return Ok(Some(Doing::Update)) };
    set_aside(&mut row);
    row.become_thing(Thing {
        physical_id: created.physical_id.clone(),
        properties: wanted.properties,
        shown: wanted.shown,
        attributes: created.attributes.clone(),
        metadata: wanted.metadata,
        token: wanted.token,
    });
    if !row.is("UPDATE_IN_PROGRESS") {
        tx.put(row)?;
        return Ok(Some(Doing::Update));
    }
    resource_event(stack, &mut row, "UPDATE_IN_PROGRESS", Some("Resource creation Initiated"), call, tx)?;
    resource_event(stack, &mut row, "UPDATE_COMPLETE", None, call, tx)?;
    Ok(None)
}

/// Keeps in mind the thing that another takes the place of: as what was before the update, or as superfluous.
fn set_aside(row: &mut StackResource) {
    let former = row.change.as_ref().and_then(|change| change.former.as_ref());
    if former.map(|former| &former.physical_id) != row.physical_id.as_ref() {
        row.surplus.extend(row.thing());
    }
}

pub(super) fn changed_now(
    stack: &mut Stack,
    mut row: StackResource,
    changed: &Changed,
    call: &Call,
    tx: &mut Tx,
) -> Result<Option<Doing>, StoreError> {
    let Some(wanted) = row.wanted.take() else { return Ok(Some(Doing::Update)) };
    if changed.physical_id.as_ref().is_some_and(|id| Some(id) != row.physical_id.as_ref()) {
        set_aside(&mut row);
        row.physical_id.clone_from(&changed.physical_id);
        row.attributes.clear();
    }
    row.properties = wanted.properties;
    row.shown = wanted.shown;
    row.metadata = wanted.metadata;
    row.attributes.extend(changed.attributes.clone());
    if !row.is("UPDATE_IN_PROGRESS") {
        tx.put(row)?;
        return Ok(Some(Doing::Update));
    }
    resource_event(stack, &mut row, "UPDATE_COMPLETE", None, call, tx)?;
    Ok(None)
}

pub(super) fn restored_now(
    stack: &mut Stack,
    mut row: StackResource,
    former: &Thing,
    (changed, surplus): (Option<&Changed>, Option<&str>),
    call: &Call,
    tx: &mut Tx,
) -> Result<Option<Doing>, StoreError> {
    if let (Some(surplus), Some(wanted)) = (surplus, &row.wanted)
        && row.physical_id.as_deref() != Some(surplus)
    {
        let thing = unfinished(wanted, surplus);
        row.surplus.push(thing);
    }
    row.wanted = None;
    row.change = None;
    row.become_thing(former.clone());
    if let Some(changed) = changed {
        if changed.physical_id.as_ref().is_some_and(|id| *id != former.physical_id) {
            row.surplus.extend(row.thing());
            row.physical_id.clone_from(&changed.physical_id);
        }
        row.attributes.extend(changed.attributes.clone());
    }
    resource_event(stack, &mut row, "UPDATE_COMPLETE", None, call, tx)?;
    Ok(None)
}

/// A thing that a replacement made without coming to its end.
fn unfinished(wanted: &Wanted, physical_id: &str) -> Thing {
    Thing {
        physical_id: physical_id.to_owned(),
        properties: wanted.properties.clone(),
        shown: wanted.shown.clone(),
        attributes: BTreeMap::new(),
        metadata: wanted.metadata.clone(),
        token: wanted.token.clone(),
    }
}

pub(super) fn failed_now(
    stack: &mut Stack,
    mut row: StackResource,
    job: &Job,
    failure: &HandlerFailure,
    call: &Call,
    tx: &mut Tx,
) -> Result<Option<Doing>, StoreError> {
    let act = match job {
        Job::Create(_) => {
            row.making = false;
            row.physical_id.clone_from(&failure.physical_id);
            Doing::Create
        }
        Job::Replace(_) => {
            if let (Some(wanted), Some(made)) = (&row.wanted, &failure.physical_id) {
                let thing = unfinished(wanted, made);
                row.surplus.push(thing);
            }
            row.wanted = None;
            Doing::Update
        }
        Job::Change(_) => {
            if let Some(wanted) = &mut row.wanted {
                wanted.failed = true;
            }
            Doing::Update
        }
        Job::Restore(..) => Doing::Update,
    };
    // Cancelled meanwhile: that was said already.
    if !row.status.ends_with("_IN_PROGRESS") {
        tx.put(row)?;
        return Ok(Some(act));
    }
    let reason = worded(&row, failure, call);
    let status = if act == Doing::Create { "CREATE_FAILED" } else { "UPDATE_FAILED" };
    resource_event(stack, &mut row, status, Some(&reason), call, tx)?;
    Ok(Some(act))
}
