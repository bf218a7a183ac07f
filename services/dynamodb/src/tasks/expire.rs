use crate::metrics;
use crate::state::{StoredItem, Table};
use crate::writing::Replacement;
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::Timestamp;
use std::ops::ControlFlow;
use std::time::Duration;
use store::{StoreError, Tx};

/// Removes items whose time to live has ended, as the service (streams tell it from a user's deletion).
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html>
pub(crate) struct Expire;

const KIND: &str = "dynamodb-expire";
const EVERY: Duration = Duration::from_secs(60);
const BATCH: usize = 200;
/// What ended longer ago is taken for a mistake, and stays.
const TOO_OLD: u64 = 5 * 365 * 24 * 60 * 60;

#[derive(serde::Serialize, serde::Deserialize)]
struct Payload {
    table: String,
}

impl Expire {
    pub(crate) fn schedule(table: &Table, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
        let payload = Payload { table: table.name.clone() };
        Task::new(KIND, &table.id, table.scope, now, &payload)?.enqueue(tx)
    }
}

/// Removes a batch; answers whether there may be more.
fn expire(table: &Table, call: &Call, tx: &mut Tx) -> Result<bool, StoreError> {
    let now = u64::try_from(call.now.seconds()).unwrap_or(0);
    let mut ended = Vec::new();
    // In the order of their ends: what is too old comes first, and is passed over.
    tx.scan_index::<StoredItem>(table.scope, "expiry", (table.id.as_str(),)).each(|row| {
        let Some(expires) = row.expires.filter(|expires| *expires < now) else {
            return ControlFlow::Break(());
        };
        if expires.saturating_add(TOO_OLD) >= now {
            ended.push(row);
        }
        if ended.len() < BATCH { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let full = ended.len() == BATCH;
    metrics::expired(ended.len(), table, call.now, tx);
    for row in ended {
        let (key, item) = (row.key_bytes(), row.item()?);
        Replacement { table, key: &key, before: Some(&item), after: None, expired: true }.write(call, tx)?;
    }
    Ok(full)
}

#[async_trait::async_trait]
impl TaskHandler for Expire {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let later = context.clock.now().plus(EVERY);
        let Ok(Payload { table }) = task.payload() else { return Outcome::done() };
        let found = match Table::get(&context.store.view(), task.scope, &table) {
            Ok(found) => found,
            Err(_) => return Outcome::Again(later, None),
        };
        // The table is gone, is another one of the same name, or has no time to live any more.
        let current = found.filter(|found| found.id == task.id && found.time_to_live.is_some());
        if current.is_none() {
            return Outcome::done();
        }
        let (scope, id) = (task.scope, task.id.clone());
        let effect: contract::Effect = Box::new(move |call, tx| {
            let Some(current) = Table::get(tx, scope, &table)? else { return Ok(()) };
            if current.id != id || current.time_to_live.is_none() {
                return Ok(());
            }
            for _ in 0..10 {
                if !expire(&current, call, tx)? {
                    break;
                }
            }
            Ok(())
        });
        Outcome::Again(later, Some(effect))
    }
}
