use super::put;
use crate::message::{Content, Grouping};
use crate::metrics;
use crate::state::{Deduplication, Message, Queue};
use names::Timestamp;
use std::time::Duration;
use store::{StoreError, Tx};

/// For how long duplicates are found.
const DEDUPLICATION: Duration = Duration::from_secs(300);

/// A message to be sent.
pub(crate) struct New {
    pub(crate) id: String,
    pub(crate) content: Content,
    pub(crate) grouping: Grouping,
    pub(crate) delay: u32,
    pub(crate) sender: String,
    /// Among those of one call.
    pub(crate) order: u32,
}

/// Sends: the id under which the message is known, and its sequence number. A duplicate is not sent, and is answered as the first one was.
pub(crate) fn send(
    queue: &Queue,
    new: New,
    now: Timestamp,
    tx: &mut Tx,
) -> Result<(String, Option<u64>), StoreError> {
    let New { id, content, grouping, delay, sender, order } = new;
    let group = grouping.group.clone().filter(|_| queue.deduplicates_by_group()).unwrap_or_default();
    if let Some(deduplication) = &grouping.deduplication {
        let known: Option<Deduplication> = tx.get(queue.scope, (&queue.id, &group, deduplication))?;
        if let Some(known) = known.filter(|known| known.until > now) {
            metrics::deduplicated(queue, now, tx);
            return Ok((known.message, Some(known.sequence)));
        }
    }
    metrics::sent(queue, content.bytes, now, tx);
    let mut message = Message {
        scope: queue.scope,
        mailbox: queue.mailbox.clone(),
        id: id.clone(),
        body: content.body,
        sealed: content.sealed,
        attributes: content.attributes,
        trace: content.trace,
        group: grouping.group,
        deduplication: grouping.deduplication.clone(),
        sequence: None,
        sender,
        sent: now,
        visible: now.plus(Duration::from_secs(delay.into())),
        order,
        receives: 0,
        receives_here: 0,
        first_received: None,
        received: None,
        receipt: None,
        dead_letter_of: None,
        arrived: None,
    };
    put(queue, &mut message, now, tx)?;
    if let Some(deduplication) = grouping.deduplication {
        tx.put(Deduplication {
            scope: queue.scope,
            queue: queue.id.clone(),
            group,
            id: deduplication,
            message: id.clone(),
            sequence: message.sequence.unwrap_or_default(),
            until: now.plus(DEDUPLICATION),
        })?;
    }
    Ok((id, message.sequence))
}
