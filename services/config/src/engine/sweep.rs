//! A managed rule judges all that it judges: when it is put, asked to, or its time has come. In batches, each a transaction.
//!
//! What is recorded is judged by its last item. A rule that judges by the clock looks at what is not recorded itself, as AWS's do, which call the
//! services. What was judged before and was not come across any more is not applicable.

use super::fan::AT_ONCE;
use super::{judge, select};
use crate::managed::{self, Judge};
use crate::state::{EvaluationResult, Item, Recorder, Rule, Tracked};
use contract::Catalog;
use names::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{StoreError, Tx};

/// How far a sweep has come: the type and id that were seen last.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Stage {
    /// Judging.
    Judging(Option<(String, String)>),
    /// Looking for results of what was not judged.
    Withdrawing(Option<(String, String)>),
}

/// Carries out a batch, and answers the next; None at the end. `requested` is when the sweep was asked for.
pub(super) fn batch(
    tx: &mut Tx,
    catalog: &Catalog,
    rule: &Rule,
    stage: &Stage,
    requested: Timestamp,
    now: Timestamp,
) -> Result<Option<Stage>, StoreError> {
    match stage {
        Stage::Judging(after) => {
            let next = judge_batch(tx, catalog, rule, after.as_ref(), now)?;
            Ok(Some(next.map_or(Stage::Withdrawing(None), |last| Stage::Judging(Some(last)))))
        }
        Stage::Withdrawing(after) => {
            let next = withdraw_batch(tx, rule, after.as_ref(), requested, now)?;
            Ok(next.map(|last| Stage::Withdrawing(Some(last))))
        }
    }
}

type Last = Option<(String, String)>;

fn judge_batch(
    tx: &mut Tx,
    catalog: &Catalog,
    rule: &Rule,
    after: Option<&(String, String)>,
    now: Timestamp,
) -> Result<Last, StoreError> {
    let Some(definition) = managed::find(&rule.identifier) else {
        judge::say_unbuilt(tx, rule, now)?;
        return Ok(None);
    };
    if let Judge::Account(_) = definition.judge {
        judge::judge_account(tx, catalog, rule, now)?;
        judge::note(tx, rule, now)?;
        return Ok(None);
    }
    if definition.only_changes {
        return Ok(None);
    }
    let recorder = Recorder::of(tx, rule.scope)?;
    let begun = after.map_or("", |after| after.0.as_str());
    let mut types = rule.judged_types();
    types.sort_unstable();
    for resource_type in types.into_iter().filter(|resource_type| *resource_type >= begun) {
        let after = after.filter(|after| after.0 == resource_type).map(|after| after.1.as_str());
        let recorded = recorder
            .as_ref()
            .is_some_and(|recorder| recorder.recording && recorder.group.records(resource_type));
        let last = if recorded || !definition.periodic {
            judge_recorded(tx, catalog, rule, (resource_type, after), now)?
        } else {
            judge_live(tx, catalog, rule, (resource_type, after), now)?
        };
        if let Some(id) = last {
            judge::note(tx, rule, now)?;
            return Ok(Some((resource_type.to_owned(), id)));
        }
    }
    judge::note(tx, rule, now)?;
    Ok(None)
}

/// Judges what is recorded by its last item; answers the last id of the batch.
fn judge_recorded(
    tx: &mut Tx,
    catalog: &Catalog,
    rule: &Rule,
    (resource_type, after): (&str, Option<&str>),
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let mut scan = tx.scan::<Tracked>(rule.scope, (resource_type,)).limit(AT_ONCE);
    if let Some(id) = after {
        scan = scan.after((resource_type, id));
    }
    let tracked = scan.rows()?;
    for tracked in tracked.iter().filter(|tracked| tracked.is_live()) {
        let resource = (resource_type, tracked.resource_id.as_str());
        let item = Item::at(tx, rule.scope, resource, tracked.captured)?;
        if let Some(item) = item.filter(|item| select::is_in_target(rule, item)) {
            judge::judge(tx, catalog, rule, &item, now)?;
        }
    }
    Ok(tracked.last().map(|last| last.resource_id.clone()))
}

/// Judges what is there, recorded or not; answers the last id of the batch.
fn judge_live(
    tx: &mut Tx,
    catalog: &Catalog,
    rule: &Rule,
    (resource_type, after): (&str, Option<&str>),
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let Some(kind) = catalog.resources.get(resource_type) else { return Ok(None) };
    let there = (kind.list)(tx.view(), kind.scope(rule.scope))?;
    let ids: BTreeSet<String> = there
        .into_iter()
        .map(|identity| identity.id)
        .filter(|id| after.is_none_or(|after| id.as_str() > after))
        .collect();
    let ids: Vec<String> = ids.into_iter().take(AT_ONCE).collect();
    for id in &ids {
        let item = judge::live_item(tx.view(), catalog, rule.scope, (resource_type, id), now)?;
        if let Some(item) = item.filter(|item| select::is_in_target(rule, item)) {
            judge::judge(tx, catalog, rule, &item, now)?;
        }
    }
    Ok(ids.last().cloned())
}

fn withdraw_batch(
    tx: &mut Tx,
    rule: &Rule,
    after: Option<&(String, String)>,
    requested: Timestamp,
    now: Timestamp,
) -> Result<Last, StoreError> {
    if managed::find(&rule.identifier).is_none_or(|definition| definition.only_changes) {
        return Ok(None);
    }
    let mut scan = tx.scan::<EvaluationResult>(rule.scope, (rule.name.as_str(),)).limit(AT_ONCE);
    if let Some((resource_type, id)) = after {
        scan = scan.after((rule.name.as_str(), resource_type.as_str(), id.as_str()));
    }
    let results = scan.rows()?;
    for result in results.iter().filter(|result| result.invoked < requested) {
        judge::withdraw(tx, rule, (&result.resource_type, &result.resource_id), now, now)?;
    }
    Ok(results.last().map(|last| (last.resource_type.clone(), last.resource_id.clone())))
}
