//! What a deleted or purged queue leaves is thrown away in small transactions, after the call that deleted or purged it.

use crate::state::{Attempt, Deduplication, Group, Message, Place, Slot};
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::Scope;
use serde::{Deserialize, Serialize};
use store::{PrefixOf, Row, StoreError, Tx, View};

const KIND: &str = "sqs.discard";
/// Rows of a transaction.
const PART: usize = 200;

/// Throws away what nobody can reach any more.
pub(crate) struct Discard;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Leftover {
    mailbox: String,
    /// The queue's id, where the queue itself is gone.
    queue: Option<String>,
}

/// Will throw away a mailbox and, where the queue is gone, what else it remembered.
pub(crate) fn discard(
    scope: Scope,
    mailbox: &str,
    queue: Option<&str>,
    call: &Call,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    let leftover = Leftover { mailbox: mailbox.into(), queue: queue.map(Into::into) };
    Task::new(KIND, mailbox, scope, call.now, &leftover)?.through(call.chain.clone()).enqueue(tx)
}

#[async_trait::async_trait]
impl TaskHandler for Discard {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        match throw_away(task, context).await {
            Ok(()) => Outcome::done(),
            Err(error) => {
                tracing::error!(task = task.id, %error, "what a queue left cannot be thrown away; it will be tried again");
                Outcome::Again(context.clock.now().plus(std::time::Duration::from_secs(60)), None)
            }
        }
    }
}

async fn throw_away(task: &Task, context: &Context) -> Result<(), StoreError> {
    let Leftover { mailbox, queue } = task.payload()?;
    let scope = task.scope;
    all::<Slot, _>(scope, (mailbox.as_str(),), context).await?;
    all::<Place, _>(scope, (mailbox.as_str(),), context).await?;
    all::<Group, _>(scope, (mailbox.as_str(),), context).await?;
    all::<Message, _>(scope, (mailbox.as_str(),), context).await?;
    if let Some(queue) = queue {
        all::<Deduplication, _>(scope, (queue.as_str(),), context).await?;
        all::<Attempt, _>(scope, (queue.as_str(),), context).await?;
    }
    Ok(())
}

async fn all<R: Row, P: PrefixOf<R::Key> + Copy + Send>(
    scope: Scope,
    prefix: P,
    context: &Context,
) -> Result<(), StoreError>
where
    R::Key: store::EncodesAs<R::Key>,
{
    loop {
        let rows = part::<R, P>(scope, prefix, &context.store.view())?;
        if rows.is_empty() {
            return Ok(());
        }
        context
            .store
            .transact_async(None, |tx| {
                for row in &rows {
                    tx.remove::<R>(scope, row.key())?;
                }
                Ok::<_, StoreError>(())
            })
            .await?;
    }
}

fn part<R: Row, P: PrefixOf<R::Key>>(scope: Scope, prefix: P, view: &View) -> Result<Vec<R>, StoreError> {
    view.scan::<R>(scope, prefix).limit(PART).rows()
}
