//! What EventBridge stores.

mod bus;
mod event;
mod rule;
mod target;

pub(crate) use bus::{DEFAULT, EventBus, arn as bus_arn};
pub(crate) use event::Event;
pub(crate) use rule::{Rule, arn as rule_arn};
pub(crate) use target::{Retries, Target, Transformer};
