//! The recorder: takes up what changed, and decides whether it is looked at now, later or not at all.

use super::{daily, record, settle};
use crate::state::{ChangedToday, Evaluation, Item, Recorder, Tracked};
use crate::types;
use api_config::{ConfigurationItemStatus, RecordingFrequency};
use contract::{Catalog, Context, Subscriber};
use names::{Region, Scope, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use store::{Change, ChangeKind, StoreError, Tx};

/// The name of the recorder's cursor.
pub(crate) const CURSOR: &str = "config.recorder";

/// Follows the change feed for every recorder.
pub(crate) struct FeedRecorder;

impl Subscriber for FeedRecorder {
    fn name(&self) -> &'static str {
        CURSOR
    }

    fn take(&self, changes: &[Change], context: &Context, tx: &mut Tx) -> Result<(), StoreError> {
        let now = context.clock.now();
        let mut changed_by: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for change in changes {
            changed_by.entry((change.scope, resource_of(change))).or_default().insert(principal_of(change));
        }
        for change in changes {
            let resource = resource_of(change);
            // What is read is the state now: several changes of a resource in a batch are one look at it.
            let Some(by) = changed_by.remove(&(change.scope, resource)) else { continue };
            for recorder in recorders(tx, change.scope)? {
                observe_with_related(tx, &context.catalog, &recorder, resource, &by, now)?;
                if change.kind == ChangeKind::Deleted {
                    forget_unrecorded(tx, &recorder, resource, now)?;
                }
            }
        }
        Ok(())
    }
}

pub(crate) fn resource_of(change: &Change) -> (&str, &str) {
    (&change.resource.resource_type, &change.resource.id)
}

/// Who made a change, by ARN; empty where it is not known.
pub(crate) fn principal_of(change: &Change) -> String {
    change.cause.as_ref().map(|cause| cause.principal.clone()).unwrap_or_default()
}

/// The recorders that see a scope's resources: those of the region, or of all regions of the account where it is global.
fn recorders(tx: &Tx, scope: Scope) -> Result<Vec<Recorder>, StoreError> {
    if scope.region == Region::GLOBAL {
        tx.list_account::<Recorder>(scope.account)
    } else {
        Ok(Recorder::of(tx, scope)?.into_iter().collect())
    }
}

fn observe_with_related(
    tx: &mut Tx,
    catalog: &Catalog,
    recorder: &Recorder,
    resource: (&str, &str),
    by: &BTreeSet<String>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let indirect = types::indirect(resource.0);
    let mut related = BTreeSet::new();
    if !indirect.is_empty() && recorder.recording {
        // Before and after: a relationship that went changes the other side as one that came does.
        let before = tx.get::<Tracked>(recorder.scope, resource)?;
        if let Some(before) = before
            && let Some(item) = Item::at(tx, recorder.scope, resource, before.captured)?
        {
            related.extend(item.relationships);
        }
        if let Some(kind) = catalog.resources.get(resource.0)
            && let Some(description) = (kind.describe)(tx.view(), kind.scope(recorder.scope), resource.1)?
        {
            related.extend(description.relationships);
        }
    }
    observe(tx, catalog, recorder, resource, by, now)?;
    for other in related {
        if let Some(id) = &other.id
            && indirect.contains(&other.resource_type.as_str())
        {
            observe(tx, catalog, recorder, (&other.resource_type, id), by, now)?;
        }
    }
    Ok(())
}

/// Looks at a resource, unless its recorder does not record it, an evaluation of it is under way, or its day is not over.
pub(crate) fn observe(
    tx: &mut Tx,
    catalog: &Catalog,
    recorder: &Recorder,
    resource: (&str, &str),
    by: &BTreeSet<String>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let own = resource.0 == crate::state::RECORDER_TYPE;
    if !recorder.group.records(resource.0) || !(recorder.recording || own) {
        return Ok(());
    }
    if let Some(deadline) = Evaluation::under_way(tx, recorder.scope, resource, now)? {
        return settle::note(tx, recorder.scope, resource, by, deadline);
    }
    if recorder.mode.frequency_of(resource.0) == RecordingFrequency::Daily {
        let (resource_type, resource_id) = (resource.0.to_owned(), resource.1.to_owned());
        tx.put(ChangedToday { scope: recorder.scope, resource_type, resource_id })?;
        return daily::enqueue(tx, recorder.scope, now);
    }
    record::record(tx, catalog, recorder, resource, None, now)
}

/// A resource of a type that is not recorded, known only by its relationships, is gone.
fn forget_unrecorded(
    tx: &mut Tx,
    recorder: &Recorder,
    resource: (&str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(tracked) = tx.get::<Tracked>(recorder.scope, resource)? else { return Ok(()) };
    if tracked.recorded || tracked.deleted.is_some() || !recorder.recording {
        return Ok(());
    }
    let status = ConfigurationItemStatus::ResourceDeletedNotRecorded;
    record::note_unrecorded(tx, recorder.scope, resource, status, now)
}
