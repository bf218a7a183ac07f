//! The mechanics of a queue: putting messages in, taking them out, and where they stand meanwhile. All of it is rows and a moment; nothing here
//! knows an operation.

mod count;
mod dead_letters;
mod discard;
mod fifo;
mod handle;
mod send;
mod settle;
mod standard;
mod sweep;
#[cfg(test)]
mod tests;
mod worked;

pub(crate) use count::{count, in_flight};
pub(crate) use discard::{Discard, discard};
pub(crate) use fifo::sequence_at;
pub(crate) use handle::Handle;
pub(crate) use send::{New, send};
pub(crate) use settle::{change_visibility, delete};
pub(crate) use sweep::{Sweep, sweep_later};
pub(crate) use worked::Worked;

use crate::state::{Message, Queue, Slot};
use names::Timestamp;
use store::{StoreError, Tx, View};

/// Puts a message in, new or moved, and wakes who waits for it. A FIFO queue gives it a sequence number.
pub(crate) fn put(
    queue: &Queue,
    message: &mut Message,
    now: Timestamp,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    message.scope = queue.scope;
    message.mailbox.clone_from(&queue.mailbox);
    if queue.is_fifo() {
        fifo::put(message, now, tx)?;
    } else {
        tx.put(Slot::of(message))?;
    }
    tx.put(message.clone())?;
    tx.signal(queue.reference().topic());
    Ok(())
}

/// Takes a message out.
pub(crate) fn remove(
    queue: &Queue,
    message: &Message,
    now: Timestamp,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    tx.remove::<Message>(message.scope, (&message.mailbox, &message.id))?;
    if queue.is_fifo() {
        fifo::remove(message, now, tx)?;
        tx.signal(queue.reference().topic());
    } else {
        remove_slot(message, tx)?;
    }
    Ok(())
}

/// Writes a message that is there, whose visibility was another one.
pub(crate) fn stand(
    queue: &Queue,
    message: Message,
    before: Timestamp,
    now: Timestamp,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    if queue.is_fifo() {
        fifo::stand(&message, now, tx)?;
    } else {
        tx.remove::<Slot>(message.scope, (&message.mailbox, before, message.order, &message.id))?;
        tx.put(Slot::of(&message))?;
    }
    tx.put(message)
}

fn remove_slot(message: &Message, tx: &mut Tx) -> Result<(), StoreError> {
    tx.remove::<Slot>(message.scope, (&message.mailbox, message.visible, message.order, &message.id))?;
    Ok(())
}

/// What may be receivable: read without a transaction, so that senders and other receivers make no conflict. What is taken of it is read again.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    /// Slots of a standard queue, groups of a FIFO queue.
    found: Found,
    /// When the next one may be receivable.
    pub(crate) next: Option<Timestamp>,
}

#[derive(Debug)]
enum Found {
    Slots(Vec<Slot>),
    Groups(Vec<String>),
}

impl Default for Found {
    fn default() -> Self {
        Self::Slots(Vec::new())
    }
}

impl Candidates {
    /// `from` is the moment before which a standard queue is known to have nothing ([`Worked`]); zero looks at all of it.
    pub(crate) fn look(
        queue: &Queue,
        most: usize,
        now: Timestamp,
        from: Timestamp,
        view: &View,
    ) -> Result<Self, StoreError> {
        if queue.is_fifo() {
            fifo::look(queue, most, now, view)
        } else {
            standard::look(queue, most, now, from, view)
        }
    }

    /// The moment of the first slot that was found, visible or not; None where there is none.
    pub(crate) fn first(&self) -> Option<Timestamp> {
        match &self.found {
            Found::Slots(slots) => slots.first().map(|slot| slot.visible).or(self.next),
            Found::Groups(_) => None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match &self.found {
            Found::Slots(slots) => slots.is_empty(),
            Found::Groups(groups) => groups.is_empty(),
        }
    }

    /// The messages themselves, at most so many, those that were given as their order allows; nothing is done to them but that what expired is taken out.
    pub(crate) fn messages(
        &self,
        queue: &Queue,
        most: usize,
        now: Timestamp,
        tx: &mut Tx,
    ) -> Result<Vec<Message>, StoreError> {
        let found = match &self.found {
            Found::Slots(slots) => standard::messages(slots, queue, tx)?,
            Found::Groups(groups) => fifo::messages(groups, queue, most, now, tx)?,
        };
        let (gone, mut there): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|message| queue.expiry(message.sent) <= now);
        for message in gone {
            remove(queue, &message, now, tx)?;
        }
        there.truncate(most);
        Ok(there)
    }

    /// Takes at most so many messages, each invisible until a moment, with the receipts that `receipt` gives.
    pub(crate) fn take(
        &self,
        queue: &Queue,
        taking: &Taking<'_>,
        tx: &mut Tx,
    ) -> Result<Vec<Message>, StoreError> {
        match &self.found {
            Found::Slots(slots) => standard::take(slots, queue, taking, tx),
            Found::Groups(groups) => fifo::take(groups, queue, taking, tx),
        }
    }
}

/// How messages are taken.
pub(crate) struct Taking<'a> {
    pub(crate) most: usize,
    pub(crate) now: Timestamp,
    pub(crate) visible: Timestamp,
    pub(crate) receipt: &'a dyn Fn() -> String,
}

/// What becomes of a message that a receiver comes upon.
enum Fate {
    /// It was kept long enough.
    Expired,
    /// It was received often enough.
    Dead(Box<Queue>),
    Given,
}

fn fate(queue: &Queue, message: &Message, now: Timestamp, view: &View) -> Result<Fate, StoreError> {
    if queue.expiry(message.sent) <= now {
        return Ok(Fate::Expired);
    }
    Ok(match dead_letters::target(queue, message, view)? {
        Some(target) => Fate::Dead(Box::new(target)),
        None => Fate::Given,
    })
}

/// Gives a message to a receiver, or does away with it. None: it is not there any more.
fn give(
    queue: &Queue,
    message: Message,
    taking: &Taking<'_>,
    tx: &mut Tx,
) -> Result<Option<Message>, StoreError> {
    match fate(queue, &message, taking.now, tx)? {
        Fate::Expired => {
            remove(queue, &message, taking.now, tx)?;
            Ok(None)
        }
        Fate::Dead(target) => {
            dead_letters::bury(queue, &target, message, taking.now, tx)?;
            Ok(None)
        }
        Fate::Given => {
            let before = message.visible;
            let mut given = message;
            given.receives = given.receives.saturating_add(1);
            given.receives_here = given.receives_here.saturating_add(1);
            given.first_received = given.first_received.or(Some(taking.now));
            given.received = Some(taking.now);
            given.receipt = Some((taking.receipt)());
            given.visible = taking.visible;
            stand(queue, given.clone(), before, taking.now, tx)?;
            Ok(Some(given))
        }
    }
}
