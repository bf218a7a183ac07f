use crate::state::{IndexItem, StoredItem};
use contract::{Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use store::{Row as _, StoreError, Tx};

/// Removes what is kept under the id of a deleted table, index or backup, a part at a time.
pub(crate) struct Purge;

const KIND: &str = "dynamodb-purge";
const BATCH: usize = 500;

impl Purge {
    /// Removes the items (and copies in indexes) under an id.
    pub(crate) fn schedule(id: &str, scope: Scope, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
        Task::new(KIND, id, scope, now, &())?.enqueue(tx)
    }
}

#[async_trait::async_trait]
impl TaskHandler for Purge {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let view = context.store.view();
        let (scope, id) = (task.scope, task.id.clone());
        let items = view.scan::<StoredItem>(scope, (id.as_str(),)).limit(BATCH).count().unwrap_or(BATCH);
        let copies = view.scan::<IndexItem>(scope, (id.as_str(),)).limit(BATCH).count().unwrap_or(BATCH);
        let effect: contract::Effect = Box::new(move |_, tx| {
            for row in tx.scan::<StoredItem>(scope, (id.as_str(),)).limit(BATCH).rows()? {
                tx.remove::<StoredItem>(scope, row.key())?;
            }
            for row in tx.scan::<IndexItem>(scope, (id.as_str(),)).limit(BATCH).rows()? {
                tx.remove::<IndexItem>(scope, row.key())?;
            }
            Ok(())
        });
        if items < BATCH && copies < BATCH {
            Outcome::Done(Some(effect))
        } else {
            Outcome::Again(context.clock.now(), Some(effect))
        }
    }
}
