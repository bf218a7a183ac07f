//! What calls on buses and rules need: the action on the ARN, judged by the bus's policy too.

use crate::reference::{BusReference, Tagged};
use crate::state::{EventBus, Rule};
use contract::{Access, Call};
use names::Arn;
use store::View;

/// An action on a bus.
pub(crate) fn on_bus(action: &str, bus: &BusReference, view: &View) -> Access {
    let Some((found, access)) = judged(action, &bus.arn(), bus, view) else { return Access::default() };
    match found {
        Some(found) => access.with_resource_tags(&found.tags),
        None => access,
    }
}

/// An action on a rule of a bus, with the account that made it as a condition key.
pub(crate) fn on_rule(action: &str, bus: &BusReference, rule: &str, call: &Call, view: &View) -> Access {
    let Some((_, access)) = judged(action, &bus.rule_arn(rule), bus, view) else { return Access::default() };
    // A rule that cannot be read has no tags here, and fails the call when it runs.
    let found = view.get::<Rule>(bus.scope, (bus.name.as_str(), rule)).ok().flatten();
    let creator = found.as_ref().map_or(call.account, |rule| rule.created_by);
    let access = access.with("events:creatorAccount", [creator.as_str()]);
    match found {
        Some(rule) => access.with_resource_tags(&rule.tags),
        None => access,
    }
}

/// As [`on_rule`], where the bus is named by what a client sent. What is no bus is told to those who may do the action at all.
pub(crate) fn on_rule_of(action: &str, bus: Option<&str>, rule: &str, call: &Call, view: &View) -> Access {
    match BusReference::read(bus, call) {
        Ok(bus) => on_rule(action, &bus, rule, call, view),
        Err(_) => Access::to(format!("events:{action}")),
    }
}

/// An action on what has tags.
pub(crate) fn on_tagged(action: &str, arn: &str, call: &Call, view: &View) -> Access {
    match Tagged::read(arn, call) {
        Ok(Tagged::Bus(bus)) => on_bus(action, &bus, view),
        Ok(Tagged::Rule(bus, rule)) => on_rule(action, &bus, &rule, call, view),
        Err(_) => Access::to(format!("events:{action}")),
    }
}

/// An action on a resource of a bus, with the bus's policy; None where the stored policy cannot be read: it might deny, so nothing is allowed.
fn judged(
    action: &str,
    resource: &Arn,
    bus: &BusReference,
    view: &View,
) -> Option<(Option<EventBus>, Access)> {
    let access = Access::on(format!("events:{action}"), resource);
    // A store that cannot be read grants nothing: `run` then fails on the same read.
    let found = EventBus::get(view, bus.scope, &bus.name).ok().flatten();
    let policy = match found.as_ref().map(EventBus::judged_by) {
        None => None,
        Some(Ok(policy)) => policy,
        Some(Err(error)) => {
            tracing::error!(bus = %bus.arn(), %error, "a stored bus policy cannot be read: all calls on the bus are denied");
            return None;
        }
    };
    Some((found, access.with_policy(bus.scope.account, policy)))
}
