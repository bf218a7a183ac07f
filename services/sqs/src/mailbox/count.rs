//! How many messages a queue has: counted when it is asked for, so that no sender or receiver writes a number.

use crate::state::{Place, Queue, Slot};
use names::Timestamp;
use std::ops::ControlFlow;
use store::{StoreError, View};

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) visible: u64,
    pub(crate) delayed: u64,
    pub(crate) in_flight: u64,
    /// Groups of a FIFO queue that have messages in flight.
    pub(crate) groups_in_flight: u64,
    /// When the oldest message came to the queue.
    pub(crate) oldest: Option<Timestamp>,
}

impl Counts {
    fn add(&mut self, visible: Timestamp, received: bool, since: Timestamp, now: Timestamp) {
        self.oldest = Some(self.oldest.map_or(since, |oldest| oldest.min(since)));
        let count = if visible <= now {
            &mut self.visible
        } else if received {
            &mut self.in_flight
        } else {
            &mut self.delayed
        };
        *count = count.saturating_add(1);
    }
}

pub(crate) fn count(queue: &Queue, now: Timestamp, view: &View) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    let is_there = |sent: Timestamp| queue.expiry(sent) > now;
    if queue.is_fifo() {
        let mut group = None;
        view.scan::<Place>(queue.scope, (&queue.mailbox,)).each(|place| {
            if is_there(place.sent) {
                counts.add(place.visible, place.received, place.sent, now);
                // Places are in the order of their groups.
                if place.received && place.visible > now && group.as_ref() != Some(&place.group) {
                    counts.groups_in_flight = counts.groups_in_flight.saturating_add(1);
                    group = Some(place.group);
                }
            }
            ControlFlow::Continue(())
        })?;
    } else {
        view.scan::<Slot>(queue.scope, (&queue.mailbox,)).each(|slot| {
            if is_there(slot.sent) {
                counts.add(slot.visible, slot.received, slot.arrived.unwrap_or(slot.sent), now);
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(counts)
}

/// How many messages of a standard queue are not visible, at most `most`: nothing is decoded. Delayed ones count with those in flight.
pub(crate) fn in_flight(
    queue: &Queue,
    most: usize,
    now: Timestamp,
    view: &View,
) -> Result<usize, StoreError> {
    let next = now.plus(std::time::Duration::from_millis(1));
    view.scan::<Slot>(queue.scope, (&queue.mailbox,))
        .from((&queue.mailbox, next, 0_u32, ""))
        .limit(most)
        .count()
}
