//! Standard queues: slots by the moment at which a message becomes visible.

use super::{Candidates, Found, Taking, give};
use crate::state::{Message, Queue, Slot};
use names::Timestamp;
use store::{StoreError, Tx, View};

/// More than a receiver may take, so that what others take meanwhile leaves enough.
const SPARE: usize = 4;

pub(super) fn look(
    queue: &Queue,
    most: usize,
    now: Timestamp,
    from: Timestamp,
    view: &View,
) -> Result<Candidates, StoreError> {
    // One read: up to the first that is not visible yet.
    let first = (queue.mailbox.as_str(), from, 0_u32, "");
    let mut slots = view
        .scan::<Slot>(queue.scope, (&queue.mailbox,))
        .from(first)
        .limit(most.saturating_mul(SPARE))
        .rows()?;
    let visible = slots.partition_point(|slot| slot.visible <= now);
    let next = slots.get(visible).map(|slot| slot.visible);
    slots.truncate(visible);
    Ok(Candidates { found: Found::Slots(slots), next })
}

pub(super) fn take(
    slots: &[Slot],
    queue: &Queue,
    taking: &Taking<'_>,
    tx: &mut Tx,
) -> Result<Vec<Message>, StoreError> {
    let mut taken = Vec::new();
    for slot in slots {
        if taken.len() >= taking.most {
            break;
        }
        if let Some(message) = standing(slot, queue, tx)? {
            taken.extend(give(queue, message, taking, tx)?);
        }
    }
    Ok(taken)
}

pub(super) fn messages(slots: &[Slot], queue: &Queue, tx: &Tx) -> Result<Vec<Message>, StoreError> {
    let messages = slots.iter().map(|slot| standing(slot, queue, tx));
    Ok(messages.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// The message of a slot. Where it stands elsewhere by now, another receiver was faster; where the queue has another mailbox, it was purged.
fn standing(slot: &Slot, queue: &Queue, tx: &Tx) -> Result<Option<Message>, StoreError> {
    let message: Option<Message> = tx.get(queue.scope, (&queue.mailbox, &slot.message))?;
    Ok(message.filter(|message| message.visible == slot.visible))
}
