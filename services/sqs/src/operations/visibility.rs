//! ChangeMessageVisibility and ChangeMessageVisibilityBatch.

use super::{batch, queue};
use crate::Sqs;
use crate::access::on_url;
use crate::mailbox;
use crate::refusal::{invalid_value, missing};
use crate::state::Queue;
use api_sqs::{
    ChangeMessageVisibility, ChangeMessageVisibilityBatch, ChangeMessageVisibilityBatchOutput,
    ChangeMessageVisibilityBatchResultEntry, ChangeMessageVisibilityOutput, Error,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<ChangeMessageVisibility> for Sqs {
    fn access(input: &ChangeMessageVisibility, call: &Call, view: &View) -> Access {
        on_url("ChangeMessageVisibility", &input.queue_url, call, view)
    }

    fn run(
        input: ChangeMessageVisibility,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ChangeMessageVisibilityOutput, Error> {
        let queue = queue(tx, &input.queue_url, call)?;
        change(&queue, &input.receipt_handle, input.visibility_timeout, call, tx)?;
        Ok(ChangeMessageVisibilityOutput {})
    }
}

fn change(queue: &Queue, handle: &str, seconds: i32, call: &Call, tx: &mut Tx) -> Result<(), Error> {
    let seconds = timeout(seconds)?;
    mailbox::change_visibility(queue, handle, seconds, call.now, tx)
}

/// A visibility timeout of at most twelve hours.
pub(super) fn timeout(seconds: i32) -> Result<u32, Error> {
    let read = u32::try_from(seconds).ok().filter(|seconds| *seconds <= 43_200);
    read.ok_or_else(|| {
        invalid_value(seconds, "VisibilityTimeout", "Must be between 0 and 43200, if provided.")
    })
}

impl Transact<ChangeMessageVisibilityBatch> for Sqs {
    fn access(input: &ChangeMessageVisibilityBatch, call: &Call, view: &View) -> Access {
        on_url("ChangeMessageVisibility", &input.queue_url, call, view)
    }

    fn run(
        input: ChangeMessageVisibilityBatch,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ChangeMessageVisibilityBatchOutput, Error> {
        let queue = queue(tx, &input.queue_url, call)?;
        let ids = input.entries.iter().map(|entry| entry.id.as_str());
        batch::check("ChangeMessageVisibilityBatchRequestEntry", ids)?;
        let mut output = ChangeMessageVisibilityBatchOutput::default();
        for entry in input.entries {
            let changed = match entry.visibility_timeout {
                Some(seconds) => change(&queue, &entry.receipt_handle, seconds, call, tx),
                None => Err(missing("VisibilityTimeout")),
            };
            match changed {
                Ok(()) => output.successful.push(ChangeMessageVisibilityBatchResultEntry { id: entry.id }),
                Err(error) => output.failed.push(batch::failed(entry.id, error)?),
            }
        }
        Ok(output)
    }
}
