//! What becomes of keys with time: their rotation and their end.
//!
//! That a key is gone is data (its deletion's moment is past); the task only sweeps its rows away.

use crate::state::{Alias, Grant, Key, Material, RotatedBy, Rotation};
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::time::Duration;
use store::{StoreError, Tx};

const DELETE: &str = "kms.delete_key";
const ROTATE: &str = "kms.rotate_key";

pub(crate) fn schedule_deletion(key: &Key, at: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    Task::new(DELETE, key.id.as_str(), key.scope, at, &())?.enqueue(tx)
}

pub(crate) fn cancel_deletion(key: &Key, tx: &mut Tx) -> Result<(), StoreError> {
    tx.remove::<Task>(key.scope, (DELETE, key.id.as_str())).map(drop)
}

/// For its next rotation, where it rotates.
pub(crate) fn schedule_rotation(key: &Key, tx: &mut Tx) -> Result<(), StoreError> {
    match key.rotation {
        Some(rotation) => Task::new(ROTATE, key.id.as_str(), key.scope, rotation.next, &())?.enqueue(tx),
        None => Ok(()),
    }
}

pub(crate) fn cancel_rotation(key: &Key, tx: &mut Tx) -> Result<(), StoreError> {
    tx.remove::<Task>(key.scope, (ROTATE, key.id.as_str())).map(drop)
}

/// Sweeps away a key whose time has come, with all that belongs to it.
pub(crate) struct DeleteKey;

#[async_trait::async_trait]
impl TaskHandler for DeleteKey {
    fn kind(&self) -> &'static str {
        DELETE
    }

    async fn perform(&self, task: &Task, _: &Context) -> Outcome {
        let (scope, id) = (task.scope, task.id.clone());
        Outcome::done_with(move |call, tx| delete(scope, &id, call, tx))
    }
}

fn delete(scope: Scope, id: &str, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    let Some(key) = tx.get::<Key>(scope, id)?.filter(|key| key.is_gone(call.now)) else { return Ok(()) };
    for alias in key.aliases(tx)? {
        tx.remove::<Alias>(scope, alias.name.as_str())?;
    }
    for grant in Grant::of_key(tx, scope, id)? {
        tx.remove::<Grant>(scope, (id, grant.id.as_str()))?;
    }
    for material in Material::all(tx, &key)? {
        tx.remove::<Material>(scope, (id, material.generation))?;
    }
    cancel_rotation(&key, tx)?;
    tx.remove::<Key>(scope, id).map(drop)
}

/// Gives a key new material, and waits for the next time.
pub(crate) struct RotateKey;

#[async_trait::async_trait]
impl TaskHandler for RotateKey {
    fn kind(&self) -> &'static str {
        ROTATE
    }

    async fn perform(&self, task: &Task, _: &Context) -> Outcome {
        let (scope, id, due) = (task.scope, task.id.clone(), task.due);
        Outcome::done_with(move |call, tx| rotate(scope, &id, due, call, tx))
    }
}

fn rotate(scope: Scope, id: &str, due: Timestamp, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    // A disabled key is not rotated: EnableKey makes up for it.
    let Some(mut key) = tx.get::<Key>(scope, id)?.filter(|key| key.enabled && key.deletion.is_none()) else {
        return Ok(());
    };
    let Some(rotation) = key.rotation.filter(|rotation| rotation.next <= due) else { return Ok(()) };
    Material::rotate(&mut key, RotatedBy::Schedule, call, tx)?;
    let period = Duration::from_secs(u64::from(rotation.period_in_days) * 86_400);
    // After a long sleep one rotation is enough.
    let mut next = rotation.next.plus(period);
    if next <= call.now {
        next = call.now.plus(period);
    }
    key.rotation = Some(Rotation { next, ..rotation });
    schedule_rotation(&key, tx)?;
    tx.update(key)
}
