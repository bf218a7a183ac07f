//! Judging by managed rules: in the transaction that holds the item, so that an item and what AWS's rules say of it appear together.

use super::item;
use super::results::{self, Finding};
use crate::managed::{self, ACCOUNT_TYPE, Inventory, Judge, ManagedRule, Parameters, Verdict};
use crate::state::{EvaluationResult, Item, Rule, RuleStatus};
use api_config::{ComplianceType, ConfigurationItemStatus, RecordingFrequency};
use contract::Catalog;
use names::{AccountId, Region, Scope, Timestamp};
use store::{StoreError, Tx, View};

/// How long an annotation may be.
const ANNOTATION: usize = 256;

/// The account as it is now.
struct Live<'a> {
    view: &'a View,
    catalog: &'a Catalog,
    scope: Scope,
    now: Timestamp,
}

impl Inventory for Live<'_> {
    fn account(&self) -> AccountId {
        self.scope.account
    }

    fn region(&self) -> Region {
        self.scope.region
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn resource(&self, resource_type: &str, id: &str) -> Result<Option<Item>, StoreError> {
        live_item(self.view, self.catalog, self.scope, (resource_type, id), self.now)
    }

    fn region_of(&self, resource_type: &str, id: &str) -> Result<Option<Region>, StoreError> {
        let Some(kind) = self.catalog.resources.get(resource_type) else { return Ok(None) };
        // Rows of other regions are looked for only by the recorders that are there: whoever has resources to judge in a region has one.
        let mut regions: Vec<Region> = vec![self.scope.region];
        let recorders = self.view.list_account::<crate::state::Recorder>(self.scope.account)?;
        regions.extend(recorders.into_iter().map(|recorder| recorder.scope.region));
        for region in regions {
            if (kind.describe)(self.view, Scope { region, ..self.scope }, id)?.is_some() {
                return Ok(Some(region));
            }
        }
        Ok(None)
    }

    fn each(&self, resource_type: &str, visit: &mut dyn FnMut(&Item)) -> Result<(), StoreError> {
        let Some(kind) = self.catalog.resources.get(resource_type) else { return Ok(()) };
        for identity in (kind.list)(self.view, kind.scope(self.scope))? {
            if let Some(item) = self.resource(resource_type, &identity.id)? {
                visit(&item);
            }
        }
        Ok(())
    }

    fn resource_anywhere(&self, resource_type: &str, id: &str) -> Result<Option<Item>, StoreError> {
        let Some(kind) = self.catalog.resources.get(resource_type) else { return Ok(None) };
        for (scope, identity) in (kind.list_account)(self.view, self.scope.account)? {
            if identity.id == id {
                return live_item(self.view, self.catalog, scope, (resource_type, id), self.now);
            }
        }
        Ok(None)
    }

    fn each_everywhere(&self, resource_type: &str, visit: &mut dyn FnMut(&Item)) -> Result<(), StoreError> {
        let Some(kind) = self.catalog.resources.get(resource_type) else { return Ok(()) };
        for (scope, identity) in (kind.list_account)(self.view, self.scope.account)? {
            if let Some(item) =
                live_item(self.view, self.catalog, scope, (resource_type, &identity.id), self.now)?
            {
                visit(&item);
            }
        }
        Ok(())
    }
}

/// What a resource is now, as an item that is not kept.
pub(super) fn live_item(
    view: &View,
    catalog: &Catalog,
    scope: Scope,
    resource: (&str, &str),
    now: Timestamp,
) -> Result<Option<Item>, StoreError> {
    let Some(kind) = catalog.resources.get(resource.0) else { return Ok(None) };
    let description = (kind.describe)(view, kind.scope(scope), resource.1)?;
    Ok(description.map(|description| {
        item::of_description(scope, kind.global, description, RecordingFrequency::Continuous, now)
    }))
}

/// Judges an item that changed.
pub(super) fn judge_change(
    tx: &mut Tx,
    catalog: &Catalog,
    rule: &Rule,
    item: &Item,
    in_target: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let gone = item.status == ConfigurationItemStatus::ResourceDeleted;
    if gone || !in_target {
        return withdraw(tx, rule, item.resource_key(), item.captured, now);
    }
    judge(tx, catalog, rule, item, now)?;
    note(tx, rule, now)
}

