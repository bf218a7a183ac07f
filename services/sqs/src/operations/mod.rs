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

use crate::reference::QueueReference;
use crate::refusal::no_queue;
use crate::state::Queue;
use api_sqs::Error;
use contract::Call;
use store::View;

/// The queue of a URL.
fn queue(view: &View, url: &str, call: &Call) -> Result<Queue, Error> {
    Queue::get(view, &QueueReference::of_url(url, call)?)?.ok_or_else(no_queue)
}
