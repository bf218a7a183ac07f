//! PurgeQueue.

use super::queue;
use crate::Sqs;
use crate::access::on_url;
use crate::mailbox::discard;
use api_sqs::{Error, PurgeQueue, PurgeQueueInProgress, PurgeQueueOutput};
use contract::{Access, Call, Transact};
use std::time::Duration;
use store::{Tx, View};

impl Transact<PurgeQueue> for Sqs {
    fn access(input: &PurgeQueue, call: &Call, view: &View) -> Access {
        on_url("PurgeQueue", &input.queue_url, call, view)
    }

    /// The queue gets a new mailbox; the old one is thrown away later.
    fn run(input: PurgeQueue, call: &Call, tx: &mut Tx) -> Result<PurgeQueueOutput, Error> {
        let mut queue = queue(tx, &input.queue_url, call)?;
        if queue.purged.is_some_and(|purged| call.now < purged.plus(Duration::from_secs(60))) {
            return Err(PurgeQueueInProgress::new(format!(
                "Only one PurgeQueue operation on {} is allowed every 60 seconds.",
                queue.name
            ))
            .into());
        }
        discard(queue.scope, &queue.mailbox, None, call, tx)?;
        queue.mailbox = call.entropy.hex(16);
        queue.purged = Some(call.now);
        tx.update(queue)?;
        Ok(PurgeQueueOutput {})
    }
}
