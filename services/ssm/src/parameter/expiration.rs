//! The end of parameters whose Expiration policy says so: a durable task each.

use super::find;
use crate::state::{ParameterVersion, StoredParameter};
use contract::{Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use store::{StoreError, Tx};

const KIND: &str = "ssm.expiration";

/// Sees to it that a parameter ends when it expires; a later task replaces an earlier one.
pub(crate) fn schedule(stored: &StoredParameter, tx: &mut Tx) -> Result<(), StoreError> {
    match stored.expires {
        Some(due) => Task::new(KIND, stored.name.as_str(), stored.scope, due, &stored.name)?.enqueue(tx),
        None => Ok(()),
    }
}

/// Removes a parameter with all its versions.
pub(crate) fn remove(tx: &mut Tx, scope: Scope, name: &str) -> Result<(), StoreError> {
    for version in ParameterVersion::all(tx, scope, name)? {
        tx.remove::<ParameterVersion>(scope, (name, version.version))?;
    }
    tx.remove::<StoredParameter>(scope, name)?;
    Ok(())
}

/// Ends parameters that expire.
pub(crate) struct Expiration;

#[async_trait::async_trait]
impl TaskHandler for Expiration {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, _: &Context) -> Outcome {
        let (scope, name) = (task.scope, task.id.clone());
        Outcome::done_with(move |call, tx| end(tx, scope, &name, call.now))
    }
}

/// The parameter may have been deleted or given another policy since: what counts is the row.
fn end(tx: &mut Tx, scope: Scope, name: &str, now: Timestamp) -> Result<(), StoreError> {
    let Some(stored) = tx.get::<StoredParameter>(scope, name)?.filter(|stored| stored.has_expired(now))
    else {
        return Ok(());
    };
    if let Some(version) = find::newest(tx, &stored)? {
        super::events::note(tx, "Delete", &version, now)?;
    }
    remove(tx, scope, name)
}
