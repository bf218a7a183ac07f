//! What calls need: the action on the table's ARN, judged by the table's own policy too.

use crate::reference::TableReference;
use crate::state::Table;
use crate::value::{Number, Wire};
use base64::Engine as _;
use contract::{Access, Call, Check};
use policy::{Authority, Flavour, Kind, ResourcePolicy};
use store::View;

/// Condition keys of a check.
pub(crate) type Keys = Vec<(String, Vec<String>)>;

/// An action on a table, or on one of its indexes.
pub(crate) fn on_table(action: &str, table: &str, call: &Call, view: &View) -> Access {
    check(action, table, None, call, view, |_| Keys::new()).into_access()
}

/// An action on what a table's ARN names, whatever follows the table's name in it.
pub(crate) fn on_arn(action: &str, arn: &str, call: &Call, view: &View) -> Access {
    match TableReference::read_arn(arn) {
        Err(_) => Access::to(format!("dynamodb:{action}")),
        Ok((reference, rest)) => {
            let mut check = on_reference(action, &reference, call, view, |_| Keys::new());
            if let Some(rest) = rest {
                check.resources = vec![format!("{}/{rest}", reference.arn())];
                if let Some(label) = rest.strip_prefix("stream/") {
                    // A stream has a policy of its own.
                    check.resource_policy = None;
                    if let Some(table) = table(&reference, view) {
                        attach(&mut check, &table, label);
                    }
                }
            }
            check.into_access()
        }
    }
}

fn table(reference: &TableReference, view: &View) -> Option<Table> {
    // A store that cannot be read grants nothing: `run` then fails on the same read.
    Table::get(view, reference.scope, &reference.name).ok().flatten()
}

/// A check of an action on a table that the request names, or on one of its indexes. `keys` are asked for only where there is a table.
pub(crate) fn check(
    action: &str,
    name: &str,
    index: Option<&str>,
    call: &Call,
    view: &View,
    keys: impl FnOnce(&Table) -> Keys,
) -> Check {
    match TableReference::read(name, call.scope()) {
        // What is no table's name is told to those who may do the action at all.
        Err(_) => Check::new(format!("dynamodb:{action}"), "*"),
        Ok(reference) => {
            let mut check = on_reference(action, &reference, call, view, keys);
            if let Some(index) = index {
                check.resources = vec![format!("{}/index/{index}", reference.arn())];
            }
            check
        }
    }
}

fn on_reference(
    action: &str,
    reference: &TableReference,
    _: &Call,
    view: &View,
    keys: impl FnOnce(&Table) -> Keys,
) -> Check {
    let mut check = Check::new(format!("dynamodb:{action}"), reference.arn());
    check.resource_account = Some(reference.scope.account);
    let Some(table) = table(reference, view) else { return check };
    attach(&mut check, &table, "");
    check.context = keys(&table);
    for (key, value) in &table.tags {
        check.context.push((format!("aws:ResourceTag/{key}"), vec![value.clone()]));
    }
    check
}

/// The policy of a table (or of its stream with a label) takes part in a check.
fn attach(check: &mut Check, table: &Table, label: &str) {
    let Some(stored) = table.policies.get(label) else { return };
    match policy::parse(&stored.text, Kind::Resource(Flavour::Other)) {
        Ok(document) => {
            let resource = if label.is_empty() { table.arn().to_string() } else { table.stream_arn(label) };
            check.resource_policy = Some(ResourcePolicy::new(&resource, document));
        }
        // None is stored unread. One that cannot be read all the same might deny: then nothing is allowed.
        Err(error) => {
            tracing::error!(table = %table.arn(), error = error.message(), "a stored resource policy cannot be read: all calls are denied");
            check.no_resource_policy = Some(Authority::Key);
        }
    }
}

/// The policy of a table's stream takes part in a check.
pub(crate) fn attach_stream(check: &mut Check, table: &Table, label: &str) {
    attach(check, table, label);
}

/// A check alone.
pub(crate) trait IntoAccess {
    fn into_access(self) -> Access;
}

impl IntoAccess for Check {
    fn into_access(self) -> Access {
        Access { checks: vec![self], unconditional: false }
    }
}

/// `dynamodb:LeadingKeys`: the partition keys that a request names, as text.
pub(crate) fn leading_keys<'a>(table_hash: &str, keys: impl IntoIterator<Item = &'a Wire>) -> Keys {
    let values: Vec<String> =
        keys.into_iter().filter_map(|key| key.get(table_hash)).filter_map(key_text).collect();
    if values.is_empty() { Keys::new() } else { vec![("dynamodb:LeadingKeys".into(), values)] }
}

/// A key's value as policies compare it: numbers in their one form, so that 1.0 does not pass for another key than 1.
pub(crate) fn key_text(value: &api_dynamodb::AttributeValue) -> Option<String> {
    if let Some(text) = &value.s {
        return Some(text.clone());
    }
    if let Some(text) = &value.n {
        return Number::parse(text).ok().map(|number| number.to_string());
    }
    value.b.as_ref().map(|bytes| base64::engine::general_purpose::STANDARD.encode(bytes))
}

/// `dynamodb:Attributes`, each once.
pub(crate) fn attributes(names: impl IntoIterator<Item = String>) -> Keys {
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort();
    names.dedup();
    if names.is_empty() { Keys::new() } else { vec![("dynamodb:Attributes".into(), names)] }
}

/// A condition key with the value of a parameter, where it is given.
pub(crate) fn parameter(name: &str, value: Option<&str>) -> Option<(String, Vec<String>)> {
    value.map(|value| (format!("dynamodb:{name}"), vec![value.to_owned()]))
}
