//! CloudTrail: the event history of the last 90 days, trails, and the events that EventBridge gets of calls.
//!
//! What it is: the pipeline leaves a [`pipeline::CallRecord`] of every call; here each becomes CloudTrail's record ([`event`]).
//!
//! What it is not: it has no event data stores, channels, organization trails or Insights; each is refused where it is asked for.

mod event;
mod operations;
mod regions;

use api_cloudtrail::LookupEvents;
use contract::Registration;

/// The service, whose operations are transactions.
pub(crate) struct CloudTrail;

/// CloudTrail's table of contents.
#[must_use]
pub fn registration() -> Registration {
    Registration::new(&api_cloudtrail::SERVICE).transact::<CloudTrail, LookupEvents>()
}
