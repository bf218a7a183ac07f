//! What was in a closed account is removed.

use crate::state::Account;
use contract::{Context, Outcome, Task, TaskHandler};
use names::{AccountId, Scope, Timestamp};
use std::time::Duration;
use store::{Row, StoreError, Tx};

const KIND: &str = "iam.account-removal";
/// How many entries one commit removes: others commit between two.
const AT_ONCE: usize = 1000;
/// How long a removal rests that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(60);
/// Where removals live: what is in the account itself goes.
const SCOPE: Scope = Scope { account: AccountId::DEFAULT, region: names::Region::GLOBAL };
/// The account's own row stays: it says that the account is closed, and keeps its number from being given again.
const TOMBSTONE: &[&str] = &[Account::TABLE];

/// Has what is in an account removed; in the transaction that closes it.
pub(crate) fn enqueue(account: AccountId, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    Task::new(KIND, account.to_string(), SCOPE, now, &())?.enqueue(tx)
}

/// Removes what is in closed accounts.
pub(crate) struct Remove;

#[async_trait::async_trait]
impl TaskHandler for Remove {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        match remove(task, context).await {
            Ok(removed) => {
                tracing::info!(account = task.id, removed, "what was in a closed account is gone");
                Outcome::done()
            }
            Err(error) => {
                tracing::error!(%error, account = task.id, "what is in a closed account cannot be removed; trying again");
                Outcome::Again(context.clock.now().plus(AFTER_FAILURE), None)
            }
        }
    }
}

async fn remove(task: &Task, context: &Context) -> Result<usize, StoreError> {
    let account = task.id.parse().map_err(|_| StoreError::Corrupt(format!("{} is no account", task.id)))?;
    let mut removal = context.store.removal(account, TOMBSTONE)?;
    let mut removed = 0_usize;
    loop {
        // Each step on a thread of its own, so that between two of them it can be stopped.
        let step = tokio::task::spawn_blocking(move || {
            let step = removal.step(AT_ONCE);
            (removal, step)
        });
        let (rest, step) = step.await.map_err(|error| StoreError::Backend(error.to_string().into()))?;
        match step? {
            Some(step) => removed = removed.saturating_add(step),
            None => return Ok(removed),
        }
        removal = rest;
    }
}
