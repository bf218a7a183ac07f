//! CloudTrail: the event history of the last 90 days, trails, and the events that EventBridge gets of calls.
//!
//! What it is: the pipeline leaves a [`pipeline::CallRecord`] of every call; here each becomes CloudTrail's record ([`event`]).
//!
//! What it is not: it has no event data stores, channels, organization trails or Insights; each is refused where it is asked for.

mod cloudformation;
mod delivery;
mod event;
mod operations;
mod page;
mod reference;
mod regions;
mod state;
mod tags;

use api_cloudtrail::{
    AddTags, CreateTrail, DeleteTrail, DescribeTrails, GetEventSelectors, GetInsightSelectors, GetTrail,
    GetTrailStatus, ListPublicKeys, ListTags, ListTrails, LookupEvents, PutEventSelectors, RemoveTags,
    StartLogging, StopLogging, UpdateTrail,
};
use contract::Registration;
use std::collections::HashSet;
use std::sync::Arc;

/// The service.
pub(crate) struct CloudTrail;

/// CloudTrail's table of contents.
#[must_use]
pub fn registration() -> Registration {
    let cloudtrail = Arc::new(CloudTrail);
    Registration::new(&api_cloudtrail::SERVICE)
        .orchestrate::<CloudTrail, CreateTrail>(&cloudtrail)
        .orchestrate::<CloudTrail, UpdateTrail>(&cloudtrail)
        .transact::<CloudTrail, DeleteTrail>()
        .transact::<CloudTrail, GetTrail>()
        .transact::<CloudTrail, DescribeTrails>()
        .transact::<CloudTrail, ListTrails>()
        .transact::<CloudTrail, GetTrailStatus>()
        .transact::<CloudTrail, StartLogging>()
        .transact::<CloudTrail, StopLogging>()
        .transact::<CloudTrail, PutEventSelectors>()
        .transact::<CloudTrail, GetEventSelectors>()
        .transact::<CloudTrail, GetInsightSelectors>()
        .transact::<CloudTrail, AddTags>()
        .transact::<CloudTrail, RemoveTags>()
        .transact::<CloudTrail, ListTags>()
        .transact::<CloudTrail, LookupEvents>()
        .transact::<CloudTrail, ListPublicKeys>()
        .resource::<state::Trail>()
        .handler(cloudformation::TrailHandler)
        .task(delivery::Deliver)
        .task(delivery::DeliverDigests)
        // It wraps keys, and keeps no bodies.
        .live_blobs(|_, _| Ok(HashSet::new()))
}
