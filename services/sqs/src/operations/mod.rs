//! The operations, by noun.

mod batch;
mod dead_letters;
mod delete;
mod move_tasks;
mod permissions;
mod purge;
mod queue_attributes;
mod queues;
mod receive;
mod send;
mod tags;
mod visibility;

use crate::metrics;
use crate::reference::QueueReference;
use crate::refusal::no_queue;
use crate::state::Queue;
use api_sqs::Error;
use contract::Call;
use store::{Tx, View};

/// The queue of a URL, which is hereby used.
fn queue(tx: &mut Tx, url: &str, call: &Call) -> Result<Queue, Error> {
    let queue = queue_of(tx, &QueueReference::of_url(url, call)?)?;
    metrics::note_use(&queue, call.now, tx)?;
    Ok(queue)
}

/// The queue that a reference names.
pub(crate) fn queue_of(view: &View, reference: &QueueReference) -> Result<Queue, Error> {
    Queue::get(view, reference)?.ok_or_else(no_queue)
}
