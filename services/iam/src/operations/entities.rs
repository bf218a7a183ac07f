//! What users, groups and roles have in common.

use super::Result;
use crate::state::{Entity, name_key};
use crate::{managed, refusal};
use contract::{Access, Call};
use names::AccountId;
use store::{Row, Tx, View};

/// A user, group or role that must be there.
pub(super) fn existing<E: Entity>(view: &View, call: &Call, name: &str) -> Result<E> {
    E::named(view, call.account, name)?.ok_or_else(|| refusal::no_entity::<E>(name))
}

/// As [`existing`], one that its account may change.
pub(super) fn modifiable<E: Entity>(view: &View, call: &Call, name: &str) -> Result<E> {
    let entity = existing::<E>(view, call, name)?;
    match entity.service_linked() {
        Some(_) => Err(refusal::protected(entity.name())),
        None => Ok(entity),
    }
}

/// Refuses a name that is taken, and one entity more than the account may have.
pub(super) fn new<E: Entity>(view: &View, call: &Call, name: &str, most: usize) -> Result<()> {
    if E::named(view, call.account, name)?.is_some() {
        return Err(refusal::taken::<E>(name));
    }
    quota::<E>(view, call, &format!("{}sPerAccount", E::TITLE), most)
}

/// Refuses one row more than the account may have.
pub(super) fn quota<R: Row>(view: &View, call: &Call, name: &str, most: usize) -> Result<()> {
    if view.scan::<R>(call.global_scope(), ()).count()? >= most {
        return Err(refusal::quota(name, most));
    }
    Ok(())
}

/// Refuses to delete what still has policies.
pub(super) fn without_policies<E: Entity>(entity: &E) -> Result<()> {
    if !entity.policies().attached.is_empty() {
        return Err(refusal::conflict("Cannot delete entity, must detach all policies first."));
    }
    if !entity.policies().inline.is_empty() {
        return Err(refusal::conflict("Cannot delete entity, must delete policies first."));
    }
    Ok(())
}

/// Removes the row, and its mark on the policy that is its boundary.
pub(super) fn delete<E: Entity>(tx: &mut Tx, entity: &E) -> Result<()> {
    if let Some(boundary) = entity.boundary() {
        managed::note(tx, entity.account(), boundary, |policy| {
            policy.boundary_of.remove(entity.id());
        })?;
    }
    tx.remove::<E>(entity.scope(), name_key(entity.name()).as_str())?;
    Ok(())
}

/// Marks the boundary that a new entity, or one whose boundary changes, has.
pub(super) fn bind(
    tx: &mut Tx,
    account: AccountId,
    id: &str,
    old: Option<&str>,
    new: Option<&str>,
) -> Result<()> {
    if let Some(arn) = old {
        managed::note(tx, account, arn, |policy| {
            policy.boundary_of.remove(id);
        })?;
    }
    if let Some(arn) = new {
        managed::check_boundary(tx, account, arn)?;
        managed::note(tx, account, arn, |policy| {
            policy.boundary_of.insert(id.to_owned());
        })?;
    }
    Ok(())
}

/// With request tags, and the permission to tag where there are any.
pub(super) fn tagged_on_create(access: Access, action: &str, tags: Option<&[api_iam::Tag]>) -> Access {
    let access = access.with_request_tags(crate::tags::pairs(tags));
    match (access.checks.first().cloned(), tags) {
        (Some(mut check), Some([_, ..])) => {
            action.clone_into(&mut check.action);
            access.and(check)
        }
        _ => access,
    }
}
