//! What SQS stores.
//!
//! A message is a row of its own, found by its id; where it stands in its queue is a second, small row: a [`Slot`] by the moment at which it becomes
//! visible (standard queues), or a [`Place`] in its group (FIFO queues). A receiver reads from the first slot up to the present, so it passes
//! neither what is in flight nor what is gone.

mod fifo;
mod memory;
mod message;
mod move_task;
mod queue;

pub(crate) use fifo::{Group, Place};
pub(crate) use memory::{Activity, Attempt, Deduplication, Tombstone};
pub(crate) use message::{Attribute, Message, Sealed, Slot, Value};
pub(crate) use move_task::{MoveTask, Status};
pub(crate) use queue::Queue;
