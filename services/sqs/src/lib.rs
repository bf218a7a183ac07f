//! SQS: standard and FIFO queues, in today's JSON protocol and the old query protocol.
//!
//! What it is: every operation of SQS. Messages are rows; time is data (a message is visible when its moment has come, and expired when its retention
//! is over, whoever looks). Senders only read the queue and write what is new; receivers look outside of their transaction and read again what
//! they take, so neither makes the other run again. FIFO queues are in order by group.
//!
//! Bodies in queues with a `KmsMasterKeyId` are sealed with data keys of KMS, which senders and receivers need permission for.
//!
//! What it is not: it encrypts nothing with a key of its own (`SqsManagedSseEnabled` is kept and answered). `FifoThroughputLimit` is kept and checked, and limits nothing: no call is throttled.

mod access;
mod attributes;
mod cloudformation;
mod encryption;
mod mailbox;
mod message;
mod metrics;
mod operations;
mod page;
mod redrive;
mod reference;
mod refusal;
mod state;
mod tags;

use api_sqs::{
    AddPermission, CancelMessageMoveTask, ChangeMessageVisibility, ChangeMessageVisibilityBatch, CreateQueue,
    DeleteMessage, DeleteMessageBatch, DeleteQueue, GetQueueAttributes, GetQueueUrl,
    ListDeadLetterSourceQueues, ListMessageMoveTasks, ListQueueTags, ListQueues, PurgeQueue, ReceiveMessage,
    RemovePermission, SendMessage, SendMessageBatch, SetQueueAttributes, StartMessageMoveTask, TagQueue,
    UntagQueue,
};
use contract::Registration;
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The service.
#[derive(Default)]
pub(crate) struct Sqs {
    /// By mailbox: at most so many messages are in flight. See `operations::receive`.
    in_flight: Mutex<HashMap<String, usize>>,
    worked: mailbox::Worked,
    data_keys: encryption::DataKeys,
}

/// SQS's table of contents.
#[must_use]
pub fn registration() -> Registration {
    let sqs = Arc::new(Sqs::default());
    Registration::new(&api_sqs::SERVICE)
        .anonymous()
        .transact::<Sqs, CreateQueue>()
        .transact::<Sqs, DeleteQueue>()
        .transact::<Sqs, GetQueueUrl>()
        .transact::<Sqs, ListQueues>()
        .transact::<Sqs, GetQueueAttributes>()
        .transact::<Sqs, SetQueueAttributes>()
        .transact::<Sqs, PurgeQueue>()
        .transact::<Sqs, AddPermission>()
        .transact::<Sqs, RemovePermission>()
        .transact::<Sqs, TagQueue>()
        .transact::<Sqs, UntagQueue>()
        .transact::<Sqs, ListQueueTags>()
        .transact_data_prepared::<Sqs, SendMessage>(&sqs)
        .transact_data_prepared::<Sqs, SendMessageBatch>(&sqs)
        .orchestrate_data::<Sqs, ReceiveMessage>(&sqs)
        .transact_data::<Sqs, DeleteMessage>()
        .transact_data::<Sqs, DeleteMessageBatch>()
        .transact_data::<Sqs, ChangeMessageVisibility>()
        .transact_data::<Sqs, ChangeMessageVisibilityBatch>()
        .transact::<Sqs, ListDeadLetterSourceQueues>()
        .transact::<Sqs, StartMessageMoveTask>()
        .transact::<Sqs, CancelMessageMoveTask>()
        .transact::<Sqs, ListMessageMoveTasks>()
        .resource::<state::Queue>()
        .handler(cloudformation::QueueHandler)
        .handler(cloudformation::QueuePolicyHandler)
        .handler(cloudformation::QueueInlinePolicyHandler)
        .task(mailbox::Discard)
        .task(mailbox::Sweep)
        .task(metrics::Gauges)
        .task(redrive::Redrive)
        // It seals bodies in its rows, and keeps none in blobs.
        .live_blobs(|_, _| Ok(HashSet::new()))
}
