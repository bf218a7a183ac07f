//! Messages that are received again and again, and where they go
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html>).

use super::{put, remove};
use crate::reference::QueueReference;
use crate::state::{Message, Queue};
use names::Timestamp;
use store::{StoreError, Tx, View};

/// The dead-letter queue that a message belongs in; None where it may be given again, or where there is none (any more) that takes it.
pub(super) fn target(queue: &Queue, message: &Message, view: &View) -> Result<Option<Queue>, StoreError> {
    let Some(redrive) = queue.redrive().filter(|redrive| message.receives_here >= redrive.after) else {
        return Ok(None);
    };
    let Some(reference) = QueueReference::of_arn(&redrive.target) else { return Ok(None) };
    let found = Queue::get(view, &reference)?;
    Ok(found.filter(|target| {
        target.is_fifo() == queue.is_fifo() && target.takes_dead_letters_of(&queue.arn().to_string())
    }))
}

/// Moves a message to a dead-letter queue: it keeps its id and, in standard queues, the moment from which its retention counts.
pub(super) fn bury(
    queue: &Queue,
    target: &Queue,
    message: Message,
    now: Timestamp,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    remove(queue, &message, now, tx)?;
    let sent = if queue.is_fifo() { now } else { message.sent };
    let mut dead = Message {
        sent,
        visible: now,
        receives_here: 0,
        received: None,
        receipt: None,
        dead_letter_of: Some(queue.arn().to_string()),
        arrived: (sent != now).then_some(now),
        ..message
    };
    put(target, &mut dead, now, tx)
}
