//! What a receiver does with a message that it was given.

use super::{Handle, remove, stand};
use crate::refusal::{invalid_value, no_receipt};
use crate::state::{Message, Queue};
use api_sqs::{Error, MessageNotInflight};
use names::Timestamp;
use std::time::Duration;
use store::Tx;

/// How long a message may be invisible since it was received.
const LONGEST: u64 = 43_200;

/// Deletes. Of what is gone already, or was received again since, AWS answers that it went well.
pub(crate) fn delete(queue: &Queue, handle: &str, now: Timestamp, tx: &mut Tx) -> Result<(), Error> {
    let Some((message, latest)) = find(queue, handle, tx)? else { return Ok(()) };
    // A FIFO queue promises that a message whose visibility timeout is over is given again, and not deleted behind its next receiver.
    if queue.is_fifo() && (!latest || message.visible <= now) {
        return Err(invalid_value(handle, "ReceiptHandle", "The receipt handle has expired."));
    }
    if !latest {
        return Ok(());
    }
    remove(queue, &message, now, tx)?;
    Ok(())
}

pub(crate) fn change_visibility(
    queue: &Queue,
    handle: &str,
    seconds: u32,
    now: Timestamp,
    tx: &mut Tx,
) -> Result<(), Error> {
    let found = find(queue, handle, tx)?.filter(|(_, latest)| *latest);
    let (mut message, _) = found.ok_or_else(|| {
        invalid_value(
            handle,
            "ReceiptHandle",
            "Message does not exist or is not available for visibility timeout change.",
        )
    })?;
    if !message.in_flight(now) {
        return Err(MessageNotInflight::new("The specified message isn't in flight.").into());
    }
    let before = message.visible;
    message.visible = now.plus(Duration::from_secs(seconds.into()));
    let received = message.received.unwrap_or(now);
    if message.visible > received.plus(Duration::from_secs(LONGEST)) {
        return Err(invalid_value(
            seconds,
            "VisibilityTimeout",
            format!("Total VisibilityTimeout for the message is beyond the limit [{LONGEST} seconds]"),
        ));
    }
    stand(queue, message, before, now, tx)?;
    tx.signal(queue.reference().topic());
    Ok(())
}

/// The message of a handle, and whether it is the handle of its latest receive.
fn find(queue: &Queue, handle: &str, tx: &Tx) -> Result<Option<(Message, bool)>, Error> {
    if handle.is_empty() {
        return Err(no_receipt(handle));
    }
    let read = Handle::read(handle, queue)?;
    // Purged meanwhile.
    if read.mailbox != queue.mailbox {
        return Ok(None);
    }
    let message: Option<Message> = tx.get(queue.scope, (&read.mailbox, &read.message))?;
    Ok(message.map(|message| {
        let latest = message.receipt.as_ref() == Some(&read.receipt);
        (message, latest)
    }))
}
