//! FIFO queues: groups, and places in them. While a message of a group is in flight, none that follows it is given
//! (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html>).

use super::{Candidates, Found, Taking, give};
use crate::state::{Group, Message, Place, Queue};
use names::Timestamp;
use std::ops::ControlFlow;
use store::{StoreError, Tx, View};

/// Sequence numbers are the moment in milliseconds, shifted by so many bits for those of one moment.
const SHIFT: u32 = 20;

/// The first sequence number of a moment.
pub(crate) fn sequence_at(moment: Timestamp) -> u64 {
    u64::try_from(moment.millis()).unwrap_or_default() << SHIFT
}

pub(super) fn look(
    queue: &Queue,
    most: usize,
    now: Timestamp,
    view: &View,
) -> Result<Candidates, StoreError> {
    let (mut groups, mut next) = (Vec::new(), None);
    view.scan_index::<Group>(queue.scope, "available", (&queue.mailbox,)).each(|group| {
        let Some(available) = group.available else { return ControlFlow::Continue(()) };
        if available > now {
            next = Some(available);
            return ControlFlow::Break(());
        }
        groups.push(group.group);
        if groups.len() >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(Candidates { found: Found::Groups(groups), next })
}

pub(super) fn take(
    groups: &[String],
    queue: &Queue,
    taking: &Taking<'_>,
    tx: &mut Tx,
) -> Result<Vec<Message>, StoreError> {
    let mut taken: Vec<Message> = Vec::new();
    for name in groups {
        let group: Option<Group> = tx.get(queue.scope, (&queue.mailbox, name))?;
        if group.and_then(|group| group.available).is_none_or(|available| available > taking.now) {
            continue;
        }
        // As many of a group as may be taken, before those of the next. What is done away with makes room for one more look.
        while taken.len() < taking.most {
            let left = taking.most - taken.len();
            let places =
                tx.scan::<Place>(queue.scope, (&queue.mailbox, name)).limit(left + taken.len()).rows()?;
            let mut gone = false;
            for place in places {
                if taken.iter().any(|message| message.id == place.message) {
                    continue;
                }
                if place.visible > taking.now || taken.len() >= taking.most {
                    break;
                }
                let Some(message) = tx.get::<Message>(queue.scope, (&queue.mailbox, &place.message))? else {
                    continue;
                };
                match give(queue, message, taking, tx)? {
                    Some(message) => taken.push(message),
                    None => gone = true,
                }
            }
            if !gone {
                break;
            }
        }
    }
    Ok(taken)
}

pub(super) fn messages(
    groups: &[String],
    queue: &Queue,
    most: usize,
    now: Timestamp,
    tx: &Tx,
) -> Result<Vec<Message>, StoreError> {
    let mut found = Vec::new();
    for name in groups {
        for place in tx.scan::<Place>(queue.scope, (&queue.mailbox, name)).limit(most).rows()? {
            if place.visible > now || found.len() >= most {
                break;
            }
            found.extend(tx.get::<Message>(queue.scope, (&queue.mailbox, &place.message))?);
        }
    }
    Ok(found)
}

/// Gives a message the last place of its group, and its sequence number.
pub(super) fn put(message: &mut Message, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    let name = message.group.clone().unwrap_or_default();
    let group: Option<Group> = tx.get(message.scope, (&message.mailbox, &name))?;
    let moment = sequence_at(now);
    let sequence = group.as_ref().map_or(moment, |group| moment.max(group.last.saturating_add(1)));
    message.sequence = Some(sequence);
    tx.put(place(message, &name, sequence))?;
    let group = match group {
        Some(group) if group.available.is_some() => Group { last: sequence, ..group },
        _ => Group {
            scope: message.scope,
            mailbox: message.mailbox.clone(),
            group: name,
            available: Some(message.visible),
            first: sequence,
            last: sequence,
        },
    };
    tx.put(group)
}

pub(super) fn remove(message: &Message, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    let name = message.group.clone().unwrap_or_default();
    let sequence = message.sequence.unwrap_or_default();
    tx.remove::<Place>(message.scope, (&message.mailbox, &name, sequence))?;
    refresh(message, &name, now, tx)
}

pub(super) fn stand(message: &Message, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    let name = message.group.clone().unwrap_or_default();
    tx.put(place(message, &name, message.sequence.unwrap_or_default()))?;
    refresh(message, &name, now, tx)
}

fn place(message: &Message, group: &str, sequence: u64) -> Place {
    Place {
        scope: message.scope,
        mailbox: message.mailbox.clone(),
        group: group.to_owned(),
        sequence,
        message: message.id.clone(),
        visible: message.visible,
        sent: message.sent,
        received: message.receipt.is_some(),
    }
}

/// Says anew when a group can be received from. Messages are given in order, so what is in flight stands before what never was given.
fn refresh(message: &Message, name: &str, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    let Some(mut group) = tx.get::<Group>(message.scope, (&message.mailbox, name))? else { return Ok(()) };
    let (mut first, mut in_flight) = (None, None::<Timestamp>);
    tx.scan::<Place>(message.scope, (&message.mailbox, name)).each(|place| {
        if place.received && place.visible > now {
            in_flight = in_flight.max(Some(place.visible));
        }
        let received = place.received;
        first.get_or_insert(place);
        if received { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    group.available = first.as_ref().map(|first| in_flight.unwrap_or(first.visible));
    group.first = first.map_or(group.last, |first| first.sequence);
    tx.put(group)
}
