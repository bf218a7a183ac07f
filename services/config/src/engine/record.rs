//! Recording: what a resource is now, compared with its last item, and all that follows from a new item.

use super::{canonical, item, notify, select};
use crate::state::{Item, Recorder, Tracked, Undelivered};
use crate::types;
use api_config::ConfigurationItemStatus;
use contract::Catalog;
use names::{Scope, Timestamp};
use std::time::Duration;
use store::{StoreError, Tx};

/// Reads what a resource is now, and records an item where that differs from the last one. `satisfied` is the id of a rule that has just
/// judged this state, and need not be asked again.
pub(crate) fn record(
    tx: &mut Tx,
    catalog: &Catalog,
    recorder: &Recorder,
    resource: (&str, &str),
    satisfied: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let scope = recorder.scope;
    let Some(kind) = catalog.resources.get(resource.0) else { return Ok(()) };
    let description = (kind.describe)(tx.view(), kind.scope(scope), resource.1)?;
    let tracked = tx.get::<Tracked>(scope, resource)?;
    let live = tracked.as_ref().filter(|tracked| tracked.is_live());
    let moment = moment_after(tracked.as_ref(), now);
    let last = match live {
        Some(live) => Item::at(tx, scope, resource, live.captured)?,
        None => None,
    };
    let mut item = match (description, &last) {
        (Some(description), _) => {
            let frequency = recorder.mode.frequency_of(resource.0);
            item::of_description(scope, kind.global, description, frequency, moment)
        }
        (None, Some(last)) => item::of_deletion(last, moment),
        (None, None) => return Ok(()),
    };
    item.delivered = now.max(moment);
    let fingerprint = canonical::fingerprint(&item);
    if item.status == ConfigurationItemStatus::Ok {
        match live {
            Some(live) if live.fingerprint == fingerprint => return Ok(()),
            Some(_) => {}
            None => item.status = ConfigurationItemStatus::ResourceDiscovered,
        }
    }
    write(tx, &item, fingerprint, true)?;
    tx.put(Undelivered {
        scope,
        resource_type: item.resource_type.clone(),
        captured: item.captured,
        resource_id: item.resource_id.clone(),
    })?;
    note_related(tx, recorder, &item, now)?;
    notify::item_changed(tx, &item, last.as_ref(), now)?;
    select::judge_change(tx, catalog, &item, last.as_ref(), satisfied, now)
}

/// No two items of a resource have the same moment.
fn moment_after(tracked: Option<&Tracked>, now: Timestamp) -> Timestamp {
    match tracked {
        Some(tracked) if tracked.captured >= now => tracked.captured.plus(Duration::from_millis(1)),
        _ => now,
    }
}

fn write(tx: &mut Tx, item: &Item, fingerprint: String, recorded: bool) -> Result<(), StoreError> {
    let gone = matches!(
        item.status,
        ConfigurationItemStatus::ResourceDeleted | ConfigurationItemStatus::ResourceDeletedNotRecorded
    );
    tx.put(item.clone())?;
    tx.put(Tracked {
        scope: item.scope,
        resource_type: item.resource_type.clone(),
        resource_id: item.resource_id.clone(),
        name: item.name.clone(),
        captured: item.captured,
        fingerprint,
        recorded,
        deleted: gone.then_some(item.captured),
    })
}

/// The inventory lists what recorded resources are related to, also where its type is not recorded.
fn note_related(tx: &mut Tx, recorder: &Recorder, item: &Item, now: Timestamp) -> Result<(), StoreError> {
    for relationship in &item.relationships {
        let Some(id) = &relationship.id else { continue };
        let other = (relationship.resource_type.as_str(), id.as_str());
        let known = tx.get::<Tracked>(recorder.scope, other)?.is_some_and(|known| known.deleted.is_none());
        if known || recorder.group.records(other.0) || !types::is_supported(other.0) {
            continue;
        }
        note_unrecorded(tx, recorder.scope, other, ConfigurationItemStatus::ResourceNotRecorded, now)?;
    }
    Ok(())
}

/// Notes of a resource only that it is there, or that it is gone.
pub(crate) fn note_unrecorded(
    tx: &mut Tx,
    scope: Scope,
    resource: (&str, &str),
    status: ConfigurationItemStatus,
    now: Timestamp,
) -> Result<(), StoreError> {
    let tracked = tx.get::<Tracked>(scope, resource)?;
    let moment = moment_after(tracked.as_ref(), now);
    let name = tracked.and_then(|tracked| tracked.name);
    let item = item::not_recorded(scope, resource, status, name, moment);
    write(tx, &item, String::new(), false)
}