/// Judges an item, and keeps the result.
pub(super) fn judge(
    tx: &mut Tx,
    catalog: &Catalog,
    rule: &Rule,
    item: &Item,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some((definition, parameters)) = prepared(tx, rule, now)? else { return Ok(()) };
    let live = Live { view: tx.view(), catalog, scope: rule.scope, now };
    let verdict = match definition.judge {
        Judge::Item(judge) => judge(item, &parameters),
        Judge::Related(judge) => judge(item, &parameters, &live)?,
        Judge::Account(_) => return Ok(()),
    };
    keep(tx, rule, item.resource_key(), verdict, item.captured, now)
}

/// Judges the account, and keeps the result.
pub(super) fn judge_account(
    tx: &mut Tx,
    catalog: &Catalog,
    rule: &Rule,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some((definition, parameters)) = prepared(tx, rule, now)? else { return Ok(()) };
    let Judge::Account(judge) = definition.judge else { return Ok(()) };
    let verdict = judge(&parameters, &Live { view: tx.view(), catalog, scope: rule.scope, now })?;
    let account = rule.scope.account.to_string();
    keep(tx, rule, (ACCOUNT_TYPE, &account), verdict, now, now)
}

/// The rule's function and parameters. Where it has none (it was put by a version that had the function), it judges nothing and says so.
fn prepared(
    tx: &mut Tx,
    rule: &Rule,
    now: Timestamp,
) -> Result<Option<(&'static ManagedRule, Parameters)>, StoreError> {
    let found = match managed::find(&rule.identifier) {
        None => Err(format!("The AWS managed rule {} is not built in Cloudchamber.", rule.identifier)),
        Some(definition) => Parameters::read(definition.parameters, rule.parameters.as_deref())
            .map(|parameters| (definition, parameters))
            .map_err(|error| error.to_string()),
    };
    match found {
        Ok(found) => Ok(Some(found)),
        Err(reason) => {
            let mut status = RuleStatus::of(tx, rule.scope, &rule.name)?;
            status.last_failed_invocation = Some(now);
            status.last_failed_evaluation = Some(now);
            status.error = Some(("InvalidParameterValueException".into(), reason));
            tx.put(status)?;
            Ok(None)
        }
    }
}

/// Notes in the status of a rule whose function is not there that it judges nothing.
pub(super) fn say_unbuilt(tx: &mut Tx, rule: &Rule, now: Timestamp) -> Result<(), StoreError> {
    prepared(tx, rule, now).map(drop)
}

fn keep(
    tx: &mut Tx,
    rule: &Rule,
    resource: (&str, &str),
    verdict: Verdict,
    ordering: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (compliance, annotation) = match verdict {
        Verdict::Compliant => (ComplianceType::Compliant, None),
        Verdict::NonCompliant(reason) => (ComplianceType::NonCompliant, Some(cut(reason))),
        Verdict::NotApplicable => (ComplianceType::NotApplicable, None),
    };
    let finding = Finding {
        resource_type: resource.0.to_owned(),
        resource_id: resource.1.to_owned(),
        compliance,
        annotation,
        ordering,
    };
    results::keep(tx, rule, finding, now, now)
}

fn cut(reason: String) -> String {
    if reason.chars().count() <= ANNOTATION {
        return reason;
    }
    let kept: String = reason.chars().take(ANNOTATION - 3).collect();
    format!("{kept}...")
}

/// A resource that is gone, or that the rule does not judge any more, is not applicable where there was a result.
pub(super) fn withdraw(
    tx: &mut Tx,
    rule: &Rule,
    resource: (&str, &str),
    ordering: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let known = tx.get::<EvaluationResult>(rule.scope, (rule.name.as_str(), resource.0, resource.1))?;
    match known {
        Some(known) if known.compliance != ComplianceType::NotApplicable => {
            keep(tx, rule, resource, Verdict::NotApplicable, ordering.max(known.ordering), now)
        }
        _ => Ok(()),
    }
}

/// Notes in the rule's status that it judged.
pub(super) fn note(tx: &mut Tx, rule: &Rule, now: Timestamp) -> Result<(), StoreError> {
    if managed::find(&rule.identifier).is_none() {
        return Ok(());
    }
    let mut status = RuleStatus::of(tx, rule.scope, &rule.name)?;
    status.first_evaluation_started = true;
    status.last_successful_invocation = Some(now);
    status.last_successful_evaluation = Some(now);
    status.error = None;
    tx.put(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_to_what_an_annotation_may_be() {
        assert_eq!(cut("short".into()), "short");
        let long = cut("é".repeat(300));
        assert_eq!(long.chars().count(), 256);
        assert!(long.ends_with("é..."));
    }
}
