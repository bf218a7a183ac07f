//! EventBridge: buses, rules, targets, and events on their way from one to the other.
//!
//! What it is: event buses with policies, rules by pattern ([`pattern`]) and by schedule ([`schedule`]), transformed inputs ([`transform`]),
//! and durable deliveries (a [`contract::Task`] each, enqueued in the transaction of the PutEvents) to functions, queues, topics, log groups
//! and other buses, with AWS's retries and dead-letter queues. AWS services' events come in by PutEvents too, from their service principals.
//!
//! What it is not: it has no archives and replays, API destinations, connections, endpoints, partner sources, pipes or schema registry, does
//! not encrypt or log buses, and delivers to no other kind of target. Each of these is refused where it is asked for.

mod access;
mod cloudformation;
mod delivery;
mod firing;
mod forward;
mod metrics;
mod operations;
mod page;
mod pattern;
mod reference;
mod refusal;
mod schedule;
mod state;
mod tags;
mod transform;

use api_events::{
    CreateEventBus, DeleteEventBus, DeleteRule, DescribeEventBus, DescribeRule, DisableRule, EnableRule,
    ListEventBuses, ListRuleNamesByTarget, ListRules, ListTagsForResource, ListTargetsByRule, PutEvents,
    PutPermission, PutRule, PutTargets, RemovePermission, RemoveTargets, TagResource, TestEventPattern,
    UntagResource, UpdateEventBus,
};
use contract::{Call, Registration};
use names::{Region, Scope};
use store::{StoreError, Tx};

/// The service, whose operations are transactions.
pub(crate) struct Events;

/// Its service principal.
pub(crate) const PRINCIPAL: &str = "events.amazonaws.com";

/// EventBridge's table of contents.
#[must_use]
pub fn registration() -> Registration {
    Registration::new(&api_events::SERVICE)
        .transact::<Events, CreateEventBus>()
        .transact::<Events, DeleteEventBus>()
        .transact::<Events, DescribeEventBus>()
        .transact::<Events, ListEventBuses>()
        .transact::<Events, UpdateEventBus>()
        .transact::<Events, PutPermission>()
        .transact::<Events, RemovePermission>()
        .transact::<Events, PutRule>()
        .transact::<Events, DeleteRule>()
        .transact::<Events, DescribeRule>()
        .transact::<Events, EnableRule>()
        .transact::<Events, DisableRule>()
        .transact::<Events, ListRules>()
        .transact::<Events, PutTargets>()
        .transact::<Events, RemoveTargets>()
        .transact::<Events, ListTargetsByRule>()
        .transact::<Events, ListRuleNamesByTarget>()
        .transact::<Events, TestEventPattern>()
        .transact_data::<Events, PutEvents>()
        .transact::<Events, TagResource>()
        .transact::<Events, UntagResource>()
        .transact::<Events, ListTagsForResource>()
        .resource::<state::EventBus>()
        .resource::<state::Rule>()
        .handler(cloudformation::RuleHandler)
        .handler(cloudformation::EventBusHandler)
        .handler(cloudformation::EventBusPolicyHandler)
        .task(delivery::Deliver)
        .task(firing::Fire)
        .seed(default_bus)
}

/// Every region of an account has its default bus.
fn default_bus(scope: Scope, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    if scope.region == Region::GLOBAL || tx.exists::<state::EventBus>(scope, state::DEFAULT)? {
        return Ok(());
    }
    tx.put(state::EventBus::new(scope, state::DEFAULT, call.now))
}
