//! SendMessage and SendMessageBatch.

use super::{batch, queue};
use crate::Sqs;
use crate::access::on_url;
use crate::encryption::sending;
use crate::mailbox::{self, New};
use crate::message::{Content, Grouping, sequence};
use crate::refusal::invalid_value;
use crate::state::Queue;
use api_sqs::{
    BatchRequestTooLong, Error, SendMessage, SendMessageBatch, SendMessageBatchOutput,
    SendMessageBatchRequestEntry, SendMessageBatchResultEntry, SendMessageOutput,
};
use contract::{Access, Call, Principal, Transact};
use store::{Tx, View};

/// What a call may hold: a message's limit is the queue's, a batch's is this.
const LONGEST_BATCH: usize = 1_048_576;

impl Transact<SendMessage> for Sqs {
    fn access(input: &SendMessage, call: &Call, view: &View) -> Access {
        on_url("SendMessage", &input.queue_url, call, view)
    }

    fn run(input: SendMessage, call: &Call, tx: &mut Tx) -> Result<SendMessageOutput, Error> {
        let queue = queue(tx, &input.queue_url, call)?;
        let content =
            Content::read(input.message_body, input.message_attributes, input.message_system_attributes)?;
        content.fits(&queue)?;
        let delay = delay(&queue, input.delay_seconds)?;
        let grouping =
            Grouping::read(&queue, input.message_group_id, input.message_deduplication_id, &content.body)?;
        let mut output = SendMessageOutput {
            md5_of_message_body: Some(content.md5_of_body()),
            md5_of_message_attributes: content.md5_of_attributes(),
            md5_of_message_system_attributes: content.md5_of_system_attributes(),
            ..Default::default()
        };
        let new = New {
            id: call.entropy.uuid(),
            content: content.traced(call).sealed_with(sending(&queue, call)?, call)?,
            grouping,
            delay,
            sender: sender(call),
            order: 0,
        };
        let (id, number) = mailbox::send(&queue, new, call.now, tx)?;
        output.message_id = Some(id);
        output.sequence_number = number.map(sequence);
        Ok(output)
    }
}

/// A message's own delay, or the queue's. FIFO queues delay as a whole.
fn delay(queue: &Queue, own: Option<i32>) -> Result<u32, Error> {
    let Some(seconds) = own else { return Ok(queue.number("DelaySeconds")) };
    match u32::try_from(seconds) {
        Ok(0) if queue.is_fifo() => Ok(queue.number("DelaySeconds")),
        Ok(seconds @ 0..=900) if !queue.is_fifo() => Ok(seconds),
        Ok(0..=900) => Err(invalid_value(
            seconds,
            "DelaySeconds",
            "The request include parameter that is not valid for this queue type.",
        )),
        _ => Err(invalid_value(seconds, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")),
    }
}

/// Who sent it: a unique id for users and sessions, the account for root, the address for nobody.
fn sender(call: &Call) -> String {
    match &call.principal {
        Principal::Service(service) => service.name.clone(),
        principal => principal
            .user_id()
            .or_else(|| call.client.source_ip.map(|address| address.to_string()))
            .unwrap_or_else(|| "anonymous".to_owned()),
    }
}

impl Transact<SendMessageBatch> for Sqs {
    fn access(input: &SendMessageBatch, call: &Call, view: &View) -> Access {
        on_url("SendMessage", &input.queue_url, call, view)
    }

    fn run(input: SendMessageBatch, call: &Call, tx: &mut Tx) -> Result<SendMessageBatchOutput, Error> {
        let queue = queue(tx, &input.queue_url, call)?;
        batch::check("SendMessageBatchRequestEntry", input.entries.iter().map(|entry| entry.id.as_str()))?;
        let mut bytes = 0_usize;
        let mut read = Vec::new();
        for entry in input.entries {
            let length = entry.message_body.len();
            let id = entry.id.clone();
            let prepared = prepare(&queue, entry);
            bytes = bytes.saturating_add(prepared.as_ref().map_or(length, |(content, ..)| content.bytes));
            read.push((id, prepared));
        }
        if bytes > LONGEST_BATCH {
            return Err(BatchRequestTooLong::new(format!(
                "Batch requests cannot be longer than {LONGEST_BATCH} bytes. You have sent {bytes} bytes."
            ))
            .into());
        }
        let key = sending(&queue, call)?;
        let mut output = SendMessageBatchOutput::default();
        for (order, (id, prepared)) in (0_u32..).zip(read) {
            let (content, grouping, delay) = match prepared.and_then(|it| it.0.fits(&queue).map(|()| it)) {
                Ok(prepared) => prepared,
                Err(error) => {
                    output.failed.push(batch::failed(id, error)?);
                    continue;
                }
            };
            let mut entry = SendMessageBatchResultEntry {
                id,
                md5_of_message_body: content.md5_of_body(),
                md5_of_message_attributes: content.md5_of_attributes(),
                md5_of_message_system_attributes: content.md5_of_system_attributes(),
                ..Default::default()
            };
            let new = New {
                id: call.entropy.uuid(),
                content: content.traced(call).sealed_with(key, call)?,
                grouping,
                delay,
                sender: sender(call),
                order,
            };
            let (message_id, number) = mailbox::send(&queue, new, call.now, tx)?;
            entry.message_id = message_id;
            entry.sequence_number = number.map(sequence);
            output.successful.push(entry);
        }
        Ok(output)
    }
}

fn prepare(queue: &Queue, entry: SendMessageBatchRequestEntry) -> Result<(Content, Grouping, u32), Error> {
    let content =
        Content::read(entry.message_body, entry.message_attributes, entry.message_system_attributes)?;
    let delay = delay(queue, entry.delay_seconds)?;
    let grouping =
        Grouping::read(queue, entry.message_group_id, entry.message_deduplication_id, &content.body)?;
    Ok((content, grouping, delay))
}
