//! The baseline: when a recorder is started or changed, all that exists is compared with what was recorded. In batches, each a transaction.

use super::task::OrAgain;
use super::{record, recorder};
use crate::state::{Recorder, Tracked};
use api_config::ConfigurationItemStatus;
use contract::{Catalog, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{StoreError, Tx};

/// Takes the baseline.
pub(crate) struct Baseline;

const KIND: &str = "config.baseline";
const AT_ONCE: usize = 25;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Work {
    /// When it was asked for, which tells one request from the next.
    requested: Timestamp,
    phase: Phase,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Phase {
    /// What is recorded: the type and id that were looked at last.
    Recorded(String, String),
    /// What is not recorded any more: the type and id that were looked at last.
    Unrecorded(String, String),
}

/// Begins a baseline; one that is under way begins again.
pub(crate) fn enqueue(tx: &mut Tx, scope: Scope, now: Timestamp) -> Result<(), StoreError> {
    put(tx, scope, now, now, Phase::Recorded(String::new(), String::new()))
}

fn put(
    tx: &mut Tx,
    scope: Scope,
    requested: Timestamp,
    now: Timestamp,
    phase: Phase,
) -> Result<(), StoreError> {
    Task::new(KIND, "", scope, now, &Work { requested, phase })?.enqueue(tx)
}

#[async_trait::async_trait]
impl TaskHandler for Baseline {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let scope = task.scope;
        let catalog = Arc::clone(&context.catalog);
        task.payload::<Work>()
            .map(|work| Outcome::done_with(move |call, tx| batch(tx, &catalog, scope, &work, call.now)))
            .or_again(task, context)
    }
}

fn batch(
    tx: &mut Tx,
    catalog: &Catalog,
    scope: Scope,
    work: &Work,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(recorder) = Recorder::of(tx, scope)?.filter(|recorder| recorder.recording) else {
        return Ok(());
    };
    let next = match &work.phase {
        Phase::Recorded(resource_type, id) => recorded(tx, catalog, &recorder, (resource_type, id), now)?
            .map(|(resource_type, id)| Phase::Recorded(resource_type, id))
            .or_else(|| Some(Phase::Unrecorded(String::new(), String::new()))),
        Phase::Unrecorded(resource_type, id) => unrecorded(tx, &recorder, (resource_type, id), now)?
            .map(|(resource_type, id)| Phase::Unrecorded(resource_type, id)),
    };
    match next {
        Some(phase) => put(tx, scope, work.requested, now, phase),
        None => Ok(()),
    }
}

type Last = Option<(String, String)>;

fn recorded(
    tx: &mut Tx,
    catalog: &Catalog,
    recorder: &Recorder,
    after: (&str, &str),
    now: Timestamp,
) -> Result<Last, StoreError> {
    let scope = recorder.scope;
    for (resource_type, kind) in catalog.resources.range(after.0..) {
        if !recorder.group.records(resource_type) {
            continue;
        }
        let existing = (kind.list)(tx.view(), kind.scope(scope))?;
        let mut ids: BTreeSet<String> = existing.into_iter().map(|identity| identity.id).collect();
        ids.extend(
            tx.scan::<Tracked>(scope, (*resource_type,))
                .rows()?
                .into_iter()
                .map(|tracked| tracked.resource_id),
        );
        let begun = *resource_type == after.0;
        let ids: Vec<String> =
            ids.into_iter().filter(|id| !begun || id.as_str() > after.1).take(AT_ONCE).collect();
        let Some(last) = ids.last().cloned() else { continue };
        for id in &ids {
            let resource = (*resource_type, id.as_str());
            let known = tx.get::<Tracked>(scope, resource)?.is_some_and(|tracked| tracked.is_live());
            if known {
                recorder::observe(tx, catalog, recorder, resource, &BTreeSet::from([String::new()]), now)?;
            } else {
                // Discovery does not wait for the end of the day.
                record::record(tx, catalog, recorder, resource, None, now)?;
            }
        }
        return Ok(Some(((*resource_type).to_owned(), last)));
    }
    Ok(None)
}

fn unrecorded(
    tx: &mut Tx,
    recorder: &Recorder,
    after: (&str, &str),
    now: Timestamp,
) -> Result<Last, StoreError> {
    let tracked = tx.scan::<Tracked>(recorder.scope, ()).after(after).limit(AT_ONCE).rows()?;
    let last = tracked.last().map(|last| (last.resource_type.clone(), last.resource_id.clone()));
    for tracked in tracked.into_iter().filter(Tracked::is_live) {
        if !recorder.group.records(&tracked.resource_type) {
            let resource = (tracked.resource_type.as_str(), tracked.resource_id.as_str());
            let status = ConfigurationItemStatus::ResourceNotRecorded;
            record::note_unrecorded(tx, recorder.scope, resource, status, now)?;
        }
    }
    Ok(last)
}
