use crate::state::{KEPT, Shard, Stream, StreamRecord};
use contract::{Context, Outcome, Task, TaskHandler};
use names::Timestamp;
use std::time::Duration;
use store::{Row as _, StoreError, Tx};

/// Removes records that are older than a day, and streams that ended a day ago.
pub(crate) struct Trim;

const KIND: &str = "dynamodb-trim";
const EVERY: Duration = Duration::from_secs(60 * 60);
const BATCH: usize = 1000;

#[derive(serde::Serialize, serde::Deserialize)]
struct Payload {
    table: String,
    label: String,
}

impl Trim {
    pub(crate) fn schedule(stream: &Stream, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
        let payload = Payload { table: stream.table.clone(), label: stream.label.clone() };
        Task::new(KIND, stream.id(), stream.scope, now.plus(EVERY), &payload)?.enqueue(tx)
    }
}

/// Removes a part of what is older than a moment; answers whether there is more.
fn trim(stream: &Stream, oldest: Timestamp, tx: &mut Tx) -> Result<bool, StoreError> {
    let mut more = false;
    for shard in 0..stream.shards {
        let rows = tx.scan::<StreamRecord>(stream.scope, (stream.id(), shard)).limit(BATCH).rows()?;
        let stale: Vec<StreamRecord> = rows.into_iter().take_while(|row| row.at < oldest).collect();
        more |= stale.len() == BATCH;
        for row in stale {
            tx.remove::<StreamRecord>(stream.scope, row.key())?;
        }
    }
    Ok(more)
}

#[async_trait::async_trait]
impl TaskHandler for Trim {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let now = context.clock.now();
        let Ok(Payload { table, label }) = task.payload() else { return Outcome::done() };
        let stream = match Stream::get(&context.store.view(), task.scope, &table, &label) {
            Ok(Some(stream)) => stream,
            Ok(None) => return Outcome::done(),
            Err(_) => return Outcome::Again(now.plus(EVERY), None),
        };
        let over = stream.ended.is_some_and(|ended| ended.plus(KEPT) < now);
        let oldest = now.minus(KEPT);
        let effect: contract::Effect = Box::new(move |_, tx| {
            let mut more = true;
            for _ in 0..20 {
                more = more && trim(&stream, oldest, tx)?;
            }
            if over && !more {
                for shard in 0..stream.shards {
                    tx.remove::<Shard>(stream.scope, (stream.id(), shard))?;
                }
                tx.remove::<Stream>(stream.scope, stream.key())?;
            }
            Ok(())
        });
        Outcome::Again(now.plus(EVERY), Some(effect))
    }
}
