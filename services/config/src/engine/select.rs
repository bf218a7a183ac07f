//! Which rules judge an item: found by its type, so that a change costs what the rules on its type cost.

use super::evaluate::{self, Request};
use super::judge;
use crate::state::{ANY_TYPE, COMPLIANCE_TYPE, Item, Rule};
use api_config::ConfigurationItemStatus;
use contract::Catalog;
use names::Timestamp;
use store::{StoreError, Tx};

/// Whether a rule judges a resource in the state of an item. Compliance itself is judged only by rules that name its type: a rule on all
/// types would judge its own results without end.
pub(crate) fn is_in_target(rule: &Rule, item: &Item) -> bool {
    let target = &rule.target;
    if rule.is_managed() && !rule.judged_types().contains(&item.resource_type.as_str()) {
        return false;
    }
    let by_type = match target.types.as_slice() {
        [] => item.resource_type != COMPLIANCE_TYPE,
        types => types.contains(&item.resource_type),
    };
    let by_id = target.id.as_ref().is_none_or(|id| *id == item.resource_id);
    let by_tag = match (&target.tag_key, &target.tag_value) {
        (None, _) => true,
        (Some(key), None) => item.tags.contains_key(key),
        (Some(key), Some(value)) => item.tags.get(key) == Some(value),
    };
    by_type && by_id && by_tag
}

/// Sends a new item to the rules that judge it, and to those that do not any more.
pub(crate) fn judge_change(
    tx: &mut Tx,
    catalog: &Catalog,
    item: &Item,
    last: Option<&Item>,
    satisfied: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if item.status == ConfigurationItemStatus::ResourceNotRecorded {
        return Ok(());
    }
    let mut rules = tx.by_index::<Rule>(item.scope, "trigger", item.resource_type.as_str())?;
    rules.extend(tx.by_index::<Rule>(item.scope, "trigger", ANY_TYPE)?);
    for rule in rules {
        let is_in = is_in_target(&rule, item);
        let was_in = last.is_some_and(|last| is_in_target(&rule, last));
        if rule.is_deleting() || !(is_in || was_in) || satisfied == Some(rule.id.as_str()) {
            continue;
        }
        if rule.is_managed() {
            judge::judge_change(tx, catalog, &rule, item, is_in, now)?;
            continue;
        }
        evaluate::enqueue(tx, &rule, item, Request { is_change: true, left_scope: !is_in }, now)?;
    }
    Ok(())
}
