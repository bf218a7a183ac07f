//! DeleteMessage and DeleteMessageBatch.

use super::{batch, queue};
use crate::Sqs;
use crate::access::on_url;
use crate::state::Queue;
use crate::{mailbox, metrics};
use api_sqs::{
    DeleteMessage, DeleteMessageBatch, DeleteMessageBatchOutput, DeleteMessageBatchResultEntry,
    DeleteMessageOutput, Error,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<DeleteMessage> for Sqs {
    fn access(input: &DeleteMessage, call: &Call, view: &View) -> Access {
        on_url("DeleteMessage", &input.queue_url, call, view)
    }

    fn run(input: DeleteMessage, call: &Call, tx: &mut Tx) -> Result<DeleteMessageOutput, Error> {
        let queue = queue(tx, &input.queue_url, call)?;
        delete(&queue, &input.receipt_handle, call, tx)?;
        Ok(DeleteMessageOutput {})
    }
}

fn delete(queue: &Queue, handle: &str, call: &Call, tx: &mut Tx) -> Result<(), Error> {
    mailbox::delete(queue, handle, call.now, tx)?;
    metrics::deleted(queue, call.now, tx);
    Ok(())
}

impl Transact<DeleteMessageBatch> for Sqs {
    fn access(input: &DeleteMessageBatch, call: &Call, view: &View) -> Access {
        on_url("DeleteMessage", &input.queue_url, call, view)
    }

    fn run(input: DeleteMessageBatch, call: &Call, tx: &mut Tx) -> Result<DeleteMessageBatchOutput, Error> {
        let queue = queue(tx, &input.queue_url, call)?;
        batch::check("DeleteMessageBatchRequestEntry", input.entries.iter().map(|entry| entry.id.as_str()))?;
        let mut output = DeleteMessageBatchOutput::default();
        for entry in input.entries {
            match delete(&queue, &entry.receipt_handle, call, tx) {
                Ok(()) => output.successful.push(DeleteMessageBatchResultEntry { id: entry.id }),
                Err(error) => output.failed.push(batch::failed(entry.id, error)?),
            }
        }
        Ok(output)
    }
}
