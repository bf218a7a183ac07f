//! The resources that IAM judges: ARNs of rules and recorders.

use crate::conformance::role;
use crate::state::{Recorder, Rule};
use contract::{Access, Call};
use names::{Arn, Tags};
use store::View;

/// A rule's ARN and tags; one that is not there is judged as any rule, so that a denial does not tell whether it is there.
pub(crate) fn rule(call: &Call, view: &View, name: &str) -> (String, Tags) {
    match view.get::<Rule>(call.scope(), name) {
        Ok(Some(rule)) => (rule.arn().to_string(), rule.tags),
        _ => (new_rule(call), Tags::new()),
    }
}

/// Any rule's ARN.
pub(crate) fn any_rule(call: &Call) -> String {
    Arn::new("config", call.scope(), "config-rule/*").to_string()
}

/// The ARN of a rule that is to be made: a conformance pack's, where its role makes it.
pub(crate) fn new_rule(call: &Call) -> String {
    if role::is_it(&call.principal) {
        let resource = format!("config-rule/aws-service-rule/{}/*", role::SERVICE);
        return Arn::new("config", call.scope(), resource).to_string();
    }
    any_rule(call)
}

/// An action on a rule.
pub(crate) fn on_rule(action: &str, call: &Call, view: &View, name: &str) -> Access {
    let (arn, tags) = rule(call, view, name);
    Access::on(action, arn).with_resource_tags(&tags)
}

/// An action on rules; on all of them where none is named.
pub(crate) fn on_rules(action: &str, call: &Call, view: &View, names: Option<&Vec<String>>) -> Access {
    let names = names.map(Vec::as_slice).unwrap_or_default();
    let mut access = Access::default();
    for name in names {
        let (arn, tags) = rule(call, view, name);
        access.checks.extend(Access::on(action, arn).with_resource_tags(&tags).checks);
    }
    if access.checks.is_empty() { Access::on(action, any_rule(call)) } else { access }
}

/// An action on a recorder.
pub(crate) fn on_recorder(action: &str, call: &Call, view: &View, name: Option<&str>) -> Access {
    let known = match name {
        Some(name) => view.get::<Recorder>(call.scope(), name),
        None => Recorder::of(view, call.scope()),
    };
    match known {
        Ok(Some(recorder)) => Access::on(action, recorder.arn()).with_resource_tags(&recorder.tags),
        _ => {
            let resource = format!("configuration-recorder/{}/*", name.unwrap_or("*"));
            Access::on(action, Arn::new("config", call.scope(), resource))
        }
    }
}

/// An action on recorders; on the account's own where none is named.
pub(crate) fn on_recorders(action: &str, call: &Call, view: &View, names: Option<&Vec<String>>) -> Access {
    let names = names.map(Vec::as_slice).unwrap_or_default();
    let mut access = Access::default();
    for name in names {
        access.checks.extend(on_recorder(action, call, view, Some(name)).checks);
    }
    if access.checks.is_empty() { on_recorder(action, call, view, None) } else { access }
}
