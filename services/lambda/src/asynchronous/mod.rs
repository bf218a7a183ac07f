//! Events that wait for their function: taken with 202, carried out as durable tasks, retried, and recorded at destinations.

mod delivery;
mod destination;
mod event;

pub(crate) use delivery::{Deliver, Telling};
pub(crate) use destination::check_destination;
pub(crate) use event::{Carry, Event, enqueue};

/// `RetryAttempts` and `EventAge` where nothing else is configured.
pub(crate) const RETRIES: i32 = 2;
/// Seconds: six hours.
pub(crate) const AGE: i32 = 21_600;
