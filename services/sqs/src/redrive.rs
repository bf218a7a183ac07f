//! Moving dead letters back: a durable task, a part of the messages at a time, each moved in the transaction that counts it.

use crate::mailbox::{self, Candidates};
use crate::reference::QueueReference;
use crate::state::{Message, MoveTask, Queue, Status};
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{StoreError, Tx};

const KIND: &str = "sqs.move";
/// Messages of a transaction, where no rate is asked for.
const PART: usize = 50;

/// Moves.
pub(crate) struct Redrive;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Which {
    source: String,
    started: Timestamp,
    id: String,
}

/// Will carry out a move once the transaction is committed.
pub(crate) fn enqueue(task: &MoveTask, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    let which = Which { source: task.source.clone(), started: task.started, id: task.id.clone() };
    Task::new(KIND, &task.id, task.scope, call.now, &which)?.through(call.chain.clone()).enqueue(tx)
}

#[async_trait::async_trait]
impl TaskHandler for Redrive {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        match advance(task, context).await {
            Ok(None) => Outcome::done(),
            Ok(Some(moment)) => Outcome::Again(moment, None),
            Err(error) => {
                tracing::error!(task = task.id, %error, "a move of messages cannot go on; it will be tried again");
                Outcome::Again(context.clock.now().plus(Duration::from_secs(5)), None)
            }
        }
    }
}

/// Moves a part; when to move the next one, or None where it is over.
async fn advance(task: &Task, context: &Context) -> Result<Option<Timestamp>, StoreError> {
    let which: Which = task.payload()?;
    let source = QueueReference { scope: task.scope, name: which.source.clone() };
    loop {
        let now = context.clock.now();
        let view = context.store.view();
        let Some(queue) = Queue::get(&view, &source)? else {
            drop(view);
            return end(task, &which, Some("The source queue was deleted."), context).await;
        };
        let rate = running(task, &which, &view)?.and_then(|running| running.rate);
        let part = rate.and_then(|rate| usize::try_from(rate).ok()).unwrap_or(PART);
        let candidates = Candidates::look(&queue, part, now, Timestamp::from_millis(0), &view)?;
        drop(view);
        let moved = context
            .store
            .transact_async(None, |tx| {
                let Some(mut running) = running(task, &which, tx)? else { return Ok(None) };
                // Read again: it may have been purged or deleted since.
                let Some(queue) = Queue::get(tx, &source)? else { return Ok(Some(0)) };
                let messages = candidates.messages(&queue, part, now, tx)?;
                for message in &messages {
                    if let Err(why) = redrive(&queue, message, &running, now, tx)? {
                        running.status = Status::Failed;
                        running.failure = Some(why);
                        tx.put(running)?;
                        return Ok(None);
                    }
                    running.moved = running.moved.saturating_add(1);
                }
                running.to_move = running.to_move.max(running.moved);
                tx.put(running)?;
                Ok::<_, StoreError>(Some(messages.len()))
            })
            .await?;
        match moved {
            None => return end(task, &which, None, context).await,
            Some(0) if candidates.is_empty() => return end(task, &which, None, context).await,
            Some(_) if rate.is_some() => return Ok(Some(now.plus(Duration::from_secs(1)))),
            Some(_) => {}
        }
    }
}

/// The move, where nobody cancelled it.
fn running(task: &Task, which: &Which, view: &store::View) -> Result<Option<MoveTask>, StoreError> {
    let found: Option<MoveTask> = view.get(task.scope, (&which.source, which.started, &which.id))?;
    Ok(found.filter(|found| found.status == Status::Running))
}

async fn end(
    task: &Task,
    which: &Which,
    failure: Option<&str>,
    context: &Context,
) -> Result<Option<Timestamp>, StoreError> {
    context
        .store
        .transact_async(None, |tx| {
            let found: Option<MoveTask> = tx.get(task.scope, (&which.source, which.started, &which.id))?;
            let Some(mut found) = found.filter(|found| found.status.is_active()) else { return Ok(()) };
            found.status = match (found.status, failure) {
                (Status::Cancelling, _) => Status::Cancelled,
                (_, Some(_)) => Status::Failed,
                (_, None) => Status::Completed,
            };
            found.failure = failure.map(Into::into);
            tx.put(found)
        })
        .await?;
    Ok(None)
}

/// Moves one message, which counts as new: with another id, and sent now. Inside, why it cannot be moved.
fn redrive(
    queue: &Queue,
    message: &Message,
    task: &MoveTask,
    now: Timestamp,
    tx: &mut Tx,
) -> Result<Result<(), String>, StoreError> {
    let arn = task.destination_arn.as_ref().or(message.dead_letter_of.as_ref());
    let Some(target) = arn.and_then(|arn| QueueReference::of_arn(arn)) else {
        return Ok(Err("CouldNotDetermineMessageSource".into()));
    };
    let Some(target) = Queue::get(tx, &target)?.filter(|target| target.is_fifo() == queue.is_fifo()) else {
        return Ok(Err("AWS.SimpleQueueService.NonExistentQueue".into()));
    };
    // Whoever started the move was asked for permission to send to the sources that there are, and to no other queue.
    let is_source = target.redrive().is_some_and(|redrive| redrive.target == task.source_arn);
    if task.destination_arn.is_none() && !is_source {
        return Ok(Err("CouldNotDetermineMessageSource".into()));
    }
    mailbox::remove(queue, message, now, tx)?;
    let mut moved = Message {
        id: renewed(&message.id, &task.id),
        sent: now,
        visible: now,
        receives: 0,
        receives_here: 0,
        first_received: None,
        received: None,
        receipt: None,
        dead_letter_of: None,
        arrived: None,
        ..message.clone()
    };
    mailbox::put(&target, &mut moved, now, tx)?;
    Ok(Ok(()))
}

/// The id of a moved message: a UUID that is the same where the move is tried again.
fn renewed(id: &str, task: &str) -> String {
    use sha2::{Digest, Sha256};
    let seed: [u8; 32] = Sha256::new().chain_update(id).chain_update(task).finalize().into();
    clock::Entropy::from_seed(seed).uuid()
}
