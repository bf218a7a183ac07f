//! Looks after all mappings: one poller for each that is enabled, from the server's start on.

use super::invoke::Shared;
use super::{queue, stream};
use crate::execution::Engine;
use crate::state::event_source_mapping::{ANY, Phase};
use crate::state::{EventSourceMapping, StreamPosition};
use contract::{Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use store::{StoreError, Tx};
use tokio::task::{Id, JoinSet};

const KIND: &str = "lambda.event-source-mapping";
/// How often mappings are looked at although nothing was signalled.
const SLOW_TIMER: Duration = Duration::from_secs(60);
/// How long a mapping rests whose poller broke off.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

type Key = (Scope, String);

/// The step from `Creating`, `Updating`, … to what was asked for, as a task of the transaction that begins it.
pub(crate) fn transition(
    mapping: &EventSourceMapping,
    now: Timestamp,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    Task::new(KIND, mapping.uuid.clone(), mapping.scope, now, &())?.enqueue(tx)
}

/// Carries transitions out, and keeps pollers running.
pub(crate) struct Mappings {
    engine: Arc<Engine>,
}

impl Mappings {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }
}

#[async_trait::async_trait]
impl TaskHandler for Mappings {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, _: &Context) -> Outcome {
        let (scope, uuid) = (task.scope, task.id.clone());
        Outcome::done_with(move |_, tx| settle(scope, &uuid, tx))
    }

    async fn attend(&self, context: &Context) {
        let shared = Arc::new(Shared { engine: Arc::clone(&self.engine), context: context.clone() });
        let mut changed = context.store.listen(ANY);
        let mut closed = context.store.accounts_closed();
        let mut pollers: JoinSet<()> = JoinSet::new();
        let mut running: HashMap<Id, Key> = HashMap::new();
        loop {
            let followed: HashSet<&Key> = running.values().collect();
            let new: Vec<EventSourceMapping> = match context.store.view().list_all::<EventSourceMapping>() {
                Ok(all) => all
                    .into_iter()
                    .filter(|it| it.is_active() && !followed.contains(&(it.scope, it.uuid.clone())))
                    .filter(|it| !context.store.is_account_closed(it.scope.account))
                    .collect(),
                Err(error) => {
                    tracing::error!(%error, "event source mappings cannot be read; trying again");
                    Vec::new()
                }
            };
            for mapping in new {
                let key = (mapping.scope, mapping.uuid.clone());
                let handle = pollers.spawn(follow(Arc::clone(&shared), mapping));
                running.insert(handle.id(), key);
            }
            tokio::select! {
                () = changed.signalled() => {}
                () = closed.next() => self.engine.retire_closed(context),
                Some(ended) = pollers.join_next_with_id(), if !pollers.is_empty() => {
                    let id = match &ended {
                        Ok((id, ())) => *id,
                        Err(error) => {
                            tracing::error!(%error, "a poller broke off; it will be started again");
                            context.clock.sleep_until(context.clock.now().plus(AFTER_FAILURE)).await;
                            error.id()
                        }
                    };
                    running.remove(&id);
                }
                () = context.clock.sleep_until(context.clock.now().plus(SLOW_TIMER)) => {}
            }
        }
    }
}

/// Polls for a mapping until it is not active any more, or its account is closed: then what is under way is dropped.
async fn follow(shared: Arc<Shared>, mapping: EventSourceMapping) {
    let (store, account) = (shared.context.store.clone(), mapping.scope.account);
    let polling = async {
        if mapping.is_queue() {
            queue::follow(shared, mapping.scope, mapping.uuid).await;
        } else {
            stream::follow(shared, mapping.scope, mapping.uuid).await;
        }
    };
    tokio::select! {
        () = polling => {}
        () = store.account_closed(account) => {}
    }
}

/// What was on its way is done; a mapping that was to be deleted is gone.
fn settle(scope: Scope, uuid: &str, tx: &mut Tx) -> Result<(), StoreError> {
    let Some(mapping) = EventSourceMapping::find(tx, scope, uuid)? else { return Ok(()) };
    if mapping.phase != Phase::Deleting {
        return EventSourceMapping { phase: Phase::Settled, ..mapping }.put(tx);
    }
    for position in tx.scan::<StreamPosition>(scope, (uuid,)).rows()? {
        tx.remove::<StreamPosition>(scope, (uuid, position.shard.as_str()))?;
    }
    tx.remove::<EventSourceMapping>(scope, uuid)?;
    tx.signal(ANY);
    tx.signal(EventSourceMapping::topic(uuid));
    Ok(())
}
