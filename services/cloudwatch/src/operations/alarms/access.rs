//! What calls on alarms need.

use crate::state::{Alarm, arn};
use contract::{Access, Call, Check};
use names::Arn;
use store::View;

/// An action on alarms by their names, each with its tags.
pub(super) fn on_alarms<'a>(
    action: &str,
    names: impl IntoIterator<Item = &'a String>,
    call: &Call,
    view: &View,
) -> Access {
    let mut access = Access::default();
    for name in names {
        access = access.and(on_alarm(action, name, call, view));
    }
    // A call that names none is told so where it runs, to those who may do the action at all.
    if access.checks.is_empty() { on_all(action, call) } else { access }
}

/// An action on an alarm, with its tags.
pub(in crate::operations) fn on_alarm(action: &str, name: &str, call: &Call, view: &View) -> Check {
    let mut access = Access::on(format!("cloudwatch:{action}"), arn(call.scope(), name));
    // A store that cannot be read grants nothing: `run` then fails on the same read.
    if let Ok(Some(alarm)) = Alarm::get(view, call.scope(), name) {
        access = access.with_resource_tags(&alarm.common().tags);
    }
    access.checks.pop().unwrap_or_else(|| Check::new(format!("cloudwatch:{action}"), "*"))
}

/// An action on all metric alarms of the account and region.
pub(super) fn on_all(action: &str, call: &Call) -> Access {
    Access::on(format!("cloudwatch:{action}"), Arn::new("cloudwatch", call.scope(), "alarm:*"))
}

/// An action on composite alarms, which AWS allows only to those who may do it on everything.
pub(super) fn on_composite(action: &str) -> Access {
    Access::to(format!("cloudwatch:{action}"))
}
